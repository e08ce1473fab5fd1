"""Time words: what conditions know of grace periods, dates for delivery and hours of collection."""

from collections.abc import Callable
from typing import Any

from segue.core.conditions import ABSENT, Name
from segue.core.order import Fulfillment, Order, units_in
from segue.core.tally import Units, common

SET_ASIDE = ("reserved", "allocated")


def instant(known: int | None) -> int:
    """An instant as conditions have it."""
    return ABSENT if known is None else known


def scheduled_units(order: Order) -> int:
    """How many units are set aside until it is time to send them."""
    aside = units_in(order, *SET_ASIDE)
    made = [each for each in order.fulfillments.values() if each.release_at_s is not None]
    return sum(_size_of(each, aside) for each in made)


def _size_of(made: Fulfillment, aside: dict[int, Units]) -> int:
    shared = [common(held, aside.get(number, ())) for number, held in made.units.items()]
    return sum(last - first + 1 for units in shared for first, last in units)


def next_release(order: Order) -> int | None:
    """When the first location is to be asked for what waits for its date."""
    found = [made.release_at_s for made in order.fulfillments.values() if made.release_at_s is not None]
    return min(found, default=None)


TIMES: dict[str, tuple[Name, Callable[[Any], Any]]] = {
    "in_grace": (Name("bool", "whether its grace period lasts"), lambda v: v.order.in_grace),
    "grace_ends_at": (
        Name("instant", "when its grace period ends or has ended, if it has one"),
        lambda v: instant(v.order.grace_ends_s),
    ),
    "has_date": (Name("bool", "whether anything of it shall arrive on a date"), lambda v: v.order.dated),
    "scheduled": (
        Name("int", "units that are set aside until it is time to send them"),
        lambda v: scheduled_units(v.order),
    ),
    "release_at": (
        Name("instant", "when the first location is to be asked for what shall arrive on a date"),
        lambda v: instant(next_release(v.order)),
    ),
    "pickup_from": (
        Name("instant", "from when the customer will collect it, if they have said so"),
        lambda v: instant(v.order.pickup_from_s),
    ),
    "pickup_until": (Name("instant", "until when"), lambda v: instant(v.order.pickup_until_s)),
}
