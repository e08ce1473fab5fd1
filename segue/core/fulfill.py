"""Fulfillment: locations are asked to ship; they ship, come up short, or reject."""

from msgspec.structs import replace

from segue.core.base import Command, Event, Refusal, Refused
from segue.core.bringing import SentToStore, done_at_stores, of_in, with_location
from segue.core.bundle_units import ON_SHELVES, refuse_if_broken, releasable, with_packed
from segue.core.context import Context, refuse_if_held
from segue.core.cover import refuse_without_cover
from segue.core.deallocate import UnitsDeallocated, given_back_with
from segue.core.delivery import parted
from segue.core.grace import refuse_in_grace
from segue.core.hold import ReactionBlocked, held_lines
from segue.core.moving import moved, moved_from, without_units
from segue.core.order import Order, Shipment, count_in, units_in
from segue.core.purchase import SUPPLIER, number_of, said_by_supplier
from segue.core.schedule import SCHEDULE, not_due, refuse_not_due
from segue.core.stock_effect import GONE, UNCHANGED, said_of_stock
from segue.core.tally import Units, lowest, size
from segue.core.workflow import HOLD_ALL


class Release(Command):
    """Ask the locations to pick, pack and ship what is allocated."""


class RecordShipment(Command):
    """A location has shipped units of a fulfillment; all that it still has of it if no units are named."""

    fulfillment: str
    shipment: str
    units: dict[int, Units] = {}
    carrier: str = ""
    tracking: str = ""


class RecordShortPick(Command):
    """A location could not find units, or found them damaged."""

    fulfillment: str
    units: dict[int, Units]
    reason: str = "not_found"


class RecordReject(Command):
    """A location will not do a fulfillment."""

    fulfillment: str
    reason: str = ""


class FulfillmentReleased(Event):
    """A location is being asked to ship these units."""

    fulfillment: str
    location: str
    units: dict[int, Units]
    purchase_order: str = ""  # its number, if the location is a supplier


class FulfillmentShipped(Event):
    """A parcel has left."""

    fulfillment: str
    location: str
    shipment: str
    units: dict[int, Units]
    carrier: str = ""
    tracking: str = ""


class UnitsShortPicked(Event):
    """The units are not where they should be; they need another location."""

    fulfillment: str
    location: str
    units: dict[int, Units]
    reason: str = ""
    effect: str = GONE  # on stock
    cleared: dict[int, int] = {}  # by line, how many units more are not there
    beside: dict[int, Units] = {}  # what goes back with them, as it is of the same bundles


class FulfillmentRejected(Event):
    """The location will not do it; its stock is free again if nothing else is said, the units need another location."""

    fulfillment: str
    location: str
    units: dict[int, Units]
    reason: str = ""
    effect: str = UNCHANGED
    cleared: dict[int, int] = {}
    beside: dict[int, Units] = {}


class SourcingFailed(Event):
    """So many locations have failed for these lines that a person should decide."""

    lines: tuple[int, ...]
    attempts: int


def release(order: Order, command: Release, context: Context) -> list[Event]:
    """Every allocated unit without a hold goes to its location. Refused without cover, or if there is none."""
    refuse_if_held(order, context, "release")
    events, lines = held_lines(order, units_in(order, "allocated"), "release", context)
    if lines and context.workflow.mixed_cart == HOLD_ALL:
        return events
    split, later = 0, not_due(order, context) if order.dated else []
    for name, fulfillment in order.fulfillments.items():
        units = releasable(order, fulfillment) if name not in later else {}
        if lines:
            units = {number: here for number, here in units.items() if number not in lines}
        if units:
            own = name if fulfillment.released_at_s is None else f"F{len(order.fulfillments) + 1 + split}"
            split += own != name
            place = context.facts.locations.get(fulfillment.location)
            number = number_of(order, own) if place is not None and place.kind == SUPPLIER else ""
            events.append(FulfillmentReleased(own, fulfillment.location, units, number))
    if not events:
        refuse_not_due(order, later)
        raise Refused(Refusal.NOTHING_TO_RELEASE, f"{count_in(order, 'allocated')} units are allocated")
    if not order.grace_over:
        refuse_in_grace(order, context)
    refuse_without_cover(order, context)
    return [ReactionBlocked(SCHEDULE), *events] if later else events


def record_shipment(order: Order, command: RecordShipment, context: Context) -> list[Event]:
    """Refused if this shipment was recorded before, or the units are not with that location."""
    if command.shipment in order.shipments:
        raise Refused(Refusal.SHIPMENT_EXISTS, command.shipment)
    fulfillment, units = with_location(order, command.fulfillment, command.units)
    refuse_if_broken(order, fulfillment, units)
    if fulfillment.to not in ("", fulfillment.location):
        sent = (fulfillment.location, fulfillment.to, units, command.shipment, command.carrier, command.tracking)
        return [SentToStore(command.fulfillment, *sent)]
    return [
        FulfillmentShipped(
            command.fulfillment, fulfillment.location, command.shipment, units, command.carrier, command.tracking
        )
    ]


