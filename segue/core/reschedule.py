"""Reschedule: the customer chooses another date for delivery, as long as no location was asked for the goods."""

from msgspec.structs import replace

from segue.core.arrival import date_of, day_of, first_possible, reach
from segue.core.base import Command, Event, Refusal, Refused, Value
from segue.core.bundling import sold_with
from segue.core.calendar import Promised
from segue.core.context import Context
from segue.core.delivery import parted, promised
from segue.core.facts import Location
from segue.core.intake import Validate, validate
from segue.core.order import Order, units_in
from segue.core.schedule import SET_ASIDE
from segue.core.tally import Units, common

WAITING = ("new", "preordered", "backordered", "reserved", "allocated")  # nobody was asked for these units


class Reschedule(Command):
    """An order, or a line, shall arrive on another date; on none: as soon as possible, or a line with its order."""

    deliver_on: str = ""  # 2026-12-24
    line: int = 0


class Rescheduled(Value):
    """Units of a fulfillment, and when their location is to be asked now."""

    location: str
    units: dict[int, Units]
    release_at_s: int | None = None
    promised: Promised | None = None


class DeliveryRescheduled(Event):
    """The order, or a line of it, is to arrive on another date."""

    deliver_on: str
    line: int = 0
    fulfillments: dict[str, Rescheduled] = {}
    beside: tuple[int, ...] = ()  # the other lines of the same bundles, which come with it


def reschedule(order: Order, command: Reschedule, context: Context) -> list[Event]:
    """Refused if there is no such date or line, if it cannot be kept, or if locations were asked for all of it.

    With a line of a bundle comes all that was sold with it.
    """
    if command.line and not 0 < command.line <= len(order.lines):
        raise Refused(Refusal.LINE_NOT_FOUND, str(command.line))
    beside = _beside(order, command.line) if command.line and order.bundles else ()
    waiting = {n: u for n, u in units_in(order, *WAITING).items() if command.line in (0, n) or n in beside}
    if not waiting:
        raise Refused(Refusal.RESCHEDULE_TOO_LATE, order.id)
    day = _day(order, command, waiting, context)
    made = DeliveryRescheduled(command.deliver_on, command.line, _rescheduled(order, waiting, day, context), beside)
    if not order.failures:
        return [made]
    return [made, *validate(evolve_rescheduled(order, made, context.now_s), Validate(), context)]


def _beside(order: Order, line: int) -> tuple[int, ...]:
    bundle = sold_with(order, order.lines[line - 1])
    return tuple(number for number in bundle.parts if number != line) if bundle is not None else ()


def _day(order: Order, command: Reschedule, waiting: dict[int, Units], context: Context) -> int | None:
    text = command.deliver_on or (order.deliver_on if command.line else "")
    if not text:
        return None
    day = day_of(text)
    if day is None:
        raise Refused(Refusal.DATE_UNKNOWN, text)
    at_s = max(context.now_s, order.grace_ends_s or 0) if order.in_grace else context.now_s
    for places in _places(order, waiting, context):
        first = first_possible(places, order, context.facts, at_s, day)
        if first is None:
            raise Refused(Refusal.DATE_IMPOSSIBLE, "nobody has said how long parcels are under way there")
        if first != day:
            raise Refused(Refusal.DATE_IMPOSSIBLE, f"{text}; the first that is: {date_of(first)}")
    return day


def _places(order: Order, waiting: dict[int, Units], context: Context) -> list[list[Location]]:
    """Of whom one has to be able to keep a date: the location of what is set aside; of all else any."""
    known = context.facts.locations
    found = [[known[order.fulfillments[name].location]] for name in _held(order, waiting)]
    return found or [[place for place in known.values() if place.active]]


def _held(order: Order, waiting: dict[int, Units]) -> dict[str, dict[int, Units]]:
    """What is set aside of these units, by fulfillment."""
    aside = units_in(order, *SET_ASIDE)
    found: dict[str, dict[int, Units]] = {}
    for name, made in order.fulfillments.items():
        units = {n: here for n, held in made.units.items() if n in waiting and (here := common(held, aside.get(n, ())))}
        if units and not made.to:
            found[name] = units
    return found


def _rescheduled(order: Order, waiting: dict[int, Units], day: int | None, context: Context) -> dict[str, Rescheduled]:
    """When the locations of what is set aside are to be asked now. Part of a fulfillment becomes one of its own."""
    found: dict[str, Rescheduled] = {}
    for name, units in _held(order, waiting).items():
        made = order.fulfillments[name]
        place = context.facts.locations[made.location]
        there = reach(place, order, context.facts, day) if day is not None else None
        at_s = there.from_s if there is not None and there.from_s > context.now_s else None
        own = name if units.keys() == made.units.keys() else f"F{len(order.fulfillments) + 1 + len(found)}"
        dates = promised(place, order, context.facts, context.now_s if at_s is None else at_s)
        found[own] = Rescheduled(made.location, units, at_s, dates)
    return found


def evolve_rescheduled(order: Order, event: DeliveryRescheduled, at_s: int) -> Order:
    """It is to arrive then, and waits until it is time."""
    lines = [
        replace(line, deliver_on=event.deliver_on if event.line else "")
        if event.line in (0, line.number) or line.number in event.beside
        else line
        for line in order.lines
    ]
    order = replace(
        order, lines=tuple(lines), deliver_on=order.deliver_on if event.line else event.deliver_on, dated=True
    )
    for name, made in event.fulfillments.items():
        if name not in order.fulfillments:
            order = parted(order, name, made.location, made.units)
        known = replace(order.fulfillments[name], release_at_s=made.release_at_s, promised=made.promised)
        order = replace(order, fulfillments=order.fulfillments | {name: known})
    return _promised_anew(order, event)


def _promised_anew(order: Order, event: DeliveryRescheduled) -> Order:
    """Who chooses another date is promised that one."""
    dates: dict[int, int] = {}
    for made in event.fulfillments.values():
        if made.promised is not None and made.promised.deliver_by_s is not None:
            dates |= dict.fromkeys(made.units, made.promised.deliver_by_s)
    lines = [replace(x, deliver_by_s=dates[x.number]) if x.number in dates else x for x in order.lines]
    return replace(order, lines=tuple(lines))


DECISIONS = {Reschedule: reschedule}
EVOLUTIONS = {DeliveryRescheduled: evolve_rescheduled}
