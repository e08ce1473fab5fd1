"""Timetables: calendars worked out into instants, so that a date is looked up and not counted day by day."""

from bisect import bisect_left, bisect_right
from typing import NamedTuple

from segue.core.calendar import ALWAYS, DAY_S, EPOCH, Calendar, Clock, Days, Timing, Transit, Zone, hours_of
from segue.core.draft import Destination

STEP_DAYS = 366  # a stretch is for the instants of so many days
AHEAD_DAYS = 1_100  # and knows the working days of so many
DAY_LAST = 3_652_000  # the calendar's own end, less a little: the year 9999
ANYWHERE = "*"
UTC = "UTC"


class Stretch(NamedTuple):
    """The working days of some years, in UTC: one entry a day, each list ascending."""

    opens: list[int]
    cut_offs: list[int]
    pick_ups: list[int]
    closes: list[int]
    ends: list[int]  # the midnight after it
    worked: list[int]  # seconds of work before it


class Timetable:
    """When a place works, in one time zone. Its stretches are worked out when they are first asked for."""

    def __init__(self, calendar: Calendar, zone: Zone) -> None:
        self.calendar = calendar
        self.clock = Clock(zone)
        self._stretches: dict[int, Stretch] = {}

    def leaves(self, at_s: int, days: int = 0, work_s: int = 0) -> int | None:
        """When what comes in at an instant leaves, after so many working days and then seconds of work.

        It is begun on the first working day whose cut-off is still to come, and leaves with the first pick-up after it is
        ready. None if the calendar has no such day within three years.
        """
        known = self._stretch(at_s)
        first = bisect_right(known.cut_offs, at_s)
        day = first + days
        if day >= len(known.opens):
            return None
        ready_s = known.opens[day] if days else max(at_s, known.opens[day])
        if work_s:
            done = known.worked[day] + ready_s - known.opens[day] + work_s
            day = bisect_left(known.worked, done) - 1
            ready_s = known.opens[day] + done - known.worked[day]
        day = max(day, bisect_left(known.pick_ups, ready_s))
        return known.pick_ups[day] if day < len(known.opens) else None

    def arrives(self, leaves_s: int, days: Days) -> tuple[int, int] | None:
        """From when to when a parcel that leaves at an instant arrives, after so many days of delivery.

        The day on which it leaves is not counted, unless it arrives on that very day.
        """
        known = self._stretch(leaves_s)
        first = bisect_right(known.ends, leaves_s)
        fewest, most = days
        if first + most >= len(known.opens):
            return None
        return max(leaves_s, known.opens[first + fewest]), max(leaves_s, known.closes[first + most])

    def is_cut_off(self, at_s: int) -> bool:
        """Whether it is a working day whose cut-off is over."""
        known = self._stretch(at_s)
        return bisect_right(known.cut_offs, at_s) > bisect_right(known.ends, at_s)

    def opening(self, from_s: int, until_s: int) -> tuple[int, int] | None:
        """The hours of the working day within which a time lies, else those that come next; None: it opens no more."""
        known = self._stretch(from_s)
        day = bisect_right(known.opens, from_s) - 1
        if day < 0 or until_s > known.closes[day]:
            day += 1
        return (known.opens[day], known.closes[day]) if day < len(known.opens) else None

    def _stretch(self, at_s: int) -> Stretch:
        index = at_s // (STEP_DAYS * DAY_S)
        known = self._stretches.get(index)
        if known is None:
            first = EPOCH + index * STEP_DAYS - 2  # the day may be another one by the clock on the wall
            known = self._stretches[index] = _worked_out(self.calendar, self.clock, first)
        return known


def _worked_out(calendar: Calendar, clock: Clock, first: int) -> Stretch:
    """The working days from a day on."""
    made = Stretch([], [], [], [], [], [])
    worked = 0
    for day in range(max(1, first), min(DAY_LAST, first + AHEAD_DAYS)):
        hours = hours_of(calendar, day)
        if hours is None:
            continue
        midnight_s = (day - EPOCH) * DAY_S
        opens, closes = clock.utc(midnight_s + hours.opens_s), clock.utc(midnight_s + hours.closes_s)
        if closes == opens:  # a day that its zone has left out
            continue
        made.opens.append(opens)
        made.cut_offs.append(clock.utc(midnight_s + hours.cut_off_s))
        made.pick_ups.append(clock.utc(midnight_s + hours.pick_up_s))
        made.closes.append(closes)
        made.ends.append(clock.utc(midnight_s + DAY_S))
        made.worked.append(worked)
        worked += closes - opens
    return made


class Timetables:
    """A shop's calendars, each in the time of the places that keep it."""

    def __init__(self, timing: Timing) -> None:
        self.timing = timing
        self.is_known = bool(timing.calendars or timing.transit)  # or nothing is promised
        self._made: dict[tuple[str, str], Timetable] = {}

    def of(self, calendar: str, zone: str) -> Timetable:
        """When those who keep a calendar work, in a time zone; every day without a name, and the shop's zone."""
        key = (calendar, zone)
        found = self._made.get(key)
        if found is None:
            name = zone or self.timing.zone
            assert name in self.timing.zones or name == UTC, f"the offsets of {name} are not known"
            known = self.timing.calendars.get(calendar, ALWAYS)
            found = self._made[key] = Timetable(known, self.timing.zones.get(name, Zone()))
        return found

    def arrives(self, location: str, zone: str, method: str, to: Destination, leaves_s: int) -> tuple[int, int] | None:
        """From when to when a parcel arrives; None if nobody has said how long it is under way."""
        days = self.days(location, method, to)
        if days is None:
            return None
        calendar = self.timing.transit[method].calendar
        return self.of(calendar, self.zone_of(zone, to)).arrives(leaves_s, days)

    def days(self, location: str, method: str, to: Destination) -> Days | None:
        """How many days a parcel is under way; None if nobody has said it."""
        transit = self.timing.transit.get(method)
        return _days(transit, location, to) if transit else None

    def zone_of(self, zone: str, to: Destination) -> str:
        """The name of the time zone of a place: what the shop says of it, else that of who sends there."""
        customers = self.timing.customers
        if not customers:
            return zone
        return (
            customers.get(f"{to.country}-{to.region}") or customers.get(to.country) or customers.get(ANYWHERE) or zone
        )

    def zone_at(self, zone: str, to: Destination) -> Zone:
        """The same, with its offsets."""
        return self.timing.zones.get(self.zone_of(zone, to) or self.timing.zone, Zone())


def _days(transit: Transit, location: str, to: Destination) -> Days | None:
    """How many days a parcel is under way: those from this location first, and of those the ones of the smallest place."""
    area = to.postcode_area
    for table in (transit.origins.get(location), transit.days):
        if table:
            postcodes = (f"{to.country} {area[:length]}" for length in range(len(area), 0, -1))
            for place in (*postcodes, f"{to.country}-{to.region}", to.country, ANYWHERE):
                if place in table:
                    return table[place]
    return None


NO_TIMETABLES = Timetables(Timing())
