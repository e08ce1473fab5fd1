"""Timetables against a model that goes day by day, minute by minute, with the time zone database itself."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from segue.core.calendar import ALWAYS, DAY_S, Calendar, Clock, Closed, Hours, Timing, Transit, Zone, hours_of
from segue.core.draft import Destination
from segue.core.timetable import AHEAD_DAYS, Timetable, Timetables
from segue.loader.time_zones import expanded

ZONES = (
    "UTC", "Europe/Berlin", "America/New_York", "Australia/Sydney", "America/Santiago", "Australia/Lord_Howe",
    "Asia/Kolkata", "Pacific/Auckland", "Africa/Casablanca", "America/Havana", "Pacific/Apia", "Asia/Gaza",
)  # fmt: skip
HOUR_S = 3_600
OFFICE = Hours(8 * HOUR_S, 18 * HOUR_S, 14 * HOUR_S, 17 * HOUR_S)
WEEKDAYS = Calendar((OFFICE,) * 5 + (None, None))
BERLIN = "Europe/Berlin"


def at(text: str, zone: str = BERLIN) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def on_the_wall(day: date, seconds: int, zone: str) -> int:
    """The model's instant of a time of a day: the first instant whose wall clock shows it, or more."""
    wanted = datetime.combine(day, time()) + timedelta(seconds=seconds)
    local = wanted.replace(tzinfo=ZoneInfo(zone))
    instant = local.astimezone(UTC)
    if instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wanted:
        return int(instant.timestamp())
    low, high = int(instant.timestamp()) - 2 * DAY_S, int(instant.timestamp()) + 2 * DAY_S
    while high - low > 1:  # skipped: when the wall clock first shows something later
        middle = (low + high) // 2
        shown = datetime.fromtimestamp(middle, ZoneInfo(zone)).replace(tzinfo=None)
        low, high = (low, middle) if shown >= wanted else (middle, high)
    return high


def working(calendar: Calendar, day: date) -> Hours | None:
    """The model's hours of a day."""
    if day in calendar.holidays or (day.month, day.day) in calendar.yearly:
        return None
    if any(closed.first <= day <= closed.last for closed in calendar.closed):
        return None
    return calendar.week[day.weekday()]


def days_from(calendar: Calendar, zone: str, at_s: int) -> list[tuple[date, Hours]]:
    """The model's working days, from the day before an instant on."""
    start = datetime.fromtimestamp(at_s, ZoneInfo(zone)).date() - timedelta(1)
    every = [start + timedelta(each) for each in range(500)]
    found = [(day, hours) for day in every if (hours := working(calendar, day))]
    return [
        (day, hours)
        for day, hours in found
        if on_the_wall(day, hours.opens_s, zone) < on_the_wall(day, hours.closes_s, zone)
    ]


def model_leaves(calendar: Calendar, zone: str, at_s: int, days: int, work_s: int) -> int:
    """When an order leaves: day by day."""
    every = days_from(calendar, zone, at_s)
    begun = next(i for i, (day, hours) in enumerate(every) if on_the_wall(day, hours.cut_off_s, zone) > at_s)
    ready_s = at_s
    for i, (day, hours) in enumerate(every[begun + days :]):
        opens_s, closes_s = on_the_wall(day, hours.opens_s, zone), on_the_wall(day, hours.closes_s, zone)
        if i == 0:
            ready_s = opens_s if days else max(at_s, opens_s)
        if work_s:
            starts_s = max(ready_s, opens_s)
            done = min(work_s, closes_s - starts_s)
            work_s, ready_s = work_s - done, starts_s + done
        if not work_s and ready_s <= (leaves_s := on_the_wall(day, hours.pick_up_s, zone)):
            return leaves_s
    raise AssertionError("never")


def model_arrives(calendar: Calendar, zone: str, leaves_s: int, fewest: int, most: int) -> tuple[int, int]:
    """From when to when a parcel arrives: day by day."""
    every = [
        (day, hours)
        for day, hours in days_from(calendar, zone, leaves_s)
        if on_the_wall(day + timedelta(1), 0, zone) > leaves_s
    ]
    (first, opening), (last, closing) = every[fewest], every[most]
    earliest, latest = on_the_wall(first, opening.opens_s, zone), on_the_wall(last, closing.closes_s, zone)
    return max(leaves_s, earliest), max(leaves_s, latest)


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    opens, closes = sorted(draw(st.lists(st.integers(0, 96), min_size=2, max_size=2, unique=True)))
    pick_up = draw(st.integers(opens, closes))
    return Hours(opens * 900, closes * 900, draw(st.integers(0, closes)) * 900, pick_up * 900)


