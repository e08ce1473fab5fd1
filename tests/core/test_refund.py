"""Giving back: voiding what is held and not needed, refunding what was taken and is not earned. Never more."""

from typing import Any

from segue.core.base import Because, Event, Refusal
from segue.core.cancel import Cancel, UnitsCanceled
from segue.core.capture import CaptureRequested, PaymentCaptured
from segue.core.draft import Charge, DraftTender
from segue.core.hold import HoldPlaced
from segue.core.pay import AuthorizationRequested, PaymentAuthorized, RecordAuthorization, TenderAccepted
from segue.core.refund import PaymentRefunded, RecordRefund, Refund, RefundDeclined, RefundRequested
from segue.core.void import (
    PaymentVoided,
    RecordVoid,
    TenderDropped,
    Void,
    VoidDeclined,
    VoidRequested,
)
from segue.policies.payment import at_once
from tests.core.given import Given, events_of, given
from tests.core.shop import draft, paid, sold

ADOPTED = (paid(34_99, "adopted"),)


def bought(*story: Event, tenders: tuple[DraftTender, ...] = ADOPTED, **declared: Any) -> Given:
    """Three shirts at 10.00 and shipping at 4.99."""
    return given(draft(sold(quantity=3), shipping_minor=4_99, tenders=tenders), *story).knowing(**declared)


def canceled(*numbers: int) -> UnitsCanceled:
    return UnitsCanceled(units={1: ((numbers[0], numbers[-1]),)})


def captured(name: str, amount: int, tender: str = "P1") -> tuple[Event, Event]:
    return (
        CaptureRequested(name, tender, amount, authorization="A1"),
        PaymentCaptured(transaction=name, tender=tender, amount_minor=amount, reference=f"psp-{name}"),
    )


ALL_CANCELED = UnitsCanceled(units={1: ((1, 3),)})
VOIDING = VoidRequested("V1", "P1", 34_99, "A1")
REFUNDING = RefundRequested(transaction="R1", tender="P1", amount_minor=10_00, capture="C1")


def test_an_authorization_that_is_not_needed_is_voided_as_a_whole() -> None:
    bought(ALL_CANCELED).when(Void()).then(VOIDING)
    bought(canceled(1)).when(Void()).then()
    bought().when(Void()).then()


def test_what_a_capture_has_left_of_an_authorization_is_voided() -> None:
    bought(canceled(1), *captured("C1", 24_99)).when(Void()).then(VoidRequested("V1", "P1", 10_00, "A1"))


def test_what_nobody_has_asked_for_yet_is_dropped_to_the_cent() -> None:
    due = (paid(34_99),)
    bought(canceled(1), tenders=due).when(Void()).then(TenderDropped(tender="P1", amount_minor=10_00, source="due"))
    agreed = TenderAccepted(tender="P1", amount_minor=34_99)
    on_account = (paid(34_99, "account"),)
    bought(agreed, ALL_CANCELED, tenders=on_account).when(Void()).then(
        TenderDropped(tender="P1", amount_minor=34_99, source="agreed")
    )


def test_the_last_tender_is_let_go_of_first() -> None:
    two = (paid(14_99, "adopted"), paid(20_00, "adopted"))
    bought(canceled(1, 2), tenders=two).when(Void()).then(VoidRequested("V1", "P2", 20_00, "A2"))
    bought(ALL_CANCELED, tenders=two).when(Void()).then(
        VoidRequested("V1", "P2", 20_00, "A2"),
        VoidRequested("V2", "P1", 14_99, "A1"),
    )


def test_what_is_held_is_kept_while_another_authorization_is_not_answered() -> None:
    asked = AuthorizationRequested(transaction="A2", tender="P1", amount_minor=20_00)
    two = (paid(20_00), paid(14_99, "adopted"))
    known = bought(asked, canceled(1), UnitsCanceled(units={1: ((2, 2),)}), tenders=two)
    known.when(Void()).then()
    done = PaymentAuthorized(transaction="A2", tender="P1", amount_minor=20_00)
    answered = bought(asked, canceled(1, 2), done, tenders=two)
    answered.when(Void()).then(VoidRequested("V1", "P2", 14_99, "A1"))
    bought(asked, ALL_CANCELED, tenders=two).when(Void()).then(VoidRequested("V1", "P2", 14_99, "A1"))


