"""Arrival: on which day a parcel is with its customer, and when a location has to be asked so that this is the day wanted.

Both ask the promise that is made forward in time, so that they agree with it: on the days of calendars, in the hour in
which clocks are changed, across time zones.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from segue.core.bringing import sent_to
from segue.core.calendar import DAY_S, EPOCH, ahead_s
from segue.core.delivery import leaves, promised
from segue.core.facts import Facts, Location
from segue.core.moments import is_possible
from segue.core.order import Order

NEVER_S = 2**40
NEVER = 4_000_000  # after every day of the calendar
LOOK_BACK_DAYS_MAX = 1_024  # a location that is asked so much earlier has not been asked yet


class Reach(NamedTuple):
    """When a location would have to be asked for a parcel to arrive on a day, or on the last one before on which it can."""

    day: int  # on which it arrives then, as `date.toordinal` counts
    from_s: int  # who asks before has it leave sooner
    until_s: int  # who asks from here on has it later
    next_day: int  # on which it arrives then


def day_of(text: str) -> int | None:
    """The day of a date such as 2026-12-24; None if there is no such day, or no order can have it."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found.toordinal() if is_possible((found.toordinal() - EPOCH) * DAY_S) else None


def date_of(day: int) -> str:
    """The date of a day, such as 2026-12-24."""
    return date.fromordinal(day).isoformat()


def arrival_day(location: Location, order: Order, facts: Facts, at_s: int) -> int | None:
    """On which day, by the customer's clock, the parcel is there at the latest if the location is asked at an instant.

    None where nobody has said how long it is under way, or it is for years.
    """
    made = promised(location, order, facts, at_s)
    if made is None or made.deliver_by_s is None:
        return None
    return local_day(location, order, facts, made.deliver_by_s - 1)


def local_day(location: Location, order: Order, facts: Facts, at_s: int) -> int:
    """The day of an instant where a parcel of a location arrives; of an unknown place by the location's clock."""
    zone = facts.timetables.zone_at(location.time_zone, order.ship_to)
    return (at_s + ahead_s(zone, at_s)) // DAY_S + EPOCH


def reach(location: Location, order: Order, facts: Facts, day: int) -> Reach | None:
    """When to ask a location for a parcel to arrive on a day with its last departure that does.

    None if nobody knows how long it is under way.
    """

    def arrives(at_s: int) -> int:
        found = arrival_day(location, order, facts, at_s)
        return NEVER if found is None else found

    def leaving(at_s: int) -> int:
        found = leaves(location, facts, at_s)
        return NEVER_S if found is None else found

    end_s = (day - EPOCH + 2) * DAY_S  # it is over by then, in every time zone
    until_s = _first(arrives, day + 1, end_s)
    if until_s is None:
        return None
    last = arrives(until_s - 1)
    from_s = _first(leaving, leaving(until_s - 1), until_s)
    return Reach(last, until_s - 1 if from_s is None else from_s, until_s, arrives(until_s))


def ready_by(place: Location, order: Order, facts: Facts, store: Location, wanted_s: int) -> int | None:
    """When to ask a location for goods to be ready at a store by an instant; None if nobody knows how long that takes."""
    brought = place.id != store.id
    going = sent_to(order, store) if brought else order

    def ready(at_s: int) -> int:
        made = promised(place, going, facts, at_s)
        found = None if made is None else made.deliver_by_s if brought else made.ship_by_s
        return NEVER_S if found is None else found

    def leaving(at_s: int) -> int:
        found = leaves(place, facts, at_s)
        return NEVER_S if found is None else found

    until_s = _first(ready, wanted_s + 1, wanted_s + DAY_S)
    return None if until_s is None else _first(leaving, leaving(until_s - 1), until_s)


def _first(told: Callable[[int], int], wanted: int, high_s: int) -> int | None:
    """The first instant from which on what is told of it is as much as wanted, or more, if it is at `high_s`."""
    days = 2
    while told(low_s := high_s - days * DAY_S) >= wanted:
        days *= 2
        if days > LOOK_BACK_DAYS_MAX:
            return None
    while high_s - low_s > 1:  # what is asked for later does not leave or arrive sooner
        middle_s = (low_s + high_s) // 2
        if told(middle_s) >= wanted:
            high_s = middle_s
        else:
            low_s = middle_s
    return high_s


def first_possible(places: Iterable[Location], order: Order, facts: Facts, now_s: int, day: int) -> int | None:
    """The first day from the wanted one on that any of these locations can reach; None: nobody knows of one."""
    found = [made for place in places if (made := _possible(place, order, facts, now_s, day)) is not None]
    return min(found, default=None)


def _possible(place: Location, order: Order, facts: Facts, now_s: int, day: int) -> int | None:
    soonest = arrival_day(place, order, facts, now_s)
    if soonest is None or soonest >= day:
        return soonest
    there = reach(place, order, facts, day)
    if there is not None and there.day == day:
        return day
    return there.next_day if there is not None and there.next_day < NEVER else None
