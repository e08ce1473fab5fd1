"""Tasks: what is asked of the outside world, made from events.

A task's id is a digest of what is asked: shop, order, subject and request; never of a time or an attempt. It is the
idempotency key: the same request has the same key however often and whenever it is sent.
"""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from msgspec import json

from segue.core.amounts import money
from segue.core.base import Event, Value
from segue.core.bundle_units import handled_as_one
from segue.core.bundle_words import for_channel, for_location, rules_told, waits_told
from segue.core.bundling import told_units
from segue.core.capture import CaptureRequested
from segue.core.fulfill import FulfillmentReleased, FulfillmentShipped
from segue.core.issued import GIFT_CARD
from segue.core.issuing import CodesRequested
from segue.core.notify import ChannelUpdateRequested, MessageRequested
from segue.core.order import Order, money_in, units_in
from segue.core.pay import AuthorizationRequested
from segue.core.refund import RefundRequested
from segue.core.replacing import ReauthorizationRequested
from segue.core.screen import ScreeningRequested
from segue.core.street_dates import waits_for_street
from segue.core.takeback import TakebackRequested
from segue.core.tally import AWAITING, common, numbers, size
from segue.core.void import VoidRequested

encode = json.Encoder().encode


class Task(Value):
    """Something to ask of the outside world. Its id is made from its content, and is the idempotency key."""

    id: str
    order: str
    kind: str  # authorize, capture, void, refund, screen, release, track, mail, tell, issue, take_back
    provider: str
    payload: dict[str, Any] = {}
    due_at_s: int = 0
    attempt: int = 0  # how often it was claimed: the fence that an answer has to name
    failures: int = 0  # how often the provider did not answer; a crash of ours is not its failure


def task_of(shop: str, order: Order, event: Event, version: int, now_s: int) -> Task:
    """The task that an event among REQUESTS asks for; `order` is the order after it, `version` the event's number."""
    kind, provider, request = REQUESTS[type(event)]
    payload = request(order, event)
    said_again = version if kind in ("mail", "tell", "screen") else 0  # these may be asked for twice, and mean it
    text = encode((shop, order.id, kind, said_again, payload))
    return Task(blake2b(text, digest_size=12).hexdigest(), order.id, kind, provider, payload, now_s)


def _authorize(order: Order, event: AuthorizationRequested | ReauthorizationRequested) -> dict[str, Any]:
    tender = order.tenders[event.tender]
    asked = {
        "transaction": event.transaction,
        "reference": f"{order.id}/{event.tender}",
        "amount_minor": event.amount_minor,
        "currency": order.currency,
        "method": tender.method,
    }
    if tender.method == GIFT_CARD and tender.reference:
        asked["card"] = tender.reference  # its number; who pays with it has shown its code to the checkout
    return asked


def _capture(order: Order, event: CaptureRequested) -> dict[str, Any]:
    return {
        "transaction": event.transaction,
        "authorization": order.transactions[event.authorization].reference,
        "amount_minor": event.amount_minor,
        "currency": order.currency,
    }


def _void(order: Order, event: VoidRequested) -> dict[str, Any]:
    return {
        "transaction": event.transaction,
        "authorization": order.transactions[event.authorization].reference,
        "amount_minor": event.amount_minor,
        "currency": order.currency,
    }


def _refund(order: Order, event: RefundRequested) -> dict[str, Any]:
    return {
        "transaction": event.transaction,
        "capture": order.transactions[event.capture].reference,
        "amount_minor": event.amount_minor,
        "currency": order.currency,
    }


def _screen(order: Order, event: ScreeningRequested) -> dict[str, Any]:
    return {
        "total_minor": event.total_minor,
        "currency": order.currency,
        "country": order.ship_to.country,
        "bill_country": order.bill_country,
        "units": sum(line.quantity for line in order.lines),
        "score": order.score or 0,
    }


def _release(order: Order, event: FulfillmentReleased) -> dict[str, Any]:
    lines = [
        {
            "line": number,
            "sku": order.lines[number - 1].sku,
            "quantity": size(units),
            "units": units,
            "properties": order.lines[number - 1].properties,
        }
        for number, units in event.units.items()
    ]
    asked = {
        "fulfillment": event.fulfillment,
        "location": event.location,
        "person": order.person,
        "ship_method": order.ship_method,
        "lines": lines,
    }
    if to := order.fulfillments[event.fulfillment].to:
        asked["to"] = to
    if order.bundles:
        asked |= _bundles(order, event)
    if event.purchase_order:
        asked["purchase_order"] = event.purchase_order
    if order.bundles and (bundles := for_location(order, event.units)):
        asked["bundles"] = bundles
    return asked


def _bundles(order: Order, event: FulfillmentReleased) -> dict[str, Any]:
    """What its location handles as one: what of it lies there ready packed, and which units belong together."""
    made = order.fulfillments[event.fulfillment]
    packed = [{"sku": order.bundles[key].sku, "quantity": size(numbers)} for key, numbers in made.packed.items()]
    bundles = [
        {"sku": bundle.sku, "parts": bundle.parts, "units": units}
        for bundle, units in handled_as_one(order, made, event.units)
    ]
    return ({"packed": packed} if packed else {}) | ({"handled_as_one": bundles} if bundles else {})


