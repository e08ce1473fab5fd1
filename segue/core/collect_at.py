"""Collect at: when the customer will come to the store. They may choose another time until they have come."""

from msgspec.structs import replace

from segue.core.arrival import ready_by
from segue.core.base import Command, Event, Refusal, Refused
from segue.core.bringing import store_of
from segue.core.context import Context
from segue.core.delivery import timetable_of
from segue.core.facts import Facts, Location
from segue.core.intake import Validate, validate
from segue.core.moments import moment
from segue.core.order import Order, units_in
from segue.core.tally import common

COMING = ("new", "preordered", "backordered", "reserved", "allocated", "released", "in_transit", "ready")
SET_ASIDE = ("reserved", "allocated")


class ReschedulePickup(Command):
    """The customer will come for what they collect at another time."""

    from_s: int
    until_s: int


class PickupRescheduled(Event):
    """What is collected is to be ready then; with when each location that was not asked yet is to be asked."""

    from_s: int
    until_s: int
    releases: dict[str, int | None] = {}


def stores_of(order: Order, facts: Facts) -> list[Location]:
    """The stores at which an order is collected, each once."""
    names = dict.fromkeys(store_of(line) for line in order.lines)
    return [place for name in names if (place := facts.locations.get(name)) is not None]


def closed_then(order: Order, facts: Facts, from_s: int, until_s: int) -> str:
    """Why a store cannot be come to at a time, with when it can next; nothing if each of them is open."""
    for place in stores_of(order, facts):
        timetable = timetable_of(place, facts)
        if timetable is None:
            continue
        hours = timetable.opening(from_s, until_s)
        if hours is None:
            return f"{place.name or place.id} does not open any more"
        opens_s, closes_s = hours
        if not opens_s <= from_s <= until_s <= closes_s:
            return f"{place.name or place.id} is open next from {moment(opens_s)} to {moment(closes_s)}"
    return ""


def reschedule_pickup(order: Order, command: ReschedulePickup, context: Context) -> list[Event]:
    """Refused if nothing is collected any more, or if the time is none, over, or one at which the store is closed."""
    if not units_in(order, *COMING) or not stores_of(order, context.facts):
        raise Refused(Refusal.RESCHEDULE_TOO_LATE, order.id)
    from_s, until_s = command.from_s, command.until_s
    if not from_s < until_s or until_s <= context.now_s:
        raise Refused(Refusal.DATE_IMPOSSIBLE, f"{moment(from_s)} to {moment(until_s)}")
    if why := closed_then(order, context.facts, from_s, until_s):
        raise Refused(Refusal.PICKUP_CLOSED, why)
    made = PickupRescheduled(from_s, until_s, _releases(order, from_s, context))
    if not order.failures:
        return [made]
    return [made, *validate(evolve_pickup(order, made, context.now_s), Validate(), context)]


def _releases(order: Order, from_s: int, context: Context) -> dict[str, int | None]:
    """When the locations are to be asked that have set something aside and were not asked yet."""
    aside, known = units_in(order, *SET_ASIDE), context.facts.locations
    found: dict[str, int | None] = {}
    for name, made in order.fulfillments.items():
        if made.to and any(common(units, aside.get(number, ())) for number, units in made.units.items()):
            at_s = ready_by(known[made.location], order, context.facts, known[made.to], from_s)
            found[name] = at_s if at_s is not None and at_s > context.now_s else None
    return found


def evolve_pickup(order: Order, event: PickupRescheduled, at_s: int) -> Order:
    """It is to be ready then."""
    made = order.fulfillments
    changed = {name: replace(made[name], release_at_s=at) for name, at in event.releases.items()}
    return replace(
        order, pickup_from_s=event.from_s, pickup_until_s=event.until_s, dated=True, fulfillments=made | changed
    )


DECISIONS = {ReschedulePickup: reschedule_pickup}
EVOLUTIONS = {PickupRescheduled: evolve_pickup}
