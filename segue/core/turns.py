"""Turns: who of those that wait for stock has it first when some arrives: who ordered first, unless the shop says more."""

from collections.abc import Callable

from segue.core.lateness import promised_at
from segue.core.order import Order
from segue.core.supply import Turns

LATEST_S = 10**12 - 1
VALUE_MAX = 10**18


def rank_of(order: Order, turns: Turns) -> str:
    """The rank of an order among those that wait, as a text: the least is served first; ties go to who ordered first.

    All figures of a text have the same width, so that every database sorts them alike.
    """
    return " ".join([MEASURES[name](order, turns) for name in turns.by])


def _promise_date(order: Order, turns: Turns) -> str:
    at_s = promised_at(order)
    return f"{LATEST_S if at_s is None else min(max(at_s, 0), LATEST_S):012d}"


def _age(order: Order, turns: Turns) -> str:
    return f"{min(max(order.placed_at_s, 0), LATEST_S):012d}"


def _tier(order: Order, turns: Turns) -> str:
    place = turns.tiers.index(order.tier) if order.tier in turns.tiers else len(turns.tiers)
    return f"{place:03d}"


def _value(order: Order, turns: Turns) -> str:
    return f"{VALUE_MAX - min(max(order.total_minor, 0), VALUE_MAX):019d}"


MEASURES: dict[str, Callable[[Order, Turns], str]] = {
    "promise_date": _promise_date,
    "age": _age,
    "tier": _tier,
    "value": _value,
}
MEANINGS = {
    "promise_date": "what was promised to be delivered first goes first; what nothing was promised of goes last",
    "age": "who ordered first goes first",
    "tier": "customers of the tiers that are listed go first, in that sequence: `tier: [gold, silver]`",
    "value": "the order that costs most goes first",
}
