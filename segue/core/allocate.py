"""Reserve and allocate: units get stock at a location; those that find none are backordered.

A reservation is an allocation that may still change its mind: allocating gives its stock back first, then takes the best.
"""

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from segue.core.base import Because, Command, Event
from segue.core.bundle_units import without
from segue.core.calendar import Promised
from segue.core.cancel import UnitsCanceled, canceled_unfound
from segue.core.context import Context, refuse_if_held
from segue.core.deallocate import UnitsDeallocated
from segue.core.delivery import promised_by, with_dates
from segue.core.digital import tangible
from segue.core.hold import held_lines
from segue.core.moving import moved_from, without_units
from segue.core.order import Fulfillment, Order, units_in
from segue.core.parcels import Given, demand_of, freed_by, parcels_of
from segue.core.schedule import RESERVED, never, release_at, without_scheduled
from segue.core.sourcing import Plan, plan
from segue.core.street import barred, early_of, preordered
from segue.core.tally import AWAITING, WAITING, Units, common, in_state, minus
from segue.core.workflow import HOLD_ALL, SET_ASIDE


class Reserve(Command):
    """Set stock aside for units that have none, without asking a location for them yet."""


class Allocate(Command):
    """Give units that wait for stock to the best locations."""


class UnitsReserved(Event):
    """Stock at a location is set aside."""

    fulfillment: str
    location: str
    units: dict[int, Units]
    packed: dict[str, Units] = {}  # by bundle, which of them lie there ready packed
    release_at_s: int | None = None  # until when they only wait, so that they arrive on the date that was chosen


class ReservationDropped(Event):
    """Stock that was set aside is free again; the units are new."""

    fulfillment: str
    units: dict[int, Units]


class UnitsAllocated(Event):
    """A location is to give these units."""

    fulfillment: str
    location: str
    units: dict[int, Units]
    day: int | None = None  # of the location's days the one whose capacity this takes, if that is limited
    promised: Promised | None = None  # when they leave, and when they arrive
    to: str = ""  # the store at which the customer collects them; none: they are sent to the customer
    packed: dict[str, Units] = {}  # by bundle, which of them lie there ready packed
    release_at_s: int | None = None  # when the location is to be asked, so that they arrive on the date that was chosen


class UnitsBackordered(Event):
    """No location can give these units now."""

    units: dict[int, Units]


class StockArrived(Event):
    """Units that waited for stock could have it now. The workflow says what follows."""

    units: dict[int, int]  # how many, by line


def reserve(order: Order, command: Reserve, context: Context) -> list[Event]:
    """Units that wait without a reservation get one, as far as there is stock. Refused while a hold blocks it."""
    refuse_if_held(order, context, "reserve")
    blocked, waiting = _waiting(order, context, "reserve", tuple(state for state in WAITING if state != "reserved"))
    if not waiting:
        return blocked
    return [*blocked, *set_aside(order, waiting, context)]


def set_aside(order: Order, waiting: dict[int, Units], context: Context) -> list[UnitsReserved]:
    """Stock is set aside for these units, as far as there is some, be it before their street date."""
    made = plan(order, demand_of(waiting), context, {}, ahead=True)
    until = release_at if context.workflow.schedule_stock == RESERVED and order.dated else never
    return [
        UnitsReserved(*parcel, packed, until(order, parcel[1], parcel[2], context, to), because=because)
        for parcel, because, _, to, packed in parcels_of(order, made, waiting, context)
    ]


def allocate(order: Order, command: Allocate, context: Context) -> list[Event]:
    """Units that wait get stock; the rest is backordered. Refused while a hold on the order blocks it."""
    refuse_if_held(order, context, "allocate")
    blocked, waiting = _waiting(order, context, "allocate", WAITING)
    if blocked and waiting and context.workflow.mixed_cart == HOLD_ALL:  # what is on hold is not there
        return [*blocked, *_kept_waiting(order, waiting, early_of(order, waiting, context), context)]
    if order.dated:
        blocked, waiting = without_scheduled(order, blocked, waiting, context)
    return [*blocked, *allocated_now(order, waiting, context)] if waiting else blocked


