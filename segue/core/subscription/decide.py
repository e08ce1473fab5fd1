"""Deciding about subscriptions: every command and every event there is, what answers them, and one step of one."""

from collections.abc import Callable
from typing import Any, Union

from msgspec.structs import replace

from segue.core.base import Command, Event, Refusal, Refused, Value, snake
from segue.core.draft import Draft
from segue.core.subscription import beginning, changing, events, renewing
from segue.core.subscription.commands import Begin, RecordPayment, Renew
from segue.core.subscription.drafting import draft_of
from segue.core.subscription.events import CycleOrdered
from segue.core.subscription.standing import Circumstances, Subscription

DECISIONS: dict[type[Command], Callable[[Any, Any, Circumstances], list[Event]]] = {}
EVOLUTIONS: dict[type[Event], Callable[[Any, Any], Subscription]] = {}
for subject in (beginning, changing, renewing):
    DECISIONS |= subject.DECISIONS
EVOLUTIONS |= events.EVOLUTIONS

COMMANDS: dict[str, type[Command]] = {snake(kind.__name__): kind for kind in DECISIONS}
EVENTS: dict[str, type[Event]] = {snake(kind.__name__): kind for kind in EVOLUTIONS}
AnyCommand = Union[tuple(DECISIONS)]  # type: ignore[valid-type]  # noqa: UP007
AnyEvent = Union[tuple(EVOLUTIONS)]  # type: ignore[valid-type]  # noqa: UP007
WHEN_OVER = (Renew, RecordPayment)  # of what is over only what is unpaid still moves


class Taken(Value):
    """A recorded step of a subscription: what was asked, and what came of it."""

    command: AnyCommand  # type: ignore[valid-type]
    events: tuple[AnyEvent, ...]  # type: ignore[valid-type]


class Outcome(Value):
    """What a step came to: the subscription after it, its events, and the orders that it makes."""

    subscription: Subscription
    events: tuple[Event, ...]
    drafts: tuple[Draft, ...] = ()


def decide(subscription: Subscription | None, command: Command, circumstances: Circumstances) -> list[Event]:
    """What a command leads to. Raises Refused; the subscription is not changed."""
    if subscription is None and not isinstance(command, Begin):
        raise Refused(Refusal.SUBSCRIPTION_NOT_FOUND)
    if subscription is not None and subscription.over and not isinstance(command, (*WHEN_OVER, Begin)):
        raise Refused(Refusal.SUBSCRIPTION_OVER, subscription.over)
    return DECISIONS[type(command)](subscription, command, circumstances)


def evolve(subscription: Subscription | None, event: Event) -> Subscription:
    """The subscription after an event. Never fails on one that was decided for it."""
    changed = EVOLUTIONS[type(event)](subscription, event)
    return replace(changed, version=changed.version + 1)


def step(subscription: Subscription | None, command: Command, circumstances: Circumstances) -> Outcome:
    """Decide a command and apply what it leads to. Each order is of the subscription as it was when it was made."""
    decided = tuple(decide(subscription, command, circumstances))
    drafts: list[Draft] = []
    for event in decided:
        if isinstance(event, CycleOrdered):
            assert subscription is not None
            drafts.append(draft_of(subscription, event, circumstances.now_s))
        subscription = evolve(subscription, event)
    assert subscription is not None
    return Outcome(subscription, decided, tuple(drafts))
