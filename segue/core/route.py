"""Routing to see: from where an order would be sent now, with stock and closures that are only pretended."""

from collections.abc import Mapping

from msgspec.structs import replace

from segue.core.base import Value
from segue.core.context import Context
from segue.core.days import Closure
from segue.core.facts import Facts
from segue.core.order import Order, units_in
from segue.core.sourcing import ALGORITHMS, Demand, Plan, plan
from segue.core.tally import WAITING, common, size
from segue.core.workflow import Workflow

MOVABLE = (*WAITING, "allocated")  # units that could still come from elsewhere
ALL = 1_000_000  # as many locations as there are


class Pretended(Value):
    """What is taken to be so, though it may not be."""

    stock: Mapping[tuple[str, str], int] = {}  # (SKU, location) -> units that are free to promise
    off: tuple[str, ...] = ()  # locations that nothing is sent to


def movable(order: Order) -> Demand:
    """How many units of each line could still come from elsewhere."""
    return {number: size(units) for number, units in units_in(order, *MOVABLE).items()}


def route(order: Order, context: Context, pretended: Pretended) -> Plan:
    """Where all that could still move would come from, as if none of it had a location; the reason names every location."""
    demand, facts = movable(order), context.facts
    facts.now_s = context.now_s
    facts.free(frozenset(order.lines[number - 1].sku for number in demand))
    _pretend(facts, pretended)
    freed = {key: count for key, count in _held(order).items() if key not in pretended.stock}
    return plan(order, demand, context, freed, ALL)


def following(workflow: Workflow, name: str) -> Workflow | None:
    """The workflow with this strategy only, or with this algorithm in all of them; None if there is neither.

    A strategy that is asked for by name is for all orders, be it a trial or a shadow.
    """
    if name in ALGORITHMS:
        routing = tuple(replace(each, algorithm=name) for each in workflow.routing)
        return replace(workflow, algorithm=name, routing=routing)
    named = tuple(replace(each, trial=None, shadow=False) for each in workflow.routing if each.name == name)
    return replace(workflow, routing=named) if named else None


def _pretend(facts: Facts, pretended: Pretended) -> None:
    for (sku, location), count in pretended.stock.items():
        if sku in facts.stock:
            facts.stock[sku] = facts.stock[sku] | {location: count}
    facts.closed = facts.closed | {name: Closure(name, reason="pretended", by="what if") for name in pretended.off}


def _held(order: Order) -> dict[tuple[str, str], int]:
    """What the order itself keeps from others, by (SKU, location)."""
    held = units_in(order, "reserved", "allocated")
    freed: dict[tuple[str, str], int] = {}
    for fulfillment in order.fulfillments.values():
        for number, units in fulfillment.units.items():
            if here := common(units, held.get(number, ())):
                key = (order.lines[number - 1].sku, fulfillment.location)
                freed[key] = freed.get(key, 0) + size(here)
    return freed
