"""Schedule: orders and lines that shall arrive on a date. Their location is asked so late that they do.

Until then their units are allocated, or only reserved if the workflow says so, and wait.
"""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from segue.core.arrival import day_of, reach, ready_by
from segue.core.base import Because, Command, Event, Refusal, Refused
from segue.core.context import Context
from segue.core.grace import GRACE
from segue.core.hold import ReactionBlocked
from segue.core.moments import moment
from segue.core.order import Order, units_in
from segue.core.tally import Units, common, minus

SCHEDULE = "schedule"  # stands where a hold would, in what is said of reactions that wait for a date
PUT_OFF = {Refusal.IN_GRACE: GRACE, Refusal.NOT_DUE: SCHEDULE}  # refusals after which a reaction waits for a time
RESERVED, ALLOCATED = SET_ASIDE = ("reserved", "allocated")  # how stock is kept until it is time


class FulfillmentDue(Event):
    """It is time to ask the locations of these fulfillments, so that they arrive on the date that was chosen."""

    fulfillments: tuple[str, ...]


Parted = tuple[dict[int, Units], dict[str, Units]]  # units, and the bundles among them that are ready packed


def dates_of(order: Order) -> dict[int, int]:
    """The day on which each line shall arrive; lines that shall come as soon as possible are left out."""
    own = [(line.number, line.deliver_on or order.deliver_on) for line in order.lines]
    return {number: day for number, text in own if text and (day := day_of(text)) is not None}


def by_date(order: Order, units: dict[int, Units], packed: dict[str, Units]) -> list[Parted]:
    """What one location gives, apart by the dates on which it shall arrive, each with its bundles that are ready packed."""
    dates = dates_of(order)
    found: dict[int, dict[int, Units]] = {}
    for number, some in units.items():
        found.setdefault(dates.get(number, 0), {})[number] = some
    return [
        (some, {key: those for key, those in packed.items() if any(line in some for line in order.bundles[key].parts)})
        for some in found.values()
    ]


def never(order: Order, location: str, lines: Iterable[int], context: Context, to: str = "") -> None:
    """What is only reserved until it is allocated waits for no date."""


def release_at(order: Order, location: str, lines: Iterable[int], context: Context, to: str = "") -> int | None:
    """When a location is to be asked for lines of one date; None: as soon as possible, or nobody knows when."""
    place = context.facts.locations[location]
    if to:
        store, wanted_s = context.facts.locations[to], order.pickup_from_s
        at_s = ready_by(place, order, context.facts, store, wanted_s) if wanted_s is not None else None
        return at_s if at_s is not None and at_s > context.now_s else None
    day = dates_of(order).get(min(lines))
    made = reach(place, order, context.facts, day) if day is not None else None
    return made.from_s if made is not None and made.from_s > context.now_s else None


def not_due(order: Order, context: Context) -> list[str]:
    """The fulfillments whose time has not come yet."""
    made = order.fulfillments.items()
    return [name for name, each in made if each.release_at_s is not None and each.release_at_s > context.now_s]


def without_scheduled(
    order: Order, events: list[Event], found: dict[int, Units], context: Context
) -> tuple[list[Event], dict[int, Units]]:
    """The same units without those that are reserved for a date whose time has not come; and that this is why."""
    names = not_due(order, context)
    if not names:
        return events, found
    units = found
    reserved = units_in(order, "reserved")
    for name in names:
        held = order.fulfillments[name].units
        apart = {n: common(here, reserved.get(n, ())) for n, here in held.items()}
        units = {n: rest for n, here in units.items() if (rest := minus(here, apart.get(n, ())))}
    if units == found:
        return events, found
    if not units and not events:
        refuse_not_due(order, names)
    return [*events, ReactionBlocked(SCHEDULE)], units


def refuse_not_due(order: Order, names: list[str]) -> None:
    """Refused, with the instant, if all that could be released waits for its time."""
    if names:
        at_s = min(order.fulfillments[name].release_at_s or 0 for name in names)
        raise Refused(Refusal.NOT_DUE, f"{', '.join(names)} at {moment(at_s)}")


def fulfillments_due(order: Order, context: Context) -> list[Event]:
    """Those whose time has come, if anything of them is still set aside."""
    due = [
        name
        for name, made in order.fulfillments.items()
        if made.release_at_s is not None and made.release_at_s <= context.now_s
    ]
    return [FulfillmentDue(tuple(due), because=Because(SCHEDULE, {"deliver_on": order.deliver_on}))] if due else []


def evolve_due(order: Order, event: FulfillmentDue, at_s: int) -> Order:
    """They do not wait for a date any more."""
    due = {name: replace(order.fulfillments[name], release_at_s=None) for name in event.fulfillments}
    return replace(order, fulfillments=order.fulfillments | due)


DECISIONS: dict[type[Command], Callable[..., list[Event]]] = {}  # the time comes by itself
EVOLUTIONS = {FulfillmentDue: evolve_due}
