"""Pegging: which supply is whose. Worked out anew each time, never stored: whose turn is first has the first units."""

from collections.abc import Iterable

from segue.core.base import Value
from segue.core.facts import Stock
from segue.core.supply import Inbound


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
    location: str = ""
    at_s: int | None = None  # None: nothing is known that could serve it
    reference: str = ""  # none: free stock


def pegged(demands: Iterable[Demand], free: Stock, inbound: Inbound, now_s: int) -> list[Peg]:
    """Each demand with what it is to have: each in its turn, ties by order and line; the earliest supply first.

    A supply that is late is expected now at the soonest.
    """
    sources = [(now_s, place, units, "") for place, units in sorted(free.items()) if units > 0]
    sources += [(max(at_s, now_s), place, units, reference) for at_s, place, units, reference in sorted(inbound)]
    left = [units for _, _, units, _ in sources]
    found: list[Peg] = []
    for demand in sorted(demands, key=lambda each: (each.rank, each.placed_at_s, each.order, each.line, each.units)):
        wanted = demand.units
        for number, (at_s, place, _, reference) in enumerate(sources):
            if some := min(wanted, left[number]):
                found.append(Peg(demand.order, demand.line, some, place, at_s, reference))
                left[number] -= some
                wanted -= some
        if wanted:
            found.append(Peg(demand.order, demand.line, wanted))
    return found
