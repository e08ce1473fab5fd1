"""Collected: the sentences of what customers collect at a store, and of what is brought there for them."""

from collections.abc import Callable
from typing import Any

from segue.core.base import Event
from segue.core.bringing import SentToStore, UnitsLost, UnitsReady
from segue.core.collect import UnitsCollected
from segue.core.explain.words import Tale, because, plain


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


SENTENCES: dict[type[Event], Callable[[Any, Tale], str]] = {
    SentToStore: sent,
    UnitsReady: ready,
    UnitsLost: lambda e, tale: (
        f"{tale.units(e.units)} from {tale.place(e.location)} have not come to the store{because(plain(e.reason))}"
    ),
    UnitsCollected: lambda e, tale: (
        f"The customer has collected {tale.units(e.units)} at {tale.place(e.location)}, as {e.shipment}"
    ),
}
