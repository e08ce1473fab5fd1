"""Scheduling: whether what shall arrive on a date can, and what a customer who collects has chosen."""

from collections.abc import Iterator

from segue.core.arrival import date_of, day_of, first_possible, local_day
from segue.core.calendar import DAY_S, EPOCH
from segue.core.collect_at import closed_then
from segue.core.facts import Facts, Location
from segue.core.moments import moment
from segue.core.order import Failure, Line, Order
from segue.core.policy import policy
from segue.core.tally import in_state

CHECK, TO_COME, WINDOW = "possible_date", "date_to_come", "pickup_window"


@policy("validate")
def possible_date(order: Order, facts: Facts) -> Iterator[Failure]:
    """Each date for delivery exists, is still to come, and can be kept by some location, as calendars.yaml knows."""
    wanted: dict[str, Line] = {}
    for line in order.lines:
        text = line.deliver_on or order.deliver_on
        if text and in_state(line.tally, "new"):
            wanted.setdefault(text, line)
    for text, line in wanted.items():
        if found := _objection(text, order, facts):
            yield Failure(CHECK, found[1], line.number if line.deliver_on else 0, path="deliver_on", code=found[0])


@policy("validate")
def date_to_come(order: Order, facts: Facts) -> Iterator[Failure]:
    """Each date for delivery exists, and was not over when the order was placed; for workflows that go by no date.

    Wherever the customer lives: their day may have begun up to a day before or after that of UTC.
    """
    if not order.dated:
        return
    placed = order.placed_at_s // DAY_S + EPOCH
    for number, text in ((0, order.deliver_on), *((line.number, line.deliver_on) for line in order.lines)):
        day = day_of(text) if text else placed
        if day is None:
            yield Failure(TO_COME, _no_date(text), number, path="deliver_on", code="no_such_date")
        elif day < placed - 1:
            told = f"{text} was over when it was ordered, on {date_of(placed)}"
            yield Failure(TO_COME, told, number, path="deliver_on", code="date_in_the_past")


def _no_date(text: str) -> str:
    return f"`{text}` is no date; write it like 2026-12-24"


def _objection(text: str, order: Order, facts: Facts) -> tuple[str, str] | None:
    """What is wrong with a date: its code, and in words; with the first that is possible."""
    day = day_of(text)
    if day is None:
        return "no_such_date", _no_date(text)
    places = [place for place in facts.locations.values() if place.active and _serves(place, order)]
    at_s = max(facts.now_s, order.grace_ends_s or 0)
    first = first_possible(places, order, facts, at_s, day)
    if first == day:
        return None
    told = f"the first possible date is {date_of(first)}" if first is not None else "nobody has said which is possible"
    if places and day < min(local_day(place, order, facts, facts.now_s) for place in places):
        return "date_in_the_past", f"{text} is over; {told}"
    if first is None:
        return "arrival_unknown", f"nobody has said how long parcels by {order.ship_method} are under way to there"
    return "date_impossible", f"nothing can arrive on {text}; {told}"


def _serves(place: Location, order: Order) -> bool:
    return not place.ships_to or order.ship_to.country in place.ships_to


@policy("validate")
def pickup_window(order: Order, facts: Facts) -> Iterator[Failure]:
    """The time at which the customer will come is one, is still to come, and the store is open then."""
    from_s, until_s = order.pickup_from_s, order.pickup_until_s
    if from_s is None and until_s is None:
        return
    if from_s is None or until_s is None or until_s <= from_s:
        yield Failure(WINDOW, "it ends before it begins, or has but one end", path="pickup_until", code="no_window")
    elif until_s <= facts.now_s:
        yield Failure(WINDOW, f"{moment(until_s)} is over", path="pickup_until", code="window_in_the_past")
    elif why := closed_then(order, facts, from_s, until_s):
        yield Failure(WINDOW, why, path="pickup_from", code="store_closed")
