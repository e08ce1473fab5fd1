"""What is kept of what was written or loaded lately, as values, so that hot orders and long queues are not read anew."""

from collections.abc import Iterable, Mapping

from segue.core.order import Order
from segue.core.queue import Queue

KEPT_MAX = 25_000  # some 5 KB each
LONG = 1_000  # orders in a queue; a shorter one is read in no time
IN_QUEUES_MAX = 1_000_000  # orders in all queues that are kept, some 250 bytes each


class Kept(dict[str, Order]):
    """Orders by id, as they were written. Whoever takes one compares its version with the stored one first."""

    def keep(self, orders: Iterable[Order]) -> None:
        """Remember these; those that were not written for the longest time are forgotten."""
        for order in orders:
            self.pop(order.id, None)
            self[order.id] = order
        while len(self) > KEPT_MAX:
            del self[next(iter(self))]


class KeptQueues:
    """Long queues by SKU, in the version in which they were loaded."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, Queue]] = {}

    def still(self, versions: Mapping[str, int]) -> dict[str, Queue]:
        """Of these SKUs in the versions that are stored, the queues that are kept. They are the caller's to change."""
        known = ((sku, self._known.get(sku), version) for sku, version in versions.items())
        return {sku: kept[1].copy() for sku, kept, version in known if kept and kept[0] == version}

    def keep(self, queues: Mapping[str, Queue], versions: Mapping[str, int]) -> None:
        """Remember the long ones of these; those that were loaded the longest time ago are forgotten."""
        for sku, queue in queues.items():
            self._known.pop(sku, None)
            if len(queue) >= LONG:
                self._known[sku] = (versions[sku], queue.copy())
        while sum(len(queue) for _, queue in self._known.values()) > IN_QUEUES_MAX:
            del self._known[next(iter(self._known))]
