"""Purchase: what a supplier sends to our customer is a purchase order to that supplier; its status is mirrored here."""

from typing import Literal

from msgspec.structs import replace

from segue.core.base import Command, Event, Refusal, Refused
from segue.core.context import Context
from segue.core.order import Fulfillment, Order, units_in
from segue.core.tally import common

SUPPLIER = "supplier"  # the kind of location that goods are bought from
ORDERED = "ordered"  # the status of a purchase order of which the supplier has said nothing yet
STATUSES = ("confirmed", "in_production", "delayed", "declined")


class RecordPurchaseOrder(Command):
    """A supplier says how a purchase order stands. What it ships, lacks or rejects it says as any location does."""

    fulfillment: str
    status: Literal["confirmed", "in_production", "delayed", "declined"]
    reference: str = ""  # the supplier's own number
    expected_at_s: int | None = None  # when it will leave


class PurchaseOrderMirrored(Event):
    """A purchase order stands otherwise than before."""

    fulfillment: str
    location: str
    number: str
    status: str
    reference: str = ""
    expected_at_s: int | None = None


def number_of(order: Order, fulfillment: str) -> str:
    """The number of the purchase order for a fulfillment."""
    return f"{order.id}-{fulfillment}"


def record_purchase_order(order: Order, command: RecordPurchaseOrder, context: Context) -> list[Event]:
    """Refused if no purchase order was placed for it. The same word a second time changes nothing."""
    made = order.fulfillments.get(command.fulfillment)
    if made is None:
        raise Refused(Refusal.FULFILLMENT_NOT_FOUND, command.fulfillment)
    if not made.purchase_order:
        raise Refused(Refusal.NOT_PURCHASED, f"{command.fulfillment} comes from {made.location}")
    reference = command.reference or made.supplier_reference
    said = (command.status, reference, command.expected_at_s)
    if said == (made.supplier_status, made.supplier_reference, made.expected_at_s):
        return []
    return [PurchaseOrderMirrored(command.fulfillment, made.location, made.purchase_order, *said)]


def evolve_mirrored(order: Order, event: PurchaseOrderMirrored, at_s: int) -> Order:
    """The fulfillment says what its supplier says."""
    made = replace(
        order.fulfillments[event.fulfillment],
        supplier_status=event.status,
        supplier_reference=event.reference,
        expected_at_s=event.expected_at_s,
    )
    return replace(order, fulfillments=order.fulfillments | {event.fulfillment: made})


def open_purchases(order: Order) -> list[Fulfillment]:
    """What suppliers were asked for and have not shipped."""
    there = units_in(order, "released")
    return [
        made
        for made in order.fulfillments.values()
        if made.purchase_order and any(common(units, there.get(number, ())) for number, units in made.units.items())
    ]


def supplier_statuses(order: Order) -> frozenset[str]:
    """How the purchase orders stand that are not shipped yet."""
    return frozenset(made.supplier_status or ORDERED for made in open_purchases(order))


def said_by_supplier(name: str, made: Fulfillment) -> list[Command]:
    """What a supplier may say first of a purchase order."""
    if not made.purchase_order or made.supplier_status:
        return []
    return [RecordPurchaseOrder(name, status) for status in ("confirmed", "delayed", "declined")]


DECISIONS = {RecordPurchaseOrder: record_purchase_order}
EVOLUTIONS = {PurchaseOrderMirrored: evolve_mirrored}
