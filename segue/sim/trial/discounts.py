"""Discounts of trials: what the channel's promotions gave to an order, and what becomes of that when a part comes back (M8).

A sale is on one line; a gift is a second line of the same goods, for nothing; a threshold is on the whole order.
"""

from fractions import Fraction
from typing import Literal, NamedTuple

from msgspec.structs import replace

from segue.core.amounts import half_up, spread
from segue.core.draft import DraftLine, Grant
from segue.core.tally import Units, whole
from segue.sim.trial.dice import Dice

OnReturn = Literal["prorate", "reclaim", "keep"]
ON_RETURN: tuple[tuple[OnReturn, float], ...] = (("prorate", 0.3), ("reclaim", 0.5), ("keep", 0.2))
VAT = Fraction(19, 100)
SALE, THRESHOLD = 15, 10  # percent


class Discounted(NamedTuple):
    """Lines with their discounts, and what gave them."""

    lines: tuple[DraftLine, ...]
    grants: tuple[Grant, ...]


def discounted(lines: tuple[DraftLine, ...], included: bool, dice: Dice) -> Discounted:
    """The lines as the channel sold them."""
    found = Discounted(lines, ())
    for number in range(1, len(lines) + 1):
        if dice.happens(f"sale {number}", 0.2):
            found = _given(found, "sale", {number: _percent(_gross(lines[number - 1]), SALE)}, [number], included, dice)
    if dice.happens("gift", 0.12):
        found = _gift(found, included, dice)
    if dice.happens("threshold", 0.15):
        found = _threshold(found, included, dice)
    return Discounted(tuple(taxed(line, included) for line in found.lines), found.grants)


def taxed(line: DraftLine, included: bool) -> DraftLine:
    """The line with the tax on what is left after its discount."""
    net = _gross(line) - line.discount_minor
    return replace(line, tax_minor=half_up(net * VAT / (1 + VAT) if included else net * VAT))


def _gift(before: Discounted, included: bool, dice: Dice) -> Discounted:
    """Buy one of the first line, get another one."""
    bought = before.lines[0]
    gift = replace(bought, quantity=1, discount_minor=0)
    lines = (*before.lines, gift)
    given = {len(lines): gift.price_minor}
    return _given(Discounted(lines, before.grants), "gift", given, [1, len(lines)], included, dice, one_of_first=True)


def _threshold(before: Discounted, included: bool, dice: Dice) -> Discounted:
    """So much off the whole order, from an amount on that it has just reached."""
    left = [_gross(line) - line.discount_minor for line in before.lines]
    shares = spread(_percent(sum(left), THRESHOLD), left)
    given = {number: share for number, share in enumerate(shares, 1) if share}
    group = list(range(1, len(left) + 1))
    found = _given(before, "threshold", given, group, included, dice)
    from_minor = dice.whole("threshold from", 1, max(1, sum(map(_paid, found.lines, [included] * len(left)))))
    *others, grant = found.grants
    return found._replace(grants=(*others, replace(grant, from_minor=from_minor)))


def _given(
    before: Discounted,
    promotion: str,
    given: dict[int, int],
    group: list[int],
    included: bool,
    dice: Dice,
    one_of_first: bool = False,
) -> Discounted:
    """The lines with so much more off, and the grant that says so: what its group would cost without it."""
    lines = tuple(
        replace(line, discount_minor=line.discount_minor + given.get(number, 0))
        for number, line in enumerate(before.lines, 1)
    )
    units: dict[int, Units] = {number: whole(lines[number - 1].quantity) for number in group}
    without = {number: _paid(before.lines[number - 1], included) for number in group}
    if one_of_first:
        first = before.lines[0]
        units[1] = whole(1)
        without[1] = -(-_paid(first, included) // first.quantity)
    on_return = dice.pick(f"on return of {promotion}", ON_RETURN)
    grant = Grant(promotion, given=given, on_return=on_return, units=units, without=without)
    return Discounted(lines, (*before.grants, grant))


def _paid(line: DraftLine, included: bool) -> int:
    net = _gross(line) - line.discount_minor
    return net if included else net + half_up(net * VAT)


def _gross(line: DraftLine) -> int:
    return line.price_minor * line.quantity


def _percent(amount_minor: int, percent: int) -> int:
    return half_up(Fraction(amount_minor * percent, 100))
