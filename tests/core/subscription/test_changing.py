"""How subscriptions begin, and what customers change: by name what cannot be, and never a day that is settled."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from segue.core.base import Command, Refusal
from segue.core.draft import Destination, DraftLine, DraftTender
from segue.core.subscription.commands import (
    AddLine,
    Begin,
    ChangeAddress,
    ChangeLine,
    ChangeNext,
    ChangePayment,
    End,
    NewLine,
    OrderNow,
    Pause,
    RecordPayment,
    RemoveLine,
    Renew,
    Resume,
    SkipNext,
)
from segue.core.subscription.decide import step
from segue.core.subscription.events import RetryRequested, SubscriptionRecovered
from segue.core.subscription.standing import Address, Once, Payment, Subscription
from tests.core.subscribed import (
    FROM_31ST,
    after,
    at,
    begun,
    circumstances,
    events_of,
    mugs,
    refused,
    terms,
    told,
)

RENEW = Renew()
ON_31ST = (at(2026, 2, 1), RENEW)


def beginning(*lines: NewLine, id: str = "S1", **more: Any) -> Begin:
    return Begin(id, terms(**more), lines or (mugs(),))


@pytest.mark.parametrize(
    ("command", "refusal", "detail"),
    [
        (beginning(id="S 1"), Refusal.SUBSCRIPTION_ID_UNUSABLE, "S 1"),
        (Begin("S1", terms(), ()), Refusal.SUBSCRIPTION_EMPTY, ""),
        (beginning(mugs(quantity=0)), Refusal.SUBSCRIPTION_EMPTY, "0 of MUG"),
        (beginning(mugs(sku="")), Refusal.SUBSCRIPTION_EMPTY, "1 of no SKU"),
        (beginning(mugs(quantity=10_001)), Refusal.SUBSCRIPTION_TERMS_UNUSABLE, "at most 10,000 units"),
        (beginning(*[mugs()] * 51), Refusal.SUBSCRIPTION_TERMS_UNUSABLE, "at most 50 lines"),
        (beginning(mugs(price_minor=-1)), Refusal.SUBSCRIPTION_TERMS_UNUSABLE, "price_minor is between 0"),
        (beginning(mugs(tax_minor=10**13)), Refusal.SUBSCRIPTION_TERMS_UNUSABLE, "tax_minor is between 0"),
        (beginning(shipping_minor=-5), Refusal.SUBSCRIPTION_TERMS_UNUSABLE, "shipping_minor is between 0"),
        (beginning(orders_max=0), Refusal.SUBSCRIPTION_TERMS_UNUSABLE, "orders_max is at least 1"),
        (beginning(channel=""), Refusal.SUBSCRIPTION_TERMS_UNUSABLE, "no channel"),
        (beginning(at="9:00"), Refusal.SUBSCRIPTION_TERMS_UNUSABLE, "a time of the day"),
        (beginning(at="24:00"), Refusal.SUBSCRIPTION_TERMS_UNUSABLE, "a time of the day"),
        (beginning(at="09:60"), Refusal.SUBSCRIPTION_TERMS_UNUSABLE, "a time of the day"),
        (beginning(at="0x:00"), Refusal.SUBSCRIPTION_TERMS_UNUSABLE, "a time of the day"),
        (beginning(mugs(starts_on=date(1999, 1, 1))), Refusal.SUBSCRIPTION_TERMS_UNUSABLE, "it starts between"),
        (beginning(mugs(), mugs(price_minor=None)), Refusal.SUBSCRIPTION_PRICES_MIXED, "MUG without one"),
        (beginning(mugs("FREQ=SOMETIMES")), Refusal.RECURRENCE_UNREADABLE, "FREQ is"),
        (
            beginning(mugs("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;SKIP=OMIT")),
            Refusal.RECURRENCE_NEVER_FIRES,
            "BYMONTHDAY=30",
        ),
        (beginning(mugs("FREQ=DAILY;UNTIL=20260130")), Refusal.END_BEFORE_START, "UNTIL 2026-01-30 is before"),
        (beginning(ends_on=date(2026, 1, 30)), Refusal.END_BEFORE_START, "ends_on 2026-01-30 is before"),
        (beginning(mugs("FREQ=DAILY;COUNT=2", date(2026, 1, 1))), Refusal.END_BEFORE_START, "was before 2026-01-20"),
        (beginning(mugs("FREQ=DAILY;UNTIL=20260110", date(2026, 1, 1))), Refusal.END_BEFORE_START, "was before"),
        (
            beginning(mugs("FREQ=MONTHLY", date(2026, 1, 10)), ends_on=date(2026, 2, 1)),
            Refusal.END_BEFORE_START,
            "was before 2026-01-20",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(command: Begin, refusal: Refusal, detail: str) -> None:
    error = refused(None, command)
    assert error.refusal is refusal
    assert detail in error.detail


def test_a_time_zone_that_does_not_exist_is_refused() -> None:
    error = refused(None, beginning(time_zone="Europe/Atlantis"), zone=None)
    named = "Europe/Atlantis; they are called as Europe/Berlin is"
    assert (error.refusal, error.detail) == (Refusal.TIME_ZONE_UNKNOWN, named)


def test_it_begins_once() -> None:
    assert refused(begun(), beginning()).refusal is Refusal.SUBSCRIPTION_EXISTS
    assert refused(after(begun(), End()), beginning()).refusal is Refusal.SUBSCRIPTION_EXISTS
    assert refused(None, RENEW).refusal is Refusal.SUBSCRIPTION_NOT_FOUND


def test_what_began_in_the_past_goes_on_in_its_rhythm_and_counts_from_there() -> None:
    old = begun(mugs("FREQ=MONTHLY;INTERVAL=2;COUNT=10", date(2025, 6, 15)))
    assert (old.lines[1].next_on, old.lines[1].passed) == (date(2026, 2, 15), 4)
    today = begun(mugs("FREQ=WEEKLY", None))
    assert (today.lines[1].starts_on, today.lines[1].next_on) == (date(2026, 1, 20), date(2026, 1, 20))


@pytest.mark.parametrize(
    ("before", "command", "refusal"),
    [
        (begun(), Resume(), Refusal.SUBSCRIPTION_NOT_PAUSED),
        (after(begun(), Pause()), Pause(), Refusal.SUBSCRIPTION_PAUSED),
        (begun(), Pause(date(2026, 1, 20)), Refusal.END_BEFORE_START),
        (begun(), SkipNext(on=date(2026, 2, 28)), Refusal.CYCLE_NOT_FOUND),
        (begun(), SkipNext(line=2), Refusal.SUBSCRIPTION_LINE_NOT_FOUND),
        (begun(), OrderNow(line=2), Refusal.SUBSCRIPTION_LINE_NOT_FOUND),
        (begun(), OrderNow(line=2, extra=True), Refusal.SUBSCRIPTION_LINE_NOT_FOUND),
        (begun(), ChangeNext(2, 1), Refusal.SUBSCRIPTION_LINE_NOT_FOUND),
        (begun(), ChangeNext(1, -1), Refusal.SUBSCRIPTION_EMPTY),
        (begun(), ChangeLine(2, 1), Refusal.SUBSCRIPTION_LINE_NOT_FOUND),
        (begun(), ChangeLine(1, -2), Refusal.SUBSCRIPTION_EMPTY),
        (begun(), ChangeLine(1, rule="FREQ=NEVER"), Refusal.RECURRENCE_UNREADABLE),
        (begun(), AddLine(mugs(price_minor=None)), Refusal.SUBSCRIPTION_PRICES_MIXED),
        (begun(), RemoveLine(2), Refusal.SUBSCRIPTION_LINE_NOT_FOUND),
        (begun(), RemoveLine(1), Refusal.SUBSCRIPTION_EMPTY),
        (after(begun(), End()), Pause(), Refusal.SUBSCRIPTION_OVER),
    ],
)
def test_what_cannot_be_changed_is_refused_by_name(before: Subscription, command: Command, refusal: Refusal) -> None:
    assert refused(before, command).refusal is refusal


def test_nothing_is_ordered_now_while_its_payment_has_failed() -> None:
    held = after(begun(), ON_31ST, RecordPayment("20260131", "o", "declined", 9))
    assert refused(held, OrderNow()).refusal is Refusal.SUBSCRIPTION_ON_HOLD


def test_a_line_without_days_left_has_no_next_one() -> None:
    two = after(begun(mugs("FREQ=DAILY;COUNT=1", date(2026, 1, 20)), mugs(sku="TEA")), RENEW)
    assert refused(two, SkipNext(line=1)).refusal is Refusal.CYCLE_NOT_FOUND
    assert told(events_of(two, OrderNow())) == ["20260131.2 ordered 2"]


def test_pause_and_resume() -> None:
    paused = after(begun(), Pause())
    assert paused.state == "paused"
    assert after(paused, Pause(date(2026, 3, 1))).paused_until == date(2026, 3, 1)
    assert after(paused, Resume()).state == "active"


def test_the_next_is_skipped_whole_or_a_line_of_it() -> None:
    two = begun(mugs(), mugs(sku="TEA"))
    assert told(events_of(two, SkipNext(on=FROM_31ST))) == ["0131 skipped 1,2"]
    one = after(two, SkipNext(line=2))
    assert told(events_of(one, RENEW, at(2026, 2, 1))) == ["20260131 ordered 1"]
    assert told(events_of(begun(mugs("FREQ=DAILY;COUNT=1")), SkipNext())) == ["0131 skipped 1", "SubscriptionEnded"]


def test_what_is_ordered_now_does_not_come_again_on_its_day_and_no_two_orders_are_called_the_same() -> None:
    two = begun(mugs(), mugs("FREQ=WEEKLY", date(2026, 1, 24), sku="TEA"))
    early = step(after(two, OrderNow(line=1)), OrderNow(line=2), circumstances())
    assert [draft.channel_order_id for draft in early.drafts] == ["S1.20260124.2"]
    assert told(events_of(early.subscription, RENEW, at(2026, 2, 1))) == ["20260131 ordered 2"]
    assert told(events_of(two, OrderNow(extra=True))) == ["extra.1 ordered 1,2"]
    assert told(events_of(after(two, OrderNow(extra=True)), OrderNow(line=2, extra=True))) == ["extra.2 ordered 2"]
    assert told(events_of(begun(orders_max=1), OrderNow(extra=True))) == ["extra.1 ordered 1", "SubscriptionEnded"]


def test_other_days_begin_after_those_that_are_settled() -> None:
    made = after(begun(), OrderNow())
    weekly = after(made, ChangeLine(1, rule="FREQ=WEEKLY"))
    assert (weekly.lines[1].starts_on, weekly.lines[1].next_on) == (date(2026, 2, 1), date(2026, 2, 1))
    shifted = after(begun(), ChangeLine(1, starts_on=date(2026, 2, 15)))
    assert shifted.lines[1].next_on == date(2026, 2, 15)
    more = after(made, AddLine(mugs("FREQ=DAILY", None, sku="TEA")))
    assert more.lines[2].next_on == date(2026, 2, 1)


def test_a_line_is_another_article_once_or_from_now_on() -> None:
    once = after(begun(mugs(title="Mug")), ChangeNext(1, 3, "TEA", 8_50, 50))
    assert once.lines[1].once == Once(3, "TEA", 8_50, 50)
    assert after(begun(), ChangeNext(1)).lines[1].once == Once(1, "MUG", 12_00)
    line = after(once, ChangeLine(1, 2, "CUP", price_minor=9_00, tax_minor=70)).lines[1]
    assert (line.quantity, line.sku, line.price_minor, line.tax_minor, line.title, line.once) == (
        2,
        "CUP",
        9_00,
        70,
        "",
        None,
    )
    assert after(begun(mugs(title="Mug")), ChangeLine(1, 2)).lines[1].title == "Mug"


def test_numbers_of_lines_are_never_given_twice() -> None:
    two = after(begun(), AddLine(mugs(sku="TEA")))
    assert list(two.lines) == [1, 2]
    assert list(after(two, RemoveLine(2), AddLine(mugs(sku="CUP"))).lines) == [1, 3]
    last = after(begun(mugs(), mugs("FREQ=DAILY;COUNT=1", date(2026, 1, 20), sku="TEA")), RENEW)
    assert told(events_of(last, RemoveLine(1))) == ["LineRemoved", "SubscriptionEnded"]


def test_address_and_payment_are_those_of_what_comes_from_now_on() -> None:
    there = Address(Destination("AT"), "digest", "AT", "p2")
    moved = after(begun(), ChangeAddress(there))
    assert (moved.terms.address, moved.terms.person) == (there, "p2")
    assert after(begun(), ChangeAddress(Address())).terms.person == "p1"
    unpaid = after(begun(), ON_31ST, RecordPayment("20260131", "web-S1.20260131", "declined", 9))
    events = events_of(unpaid, ChangePayment(Payment("sepa", "mandate")))
    assert events[1:] == (RetryRequested(cycle="20260131", order="web-S1.20260131"), SubscriptionRecovered())
    assert told(events_of(begun(), ChangePayment(Payment("sepa")))) == ["PaymentChanged"]


def test_the_order_of_a_cycle_has_the_prices_that_are_fixed() -> None:
    priced = begun(
        mugs(tax_minor=2_00), mugs(sku="TEA", quantity=2), shipping_minor=4_90, shipping_tax_minor=90,
        payment=Payment("sepa", "mandate-1"), codes=("TEN",),
    )  # fmt: skip
    (draft,) = step(priced, RENEW, circumstances(at(2026, 2, 1))).drafts
    assert draft.lines == (DraftLine("MUG", 1, 12_00, 0, 2_00), DraftLine("TEA", 2, 12_00))
    assert draft.total_minor == 12_00 + 2_00 + 24_00 + 4_90 + 90
    assert draft.tenders == (DraftTender("gateway", draft.total_minor, "sepa", "mandate-1"),)
    assert (draft.channel_order_id, draft.priced, draft.tags) == ("S1.20260131", True, ("subscription",))
    included = replace(priced, terms=replace(priced.terms, taxes_included=True))
    (draft,) = step(included, RENEW, circumstances(at(2026, 2, 1))).drafts
    assert draft.total_minor == 12_00 + 24_00 + 4_90


def test_without_fixed_prices_it_is_priced_as_it_is_placed_and_a_change_is_for_the_next_only() -> None:
    current = begun(mugs(price_minor=None, title="Mug"), taxes_included=True)
    changed = after(current, ChangeNext(1, 2, "TEA"))
    (extra,) = step(changed, OrderNow(extra=True), circumstances()).drafts
    assert (extra.lines, extra.channel_order_id) == ((DraftLine("MUG", 1, 0, title="Mug"),), "S1.extra.1")
    (draft,) = step(changed, RENEW, circumstances(at(2026, 2, 1))).drafts
    assert (draft.lines, draft.total_minor) == ((DraftLine("TEA", 2, 0),), 0)
    assert (draft.priced, draft.taxes_included) == (False, False)
    later = after(changed, ON_31ST)
    assert later.lines[1].once is None
