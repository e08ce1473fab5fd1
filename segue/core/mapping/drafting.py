"""Drafting: the whole order's fields, charges, tenders and tags, put together to a draft."""

from typing import Any

from msgspec.structs import replace

from segue.core.draft import NO_CURRENCY, Charge, Draft, DraftTender, Mistake, Tax
from segue.core.mapping.granting import read_grants
from segue.core.mapping.people import read_destination
from segue.core.mapping.plan import ChargePlan, TagPlan, TenderPlan
from segue.core.mapping.results import Misread
from segue.core.mapping.work import Work

OF_AMOUNTS = (
    "too_many_digits",
    "amount_unreadable",
    "tender_negative",
)  # they say nothing as long as the currency is none


def draft_of(work: Work) -> Draft | None:
    """The draft without the person's id; None, and misreads, if a part of it cannot be used."""
    values = _values(work)
    if work.misreads:
        return None
    values["tenders"] = _tenders(work, values["total_minor"], values.get("priced", True))
    if work.misreads:
        return None
    is_priced = values.get("priced", True)  # else it is no mistake that no prices are there
    mistakes = [each for each in work.mistakes if is_priced or each.found or each.code != "amount_unreadable"]
    draft = Draft(
        channel=work.mapping.name,
        channel_order_id=work.name,
        currency=work.currency,
        lines=tuple(work.found.lines),
        bill_country=work.person.bill_to.get("country", ""),
        mistakes=tuple(mistakes),
        **values,
    )
    return draft if work.currency != NO_CURRENCY else _without_amounts(draft)


def _without_amounts(draft: Draft) -> Draft:
    """What was ordered. Without a currency nobody knows how many digits an amount has, so that none can be read."""
    lines = tuple(
        replace(line, price_minor=0, discount_minor=0, tax_minor=0, taxes=()) for line in draft.lines
    )  # fmt: skip
    return replace(
        draft, lines=lines, total_minor=0, tenders=(), shipping_minor=0, shipping_tax_minor=0, discount_minor=0,
        tax_minor=0, charges=(), grants=(), shipping_discount_minor=0, shipping_taxes=(), taxes=(),
        mistakes=tuple(mistake for mistake in draft.mistakes if mistake.code not in OF_AMOUNTS),
    )  # fmt: skip


def _values(work: Work) -> dict[str, Any]:
    """All fields but the tenders, which need to know the total."""
    order = work.mapping.order
    values = work.read_all(order.fields)
    values["placed_at_s"] = work.read(order.placed_at)
    if order.shipping_taxes is not None:
        values["shipping_taxes"] = taxes = work.read(order.shipping_taxes) or ()
        values.setdefault("shipping_tax_minor", sum(tax.amount_minor for tax in taxes))
    if order.tax is not None or order.taxes is not None:
        values["tax_minor"], values["taxes"] = _tax(work, values.get("shipping_tax_minor", 0))
    values["charges"] = _charges_of_lines(work, values) + _charges(work)
    values["tags"] = _tags(work)
    values["ship_to"] = read_destination(work)
    if order.discount is not None:
        values["discount_minor"] = _discount(work)
    if order.discounts is not None:
        values["grants"] = read_grants(work, order.discounts)
    values["total_minor"] = _total(work, values)
    return values


def _total(work: Work, values: dict[str, Any]) -> int:
    """What the channel says; computed where it says nothing, but nothing where it says what nobody can read."""
    before = len(work.mistakes)
    total: int | None = work.read(work.mapping.order.total)
    if total is None:
        is_said = len(work.mistakes) == before and values.get("priced", True)
        return _computed_total(work, values) if is_said else 0
    return total


def _discount(work: Work) -> int:
    """The discount beyond the lines' own. Where the channel's figure includes theirs, they are taken off it."""
    order = work.mapping.order
    discount: int = work.read(order.discount) or 0
    if "lines" in order.discount_includes:
        discount = max(0, discount - sum(line.discount_minor for line in work.found.lines))
    return discount


def _tax(work: Work, shipping_tax: int) -> tuple[int, tuple[Tax, ...]]:
    """The tax that the channel does not say by line, and what it is made up of, where it says that of just this tax.

    Never below zero: then the engine's money check will tell.
    """
    order = work.mapping.order
    taxes: tuple[Tax, ...] = work.read(order.taxes) or ()
    parts = sum(tax.amount_minor for tax in taxes)
    tax: int = parts if order.tax is None else work.read(order.tax) or 0
    if "lines" in order.tax_includes:
        tax -= sum(line.tax_minor for line in work.found.lines)
        tax -= sum(charged.tax_minor for charged in work.found.charges)
    if "shipping" in order.tax_includes:
        tax -= shipping_tax
    if order.tax_includes:
        return max(0, tax), taxes if parts == tax else ()
    rest = (Tax("", tax - parts),) if order.names_part and taxes and parts < tax else ()
    return tax, taxes + rest


def _computed_total(work: Work, values: dict[str, Any]) -> int:
    """The total of a channel that does not tell it."""
    lines = work.found.lines
    goods = sum(line.price_minor * line.quantity - line.discount_minor for line in lines)
    charges = sum(charge.amount_minor for charge in values["charges"])
    total = goods - values.get("discount_minor", 0) + values.get("shipping_minor", 0) + charges
    total -= values.get("shipping_discount_minor", 0)
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
        amount, tax = charged.amount_minor, charged.tax_minor
        if charged.to == "shipping":
            values["shipping_minor"] = values.get("shipping_minor", 0) + amount
            values["shipping_tax_minor"] = values.get("shipping_tax_minor", 0) + tax
        elif amount or tax:
            charges.append(Charge(charged.code, amount if values.get("taxes_included") else amount + tax, tax))
    return tuple(charges)


def _charges(work: Work) -> tuple[Charge, ...]:
    charges = []
    for plan in work.mapping.charges:
        for number, element in enumerate(_elements(work, plan)):
            fields = (("code", plan.code), ("amount", plan.amount), *((("tax", plan.tax),) if plan.tax else ()))
            values = work.read_all(fields, element, _within(plan, number))
            amount, tax = values.get("amount", 0), values.get("tax", 0)
            if (amount or tax) and "code" in values:
                charges.append(Charge(values["code"], amount + tax if plan.is_net else amount, tax))
    return tuple(charges)


def _within(plan: ChargePlan | TenderPlan, number: int) -> str:
    return f"{plan.label}[{number}]" if plan.each else ""


def _tenders(work: Work, total: int, is_priced: bool) -> tuple[DraftTender, ...]:
    """The ways of payment; one without an amount takes what is left of the total, and one of nothing is left out.

    One that is negative is a mistake and counts as nothing: nobody pays an order by being paid.

    Of an order without prices it stays: Segue says how much it is.
    """
    tenders: list[DraftTender] = []
    for plan in work.mapping.tenders:
        if not work.holds(plan.when):
            continue
        for number, element in enumerate(_elements(work, plan)):
            values = work.read_all(plan.fields, element, _within(plan, number))
            left = total - sum(tender.amount_minor for tender in tenders)
            amount = values.pop("amount_minor", 0) if plan.has_amount else max(0, left)
            if amount < 0:
                path = _within(plan, number) or "tenders"
                work.mistakes.append(Mistake(path, "tender_negative", str(amount), "an amount that is not negative"))
            elif (amount > 0 or not is_priced) and "kind" in values:
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
