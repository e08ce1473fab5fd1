"""The queue of a SKU: who waits for it, in their turn, and how many units are wanted before anybody's turn comes.

A hundred thousand may wait for one SKU. So that nobody has to add them all up, entries are kept in stretches with their
sums: to find what is ahead of somebody takes as long among many as among few, and so does one more or one less.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping

from segue.core.order import Order
from segue.core.tally import AWAITING, in_state, size

Turn = tuple[str, int]  # the rank of who waits, and when it was ordered: the least is served first
Entry = tuple[Turn, str, int]  # whose turn it is, the order, how many units

STRETCH = 256  # entries that are added up one by one


class Queue:
    """Those that wait for a SKU: each order once, in its turn; ties go by the order's id."""

    __slots__ = ("_firsts", "_known", "_stretches", "_units")

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        known = sorted(entries)
        self._known: dict[str, Entry] | None = None  # by order; made when it is needed
        self._stretches = [known[start : start + STRETCH] for start in range(0, len(known), STRETCH)] or [[]]
        self._firsts = [stretch[0] for stretch in self._stretches[1:]]  # where all but the first stretch begin
        self._units = [sum([units for _, _, units in stretch]) for stretch in self._stretches]

    def __iter__(self) -> Iterator[Entry]:
        for stretch in self._stretches:
            yield from stretch

    def __len__(self) -> int:
        return sum(map(len, self._stretches))

    def ahead(self, turn: Turn, order: str) -> int:
        """How many units are wanted by orders whose turn is before this one's."""
        place = (turn, order, 0)
        index = bisect_right(self._firsts, place)
        stretch = self._stretches[index]
        before = stretch[: bisect_left(stretch, place)]
        return sum(self._units[:index]) + sum([units for _, _, units in before])

    def place(self, turn: Turn, order: str) -> int:
        """The place of an order in its turn: 1 if nobody's is before."""
        entry = (turn, order, 0)
        index = bisect_right(self._firsts, entry)
        return 1 + sum(map(len, self._stretches[:index])) + bisect_left(self._stretches[index], entry)

    def put(self, order: str, turn: Turn, units: int) -> None:
        """An order waits for so many units now, in this turn; 0: for none."""
        entry = (turn, order, units)
        if self._has(entry):
            return
        entries = self._entries()
        if (known := entries.pop(order, None)) is not None:
            index = bisect_right(self._firsts, known)
            self._stretches[index].remove(known)
            self._units[index] -= known[2]
        if units:
            entries[order] = entry
            index = bisect_right(self._firsts, entry)
            insort(self._stretches[index], entry)
            self._units[index] += units

    def copy(self) -> "Queue":
        """Another one like this, of which what is put does not come here."""
        made = Queue()
        made._known = None if self._known is None else self._known.copy()
        made._stretches = [stretch.copy() for stretch in self._stretches]
        made._firsts, made._units = self._firsts, self._units.copy()
        return made

    def _has(self, entry: Entry) -> bool:
        stretch = self._stretches[bisect_right(self._firsts, entry)]
        return entry in stretch[bisect_left(stretch, entry) :][:1]

    def _entries(self) -> dict[str, Entry]:
        if self._known is None:
            self._known = {each[1]: each for each in self}
        return self._known


def wanted_of(order: Order) -> dict[str, int]:
    """How many units of each SKU an order waits for."""
    found: dict[str, int] = {}
    for line in order.lines:
        if units := sum(size(in_state(line.tally, state)) for state in AWAITING):
            found[line.sku] = found.get(line.sku, 0) + units
    return found


def requeue(queues: Mapping[str, Queue], order: Order, rank: str) -> None:
    """An order waits for other units now than it did: the queues that are known follow."""
    if queues and (known := {line.sku for line in order.lines} & queues.keys()):
        wanted = wanted_of(order)
        for sku in known:
            queues[sku].put(order.id, (rank, order.placed_at_s), wanted.get(sku, 0))
