"""Months: their days by number and by weekday, as recurrences count them."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta


def month_of(day: date) -> int:
    """The month of a day, counted from the year 0."""
    return day.year * 12 + day.month - 1


def last_of(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def days_of(year: int, month: int, numbers: Iterable[int], omit: bool) -> list[date]:
    """The days of these numbers; below zero counted from the month's end, -1 is its last day.

    A number that the month has not is its last day, unless such days are left out.
    """
    length = monthrange(year, month)[1]
    found = set()
    for number in numbers:
        day = number if number > 0 else length + 1 + number
        if day > length and not omit:
            day = length
        if 1 <= day <= length:
            found.add(day)
    return [date(year, month, day) for day in sorted(found)]


def nth_weekday(first: date, last: date, nth: int, weekday: int) -> list[date]:
    """Of the days from `first` to `last` each of this weekday, or the n-th; below zero counted from the end."""
    begin = first + timedelta((weekday - first.weekday()) % 7)
    days = [begin + timedelta(7 * week) for week in range((last - begin).days // 7 + 1)]
    if nth == 0:
        return days
    at = nth - 1 if nth > 0 else len(days) + nth
    return [days[at]] if 0 <= at < len(days) else []
