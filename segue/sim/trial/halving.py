"""Halving: a bundle that is held as a whole is never halved by a step, also after its locations were asked to ship it.

The audit sees orders as they are. From the release on it cannot tell what is halved from what another location, or another
parcel, was asked for before, which stays on its way. Here the step is seen, and so what it began with.
"""

from collections.abc import Iterator, Mapping

from segue.core.bundle_units import ON_SHELVES, held_whole, touched
from segue.core.bundles import Bundle
from segue.core.order import Order, units_in
from segue.core.tally import GIVEN, LEFT, WAITING, Units, common, minus, union

Found = Mapping[int, Units]  # units by line
STOCKLESS = tuple(state for state in WAITING if state not in ON_SHELVES)
ENDED = ("canceled", *LEFT)  # what is left of their bundle stands for itself


def halved(before: Order, after: Order) -> Iterator[str]:
    """What a step has done to a part of a bundle only, that it has to do to all of it or to nothing."""
    if not after.bundles:
        return
    waiting, given = units_in(after, *WAITING), units_in(after, *GIVEN)
    torn = list(_torn(before, after))
    for key, bundle in held_whole(after):
        alone = union(_of(bundle, units_in(before, *ENDED)), _of(bundle, units_in(after, *ENDED)))
        asked_for = minus(_of(bundle, given), _of(bundle, units_in(before, *GIVEN)))
        if half := minus(common(asked_for, _of(bundle, waiting)), alone):
            yield f"of {key} the number {half[0][0]}: a location is asked for a part of it, and another waits"
        for name, lost, kept in torn:
            if half := minus(common(_of(bundle, lost), _of(bundle, kept)), alone):
                yield f"of {key} the number {half[0][0]}: a part of it is gone from {name}, and another stays there"


def _torn(before: Order, after: Order) -> Iterator[tuple[str, Found, Found]]:
    """By fulfillment, which of the units that it had wait for stock again, and which are there still."""
    there, still, waiting = units_in(before, *ON_SHELVES), units_in(after, *ON_SHELVES), units_in(after, *STOCKLESS)
    for name, made in before.fulfillments.items():
        had = _both(made.units, there)
        if lost := _both(had, waiting):
            yield name, lost, _both(had, _both(after.fulfillments[name].units, still))


def _both(some: Found, others: Found) -> Found:
    return {number: here for number, units in some.items() if (here := common(units, others.get(number, ())))}


def _of(bundle: Bundle, units: Found) -> Units:
    """The bundles that some units are of."""
    found: Units = ()
    for number, count in bundle.parts.items():
        found = union(found, touched(units.get(number, ()), count))
    return found
