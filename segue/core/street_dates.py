"""Street dates: the day before which an article may not leave, as lines have it, and when that day begins."""

from datetime import date

from segue.core.calendar import DAY_S, EPOCH, Clock, Zone, ahead_s
from segue.core.facts import Facts, Location
from segue.core.order import Line, Order
from segue.core.tally import in_state, size

NOWHERE = Location("")
HELD_BACK = ("reserved", "preordered")  # these wait for their street date


def zone_of(time_zone: str, facts: Facts) -> Zone:
    """The zone of this name; without a name the shop's."""
    timing = facts.timetables.timing
    return timing.zones.get(time_zone or timing.zone, Zone())


def day_of(at_s: int, time_zone: str, facts: Facts) -> str:
    """The day of an instant in a zone; midnight ends a day."""
    return date.fromordinal((at_s - 1 + ahead_s(zone_of(time_zone, facts), at_s)) // DAY_S + EPOCH).isoformat()


def begins_s(day: str, location: Location, facts: Facts) -> int:
    """When a day begins by the clock of a location, or by the shop's where it has none of its own."""
    return Clock(zone_of(location.time_zone, facts)).utc((date.fromisoformat(day).toordinal() - EPOCH) * DAY_S)


def waits_for_street(line: Line) -> bool:
    """Whether units of a line wait for a street date of which nobody has said yet that it has come."""
    return not line.is_out and any(in_state(line.tally, state) for state in HELD_BACK)


def waiting_lines(order: Order) -> list[Line]:
    """The lines of which units wait for a street date; mostly there are none."""
    return [line for line in order.lines if (line.street_date or "preordered" in line.tally) and waits_for_street(line)]


def untold_lines(order: Order) -> list[Line]:
    """The lines that wait for a street date which their customer was not told yet."""
    return [line for line in waiting_lines(order) if line.number in order.redated] if order.redated else []


def dated(order: Order) -> int:
    """How many units wait for a street date, those for which stock is set aside too."""
    return sum([size(in_state(line.tally, state)) for line in waiting_lines(order) for state in HELD_BACK])


def street_at(order: Order, facts: Facts) -> int | None:
    """When the first street date begins that units of an order wait for, by the shop's clock."""
    dates = [line.street_date for line in waiting_lines(order) if line.street_date]
    return begins_s(min(dates), NOWHERE, facts) if dates else None
