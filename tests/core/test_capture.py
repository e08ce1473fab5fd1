"""Capturing: what the policy says is earned is taken once, from the tenders in their order."""

from typing import Any

import pytest

from segue.core.allocate import UnitsAllocated
from segue.core.base import Because, Event, Refusal
from segue.core.capture import Capture, CaptureDeclined, CaptureRequested, PaymentCaptured, RecordCapture
from segue.core.deliver import ShipmentDelivered
from segue.core.draft import Charge, Draft, DraftTender
from segue.core.fulfill import FulfillmentReleased, FulfillmentShipped
from segue.core.hold import HoldPlaced
from segue.core.pay import AuthorizationRequested, PaymentAuthorized, TenderAccepted
from segue.core.returns import UnitsReturned
from segue.core.tally import Units
from segue.policies.payment import at_once, on_delivery, on_release, on_shipment
from tests.core.given import Given, given
from tests.core.shop import draft, paid, sold

ALL: dict[int, Units] = {1: ((1, 3),)}
GONE = (
    UnitsAllocated(fulfillment="F1", location="DAL", units=ALL),
    FulfillmentReleased(fulfillment="F1", location="DAL", units=ALL),
)


def shipped(*numbers: int) -> FulfillmentShipped:
    units: dict[int, Units] = {1: ((numbers[0], numbers[-1]),)}
    return FulfillmentShipped(fulfillment="F1", location="DAL", shipment=f"S{numbers[0]}", units=units)


def bought(*story: Event, tenders: tuple[DraftTender, ...] = (paid(34_99, "adopted"),), **declared: Any) -> Given:
    """Three shirts at 10.00 and shipping at 4.99."""
    return given(draft(sold(quantity=3), shipping_minor=4_99, tenders=tenders), *GONE, *story).knowing(**declared)


def requested(
    name: str, amount: int, tender: str = "P1", units: Units = (), shipping: int = 0, of: str = "A1"
) -> CaptureRequested:
    return CaptureRequested(
        transaction=name,
        tender=tender,
        amount_minor=amount,
        units={1: units} if units else {},
        shipping_minor=shipping,
        authorization=of,
    )


FIRST = requested("C1", 14_99, units=((1, 1),), shipping=4_99)
DONE = PaymentCaptured(transaction="C1", tender="P1", amount_minor=14_99, reference="psp-1")


def test_what_has_left_is_captured_with_the_shipping_when_the_first_parcel_leaves() -> None:
    bought(shipped(1)).when(Capture()).then(FIRST)
    bought(shipped(1), FIRST, DONE, shipped(2, 3)).when(Capture()).then(requested("C2", 20_00, units=((2, 3),)))


def test_the_reason_gives_the_figures() -> None:
    events = bought(shipped(1)).when(Capture()).events
    assert events[0].because == Because("on_shipment", {"value": 10_00, "shipping": 4_99, "amount": 14_99})


def test_what_is_being_captured_is_not_captured_again() -> None:
    bought(shipped(1), FIRST).when(Capture()).then()
    bought(shipped(1), FIRST, DONE).when(Capture()).then()


def test_nothing_is_captured_before_it_is_earned() -> None:
    bought().when(Capture()).then()


@pytest.mark.parametrize(("policy", "amount"), [(at_once, 34_99), (on_release, 34_99), (on_shipment, 14_99)])
def test_the_shop_says_when_it_is_earned(policy: Any, amount: int) -> None:
    events = bought(shipped(1), capture=policy).when(Capture()).events
    assert [event.amount_minor for event in events if isinstance(event, CaptureRequested)] == [amount]


def test_what_is_paid_on_delivery_is_earned_when_it_arrives() -> None:
    known = bought(shipped(1), capture=on_delivery)
    known.when(Capture()).then()
    arrived = ShipmentDelivered(shipment="S1", units={1: ((1, 1),)})
    bought(shipped(1), arrived, capture=on_delivery).when(Capture()).then(FIRST)


def test_without_a_policy_nothing_is_captured_but_what_is_paid_on_delivery() -> None:
    bought(shipped(1), capture=None).when(Capture()).then()
    cash = (paid(34_99, "on_delivery"),)
    agreed = TenderAccepted(tender="P1", amount_minor=34_99)
    arrived = ShipmentDelivered(shipment="S1", units={1: ((1, 1),)})
    bought(agreed, shipped(1), arrived, tenders=cash, capture=None).when(Capture()).then(
        PaymentCaptured(transaction="C1", tender="P1", amount_minor=14_99, units={1: ((1, 1),)}, shipping_minor=4_99)
    )


