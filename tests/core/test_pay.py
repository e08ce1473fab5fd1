"""Paying: money is secured once; what is in flight is not asked for again; unknown is never failed."""

from typing import Any

import pytest

from segue.core.base import Command, Refusal
from segue.core.cancel import Cancel
from segue.core.capture import RecordCapture
from segue.core.hold import HoldPlaced
from segue.core.pay import (
    AuthorizationDeclined,
    AuthorizationRequested,
    Authorize,
    OrderCovered,
    OutcomeUnknown,
    PaymentAuthorized,
    RecordAuthorization,
    RecordUnknown,
    TenderAccepted,
)
from segue.core.refund import RecordRefund
from segue.core.void import RecordVoid, TenderDropped, Void
from tests.core.given import Given, events_of, given
from tests.core.shop import draft, paid, sold

BOUGHT = draft(sold(quantity=2, price_minor=10_00))
ASKED = AuthorizationRequested(transaction="A1", tender="P1", amount_minor=20_00)
DECLINED = AuthorizationDeclined(transaction="A1", tender="P1", amount_minor=20_00)
DONE = PaymentAuthorized(transaction="A1", tender="P1", amount_minor=20_00, reference="psp-1")


def test_what_is_due_is_asked_for() -> None:
    given(BOUGHT).when(Authorize()).then(ASKED)


def test_what_is_being_authorized_is_not_asked_for_again() -> None:
    given(BOUGHT, ASKED).when(Authorize()).then()


def test_the_gateways_answer_secures_the_order() -> None:
    order = given(BOUGHT, ASKED).when(RecordAuthorization("A1", "done", 20_00, "psp-1")).then(DONE, OrderCovered())
    assert order is not None
    assert (order.covered, order.tenders["P1"].tally) == (True, {"authorized": 20_00})


def test_a_decline_makes_the_amount_due_again_and_another_try_is_another_transaction() -> None:
    given(BOUGHT, ASKED).when(RecordAuthorization("A1", "declined", detail="no funds")).then(
        AuthorizationDeclined(transaction="A1", tender="P1", amount_minor=20_00, detail="no funds")
    )
    given(BOUGHT, ASKED, DECLINED).when(Authorize()).then(
        AuthorizationRequested(transaction="A2", tender="P1", amount_minor=20_00)
    )


@pytest.mark.parametrize("kind", ["account", "on_delivery"])
def test_a_tender_that_needs_no_gateway_is_accepted(kind: str) -> None:
    given(draft(sold(), kind=kind)).when(Authorize()).then(
        TenderAccepted(tender="P1", amount_minor=10_00), OrderCovered()
    )


@pytest.mark.parametrize("kind", ["adopted", "prepaid"])
def test_what_the_channel_brought_along_covers_the_order_without_asking(kind: str) -> None:
    known = given(draft(sold(), kind=kind))
    known.when(Authorize()).then(OrderCovered())
    known.after(Authorize()).when(Authorize()).then()


def test_an_order_that_costs_nothing_is_covered() -> None:
    given(draft(sold(price_minor=0))).when(Authorize()).then(OrderCovered())


def test_several_tenders_are_asked_for_together_and_the_order_is_covered_with_the_last() -> None:
    mixed = draft(sold(price_minor=10_00), tenders=[paid(3_00), paid(2_00, "account"), paid(5_00)])
    first = given(mixed)
    first.when(Authorize()).then(
        AuthorizationRequested(transaction="A1", tender="P1", amount_minor=3_00),
        TenderAccepted(tender="P2", amount_minor=2_00),
        AuthorizationRequested(transaction="A2", tender="P3", amount_minor=5_00),
    )
    asked = first.after(Authorize())
    one = asked.step(RecordAuthorization("A2", "done"))
    assert events_of(one) == [PaymentAuthorized(transaction="A2", tender="P3", amount_minor=5_00)]
    both = asked.after(RecordAuthorization("A2", "done")).step(RecordAuthorization("A1", "done"))
    assert events_of(both, OrderCovered) == [OrderCovered()]


def test_after_a_partial_cancellation_what_is_left_is_enough_to_cover_the_order() -> None:
    declined = given(BOUGHT, ASKED, DECLINED).after(Cancel(line=1, quantity=1))
    assert events_of(declined.step(Void())) == [TenderDropped(tender="P1", amount_minor=10_00, source="due")]
    again = declined.after(Void()).after(Authorize())
    assert events_of(again.step(RecordAuthorization("A2", "done", 10_00)), OrderCovered) == [OrderCovered()]