DATES = st.dates(date(2024, 1, 1), date(2027, 12, 31))
PERIODS = st.builds(lambda first, days: Closed(first, first + timedelta(days)), DATES, st.integers(0, 30))
CALENDARS = st.builds(
    Calendar,
    st.tuples(*[st.none() | hours()] * 7).filter(any),
    st.frozensets(DATES, max_size=4),
    st.frozensets(st.tuples(st.integers(1, 12), st.integers(1, 28)), max_size=4),
    st.lists(PERIODS, max_size=2).map(tuple),
)
INSTANTS = st.integers(at("2024-06-01T00:00"), at("2027-06-01T00:00"))


@given(CALENDARS, st.sampled_from(ZONES), INSTANTS, st.integers(0, 5), st.sampled_from((0, HOUR_S, 5 * HOUR_S, 90_000)))
@example(Calendar((OFFICE,) * 7), BERLIN, at("2026-03-28T23:30"), 1, 3 * HOUR_S)  # clocks are put forward
@example(Calendar((OFFICE,) * 7), BERLIN, at("2026-10-24T23:30"), 1, 3 * HOUR_S)  # and back
@example(ALWAYS, "Australia/Sydney", at("2026-04-04T12:00", "Australia/Sydney"), 0, 90_000)
@example(ALWAYS, "America/Santiago", at("2026-09-05T12:00", "America/Santiago"), 0, 90_000)
def test_an_order_leaves_when_a_model_that_counts_days_says(
    calendar: Calendar, zone: str, at_s: int, days: int, work_s: int
) -> None:
    found = Timetable(calendar, expanded(zone)).leaves(at_s, days, work_s)
    assert found == model_leaves(calendar, zone, at_s, days, work_s)
    assert found is not None
    assert found >= at_s


@given(CALENDARS, st.sampled_from(ZONES), INSTANTS, st.integers(0, 4), st.integers(0, 6))
@example(ALWAYS, "Europe/Berlin", at("2026-03-28T23:30"), 1, 2)
@example(ALWAYS, "America/Havana", at("2026-03-07T23:30", "America/Havana"), 1, 1)  # midnight is skipped
def test_a_parcel_arrives_when_a_model_that_counts_days_says(
    calendar: Calendar, zone: str, leaves_s: int, fewest: int, more: int
) -> None:
    days = (fewest, fewest + more)
    assert Timetable(calendar, expanded(zone)).arrives(leaves_s, days) == model_arrives(calendar, zone, leaves_s, *days)


@given(CALENDARS, st.sampled_from(ZONES), INSTANTS)
def test_no_order_leaves_before_one_that_came_in_earlier(calendar: Calendar, zone: str, at_s: int) -> None:
    known = Timetable(calendar, expanded(zone))
    times = [known.leaves(at_s + minutes * 60, 1, HOUR_S) or 0 for minutes in range(0, 4_000, 37)]
    assert times == sorted(times)


@given(st.sampled_from(ZONES), st.dates(date(2012, 1, 1), date(2058, 1, 1)), st.integers(0, DAY_S))
def test_the_clock_of_a_table_shows_what_the_database_says(zone: str, day: date, seconds: int) -> None:
    wall_s = int(datetime.combine(day, time(), UTC).timestamp()) + seconds
    assert Clock(expanded(zone)).utc(wall_s) == on_the_wall(day, seconds, zone)


CASES = (
    ("a Monday morning leaves that day", "2026-11-23T09:00", 0, 0, "2026-11-23T17:00"),
    ("at the cut-off it is too late", "2026-11-23T14:00", 0, 0, "2026-11-24T17:00"),
    ("a second before it is not", "2026-11-23T13:59:59", 0, 0, "2026-11-23T17:00"),
    ("Friday afternoon is Monday", "2026-11-27T15:00", 0, 0, "2026-11-30T17:00"),
    ("a day of handling", "2026-11-27T09:00", 1, 0, "2026-11-30T17:00"),
    ("four hours are ready before the pick-up", "2026-11-23T13:00", 0, 4, "2026-11-23T17:00"),
    ("five hours are not", "2026-11-23T13:00", 0, 5, "2026-11-24T17:00"),
    ("work goes on the next morning", "2026-11-23T13:00", 0, 12, "2026-11-24T17:00"),
)


