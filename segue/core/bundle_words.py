"""What customers, channels and locations are told of the bundles of an order."""

from typing import Any

from segue.core.bundles import Bundle, OnShort, Returned, Ship
from segue.core.bundling import bundles_with, missing_in, sold_of, told_units, waiting_in
from segue.core.order import Order, units_in
from segue.core.tally import LEFT, STATES, Units, size

SENT: dict[Ship, str] = {
    "together": "sent together, in one parcel",
    "one_location": "sent from one place",
    "whole": "sent once all of it is there",
    "independently": "sent piece by piece, as each is there",
}
COMES_BACK: dict[Returned, str] = {
    "together": "taken back as a whole only",
    "separately": "taken back piece by piece, and refunded once all of it is back",
    "any": "taken back piece by piece, each refunded with its share of the price",
}
LACKING: dict[OnShort, str] = {
    "cancel": "if a piece cannot be sent, all of it is canceled",
    "keep": "if a piece cannot be sent, its share of the price is taken off",
    "dissolve": "if a piece cannot be sent, the others cost what they cost alone, together never more than before",
}


def rules_told(order: Order) -> str:
    """The bundles of an order for its customer: what is in each, and its rules."""
    return "; ".join(_told(order, bundle) for _, bundle in sold_of(order))


def _told(order: Order, bundle: Bundle) -> str:
    parts = told_units(order, {n: ((1, per),) for n, per in bundle.parts.items()}, as_bundles=False)
    rules = bundle.rules
    said = ", ".join((SENT[rules.ship], COMES_BACK[rules.returns], LACKING[rules.on_short]))
    return f"{bundle.quantity} x {bundle.title or bundle.sku} ({parts}): {said}"


def waits_told(order: Order) -> str:
    """What has to come back before what is back is refunded, for the customer; empty if nothing has to."""
    said = (
        f"{told_units(order, missing_in(order, bundle), as_bundles=False)} of {bundle.title or bundle.sku}"
        for _, bundle in waiting_in(order)
    )
    return "; ".join(said)


def for_channel(order: Order) -> list[dict[str, Any]]:
    """How the bundles stand, by the channel's own lines: how many are wholly sent, canceled, back."""
    return [
        {
            "sku": bundle.sku,
            "quantity": bundle.quantity,
            "shipped": _wholly(order, bundle, *LEFT),
            "canceled": _wholly(order, bundle, "canceled"),
            "returned": _wholly(order, bundle, "returned"),
        }
        for _, bundle in sold_of(order)
    ]


def _wholly(order: Order, bundle: Bundle, *states: str) -> int:
    """Of how many bundles all units are in one of these states."""
    elsewhere = units_in(order, *(state for state in STATES if state not in states))
    return bundle.quantity - size(bundles_with(bundle, elsewhere))


def for_location(order: Order, units: dict[int, Units]) -> list[dict[str, Any]]:
    """The bundles that units of a fulfillment belong to, for those who pack them."""
    return [
        {
            "bundle": key,
            "sku": bundle.sku,
            "title": bundle.title,
            "quantity": size(bundles_with(bundle, units)),
            "ship": bundle.rules.ship,
            "parts": {number: per for number, per in bundle.parts.items() if number in units},
        }
        for key, bundle in sold_of(order)
        if not units.keys().isdisjoint(bundle.parts)
    ]
