"""Pegging: which supply is whose. Worked out anew each time, never stored: whose turn is first has the first units."""

from collections import deque
from collections.abc import Iterable, Mapping

from segue.core.base import Value
from segue.core.facts import Stock
from segue.core.supply import NOTHING_KEPT, Inbound, KeptApart, Supply, in_turn, taken


class Demand(Value):
    """Units of a SKU that wait for stock."""

    order: str
    line: int
    units: int
    placed_at_s: int
    rank: str = ""


class Peg(Value):
    """Units that a demand is to have, and of what: stock that is free now, a supply, or nothing yet."""

    order: str
    line: int
    units: int
    location: str = ""  # none: nothing is known that could serve it
    at_s: int | None = None  # None: nobody can say when
    reference: str = ""  # none: free stock


def pegged(
    demands: Iterable[Demand], free: Stock, inbound: Inbound, now_s: int, kept: Mapping[str, KeptApart] = NOTHING_KEPT
) -> list[Peg]:
    """Each demand with what it is to have: in its turn, ties by order and line. What is free goes first."""
    left = deque[Supply]((now_s, place, units, "") for place, units in sorted(free.items()) if units > 0)
    left += in_turn(inbound, now_s, kept)
    found: list[Peg] = []
    for demand in sorted(demands, key=lambda each: (each.rank, each.placed_at_s, each.order, each.line, each.units)):
        wanted = demand.units
        for at_s, place, units, reference in taken(left, wanted):
            is_known = not reference or at_s > now_s  # nobody can say when overdue supply comes
            found.append(Peg(demand.order, demand.line, units, place, at_s if is_known else None, reference))
            wanted -= units
        if wanted:
            found.append(Peg(demand.order, demand.line, wanted))
    return found
