"""Recurrences: the days of rules, and what is no rule. A walk through every day is the witness of their laws."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segue.core.base import Refusal, Refused
from segue.core.subscription.recurrence import WEEKDAYS, following, rule_of

START = date(2026, 1, 31)


def days(text: str, start: date = START, most: int = 5) -> list[str]:
    """The first days of a rule."""
    found: list[str] = []
    after: date | None = start - timedelta(1)
    while after is not None and len(found) < most:
        after = following(rule_of(text), start, after)
        if after is not None:
            found.append(after.isoformat()[2:])
    return found


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("FREQ=DAILY", START, ["26-01-31", "26-02-01", "26-02-02"]),
        ("FREQ=DAILY;INTERVAL=10", START, ["26-01-31", "26-02-10", "26-02-20"]),
        ("FREQ=DAILY;BYDAY=SA,SU;BYMONTH=3", START, ["26-03-01", "26-03-07", "26-03-08"]),
        ("FREQ=DAILY;BYMONTHDAY=31", START, ["26-01-31", "26-02-28", "26-03-31"]),
        ("FREQ=DAILY;BYMONTHDAY=31;SKIP=OMIT", START, ["26-01-31", "26-03-31", "26-05-31"]),
        ("FREQ=WEEKLY", START, ["26-01-31", "26-02-07", "26-02-14"]),
        ("FREQ=WEEKLY;BYDAY=MO,TH", START, ["26-02-02", "26-02-05", "26-02-09"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;WKST=MO", date(2026, 1, 6), ["26-01-06", "26-01-11", "26-01-20"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;WKST=SU", date(2026, 1, 6), ["26-01-06", "26-01-18", "26-01-20"]),
        ("FREQ=WEEKLY;BYMONTH=3", START, ["26-03-07", "26-03-14", "26-03-21"]),
        ("FREQ=MONTHLY", START, ["26-01-31", "26-02-28", "26-03-31", "26-04-30"]),
        ("FREQ=MONTHLY;SKIP=OMIT", START, ["26-01-31", "26-03-31", "26-05-31"]),
        ("FREQ=MONTHLY;INTERVAL=3", START, ["26-01-31", "26-04-30", "26-07-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=1,-1", START, ["26-01-31", "26-02-01", "26-02-28"]),
        ("FREQ=MONTHLY;BYMONTHDAY=30,31", START, ["26-01-31", "26-02-28", "26-03-30"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-31", START, ["26-03-01", "26-05-01", "26-07-01"]),
        ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", START, ["26-02-13", "26-03-13", "26-11-13"]),
        ("FREQ=MONTHLY;BYDAY=2TU,-1FR", START, ["26-02-10", "26-02-27", "26-03-10"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", START, ["26-02-27", "26-03-31", "26-04-30"]),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1", START, ["26-02-02", "26-03-02", "26-04-06"]),
        ("FREQ=MONTHLY;BYMONTH=6,7", START, ["26-06-30", "26-07-31", "27-06-30"]),
        ("FREQ=YEARLY", date(2024, 2, 29), ["24-02-29", "25-02-28", "26-02-28", "27-02-28", "28-02-29"]),
        ("FREQ=YEARLY;SKIP=OMIT", date(2024, 2, 29), ["24-02-29", "28-02-29", "32-02-29"]),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=1,7", START, ["26-01-31", "26-07-31", "28-01-31"]),
        ("FREQ=YEARLY;BYDAY=1MO", START, ["27-01-04", "28-01-03"]),
        ("FREQ=YEARLY;BYDAY=53TH", START, ["26-12-31", "32-12-30"]),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", START, ["26-11-26", "27-11-25"]),
        ("FREQ=MONTHLY;UNTIL=20260401", START, ["26-01-31", "26-02-28", "26-03-31"]),
        ("RRULE:FREQ=monthly;UNTIL=2026-02-28T235959Z", START, ["26-01-31", "26-02-28"]),
    ],
)
def test_the_days_of_a_rule(text: str, start: date, expected: list[str]) -> None:
    found = days(text, start, len(expected) + 1)
    assert found[: len(expected)] == expected


def test_until_is_the_last_day() -> None:
    assert days("FREQ=MONTHLY;UNTIL=20260330") == ["26-01-31", "26-02-28"]
    assert days("FREQ=DAILY;UNTIL=20260201") == ["26-01-31", "26-02-01"]


@pytest.mark.parametrize("frequency", ["DAILY", "MONTHLY", "YEARLY"])
def test_a_rule_that_never_fires_has_no_days(frequency: str) -> None:
    assert days(f"FREQ={frequency};BYMONTH=2;BYMONTHDAY=30;SKIP=OMIT") == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "NAME=VALUE"),
        ("FREQ", "NAME=VALUE"),
        ("FREQ=DAILY;FREQ=DAILY", "comes twice"),
        ("INTERVAL=2", "FREQ is missing"),
        ("FREQ=HOURLY", "cycles are days"),
        ("FREQ=DAILY;BYWEEKNO=2", "BYWEEKNO is not known"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL has numbers of 1 to 1000"),
        ("FREQ=DAILY;INTERVAL=x", "and not X"),
        ("FREQ=DAILY;COUNT=10000", "COUNT has numbers of 1 to 9999"),
        ("FREQ=DAILY;COUNT=1;UNTIL=20270101", "one or the other"),
        ("FREQ=DAILY;UNTIL=20270230", "day is out of range"),
        ("FREQ=DAILY;UNTIL=tomorrow", "UNTIL is a day"),
        ("FREQ=DAILY;BYMONTH=-1", "BYMONTH has numbers"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "says nothing of weeks"),
        ("FREQ=WEEKLY;BYDAY=2MO", "months and years only"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY has days"),
        ("FREQ=YEARLY;BYDAY=0MO", "BYDAY has days"),
        ("FREQ=YEARLY;BYDAY=54MO", "BYDAY has days"),
        ("FREQ=YEARLY;BYMONTHDAY=1", "needs BYMONTH"),
        ("FREQ=MONTHLY;BYSETPOS=1", "needs another BY"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "BYSETPOS has numbers"),
        ("FREQ=WEEKLY;WKST=X", "WKST is one of"),
        ("FREQ=WEEKLY;SKIP=FORWARD", "SKIP is OMIT or BACKWARD"),
        ("FREQ=DAILY;BYMONTH=" + ",".join(["1"] * 300), "longer than"),
    ],
)
def test_what_is_no_rule_is_refused(text: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        rule_of(text)
    assert refused.value.refusal is Refusal.RECURRENCE_UNREADABLE
    assert why in refused.value.detail


def walked(frequency: str, interval: int, weekdays: set[int], start: date, until: date) -> list[date]:
    """Every day from the start on that is due, found by looking at each."""
    found = []
    for number in range((until - start).days + 1):
        day = start + timedelta(number)
        last = monthrange(day.year, day.month)[1]
        months = (day.year - start.year) * 12 + day.month - start.month
        weeks = (day - (start - timedelta(start.weekday()))).days // 7
        if frequency == "DAILY":
            is_due = number % interval == 0 and (not weekdays or day.weekday() in weekdays)
        elif frequency == "WEEKLY":
            is_due = weeks % interval == 0 and day.weekday() in (weekdays or {start.weekday()})
        elif frequency == "MONTHLY" and not weekdays:
            is_due = months % interval == 0 and day.day == min(start.day, last)
        elif frequency == "MONTHLY":
            is_due = months % interval == 0 and day.weekday() in weekdays
        else:
            is_due = months % (12 * interval) == 0 and day.day == min(start.day, last)
        if is_due:
            found.append(day)
    return found


@settings(max_examples=150, deadline=None)
@given(
    frequency=st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    interval=st.integers(1, 7),
    weekdays=st.sets(st.integers(0, 6), max_size=3),
    start=st.dates(date(2023, 1, 1), date(2028, 12, 31)),
)
def test_a_rule_has_the_days_that_a_walk_through_the_calendar_finds(
    frequency: str, interval: int, weekdays: set[int], start: date
) -> None:
    wanted = set() if frequency == "YEARLY" else weekdays
    by = f";BYDAY={','.join(WEEKDAYS[day] for day in sorted(wanted))}" if wanted else ""
    until = start + timedelta(800)
    text = f"FREQ={frequency};INTERVAL={interval}{by};UNTIL={until:%Y%m%d}"
    expected = [day.isoformat()[2:] for day in walked(frequency, interval, wanted, start, until)]
    assert days(text, start, 900) == expected
