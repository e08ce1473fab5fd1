"""What the clock brings to a subscription: cycles, made or passed over for a reason; notices, pauses, new tries."""

from datetime import date

import pytest

from segue.core.subscription.changing import DONE
from segue.core.subscription.commands import OrderNow, Pause, RecordPayment, Renew, SkipNext
from segue.core.subscription.decide import Outcome, step
from segue.core.subscription.events import (
    CycleOrdered,
    NoticeRequested,
    PaymentDeclined,
    PaymentMended,
    RetryRequested,
    SubscriptionEnded,
    SubscriptionHeld,
    SubscriptionRecovered,
)
from segue.core.subscription.renewing import wake_at_s
from segue.core.subscription.standing import Subscription
from tests.core.subscribed import START, after, at, begun, circumstances, events_of, mugs, told

RENEW = Renew()
JULY = at(2026, 7, 10, ahead=2)
DECLINED = RecordPayment("20260131", "web-S1.20260131", "declined", 1)


def renewed(subscription: Subscription, now_s: int, notice_days: int = 0) -> list[str]:
    return told(events_of(subscription, RENEW, now_s, notice_days))


def woken_at(subscription: Subscription, now_s: int = START, notice_days: int = 0) -> int | None:
    return wake_at_s(subscription, circumstances(now_s, notice_days=notice_days))


def test_nothing_is_due_before_its_time() -> None:
    assert renewed(begun(), at(2026, 1, 31, 8, 59)) == []
    assert renewed(begun(), at(2026, 1, 31, 9)) == ["20260131 ordered 1"]
    assert woken_at(begun()) == at(2026, 1, 31, 9)


def test_the_hour_is_that_of_the_clock_on_the_wall_also_when_it_is_put_forward_or_back() -> None:
    early = begun(mugs("FREQ=DAILY", date(2026, 3, 28)), at="02:30")
    assert woken_at(early) == at(2026, 3, 28, 2, 30)
    gap = after(early, (at(2026, 3, 28), RENEW))
    assert woken_at(gap) == at(2026, 3, 29, 3, 0, ahead=2), "half past two does not exist on that day"
    assert woken_at(after(gap, (at(2026, 3, 29), RENEW))) == at(2026, 3, 30, 2, 30, ahead=2)
    autumn = begun(mugs("FREQ=DAILY", date(2026, 10, 25)), at="02:30")
    assert woken_at(autumn) == at(2026, 10, 25, 2, 30, ahead=2), "the first of the two"


@pytest.mark.parametrize(
    ("catch_up", "expected"),
    [
        ("all", ["20260131 ordered 1", "20260228 ordered 1", "20260331 ordered 1"]),
        ("latest", ["0131 caught_up 1", "0228 caught_up 1", "20260331 ordered 1"]),
        ("none", ["0131 caught_up 1", "0228 caught_up 1", "20260331 ordered 1"]),
    ],
)
def test_down_time_is_made_up_for_as_agreed(catch_up: str, expected: list[str]) -> None:
    assert renewed(begun(catch_up=catch_up), at(2026, 4, 1, 8, ahead=2)) == expected


def test_with_none_what_is_more_than_a_day_late_makes_no_order() -> None:
    assert renewed(begun(catch_up="none"), at(2026, 2, 1, 9, 0)) == ["20260131 ordered 1"]
    assert renewed(begun(catch_up="none"), at(2026, 2, 1, 9, 1)) == ["0131 caught_up 1"]


def test_with_latest_each_line_has_its_own_latest_day() -> None:
    two = begun(mugs(), mugs("FREQ=WEEKLY", date(2026, 1, 31), sku="TEA"))
    assert renewed(two, at(2026, 2, 15)) == [
        "20260131 ordered 1",
        "0131 caught_up 2",
        "0207 caught_up 2",
        "20260214 ordered 2",
    ]


def test_what_is_due_on_one_day_is_one_order_unless_it_is_agreed_otherwise() -> None:
    lines = (mugs(), mugs(sku="TEA"))
    assert renewed(begun(*lines), at(2026, 2, 1)) == ["20260131 ordered 1,2"]
    assert renewed(begun(*lines, merge=False), at(2026, 2, 1)) == ["20260131.1 ordered 1", "20260131.2 ordered 2"]


def test_a_clock_that_jumps_back_brings_nothing_twice() -> None:
    later = after(begun(), (at(2026, 2, 1), RENEW))
    assert renewed(later, at(2026, 1, 31, 10)) == []
    assert renewed(later, at(2020, 1, 1)) == []


def test_a_pause_passes_over_what_falls_into_it() -> None:
    paused = after(begun(catch_up="all"), Pause(date(2026, 3, 31)))
    assert woken_at(paused) == at(2026, 1, 31, 9)
    assert renewed(paused, at(2026, 3, 30, ahead=2)) == ["0131 paused 1", "0228 paused 1"]
    assert renewed(paused, JULY)[:3] == ["0131 paused 1", "0228 paused 1", "20260331 ordered 1"]
    assert renewed(paused, JULY)[-1] == "SubscriptionResumed"
    waiting = after(paused, (at(2026, 3, 1), RENEW))
    assert woken_at(waiting) == at(2026, 3, 31, 0, ahead=2)
    assert renewed(after(begun(), Pause()), at(2026, 3, 1)) == ["0131 paused 1", "0228 paused 1"]


