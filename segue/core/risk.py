"""Money at risk: authorizations that end while goods that they are for have not left, and what will be done about it."""

from segue.core.authorization import held, replacement_of
from segue.core.base import Value
from segue.core.context import name_of
from segue.core.order import Order, count_in
from segue.core.tally import HOLDING, WAITING
from segue.core.workflow import Workflow


class Planned(Value):
    """Something that the workflow will do about an authorization that ends: when, what, and on which condition."""

    at_s: int
    does: str
    when: str = ""


class AtRisk(Value):
    """An authorization that ends soon with goods unshipped. Minor units."""

    order: str
    transaction: str
    tender: str
    method: str
    amount_minor: int
    currency: str
    expires_at_s: int
    unshipped: int  # units of the order that have not left
    holds: tuple[str, ...]  # what may keep the workflow from it
    plan: tuple[Planned, ...]


def at_risk(order: Order, workflow: Workflow, until_s: int) -> list[AtRisk]:
    """The authorizations of an order that end by then, and hold something that has not been earned yet."""
    unshipped = count_in(order, *WAITING, *HOLDING, "in_transit")
    if not unshipped:
        return []
    return [
        AtRisk(
            order.id, name, done.tender, order.tenders[done.tender].method, held(order, name), order.currency,
            done.expires_at_s, unshipped, tuple(order.holds), _plan(order, name, done.expires_at_s, workflow),
        )
        for name, done in order.transactions.items()
        if done.kind == "authorize" and done.expires_at_s is not None and done.expires_at_s <= until_s
        and held(order, name) > 0
    ]  # fmt: skip


def _plan(order: Order, name: str, expires_at_s: int, workflow: Workflow) -> tuple[Planned, ...]:
    """What follows from the authorization's coming end, what is planned already, and what follows when it has ended."""
    known, before_s = order.transactions[name], workflow.reauthorize_before_s
    plan = [Planned(timer.due_at_s, timer.does) for timer in order.timers.values() if timer.due_at_s <= expires_at_s]
    if other := replacement_of(order, name):
        plan.append(Planned(order.transactions[other].at_s, f"{other} is asked for in its place"))
    elif before_s is not None and not known.ends_soon:
        plan += _reactions("authorization_ending", expires_at_s - before_s, workflow)
    plan += _reactions("authorization_expired", expires_at_s, workflow)
    return tuple(sorted(plan, key=lambda planned: planned.at_s))


def _reactions(event: str, at_s: int, workflow: Workflow) -> list[Planned]:
    return [
        Planned(at_s + each.after_s, name_of(each.command), each.when.text if each.when else "")
        for each in workflow.reactions.get(event, ())
    ]
