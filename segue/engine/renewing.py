"""Renewing subscriptions: what is due of them becomes messages, which are taken in as every channel's orders are.

A step of a subscription and the messages with its orders are one transaction: whoever dies in between has done neither.
A second scheduler that decided the same finds the subscription moved on, and decides again: then nothing is due. What an
order's payment came to comes back as a message too.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec
from msgspec import json, to_builtins

from segue.core.base import MISTAKES, Command, Event, Refused
from segue.core.calendar import Zone
from segue.core.draft import Draft
from segue.core.subscription.commands import Begin, RecordPayment, Renew
from segue.core.subscription.decide import Outcome, Taken, step
from segue.core.subscription.drafting import channel_order_id
from segue.core.subscription.events import (
    CycleOrdered,
    CyclePassed,
    NoticeRequested,
    PaymentChanged,
    RetryRequested,
)
from segue.core.subscription.renewing import wake_at_s
from segue.core.subscription.standing import Circumstances, Subscription
from segue.core.tasks import Task
from segue.engine.inbox import order_id
from segue.engine.news import NEWS, SOURCE
from segue.engine.noticing import notice
from segue.engine.outcomes import PUT_OFF_S
from segue.engine.rules import Rules
from segue.engine.wave import TRIES_MAX
from segue.ports import (
    Batch,
    Handled,
    Inbound,
    Needs,
    Renewed,
    Settling,
    StaleMessage,
    StaleOrder,
    Store,
    Unwritable,
)

encode = json.Encoder().encode


class Agreed(NamedTuple):
    """What a shop says of all its subscriptions."""

    zone_of: Callable[[str], Zone | None] = {"UTC": Zone()}.get  # none: there is no zone of that name
    sign: Callable[[str], str] = str  # makes of a text a token that only this shop can make
    notice_days: int = 0
    retries_s: tuple[int, ...] = ()
    skip_link: str = ""  # with $token in it


class Asked(NamedTuple):
    """One command for one subscription: who asks, and which message it comes from."""

    id: str
    command: Command
    by: str
    message: Inbound | None = None


class Answered(NamedTuple):
    """What became of it: the subscription, or why nothing did."""

    asked: Asked
    subscription: Subscription | None
    refused: Refused | None = None
    events: tuple[Event, ...] = ()


class Renewing:
    """Decides what is asked of subscriptions, and keeps it."""

    def __init__(self, store: Store, rules: Rules, agreed: Agreed) -> None:
        self.store = store
        self.rules = rules
        self.agreed = agreed

    def round(self, now_s: int, due: Sequence[str], messages: Sequence[Inbound]) -> Sequence[Answered]:
        """What time and messages bring, in one transaction, or several if one of them cannot be written."""
        unread: list[Handled] = []
        asked: list[Asked] = []
        for message in messages:
            try:
                command = msgspec.convert(message.body["command"], RecordPayment | Renew)
                asked.append(Asked(message.body["subscription"], command, SOURCE, message))
            except (msgspec.ValidationError, LookupError) as error:
                unread.append(Handled(message.source, message.id, "parked", f"{message.kind}: {error}"))
        asked += [Asked(id, Renew(), "timer") for id in due]
        return self._run(asked, Batch(now_s, handled=tuple(unread)))

    def submit(self, id: str, command: Command, by: str, now_s: int) -> Answered:
        """Have one command decided and committed at once. Raises Unwritable, or what is our own mistake."""
        return self._run([Asked(id, command, by)], Batch(now_s), alone=True)[0]

    def take(self, asked: Sequence[Asked], batch: Batch) -> Sequence[Answered]:
        """Have commands for many subscriptions decided and committed at once; each gets its own answer."""
        return self._run(asked, batch)

    def _run(self, asked: Sequence[Asked], batch: Batch, alone: bool = False) -> Sequence[Answered]:
        try:
            return self._together(asked, batch, alone)
        except (StaleOrder, Unwritable) as error:
            if alone:
                raise
            if len(asked) > 1:
                middle = len(asked) // 2
                return [*self._run(asked[:middle], batch), *self._run(asked[middle:], Batch(batch.now_s))]
            self.store.commit(_later(batch, asked, error))
            return [Answered(each, None) for each in asked]

    def _together(self, asked: Sequence[Asked], batch: Batch, alone: bool) -> Sequence[Answered]:
        for last in (False,) * (TRIES_MAX - 1) + (True,):
            told, whole = self._decided(asked, batch, alone)
            try:
                self.store.commit(whole)
            except StaleOrder:
                if last:
                    raise
            except StaleMessage as stale:
                asked = [each for each in asked if not each.message or _key(each.message) not in stale.keys]
                kept = tuple(each for each in batch.handled if (each.source, each.id) not in stale.keys)
                batch = msgspec.structs.replace(batch, handled=kept)
            else:
                return told
        raise StaleOrder(f"messages were lost {TRIES_MAX} times while subscriptions were decided")

    def _decided(self, asked: Sequence[Asked], batch: Batch, alone: bool) -> tuple[list[Answered], Batch]:
        ids = frozenset(each.id for each in asked)
        known = dict(self.store.load(Needs(subscriptions=ids)).subscriptions)
        told: list[Answered] = []
        found = Found([], [], list(batch.handled), dict(batch.renew_later))
        for each in asked:
            try:
                one = self._take(each, known, batch.now_s, found)
            except Refused as refused:
                one = Answered(each, known[each.id], refused)
                _handle(found, each, "refused", str(refused))
            except MISTAKES as error:
                if alone:
                    raise
                one = Answered(each, known[each.id])
                _put_off(found, each, error, batch.now_s)
            told.append(one)
        whole = Batch(
            batch.now_s,
            handled=tuple(found.handled),
            received=tuple(found.received),
            renewed=tuple(found.steps),
            renew_later=found.later,
        )
        return told, whole

    def _take(self, asked: Asked, known: dict[str, Subscription | None], now_s: int, found: "Found") -> Answered:
        before = known[asked.id]
        terms = before.terms if before else asked.command.terms if isinstance(asked.command, Begin) else None
        zone = self.agreed.zone_of(terms.time_zone) if terms else None
        circumstances = Circumstances(now_s, zone, self.agreed.retries_s, self.agreed.notice_days)
        outcome = step(before, asked.command, circumstances)
        received, tasks = self._sent(before, outcome, now_s)
        after = outcome.subscription
        found.steps.append(
            Renewed(
                after,
                before.version if before else 0,
                now_s,
                asked.by,
                encode(Taken(asked.command, outcome.events)),
                encode(after),
                wake_at_s(after, circumstances),
                settlings(after, outcome.events),
                tuple(tasks),
            )
        )
        found.received.extend(received)
        _handle(found, asked, "done")
        known[asked.id] = after
        return Answered(asked, after, events=outcome.events)

    def _sent(self, before: Subscription | None, outcome: Outcome, now_s: int) -> tuple[list[Inbound], list[Task]]:
        """The messages and tasks that come of a step."""
        subscription, drafts = outcome.subscription, iter(outcome.drafts)
        received: list[Inbound] = []
        tasks: list[Task] = []
        version = before.version if before else 0
        is_new_way = any(isinstance(event, PaymentChanged) for event in outcome.events)
        for number, event in enumerate(outcome.events, version + 1):
            if isinstance(event, CycleOrdered):
                received.append(_ordering(subscription.id, event.cycle, next(drafts)))
            elif isinstance(event, RetryRequested):
                received.append(_retrying(subscription, event, number, is_new_way))
            elif isinstance(event, NoticeRequested):
                workflow = self.rules.for_channel(subscription.terms.channel)
                tasks += notice(subscription, event, workflow, self.agreed.sign, self.agreed.skip_link, now_s)
        return received, tasks


class Found(NamedTuple):
    """What a transaction under way will write."""

    steps: list[Renewed]
    received: list[Inbound]
    handled: list[Handled]
    later: dict[str, int]


def _key(message: Inbound) -> tuple[str, str]:
    return message.source, message.id


def _handle(found: Found, asked: Asked, outcome: str, reason: str = "") -> None:
    if asked.message is not None:
        found.handled.append(Handled(*_key(asked.message), outcome, reason))


def _put_off(found: Found, asked: Asked, error: Exception, now_s: int) -> None:
    """Our own mistake costs the one step that it happens in, and is kept where people look for what went wrong."""
    reason = f"put out of the round: {type(error).__name__}: {error}"
    if asked.message is None:
        found.later[asked.id] = now_s + PUT_OFF_S
        body = {"subscription": asked.id, "command": {"command": "renew"}}
        ours = Inbound(SOURCE, f"{asked.id} put off {now_s}", NEWS, body)
        found.received.append(ours)
        asked = asked._replace(message=ours)
    _handle(found, asked, "parked", reason)


def _later(batch: Batch, asked: Sequence[Asked], error: Exception) -> Batch:
    found = Found([], [], list(batch.handled), {})
    for each in asked:
        _put_off(found, each, error, batch.now_s)
    return Batch(batch.now_s, handled=tuple(found.handled), received=tuple(found.received), renew_later=found.later)


def _ordering(subscription: str, cycle: str, draft: Draft) -> Inbound:
    """The message that becomes the order of a cycle. Its id and the order's are made of the two: there is only one."""
    body = {"draft": to_builtins(draft, str_keys=True)}
    return Inbound(SOURCE, channel_order_id(subscription, cycle), "order", body)


def _retrying(subscription: Subscription, event: RetryRequested, number: int, is_new_way: bool) -> Inbound:
    """The message that has an order's payment tried again, in a new way if there is one."""
    name = f"{subscription.id} {number} {event.cycle}"
    if not is_new_way:
        return Inbound(SOURCE, name, "reauthorize", {}, event.order)
    payment = subscription.terms.payment
    body = {"method": payment.method, "reference": payment.reference}
    return Inbound(SOURCE, name, "change_tender", body, event.order)


def settlings(subscription: Subscription, events: Sequence[Event]) -> tuple[Settling, ...]:
    """What became of days by these events, line by line."""
    found: list[Settling] = []
    for event in events:
        if isinstance(event, CycleOrdered):
            name = order_id(subscription.terms.channel, channel_order_id(subscription.id, event.cycle))
            day = event.on.isoformat() if event.on else event.cycle
            found += [Settling(line, day, "ordered", name) for line in event.lines]
        elif isinstance(event, CyclePassed):
            found += [Settling(line, event.on.isoformat(), event.reason) for line in event.lines]
    return tuple(found)
