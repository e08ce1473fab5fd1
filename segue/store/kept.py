"""Kept orders: those that were written lately, as values, so that hot ones are not decoded again and again."""

from collections.abc import Iterable

from segue.core.order import Order

KEPT_MAX = 25_000  # some 5 KB each


class Kept(dict[str, Order]):
    """Orders by id, as they were written. Whoever takes one compares its version with the stored one first."""

    def keep(self, orders: Iterable[Order]) -> None:
        """Remember these; those that were not written for the longest time are forgotten."""
        for order in orders:
            self.pop(order.id, None)
            self[order.id] = order
        while len(self) > KEPT_MAX:
            del self[next(iter(self))]
