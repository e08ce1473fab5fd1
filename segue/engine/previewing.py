"""Previewing: what a command would come to in this shop, now, with the facts that finding out takes."""

from segue.core.base import Refusal, Refused
from segue.core.context import Context
from segue.core.preview import Preview, preview
from segue.engine.needs import load, supplied
from segue.engine.outcomes import Request
from segue.engine.rules import Rules
from segue.ports import Needs, Store


def previewed(store: Store, rules: Rules, request: Request, now_s: int) -> Preview:
    """What the request would lead to; nothing is written. Raises Refused if there is no such order."""
    facts = rules.facts()
    order = load(store, Needs(orders=frozenset((request.order,))), facts).orders.get(request.order)
    if order is None:
        raise Refused(Refusal.ORDER_NOT_FOUND, request.order)
    workflow = rules.version(order.workflow, store.workflow_text)
    context = Context(now_s, workflow, facts, request.by, rules.shop)
    return supplied(store, facts, lambda: preview(order, request.command, context), rules.taxes, rules.carriers)
