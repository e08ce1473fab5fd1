"""Grace: nothing that cannot be undone within it, and what was put off goes on once when it is over. Covers K-1."""

import pytest
from msgspec.structs import replace

from segue.core.allocate import Allocate, Reserve
from segue.core.base import Refusal
from segue.core.cancel import Cancel
from segue.core.capture import Capture
from segue.core.explain.situation import situation
from segue.core.explain.words import Tale
from segue.core.fulfill import FulfillmentReleased, Release
from segue.core.grace import EndGrace, GraceEnded, ends_at, grace_s
from segue.core.hold import LiftHold, PlaceHold, ReactionBlocked
from segue.core.intake import OrderCorrected, PlaceOrder, evolve_corrected
from segue.core.pay import Authorize, RecordAuthorization
from segue.core.step import Outcome
from segue.core.vocabulary import View
from segue.core.void import Void
from segue.core.wake import Wake
from segue.core.workflow import Grace
from segue.policies.payment import at_once
from tests.core.given import Given, events_of, given
from tests.core.shop import NOW_S, draft, graced, sold

HOUR = 3_600
ON = {
    "order_placed": [Authorize()],
    "order_covered": [Capture(), graced(Allocate())],
    "units_allocated": [Release()],
    "units_canceled": [Void()],
}
STOCK = {"SHIRT": {"DAL": 50}}
GRACE = Grace(HOUR, {"pos": 0}, {"vip": 2 * HOUR})
BOUGHT = draft(sold(quantity=2))


def shop(**declared: object) -> Given:
    usual: dict[str, object] = {"on": ON, "stock": STOCK, "grace": GRACE, "holds": {"service": ("allocate", "release")}}
    return given().knowing(**usual | declared)  # type: ignore[arg-type]


def covered(known: Given) -> Given:
    return known.after(PlaceOrder("web-1001", BOUGHT)).after(RecordAuthorization("A1", "done", 20_00, "psp-1"))


def released(outcome: Outcome) -> int:
    return len([event for event in events_of(outcome) if isinstance(event, FulfillmentReleased)])


@pytest.mark.parametrize(
    ("grace", "channel", "tier", "lasts_s"),
    [
        (None, "web", "", 0),
        (GRACE, "web", "", HOUR),
        (GRACE, "pos", "", 0),
        (GRACE, "pos", "vip", 2 * HOUR),
        (GRACE, "web", "gold", HOUR),
    ],
)
def test_the_tier_says_it_before_the_channel(grace: Grace | None, channel: str, tier: str, lasts_s: int) -> None:
    assert grace_s(grace, channel, tier) == lasts_s
    assert ends_at(grace, channel, tier, 7) == (7 + lasts_s if lasts_s else None)


def test_what_was_put_off_goes_on_once_when_it_is_over() -> None:
    here = covered(shop())
    assert here.order is not None
    assert here.order.in_grace
    assert here.order.waiting == ("on.order_covered.1",)
    assert released(here.at(NOW_S + HOUR - 1).step(Wake())) == 0
    over = here.at(NOW_S + HOUR).step(Wake())
    assert released(over) == 1
    assert [type(event) for event in over.decisions[0].events] == [GraceEnded]
    assert not over.order.in_grace
    assert over.order.waiting == ()
    for now_s in (NOW_S + HOUR, NOW_S, NOW_S + 9 * HOUR):  # the clock goes on, back, and far ahead
        again = here.at(NOW_S + HOUR).after(Wake()).at(now_s).step(Wake())
        assert released(again) == 0
        assert not any(isinstance(event, GraceEnded) for event in events_of(again))


def test_it_is_woken_at_its_end() -> None:
    assert shop().step(PlaceOrder("web-1001", BOUGHT)).wake_at_s == NOW_S + HOUR
    assert shop(grace=None).step(PlaceOrder("web-1001", BOUGHT)).wake_at_s is None


def test_whatever_the_workflow_says_money_is_not_taken_and_nothing_is_released_before() -> None:
    hasty = ON | {"order_covered": [Capture(), Allocate()]}
    here = covered(shop(on=hasty, capture=at_once))
    assert here.order is not None
    assert here.order.waiting == ("on.order_covered.0", "on.units_allocated.0")
    assert here.order.tenders["P1"].tally == {"authorized": 20_00}
    for command in (Release(), Capture()):
        here.when(command).refused(Refusal.IN_GRACE, "until 2026-05-28 21:26 UTC")
    after = here.at(NOW_S + HOUR).step(Wake())
    assert released(after) == 1
    assert after.order.tenders["P1"].tally == {"capturing": 20_00}