def test_what_is_on_account_is_ours_without_asking_anybody() -> None:
    agreed = TenderAccepted(tender="P1", amount_minor=34_99)
    order = (
        bought(agreed, shipped(1), tenders=(paid(34_99, "account"),))
        .when(Capture())
        .then(
            PaymentCaptured(
                transaction="C1", tender="P1", amount_minor=14_99, units={1: ((1, 1),)}, shipping_minor=4_99
            )
        )
    )
    assert order is not None
    assert order.tenders["P1"].tally == {"captured": 14_99, "agreed": 20_00}
    assert order.transactions["C1"].outcome == "done"


TWO = (paid(20_00, "adopted"), paid(14_99, "adopted"))


def test_several_tenders_are_captured_in_their_order() -> None:
    bought(shipped(1), tenders=TWO).when(Capture()).then(FIRST)
    second = bought(shipped(1), FIRST, DONE, shipped(2, 3), tenders=TWO)
    second.when(Capture()).then(requested("C2", 5_01, units=((2, 3),)), requested("C3", 14_99, tender="P2", of="A2"))


def test_a_tender_that_is_paid_on_delivery_waits_for_its_part_until_the_goods_arrive() -> None:
    tenders = (paid(14_99, "adopted"), paid(20_00, "on_delivery"))
    agreed = TenderAccepted(tender="P2", amount_minor=20_00)
    known = bought(agreed, shipped(1, 2, 3), tenders=tenders)
    known.when(Capture()).then(requested("C1", 14_99, units=((1, 3),), shipping=4_99))
    took = requested("C1", 14_99, units=((1, 3),), shipping=4_99)
    arrived = ShipmentDelivered(shipment="S1", units=ALL)
    bought(agreed, shipped(1, 2, 3), took, DONE, arrived, tenders=tenders).when(Capture()).then(
        PaymentCaptured(transaction="C2", tender="P2", amount_minor=20_00)
    )


def test_what_is_earned_is_captured_whatever_total_the_channel_has_said() -> None:
    disputed = draft(sold(quantity=3), shipping_minor=4_99, tenders=[paid(34_99, "adopted")], total_minor=1)
    given(disputed, *GONE, shipped(1)).knowing(capture=on_shipment).when(Capture()).then(FIRST)


def test_no_more_is_captured_than_is_secured() -> None:
    some = (
        AuthorizationRequested(transaction="A1", tender="P2", amount_minor=15_00),
        PaymentAuthorized(transaction="A1", tender="P2", amount_minor=15_00),
    )
    tenders = (paid(19_99), paid(15_00))
    bought(*some, shipped(1, 2, 3), tenders=tenders).when(Capture()).then(
        requested("C1", 15_00, tender="P2", units=((1, 3),), shipping=4_99)
    )


def test_a_declined_capture_leaves_the_amount_held_and_may_be_tried_again() -> None:
    declined = CaptureDeclined(transaction="C1", tender="P1", amount_minor=14_99, detail="no_reply")
    order = bought(shipped(1), FIRST).when(RecordCapture("C1", "declined", detail="no_reply")).then(declined)
    assert order is not None
    assert order.tenders["P1"].tally == {"authorized": 34_99}
    bought(shipped(1), FIRST, declined).when(Capture()).then(requested("C2", 14_99, units=((1, 1),), shipping=4_99))


def test_the_gateways_answer_makes_the_amount_ours() -> None:
    order = bought(shipped(1), FIRST).when(RecordCapture("C1", "done", 14_99, "psp-1")).then(DONE)
    assert order is not None
    assert order.tenders["P1"].tally == {"authorized": 20_00, "captured": 14_99}
    bought(shipped(1), FIRST).when(RecordCapture("C1", "done", 14_98)).refused(Refusal.AMOUNT_DIFFERS)
    bought(shipped(1), FIRST, DONE).when(RecordCapture("C1", "done")).refused(Refusal.TRANSACTION_SETTLED)


def test_what_came_back_is_not_earned_any_more() -> None:
    known = bought(shipped(1, 2), UnitsReturned(units={1: ((1, 1),)}, location="DAL"))
    known.when(Capture()).then(requested("C1", 14_99, units=((2, 2),), shipping=4_99))


def test_shipping_is_earned_even_if_all_that_was_sent_comes_back_before_it_is_paid() -> None:
    known = bought(shipped(1, 2, 3), UnitsReturned(units=ALL, location="DAL"))
    known.when(Capture()).then(requested("C1", 4_99, shipping=4_99))


def test_charges_are_taken_with_the_first_units() -> None:
    sent: Draft = draft(sold(quantity=3), charges=(Charge("wrap", 3_00),), kind="adopted")
    given(sent, *GONE, shipped(1)).when(Capture()).then(requested("C1", 13_00, units=((1, 1),), shipping=3_00))


def test_a_hold_keeps_the_money_from_being_captured() -> None:
    held = bought(shipped(1), HoldPlaced(hold="review", type="review"), holds={"review": ("capture",)})
    held.when(Capture()).refused(Refusal.HOLD_BLOCKS)
