"""Authorizations: what they hold, how long they last, how they are used, replaced, reversed, and what ends them."""

from typing import Any

import pytest

from segue.core.allocate import UnitsAllocated
from segue.core.authorization import is_brought
from segue.core.base import Because, Event, Refusal
from segue.core.cancel import UnitsCanceled
from segue.core.capture import (
    Capture,
    CaptureDeclined,
    CaptureRequested,
    PaymentCaptured,
    RecordCapture,
)
from segue.core.fulfill import FulfillmentReleased, FulfillmentShipped, Release
from segue.core.hold import HoldPlaced
from segue.core.lapse import AuthorizationEnding, AuthorizationExpired, AuthorizationReleased
from segue.core.means import Means
from segue.core.order import Order
from segue.core.pay import (
    AuthorizationDeclined,
    AuthorizationRequested,
    Authorize,
    OrderCovered,
    PaymentAuthorized,
    Reauthorize,
    RecordAuthorization,
)
from segue.core.tally import Units
from segue.core.void import PaymentVoided, RecordVoid, Reverse, Void, VoidRequested
from segue.core.wake import Wake
from tests.core.given import Given, given
from tests.core.shop import NOW_S, draft, paid, sold, workflow

DAY_S = 86_400
CARD = Means(lasts_s={"customer": 7 * DAY_S, "merchant": 5 * DAY_S})
ONCE = Means(captures="one", lasts_s=CARD.lasts_s)
IN_PART = Means(void_part=True)
ENDS_S = NOW_S + 7 * DAY_S
BOUGHT = draft(sold(quantity=2))
ASKED = AuthorizationRequested("A1", "P1", 20_00)
HELD = PaymentAuthorized("A1", "P1", 20_00, "psp-1", ENDS_S)
SECURED: tuple[Event, ...] = (ASKED, HELD, OrderCovered())
FIRST: dict[int, Units] = {1: ((1, 1),)}
BOTH: dict[int, Units] = {1: ((1, 2),)}
SHIPPED = (
    UnitsAllocated(fulfillment="F1", location="DAL", units=BOTH),
    FulfillmentReleased(fulfillment="F1", location="DAL", units=BOTH),
    FulfillmentShipped(fulfillment="F1", location="DAL", shipment="S1", units=FIRST),
)
TAKING = CaptureRequested("C1", "P1", 10_00, FIRST, authorization="A1")
ENDING = AuthorizationEnding("A1", "P1", 20_00, ENDS_S)
EXPIRED = AuthorizationExpired("A1", "P1", 20_00)


def bought(*story: Event, means: Means = CARD, **declared: Any) -> Given:
    """Two shirts at 10.00, by card."""
    return given(BOUGHT, *story).knowing(means={"card": means}, reauthorize_before_s=2 * DAY_S, **declared)


def order_of(known: Given) -> Order:
    assert known.order is not None
    return known.order


def tally(order: Order | None) -> dict[str, int]:
    assert order is not None
    return order.tenders["P1"].tally


def test_the_gateways_own_deadline_goes_first() -> None:
    told = bought(ASKED).when(RecordAuthorization("A1", "done", capture_before_s=NOW_S + 60))
    assert isinstance(told.events[0], PaymentAuthorized)
    assert told.events[0].expires_at_s == NOW_S + 60
    assert told.events[0].because == Because("gateway_deadline", {"expires_at_s": NOW_S + 60})


def test_else_the_shops_table_says_how_long_it_lasts_by_method_and_by_who_asked() -> None:
    first = bought(ASKED).at(NOW_S + 60).when(RecordAuthorization("A1", "done")).events[0]
    assert isinstance(first, PaymentAuthorized)
    assert first.expires_at_s == ENDS_S, "counted from when it was asked for"
    figures = {"method": "card", "initiator": "customer", "expires_at_s": ENDS_S}
    assert first.because == Because("authorization_lasts", figures)
    declined = AuthorizationDeclined("A1", "P1", 20_00)
    later = bought(ASKED, declined, AuthorizationRequested("A2", "P1", 20_00))
    second = later.when(RecordAuthorization("A2", "done")).events[0]
    assert isinstance(second, PaymentAuthorized)
    assert second.expires_at_s == NOW_S + 5 * DAY_S, "the merchant has asked"


def test_what_does_not_end_has_no_deadline() -> None:
    held = bought(ASKED, means=IN_PART).when(RecordAuthorization("A1", "done")).events[0]
    assert isinstance(held, PaymentAuthorized)
    assert (held.expires_at_s, held.because) == (None, None)


