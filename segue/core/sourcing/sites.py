"""Sites: what each location could send of a demand, by its stock, its filters and the room in its day."""

from collections.abc import Sequence
from typing import NamedTuple

from segue.core.exact import Shape, Site, parts_of, parts_up_to
from segue.core.facts import Location
from segue.core.sourcing.goods import Demand, Goods, Room
from segue.core.sourcing.pieces import Cut, Held
from segue.core.sourcing.tariffs import Parts, Tariffs

NO_ROOM = Room()


class Stocks(NamedTuple):
    """What sites are made of."""

    goods: Goods
    cut: Cut
    shape: Shape
    parts: Parts
    tariffs: Tariffs


def sites(given: Stocks, held: dict[int, Held], candidates: Sequence[Location]) -> list[Site]:
    """The candidates that could give something, in the order of their ids."""
    if _is_plain(given):
        return _plain_sites(given, held, candidates)
    found = [site_of(given, location.id, held) for location in candidates]
    return [site for site in found if site is not None]


def _is_plain(given: Stocks) -> bool:
    """Whether each row is of one line, no two of one SKU, and no location's day is limited."""
    goods, rows = given.goods, given.cut.rows
    skus = [goods.skus[number] for row in rows for number in row.needs]
    return not goods.rooms and len(set(skus)) == len(rows) == len(skus)


def _plain_sites(given: Stocks, held: dict[int, Held], candidates: Sequence[Location]) -> list[Site]:
    """The same as `site_of` for each, at once: most orders are like this, and there may be many locations."""
    shape, tariffs, codes = given.shape, given.tariffs, dict[str, int]()
    for row, stride in zip(given.cut.rows, shape.strides, strict=True):
        ((number, units),) = row.needs.items()
        whole = row.pieces * units
        for name, count in held[number].items():
            if count >= whole:
                codes[name] = codes.get(name, 0) + row.pieces * stride
            elif count >= units:
                codes[name] = codes.get(name, 0) + count // units * stride
    named = [location.id for location in candidates if location.id in codes]
    numbers = tariffs.numbers_of(named)
    parts = shape.all + 1
    kinds = [number * parts + codes[name] for number, name in zip(numbers, named, strict=True)]
    known = {number: tariffs.of(name) for number, name in dict(zip(numbers, named, strict=True)).items()}
    made = {kind: (known[kind // parts], *parts_up_to(shape.counts, kind % parts), kind) for kind in set(kinds)}
    return [Site._make((name, *made[kind])) for name, kind in zip(named, kinds, strict=True)]


def site_of(given: Stocks, location: str, held: dict[int, Held]) -> Site | None:
    """A location with what it has of each line; None if it can give nothing."""
    goods, tariffs = given.goods, given.tariffs
    there = {number: max(0, held[number].get(location, 0)) for number in goods.wanted}
    most = [min(there[n] // units for n, units in row.needs.items()) for row in given.cut.rows]
    parts, is_ample = parts_of(given.shape, most)
    room = goods.rooms.get(location, NO_ROOM)
    fitting = tuple(part for part in parts if _fits(given, given.parts.units[part], there, room))
    if not fitting:
        return None
    kind = (tariffs.number(location), fitting)
    return Site(location, tariffs.of(location), fitting, is_ample and fitting == parts, kind)


def _fits(given: Stocks, units: Demand, there: dict[int, int], room: Room) -> bool:
    """Whether the location has enough for several rows of one SKU, and its day has room."""
    if room.orders <= 0 or len(units) > room.lines or sum(units.values()) > room.units:
        return False
    taken: dict[str, int] = {}
    for number, count in units.items():
        sku = given.goods.skus[number]
        taken[sku] = taken.get(sku, 0) + count
    return all(taken[sku] <= max(there[number] for number in units if given.goods.skus[number] == sku) for sku in taken)
