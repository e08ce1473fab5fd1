"""Replaying subscriptions: fold what is on record of one from empty, and compare with it as it is stored, byte for byte.

Each day that an event settles has to be the one on which that line was due by then: so no day is left out, and none comes
twice, whatever the table of days says.
"""

from collections.abc import Iterable

from msgspec import DecodeError, json

from segue.core.base import MISTAKES, Event, Refused
from segue.core.subscription.decide import Taken, evolve
from segue.core.subscription.events import CycleOrdered, CyclePassed
from segue.core.subscription.standing import Subscription
from segue.engine.replay import Astray, Deviation, difference
from segue.ports import Recorded, Story

TAKEN = json.Decoder(Taken)


def strayed(stories: Iterable[Story]) -> list[Deviation]:
    """What differs between subscriptions and their records; each one's first difference."""
    return [found for story in stories if (found := strayed_of(story)) is not None]


def strayed_of(story: Story) -> Deviation | None:
    """What differs between a subscription and its record, if anything does."""
    try:
        folded = unfolded(story.steps)
    except Astray as astray:
        return Deviation(astray.id, story.order, str(astray))
    made = json.encode(folded)
    return Deviation("I40", story.order, difference(made, story.value)) if made != story.value else None


def unfolded(steps: Iterable[Recorded]) -> Subscription | None:
    """The subscription that its steps make. Raises Astray if one cannot be applied."""
    subscription: Subscription | None = None
    for step in steps:
        try:
            for event in TAKEN.decode(step.record).events:
                _check(subscription, event)
                subscription = evolve(subscription, event)
        except (DecodeError, Refused, *MISTAKES) as error:
            raise Astray("I40", f"the step to version {step.version}: {type(error).__name__}: {error}") from error
        if subscription is None or subscription.version != step.version:
            events = subscription.version if subscription else 0
            raise Astray("I60", f"with the step to version {step.version} it has {events} events")
    return subscription


def _check(subscription: Subscription | None, event: Event) -> None:
    """Whether a day that an event settles is the next one of its lines."""
    if isinstance(event, CycleOrdered | CyclePassed) and event.on is not None:
        assert subscription is not None, "it begins with a cycle"
        for number in event.lines:
            due = subscription.lines[number].next_on
            if due != event.on:
                raise Astray("I61", f"{event.on} of line {number} is settled, and {due} is due")
