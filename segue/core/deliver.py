"""Delivery: a carrier has brought a shipment to the customer."""

from msgspec.structs import replace

from segue.core.base import Command, Event, Refusal, Refused
from segue.core.context import Context
from segue.core.fulfill import FulfillmentShipped
from segue.core.moving import moved
from segue.core.order import Order, units_in
from segue.core.tally import Units, common


class RecordDelivery(Command):
    """A carrier has delivered a shipment."""

    shipment: str


class ShipmentDelivered(Event):
    """A parcel has arrived."""

    shipment: str
    units: dict[int, Units]


def record_delivery(order: Order, command: RecordDelivery, context: Context) -> list[Event]:
    """Refused if there is no such shipment; a second report of the same delivery changes nothing."""
    shipment = order.shipments.get(command.shipment)
    if shipment is None:
        raise Refused(Refusal.SHIPMENT_NOT_FOUND, command.shipment)
    units = {
        number: here
        for number, shipped in shipment.units.items()
        if (here := common(shipped, order.lines[number - 1].tally.get("shipped", ())))
    }
    return [ShipmentDelivered(command.shipment, units)] if units else []


def evolve_delivered(order: Order, event: ShipmentDelivered, at_s: int) -> Order:
    """The units have arrived."""
    order = moved(order, "shipped", "delivered", event.units)
    arrived = replace(order.shipments[event.shipment], delivered_at_s=at_s)
    return replace(order, shipments=order.shipments | {event.shipment: arrived})


def said_by_carriers(order: Order) -> list[Command]:
    """A shipment has arrived."""
    under_way = units_in(order, "shipped")
    return [
        RecordDelivery(name)
        for name, shipment in order.shipments.items()
        if any(common(units, under_way.get(number, ())) for number, units in shipment.units.items())
    ]


DECISIONS = {RecordDelivery: record_delivery}
EVOLUTIONS = {ShipmentDelivered: evolve_delivered}
EFFECTS = {ShipmentDelivered: {"delivered": ("shipped",)}}
ANSWERS = {FulfillmentShipped: said_by_carriers}