def allocated_now(
    order: Order, waiting: dict[int, Units], context: Context, given_back: Sequence[UnitsDeallocated] = ()
) -> list[Event]:
    """These waiting units get stock; the rest is backordered, or canceled if the strategy says so.

    Stock that was `given_back` by events that are still to be applied is free for them. What may not leave before a day
    that is still to come waits for it; and all, if the order is to wait until all is there.
    """
    early = early_of(order, waiting, context)
    holds_all, first = context.workflow.mixed_cart == HOLD_ALL, list[Event]()
    if early and holds_all:
        return _kept_waiting(order, waiting, early, context)
    if early:
        first = _kept_waiting(order, early, early, context, context.workflow.preorder_stock == SET_ASIDE)
        waiting = {number: units for number, units in waiting.items() if number not in early}
    if not waiting:
        return first
    dropped = _reservations(order, waiting)
    made = plan(order, demand_of(waiting), context, freed_by(order, (*dropped, *given_back)))
    if holds_all and made.missing.keys() - made.given_up.keys():
        return _kept_waiting(order, waiting, {}, context)
    return [*first, *dropped, *_given_out(order, made, waiting, context, first)]


def _kept_waiting(
    order: Order, waiting: dict[int, Units], early: Collection[int], context: Context, aside: bool = True
) -> list[Event]:
    """What is there is set aside for units that may not leave yet; the others wait for stock, or for their day."""
    bare = without(waiting, {n: in_state(order.lines[n - 1].tally, "reserved") for n in waiting})
    reserved = set_aside(order, bare, context) if aside and bare else []
    for event in reserved:
        bare = without(bare, event.units)
    because = Because("mixed_cart", {"policy": HOLD_ALL})
    return [*reserved, *_waits_on(order, bare, early, because)]


def _waits_on(order: Order, units: dict[int, Units], early: Collection[int], because: Because) -> list[Event]:
    """Those that wait for a street date are preordered, the others backordered, unless they are already."""
    dated = {
        n: new
        for n in units
        if n in early and (new := minus(units[n], in_state(order.lines[n - 1].tally, "preordered")))
    }
    rest = {number: missing for number, missing in units.items() if number not in early}
    return [*(preordered(order, dated) if dated else ()), *_backordered(order, rest, because)]


def _given_out(
    order: Order, made: Plan, waiting: dict[int, Units], context: Context, before: Sequence[Event]
) -> list[Event]:
    """What comes of a plan: parcels of locations; what is missing is canceled or waits."""
    parcels = parcels_of(order, made, waiting, context, sum(isinstance(event, UnitsReserved) for event in before))
    allocated = [_allocated(order, context, *parcel) for parcel in parcels]
    for (_, _, units), *_ in parcels:
        waiting = without(waiting, units)
    unfound = {number: units for number, units in waiting.items() if number in made.given_up}
    given_up = canceled_unfound(order, unfound, made.because, context) if unfound else []
    for event in given_up:
        if isinstance(event, UnitsCanceled):  # with a part of a bundle its other parts
            waiting = without(waiting, event.units)
    if not waiting:
        return [*allocated, *given_up]
    return [*allocated, *given_up, *_waits_on(order, waiting, _dated(order, waiting, context), made.because)]


def _dated(order: Order, waiting: dict[int, Units], context: Context) -> set[int]:
    """The lines of which there is stock where their street date has not come yet."""
    early = barred(order, waiting, context)
    if not early:
        return set()
    free = context.facts.free(frozenset(order.lines[number - 1].sku for number, _ in early), order.channel)
    return {number for number, place in early if free[order.lines[number - 1].sku].get(place, 0) > 0}


def _allocated(
    order: Order, context: Context, parcel: Given, why: Because, day: int | None, to: str, packed: dict[str, Units]
) -> UnitsAllocated:
    at_s = release_at(order, parcel[1], parcel[2], context, to) if order.dated else None
    made = promised_by(order, parcel[1], context if at_s is None else replace(context, now_s=at_s), to)
    return UnitsAllocated(*parcel, day, made, to, packed, at_s, because=why)


