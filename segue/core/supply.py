"""Supply: what will be available to promise, and when. It has a date, and what has waited longest gets it first."""

from collections.abc import Iterable

from segue.core.base import Value
from segue.core.order import Order
from segue.core.tally import in_state, size

Supply = tuple[int, str, int, str]  # when it is there, at which location, how many units, and what it comes with
Inbound = tuple[Supply, ...]
Turn = tuple[str, int]  # the rank of who waits, and when it was ordered: the least is served first
Queue = tuple[tuple[Turn, str, int], ...]  # who waits for a SKU: its turn, the order, how many units


class Turns(Value):
    """Who of those that wait has arriving stock first, in these measures one after the other; then who ordered first."""

    by: tuple[str, ...] = ()  # promise_date, age, tier, value
    tiers: tuple[str, ...] = ()  # of customers, the first goes first


def unpegged(supplies: Iterable[Supply], ahead: int) -> Inbound:
    """What is left of the supplies of a SKU, by date, when so many units that were wanted earlier have theirs."""
    left = []
    for at_s, location, units, reference in sorted(supplies):
        taken = min(ahead, units)
        ahead -= taken
        if units > taken:
            left.append((at_s, location, units - taken, reference))
    return tuple(left)


def queue_of(sku: str, orders: Iterable[tuple[str, Order]]) -> Queue:
    """Those of some orders, each with its rank, that wait for a SKU, in their turn."""
    found = []
    for rank, order in orders:
        units = sum(size(in_state(line.tally, "backordered")) for line in order.lines if line.sku == sku)
        if units:
            found.append(((rank, order.placed_at_s), order.id, units))
    return tuple(sorted(found))


def requeue(queues: dict[str, Queue], order: Order, rank: str) -> None:
    """An order waits for other units now than it did: the queues that are known follow."""
    for sku in {line.sku for line in order.lines} & queues.keys():
        others = [each for each in queues[sku] if each[1] != order.id]
        queues[sku] = tuple(sorted([*others, *queue_of(sku, ((rank, order),))]))


def ahead_of(queue: Queue, turn: Turn, order: str) -> int:
    """How many units are wanted by orders whose turn is before this one's."""
    return sum(units for other_turn, other, units in queue if (other_turn, other) < (turn, order))
