"""Tallies: which units of a line are in which state. A move takes units from one state to another; totals never change.

Units of a line are numbered from 1. They are kept as ranges, so that a line of 10,000 units is as small as a line of one.
A state of a workflow's own refines a core state and is written behind a dot: `allocated.engraving`.
"""

from collections.abc import Iterator

from segue.core.base import Refusal, Refused

Units = tuple[tuple[int, int], ...]  # (first, last), ascending, with gaps between: ((1, 2), (5, 5))
Tally = dict[str, Units]

MOVES: dict[str, tuple[str, ...]] = {
    "new": ("reserved", "preordered", "backordered", "allocated", "issuing", "canceled"),
    "reserved": ("new", "allocated", "backordered", "canceled"),
    "preordered": ("reserved", "backordered", "allocated", "canceled"),
    "backordered": ("reserved", "preordered", "allocated", "canceled"),
    "allocated": ("new", "backordered", "released", "canceled"),
    "issuing": ("delivered", "canceled"),
    "released": ("new", "backordered", "in_transit", "ready", "shipped", "canceled"),
    "in_transit": ("new", "ready"),
    "ready": ("shipped", "delivered", "canceled"),
    "shipped": ("delivered", "returning", "returned"),
    "delivered": ("returning", "returned"),
    "returning": ("delivered", "returned"),
    "returned": (),
    "canceled": (),
}
STATES = tuple(MOVES)
WAITING = ("new", "reserved", "preordered", "backordered")  # not yet given to a location for good
AWAITING = ("backordered", "preordered")  # these are looked at again when there is stock
HOLDING = ("reserved", "allocated", "released", "ready")  # these hold stock at a location
GIVEN = ("released", "in_transit", "ready")  # a location was asked for these, and the customer has not got them yet
LEFT = ("shipped", "delivered", "returning", "returned")  # these have left the shop
AT_REST = ("delivered", "returned", "canceled")


def whole(count: int) -> Units:
    """Units 1 to `count`."""
    return ((1, count),) if count else ()


def size(units: Units) -> int:
    """How many units these are."""
    count = 0
    for first, last in units:
        count += last - first + 1
    return count


def numbers(units: Units) -> Iterator[int]:
    """Each unit number, ascending."""
    for first, last in units:
        yield from range(first, last + 1)


def lowest(units: Units, count: int) -> Units:
    """The `count` lowest of these units, or all of them if they are fewer."""
    taken: list[tuple[int, int]] = []
    for first, last in units:
        if count <= 0:
            break
        end = min(last, first + count - 1)
        taken.append((first, end))
        count -= end - first + 1
    return tuple(taken)


def union(units: Units, others: Units) -> Units:
    """The units of both."""
    if not units or not others:
        return units or others
    joined: list[tuple[int, int]] = []
    for first, last in sorted(units + others):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)


def minus(units: Units, others: Units) -> Units:
    """The units without the others."""
    if units == others:
        return ()
    if not units or not others:
        return units
    for first, last in others:
        units = tuple(piece for span in units for piece in _cut(span, first, last))
    return units


def common(units: Units, others: Units) -> Units:
    """The units that are in both."""
    if units == others:
        return units
    if len(others) != 1:
        return minus(units, minus(units, others))
    ((start, end),) = others  # as they mostly are
    spans = [(max(first, start), min(last, end)) for first, last in units]
    return tuple([(first, last) for first, last in spans if first <= last])


def ranked(units: Units, among: Units) -> Units:
    """Which ones these are among others, counted from 1: of units 4 and 6, unit 6 is the second."""
    ranks: Units = ()
    before = 0
    for first, last in among:
        here = common(units, ((first, last),))
        ranks = union(ranks, tuple((start - first + 1 + before, end - first + 1 + before) for start, end in here))
        before += last - first + 1
    return ranks


def in_state(tally: Tally, state: str) -> Units:
    """The units in a state, those in its refinements included."""
    found = tally.get(state, ())
    for name, units in tally.items():
        if "." in name and core_state(name) == state:
            found = union(found, units)
    return found


def core_state(state: str) -> str:
    """The core state that a state is or refines: `allocated.engraving` is `allocated`."""
    return state.partition(".")[0]


def move(tally: Tally, source: str, target: str, units: Units) -> Tally:
    """Move units from one state to another. The total never changes.

    Refused with UNDEFINED_TRANSITION if no such move is in the table, UNITS_NOT_THERE if the units are elsewhere.
    """
    if target not in MOVES.get(source, ()):
        _refuse_undefined(source, target)
    here = tally.get(source, ())
    rest: Units = ()
    if here != units:
        rest = minus(here, units)
        if size(here) - size(rest) != size(units):
            raise Refused(Refusal.UNITS_NOT_THERE, f"{size(units)} asked for, {size(common(here, units))} are {source}")
    elif len(tally) == 1:  # as it mostly is: all that there are move together
        return {target: units}
    moved = {state: kept for state, kept in tally.items() if state != source}
    if rest:
        moved[source] = rest
    moved[target] = union(moved[target], units) if target in moved else units
    return moved


def _refuse_undefined(source: str, target: str) -> None:
    """A refinement moves where its core state does, and back and forth within it."""
    core = core_state(source)
    if target not in MOVES[core] and core != core_state(target):
        legal = ", ".join(MOVES[core]) or "nowhere"
        raise Refused(Refusal.UNDEFINED_TRANSITION, f"{source} -> {target}; from {source} units go to {legal}")


def _cut(span: tuple[int, int], first: int, last: int) -> Iterator[tuple[int, int]]:
    if last < span[0] or span[1] < first:
        yield span
        return
    if span[0] < first:
        yield (span[0], first - 1)
    if last < span[1]:
        yield (last + 1, span[1])
