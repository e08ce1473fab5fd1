"""Calendars: the days on which a place works, its hours and cut-offs, and how its local time lies in UTC. Only data.

`segue.core.timetable` makes instants of it. No time zone database is asked: the offsets of a zone are a table, made where
the shop's files are read, and kept with whatever was decided by them.
"""

from bisect import bisect_right
from datetime import date

from segue.core.base import Value

DAY_S = 86_400
EPOCH = date(1970, 1, 1).toordinal()
HANDLING_DAYS_MAX = 250
TRANSIT_DAYS_MAX = 120


class Zone(Value):
    """The offsets of a time zone: the instants of its transitions, and the seconds ahead of UTC before and after each."""

    name: str = "UTC"
    starts: tuple[int, ...] = ()
    offsets: tuple[int, ...] = (0,)


class Hours(Value):
    """The hours of a working day, in seconds since its midnight by the clock on the wall."""

    opens_s: int = 0
    closes_s: int = DAY_S
    cut_off_s: int = DAY_S  # what comes in before it is begun on this day
    pick_up_s: int = DAY_S  # when what is ready leaves


class Closed(Value):
    """A period without work, both days included."""

    first: date
    last: date


class Calendar(Value):
    """On which days a place works, and how long."""

    week: tuple[Hours | None, ...]  # seven, from Monday on
    holidays: frozenset[date] = frozenset()
    yearly: frozenset[tuple[int, int]] = frozenset()  # month and day
    closed: tuple[Closed, ...] = ()


ALWAYS = Calendar((Hours(),) * 7)

Days = tuple[int, int]  # the fewest and the most


class Transit(Value):
    """How many days a parcel of one method is under way, by where it goes and, where that matters, where it comes from."""

    days: dict[str, Days] = {}  # destination -> days: `DE 803` before `DE 80` before `DE-BY` before `DE` before `*`
    origins: dict[str, dict[str, Days]] = {}  # the same by location, where it is not as usual
    calendar: str = ""  # the days on which it delivers; none: every day


class Timing(Value):
    """What a shop's files say of time: its calendars, the zones of its places, and how long its parcels are under way."""

    zone: str = "UTC"  # of the places that name none
    calendars: dict[str, Calendar] = {}
    zones: dict[str, Zone] = {}
    transit: dict[str, Transit] = {}  # by shipping method
    database: str = ""  # the version of the time zone database that the zones were read from
    customers: dict[str, str] = {}  # time zones by where customers are: `US-CA` before `US` before `*`


class Promised(Value):
    """When a parcel leaves its location, and when it arrives, as far as that is known."""

    ship_by_s: int
    deliver_from_s: int | None = None
    deliver_by_s: int | None = None


class Clock:
    """A zone's clock on the wall, and the instants that it shows."""

    def __init__(self, zone: Zone) -> None:
        offsets = zone.offsets
        self.starts, self.offsets = zone.starts, offsets
        self.walls = [start + max(offsets[i], offsets[i + 1]) for i, start in enumerate(zone.starts)]

    def utc(self, wall_s: int) -> int:
        """The instant of a time by the clock on the wall, both in seconds since 1970.

        Of a time that comes twice it is the first; one that is skipped is the moment at which the clocks are put forward.
        """
        index = bisect_right(self.walls, wall_s)
        instant = wall_s - self.offsets[index]
        return min(instant, self.starts[index]) if index < len(self.starts) else instant


def ahead_s(zone: Zone, at_s: int) -> int:
    """How many seconds a zone is ahead of UTC at an instant."""
    return zone.offsets[bisect_right(zone.starts, at_s)]


def hours_of(calendar: Calendar, day: int) -> Hours | None:
    """The hours of a day, counted as `date.toordinal` does; None if nobody works."""
    hours = calendar.week[(day - 1) % 7]
    if hours is None:
        return None
    on = date.fromordinal(day)
    if on in calendar.holidays or (on.month, on.day) in calendar.yearly:
        return None
    return None if any(closed.first <= on <= closed.last for closed in calendar.closed) else hours
