"""Grace: for a while after an order came in the customer may change their mind, and nothing happens that cannot be undone.

No money is taken and no location or supplier is asked to ship: parcels, invoices and purchase orders follow only from
those. What is asked for meanwhile waits, and goes on once: when the time is over, or when a person ends it before.
"""

from msgspec.structs import replace

from segue.core.base import Because, Command, Event, Refusal, Refused
from segue.core.context import Context
from segue.core.moments import moment
from segue.core.order import Order
from segue.core.workflow import Grace

GRACE = "grace"  # stands where a hold would, in what is said of reactions that wait for it


class EndGrace(Command):
    """Let the order go on now, without waiting for the end of its grace period."""

    reason: str = ""


class GraceEnded(Event):
    """The grace period is over; what was put off until then goes on."""

    reactions: tuple[str, ...] = ()
    early: bool = False  # a person has ended it
    reason: str = ""


def grace_s(grace: Grace | None, channel: str, tier: str) -> int:
    """How long the grace period of an order is: as its tier says, else its channel, else as usual; 0: it has none."""
    if grace is None:
        return 0
    if not grace.by_tier and not grace.by_channel:  # as it mostly is
        return grace.for_s
    return grace.by_tier.get(tier, grace.by_channel.get(channel, grace.for_s))


def ends_at(grace: Grace | None, channel: str, tier: str, now_s: int) -> int | None:
    """When the grace period of an order ends that comes in now; None if it has none."""
    lasts_s = grace_s(grace, channel, tier) if grace is not None else 0
    return now_s + lasts_s if lasts_s else None


def refuse_in_grace(order: Order, context: Context) -> None:
    """Refused as long as the order's grace period lasts. Once it was over it stays so, whatever the clock says then."""
    ends_s = order.grace_ends_s
    if ends_s is not None and context.now_s < ends_s and not order.grace_over:
        raise Refused(Refusal.IN_GRACE, f"until {moment(ends_s)}")


def end_grace(order: Order, command: EndGrace, context: Context) -> list[Event]:
    """Refused if the order is in no grace period."""
    if not order.in_grace:
        raise Refused(Refusal.NOT_IN_GRACE, order.id)
    return [GraceEnded(reactions=order.waiting, early=True, reason=command.reason)]


def grace_ended(order: Order, context: Context) -> list[Event]:
    """That the grace period is over by now, if it is, and that was not said before."""
    if order.grace_ends_s is None or order.grace_over or context.now_s < order.grace_ends_s:
        return []
    return [GraceEnded(reactions=order.waiting, because=Because(GRACE, {"ends_at_s": order.grace_ends_s}))]


def evolve_ended(order: Order, event: GraceEnded, at_s: int) -> Order:
    """Nothing is put off any more; what a hold still blocks will wait again."""
    ends_s = order.grace_ends_s
    if event.early and ends_s is not None:
        ends_s = min(ends_s, at_s)
    return replace(order, grace_over=True, grace_ends_s=ends_s, waiting=())


def ended_by_people(order: Order) -> list[Command]:
    """Somebody lets it go on."""
    return [EndGrace()] if order.in_grace else []


DECISIONS = {EndGrace: end_grace}
EVOLUTIONS = {GraceEnded: evolve_ended}
UNPROMPTED = {"person": ended_by_people}
