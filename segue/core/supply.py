"""Supply: what will be available to promise, and when. It has a date, and whose turn is first gets it first.

One rule for all who ask, promises, pegs and orders that wait alike: supply that is still to come serves who waits, the
earliest first. Supply that should be here already comes last: it may arrive at any moment, and nobody is promised when.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from segue.core.base import Value

Supply = tuple[int, str, int, str]  # when it is there, at which location, how many units, and what it comes with
Inbound = tuple[Supply, ...]


class Turns(Value):
    """Who of those that wait has arriving stock first, in these measures one after the other; then who ordered first."""

    by: tuple[str, ...] = ()  # promise_date, age, tier, value
    tiers: tuple[str, ...] = ()  # of customers, the first goes first
    strict: bool = False  # nobody is passed by: what is free is kept for who comes first


class Presale(Value):
    """How much of one supply may be sold before it is there."""

    percent: int | None = None  # of what is still to come with it; None: as the workflow says of all
    most: int | None = None  # units of it at most; None: as many as that share is


class KeptApart(NamedTuple):
    """What a location has of a SKU that is not free though nobody has it; what is held; what its safety stock lacks."""

    units: int = 0
    held: int = 0
    lacking: int = 0  # so many of the next units that arrive are not free either


NOTHING_KEPT: Mapping[str, KeptApart] = {}
AS_ALL: Mapping[str, Presale] = {}  # nothing is said of single supplies


def in_turn(supplies: Iterable[Supply], now_s: int, kept: Mapping[str, KeptApart] = NOTHING_KEPT) -> deque[Supply]:
    """Supplies of a SKU in the order in which they serve who waits: by date, but what is overdue last.

    What the safety stock of a location lacks is taken off the first that come there.
    """
    lacking = {location: each.lacking for location, each in kept.items()}
    left: deque[Supply] = deque()
    for at_s, location, units, reference in sorted(supplies, key=lambda each: (each[0] <= now_s, each)):
        for_safety = min(units, lacking.get(location, 0))
        if for_safety:
            lacking[location] -= for_safety
        if units > for_safety:
            left.append((at_s, location, units - for_safety, reference))
    return left


def taken(left: deque[Supply], units: int) -> Iterator[Supply]:
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
    """What is left of the supplies of a SKU, in turn, when so many units have theirs whose turn is before."""
    left = in_turn(supplies, now_s, kept)
    deque(taken(left, ahead), maxlen=0)
    return tuple(left)
