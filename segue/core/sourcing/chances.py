"""Chances: when time alone could give backordered units a location that they did not have."""

from segue.core.context import Context
from segue.core.days import Load
from segue.core.facts import Facts
from segue.core.order import Order, units_in
from segue.core.vocabulary import View


def next_chance(order: Order, view: View, context: Context) -> int | None:
    """The next instant: a strategy begins or ends, a location is not frozen any more, or its next day has room again."""
    now_s, found = context.now_s, []
    for strategy in context.workflow.routing:
        found += [at_s for at_s in (strategy.from_s, strategy.until_s) if at_s is not None]
        if strategy.when is not None and (flip := strategy.when.flips(view)) is not None:
            found.append(flip)
    found += [closure.until_s for closure in context.facts.closed.values() if closure.until_s is not None]
    found += _next_days(order, context.facts, now_s)
    return min([at_s for at_s in found if at_s > now_s], default=None)


def _next_days(order: Order, facts: Facts, now_s: int) -> list[int]:
    """When the next day begins of locations of whose day something is taken, and that have what is waited for.

    As far as is known. Where nothing is taken of today, tomorrow is no better: an order that lacks stock is not asked daily.
    """
    limited = [each for each in facts.locations.values() if each.capacity is not None]
    if not limited:
        return []
    skus = {order.lines[number - 1].sku for number in units_in(order, "backordered")}
    unknown = any(sku not in facts.stock for sku in skus)
    return [
        each.begins(each.day_of(now_s) + 1)
        for each in limited
        if facts.days.get(f"{each.id}|{each.day_of(now_s)}") != Load()
        and (unknown or any(facts.stock[sku].get(each.id, 0) > 0 for sku in skus))
    ]
