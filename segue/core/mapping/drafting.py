"""Drafting: the whole order's fields, charges, tenders and tags, put together to a draft."""

from typing import Any

from segue.core.draft import Charge, Draft, DraftTender
from segue.core.mapping.people import read_destination
from segue.core.mapping.plan import ChargePlan, TagPlan, TenderPlan
from segue.core.mapping.results import Misread
from segue.core.mapping.work import Work


def draft_of(work: Work) -> Draft | None:
    """The draft without the person's id; None, and misreads, if a part of it cannot be used."""
    values = _values(work)
    if work.misreads:
        return None
    values["tenders"] = _tenders(work, values["total_minor"])
    if work.misreads:
        return None
    return Draft(
        channel=work.mapping.name,
        channel_order_id=work.name,
        currency=work.currency,
        lines=tuple(work.found.lines),
        bill_country=work.person.bill_to.get("country", ""),
        **values,
    )


def _values(work: Work) -> dict[str, Any]:
    """All fields but the tenders, which need to know the total."""
    order = work.mapping.order
    values = work.read_all(order.fields)
    values["placed_at_s"] = work.read(order.placed_at)
    values["charges"] = _charges_of_lines(work, values) + _charges(work)
    values["tags"] = _tags(work)
    values["ship_to"] = read_destination(work)
    if order.discount is not None:
        values["discount_minor"] = _discount(work)
    if order.tax is not None:
        values["tax_minor"] = _tax(work, values.get("shipping_tax_minor", 0))
    total = work.read(order.total)
    values["total_minor"] = _computed_total(work, values) if total is None else total
    return values


def _discount(work: Work) -> int:
    """The discount beyond the lines' own. Where the channel's figure includes theirs, they are taken off it."""
    order = work.mapping.order
    discount: int = work.read(order.discount) or 0
    if "lines" in order.discount_includes:
        discount = max(0, discount - sum(line.discount_minor for line in work.found.lines))
    return discount


def _tax(work: Work, shipping_tax: int) -> int:
    """The tax that the channel does not say by line. Never below zero: then the engine's money check will tell."""
    order = work.mapping.order
    tax: int = work.read(order.tax) or 0
    if "lines" in order.tax_includes:
        tax -= sum(line.tax_minor for line in work.found.lines)
        tax -= sum(charged.tax_minor for charged in work.found.charges)
    if "shipping" in order.tax_includes:
        tax -= shipping_tax
    return max(0, tax) if order.tax_includes else tax


def _computed_total(work: Work, values: dict[str, Any]) -> int:
    """The total of a channel that does not tell it."""
    lines = work.found.lines
    goods = sum(line.price_minor * line.quantity - line.discount_minor for line in lines)
    charges = sum(charge.amount_minor for charge in values["charges"])
    total = goods - values.get("discount_minor", 0) + values.get("shipping_minor", 0) + charges
    if not values.get("taxes_included"):
        total += sum(line.tax_minor for line in lines) + values.get("tax_minor", 0)
        total += values.get("shipping_tax_minor", 0)
    return int(total)


def _elements(work: Work, plan: ChargePlan | TenderPlan) -> list[Any]:
    if plan.each is None:
        return [work.fields]
    found = work.read(lambda document, digits: plan.each and plan.each(document)) or []
    if not all(element.__class__ is dict for element in found):
        work.misreads.append(Misread(plan.label, "has an element that is not an object", found))
        return []
    return list(found)


def _charges_of_lines(work: Work, values: dict[str, Any]) -> tuple[Charge, ...]:
    """What lines that are no goods charge, with their tax; carriage among them is added to the shipping."""
    charges = []
    for charged in work.found.charges:
        amount = charged.amount_minor + (0 if values.get("taxes_included") else charged.tax_minor)
        if charged.to == "shipping":
            values["shipping_minor"] = values.get("shipping_minor", 0) + amount
        elif amount:
            charges.append(Charge(charged.code, amount))
    return tuple(charges)


def _charges(work: Work) -> tuple[Charge, ...]:
    charges = []
    for plan in work.mapping.charges:
        for element in _elements(work, plan):
            values = work.read_all((("code", plan.code), ("amount_minor", plan.amount)), element)
            if values.get("amount_minor") and "code" in values:
                charges.append(Charge(**values))
    return tuple(charges)


def _tenders(work: Work, total: int) -> tuple[DraftTender, ...]:
    """The ways of payment; one without an amount takes what is left of the total, and one of nothing is left out."""
    tenders: list[DraftTender] = []
    for plan in work.mapping.tenders:
        if not work.holds(plan.when):
            continue
        for element in _elements(work, plan):
            values = work.read_all(plan.fields, element)
            left = total - sum(tender.amount_minor for tender in tenders)
            amount = values.pop("amount_minor", 0) if plan.has_amount else left
            if amount > 0 and "kind" in values:
                tenders.append(DraftTender(amount_minor=amount, **values))
    return tuple(tenders)


def _tags(work: Work) -> tuple[str, ...]:
    """The tags in the order of the mapping, each once."""
    return tuple(dict.fromkeys(tag for plan in work.mapping.tags for tag in _texts(work, plan)))


def _texts(work: Work, plan: TagPlan) -> list[str]:
    text = work.read(plan.text) if work.holds(plan.when) else None
    if not text:
        return []
    return [part for each in text.split(plan.split) if (part := each.strip())] if plan.split else [text]
