"""A glimpse: one step of one order, as the goals see it."""

from collections.abc import Callable
from typing import NamedTuple

from segue.core.order import Order, count_in, money_in

Marks = frozenset[str] | set[str]


class Glimpse(NamedTuple):
    """One step of one order, as the goals see it."""

    before: Order | None
    after: Order
    events: frozenset[str]
    record: bytes
    by: str
    marks: Marks  # what was seen about this order before

    def says(self, text: bytes) -> bool:
        """Whether the record of the step has this in it."""
        return text in self.record

    def had(self, *events: str) -> bool:
        """Whether all of these happened to the order before."""
        return all(f"had:{event}" in self.marks for event in events)

    def money(self, *states: str) -> int:
        """What was in these states before the step."""
        return money_in(self.before, *states) if self.before else 0

    def units(self, *states: str) -> int:
        """How many units were in these states before the step."""
        return count_in(self.before, *states) if self.before else 0


Seen = Callable[[Glimpse], bool]


def is_unknown(order: Order | None) -> bool:
    """Whether nobody knows what became of a transaction of it."""
    return order is not None and any(done.outcome == "unknown" for done in order.transactions.values())


def done_of(order: Order, kind: str) -> list[str]:
    """The transactions of a kind that are done."""
    return [name for name, done in order.transactions.items() if done.kind == kind and done.outcome == "done"]
