"""Supply: what will be available to promise, and when. It has a date, and what has waited longest gets it first.

One rule for all who ask, promises and pegs alike: supply that is still to come serves who waits, the earliest first. Supply
that should be here already comes last and without a date: it may arrive at any moment, and nobody is promised so.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from segue.core.order import Order
from segue.core.tally import in_state, size

Supply = tuple[int, str, int, str]  # when it is there, at which location, how many units, and what it comes with
Inbound = tuple[Supply, ...]
Queue = tuple[tuple[int, str, int], ...]  # who waits for a SKU: when it was ordered, by which order, how many units
Coming = tuple[int | None, str, int, str]  # the same as a supply; None: no date can be named any more


class KeptApart(NamedTuple):
    """What a location has of a SKU that is not free though nobody has it; what is held; what its safety stock lacks."""

    units: int = 0
    held: int = 0
    lacking: int = 0  # so many of the next units that arrive are not free either


NOTHING_KEPT: Mapping[str, KeptApart] = {}


def in_turn(supplies: Iterable[Supply], now_s: int, kept: Mapping[str, KeptApart] = NOTHING_KEPT) -> deque[Coming]:
    """Supplies of a SKU in the order in which they serve who waits: by date, and last what is overdue, without one.

    What the safety stock of a location lacks is taken off the first that come there.
    """
    by_date = sorted(supplies)
    found: list[Coming] = [each for each in by_date if each[0] > now_s]
    found += [(None, location, units, reference) for at_s, location, units, reference in by_date if at_s <= now_s]
    lacking = {location: each.lacking for location, each in kept.items()}
    left: deque[Coming] = deque()
    for at_s, location, units, reference in found:
        for_safety = min(units, lacking.get(location, 0))
        if for_safety:
            lacking[location] -= for_safety
        if units > for_safety:
            left.append((at_s, location, units - for_safety, reference))
    return left


def taken(left: deque[Coming], units: int) -> Iterator[Coming]:
    """So many units off the front of what is left, as far as there are so many."""
    while units and left:
        at_s, location, there, reference = left.popleft()
        some = min(units, there)
        if some < there:
            left.appendleft((at_s, location, there - some, reference))
        units -= some
        yield at_s, location, some, reference


def unpegged(
    supplies: Iterable[Supply], ahead: int, now_s: int, kept: Mapping[str, KeptApart] = NOTHING_KEPT
) -> Inbound:
    """What is left of the supplies that have a date, when so many units that were wanted earlier have theirs."""
    left = in_turn(supplies, now_s, kept)
    list(taken(left, ahead))
    return tuple((at_s, location, units, name) for at_s, location, units, name in left if at_s is not None)


def queue_of(sku: str, orders: Iterable[Order]) -> Queue:
    """Those of some orders that wait for a SKU, the oldest first."""
    found = []
    for order in orders:
        units = sum(size(in_state(line.tally, "backordered")) for line in order.lines if line.sku == sku)
        if units:
            found.append((order.placed_at_s, order.id, units))
    return tuple(sorted(found))


def ahead_of(queue: Queue, placed_at_s: int, order: str) -> int:
    """How many units are wanted by orders that came before this one."""
    return sum(units for at_s, other, units in queue if (at_s, other) < (placed_at_s, order))