def test_an_authorization_of_the_channel_is_one_like_any_other() -> None:
    order = order_of(given(draft(sold(), kind="adopted")))
    known = order.transactions["A1"]
    assert (known.kind, known.outcome, known.amount_minor, known.reference) == ("authorize", "done", 10_00, "CH-1")


def test_an_authorization_whose_time_is_over_is_due_again() -> None:
    known = bought(*SECURED).at(ENDS_S)
    assert tally(known.when(Wake()).then(EXPIRED)) == {"due": 20_00}
    bought(*SECURED).at(ENDS_S - 1).when(Wake()).then(ENDING)
    assert bought(*SECURED, EXPIRED).at(ENDS_S).when(Wake()).events == ()


def test_nothing_is_taken_of_an_authorization_whose_time_is_over() -> None:
    bought(*SECURED, *SHIPPED).at(ENDS_S - 1).when(Capture()).then(TAKING)
    bought(*SECURED, *SHIPPED).at(ENDS_S).when(Capture()).then()


def test_what_has_ended_is_no_cover() -> None:
    allocated = bought(*SECURED, SHIPPED[0])
    assert allocated.at(ENDS_S - 1).when(Release()).events
    allocated.at(ENDS_S).when(Release()).refused(Refusal.NOT_COVERED, "0 secured")


def test_the_rest_of_what_can_be_captured_once_is_no_cover_while_the_capture_is_under_way() -> None:
    half = UnitsAllocated(fulfillment="F1", location="DAL", units=FIRST)
    other = UnitsAllocated(fulfillment="F2", location="DAL", units={1: ((2, 2),)})
    gone = (
        FulfillmentReleased(fulfillment="F1", location="DAL", units=FIRST),
        FulfillmentShipped(fulfillment="F1", location="DAL", shipment="S1", units=FIRST),
    )
    story = (*SECURED, half, *gone, TAKING, other)
    bought(*story, means=ONCE).when(Release()).refused(Refusal.NOT_COVERED, "1000 secured")
    assert bought(*story).when(Release()).events


def test_a_gateway_may_say_of_a_capture_that_the_authorization_has_expired() -> None:
    told = bought(*SECURED, *SHIPPED, TAKING).when(RecordCapture("C1", "declined", detail="expired"))
    order = told.then(AuthorizationExpired("A1", "P1", 20_00, "C1"))
    assert order is not None
    assert (tally(order), order.transactions["C1"].outcome) == ({"due": 20_00}, "declined")


def test_several_captures_of_one_authorization_are_each_told_that_it_has_expired() -> None:
    more = CaptureRequested("C2", "P1", 10_00, authorization="A1")
    gone = AuthorizationExpired("A1", "P1", 10_00, "C1")
    story = (*SECURED, *SHIPPED, TAKING, more)
    bought(*story).when(RecordCapture("C1", "declined", detail="expired")).then(gone)
    second = bought(*story, gone).when(RecordCapture("C2", "declined", detail="expired"))
    assert tally(second.then(AuthorizationExpired("A1", "P1", 10_00, "C2"))) == {"due": 20_00}


def test_where_one_capture_is_allowed_the_rest_is_gone_with_it() -> None:
    rest = AuthorizationReleased("A1", "P1", 10_00)
    captured = PaymentCaptured("C1", "P1", 10_00, "psp-c")
    story = (*SECURED, *SHIPPED, TAKING)
    answered = bought(*story, means=ONCE).when(RecordCapture("C1", "done", reference="psp-c"))
    assert tally(answered.then(captured, rest)) == {"captured": 10_00, "due": 10_00}
    bought(*story).when(RecordCapture("C1", "done", reference="psp-c")).then(captured)
    asked = AuthorizationRequested("A2", "P1", 10_00)
    bought(*story, captured, rest, means=ONCE).when(Authorize()).then(asked)


def test_a_second_capture_waits_where_one_is_allowed() -> None:
    more = FulfillmentShipped(fulfillment="F1", location="DAL", shipment="S2", units={1: ((2, 2),)})
    bought(*SECURED, *SHIPPED, TAKING, more, means=ONCE).when(Capture()).then()
    declined = CaptureDeclined("C1", "P1", 10_00)
    both = CaptureRequested("C2", "P1", 20_00, BOTH, authorization="A1")
    bought(*SECURED, *SHIPPED, TAKING, declined, more, means=ONCE).when(Capture()).then(both)