def _track(order: Order, event: FulfillmentShipped) -> dict[str, Any]:
    return {"shipment": event.shipment, "carrier": event.carrier, "tracking": event.tracking}


def _mail(order: Order, event: MessageRequested) -> dict[str, Any]:
    words = _told(order)
    payload: dict[str, Any] = {"message": event.message, "workflow": order.workflow, "person": order.person}
    if order.issues:
        payload["issued"] = _codes(order)
    return payload | {"words": words} if words else payload


def _codes(order: Order) -> list[dict[str, Any]]:
    """Of what the customer has codes, and where the issuer keeps them; the codes themselves are in no order and no task."""
    kept = units_in(order, "delivered")
    return [
        {
            "reference": issue.reference,
            "title": line.title or line.sku,
            "codes": [f"{line.number}.{n}" for n in numbers(units)],
        }
        for issue in order.issues.values()
        for line in order.lines
        if issue.outcome == "done" and (units := common(issue.units.get(line.number, ()), kept.get(line.number, ())))
    ]


def _told(order: Order) -> dict[str, str]:
    """What messages may say of an order beyond its name: what of it is canceled so far or something else now, what was
    given back, the day on which what waits for stock is to be had, by when they are to answer, its bundles, and what a
    refund waits for.
    """
    words: dict[str, str] = {}
    canceled = {line.number: units for line in order.lines if (units := line.tally.get("canceled"))}
    if canceled:
        words["canceled"] = told_units(order, canceled)
    if order.bundles:
        words["bundles"] = rules_told(order)
        if waits := waits_told(order):
            words["waits_for"] = waits
    others = [(line.title or line.sku, line.was_title or line.was) for line in order.lines if line.was]
    if others:
        words["substituted"] = ", ".join(f"{title} instead of {was}" for title, was in others)
    if refunded := money_in(order, "refunded"):
        words["refunded"] = money(refunded, order.currency)
    if waiting := units_in(order, *AWAITING):
        known = [order.expected.get(number) for number in waiting]
        days = [each.day if each else "" for each in known]
        if all(days):
            words["expected"] = max(days)
    for line in order.lines:
        if line.street_date and waits_for_street(line):
            words["street_date"] = max(line.street_date, words.get("street_date", ""))
    if order.asked is not None:
        words["answer_by"] = order.asked.day
    ready = units_in(order, "ready")
    made = [each for each in order.fulfillments.values() if each.store and any(n in ready for n in each.units)]
    if made:
        words["store"] = ", ".join(dict.fromkeys(each.store for each in made))
    return words


def _issue(order: Order, event: CodesRequested) -> dict[str, Any]:
    lines = [
        {
            "line": number,
            "sku": order.lines[number - 1].sku,
            "kind": order.lines[number - 1].kind,
            "worth_minor": order.lines[number - 1].price_minor,
            "units": units,
        }
        for number, units in event.units.items()
    ]
    return {"issue": event.issue, "currency": order.currency, "lines": lines}


def _take_back(order: Order, event: TakebackRequested) -> dict[str, Any]:
    return {
        "takeback": event.takeback,
        "reference": order.issues[event.issue].reference,
        "code": f"{event.line}.{event.unit}",
        "currency": order.currency,
    }


def _tell(order: Order, event: ChannelUpdateRequested) -> dict[str, Any]:
    shipments = [{"shipment": name, "tracking": parcel.tracking} for name, parcel in order.shipments.items()]
    told = {"channel_order_id": order.channel_order_id, "update": event.update, "shipments": shipments}
    if waiting := _waiting_told(order, event):
        told["waiting"] = waiting
    return told | {"bundles": for_channel(order)} if order.bundles else told


def _waiting_told(order: Order, event: ChannelUpdateRequested) -> list[dict[str, Any]]:
    """The lines that wait: with the day on which they are to be had, if that is known, and their place in the queue."""
    found = []
    for number, units in units_in(order, *AWAITING).items():
        line, known = order.lines[number - 1], order.expected.get(number)
        told: dict[str, Any] = {"line": number, "sku": line.sku, "units": size(units)}
        if known and known.due_s is not None:
            told |= {"expected": known.day, "expected_at_s": known.due_s}
        if line.street_date and waits_for_street(line):
            told["street_date"] = line.street_date
        if place := event.places.get(line.sku):
            told |= {"position": place.position, "units_ahead": place.units_ahead}
        found.append(told)
    return found


REQUESTS: dict[type[Event], tuple[str, str, Callable[[Order, Any], dict[str, Any]]]] = {
    AuthorizationRequested: ("authorize", "gateway", _authorize),
    ReauthorizationRequested: ("authorize", "gateway", _authorize),
    CaptureRequested: ("capture", "gateway", _capture),
    VoidRequested: ("void", "gateway", _void),
    RefundRequested: ("refund", "gateway", _refund),
    ScreeningRequested: ("screen", "fraud", _screen),
    FulfillmentReleased: ("release", "warehouse", _release),
    FulfillmentShipped: ("track", "carrier", _track),
    MessageRequested: ("mail", "mailer", _mail),
    ChannelUpdateRequested: ("tell", "channel", _tell),
    CodesRequested: ("issue", "issuer", _issue),
    TakebackRequested: ("take_back", "issuer", _take_back),
}
