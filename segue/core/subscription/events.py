"""What happens to subscriptions: their events, and how each changes one. None of them fails."""

from collections.abc import Callable
from datetime import date
from typing import Any

from msgspec.structs import replace

from segue.core.base import Event
from segue.core.subscription.standing import (
    Address,
    Cycle,
    Line,
    Once,
    Payment,
    Subscription,
    Terms,
    Unpaid,
    advanced,
)


class Subscribed(Event):
    """A customer has ordered something again and again."""

    id: str
    terms: Terms
    lines: dict[int, Line]


class CycleOrdered(Event):
    """A cycle became an order. Its order's id is made of the subscription's and the cycle's, so that it is the only one."""

    cycle: str
    lines: tuple[int, ...]
    on: date | None = None  # none: beside its days
    alone: bool = False
    early: bool = False  # asked for before its day


class CyclePassed(Event):
    """A cycle, or lines of it, made no order, and why: skipped, paused, on_hold, caught_up."""

    on: date
    lines: tuple[int, ...]
    reason: str
    alone: bool = False


class NoticeRequested(Event):
    """The customer is to be told of what comes next."""

    on: date
    lines: tuple[int, ...]
    alone: bool = False


class SubscriptionPaused(Event):
    """Nothing comes until a day, or until it is resumed."""

    until: date | None = None


class SubscriptionResumed(Event):
    """It goes on."""


class NextChanged(Event):
    """A line is something else the next time, and only then."""

    line: int
    once: Once


class LineChanged(Event):
    """A line is something else from now on, or is new."""

    line: int
    now: Line


class LineRemoved(Event):
    """A line does not come any more."""

    line: int


class AddressChanged(Event):
    """Its orders go somewhere else."""

    address: Address


class PaymentChanged(Event):
    """Its orders are paid in another way."""

    payment: Payment


class PaymentDeclined(Event):
    """An order of it could not be paid. It is tried again at this time, or not any more."""

    cycle: str
    order: str
    declines: int
    retry_at_s: int | None = None


class RetryRequested(Event):
    """The payment of an order is to be tried again."""

    cycle: str
    order: str


class PaymentMended(Event):
    """What could not be paid is paid now, or need not be any more."""

    cycle: str
    outcome: str  # secured, canceled


class SubscriptionHeld(Event):
    """It was tried often enough: nothing comes until there is another way to pay."""

    cycle: str


class SubscriptionRecovered(Event):
    """It can be paid again."""


class SubscriptionEnded(Event):
    """Nothing comes any more."""

    reason: str


def born(_: Subscription | None, event: Subscribed) -> Subscription:
    """A subscription begins."""
    return Subscription(event.id, 0, event.terms, event.lines, numbered=max(event.lines))


def evolve_ordered(subscription: Subscription, event: CycleOrdered) -> Subscription:
    """One order more."""
    made = replace(subscription, made=subscription.made + 1)
    if event.on is None:
        return replace(made, extras=made.extras + 1)
    return advanced(made, Cycle(event.on, event.lines, event.alone))


def evolve_passed(subscription: Subscription, event: CyclePassed) -> Subscription:
    """Its day is behind it."""
    return advanced(subscription, Cycle(event.on, event.lines, event.alone))


def evolve_notice(subscription: Subscription, event: NoticeRequested) -> Subscription:
    """Of this day the customer knows."""
    return replace(subscription, noticed_on=event.on)


def evolve_paused(subscription: Subscription, event: SubscriptionPaused) -> Subscription:
    """It is paused."""
    return replace(subscription, paused=True, paused_until=event.until)


def evolve_resumed(subscription: Subscription, event: SubscriptionResumed) -> Subscription:
    """It is not."""
    return replace(subscription, paused=False, paused_until=None)


def evolve_next(subscription: Subscription, event: NextChanged) -> Subscription:
    """Its line is another one, once."""
    line = replace(subscription.lines[event.line], once=event.once)
    return replace(subscription, lines=subscription.lines | {event.line: line})


def evolve_line(subscription: Subscription, event: LineChanged) -> Subscription:
    """Its line is another one."""
    lines = subscription.lines | {event.line: event.now}
    return replace(subscription, lines=lines, numbered=max(subscription.numbered, event.line))


def evolve_removed(subscription: Subscription, event: LineRemoved) -> Subscription:
    """Its line is gone."""
    left = {number: line for number, line in subscription.lines.items() if number != event.line}
    return replace(subscription, lines=left)


def evolve_address(subscription: Subscription, event: AddressChanged) -> Subscription:
    """It goes there."""
    terms = replace(subscription.terms, address=event.address, person=event.address.person or subscription.terms.person)
    return replace(subscription, terms=terms)


def evolve_payment(subscription: Subscription, event: PaymentChanged) -> Subscription:
    """It is paid like this."""
    return replace(subscription, terms=replace(subscription.terms, payment=event.payment))


def evolve_declined(subscription: Subscription, event: PaymentDeclined) -> Subscription:
    """Its order is unpaid."""
    unpaid = Unpaid(event.order, event.declines, event.retry_at_s)
    return replace(subscription, unpaid=subscription.unpaid | {event.cycle: unpaid})


def evolve_retried(subscription: Subscription, event: RetryRequested) -> Subscription:
    """The answer is awaited."""
    unpaid = replace(subscription.unpaid[event.cycle], retry_at_s=None)
    return replace(subscription, unpaid=subscription.unpaid | {event.cycle: unpaid})


def evolve_mended(subscription: Subscription, event: PaymentMended) -> Subscription:
    """Nothing of this order is open."""
    left = {cycle: unpaid for cycle, unpaid in subscription.unpaid.items() if cycle != event.cycle}
    return replace(subscription, unpaid=left)


def evolve_held(subscription: Subscription, event: SubscriptionHeld) -> Subscription:
    """It is on hold."""
    return replace(subscription, held=True)


def evolve_recovered(subscription: Subscription, event: SubscriptionRecovered) -> Subscription:
    """It is not."""
    return replace(subscription, held=False)


def evolve_ended(subscription: Subscription, event: SubscriptionEnded) -> Subscription:
    """It is over."""
    return replace(subscription, over=event.reason, paused=False, paused_until=None, held=False)


EVOLUTIONS: dict[type[Event], Callable[[Any, Any], Subscription]] = {
    Subscribed: born,
    CycleOrdered: evolve_ordered,
    CyclePassed: evolve_passed,
    NoticeRequested: evolve_notice,
    SubscriptionPaused: evolve_paused,
    SubscriptionResumed: evolve_resumed,
    NextChanged: evolve_next,
    LineChanged: evolve_line,
    LineRemoved: evolve_removed,
    AddressChanged: evolve_address,
    PaymentChanged: evolve_payment,
    PaymentDeclined: evolve_declined,
    RetryRequested: evolve_retried,
    PaymentMended: evolve_mended,
    SubscriptionHeld: evolve_held,
    SubscriptionRecovered: evolve_recovered,
    SubscriptionEnded: evolve_ended,
}
