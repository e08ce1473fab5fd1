"""Promise: from where and when a cart or an order can be had, by the very decision that allocates it.

What is free now is allocated, only not for good; what is missing is allocated again at each instant at which supply arrives.
So a promise and what comes of it agree.
"""

from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace

from segue.core.allocate import Allocate, UnitsAllocated, UnitsBackordered, allocate
from segue.core.base import Because, Event, Value
from segue.core.calendar import Promised
from segue.core.context import Context
from segue.core.decide import evolve
from segue.core.draft import Draft
from segue.core.intake import OrderPlaced, born
from segue.core.order import Order, units_in
from segue.core.sourcing import Demand
from segue.core.stock import stock_moves
from segue.core.supply import ahead_of, unpegged
from segue.core.tally import minus, size
from segue.core.workflow import Workflow

INSTANTS_MAX = 100  # at which supply arrives and a promise looks


class Source(Value):
    """Units of a promise that one location gives in one parcel."""

    location: str
    units: Demand
    at_s: int  # when the location can be asked: now, or when the supply is there
    promised: Promised | None = None
    supplies: tuple[str, ...] = ()  # what the units come with that are not there yet


class Promise(Value):
    """From where and when everything can be had."""

    at_s: int  # when its locations would be asked for what they have
    method: str
    sources: tuple[Source, ...]
    missing: Demand  # what nobody has, and nobody expects
    because: Because | None = None  # why these locations


def cart_order(cart: Draft, workflow: Workflow) -> Order:
    """The order that a cart would become."""
    return born(None, OrderPlaced(id="cart", workflow=workflow.version, draft=cart), cart.placed_at_s)


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
    sources = list(_sources(decided, context.now_s))
    after, changes = _applied(order, decided, context.now_s)
    if units_in(after, "backordered"):
        facts = context.facts.pretending(changes)
        later, after = _later(after, replace(context, facts=facts))
        sources += later
    return Promise(context.now_s, order.ship_method, tuple(sources), _missing(order, after), reason)


def _missing(before: Order, after: Order) -> Demand:
    """The units that nobody has: they wait for stock, or a strategy would cancel them."""
    gone = units_in(before, "canceled")
    without = units_in(after, "backordered", "canceled")
    return {n: size(units) for n, found in without.items() if (units := minus(found, gone.get(n, ())))}


def _later(order: Order, context: Context) -> tuple[list[Source], Order]:
    """What supply that is on its way will give, at each instant at which some arrives; and the order by then."""
    sources: list[Source] = []
    for at_s, arriving in list(_expected(order, context).items())[:INSTANTS_MAX]:
        if not units_in(order, "backordered"):
            break
        here = replace(context, now_s=at_s, facts=context.facts.pretending(arriving.units))
        decided = allocate(order, Allocate(), here)
        skus = {line.number: line.sku for line in order.lines}
        for source in _sources(decided, at_s):
            keys = [(skus[number], source.location) for number in source.units]
            names = dict.fromkeys(name for key in keys for name in arriving.references.get(key, ()))
            sources.append(replace(source, supplies=tuple(names)))
        order, changes = _applied(order, decided, at_s)
        context = replace(context, facts=here.facts.pretending(changes))
    return sources, order


class Arriving(NamedTuple):
    """What arrives at one instant, by SKU and location: units, and what they come with."""

    units: dict[tuple[str, str], int]
    references: dict[tuple[str, str], list[str]]


def _expected(order: Order, context: Context) -> dict[int, Arriving]:
    """The supply of what the order waits for, by instant, that older orders leave."""
    skus = frozenset(order.lines[number - 1].sku for number in units_in(order, "backordered"))
    inbound = {sku: supplies for sku, supplies in context.facts.inbound(skus).items() if supplies}
    queued = context.facts.queued(frozenset(inbound))
    found: dict[int, Arriving] = {}
    for sku, supplies in sorted(inbound.items()):
        ahead = ahead_of(queued[sku], order.placed_at_s, order.id)
        for at_s, location, units, reference in unpegged(supplies, ahead, context.now_s):
            arriving = found.setdefault(at_s, Arriving({}, {}))
            key = (sku, location)
            arriving.units[key] = arriving.units.get(key, 0) + units
            arriving.references.setdefault(key, []).append(reference)
    return dict(sorted(found.items()))


def _sources(decided: list[Event], at_s: int) -> Iterator[Source]:
    for event in decided:
        if isinstance(event, UnitsAllocated):
            units = {number: size(ranges) for number, ranges in event.units.items()}
            yield Source(event.location, units, at_s, event.promised)


def _applied(order: Order, decided: list[Event], at_s: int) -> tuple[Order, dict[tuple[str, str], int]]:
    """The order after these events, and how the stock that is free changes with them, by SKU and location."""
    changes: dict[tuple[str, str], int] = {}
    for event in decided:
        for move in stock_moves(order, event):
            key = (move.sku, move.location)
            changes[key] = changes.get(key, 0) - move.allocated
        order = evolve(order, event, at_s)
    return order, changes
