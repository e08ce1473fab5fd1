"""Recurrences: on which days something is due, as RFC 5545 writes it: `FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=15`.

Days only: at which hour of them, by whose clock, the subscription says. A day that a month has not is its last day, as
RFC 7529 writes `SKIP=BACKWARD`; with `SKIP=OMIT` there is none in that month, which is what RFC 5545 alone would have.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from msgspec import convert

from segue.core.base import Refusal, Refused, Value
from segue.core.subscription.months import days_of, last_of, month_of, nth_weekday

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
NUMBER = re.compile(r"[+-]?[0-9]{1,4}")
WEEKDAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:T[0-9]{6}Z?)?")
RULE_LENGTH_MAX = 500
AHEAD_DAYS_MAX = 36_525  # what does not fire within a century never does
RULES_KEPT = 4096


class Rule(Value):
    """A recurrence, read."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: date | None = None
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()  # which of its kind in the period, 0 for each; and the day, 0 for Monday
    positions: tuple[int, ...] = ()  # which of all days of a period
    week_start: int = 0
    omit: bool = False  # a day that a month has not is left out


@lru_cache(RULES_KEPT)
def rule_of(text: str) -> Rule:
    """The rule that a text is. Refused with RECURRENCE_UNREADABLE and what is wrong with it."""
    if len(text) > RULE_LENGTH_MAX:
        raise _unreadable(text[:40], f"longer than {RULE_LENGTH_MAX} characters")
    fields: dict[str, str] = {}
    for part in text.strip().removeprefix("RRULE:").upper().split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name in fields:
            raise _unreadable(text, f"`{part}` is not NAME=VALUE as in FREQ=MONTHLY, or comes twice")
        if name not in READERS:
            raise _unreadable(text, f"{name} is not known here: {', '.join(READERS)}")
        fields[name] = value
    if "FREQ" not in fields:
        raise _unreadable(text, "FREQ is missing")
    try:
        rule = convert(dict(READERS[name](value) for name, value in fields.items()), Rule)
    except ValueError as error:
        raise _unreadable(text, str(error)) from error
    if wrong := _wrong_with(rule):
        raise _unreadable(text, wrong)
    return rule


def _unreadable(text: str, why: str) -> Refused:
    return Refused(Refusal.RECURRENCE_UNREADABLE, f"{text}: {why}")


def _wrong_with(rule: Rule) -> str:
    if rule.count is not None and rule.until is not None:
        return "COUNT and UNTIL are one or the other"
    if rule.frequency == "WEEKLY" and rule.month_days:
        return "BYMONTHDAY says nothing of weeks"
    if rule.frequency in ("DAILY", "WEEKLY") and any(nth for nth, _ in rule.weekdays):
        return "which Monday it is can be said of months and years only"
    if rule.frequency == "YEARLY" and rule.month_days and not rule.months:
        return "BYMONTHDAY of a year needs BYMONTH"
    by = (rule.months, rule.month_days, rule.weekdays)
    return "BYSETPOS needs another BY" if rule.positions and not any(by) else ""


def _frequency(text: str) -> tuple[str, str]:
    if text not in FREQUENCIES:
        raise ValueError(f"FREQ is {', '.join(FREQUENCIES)}: cycles are days, and not {text}")
    return "frequency", text


def _numbers(name: str, text: str, low: int, high: int, signed: bool = False) -> tuple[int, ...]:
    found = []
    for each in text.split(","):
        number = int(each) if NUMBER.fullmatch(each) else 0
        if not low <= (abs(number) if signed else number) <= high:
            raise ValueError(f"{name} has numbers of {low} to {high}, and not {each}")
        found.append(number)
    return tuple(sorted(set(found)))


def _interval(text: str) -> tuple[str, int]:
    return "interval", _numbers("INTERVAL", text, 1, 1000)[0]


def _count(text: str) -> tuple[str, int]:
    return "count", _numbers("COUNT", text, 1, 9999)[0]


def _until(text: str) -> tuple[str, date]:
    found = DAY.fullmatch(text)
    if not found:
        raise ValueError(f"UNTIL is a day as in 20271231, and not {text}")
    return "until", date(*map(int, found.groups()))


