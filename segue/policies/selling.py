"""Selling: whether what an order wants beyond what is there is still to come, and not promised to others."""

from collections.abc import Iterator
from functools import partial

from segue.core.facts import Facts
from segue.core.order import Failure, Order
from segue.core.policy import Rule, policy
from segue.core.selling import SELLABLE, bought, holding, room_for, terms_for, waiting_of


@policy("validate")
def sellable(
    order: Order,
    facts: Facts,
    *,
    percent: int = 100,
    per_customer: int = 0,
    within_s: int = 0,
    unlimited: bool = False,
    refuse: bool = False,
) -> Iterator[Failure]:
    """What is wanted beyond what is there is to come, this share of each supply may be sold, and to one customer so much."""
    rule = Rule(
        SELLABLE,
        partial(sellable, percent=percent, per_customer=per_customer, within_s=within_s, unlimited=unlimited),
    )
    wanted, own = waiting_of(order), holding(order)
    more = {sku: units for sku, units in wanted.items() if units > own.get(sku, 0)}
    items = facts.listed(frozenset(more)) if more else {}
    for sku, units in more.items():
        terms = terms_for(rule, items[sku])
        room = room_for(order, sku, terms, facts)
        objection = ""
        if units - own.get(sku, 0) > room:
            objection = f"{units} of {sku} wanted, {room} may be sold"
        elif per_customer and (had := bought(order, sku, terms, facts)) + units > per_customer:
            objection = f"{units} of {sku} wanted, {had} bought before, {per_customer} for each customer"
        if objection:
            watched = tuple(f"{kind}:{sku}" for kind in ("stock", "supply", "selling"))
            lines = [line.number for line in order.lines if line.sku == sku]
            yield from (Failure(SELLABLE, objection, number, facts=watched) for number in lines)