def test_a_cancellation_while_an_authorization_is_in_flight_ends_with_the_money_voided() -> None:
    reactions = {"units_canceled": [Void(), Refund()], "payment_authorized": [Void()]}
    asked = AuthorizationRequested(transaction="A1", tender="P1", amount_minor=34_99)
    canceled_now = bought(asked, tenders=(paid(34_99),), on=reactions).after(Cancel())
    answered = canceled_now.step(RecordAuthorization("A1", "done"))
    assert events_of(answered, VoidRequested) == [VOIDING]
    known = canceled_now.after(RecordAuthorization("A1", "done")).after(RecordVoid("V1", "done"))
    assert known.order is not None
    assert known.order.tenders["P1"].tally == {"voided": 34_99}


def test_what_is_being_voided_is_not_voided_again() -> None:
    bought(ALL_CANCELED, VOIDING).when(Void()).then()


def test_a_void_is_done_or_declined() -> None:
    known = bought(ALL_CANCELED, VOIDING)
    known.when(RecordVoid("V1", "done", 34_99)).then(PaymentVoided(transaction="V1", tender="P1", amount_minor=34_99))
    order = known.when(RecordVoid("V1", "declined", 5, detail="captured")).then(
        VoidDeclined(transaction="V1", tender="P1", amount_minor=34_99, detail="captured")
    )
    assert order is not None
    assert order.tenders["P1"].tally == {"authorized": 34_99}
    known.when(RecordVoid("V1", "done", 5)).refused(Refusal.AMOUNT_DIFFERS)


def test_what_is_canceled_of_a_paid_order_is_refunded_and_with_the_last_unit_the_shipping() -> None:
    paid_up = (paid(34_99, "prepaid"),)
    first = PaymentRefunded(transaction="R1", tender="P1", amount_minor=10_00, units={1: ((1, 1),)})
    bought(canceled(1), tenders=paid_up).when(Refund()).then(first)
    rest = UnitsCanceled(units={1: ((2, 3),)})
    bought(canceled(1), first, rest, tenders=paid_up).when(Refund()).then(
        PaymentRefunded(transaction="R2", tender="P1", amount_minor=24_99, units={1: ((2, 3),)})
    )
    bought(ALL_CANCELED, tenders=paid_up).when(Refund()).then(
        PaymentRefunded(transaction="R1", tender="P1", amount_minor=34_99, units={1: ((1, 3),)})
    )


def test_charges_are_refunded_with_the_shipping() -> None:
    sent = draft(sold(), charges=(Charge("wrap", 2_00),), kind="prepaid")
    all_of_it = PaymentRefunded(transaction="R1", tender="P1", amount_minor=12_00, units={1: ((1, 1),)})
    given(sent, canceled(1)).when(Refund()).then(all_of_it)


def test_nothing_is_refunded_that_is_earned_or_was_given_back() -> None:
    bought(*captured("C1", 34_99)).when(Refund()).then()
    bought(*captured("C1", 34_99), canceled(1), REFUNDING).when(Refund()).then()
    refunded = PaymentRefunded(transaction="R1", tender="P1", amount_minor=10_00)
    bought(*captured("C1", 34_99), canceled(1), REFUNDING, refunded).when(Refund()).then()


def test_a_refund_goes_to_the_captures_of_its_tender_and_never_exceeds_one() -> None:
    twice = (*captured("C1", 14_99), *captured("C2", 20_00))
    bought(*twice, canceled(1, 2)).when(Refund()).then(
        RefundRequested(transaction="R1", tender="P1", amount_minor=14_99, capture="C1"),
        RefundRequested(transaction="R2", tender="P1", amount_minor=5_01, capture="C2"),
    )
    some = RefundRequested(transaction="R1", tender="P1", amount_minor=10_00, capture="C1")
    bought(*twice, canceled(1), some, UnitsCanceled(units={1: ((2, 2),)})).when(Refund()).then(
        RefundRequested(transaction="R2", tender="P1", amount_minor=4_99, capture="C1"),
        RefundRequested(transaction="R3", tender="P1", amount_minor=5_01, capture="C2"),
    )


