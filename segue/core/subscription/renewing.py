"""Renewing: what the clock brings. Each cycle that is due becomes an order, or is passed over for a reason on record.

What became due while nobody was at work is made as the terms say (`catch_up`): of each line the latest only, all, or
none of what is more than a day late. A clock that jumps back finds nothing due twice: a cycle that is settled is behind.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from segue.core.base import Event
from segue.core.calendar import DAY_S, Zone
from segue.core.subscription.beginning import zone_of
from segue.core.subscription.changing import ended
from segue.core.subscription.commands import RecordPayment, Renew
from segue.core.subscription.events import (
    CycleOrdered,
    CyclePassed,
    NoticeRequested,
    PaymentDeclined,
    PaymentMended,
    RetryRequested,
    SubscriptionHeld,
    SubscriptionRecovered,
    SubscriptionResumed,
)
from segue.core.subscription.standing import (
    Circumstances,
    Cycle,
    Subscription,
    advanced,
    instant_of,
    midnight_of,
    next_cycle,
)

CYCLES_MAX = 4_000  # that one step settles: ten years of days; what is left is due at once
LATE_S = DAY_S  # with `catch_up: none`, a cycle that is later makes no order


def renew(subscription: Subscription, command: Renew, circumstances: Circumstances) -> list[Event]:
    """Whatever is due by now: retries of payments, the end of a pause, cycles, a notice of the next one."""
    zone = zone_of(subscription.terms, circumstances)
    events: list[Event] = [
        RetryRequested(cycle=cycle, order=unpaid.order)
        for cycle, unpaid in subscription.unpaid.items()
        if unpaid.retry_at_s is not None and unpaid.retry_at_s <= circumstances.now_s
    ]
    if subscription.over:
        return events
    due = _due(subscription, circumstances.now_s, zone)
    made, left = _settled(subscription, due, circumstances.now_s, zone)
    events += made
    if _is_pause_over(subscription, circumstances.now_s, zone):
        events.append(SubscriptionResumed())
        left = replace(left, paused=False)
    if over := ended(left):
        return [*events, *over]
    return [*events, *_notice(left, circumstances, zone)]


def _due(subscription: Subscription, now_s: int, zone: Zone) -> list[Cycle]:
    """The cycles whose time has come, in their order."""
    found: list[Cycle] = []
    while len(found) < CYCLES_MAX:
        cycle = next_cycle(subscription)
        if cycle is None or instant_of(cycle.on, subscription.terms, zone) > now_s:
            break
        found.append(cycle)
        subscription = advanced(subscription, cycle)
    return found


def _settled(
    subscription: Subscription, due: Sequence[Cycle], now_s: int, zone: Zone
) -> tuple[list[Event], Subscription]:
    """What becomes of each of these, and the subscription with them behind it."""
    events: list[Event] = []
    most = subscription.terms.orders_max
    reasons = [_reason(subscription, cycle) for cycle in due]
    kept = _kept(subscription, [cycle for cycle, why in zip(due, reasons, strict=True) if not why], now_s, zone)
    for cycle, reason in zip(due, reasons, strict=True):
        if most is not None and subscription.made >= most:
            break
        lines = kept.get(cycle, ())
        if not reason and lines:
            name = cycle.name
            events.append(CycleOrdered(cycle=name, lines=lines, on=cycle.on, alone=cycle.alone))
            subscription = replace(subscription, made=subscription.made + 1)
        if late := tuple(number for number in cycle.lines if number not in lines):
            events.append(CyclePassed(on=cycle.on, lines=late, reason=reason or "caught_up", alone=cycle.alone))
        subscription = advanced(subscription, cycle)
    return events, subscription


def _reason(subscription: Subscription, cycle: Cycle) -> str:
    """Why a cycle is not made, whatever the time; nothing if it is."""
    until = subscription.paused_until
    if subscription.paused and (until is None or cycle.on < until):
        return "paused"
    return "on_hold" if subscription.held else ""


def _kept(subscription: Subscription, due: Sequence[Cycle], now_s: int, zone: Zone) -> dict[Cycle, tuple[int, ...]]:
    """Of each of these cycles the lines that are made."""
    catch_up = subscription.terms.catch_up
    if catch_up == "all":
        return {cycle: cycle.lines for cycle in due}
    if catch_up == "none":
        on_time = [each for each in due if now_s - instant_of(each.on, subscription.terms, zone) <= LATE_S]
        return {cycle: cycle.lines for cycle in on_time}
    last = {number: cycle for cycle in due for number in cycle.lines}
    return {cycle: tuple(number for number in cycle.lines if last[number] is cycle) for cycle in due}


def _is_pause_over(subscription: Subscription, now_s: int, zone: Zone) -> bool:
    until = subscription.paused_until
    return subscription.paused and until is not None and midnight_of(until, zone) <= now_s


def _notice(subscription: Subscription, circumstances: Circumstances, zone: Zone) -> list[Event]:
    """That the customer is to be told of the next cycle, once, if it is near."""
    cycle = next_cycle(subscription)
    at_s = notice_at_s(subscription, circumstances, zone)
    if cycle is None or at_s is None or at_s > circumstances.now_s:
        return []
    return [NoticeRequested(on=cycle.on, lines=cycle.lines, alone=cycle.alone)]


def notice_at_s(subscription: Subscription, circumstances: Circumstances, zone: Zone) -> int | None:
    """When the customer is to be told of the next cycle; None if never, or if that was done."""
    cycle = next_cycle(subscription)
    if not circumstances.notice_days or cycle is None or subscription.state != "active":
        return None
    if subscription.noticed_on is not None and subscription.noticed_on >= cycle.on:
        return None
    return instant_of(cycle.on, subscription.terms, zone) - circumstances.notice_days * DAY_S


def wake_at_s(subscription: Subscription, circumstances: Circumstances) -> int | None:
    """When it is to be renewed next; None if only somebody else can move it."""
    zone = zone_of(subscription.terms, circumstances)
    found = [unpaid.retry_at_s for unpaid in subscription.unpaid.values()]
    if not subscription.over:
        cycle = next_cycle(subscription)
        found.append(instant_of(cycle.on, subscription.terms, zone) if cycle else circumstances.now_s)
        found.append(notice_at_s(subscription, circumstances, zone))
        if subscription.paused and subscription.paused_until:
            found.append(midnight_of(subscription.paused_until, zone))
    return min([at_s for at_s in found if at_s is not None], default=None)


def record_payment(subscription: Subscription, command: RecordPayment, circumstances: Circumstances) -> list[Event]:
    """A decline is tried again later, or was the last one: then it is on hold. What is known already changes nothing."""
    known = subscription.unpaid.get(command.cycle)
    if command.outcome != "declined":
        if known is None:
            return []
        mended = PaymentMended(cycle=command.cycle, outcome=command.outcome)
        is_recovered = subscription.held and command.outcome == "secured"
        return [mended, SubscriptionRecovered()] if is_recovered else [mended]
    if known is not None and known.declines >= command.declines:
        return []
    retries = circumstances.retries_s
    tries_left = command.declines <= len(retries)
    retry_at_s = circumstances.now_s + retries[command.declines - 1] if tries_left else None
    declined = PaymentDeclined(
        cycle=command.cycle, order=command.order, declines=command.declines, retry_at_s=retry_at_s
    )
    if tries_left or subscription.held or subscription.over:
        return [declined]
    return [declined, SubscriptionHeld(cycle=command.cycle)]


DECISIONS = {Renew: renew, RecordPayment: record_payment}
