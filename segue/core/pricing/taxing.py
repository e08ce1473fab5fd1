"""Taxing: what is asked of whoever knows the taxes, and how the answer becomes cents of lines (M2, M6).

Exclusive: tax = round(net x rate). Inclusive: tax = round(gross x rate / (1 + rate)). Half up, once a line; where a line has
several taxes, their sum is rounded, and spread over them by largest remainder.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from math import lcm

from msgspec.structs import replace

from segue.core.amounts import half_up, of_units, spread
from segue.core.base import Value
from segue.core.draft import Charge, Draft, DraftLine, Grant, Tax
from segue.core.order import Line, Order
from segue.core.proration import dealt
from segue.core.tally import Units, minus, size, whole
from segue.core.taxes import STANDARD, Taxable, TaxAnswer, TaxRequest


class Rate(Value):
    """One tax by its name, and the exact decimal fraction that it takes."""

    name: str
    fraction: str  # "0.0825"


class Edited(Value):
    """Units of a line that an edit adds or prices anew, and what they cost now after all discounts."""

    line: int
    quantity: int
    amount_minor: int
    replaced: Units = ()  # units of the line that they take the place of
    tax_class: str = STANDARD


def taxes_of(amount_minor: int, rates: Sequence[Rate], included: bool) -> tuple[Tax, ...]:
    """The taxes on one amount: their sum is rounded half up, once, and spread over them by largest remainder."""
    fractions = [Fraction(rate.fraction) for rate in rates]
    whole = sum(fractions, Fraction(0))
    total = half_up(amount_minor * whole / (1 + whole) if included else amount_minor * whole)
    parts = spread(total, _weights(fractions)) if whole else [0] * len(rates)
    return tuple(Tax(rate.name, part, rate.fraction) for rate, part in zip(rates, parts, strict=True))


def total_of(taxes: Iterable[Tax]) -> int:
    """What several taxes come to. Minor units."""
    return sum([tax.amount_minor for tax in taxes])


def merged(taxes: Iterable[Tax]) -> tuple[Tax, ...]:
    """The same with one entry for each name and rate, in the order in which they first come."""
    sums: dict[tuple[str, str], int] = {}
    for tax in taxes:
        sums[tax.name, tax.rate] = sums.get((tax.name, tax.rate), 0) + tax.amount_minor
    return tuple(Tax(name, amount, rate) for (name, rate), amount in sums.items())


def request_of(
    draft: Draft, tax_classes: Mapping[str, str], shipping_class: str, at_s: int, untaxed: Collection[str] = ()
) -> TaxRequest:
    """What is to be taxed of a draft whose discounts all lie on its lines. `tax_classes`: by SKU; `untaxed`: SKUs."""
    to = draft.ship_to
    lines = tuple(
        Taxable(0 if line.sku in untaxed else net_of(line), tax_classes.get(line.sku, STANDARD), line.quantity)
        for line in draft.lines
    )
    charges = tuple(Taxable(charge.amount_minor) for charge in draft.charges)
    return TaxRequest(to.country, to.region, draft.currency, at_s, lines, draft.shipping_minor, shipping_class, charges)


def net_of(line: DraftLine) -> int:
    """What a line costs after its discount, as its price is meant: with or without tax."""
    return line.price_minor * line.quantity - line.discount_minor


def taxed(draft: Draft, answer: TaxAnswer) -> Draft:
    """The draft with these taxes. What a grant's lines would cost without it is said with their tax."""
    lines = tuple(
        replace(line, taxes=taxes, tax_minor=total_of(taxes))
        for line, taxes in zip(draft.lines, answer.lines, strict=True)
    )
    return replace(
        draft,
        lines=lines,
        shipping_tax_minor=total_of(answer.shipping),
        shipping_taxes=answer.shipping,
        charges=tuple(_charged(charge, taxes) for charge, taxes in zip(draft.charges, answer.charges, strict=True)),
        grants=draft.grants if answer.included else tuple(_granted(grant, lines) for grant in draft.grants),
        tax_minor=0,
        taxes_included=answer.included,
    )