def stock_found(order: Order, context: Context) -> list[Event]:
    """What units that wait for stock could be given now, by the same rules that would allocate them."""
    _, waiting = _waiting(order, context, "allocate", AWAITING)
    early = early_of(order, waiting, context)
    found: dict[int, int] = {}
    if early and context.workflow.preorder_stock == SET_ASIDE:
        _count(plan(order, demand_of(early), context, {}, ahead=True), found)
    if rest := {number: units for number, units in waiting.items() if number not in early}:
        _count(plan(order, demand_of(rest), context, {}), found)
    return [StockArrived(found)] if found else []


def _count(made: Plan, found: dict[int, int]) -> None:
    for parcel in made.parcels:
        for number, count in parcel.units.items():
            found[number] = found.get(number, 0) + count


def _waiting(
    order: Order, context: Context, action: str, states: tuple[str, ...]
) -> tuple[list[Event], dict[int, Units]]:
    """The units that wait for stock, but for those of lines on hold; and the events that name those holds."""
    found = units_in(order, *states)
    if order.digital:
        found = tangible(order, found)
    blocked, lines = held_lines(order, found, action, context)
    if not lines:
        return [], found
    return blocked, {number: units for number, units in found.items() if number not in lines}


def _reservations(order: Order, waiting: dict[int, Units]) -> list[ReservationDropped]:
    dropped = []
    for name, fulfillment in order.fulfillments.items():
        units = {
            number: shared
            for number, held in fulfillment.units.items()
            if number in waiting and (shared := common(held, in_state(order.lines[number - 1].tally, "reserved")))
        }
        if units:
            dropped.append(ReservationDropped(name, units))
    return dropped


def _backordered(order: Order, missing: dict[int, Units], because: Because) -> list[Event]:
    """Those that are not backordered already."""
    held = {number: in_state(order.lines[number - 1].tally, "backordered") for number in missing}
    units = {number: new for number, rest in missing.items() if (new := minus(rest, held[number]))}
    return [UnitsBackordered(units, because=because)] if units else []


def _given(order: Order, event: UnitsReserved | UnitsAllocated, target: str) -> Order:
    order = moved_from(order, WAITING, target, event.units)
    made = Fulfillment(event.location, event.units, packed=event.packed, release_at_s=event.release_at_s)
    if isinstance(event, UnitsAllocated):
        made = replace(made, day=event.day, to=event.to)
    return replace(order, fulfillments=order.fulfillments | {event.fulfillment: made})


def evolve_reserved(order: Order, event: UnitsReserved, at_s: int) -> Order:
    """The units are reserved, at one location."""
    return _given(order, event, "reserved")


def evolve_allocated(order: Order, event: UnitsAllocated, at_s: int) -> Order:
    """The units are allocated, at one location. What was promised first for their line is kept."""
    order = _given(order, event, "allocated")
    return with_dates(order, event.fulfillment, event.promised) if event.promised else order


def evolve_dropped(order: Order, event: ReservationDropped, at_s: int) -> Order:
    """The units are new again, and no longer the fulfillment's."""
    return without_units(moved_from(order, ("reserved",), "new", event.units), event.units)


def evolve_backordered(order: Order, event: UnitsBackordered, at_s: int) -> Order:
    """The units wait for stock. Nobody else has it, so locations that could not deliver before may be asked again."""
    order = moved_from(order, WAITING, "backordered", event.units)
    lines = [replace(line, excluded=()) if line.number in event.units else line for line in order.lines]
    return replace(order, lines=tuple(lines))


def evolve_arrived(order: Order, event: StockArrived, at_s: int) -> Order:
    """Nothing is taken yet."""
    return order


DECISIONS = {Reserve: reserve, Allocate: allocate}
EVOLUTIONS = {
    UnitsReserved: evolve_reserved,
    ReservationDropped: evolve_dropped,
    UnitsAllocated: evolve_allocated,
    UnitsBackordered: evolve_backordered,
    StockArrived: evolve_arrived,
}
EFFECTS = {
    UnitsReserved: {"reserved": ("new", "preordered", "backordered")},
    ReservationDropped: {"new": ("reserved",)},
    UnitsAllocated: {"allocated": WAITING},
    UnitsBackordered: {"backordered": WAITING},
}
TROUBLES = (UnitsBackordered,)
