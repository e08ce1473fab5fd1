"""Strict queues: what is free of a SKU is kept for those whose turn is before, even while they cannot be served.

Where a shop says so, a large order at the head of a queue, which wants more than is there, is not passed by. Who comes
behind it may have what is free beyond all that those before wait for. Without it whoever can be served is (skip ahead).
"""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from segue.core.base import Because
from segue.core.facts import Facts, Stock
from segue.core.order import Order
from segue.core.queue import Queue, wanted_of
from segue.core.supply import Turns
from segue.core.turns import rank_of

BEFORE = "wanted_before"  # of a reason: the units that those whose turn is before want, by SKU


def kept_for_others(order: Order, free: Mapping[str, Stock], facts: Facts) -> dict[str, Stock]:
    """What is free for an order once those of before its turn have theirs: of locations by their ids, as pegs are."""
    there = [sku for sku, held in free.items() if any(units > 0 for units in held.values())]
    waiting = ahead_of(order, there, facts)
    return {sku: without(held, waiting.get(sku, 0)) for sku, held in free.items()}


def naming_those_before(because: Because, order: Order, skus: frozenset[str], facts: Facts) -> Because:
    """A reason that says, too, how many units of what is missing are wanted by those before, where some are free."""
    free = facts.free(skus, order.channel)
    there = [sku for sku in sorted(skus) if any(units > 0 for units in free[sku].values())]
    before = {sku: units for sku, units in ahead_of(order, there, facts).items() if units}
    return replace(because, figures=because.figures | {BEFORE: before}) if before else because


def ahead_of(order: Order, skus: Iterable[str], facts: Facts) -> dict[str, int]:
    """How many units of each SKU are wanted by orders whose turn is before this one's."""
    turn = (rank_of(order, facts.turns), order.placed_at_s)
    queues: Mapping[str, Queue] = facts.queued(frozenset(skus))
    return {sku: queue.ahead(turn, order.id) for sku, queue in queues.items()}


def without(held: Stock, units: int) -> Stock:
    """What is left at locations when so many units are taken, from the first by its id on."""
    left = dict(held)
    for location in sorted(left):
        some = min(units, max(0, left[location]))
        left[location] -= some
        units -= some
    return left


def served_before(order: Order, skus: Iterable[str], facts: Facts) -> dict[str, int]:
    """How many units of each SKU those whose turn is before still want once they have what is free.

    The facts are imagined: they go on with what is left, and nobody is before the order any more.
    """
    waiting = ahead_of(order, skus, facts)
    for sku, units in waiting.items():
        held = facts.free(frozenset((sku,)))[sku]
        there = sum(max(0, free) for free in held.values())
        facts.stock[sku] = without(held, units)
        waiting[sku] = max(0, units - there)
    facts.turns = replace(facts.turns, strict=False)
    return waiting


def passed(before: Order | None, after: Order, turns: Turns) -> tuple[str, ...]:
    """The SKUs of which an order waits for fewer units than before, or in a later turn: others may be served now."""
    if before is None or not turns.strict or not (then := wanted_of(before)):
        return ()
    now, is_later = wanted_of(after), rank_of(after, turns) > rank_of(before, turns)
    return tuple(sorted(sku for sku, units in then.items() if is_later or now.get(sku, 0) < units))