def test_of_several_authorizations_the_oldest_is_taken_first_each_by_a_capture_of_its_own() -> None:
    order = draft(sold(quantity=2), tenders=[paid(20_00)])
    story = (
        AuthorizationRequested("A1", "P1", 5_00), PaymentAuthorized("A1", "P1", 5_00, "psp-1"),
        AuthorizationRequested("A2", "P1", 15_00), PaymentAuthorized("A2", "P1", 15_00, "psp-2"),
    )  # fmt: skip
    captures = given(order, *story, *SHIPPED).knowing().when(Capture())
    captures.then(
        CaptureRequested("C1", "P1", 5_00, FIRST, authorization="A1"),
        CaptureRequested("C2", "P1", 5_00, authorization="A2"),
    )
    canceled = UnitsCanceled(units=BOTH)
    given(order, *story, canceled).knowing().when(Void()).then(
        VoidRequested("V1", "P1", 15_00, "A2"), VoidRequested("V2", "P1", 5_00, "A1")
    )


def test_excess_is_let_go_of_in_part_where_the_means_of_payment_can() -> None:
    canceled = UnitsCanceled(units=FIRST)
    bought(*SECURED, canceled).when(Void()).then()
    asked = VoidRequested("V1", "P1", 10_00, "A1")
    order = bought(*SECURED, canceled, means=IN_PART).when(Void()).then(asked)
    assert tally(order) == {"authorized": 10_00, "voiding": 10_00}
    bought(*SECURED, canceled, asked, means=IN_PART).when(Void()).then()


def test_asking_once_more_is_for_what_was_declined_too_whatever_keeps_the_order() -> None:
    held = HoldPlaced(hold="payment", type="payment")
    story = (ASKED, AuthorizationDeclined("A1", "P1", 20_00), held)
    kinds: dict[str, tuple[str, ...]] = {"payment": ("authorize",)}
    bought(*story, holds=kinds).when(Authorize()).refused(Refusal.HOLD_BLOCKS)
    bought(*story, holds=kinds).when(Reauthorize()).then(AuthorizationRequested("A2", "P1", 20_00))
    bought(*story, holds={"payment": ("reauthorize",)}).when(Reauthorize()).refused(Refusal.HOLD_BLOCKS)


def test_what_is_reversed_is_due_again_and_asked_for_later() -> None:
    letting_go = VoidRequested("V1", "P1", 20_00, "A1", True)
    reversing = bought(*SECURED).when(Reverse("preorder")).then(letting_go)
    assert tally(reversing) == {"voiding": 20_00}
    done = PaymentVoided("V1", "P1", 20_00)
    assert tally(bought(*SECURED, letting_go).when(RecordVoid("V1", "done")).then(done)) == {"due": 20_00}
    bought(*SECURED, letting_go, done).when(Authorize()).then(AuthorizationRequested("A2", "P1", 20_00))
    bought(*SECURED).at(ENDS_S).when(Reverse()).then()


def test_what_covers_goods_that_were_given_out_is_not_reversed() -> None:
    f1: dict[str, Any] = {"fulfillment": "F1", "location": "DAL", "units": FIRST}
    released = (UnitsAllocated(**f1), FulfillmentReleased(**f1))
    bought(*SECURED, *released).when(Reverse()).then()  # a part of it cannot be let go of
    in_part = bought(*SECURED, *released, means=IN_PART)
    in_part.when(Reverse()).then(VoidRequested("V1", "P1", 10_00, "A1", True))
    two = (ASKED, AuthorizationRequested("A2", "P2", 5_00), HELD, PaymentAuthorized("A2", "P2", 5_00))
    split = draft(sold(quantity=2, price_minor=12_50), tenders=[paid(20_00), paid(5_00)])
    last_first = given(split, *two, *released).knowing().when(Reverse())
    last_first.then(VoidRequested("V1", "P2", 5_00, "A2", True))


@pytest.mark.parametrize("name", ["card", "other"])
def test_a_method_behaves_by_its_own_entry_or_by_that_of_all_others(name: str) -> None:
    known = given(BOUGHT, ASKED).knowing(means={name: CARD, "gift_card": ONCE})
    held = known.when(RecordAuthorization("A1", "done")).events[0]
    assert isinstance(held, PaymentAuthorized)
    assert held.expires_at_s == ENDS_S


def test_the_workflow_declares_when_it_wants_to_be_told() -> None:
    assert workflow().reauthorize_before_s is None


def test_only_the_channels_own_authorization_was_not_asked_for_by_us() -> None:
    order = order_of(given(draft(sold(), kind="adopted"), AuthorizationExpired("A1", "P1", 10_00)))
    assert is_brought(order, order.transactions["A1"])
    asked = order_of(given(draft(sold(), kind="adopted"), AuthorizationRequested("A2", "P1", 0)))
    assert not is_brought(asked, asked.transactions["A2"])
