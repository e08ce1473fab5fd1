"""Granting: a channel's discounts and taxes, each with what it gave or took where: which promotion, which tax, which cents.

Channels say it in two halves: the discounts of the order in one list, and at each line how much of which of them lies there.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import msgspec

from segue.core.amounts import MINOR_MAX
from segue.core.draft import Grant, Tax
from segue.core.mapping.parsing import COUNT_MAX, Unreadable
from segue.core.mapping.plan import Allocations, DiscountPlan, TaxPlan
from segue.core.mapping.results import Misread
from segue.core.mapping.sources import Reader
from segue.core.mapping.work import Work


def read_taxes(plans: Sequence[TaxPlan]) -> Reader:
    """The reader of all taxes on a line, on the shipping or on the order; those of nothing are left out."""

    def read(source: Any, digits: int) -> tuple[Tax, ...]:
        return tuple(tax for plan in plans for tax in _taxes(plan, source, digits) if tax.amount_minor)

    return read


def _taxes(plan: TaxPlan, source: Any, digits: int) -> Iterator[Tax]:
    elements = (source,) if plan.each is None else plan.each(source) or ()
    for number, element in enumerate(elements):
        try:
            amount = plan.amount(element, digits) or 0
            name = plan.name(element, digits) or ""
            yield Tax(name, amount, (plan.rate(element, digits) or "") if plan.rate else "")
        except Misread as misread:
            raise misread.within(f"{plan.label}[{number}]" if plan.each else "") from None


def read_grants(work: Work, plan: DiscountPlan) -> tuple[Grant, ...]:
    """What each of the channel's discounts gave, by line and to the shipping; those that gave nothing are left out."""
    named = [_named(work, plan, element) for element in work.elements(plan.each, work.fields)]
    given: list[dict[int, int]] = [{} for _ in named]
    shipping = [0] * len(named)
    for line, source in enumerate(work.found.sources, 1):
        for position, amount in _allocated(work, plan.on_lines, source):
            if 0 <= position < len(named):
                given[position][line] = given[position].get(line, 0) + amount
    for position, amount in _allocated(work, plan.on_shipping, work.fields):
        if 0 <= position < len(named):
            shipping[position] += amount
    return tuple(
        Grant(name, code, by_line, off_shipping)
        for (name, code), by_line, off_shipping in zip(named, given, shipping, strict=True)
        if by_line or off_shipping
    )


def _named(work: Work, plan: DiscountPlan, element: Any) -> tuple[str, str]:
    values = work.read_all((("promotion", plan.promotion), ("code", plan.code)), element)
    return values.get("promotion") or values.get("code") or "discount", values.get("code", "")


def _allocated(work: Work, plan: Allocations | None, source: Any) -> Iterator[tuple[int, int]]:
    """Of which discount, by its position in their list, and how much."""
    if plan is None:
        return
    for element in work.elements(plan.each, source):
        values = work.read_all((("of", plan.of), ("amount", plan.amount)), element)
        if values.get("amount"):
            yield values.get("of", -1), values["amount"]


def grants(raw: Any, digits: int = 0) -> tuple[Grant, ...]:
    """What promotions gave, as Segue's own document has it."""
    try:
        found = msgspec.convert(raw, tuple[Grant, ...], strict=False)
    except msgspec.ValidationError as error:
        raise Unreadable(f"is no list of grants: {error}") from None
    for number, grant in enumerate(found):
        amounts = (*grant.given.values(), *grant.without.values(), grant.shipping_minor, grant.from_minor)
        ranges = chain(*grant.units.values(), *grant.condition.values())
        if max(map(abs, amounts)) >= MINOR_MAX or not all(0 < first <= last <= COUNT_MAX for first, last in ranges):
            raise Unreadable(f"has amounts that are too big, or units that cannot be, in its element {number}")
    return found
