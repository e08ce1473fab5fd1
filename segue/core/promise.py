"""Promise: from where and when a cart or an order can be had, by the very decision that allocates it.

What is free now is allocated, only not for good; what is missing is allocated again at each instant at which supply arrives.
So a promise and what comes of it agree.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from msgspec.structs import replace

from segue.core.allocate import Allocate, UnitsAllocated, UnitsBackordered, allocate, stock_found
from segue.core.base import Because, Event, NeedFacts, Value
from segue.core.bringing import sent_to
from segue.core.calendar import DAY_S, Promised
from segue.core.cancel import UnitsCanceled
from segue.core.context import Context
from segue.core.converting import taken_over
from segue.core.decide import evolve
from segue.core.draft import Draft
from segue.core.facts import StockMove
from segue.core.imagined import imagined
from segue.core.intake import OrderPlaced, born
from segue.core.order import Order, units_in
from segue.core.sourcing import Demand, Offer, load_changes, next_chance, parcel_mills
from segue.core.stock import stock_moves
from segue.core.supply import ahead_of, unpegged
from segue.core.tally import minus, size
from segue.core.vocabulary import View
from segue.core.workflow import Workflow

CHANCES_S = 14 * DAY_S  # so far ahead a promise looks for what time alone brings: a day that has room again
INSTANTS_MAX = 100  # at which supply arrives and a promise looks, one by one


class Source(Value):
    """Units of a promise that one location gives in one parcel."""

    location: str
    units: Demand
    at_s: int  # when the location can be asked: now, or when the supply is there
    promised: Promised | None = None
    supplies: tuple[str, ...] = ()  # what the units come with that are not there yet
    cost_mills: int | None = None  # what its parcel costs the shop, handling included; None: the shop has no rates
    to: str = ""  # the store at which the customer collects it; none: it is sent to the customer


class Promise(Value):
    """From where, when and at what cost everything can be had."""

    at_s: int  # when its locations would be asked for what they have
    method: str
    sources: tuple[Source, ...]
    missing: Demand  # what nobody has, and nobody expects
    because: Because | None = None  # why these locations

    @property
    def cost_mills(self) -> int | None:
        """What all its parcels cost the shop; None: the shop has no rates, or nothing is sent."""
        costs = [source.cost_mills for source in self.sources if source.cost_mills is not None]
        return sum(costs) if costs else None


def cart_order(cart: Draft, workflow: Workflow) -> Order:
    """The order that a cart would become."""
    return born(None, OrderPlaced(id="cart", workflow=workflow.version, draft=cart), cart.placed_at_s)


def checked_out(order: Order, cart: str, placed_at_s: int, context: Context) -> tuple[Order, Context]:
    """The order with what its cart has set aside by when it is placed, and facts that know so.

    Stock is known as it is when the order is allocated: of a cart that is over by then it is free already.
    """
    decided = taken_over(order, cart, replace(context, now_s=placed_at_s))
    if not decided:
        return order, context
    here = replace(context, facts=imagined(context.facts))
    held = context.facts.cart(cart)
    is_free = held is not None and not held.is_live(context.now_s)
    return _applied(order, decided[1:] if is_free else decided, here), here


def pause_s(workflow: Workflow) -> int:
    """How long after it was paid a new order is allocated."""
    for event in ("order_covered", "order_placed"):
        for reaction in workflow.reactions.get(event, ()):
            if isinstance(reaction.command, Allocate):
                return reaction.after_s
    return 0


def promise(order: Order, context: Context) -> Promise:
    """What can be promised for the units of an order that wait for stock. Refused while a hold keeps them from it."""
    decided = allocate(order, Allocate(), context)
    reason = next((event.because for event in decided if isinstance(event, UnitsAllocated | UnitsBackordered)), None)
    sources = list(_sources(order, decided, context))
    missing: Demand = {}
    if any(isinstance(event, UnitsBackordered | UnitsCanceled) for event in decided) or units_in(order, "backordered"):
        here = replace(context, facts=imagined(context.facts))
        after = _applied(order, decided, here)
        if units_in(after, "backordered"):
            later, after = _later(after, here)
            sources += later
        missing = _missing(order, after)
    return Promise(context.now_s, order.ship_method, tuple(sources), missing, reason)


def _missing(before: Order, after: Order) -> Demand:
    """The units that nobody has: they wait for stock, or a strategy would cancel them."""
    gone = units_in(before, "canceled")
    without = units_in(after, "backordered", "canceled")
    return {n: size(units) for n, found in without.items() if (units := minus(found, gone.get(n, ())))}


def _later(order: Order, context: Context) -> tuple[list[Source], Order]:
    """What supply that is on its way will give, and what time alone will; and the order by then.

    The facts of the context are imagined: they go on with what arrives, and with what the order takes.
    """
    sources: list[Source] = []
    expected = _expected(order, context)
    ahead = deque(expected)
    _know_days(context, expected)
    skus = {line.number: line.sku for line in order.lines}
    here = context
    while units_in(order, "backordered") and (at_s := _next(order, here, ahead, context.now_s + CHANCES_S)) is not None:
        here = replace(context, now_s=at_s)
        arriving = NOTHING_ARRIVES
        if ahead and ahead[0] == at_s:
            arriving = expected[ahead.popleft()]
            for (sku, location), units in arriving.units.items():
                here.facts.advance(StockMove(sku, location, units, 0, "arrives"))
        decided = allocate(order, Allocate(), here) if stock_found(order, here) else []
        for source in _sources(order, decided, here):
            keys = [(skus[number], source.location) for number in source.units]
            names = dict.fromkeys(name for key in keys for name in arriving.references.get(key, ()))
            sources.append(replace(source, supplies=tuple(names)))
        order = _applied(order, decided, here)
    return sources, order


def _next(order: Order, context: Context, ahead: Iterable[int], until_s: int) -> int | None:
    """The next instant at which units could be had: when some arrive, or when time alone could give them a location."""
    chance_s = next_chance(order, View(order, context.now_s, context.facts), context)
    found = [at_s for at_s in (chance_s,) if at_s is not None and at_s <= until_s]
    return min([*found, *islice(ahead, 1)], default=None)


class Arriving(NamedTuple):
    """What arrives at one instant, by SKU and location: units, and what they come with."""

    units: dict[tuple[str, str], int]
    references: dict[tuple[str, str], list[str]]

    def add(self, key: tuple[str, str], units: int, references: Iterable[str]) -> None:
        """More arrives."""
        self.units[key] = self.units.get(key, 0) + units
        self.references.setdefault(key, []).extend(references)


NOTHING_ARRIVES = Arriving({}, {})


def _expected(order: Order, context: Context) -> dict[int, Arriving]:
    """The supply of what the order waits for, by instant, that older orders leave. Any number of years ahead."""
    skus = frozenset(order.lines[number - 1].sku for number in units_in(order, "backordered"))
    inbound = {sku: supplies for sku, supplies in context.facts.inbound(skus).items() if supplies}
    queued, kept = context.facts.queued(frozenset(inbound)), context.facts.kept_apart(frozenset(inbound))
    found: dict[int, Arriving] = {}
    for sku, supplies in sorted(inbound.items()):
        ahead = ahead_of(queued[sku], order.placed_at_s, order.id)
        for at_s, location, units, reference in unpegged(supplies, ahead, context.now_s, kept[sku]):
            found.setdefault(at_s, Arriving({}, {})).add((sku, location), units, (reference,))
    return _few(dict(sorted(found.items())))


def _few(expected: dict[int, Arriving]) -> dict[int, Arriving]:
    """At most so many instants. What arrives after those is reckoned together, at the last: no promise is too early."""
    instants = list(expected)
    if len(instants) <= INSTANTS_MAX:
        return expected
    last = Arriving({}, {})
    for at_s in instants[INSTANTS_MAX - 1 :]:
        for key, units in expected[at_s].units.items():
            last.add(key, units, expected[at_s].references[key])
    return {at_s: expected[at_s] for at_s in instants[: INSTANTS_MAX - 1]} | {instants[-1]: last}


def _know_days(context: Context, instants: Iterable[int]) -> None:
    """Ask at once for what places with a capacity have taken on at these instants, and on the days that come next."""
    limited = [each for each in context.facts.locations.values() if each.capacity is not None]
    if limited:
        now_s = context.now_s
        keys = frozenset(
            f"{each.id}|{day}"
            for each in limited
            for day in {
                *map(each.day_of, instants),
                *range(each.day_of(now_s), each.day_of(now_s + CHANCES_S) + 1),
            }
        )
        if missing := keys - context.facts.days.keys():
            raise NeedFacts("load", missing)


def _sources(order: Order, decided: list[Event], context: Context) -> Iterator[Source]:
    facts = context.facts
    rates = facts.price_list.rates
    for event in decided:
        if isinstance(event, UnitsAllocated):
            units = {number: size(ranges) for number, ranges in event.units.items()}
            cost_mills = None
            if rates is not None:
                going = sent_to(order, facts.locations[event.to]) if event.to else order
                cost_mills = parcel_mills(Offer(facts.locations[event.location], units, True), going, facts, rates)
            yield Source(event.location, units, context.now_s, event.promised, (), cost_mills, event.to)


def _applied(order: Order, decided: list[Event], context: Context) -> Order:
    """The order after these events. The facts of the context go on with them, as they do in a step."""
    for event in decided:
        for move in stock_moves(order, event):
            context.facts.advance(move, order.channel)
        before, order = order, evolve(order, event, context.now_s)
        for change in load_changes(before, order, context.facts.locations):
            context.facts.load(change)
    return order
