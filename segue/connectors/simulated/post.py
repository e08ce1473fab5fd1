"""The post of the simulated world: messages on their way to us, each delivered again until it is settled."""

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush

from segue.connectors.simulated.journal import Due
from segue.ports import Inbound


def due(message: Inbound) -> Due:
    """What tells a delivery from all others: a message that comes twice has one id and two times."""
    return (message.due_at_s, message.source, message.id)


class Post:
    """Messages by the time at which they are due; those of the same second by source and id, never by arrival."""

    def __init__(self) -> None:
        self._waiting: dict[Due, Inbound] = {}
        self._heap: list[Due] = []
        self._lent: list[Due] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, message: Inbound) -> None:
        """Send a message; it arrives when it is due."""
        delivery = due(message)
        if delivery not in self._waiting:
            self._waiting[delivery] = message
            heappush(self._heap, delivery)

    def collect(self, now_s: int, limit: int) -> Sequence[Inbound]:
        """The messages that are due and not settled, oldest first."""
        self._take_back()
        while self._heap and len(self._lent) < limit and self._heap[0][0] <= now_s:
            delivery = heappop(self._heap)
            if delivery in self._waiting:
                self._lent.append(delivery)
        return [self._waiting[delivery] for delivery in self._lent]

    def waiting(self, messages: Iterable[Inbound]) -> tuple[Due, ...]:
        """Which of these are not settled yet."""
        return tuple(delivery for delivery in map(due, messages) if delivery in self._waiting)

    def settle(self, deliveries: Iterable[Due]) -> None:
        """Do not deliver these any more."""
        for delivery in deliveries:
            self._waiting.pop(delivery, None)

    def next_at_s(self) -> int | None:
        """When the next message is due; None if no message is on its way."""
        self._take_back()
        while self._heap and self._heap[0] not in self._waiting:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def _take_back(self) -> None:
        """What was collected and not settled is to be collected again."""
        for delivery in self._lent:
            if delivery in self._waiting:
                heappush(self._heap, delivery)
        self._lent.clear()
