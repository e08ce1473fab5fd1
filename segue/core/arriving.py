"""Arriving: what supply that is on its way will give to units that wait, by the decision that will allocate them then."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from msgspec.structs import replace

from segue.core.allocate import (
    ReservationDropped,
    UnitsAllocated,
    UnitsBackordered,
    UnitsReserved,
    evolve_allocated,
    evolve_backordered,
    evolve_dropped,
    evolve_reserved,
)
from segue.core.base import Event, NeedFacts, Value
from segue.core.bringing import sent_to
from segue.core.bundle_units import in_stock
from segue.core.calendar import Promised
from segue.core.cancel import UnitsCanceled, evolve_canceled
from segue.core.context import Context
from segue.core.facts import StockMove
from segue.core.order import Order, units_in
from segue.core.sourcing import Demand, Offer, load_changes, next_chance, parcel_mills
from segue.core.street import UnitsPreordered, evolve_preordered, openings_of
from segue.core.street_dates import waiting_lines
from segue.core.strict import ahead_of, served_before
from segue.core.supply import unpegged
from segue.core.tally import AWAITING, size
from segue.core.vocabulary import View

INSTANTS_MAX = 100  # at which supply arrives that are looked at one by one
EVOLUTIONS: dict[type[Event], Callable[[Any, Any, int], Order]] = {
    ReservationDropped: evolve_dropped,
    UnitsAllocated: evolve_allocated,
    UnitsBackordered: evolve_backordered,
    UnitsCanceled: evolve_canceled,
    UnitsReserved: evolve_reserved,
    UnitsPreordered: evolve_preordered,
}  # of what an allocation decides; what else it says leaves units where they are

Deciding = Callable[[Order, Context], list[Event]]


class Source(Value):
    """Units of a promise that one location gives in one parcel."""

    location: str
    units: Demand
    at_s: int  # when the location can be asked: now, or when the supply is there
    promised: Promised | None = None
    supplies: tuple[str, ...] = ()  # what the units come with that are not there yet
    cost_mills: int | None = None  # what its parcel costs the shop, handling included; None: the shop has no rates
    to: str = ""  # the store at which the customer collects it; none: it is sent to the customer
    packed: tuple[
        tuple[str, int], ...
    ] = ()  # bundles that lie there ready packed, by SKU; their parts are among the units


class Arriving(NamedTuple):
    """What arrives at one instant, by SKU and location: units, and what they come with."""

    at_s: int
    units: dict[tuple[str, str], int]
    references: dict[tuple[str, str], list[str]]

    def add(self, key: tuple[str, str], units: int, references: Iterable[str]) -> None:
        """More arrives."""
        self.units[key] = self.units.get(key, 0) + units
        self.references.setdefault(key, []).extend(references)


def expected(order: Order, context: Context) -> list[Arriving]:
    """The supply of what the order waits for, by instant, that others leave whose turn is before. Any number of years ahead.

    Last comes what should be here already. The facts of the context are imagined: in a strict queue they go on without what
    is free for others.
    """
    now_s = context.now_s
    skus = frozenset(order.lines[number - 1].sku for number in units_in(order, *AWAITING))
    inbound = {sku: supplies for sku, supplies in context.facts.inbound(skus).items() if supplies}
    kept = context.facts.kept_apart(frozenset(inbound))
    ahead = served_before(order, skus, context.facts) if context.facts.turns.strict else {}
    ahead = ahead or ahead_of(order, inbound, context.facts)
    found: dict[int, Arriving] = {}
    for sku, supplies in sorted(inbound.items()):
        for at_s, location, units, reference in unpegged(supplies, ahead[sku], now_s, kept[sku]):
            found.setdefault(at_s, Arriving(at_s, {}, {})).add((sku, location), units, (reference,))
    for at_s in openings_of(order, context):
        found.setdefault(at_s, Arriving(at_s, {}, {}))
    by_date = sorted(found.values(), key=lambda each: each.at_s)
    return [*_few([each for each in by_date if each.at_s > now_s]), *(each for each in by_date if each.at_s <= now_s)]


def _few(arriving: list[Arriving]) -> list[Arriving]:
    """At most so many instants. What arrives after those is reckoned together, at the last: no date is too early."""
    if len(arriving) <= INSTANTS_MAX:
        return arriving
    rest = arriving[INSTANTS_MAX - 1 :]
    last = Arriving(max(each.at_s for each in rest), {}, {})
    for each in rest:
        for key, units in each.units.items():
            last.add(key, units, each.references[key])
    return [*arriving[: INSTANTS_MAX - 1], last]


def later(
    order: Order, context: Context, arriving: Iterable[Arriving], deciding: Deciding, until_s: int = 0
) -> tuple[list[Source], Order]:
    """What each arrival will give, one after the other, and until an instant what time alone will; the order by then.

    What is late arrives now. The facts of the context are imagined: they go on with what arrives, and what is taken.
    """
    sources: list[Source] = []
    ahead = deque(arriving)
    _know_days(context, [each.at_s for each in ahead], until_s)
    here = context
    while waits(order) and (found := _next(order, here, ahead, until_s)) is not None:
        here = replace(context, now_s=max(found.at_s, context.now_s))
        for (sku, location), units in found.units.items():
            here.facts.advance(StockMove(sku, location, units, 0, "arrives"))
        decided = deciding(order, here)
        for source in sources_of(order, decided, replace(here, now_s=found.at_s)):
            keys = [(order.lines[number - 1].sku, source.location) for number in source.units]
            names = dict.fromkeys(name for key in keys for name in found.references.get(key, ()))
            sources.append(replace(source, supplies=tuple(names)))
        order = applied(order, decided, here)
    return sources, order


def waits(order: Order) -> bool:
    """Whether units wait for stock, or for their street date."""
    return bool(units_in(order, *AWAITING) or waiting_lines(order))


def _next(order: Order, context: Context, ahead: deque[Arriving], until_s: int) -> Arriving | None:
    """The next instant at which units could be had: when some arrive, or when time alone could give them a location."""
    if until_s:
        chance_s = next_chance(order, View(order, context.now_s, context.facts), context)
        is_first = chance_s is not None and all(chance_s < each.at_s for each in islice(ahead, 1))
        if chance_s is not None and chance_s <= until_s and is_first:
            return Arriving(chance_s, {}, {})
    return ahead.popleft() if ahead else None


def _know_days(context: Context, instants: Iterable[int], until_s: int) -> None:
    """Ask at once for what places with a capacity have taken on at these instants, and on the days that come next."""
    limited = [each for each in context.facts.locations.values() if each.capacity is not None]
    if limited:
        now_s = context.now_s
        keys = frozenset(
            f"{each.id}|{day}"
            for each in limited
            for day in {
                *(each.day_of(max(at_s, now_s)) for at_s in instants),
                *range(each.day_of(now_s), each.day_of(max(until_s, now_s)) + 1),
            }
        )
        if missing := keys - context.facts.days.keys():
            raise NeedFacts("load", missing)


def sources_of(order: Order, decided: list[Event], context: Context) -> Iterator[Source]:
    """What locations give by these events."""
    facts = context.facts
    rates = facts.price_list.rates
    for event in decided:
        if isinstance(event, UnitsAllocated):
            units = {number: size(ranges) for number, ranges in event.units.items()}
            cost_mills = None
            if rates is not None:
                going = sent_to(order, facts.locations[event.to]) if event.to else order
                cost_mills = parcel_mills(Offer(facts.locations[event.location], units, True), going, facts, rates)
            packed = tuple((order.bundles[key].sku, size(numbers)) for key, numbers in event.packed.items())
            yield Source(event.location, units, context.now_s, event.promised, (), cost_mills, event.to, packed)


def applied(order: Order, decided: list[Event], context: Context) -> Order:
    """The order after these events of an allocation. The facts of the context go on with them, as they do in a step."""
    for event in decided:
        for move in _moves(order, event):
            context.facts.advance(move, order.channel)
        if evolve := EVOLUTIONS.get(type(event)):
            before, order = order, evolve(order, event, context.now_s)
            for change in load_changes(before, order, context.facts.locations):
                context.facts.load(change)
    return order


def _moves(order: Order, event: Event) -> Iterator[StockMove]:
    """The moves of stock that an allocation makes; those of `stock` are for all events."""
    if isinstance(event, UnitsAllocated | UnitsReserved):
        location, sign, packed = event.location, 1, event.packed
    elif isinstance(event, ReservationDropped):
        known = order.fulfillments[event.fulfillment]
        location, sign, packed = known.location, -1, known.packed
    else:
        return
    for sku, count in in_stock(order, event.units, packed):
        yield StockMove(sku, location, 0, sign * count, "imagined")
