"""Granting: the grants that an order keeps of what its promotions gave, with what its lines were cut into."""

from typing import NamedTuple

from msgspec.structs import replace

from segue.core.amounts import of_units
from segue.core.draft import Draft, DraftLine, Grant
from segue.core.pricing.basket import Part, fits
from segue.core.promotion import Bought, Goods, Promotion
from segue.core.tally import Units, size, union


class Given(NamedTuple):
    """What one promotion gave at one go."""

    promotion: Promotion
    code: str
    together: bool = False
    shipping_minor: int = 0


class Piece(NamedTuple):
    """Some units of a line, and what was taken off them."""

    line: int
    units: Units
    off_minor: int


def lines_of(cart: Draft, parts: list[Part]) -> tuple[DraftLine, ...]:
    """The lines of the order: one for each part."""
    lines = []
    for part in parts:
        sold = cart.lines[part.line]
        if part.layers or part.quantity != sold.quantity:
            sold = replace(sold, quantity=part.quantity, discount_minor=part.discount_minor)
        lines.append(sold)
    return tuple(lines)


def granted(parts: list[Part], gifts: list[Given]) -> tuple[Grant, ...]:
    """A grant for each gift; lines are numbered as the parts stand."""
    pieces: list[list[Piece]] = [[] for _ in gifts]
    for line, part in enumerate(parts, 1):
        for number, first, last, off in part.given():
            pieces[number - 1].append(Piece(line, ((first, last),), off))
    return tuple([_grant(parts, gift, got) for gift, got in zip(gifts, pieces, strict=True)])


def _grant(parts: list[Part], gift: Given, pieces: list[Piece]) -> Grant:
    given: dict[int, int] = {}
    units: dict[int, Units] = {}
    for line, ranges, off in pieces:
        if off:
            given[line] = given.get(line, 0) + off
        units[line] = union(units[line], ranges) if line in units else ranges
    grant = Grant(gift.promotion.name, gift.code, given, gift.shipping_minor, gift.promotion.on_return, units)
    return _reclaimable(parts, gift, grant) if grant.on_return == "reclaim" else grant


def _reclaimable(parts: list[Part], gift: Given, grant: Grant) -> Grant:
    """The grant with what has to be kept, and what its units would cost without it.

    What is only given together is judged by that alone; else an amount that has to be reached decides, and else the goods
    that have to be bought. Where nothing that comes back could undo it, nothing is reclaimed.
    """
    needs = gift.promotion.needs
    amount = needs.subtotal_from_minor or needs.paid_from_minor
    if gift.together:
        from_minor, condition = 0, grant.units
    elif amount:
        condition = _everything(parts, needs.subtotal_of)
        from_minor = _as_paid(parts, grant, condition, amount, by_list_price=bool(needs.subtotal_from_minor))
    elif needs.items:
        from_minor, condition = 0, _needed(parts, needs.items)
    else:
        return replace(grant, on_return="prorate")
    units = _both(grant.units, condition)
    without = {line: _left(parts, line, units[line]) + grant.given.get(line, 0) for line in units}
    part_of = {} if condition == units else condition
    return replace(grant, units=units, without=without, from_minor=from_minor, condition=part_of)


def _everything(parts: list[Part], goods: Goods) -> dict[int, Units]:
    return {
        line: ((1, part.quantity),)
        for line, part in enumerate(parts, 1)
        if fits(part.sku, part.tags, goods.skus, goods.tags)
    }


def _needed(parts: list[Part], items: tuple[Bought, ...]) -> dict[int, Units]:
    """So many units of these goods, the last ones first: the lowest-numbered come back first (M5)."""
    found: dict[int, Units] = {}
    for bought in items:
        goods, short = bought.goods, bought.count
        for line in range(len(parts), 0, -1):
            part = parts[line - 1]
            taken = min(short, part.quantity) if fits(part.sku, part.tags, goods.skus, goods.tags) else 0
            if taken:
                found[line] = union(found.get(line, ()), ((part.quantity - taken + 1, part.quantity),))
                short -= taken
    return found


def _as_paid(parts: list[Part], grant: Grant, counted: dict[int, Units], amount: int, by_list_price: bool) -> int:
    """The amount from which on it applies, in terms of what is paid for the goods that count, rounded up."""
    paid = sum([_left(parts, line, units) for line, units in counted.items()])
    if by_list_price:
        whole = sum([parts[line - 1].price_minor * parts[line - 1].quantity for line in counted])
    else:
        whole = paid + sum([grant.given.get(line, 0) for line in counted])
    return -(-amount * paid // whole)


def _left(parts: list[Part], line: int, units: Units) -> int:
    part = parts[line - 1]
    return part.price_minor * size(units) - of_units(part.discount_minor, part.quantity, units)


def _both(units: dict[int, Units], others: dict[int, Units]) -> dict[int, Units]:
    """The units of both, by line."""
    lines = sorted(units.keys() | others.keys())
    return {line: union(units.get(line, ()), others.get(line, ())) for line in lines}
