"""Arriving: what supply that is on its way will give to units that wait, by the decision that will allocate them then."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from msgspec.structs import replace

from segue.core.allocate import (
    ReservationDropped,
    UnitsAllocated,
    UnitsBackordered,
    evolve_allocated,
    evolve_backordered,
    evolve_dropped,
)
from segue.core.base import Event, Value
from segue.core.calendar import Promised
from segue.core.cancel import UnitsCanceled, evolve_canceled
from segue.core.context import Context
from segue.core.order import Order, units_in
from segue.core.sourcing import Demand
from segue.core.supply import ahead_of, unpegged
from segue.core.tally import Units, size
from segue.core.turns import rank_of

INSTANTS_MAX = 100  # at which supply arrives and a promise looks
EVOLUTIONS: dict[type[Event], Callable[[Any, Any, int], Order]] = {
    ReservationDropped: evolve_dropped,
    UnitsAllocated: evolve_allocated,
    UnitsBackordered: evolve_backordered,
    UnitsCanceled: evolve_canceled,
}  # of what an allocation decides; what else it says leaves units where they are

Deciding = Callable[[Order, Context], list[Event]]


class Source(Value):
    """Units of a promise that one location gives in one parcel."""

    location: str
    units: Demand
    at_s: int  # when the location can be asked: now, or when the supply is there
    promised: Promised | None = None
    supplies: tuple[str, ...] = ()  # what the units come with that are not there yet


class Arriving(NamedTuple):
    """What arrives at one instant, by SKU and location: units, and what they come with."""

    units: dict[tuple[str, str], int]
    references: dict[tuple[str, str], list[str]]


def expected(order: Order, context: Context) -> dict[int, Arriving]:
    """The supply of what the order waits for, by instant, also what should be here already; others may be served first."""
    skus = frozenset(order.lines[number - 1].sku for number in units_in(order, "backordered"))
    inbound = {sku: supplies for sku, supplies in context.facts.inbound(skus).items() if supplies}
    queued = context.facts.queued(frozenset(inbound))
    turn = (rank_of(order, context.facts.turns), order.placed_at_s)
    found: dict[int, Arriving] = {}
    for sku, supplies in sorted(inbound.items()):
        ahead = ahead_of(queued[sku], turn, order.id)
        for at_s, location, units, reference in unpegged(supplies, ahead):
            arriving = found.setdefault(at_s, Arriving({}, {}))
            key = (sku, location)
            arriving.units[key] = arriving.units.get(key, 0) + units
            arriving.references.setdefault(key, []).append(reference)
    return dict(sorted(found.items()))


def later(
    order: Order, context: Context, arriving: Mapping[int, Arriving], deciding: Deciding
) -> tuple[list[Source], Order]:
    """What each arrival will give, one after the other; and the order by then. One that is late arrives now."""
    sources: list[Source] = []
    for at_s, here in list(arriving.items())[:INSTANTS_MAX]:
        if not units_in(order, "backordered"):
            break
        then_s = max(at_s, context.now_s)
        then = replace(context, now_s=then_s, facts=context.facts.pretending(here.units))
        decided = deciding(order, then)
        for source in sources_of(decided, at_s):
            keys = [(order.lines[number - 1].sku, source.location) for number in source.units]
            names = dict.fromkeys(name for key in keys for name in here.references.get(key, ()))
            sources.append(replace(source, supplies=tuple(names)))
        order, changes = applied(order, decided, then_s)
        context = replace(context, facts=then.facts.pretending(changes))
    return sources, order


def sources_of(decided: list[Event], at_s: int) -> Iterator[Source]:
    """What locations give by these events."""
    for event in decided:
        if isinstance(event, UnitsAllocated):
            units = {number: size(ranges) for number, ranges in event.units.items()}
            yield Source(event.location, units, at_s, event.promised)


def applied(order: Order, decided: list[Event], at_s: int) -> tuple[Order, dict[tuple[str, str], int]]:
    """The order after these events, and how the stock that is free changes with them, by SKU and location."""
    changes: dict[tuple[str, str], int] = {}
    for event in decided:
        if isinstance(event, UnitsAllocated):
            _add(changes, order, event.location, event.units, -1)
        if isinstance(event, ReservationDropped):
            _add(changes, order, order.fulfillments[event.fulfillment].location, event.units, 1)
        if evolve := EVOLUTIONS.get(type(event)):
            order = evolve(order, event, at_s)
    return order, changes


def _add(changes: dict[tuple[str, str], int], order: Order, location: str, units: dict[int, Units], sign: int) -> None:
    for number, ranges in units.items():
        key = (order.lines[number - 1].sku, location)
        changes[key] = changes.get(key, 0) + sign * size(ranges)
