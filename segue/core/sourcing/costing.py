"""Costing: a demand and its candidates become a problem for the exact search, and what it finds becomes a plan.

What a part costs is in `tariffs`, what a location has in `sites`. What stays unfilled costs what the shop says. Filters and
capacities are limits of what a site may send.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from segue.core.base import Because
from segue.core.exact import KEY, KEY_LOST, KEY_UNFILLED, Found, Problem, Shape, shape_of
from segue.core.facts import Location
from segue.core.lanes import MILLS
from segue.core.rates import Rates
from segue.core.sourcing.goods import Demand, Parcel, Plan
from segue.core.sourcing.pieces import Cut, Held, Row, cut, held_of
from segue.core.sourcing.sites import Stocks, sites
from segue.core.sourcing.taking import Ask, in_one_parcel
from segue.core.sourcing.tariffs import Parts, Tariffs

Line = tuple[tuple[int, int], ...]  # what one piece of a row is made of: (line, units)


class Costed(NamedTuple):
    """A demand as the exact search sees it, and what it takes to read its answer."""

    ask: Ask
    cut: Cut
    held: dict[int, Held]
    parts: Parts
    problem: Problem
    tariffs: Tariffs

    def stocks(self) -> Stocks:
        """What it takes to make sites of locations."""
        return Stocks(self.ask.goods, self.cut, self.problem.shape, self.parts, self.tariffs)


def costed(ask: Ask, rates: Rates) -> Costed | None:
    """The problem of an ask; None if there are more ways than can be searched. Raises NeedFacts for rates of carriers."""
    goods, order = ask.goods, ask.order
    held = held_of(order, goods)
    rows = cut(order, goods, held, ask.candidates)
    if rows is None:
        return None
    shape = shape_of(tuple(row.pieces for row in rows.rows))
    parts = _parts(ask, shape, rows.rows)
    tariffs = Tariffs(ask, rates, parts)
    tariffs.ask_for(ask.candidates, ask.context.facts)
    parcels = tuple(map(len, parts.divided))
    unfilled = tuple(_unfilled(row, rates, bool(goods.strained)) for row in rows.rows)
    made = Costed(ask, rows, held, parts, Problem(shape, parcels, unfilled, []), tariffs)
    return made._replace(problem=made.problem._replace(sites=sites(made.stocks(), held, ask.candidates)))


def _parts(ask: Ask, shape: Shape, rows: Sequence[Row]) -> Parts:
    """The parts of these rows, and the parcels that each has to travel in."""
    units = _units(shape.counts, tuple(tuple(row.needs.items()) for row in rows))
    return Parts(units, tuple(_divided(ask, each) for each in units))


@lru_cache(maxsize=256)
def _units(counts: tuple[int, ...], rows: tuple[Line, ...]) -> tuple[Demand, ...]:
    """By part, the units of each line. Most orders are like others in this, so it is kept: nobody may change them."""
    found = []
    for pieces in shape_of(counts).pieces:
        units: Demand = {}
        for needs, count in zip(rows, pieces, strict=True):
            if count:
                for number, each in needs:
                    units[number] = units.get(number, 0) + each * count
        found.append(units)
    return tuple(found)


def _divided(ask: Ask, units: Demand) -> tuple[Demand, ...]:
    """The parcels that these units have to travel in."""
    parts = (units,) if units else ()
    for rule in ask.strategy.divide:
        parts = tuple(part for each in parts for part in rule.call(each, ask.order, ask.context.facts))
    return tuple(in_one_parcel(parts, ask.goods.in_one)) if ask.goods.in_one else parts


def _unfilled(row: Row, rates: Rates, is_strained: bool) -> int:
    units = sum(row.needs.values())
    return units * (rates.unfilled_minor * MILLS * KEY + KEY_UNFILLED + (KEY_LOST if is_strained else 0))


def plan_of(made: Costed, found: Found) -> Plan:
    """What was found, as parcels with units."""
    places: dict[str, Location] = made.ask.context.facts.locations
    parcels = [
        Parcel(places[sent.site.id], dict(units)) for sent in found.sent for units in made.parts.divided[sent.part]
    ]
    return Plan(tuple(parcels), dict(made.parts.units[found.unfilled]), Because("cost"))
