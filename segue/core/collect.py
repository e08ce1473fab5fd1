"""Collect: goods that are ready at a store, and the customer who comes for them. What is not there is brought.

A collected parcel is a parcel like any other: it takes the store's stock, is paid and has an invoice.
"""

from itertools import count

from msgspec.structs import replace

from segue.core.base import Event, Refusal, Refused
from segue.core.bringing import (
    RecordCollection,
    RecordLost,
    RecordReady,
    SentToStore,
    UnitsLost,
    UnitsReady,
    evolve_lost,
    evolve_ready,
    evolve_sent,
    of_in,
)
from segue.core.bundle_units import refuse_if_broken, with_packed
from segue.core.context import Context
from segue.core.deallocate import given_back_with
from segue.core.fulfill import failed
from segue.core.moving import moved
from segue.core.order import Fulfillment, Order, Shipment
from segue.core.tally import Units, common, minus

COLLECTED = "collected"  # the carrier of what its customer has carried


class UnitsCollected(Event):
    """The customer has the units, and they have left the store."""

    fulfillment: str
    location: str
    shipment: str
    units: dict[int, Units]


def record_ready(order: Order, command: RecordReady, context: Context) -> list[Event]:
    """Refused if it is to be sent to the customer, or its units are not with the store or on their way to it."""
    made = _collected(order, command.fulfillment)
    brought = made.to != made.location
    units = _named(order, made, "in_transit" if brought else "released", command)
    refuse_if_broken(order, made, units)
    place = context.facts.locations.get(made.to)
    return [UnitsReady(command.fulfillment, made.to, units, brought, place.name if place and place.name else made.to)]


def record_lost(order: Order, command: RecordLost, context: Context) -> list[Event]:
    """The units leave the fulfillment; who sent them is not asked for these lines again.

    What others were to give for the same bundles, and were not asked for yet, is given back.
    """
    made = _collected(order, command.fulfillment)
    units = with_packed(order, made, _named(order, made, "in_transit", command))
    lost = UnitsLost(command.fulfillment, made.location, units, command.reason)
    beside = given_back_with(evolve_lost(order, lost, context.now_s), units) if order.bundles else []
    return [lost, *beside, *failed(order, units, context)]


def record_collection(order: Order, command: RecordCollection, context: Context) -> list[Event]:
    """Refused if nothing is ready, or not these units."""
    names = [command.fulfillment] if command.fulfillment else list(order.fulfillments)
    if command.units and not command.fulfillment:
        raise Refused(Refusal.FULFILLMENT_NOT_FOUND, "units are of a fulfillment, and none is named")
    if command.fulfillment:
        _collected(order, command.fulfillment)
    unused = (name for number in count(len(order.shipments) + 1) if (name := f"C{number}") not in order.shipments)
    events: list[Event] = []
    for name in names:
        made = order.fulfillments[name]
        if units := _some(of_in(order, made, "ready"), command.units, name):
            refuse_if_broken(order, made, units)
            events.append(UnitsCollected(name, made.location, next(unused), units))
    if not events:
        raise Refused(Refusal.UNITS_NOT_THERE, "nothing is ready")
    return events


def _collected(order: Order, name: str) -> Fulfillment:
    made = order.fulfillments.get(name)
    if made is None:
        raise Refused(Refusal.FULFILLMENT_NOT_FOUND, name)
    if not made.to:
        raise Refused(Refusal.NOT_COLLECTED_HERE, f"{name} is sent to the customer")
    return made


def _named(order: Order, made: Fulfillment, state: str, command: RecordReady | RecordLost) -> dict[int, Units]:
    """The units of it in this state; those asked for, or all."""
    units = _some(of_in(order, made, state), command.units, command.fulfillment)
    if not units:
        raise Refused(Refusal.UNITS_NOT_THERE, f"nothing of {command.fulfillment} is {state}")
    return units


def _some(there: dict[int, Units], asked: dict[int, Units], name: str) -> dict[int, Units]:
    for number, ranges in asked.items():
        if minus(ranges, there.get(number, ())):
            raise Refused(Refusal.UNITS_NOT_THERE, f"line {number} of {name}")
    if not asked:
        return there
    return {number: here for number, held in there.items() if (here := common(held, asked.get(number, ())))}


def evolve_collected(order: Order, event: UnitsCollected, at_s: int) -> Order:
    """The customer has them."""
    parcel = Shipment(event.fulfillment, event.units, at_s, COLLECTED, delivered_at_s=at_s)
    order = moved(order, "ready", "delivered", event.units)
    return replace(order, shipments=order.shipments | {event.shipment: parcel})


DECISIONS = {RecordReady: record_ready, RecordLost: record_lost, RecordCollection: record_collection}
EVOLUTIONS = {
    SentToStore: evolve_sent,
    UnitsReady: evolve_ready,
    UnitsLost: evolve_lost,
    UnitsCollected: evolve_collected,
}
EFFECTS = {
    SentToStore: {"in_transit": ("released",)},
    UnitsReady: {"ready": ("released", "in_transit")},
    UnitsLost: {"new": ("in_transit",)},
    UnitsCollected: {"delivered": ("ready",)},
}
TROUBLES = (UnitsLost,)
