"""Stretches: the units of a line, cut wherever something else is said of them than of the unit before.

What an order says of units (states, fulfillments, shipments, captures) stands in many places of its value. Side by side in
one row, almost every invariant of units is a plain condition.
"""

from collections.abc import Iterator
from itertools import pairwise

from segue.store.audit_orders import Order, Ranges

About = list[tuple[str, Ranges]]  # a location or a transaction, and the units
Said = tuple[About, About, About]  # what fulfillments, shipments and captures say of the units of a line

# first, last; how many states, and the first of them; the same for fulfillments and shipments, with their location; how
# many captures. A plain tuple, since there are so many of them.
Stretch = tuple[int, int, int, str, int, str, int, str, int]


def said_of_lines(order: Order) -> dict[int, Said]:
    """By line, what fulfillments, shipments and captures say of its units; lines that the order does not have included."""
    found: dict[int, Said] = {line.number: ([], [], []) for line in order.lines}
    for fulfillment in order.fulfillments.values():
        _note(found, 0, fulfillment.location, fulfillment.units)
    for shipment in order.shipments.values():
        giver = order.fulfillments.get(shipment.fulfillment)
        _note(found, 1, giver.location if giver else "", shipment.units)
    for name, done in order.transactions.items():
        if done.units and done.kind == "capture" and done.outcome != "declined":
            _note(found, 2, name, done.units)
    return found


def _note(found: dict[int, Said], kind: int, name: str, units: dict[int, Ranges]) -> None:
    for line, ranges in units.items():
        if line not in found:
            found[line] = ([], [], [])
        found[line][kind].append((name, ranges))


def stretches_of(quantity: int, tally: dict[str, Ranges], said: Said) -> Iterator[Stretch]:
    """The stretches of a line."""
    if len(tally) == 1:  # as it mostly is: whatever is said is said of all units
        whole = ((1, quantity),)
        given, left, charged = said
        ((state, units),) = tally.items()
        if units == whole and all(map(whole.__eq__, [units for _, units in given + left + charged])):
            yield (
                1, quantity, 1, state, len(given), given[0][0] if given else "", len(left), left[0][0] if left else "",
                len(charged),
            )  # fmt: skip
            return
    yield from _cut(quantity, list(tally.items()), said)


def _cut(quantity: int, states: About, said: Said) -> Iterator[Stretch]:
    kinds = (states, *said)
    ends = {edge for each in kinds for _, units in each for first, last in units for edge in (first, last + 1)}
    if quantity < 1 and not ends:
        yield (1, quantity, 0, "", 0, "", 0, "", 0)
    for first, after in pairwise(sorted(ends | {1, quantity + 1})):
        state, given, left, charged = ([name for name, units in each if _holds(units, first)] for each in kinds)
        if first <= quantity or state or given or left or charged:
            yield (
                first, after - 1, len(state), "".join(state[:1]), len(given), "".join(given[:1]), len(left),
                "".join(left[:1]), len(charged),
            )  # fmt: skip


def _holds(units: Ranges, unit: int) -> bool:
    return any(first <= unit <= last for first, last in units)
