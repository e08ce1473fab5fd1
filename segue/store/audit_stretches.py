"""Stretches: the units of a line, cut wherever something else is said of them than of the unit before.

What an order says of units (states, fulfillments, shipments, captures) stands in many places of its value. Side by side in
one row, almost every invariant of units is a plain condition.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from segue.store.audit_orders import Order, Ranges


class Stretch(NamedTuple):
    """Units of which all the same is said."""

    first: int
    last: int
    states: int  # how many states have them; one is right
    state: str
    fulfillments: int
    location: str
    shipments: int
    left_from: str
    captures: int


class Said(NamedTuple):
    """What is said of the units of one line: each a place or state, and the units."""

    fulfillments: list[tuple[str, Ranges]]
    shipments: list[tuple[str, Ranges]]
    captures: list[tuple[str, Ranges]]


def said_of_lines(order: Order) -> dict[int, Said]:
    """By line, what fulfillments, shipments and captures say of its units."""
    found: dict[int, Said] = {line.number: Said([], [], []) for line in order.lines}
    for fulfillment in order.fulfillments.values():
        for line, units in fulfillment.units.items():
            _of(found, line).fulfillments.append((fulfillment.location, units))
    for shipment in order.shipments.values():
        giver = order.fulfillments.get(shipment.fulfillment)
        location = giver.location if giver else ""
        for line, units in shipment.units.items():
            _of(found, line).shipments.append((location, units))
    for name, done in order.transactions.items():
        if done.units and done.kind == "capture" and done.outcome != "declined":
            for line, units in done.units.items():
                _of(found, line).captures.append((name, units))
    return found


def _of(found: dict[int, Said], line: int) -> Said:
    said = found.get(line)
    if said is None:  # a line that the order does not have
        said = found[line] = Said([], [], [])
    return said


def stretches_of(quantity: int, tally: dict[str, Ranges], said: Said) -> Iterator[Stretch]:
    """The stretches of a line."""
    whole = ((1, quantity),)
    if len(tally) == 1:  # as it mostly is: whatever is said is said of all units
        ((state, units),) = tally.items()
        if units == whole and not [1 for each in said for _, about in each if about != whole]:
            yield _stretch(1, quantity, [state], *([name for name, _ in each] for each in said))
            return
    kinds = (list(tally.items()), *said)
    ends = {edge for each in kinds for _, units in each for first, last in units for edge in (first, last + 1)}
    if quantity < 1 and not ends:
        yield _stretch(1, quantity, [], [], [], [])
    for first, after in pairwise(sorted(ends | {1, quantity + 1})):
        here = [[name for name, units in each if _holds(units, first)] for each in kinds]
        if first <= quantity or any(here):
            yield _stretch(first, after - 1, *here)


def _holds(units: Ranges, unit: int) -> bool:
    return any(first <= unit <= last for first, last in units)


def _stretch(
    first: int, last: int, states: list[str], locations: list[str], left_from: list[str], captures: list[str]
) -> Stretch:
    return Stretch(
        first, last, len(states), states[0] if states else "", len(locations), locations[0] if locations else "",
        len(left_from), left_from[0] if left_from else "", len(captures),
    )  # fmt: skip
