"""Promise: from where and when a cart or an order can be had, by the very decision that allocates it.

What is free now is allocated, only not for good; what is missing is allocated again at each instant at which supply arrives.
So a promise and what comes of it agree.
"""

from msgspec.structs import replace

from segue.core.allocate import (
    Allocate,
    UnitsAllocated,
    UnitsBackordered,
    UnitsReserved,
    allocate,
    stock_found,
)
from segue.core.arriving import Source, applied, expected, later, sources_of, waits
from segue.core.base import Because, Event, Value
from segue.core.calendar import DAY_S
from segue.core.cancel import UnitsCanceled
from segue.core.context import Context
from segue.core.converting import taken_over
from segue.core.decide import evolve
from segue.core.draft import Draft
from segue.core.grace import grace_s
from segue.core.imagined import imagined
from segue.core.intake import OrderPlaced, born
from segue.core.order import Order, units_in
from segue.core.sourcing import Demand
from segue.core.stock import stock_moves
from segue.core.street import UnitsPreordered, is_early
from segue.core.street_dates import waiting_lines
from segue.core.tally import AWAITING, minus, size
from segue.core.workflow import Workflow

CHANCES_S = 14 * DAY_S  # so far ahead a promise looks for what time alone brings: a day that has room again
NOT_HERE = (UnitsBackordered, UnitsCanceled, UnitsPreordered, UnitsReserved)  # so that more is looked for later


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
    for event in decided[1:] if is_free else decided:
        for move in stock_moves(order, event):
            here.facts.advance(move, order.channel)
        order = evolve(order, event, placed_at_s)
    return order, here


def pause_s(workflow: Workflow, channel: str, tier: str) -> int:
    """How long after it was placed and paid a new order is allocated."""
    for event in ("order_covered", "order_placed"):
        for reaction in workflow.reactions.get(event, ()):
            if isinstance(reaction.command, Allocate):
                graced_s = grace_s(workflow.grace, channel, tier) if reaction.after_grace else 0
                return max(reaction.after_s, graced_s)
    return 0


def promise(order: Order, context: Context) -> Promise:
    """What can be promised for the units of an order that wait for stock. Refused while a hold keeps them from it.

    What should be here already is not counted on.
    """
    decided = allocate(order, Allocate(), context)
    reason = next((event.because for event in decided if isinstance(event, UnitsAllocated | UnitsBackordered)), None)
    sources = list(sources_of(order, decided, context))
    missing: Demand = {}
    if any(isinstance(event, NOT_HERE) for event in decided) or waits(order):
        here = replace(context, facts=imagined(context.facts))
        after = applied(order, decided, here)
        if waits(after):
            coming = [each for each in expected(after, here) if each.at_s > context.now_s]
            more, after = later(after, here, coming, _found, context.now_s + CHANCES_S)
            sources += more
        missing = _missing(order, after)
    return Promise(context.now_s, order.ship_method, tuple(sources), missing, reason)


def _found(order: Order, context: Context) -> list[Event]:
    """What is allocated at a later instant: as soon as anything is found or its street date has come, and not before."""
    is_out = any(not is_early(line, order, context) for line in waiting_lines(order))
    return allocate(order, Allocate(), context) if is_out or stock_found(order, context) else []


def _missing(before: Order, after: Order) -> Demand:
    """The units that nobody has: they wait for stock, or a strategy would cancel them."""
    gone = units_in(before, "canceled")
    without = units_in(after, *AWAITING, "canceled")
    return {n: size(units) for n, found in without.items() if (units := minus(found, gone.get(n, ())))}