def test_it_ends_with_its_last_day_or_its_last_order() -> None:
    assert events_of(begun(mugs("FREQ=MONTHLY;COUNT=1")), RENEW, at(2026, 2, 1))[-1] == SubscriptionEnded(reason=DONE)
    assert renewed(begun(ends_on=date(2026, 2, 27)), at(2026, 2, 1)) == ["20260131 ordered 1", "SubscriptionEnded"]
    two = begun(orders_max=2, catch_up="all")
    assert renewed(two, JULY) == ["20260131 ordered 1", "20260228 ordered 1", "SubscriptionEnded"]
    assert woken_at(after(two, (JULY, RENEW)), JULY) is None


def test_a_step_settles_so_many_days_at_most_and_is_due_again_at_once() -> None:
    daily = begun(mugs("FREQ=DAILY"), catch_up="all")
    outcome = step(daily, RENEW, circumstances(at(2038, 1, 1)))
    assert len(outcome.events) == 4_000
    left = wake_at_s(outcome.subscription, circumstances(at(2038, 1, 1)))
    assert left is not None
    assert left <= at(2038, 1, 1)
    rest = step(outcome.subscription, RENEW, circumstances(at(2038, 1, 1)))
    names = [event.cycle for event in (*outcome.events, *rest.events) if isinstance(event, CycleOrdered)]
    assert len(names) == len(set(names)) == (date(2038, 1, 1) - date(2026, 1, 31)).days + 1


def test_the_customer_is_told_once_of_each_order_that_comes() -> None:
    assert woken_at(begun(), notice_days=3) == at(2026, 1, 28, 9)
    assert renewed(begun(), at(2026, 1, 28, 8), 3) == []
    known = after(begun(), (at(2026, 1, 28, 9), RENEW), notice_days=3)
    assert known.noticed_on == date(2026, 1, 31)
    assert renewed(known, at(2026, 1, 29), 3) == []
    assert renewed(after(begun(), Pause()), at(2026, 1, 28, 9), 3) == []
    skipped = after(known, SkipNext())
    notice = NoticeRequested(on=date(2026, 2, 28), lines=(1,))
    assert events_of(skipped, RENEW, at(2026, 2, 26), 3) == (notice,)


def test_a_declined_payment_is_tried_again_by_the_schedule_and_then_it_is_on_hold() -> None:
    first = after(begun(), (at(2026, 2, 1), RENEW), (at(2026, 2, 1), DECLINED))
    retry_at_s = at(2026, 2, 2)
    assert first.unpaid["20260131"].retry_at_s == retry_at_s == woken_at(first)
    assert renewed(first, retry_at_s - 1) == []
    assert events_of(first, RENEW, retry_at_s) == (RetryRequested(cycle="20260131", order="web-S1.20260131"),)
    assert events_of(first, DECLINED, retry_at_s) == (), "this is known"
    tried = after(first, (retry_at_s, RENEW))
    assert woken_at(tried) == at(2026, 2, 28, 9)
    second = events_of(tried, _declined(2), retry_at_s)
    assert second == (
        PaymentDeclined(cycle="20260131", order="web-S1.20260131", declines=2, retry_at_s=retry_at_s + 259_200),
    )
    third = after(tried, (retry_at_s, _declined(3)))
    assert third.state == "on_hold"
    assert renewed(third, at(2026, 3, 1)) == ["0228 on_hold 1"]
    again = events_of(third, _declined(4), retry_at_s)
    assert [type(event) for event in again] == [PaymentDeclined], "it is on hold already"


def _declined(times: int) -> RecordPayment:
    return RecordPayment("20260131", "web-S1.20260131", "declined", times)


def test_what_is_paid_in_the_end_takes_the_hold_away() -> None:
    held = after(begun(), (at(2026, 2, 1), RENEW), (at(2026, 2, 1), _declined(3)))
    secured = RecordPayment("20260131", "web-S1.20260131", "secured", 3)
    mended = PaymentMended(cycle="20260131", outcome="secured")
    assert events_of(held, secured) == (mended, SubscriptionRecovered())
    assert after(held, secured).state == "active"
    canceled = RecordPayment("20260131", "web-S1.20260131", "canceled", 3)
    assert told(events_of(held, canceled)) == ["PaymentMended"]
    assert events_of(begun(), secured) == ()
    tried = after(begun(), (at(2026, 2, 1), RENEW), (at(2026, 2, 1), DECLINED))
    assert events_of(tried, secured) == (mended,)


def test_of_what_is_over_the_last_order_is_still_tried_again_and_nothing_is_held() -> None:
    over = after(begun(mugs("FREQ=MONTHLY;COUNT=1")), (at(2026, 2, 1), RENEW), (at(2026, 2, 1), DECLINED))
    assert (over.state, woken_at(over)) == ("ended", at(2026, 2, 2))
    assert told(events_of(over, RENEW, at(2026, 2, 2))) == ["RetryRequested"]
    assert told(events_of(over, _declined(3))) == ["PaymentDeclined"]
    assert SubscriptionHeld(cycle="20260131") not in events_of(over, _declined(3))


def test_the_same_step_gives_the_same_orders() -> None:
    outcome: Outcome = step(begun(catch_up="all"), RENEW, circumstances(JULY))
    names = [draft.channel_order_id for draft in outcome.drafts]
    assert names == [f"S1.2026{day}" for day in ("0131", "0228", "0331", "0430", "0531", "0630")]
    assert step(begun(catch_up="all"), RENEW, circumstances(JULY)) == outcome
    assert after(begun(), OrderNow()).made == 1
