"""Supply: what will be available to promise, and when. It has a date, and what has waited longest gets it first."""

from collections.abc import Iterable

from segue.core.order import Order
from segue.core.tally import in_state, size

Supply = tuple[int, str, int, str]  # when it is there, at which location, how many units, and what it comes with
Inbound = tuple[Supply, ...]
Queue = tuple[tuple[int, str, int], ...]  # who waits for a SKU: when it was ordered, by which order, how many units


def unpegged(supplies: Iterable[Supply], ahead: int) -> Inbound:
    """What is left of the supplies of a SKU, by date, when so many units that were wanted earlier have theirs."""
    left = []
    for at_s, location, units, reference in sorted(supplies):
        taken = min(ahead, units)
        ahead -= taken
        if units > taken:
            left.append((at_s, location, units - taken, reference))
    return tuple(left)


def queue_of(sku: str, orders: Iterable[Order]) -> Queue:
    """Those of some orders that wait for a SKU, the oldest first."""
    found = []
    for order in orders:
        units = sum(size(in_state(line.tally, "backordered")) for line in order.lines if line.sku == sku)
        if units:
            found.append((order.placed_at_s, order.id, units))
    return tuple(sorted(found))


def requeue(queues: dict[str, Queue], order: Order) -> None:
    """An order waits for other units now than it did: the queues that are known follow."""
    for sku in {line.sku for line in order.lines} & queues.keys():
        others = [each for each in queues[sku] if each[1] != order.id]
        queues[sku] = tuple(sorted([*others, *queue_of(sku, (order,))]))


def ahead_of(queue: Queue, placed_at_s: int, order: str) -> int:
    """How many units are wanted by orders that came before this one."""
    return sum(units for at_s, other, units in queue if (at_s, other) < (placed_at_s, order))