def test_a_capture_that_was_given_back_is_not_given_back_again() -> None:
    twice = (*captured("C1", 14_99), *captured("C2", 20_00))
    all_of_it = RefundRequested(transaction="R1", tender="P1", amount_minor=14_99, capture="C1")
    bought(*twice, ALL_CANCELED, all_of_it).when(Refund()).then(
        RefundRequested(transaction="R2", tender="P1", amount_minor=20_00, capture="C2")
    )


def test_the_last_tender_is_refunded_first() -> None:
    two = (paid(14_99, "adopted"), paid(20_00, "prepaid"))
    bought(*captured("C1", 14_99), ALL_CANCELED, tenders=two).when(Refund()).then(
        PaymentRefunded(transaction="R1", tender="P2", amount_minor=20_00, units={1: ((1, 3),)}),
        RefundRequested(transaction="R2", tender="P1", amount_minor=14_99, capture="C1"),
    )


def test_the_reason_of_a_refund_gives_the_figures() -> None:
    events = bought(*captured("C1", 34_99), canceled(1)).when(Refund()).events
    assert events[0].because == Because("owed", {"captured": 34_99, "kept": 24_99, "amount": 10_00})


def test_a_refund_is_done_or_declined_and_a_declined_one_may_be_tried_again() -> None:
    story = (*captured("C1", 34_99), canceled(1), REFUNDING)
    declined = RefundDeclined(transaction="R1", tender="P1", amount_minor=10_00, detail="closed")
    bought(*story).when(RecordRefund("R1", "done", 10_00, "psp-R1")).then(
        PaymentRefunded(transaction="R1", tender="P1", amount_minor=10_00, reference="psp-R1")
    )
    bought(*story).when(RecordRefund("R1", "declined", 3, detail="closed")).then(declined)
    bought(*story).when(RecordRefund("R1", "done", 3)).refused(Refusal.AMOUNT_DIFFERS)
    bought(*story, declined).when(Refund()).then(
        RefundRequested(transaction="R2", tender="P1", amount_minor=10_00, capture="C1")
    )


def test_what_is_captured_while_an_order_is_canceled_is_refunded_when_the_answer_comes() -> None:
    asked = CaptureRequested(transaction="C1", tender="P1", amount_minor=34_99)
    known = bought(asked, ALL_CANCELED, capture=at_once)
    known.when(Refund()).then()
    answered = bought(asked, ALL_CANCELED, captured("C1", 34_99)[1])
    answered.when(Refund()).then(RefundRequested(transaction="R1", tender="P1", amount_minor=34_99, capture="C1"))


def test_a_hold_keeps_a_refund_back() -> None:
    held = bought(HoldPlaced(hold="review", type="review"), holds={"review": ("refund",)})
    held.when(Refund()).refused(Refusal.HOLD_BLOCKS)


def test_a_refund_is_for_the_units_that_were_paid_and_are_back_and_each_is_settled_once() -> None:
    taken = CaptureRequested(transaction="C1", tender="P1", amount_minor=24_99, units={1: ((2, 3),)})
    paid_up = (taken, captured("C1", 24_99)[1])
    known = bought(canceled(1), *paid_up, canceled(2))
    first = RefundRequested(transaction="R1", tender="P1", amount_minor=10_00, capture="C1", units={1: ((2, 2),)})
    order = known.when(Refund()).then(first)
    assert order is not None
    assert order.transactions["R1"].units == {1: ((2, 2),)}
    rest = RefundRequested(transaction="R2", tender="P1", amount_minor=14_99, capture="C1", units={1: ((3, 3),)})
    bought(canceled(1), *paid_up, canceled(2), first, canceled(3)).when(Refund()).then(rest)
    declined = RefundDeclined(transaction="R1", tender="P1", amount_minor=10_00)
    again = RefundRequested(transaction="R2", tender="P1", amount_minor=10_00, capture="C1", units={1: ((2, 2),)})
    bought(canceled(1), *paid_up, canceled(2), first, declined).when(Refund()).then(again)
