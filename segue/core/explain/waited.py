"""Waited: what was put off, by a hold or until a time, and what goes on."""

from collections.abc import Callable
from typing import Any

from segue.core import allocate, collect_at, grace, hold, reschedule, schedule
from segue.core.base import Event
from segue.core.explain.words import Tale, because, listed
from segue.core.strict import BEFORE


def blocked(event: hold.ReactionBlocked, tale: Tale) -> str:
    """What keeps something waiting."""
    if event.hold == grace.GRACE:
        return "The customer may still change their mind; what cannot be undone waits until the grace period is over"
    if event.hold == schedule.SCHEDULE:
        return "It is not time yet; what shall arrive on a date goes on when it is"
    return f"The hold {tale.hold(event.hold)} keeps something waiting; it goes on when lifted"


def backordered(event: allocate.UnitsBackordered, tale: Tale) -> str:
    """Nobody can give units now, or what there is is kept for those before."""
    before: dict[str, int] = event.because.figures.get(BEFORE, {}) if event.because else {}
    kept = listed(f"{units} of {sku}" for sku, units in before.items())
    others = f"; {kept} are wanted by those whose turn is before" if before else ""
    return f"No location can give {tale.units(event.units)} now; they wait for stock{others}"


def grace_ended(event: grace.GraceEnded, tale: Tale) -> str:
    """The grace period is over, and how that came."""
    return f"The grace period is ended early{because(event.reason)}" if event.early else "The grace period is over"


def rescheduled(event: reschedule.DeliveryRescheduled, tale: Tale) -> str:
    """Another date, and when whom is asked then."""
    what = f"Line {event.line}" if event.line else "The order"
    when = [
        f"{tale.place(made.location)} is asked on {tale.moment(made.release_at_s)}"
        for made in event.fulfillments.values()
        if made.release_at_s is not None
    ]
    told = f"{what} is to arrive {f'on {event.deliver_on}' if event.deliver_on else 'as soon as possible'}"
    return f"{told}; {listed(when)}" if when else told


SENTENCES: dict[type[Event], Callable[[Any, Tale], str]] = {
    allocate.UnitsBackordered: backordered,
    hold.ReactionBlocked: blocked,
    grace.GraceEnded: grace_ended,
    schedule.FulfillmentDue: lambda e, tale: (
        f"It is time to send {listed(e.fulfillments)}, to arrive on the date chosen"
    ),
    reschedule.DeliveryRescheduled: rescheduled,
    collect_at.PickupRescheduled: lambda e, tale: (
        f"The customer will collect it from {tale.moment(e.from_s)} to {tale.moment(e.until_s)}"
    ),
}
