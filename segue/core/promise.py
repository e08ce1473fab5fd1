"""Promise: from where and when a cart or an order can be had, by the very decision that allocates it.

What is free now is allocated, only not for good; what is missing is allocated again at each instant at which supply arrives.
So a promise and what comes of it agree.
"""

from msgspec.structs import replace

from segue.core.allocate import Allocate, UnitsAllocated, UnitsBackordered, allocate
from segue.core.arriving import Source, applied, expected, later, sources_of
from segue.core.base import Because, Event, Value
from segue.core.context import Context
from segue.core.draft import Draft
from segue.core.intake import OrderPlaced, born
from segue.core.order import Order, units_in
from segue.core.sourcing import Demand
from segue.core.tally import minus, size
from segue.core.workflow import Workflow


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
    """What can be promised for the units of an order that wait for stock. Refused while a hold keeps them from it.

    What should be here already is not counted on.
    """
    decided = _allocated(order, context)
    reason = next((event.because for event in decided if isinstance(event, UnitsAllocated | UnitsBackordered)), None)
    sources = list(sources_of(decided, context.now_s))
    after, changes = applied(order, decided, context.now_s)
    if units_in(after, "backordered"):
        then = replace(context, facts=context.facts.pretending(changes))
        on_its_way = {at_s: here for at_s, here in expected(after, then).items() if at_s > context.now_s}
        coming, after = later(after, then, on_its_way, _allocated)
        sources += coming
    return Promise(context.now_s, order.ship_method, tuple(sources), _missing(order, after), reason)


def _missing(before: Order, after: Order) -> Demand:
    """The units that nobody has: they wait for stock, or a strategy would cancel them."""
    gone = units_in(before, "canceled")
    without = units_in(after, "backordered", "canceled")
    return {n: size(units) for n, found in without.items() if (units := minus(found, gone.get(n, ())))}


def _allocated(order: Order, context: Context) -> list[Event]:
    return allocate(order, Allocate(), context)
