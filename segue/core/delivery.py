"""Delivery: when what a location is asked for leaves it, and when it arrives."""

from msgspec.structs import replace

from segue.core.bringing import sent_to
from segue.core.bundle_units import packed_of
from segue.core.calendar import DAY_S, Promised
from segue.core.context import Context
from segue.core.facts import Facts, Location
from segue.core.moving import without_units
from segue.core.order import Fulfillment, Line, Order
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


def promised_by(order: Order, location: str, context: Context, to: str = "") -> Promised | None:
    """When what a location is asked for now leaves it, and when it arrives: at the customer, or at the store `to`."""
    if to:
        order = sent_to(order, context.facts.locations[to])
    made = promised(context.facts.locations[location], order, context.facts, context.now_s)
    return Promised(made.ship_by_s) if made and to == location else made


def with_dates(order: Order, fulfillment: str, made: Promised) -> Order:
    """The order with what is promised of a fulfillment; the first promise of its lines is kept."""
    known = replace(order.fulfillments[fulfillment], promised=made)
    lines = tuple(_with_date(line, made) if line.number in known.units else line for line in order.lines)
    return replace(order, lines=lines, fulfillments=order.fulfillments | {fulfillment: known})


def _with_date(line: Line, made: Promised) -> Line:
    """A line's date is the latest of its units'; once a location has failed, it is not moved any more."""
    dates = [date for date in (line.deliver_by_s, made.deliver_by_s) if date is not None]
    if not dates or (line.attempts and line.deliver_by_s is not None):
        return line
    return replace(line, deliver_by_s=max(dates))


def parted(order: Order, name: str, location: str, units: dict[int, Units]) -> Order:
    """The order with units of a fulfillment as one of their own, of which is known what was known of that one."""
    here = (made for made in order.fulfillments.values() if _share(made.units, units))
    made = replace(next(here, Fulfillment(location, {})), units=units, released_at_s=None)
    if made.packed:
        made = replace(made, packed=packed_of(order, units, made.packed))
    order = without_units(order, units)
    return replace(order, fulfillments=order.fulfillments | {name: made})


def _share(units: dict[int, Units], others: dict[int, Units]) -> bool:
    return any(common(here, units.get(number, ())) for number, here in others.items())


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
