"""Bringing: goods of an order on their way to the store where its customer collects them. They are nobody's stock then."""

from msgspec.structs import replace

from segue.core.base import Command, Event, Refusal, Refused
from segue.core.bundle_units import packed_of
from segue.core.draft import Destination
from segue.core.facts import Location
from segue.core.moving import moved, moved_from, without_units
from segue.core.order import Fulfillment, Line, Order
from segue.core.tally import Units, common, lowest, minus, size


class RecordReady(Command):
    """A store has units ready for the customer: it has picked them, or they have been brought to it."""

    fulfillment: str
    units: dict[int, Units] = {}  # none: all that it was asked for, or that is on its way to it


class RecordLost(Command):
    """What was on its way to a store has not come, and will not."""

    fulfillment: str
    units: dict[int, Units] = {}  # none: all that is on its way
    reason: str = "lost"


class RecordCollection(Command):
    """The customer has collected units: those of a fulfillment, or all that are ready."""

    fulfillment: str = ""
    units: dict[int, Units] = {}


class SentToStore(Event):
    """A location has sent units to the store where the customer collects them."""

    fulfillment: str
    location: str
    store: str
    units: dict[int, Units]
    shipment: str = ""
    carrier: str = ""
    tracking: str = ""


class UnitsReady(Event):
    """The customer may collect these units at a store. Those that were brought there are its stock from now on."""

    fulfillment: str
    location: str
    units: dict[int, Units]
    brought: bool = False  # from another location
    store: str = ""  # what customers call it


class UnitsLost(Event):
    """What was on its way to a store will not come; the units need another location."""

    fulfillment: str
    location: str  # that sent them
    units: dict[int, Units]
    reason: str = ""


def store_of(line: Line) -> str:
    """The store at which a line is collected, if it is: the location that its channel has named."""
    return line.named or line.location


def sent_to(order: Order, store: Location) -> Order:
    """The order as those see it who bring it to a store: that is where it goes, and any location may give it."""
    lines = tuple(replace(line, location="") for line in order.lines)
    to = Destination(store.country, latitude=store.latitude, longitude=store.longitude)
    return replace(order, lines=lines, ship_to=to)


def evolve_sent(order: Order, event: SentToStore, at_s: int) -> Order:
    """The units are on their way to the store."""
    order = moved(order, "released", "in_transit", event.units)
    made = replace(order.fulfillments[event.fulfillment], sent_at_s=at_s)
    return replace(order, fulfillments=order.fulfillments | {event.fulfillment: made})


def evolve_ready(order: Order, event: UnitsReady, at_s: int) -> Order:
    """The units wait at the store. Those of a fulfillment that come before the rest of it are one of their own."""
    order = moved_from(order, ("released", "in_transit"), "ready", event.units)
    made = order.fulfillments[event.fulfillment]
    here = replace(made, units=event.units, location=event.location, ready_at_s=at_s, store=event.store)
    if made.packed:
        here = replace(here, packed=packed_of(order, event.units, made.packed))
    if event.brought:
        here = replace(here, origin=made.origin or made.location)
    if _rest(made, event.units):
        order = without_units(order, event.units)
        return replace(order, fulfillments=order.fulfillments | {f"F{len(order.fulfillments) + 1}": here})
    return replace(order, fulfillments=order.fulfillments | {event.fulfillment: here})


def _rest(made: Fulfillment, units: dict[int, Units]) -> bool:
    return any(minus(held, units.get(number, ())) for number, held in made.units.items())


def evolve_lost(order: Order, event: UnitsLost, at_s: int) -> Order:
    """The units are new again; who sent them is out for their lines."""
    order = without_units(moved(order, "in_transit", "new", event.units), event.units)
    lines = tuple(
        replace(line, excluded=(*line.excluded, event.location), attempts=line.attempts + 1)
        if line.number in event.units
        else line
        for line in order.lines
    )
    return replace(order, lines=lines)


def of_in(order: Order, made: Fulfillment, state: str) -> dict[int, Units]:
    """The units of a fulfillment that are in a state, refinements not included."""
    lines, held = order.lines, made.units.items()
    return {number: here for number, units in held if (here := common(units, lines[number - 1].tally.get(state, ())))}


def with_location(order: Order, name: str, asked: dict[int, Units]) -> tuple[Fulfillment, dict[int, Units]]:
    """A fulfillment and the units of it that are with its location; those asked for, or all. Refused if there are none."""
    fulfillment = order.fulfillments.get(name)
    if fulfillment is None:
        raise Refused(Refusal.FULFILLMENT_NOT_FOUND, name)
    units = there = of_in(order, fulfillment, "released")
    for number, ranges in asked.items():
        if minus(ranges, there.get(number, ())):
            raise Refused(Refusal.UNITS_NOT_THERE, f"line {number} of {name}")
    if asked:
        units = {number: here for number, held in there.items() if (here := common(held, asked.get(number, ())))}
    if not units:
        raise Refused(Refusal.UNITS_NOT_THERE, f"nothing of {name} is released")
    return fulfillment, units


def done_at_stores(order: Order) -> list[Command]:
    """What may become of goods that are collected, by fulfillment: ready, lost on their way, collected; all or one unit."""
    said: list[Command] = []
    for name, made in order.fulfillments.items():
        if made.to:
            is_here = made.to == made.location
            said += _said(RecordReady, name, of_in(order, made, "released" if is_here else "in_transit"))
            if of_in(order, made, "in_transit"):
                said.append(RecordLost(name))
            said += _said(RecordCollection, name, of_in(order, made, "ready"))
    return said


def _said(kind: type[RecordReady | RecordCollection], name: str, there: dict[int, Units]) -> list[Command]:
    said: list[Command] = [kind(name)] if there else []
    if sum(map(size, there.values())) > 1:
        number, units = next(iter(there.items()))
        said.append(kind(name, {number: lowest(units, 1)}))
    return said