def record_short_pick(order: Order, command: RecordShortPick, context: Context) -> list[Event]:
    """The missing units leave the fulfillment; its location is not asked for these lines again."""
    fulfillment, units = with_location(order, command.fulfillment, command.units)
    units = with_packed(order, fulfillment, units)
    said = said_of_stock(order, fulfillment, units, command.reason, GONE, context)
    event = UnitsShortPicked(command.fulfillment, fulfillment.location, units, command.reason, **said)
    return [event, *_given_back(order, event, context), *failed(order, units, context)]


def record_reject(order: Order, command: RecordReject, context: Context) -> list[Event]:
    """All that is still with the location leaves the fulfillment."""
    fulfillment, units = with_location(order, command.fulfillment, {})
    effect = said_of_stock(order, fulfillment, units, command.reason, UNCHANGED, context)
    rejected = FulfillmentRejected(command.fulfillment, fulfillment.location, units, command.reason, **effect)
    return [rejected, *_given_back(order, rejected, context), *failed(order, units, context)]


def _given_back(
    order: Order, event: UnitsShortPicked | FulfillmentRejected, context: Context
) -> list[UnitsDeallocated]:
    """What others were to give for the same bundles, and were not asked for yet: nothing of one is held alone."""
    return given_back_with(evolve_failed(order, event, context.now_s), event.units) if order.bundles else []


def failed(order: Order, units: dict[int, Units], context: Context) -> list[Event]:
    """What follows once another location has failed for these units: nothing, or that a person should decide."""
    most = context.workflow.sourcing_attempts_max
    lines = tuple(number for number in units if order.lines[number - 1].attempts + 1 >= most)
    return [SourcingFailed(lines, most)] if lines else []


def evolve_released(order: Order, event: FulfillmentReleased, at_s: int) -> Order:
    """The units are with their location. What follows a first release of a fulfillment is a fulfillment of its own."""
    order = moved(order, "allocated", "released", event.units)
    if event.fulfillment not in order.fulfillments:
        order = parted(order, event.fulfillment, event.location, event.units)
    known = order.fulfillments[event.fulfillment]
    made = replace(known, released_at_s=at_s, purchase_order=event.purchase_order)
    return replace(order, fulfillments=order.fulfillments | {event.fulfillment: made})


def evolve_shipped(order: Order, event: FulfillmentShipped, at_s: int) -> Order:
    """The units are under way."""
    shipment = Shipment(event.fulfillment, event.units, at_s, event.carrier, event.tracking)
    order = moved(order, "released", "shipped", event.units)
    return replace(order, shipments=order.shipments | {event.shipment: shipment})


def evolve_failed(order: Order, event: UnitsShortPicked | FulfillmentRejected, at_s: int) -> Order:
    """The units are new again, and this location is out for their lines."""
    order = without_units(moved(order, "released", "new", event.units), event.units)
    if event.beside:
        order = without_units(moved_from(order, ON_SHELVES, "new", event.beside), event.beside)
    lines = tuple(
        replace(line, excluded=(*line.excluded, event.location), attempts=line.attempts + 1)
        if line.number in event.units
        else line
        for line in order.lines
    )
    return replace(order, lines=lines)


def evolve_sourcing_failed(order: Order, event: SourcingFailed, at_s: int) -> Order:
    """What follows is the workflow's to say."""
    return order


def said_by_locations(order: Order) -> list[Command]:
    """Of what was released a location ships all or one unit, misses all or one, or rejects it; in any order."""
    said = done_at_stores(order)
    shipment = f"S{len(order.shipments) + 1}"
    for name, fulfillment in order.fulfillments.items():
        there = of_in(order, fulfillment, "released")
        is_sent = fulfillment.to != fulfillment.location  # else its customer collects it there
        if there:
            said += [RecordShipment(name, shipment)] if is_sent else []
            said += [RecordShortPick(name, there), RecordReject(name), *said_by_supplier(name, fulfillment)]
        if sum(map(size, there.values())) > 1:
            number, units = next(iter(there.items()))
            one = {number: lowest(units, 1)}
            said += [RecordShipment(name, shipment, one)] if is_sent else []
            said += [RecordShortPick(name, one)]
    return said


DECISIONS = {
    Release: release,
    RecordShipment: record_shipment,
    RecordShortPick: record_short_pick,
    RecordReject: record_reject,
}
EVOLUTIONS = {
    FulfillmentReleased: evolve_released,
    FulfillmentShipped: evolve_shipped,
    UnitsShortPicked: evolve_failed,
    FulfillmentRejected: evolve_failed,
    SourcingFailed: evolve_sourcing_failed,
}
EFFECTS = {
    FulfillmentReleased: {"released": ("allocated",)},
    FulfillmentShipped: {"shipped": ("released",)},
    UnitsShortPicked: {"new": ON_SHELVES},
    FulfillmentRejected: {"new": ON_SHELVES},
}
ANSWERS = {FulfillmentReleased: said_by_locations}
TROUBLES = (UnitsShortPicked, FulfillmentRejected, SourcingFailed)