@pytest.mark.parametrize(("comes", "days", "hours_", "leaves"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_cut_offs_and_handling_say_when_it_leaves(comes: str, days: int, hours_: int, leaves: str) -> None:
    assert Timetable(WEEKDAYS, expanded(BERLIN)).leaves(at(comes), days, hours_ * HOUR_S) == at(leaves)


def test_a_holiday_and_a_closed_period_are_no_working_days() -> None:
    christmas = Calendar(
        WEEKDAYS.week, frozenset({date(2026, 12, 24)}), frozenset({(12, 25)}),
        (Closed(date(2026, 12, 28), date(2026, 12, 31)), Closed(date(2026, 5, 1), date(2026, 5, 1))),
    )  # fmt: skip
    known = Timetable(christmas, expanded(BERLIN))
    assert known.leaves(at("2026-12-23T14:00")) == at("2027-01-01T17:00")
    assert hours_of(christmas, date(2027, 12, 25).toordinal()) is None


def test_a_day_that_a_zone_has_left_out_is_no_working_day() -> None:
    apia = "Pacific/Apia"  # went from the evening of December 29, 2011, to the morning of the 31st
    known = Timetable(Calendar((OFFICE,) * 7), expanded(apia))
    thursday = at("2011-12-29T09:00", apia)
    assert known.leaves(thursday, 1) == at("2011-12-31T17:00", apia) == thursday + DAY_S + 8 * HOUR_S


def test_a_place_that_is_closed_for_years_promises_nothing() -> None:
    closed = tuple(Closed(date(2026 + n, 1, 1), date(2026 + n, 12, 31)) for n in range(5))
    known = Timetable(Calendar(WEEKDAYS.week, closed=closed), expanded(BERLIN))
    assert known.leaves(at("2026-02-01T09:00")) is None
    assert known.arrives(at("2026-02-01T09:00"), (1, 2)) is None


def test_handling_that_ends_beyond_what_is_known_promises_nothing() -> None:
    assert Timetable(WEEKDAYS, Zone()).leaves(at("2026-02-01T09:00"), AHEAD_DAYS) is None
    assert Timetable(WEEKDAYS, Zone()).leaves(at("2026-02-01T09:00"), 0, AHEAD_DAYS * DAY_S) is None


def test_a_day_is_cut_off_only_if_it_is_a_working_day() -> None:
    known = Timetable(WEEKDAYS, expanded(BERLIN))
    cases = {"2026-11-23T13:00": False, "2026-11-23T14:00": True, "2026-11-23T23:59": True, "2026-11-28T15:00": False}
    assert {text: known.is_cut_off(at(text)) for text in cases} == cases


def test_the_smallest_place_says_how_long_a_parcel_is_under_way() -> None:
    transit = Transit({"DE": (1, 2), "DE-BY": (3, 3), "*": (5, 9)}, {"MUC": {"DE": (1, 1)}}, "carrier")
    carrier = Calendar((Hours(8 * HOUR_S, 20 * HOUR_S, 20 * HOUR_S, 20 * HOUR_S),) * 6 + (None,))
    known = Timetables(Timing(BERLIN, {"carrier": carrier}, {BERLIN: expanded(BERLIN)}, {"standard": transit}))
    friday = at("2026-11-27T17:00")

    def arrives(location: str, country: str, region: str = "", method: str = "standard") -> tuple[int, int] | None:
        return known.arrives(location, "", method, Destination(country, region), friday)

    assert arrives("BER", "DE") == (at("2026-11-28T08:00"), at("2026-11-30T20:00"))
    assert arrives("BER", "DE", "BY") == (at("2026-12-01T08:00"), at("2026-12-01T20:00"))
    assert arrives("MUC", "DE") == (at("2026-11-28T08:00"), at("2026-11-28T20:00"))
    assert arrives("MUC", "FR") == arrives("BER", "FR") == (at("2026-12-03T08:00"), at("2026-12-08T20:00"))
    assert arrives("BER", "DE", method="pigeon") is None


def test_a_place_that_no_table_names_has_no_arrival() -> None:
    known = Timetables(Timing(transit={"standard": Transit({"DE": (1, 2)})}))
    assert known.arrives("BER", "", "standard", Destination("FR"), 0) is None
