"""Costing: a demand and its candidates become a problem for the exact search, and what it finds becomes a plan.

The cost of a parcel is what the carrier's card says by zone and weight, and what handling costs the location; what stays
unfilled costs what the shop says. Filters and capacities are limits of what a site may send.
"""

from collections.abc import Sequence
from typing import NamedTuple

from segue.core.base import Because
from segue.core.exact import (
    KEY,
    KEY_LOST,
    KEY_STRAINED,
    KEY_UNFILLED,
    Found,
    Problem,
    Site,
    Tariff,
    parts_of,
    shape_of,
)
from segue.core.facts import Facts, Location
from segue.core.order import Order
from segue.core.rates import MILLS, Lane, Lanes, Rates, charged, lanes
from segue.core.sourcing.goods import Demand, Goods, Parcel, Plan, Room
from segue.core.sourcing.pieces import Cut, Held, Row, cut, held_of
from segue.core.sourcing.taking import Ask

NO_ROOM = Room()
STRAINED_MAX = 1_000  # soft filters that a location could fail


class Costed(NamedTuple):
    """A demand as the exact search sees it, and what it takes to read its answer."""

    ask: Ask
    rates: Rates
    lanes: Lanes
    cut: Cut
    held: dict[int, Held]
    units_of: tuple[Demand, ...]  # by part: units by line
    divided: tuple[tuple[Demand, ...], ...]  # by part: the parcels that it travels in
    weights: dict[int, int]  # line -> grams of a unit
    problem: Problem
    tariffs: dict[int, Tariff]  # by number; locations with the same number have the same


def costed(ask: Ask, rates: Rates, named: Sequence[Location] | None = None) -> Costed | None:
    """The problem of an ask; None if there are more ways than can be searched. `named`: other candidates than its own."""
    goods, order = ask.goods, ask.order
    candidates = ask.candidates if named is None else named
    held = held_of(order, goods, [location.id for location in candidates])
    rows = cut(order, goods, held)
    if rows is None:
        return None
    shape = shape_of(tuple(row.pieces for row in rows.rows))
    units_of = tuple(_units(rows.rows, pieces) for pieces in shape.pieces)
    divided = tuple(_divided(ask, units) for units in units_of)
    problem = Problem(
        shape,
        tuple(sum(units.values()) for units in units_of),
        tuple(map(len, divided)),
        tuple(_unfilled(row, rates, bool(goods.strained)) for row in rows.rows),
        [],
    )
    ways = lanes(rates, order.ship_to, order.ship_method)
    made = Costed(
        ask, rates, ways, rows, held, units_of, divided, _weights(goods, order, rates, ask.context.facts), problem, {}
    )
    return made._replace(problem=problem._replace(sites=_sites(made, candidates)))


def _units(rows: Sequence[Row], pieces: Sequence[int]) -> Demand:
    """How many units of each line so many pieces of each row are."""
    units: Demand = {}
    for row, count in zip(rows, pieces, strict=True):
        if count:
            for number, each in row.needs.items():
                units[number] = units.get(number, 0) + each * count
    return units


def _divided(ask: Ask, units: Demand) -> tuple[Demand, ...]:
    """The parcels that these units have to travel in."""
    parts = [units] if units else []
    for rule in ask.strategy.divide:
        parts = [part for each in parts for part in rule.call(each, ask.order, ask.context.facts)]
    return tuple(parts)


def _unfilled(row: Row, rates: Rates, is_strained: bool) -> int:
    units = sum(row.needs.values())
    return units * (rates.unfilled_minor * MILLS * KEY + KEY_UNFILLED + (KEY_LOST if is_strained else 0))


def _weights(goods: Goods, order: Order, rates: Rates, facts: Facts) -> dict[int, int]:
    items = facts.listed(frozenset(goods.skus.values()))
    grams = {sku: (item.weight_g if item else 0) or rates.weight_g for sku, item in items.items()}
    return {number: grams[goods.skus[number]] for number in goods.wanted}


def weight_g(made: Costed, units: Demand) -> int:
    """What a parcel of these units weighs."""
    return sum(made.weights[number] * count for number, count in units.items())


