"""What the tests of subscriptions are written with: one in Berlin, a clock there, and what commands come to."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from typing import Any

from segue.core.base import Command, Event, Refused
from segue.core.calendar import Zone
from segue.core.subscription.commands import Begin, NewLine
from segue.core.subscription.decide import step
from segue.core.subscription.events import CycleOrdered, CyclePassed
from segue.core.subscription.standing import Circumstances, Subscription, Terms

# Berlin in 2026: summer time from 29 March 1:00 UTC to 25 October 1:00 UTC.
BERLIN = Zone("Europe/Berlin", (1_774_746_000, 1_792_890_000), (3600, 7200, 3600))
RETRIES_S = (86_400, 259_200)
FROM_31ST = date(2026, 1, 31)


def at(year: int, month: int, day: int, hour: int = 12, minute: int = 0, ahead: int = 1) -> int:
    """An instant by a clock that is so many hours ahead of UTC."""
    return int(datetime(year, month, day, hour, minute, tzinfo=timezone(timedelta(hours=ahead))).timestamp())


START = at(2026, 1, 20)


def circumstances(now_s: int = START, zone: Zone | None = BERLIN, notice_days: int = 0) -> Circumstances:
    """The time, and what the shop says."""
    return Circumstances(now_s, zone, RETRIES_S, notice_days)


def terms(**more: Any) -> Terms:
    """Usual terms."""
    usual: dict[str, Any] = {"channel": "web", "currency": "EUR", "time_zone": "Europe/Berlin", "person": "p1"}
    return Terms(**usual | more)


def mugs(rule: str = "FREQ=MONTHLY", starts_on: date | None = FROM_31ST, **more: Any) -> NewLine:
    """A mug at 12 EUR, monthly from the 31st."""
    usual: dict[str, Any] = {"sku": "MUG", "quantity": 1, "price_minor": 12_00}
    return NewLine(rule=rule, starts_on=starts_on, **usual | more)


def begun(*lines: NewLine, now_s: int = START, **more: Any) -> Subscription:
    """A subscription that has just begun."""
    found = step(None, Begin("S1", terms(**more), lines or (mugs(),)), circumstances(now_s))
    return found.subscription


def after(subscription: Subscription, *commands: Command | tuple[int, Command], notice_days: int = 0) -> Subscription:
    """The subscription after these commands, each at its time or at the start."""
    for each in commands:
        now_s, command = each if isinstance(each, tuple) else (START, each)
        subscription = step(subscription, command, circumstances(now_s, notice_days=notice_days)).subscription
    return subscription


def events_of(
    subscription: Subscription | None, command: Command, now_s: int = START, notice_days: int = 0
) -> tuple[Event, ...]:
    """What a command leads to."""
    return step(subscription, command, circumstances(now_s, notice_days=notice_days)).events


def refused(
    subscription: Subscription | None, command: Command, now_s: int = START, zone: Zone | None = BERLIN
) -> Refused:
    """Why a command is refused."""
    try:
        step(subscription, command, circumstances(now_s, zone))
    except Refused as error:
        return error
    raise AssertionError(f"{command} was not refused")


def told(events: Iterable[Event]) -> list[str]:
    """Events in a word: `20260131 ordered 1`, `0228 paused 1`, else their kind."""
    found = []
    for event in events:
        if isinstance(event, CycleOrdered):
            found.append(f"{event.cycle} ordered {','.join(map(str, event.lines))}")
        elif isinstance(event, CyclePassed):
            found.append(f"{event.on:%m%d} {event.reason} {','.join(map(str, event.lines))}")
        else:
            found.append(type(event).__name__)
    return found
