"""Collected: the sentences of what customers collect at a store or suppliers send them, and of what is brought."""

from collections.abc import Callable
from typing import Any

from segue.core.base import Event
from segue.core.bringing import SentToStore, UnitsLost, UnitsReady
from segue.core.collect import UnitsCollected
from segue.core.explain.words import Tale, because, plain
from segue.core.purchase import PurchaseOrderMirrored


def sent(event: SentToStore, tale: Tale) -> str:
    """A parcel has left for a store."""
    by = f" with {event.carrier}" if event.carrier else ""
    tracking = f", tracking {event.tracking}" if event.tracking else ""
    there = f"{tale.place(event.location)} has sent {tale.units(event.units)} to {tale.place(event.store)}"
    return f"{there}{by}{f' as {event.shipment}' if event.shipment else ''}{tracking}"


def ready(event: UnitsReady, tale: Tale) -> str:
    """The customer may come."""
    how = "have come to" if event.brought else "are ready at"
    return f"{tale.units(event.units)} {how} {tale.place(event.location)}, where the customer collects them"


def mirrored(event: PurchaseOrderMirrored, tale: Tale) -> str:
    """How a purchase order stands."""
    own = f", there called {event.reference}" if event.reference else ""
    when = f", to leave {tale.moment(event.expected_at_s)}" if event.expected_at_s is not None else ""
    return f"Purchase order {event.number} to {tale.place(event.location)} is {plain(event.status)}{own}{when}"


SENTENCES: dict[type[Event], Callable[[Any, Tale], str]] = {
    SentToStore: sent,
    UnitsReady: ready,
    UnitsLost: lambda e, tale: (
        f"{tale.units(e.units)} from {tale.place(e.location)} have not come to the store{because(plain(e.reason))}"
    ),
    PurchaseOrderMirrored: mirrored,
    UnitsCollected: lambda e, tale: (
        f"The customer has collected {tale.units(e.units)} at {tale.place(e.location)}, as {e.shipment}"
    ),
}