def test_what_is_over_by_the_clock_is_over_before_anybody_has_said_so() -> None:
    here = covered(shop(on=ON | {"order_covered": [Allocate()]})).at(NOW_S + HOUR)
    assert here.order is not None
    assert here.order.in_grace
    assert isinstance(here.when(Release()).events[0], FulfillmentReleased)


def test_a_person_may_end_it_early() -> None:
    here = covered(shop()).at(NOW_S + 60).asked_by("person:ann")
    ended = here.step(EndGrace("she called"))
    assert ended.decisions[0].by == "person:ann"
    assert released(ended) == 1
    assert ended.order.grace_ends_s == NOW_S + 60
    here.after(EndGrace()).when(EndGrace()).refused(Refusal.NOT_IN_GRACE, "web-1001")
    covered(shop(grace=None)).when(EndGrace()).refused(Refusal.NOT_IN_GRACE)


def test_who_ends_it_after_its_end_changes_nothing_of_when_it_was_over() -> None:
    here = covered(shop()).at(NOW_S + 2 * HOUR)
    assert here.step(EndGrace()).order.grace_ends_s == NOW_S + HOUR


def test_cancellation_is_free_within_it() -> None:
    canceled = covered(shop()).step(Cancel())
    assert released(canceled) == 0
    assert canceled.order.tenders["P1"].tally == {"voiding": 20_00}


def test_a_hold_that_is_lifted_within_it_lets_nothing_go() -> None:
    here = covered(shop()).after(PlaceHold("service")).after(LiftHold("service"))
    assert here.order is not None
    assert here.order.waiting == ("on.order_covered.1",)
    assert released(here.at(NOW_S + HOUR).step(Wake())) == 1


def test_a_hold_outlives_it() -> None:
    here = covered(shop()).after(PlaceHold("service")).at(NOW_S + HOUR).after(Wake())
    assert here.order is not None
    assert here.order.waiting == ("on.order_covered.1",)
    assert released(here.step(LiftHold("service"))) == 1


def test_who_is_paid_for_later_waits_no_longer() -> None:
    late = shop().after(PlaceOrder("web-1001", BOUGHT)).at(NOW_S + HOUR).after(Wake())
    assert released(late.step(RecordAuthorization("A1", "done", 20_00, "psp-1"))) == 1


def test_an_order_without_one_goes_on_at_once() -> None:
    at_the_till = shop().step(PlaceOrder("web-1001", draft(sold(), kind="account")))
    assert [type(event) for event in events_of(at_the_till)].count(ReactionBlocked) == 1
    bare = shop(grace=Grace(HOUR, {"web": 0})).step(PlaceOrder("web-1001", draft(sold(), kind="account")))
    assert bare.order.grace_ends_s is None


def test_stock_may_be_set_aside_meanwhile() -> None:
    here = covered(shop(on=ON | {"order_covered": [Reserve(), graced(Allocate())]}))
    assert here.order is not None
    assert here.order.lines[0].tally == {"reserved": ((1, 2),)}
    assert released(here.at(NOW_S + HOUR).step(Wake())) == 1


def test_conditions_know_of_it() -> None:
    here = covered(shop())
    assert here.order is not None
    view = View(here.order, here.now_s, here.facts)
    assert (view.in_grace, view.grace_ends_at) == (True, NOW_S + HOUR)  # type: ignore[attr-defined]


def stands(known: Given) -> str:
    assert known.order is not None
    return situation(Tale(known.order, {}, {"on.order_covered.1": "allocate"}))[1]


def test_it_is_told_what_waits_for_its_end() -> None:
    here = covered(shop())
    assert stands(here) == "The customer may change their mind until 2026-05-28 21:26 UTC; then: allocate"
    assert stands(shop().after(PlaceOrder("web-1001", BOUGHT))) == (
        "The customer may change their mind until 2026-05-28 21:26 UTC"
    )


def test_it_is_not_begun_anew_when_the_document_is_corrected() -> None:
    placed = shop().step(PlaceOrder("web-1001", BOUGHT)).order
    over = replace(placed, grace_over=True)
    for before in (placed, over):
        after = evolve_corrected(before, OrderCorrected(draft=BOUGHT), NOW_S + 5)
        assert (after.grace_ends_s, after.grace_over) == (NOW_S + HOUR, before.grace_over)
