"""Delivery: when what a location is asked for leaves it, and when it arrives."""

from segue.core.calendar import DAY_S, Promised
from segue.core.facts import Facts, Location
from segue.core.order import Order
from segue.core.tally import Units, common
from segue.core.timetable import Timetable

LOOK_BACK_S = 14 * DAY_S


def promised(location: Location, order: Order, facts: Facts, at_s: int) -> Promised | None:
    """When what a location is asked for at an instant leaves it, and when it arrives as the order is to be shipped.

    None where the shop has no calendars, and where the location does not work for years.
    """
    timetables = facts.timetables
    if not timetables.is_known:
        return None
    leaves_s = leaves(location, facts, at_s)
    if leaves_s is None:
        return None
    arrives = timetables.arrives(location.id, location.time_zone, order.ship_method, order.ship_to, leaves_s)
    return Promised(leaves_s, *arrives) if arrives else Promised(leaves_s)


def promised_of(order: Order, units: dict[int, Units]) -> Promised | None:
    """What was promised of the fulfillment that has some of these units."""
    for made in order.fulfillments.values():
        if any(common(here, made.units.get(number, ())) for number, here in units.items()):
            return made.promised
    return None


def leaves(location: Location, facts: Facts, at_s: int) -> int | None:
    """When what a location is asked for at an instant leaves it; one without a calendar works around the clock."""
    timetable = timetable_of(location, facts)
    if timetable is None:
        return at_s + location.handling_days * DAY_S + location.handling_s
    return timetable.leaves(at_s, location.handling_days, location.handling_s)


def missed_s(location: Location, facts: Facts, at_s: int) -> int | None:
    """Before which instant an order would have had to come in to leave sooner; None if there was none for two weeks."""
    as_it_is = leaves(location, facts, at_s)
    low_s, high_s = at_s - LOOK_BACK_S, at_s
    if as_it_is is None or not location.calendar or leaves(location, facts, low_s) == as_it_is:
        return None
    while high_s - low_s > 1:  # who comes in later does not leave sooner
        middle_s = (low_s + high_s) // 2
        if leaves(location, facts, middle_s) == as_it_is:
            high_s = middle_s
        else:
            low_s = middle_s
    return high_s


def timetable_of(location: Location, facts: Facts) -> Timetable | None:
    """When a location works; None if it keeps no calendar."""
    return facts.timetables.of(location.calendar, location.time_zone) if location.calendar else None