def test_what_is_due_stays_until_what_is_being_authorized_is_known() -> None:
    """The half of the second tender is enough for what is left, unless it is declined: then the first is asked again."""
    halves = draft(sold(price_minor=5_00, quantity=2), tenders=[paid(5_00), paid(5_00)])
    here = (
        given(halves).after(Authorize()).after(RecordAuthorization("A1", "declined")).after(Cancel(line=1, quantity=1))
    )
    here.when(Void()).then()
    dropped = TenderDropped(tender="P1", amount_minor=5_00, source="due")
    here.after(RecordAuthorization("A2", "done")).when(Void()).then(dropped)
    both_due = here.after(RecordAuthorization("A2", "declined"))
    both_due.when(Void()).then(TenderDropped(tender="P2", amount_minor=5_00, source="due"))
    again = AuthorizationRequested(transaction="A3", tender="P1", amount_minor=5_00)
    both_due.after(Void()).when(Authorize()).then(again)


def test_what_is_agreed_stays_as_well() -> None:
    halves = draft(sold(price_minor=5_00, quantity=2), tenders=[paid(5_00), paid(5_00, "account")])
    here = given(halves).after(Authorize()).after(Cancel(line=1, quantity=1))
    here.when(Void()).then()
    agreed = TenderDropped(tender="P2", amount_minor=5_00, source="agreed")
    here.after(RecordAuthorization("A1", "done")).when(Void()).then(agreed)


def test_an_order_of_which_all_is_canceled_is_not_covered_any_more() -> None:
    canceled = given(BOUGHT, ASKED).after(Cancel())
    assert events_of(canceled.step(RecordAuthorization("A1", "done", reference="psp-1"))) == [DONE]


def test_an_order_on_hold_is_not_authorized() -> None:
    held = given(BOUGHT, HoldPlaced(hold="review", type="review")).knowing(holds={"review": ("authorize",)})
    held.when(Authorize()).refused(Refusal.HOLD_BLOCKS, "review blocks authorize")


def test_unknown_is_never_failed_and_may_still_be_answered() -> None:
    unknown = OutcomeUnknown(transaction="A1", detail="timed out")
    order = given(BOUGHT, ASKED).when(RecordUnknown("A1", "timed out")).then(unknown)
    assert order is not None
    assert (order.transactions["A1"].outcome, order.tenders["P1"].tally) == ("unknown", {"authorizing": 20_00})
    known = given(BOUGHT, ASKED, unknown)
    known.when(Authorize()).then()
    known.when(RecordUnknown("A1", "timed out again")).then()
    known.when(RecordAuthorization("A1", "done", reference="psp-1")).then(DONE, OrderCovered())
    known.when(RecordAuthorization("A1", "declined")).then(DECLINED)


ANSWERS: tuple[Any, ...] = (RecordAuthorization, RecordCapture, RecordVoid, RecordRefund)


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_to_what_was_never_asked_is_refused(answer: Any) -> None:
    given(BOUGHT).when(answer("A1", "done")).refused(Refusal.TRANSACTION_NOT_FOUND, "A1")
    given(BOUGHT).when(RecordUnknown("A1")).refused(Refusal.TRANSACTION_NOT_FOUND, "A1")


@pytest.mark.parametrize("answer", [RecordCapture("A1", "done"), RecordVoid("A1", "done"), RecordRefund("A1", "done")])
def test_an_answer_of_another_kind_is_refused(answer: Command) -> None:
    given(BOUGHT, ASKED).when(answer).refused(Refusal.TRANSACTION_NOT_FOUND, "A1")


@pytest.mark.parametrize("known", [given(BOUGHT, ASKED, DONE), given(BOUGHT, ASKED, DECLINED)])
def test_a_transaction_is_answered_once(known: Given) -> None:
    known.when(RecordAuthorization("A1", "done")).refused(Refusal.TRANSACTION_SETTLED, "A1 was d")
    known.when(RecordUnknown("A1")).refused(Refusal.TRANSACTION_SETTLED, "A1 was d")


def test_an_answer_with_another_amount_or_currency_is_not_believed() -> None:
    known = given(BOUGHT, ASKED)
    known.when(RecordAuthorization("A1", "done", 20_01)).refused(Refusal.AMOUNT_DIFFERS, "2000 asked, 2001 answered")
    other = RecordAuthorization("A1", "done", 20_00, currency="JPY")
    known.when(other).refused(Refusal.AMOUNT_DIFFERS, "JPY answered")
    known.when(RecordAuthorization("A1", "declined", 1)).then(DECLINED)