def _weekdays(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    found = set()
    for each in text.split(","):
        match = WEEKDAY.fullmatch(each)
        nth = int(match[1] or 0) if match else 0
        if not match or abs(nth) > 53 or (match[1] and not nth):
            raise ValueError(f"BYDAY has days as in MO, 2TU or -1FR, and not {each}")
        found.add((nth, WEEKDAYS.index(match[2])))
    return "weekdays", tuple(sorted(found))


def _week_start(text: str) -> tuple[str, int]:
    if text not in WEEKDAYS:
        raise ValueError(f"WKST is one of {', '.join(WEEKDAYS)}, and not {text}")
    return "week_start", WEEKDAYS.index(text)


def _skip(text: str) -> tuple[str, bool]:
    if text not in ("OMIT", "BACKWARD"):
        raise ValueError(f"SKIP is OMIT or BACKWARD, and not {text}")
    return "omit", text == "OMIT"


READERS = {
    "FREQ": _frequency,
    "INTERVAL": _interval,
    "COUNT": _count,
    "UNTIL": _until,
    "BYMONTH": lambda text: ("months", _numbers("BYMONTH", text, 1, 12)),
    "BYMONTHDAY": lambda text: ("month_days", _numbers("BYMONTHDAY", text, 1, 31, signed=True)),
    "BYDAY": _weekdays,
    "BYSETPOS": lambda text: ("positions", _numbers("BYSETPOS", text, 1, 366, signed=True)),
    "WKST": _week_start,
    "SKIP": _skip,
}


def following(rule: Rule, start: date, after: date) -> date | None:
    """The first day after another on which a rule is due that starts on `start`, COUNT left aside; None if none is."""
    after = max(after, start - timedelta(1))
    last = after + timedelta(AHEAD_DAYS_MAX)
    if rule.until is not None:
        last = min(last, rule.until)
    for days in PERIODS[rule.frequency](rule, start, after, last):
        for day in _chosen(rule, days):
            if day > last:
                return None
            if day > after:
                return day
    return None


def _chosen(rule: Rule, days: list[date]) -> list[date]:
    if not rule.positions:
        return days
    count = len(days)
    wanted = {at - 1 if at > 0 else count + at for at in rule.positions}
    return [day for at, day in enumerate(days) if at in wanted]


def _daily(rule: Rule, start: date, after: date, last: date) -> Iterator[list[date]]:
    step = timedelta(rule.interval)
    day = start + step * (max((after - start).days, 0) // rule.interval)
    while day <= last:
        if _is_in_months(rule, day) and _is_month_day(rule, day) and _is_weekday(rule, day):
            yield [day]
        day += step


def _is_in_months(rule: Rule, day: date) -> bool:
    return not rule.months or day.month in rule.months


def _is_month_day(rule: Rule, day: date) -> bool:
    return not rule.month_days or day in days_of(day.year, day.month, rule.month_days, rule.omit)


def _is_weekday(rule: Rule, day: date) -> bool:
    return not rule.weekdays or any(weekday == day.weekday() for _, weekday in rule.weekdays)


def _weekly(rule: Rule, start: date, after: date, last: date) -> Iterator[list[date]]:
    begin = start - timedelta((start.weekday() - rule.week_start) % 7)
    weeks = max((after - begin).days, 0) // 7 // rule.interval * rule.interval
    wanted = [weekday for _, weekday in rule.weekdays] or [start.weekday()]
    offsets = sorted((weekday - rule.week_start) % 7 for weekday in wanted)
    week = begin + timedelta(7 * weeks)
    while week <= last:
        days = (week + timedelta(offset) for offset in offsets)
        yield [day for day in days if _is_in_months(rule, day)]
        week += timedelta(7 * rule.interval)


def _monthly(rule: Rule, start: date, after: date, last: date) -> Iterator[list[date]]:
    first = month_of(start)
    month = first + (max(month_of(after) - first, 0)) // rule.interval * rule.interval
    while month <= month_of(last):
        year, number = month // 12, month % 12 + 1
        if not rule.months or number in rule.months:
            yield _days_in_month(rule, year, number, start.day)
        month += rule.interval


def _days_in_month(rule: Rule, year: int, month: int, usual: int) -> list[date]:
    if rule.month_days:
        days = days_of(year, month, rule.month_days, rule.omit)
        return [day for day in days if _is_one_of(rule, day, date(year, month, 1), last_of(year, month))]
    if rule.weekdays:
        first, last = date(year, month, 1), last_of(year, month)
        return sorted({day for each in rule.weekdays for day in nth_weekday(first, last, *each)})
    return days_of(year, month, (usual,), rule.omit)


def _is_one_of(rule: Rule, day: date, first: date, last: date) -> bool:
    return not rule.weekdays or any(day in nth_weekday(first, last, *each) for each in rule.weekdays)


def _yearly(rule: Rule, start: date, after: date, last: date) -> Iterator[list[date]]:
    year = start.year + max(after.year - start.year, 0) // rule.interval * rule.interval
    while year <= last.year:
        if rule.weekdays and not rule.months:
            first, end = date(year, 1, 1), date(year, 12, 31)
            yield sorted({day for each in rule.weekdays for day in nth_weekday(first, end, *each)})
        else:
            months = rule.months or (start.month,)
            yield [day for month in months for day in _days_in_month(rule, year, month, start.day)]
        year += rule.interval


PERIODS = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly}