def tariff_of(made: Costed, location: str) -> Tariff:
    """What each part costs as a parcel from this location."""
    way, strained = made.lanes[location], made.ask.goods.strained.get(location, 0)
    number = tariff_number(made, location)
    if number not in made.tariffs:
        rates = tuple(_rate_key(made, way, part) for part in range(len(made.units_of)))
        unit = way.unit_mills * KEY + strained * KEY_STRAINED
        made.tariffs[number] = Tariff(rates, way.parcel_mills * KEY, unit)
    return made.tariffs[number]


def _rate_key(made: Costed, way: Lane, part: int) -> int:
    parcels = made.divided[part]
    return sum(charged(way, weight_g(made, units)).mills for units in parcels) * KEY + len(parcels)


def _sites(made: Costed, candidates: Sequence[Location]) -> list[Site]:
    """The candidates that could give something, in the order of their ids."""
    if _is_plain(made):
        return _plain_sites(made, candidates)
    sites = [site_of(made, location.id, made.held) for location in candidates]
    return [site for site in sites if site is not None]


def _is_plain(made: Costed) -> bool:
    """Whether each row is of one line, no two of one SKU, and no location's day is limited."""
    goods, rows = made.ask.goods, made.cut.rows
    skus = [goods.skus[number] for row in rows for number in row.needs]
    return not goods.rooms and len(set(skus)) == len(rows) == len(skus)


def _plain_sites(made: Costed, candidates: Sequence[Location]) -> list[Site]:
    """The same as `site_of` for each, at once: most orders are like this, and there may be many locations."""
    shape, codes, partial = made.problem.shape, dict[str, int](), set[str]()
    for row, stride in zip(made.cut.rows, shape.strides, strict=True):
        ((number, units),) = row.needs.items()
        for name, count in made.held[number].items():
            pieces = count // units
            if pieces >= row.pieces:
                codes[name] = codes.get(name, 0) + row.pieces * stride
            elif pieces:
                codes[name] = codes.get(name, 0) + pieces * stride
                partial.add(name)
    return [
        _site(made, location.id, codes[location.id], location.id not in partial)
        for location in candidates
        if location.id in codes
    ]


def _site(made: Costed, location: str, code: int, is_ample: bool) -> Site:
    parts, _ = parts_of(made.problem.shape, made.problem.shape.pieces[code])
    return Site(location, tariff_of(made, location), parts, is_ample, (tariff_number(made, location), code, ()))


def tariff_number(made: Costed, location: str) -> int:
    """The number of a location's tariff: the same for locations with the same tariff."""
    return made.lanes[location].number * STRAINED_MAX + made.ask.goods.strained.get(location, 0)


def site_of(made: Costed, location: str, held: dict[int, Held]) -> Site | None:
    """A location with what it has of each line; None if it can give nothing."""
    goods, shape = made.ask.goods, made.problem.shape
    there = {number: held[number].get(location, 0) for number in goods.wanted}
    most = [min(there[n] // units for n, units in row.needs.items()) for row in made.cut.rows]
    parts, is_ample = parts_of(shape, most)
    room = goods.rooms.get(location, NO_ROOM)
    fitting = tuple(part for part in parts if _fits(made, made.units_of[part], there, room))
    if not fitting:
        return None
    return Site(
        location,
        tariff_of(made, location),
        fitting,
        is_ample and fitting == parts,
        (tariff_number(made, location), -1, fitting),
    )


def _fits(made: Costed, units: Demand, there: dict[int, int], room: Room) -> bool:
    """Whether the location has enough for several rows of one SKU, and its day has room."""
    if room.orders <= 0 or len(units) > room.lines or sum(units.values()) > room.units:
        return False
    taken: dict[str, int] = {}
    for number, count in units.items():
        sku = made.ask.goods.skus[number]
        taken[sku] = taken.get(sku, 0) + count
    return all(
        taken[sku] <= max(there[number] for number in units if made.ask.goods.skus[number] == sku) for sku in taken
    )


def plan_of(made: Costed, found: Found) -> Plan:
    """What was found, as parcels with units."""
    parcels = [
        Parcel(made.ask.context.facts.locations[sent.site.id], units)
        for sent in found.sent
        for units in made.divided[sent.part]
    ]
    return Plan(tuple(parcels), made.units_of[found.unfilled], Because("cost"))
