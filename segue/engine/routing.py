"""Routing to see: from where an order would be sent now, by the code that allocates. Nothing is kept."""

from segue.core.context import Context
from segue.core.order import Order
from segue.core.route import Pretended, route
from segue.core.sourcing import Plan
from segue.core.workflow import Workflow
from segue.engine.needs import Shelves, supplied
from segue.engine.rules import Rules


def routed(shelves: Shelves, rules: Rules, order: Order, workflow: Workflow, pretended: Pretended, now_s: int) -> Plan:
    """The plan that the order would get, with what is pretended."""
    facts = rules.facts()
    context = Context(now_s, workflow, facts, shop=rules.shop)
    return supplied(shelves, facts, lambda: route(order, context, pretended), rules.taxes, rules.carriers)