def _charged(charge: Charge, taxes: tuple[Tax, ...]) -> Charge:
    return replace(charge, tax_minor=total_of(taxes))


def _granted(grant: Grant, lines: tuple[DraftLine, ...]) -> Grant:
    """Without tax in its price a line would cost that much more without the grant; and so much more has to stay."""
    without = {n: amount + _on_top(amount, lines[n - 1]) for n, amount in grant.without.items()}
    return replace(grant, without=without, from_minor=_threshold(grant, lines))


def is_shipping_reclaimed(draft: Draft) -> bool:
    """Whether some of its shipping was taken off on a condition: then its tax without that has to be asked for, too."""
    return any(grant.on_return == "reclaim" and grant.shipping_minor for grant in draft.grants)


def request_in_full(draft: Draft, request: TaxRequest) -> TaxRequest:
    """The same with what the shipping would cost without the promotions that took something off it."""
    off = sum([grant.shipping_minor for grant in draft.grants])
    return replace(request, shipping_minor=request.shipping_minor + off)


def with_shipping_taxes(draft: Draft, in_full: TaxAnswer) -> Draft:
    """Where tax comes on top, the shipping that a grant took off would have cost its tax as well (M8)."""
    if draft.taxes_included:
        return draft
    more = total_of(in_full.shipping) - draft.shipping_tax_minor
    shares = spread(more, [grant.shipping_minor for grant in draft.grants])
    grants = zip(draft.grants, shares, strict=True)
    return replace(draft, grants=tuple(replace(grant, shipping_tax_minor=share) for grant, share in grants))


def _threshold(grant: Grant, lines: tuple[DraftLine, ...]) -> int:
    """The amount that has to stay, in terms of what is paid with tax on top, rounded up."""
    net = tax = 0
    for number, units in (grant.condition or grant.units).items():
        line = lines[number - 1]
        net += line.price_minor * size(units) - of_units(line.discount_minor, line.quantity, units)
        tax += of_units(line.tax_minor, line.quantity, units)
    return -(-grant.from_minor * (net + tax) // net) if net else grant.from_minor


def _on_top(amount_minor: int, line: DraftLine) -> int:
    return half_up(amount_minor * sum((Fraction(tax.rate or 0) for tax in line.taxes), Fraction(0)))


def request_again(order: Order, edited: Sequence[Edited], at_s: int) -> TaxRequest:
    """What is to be taxed again when an order is edited: the units that the edit changes, and nothing else."""
    lines = tuple(Taxable(edit.amount_minor, edit.tax_class, edit.quantity) for edit in edited)
    to = order.ship_to
    return TaxRequest(to.country, to.region, order.currency, at_s, lines, included=order.taxes_included)


def taxed_again(order: Order, edited: Sequence[Edited], answer: TaxAnswer) -> dict[int, tuple[Tax, ...]]:
    """The taxes of each line that an edit changes. Units that it leaves alone keep theirs, to the cent."""
    found: dict[int, tuple[Tax, ...]] = {}
    for edit, taxes in zip(edited, answer.lines, strict=True):
        line = order.lines[edit.line - 1]
        kept = found[edit.line] if edit.line in found else _kept(line, edited)
        found[edit.line] = merged((*kept, *taxes))
    return found


def _kept(line: Line, edited: Sequence[Edited]) -> tuple[Tax, ...]:
    """The taxes of a line's units that no edit takes the place of: from the units' cents, never from the rate."""
    staying = whole(line.quantity)
    for edit in edited:
        staying = minus(staying, edit.replaced) if edit.line == line.number else staying
    return tuple(replace(tax, amount_minor=here) for tax, here in dealt(line, staying))


def _weights(fractions: Sequence[Fraction]) -> list[int]:
    """Whole numbers in the same proportion."""
    scale = lcm(*(fraction.denominator for fraction in fractions))
    return [int(fraction * scale) for fraction in fractions]
