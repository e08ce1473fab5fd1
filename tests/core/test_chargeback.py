"""Chargebacks: a bank takes money back; it is lost, unless we owed it anyway, and is never taken or given twice."""

from typing import Any

import pytest

from segue.core.base import Refusal
from segue.core.cancel import Cancel
from segue.core.capture import Capture
from segue.core.chargeback import ChargebackRecorded, RecordChargeback
from segue.core.refund import PaymentRefunded, Refund, RefundCapped
from segue.core.returns import RecordReturn
from segue.core.void import Void
from segue.core.worth import keeps
from segue.policies.payment import at_once
from tests.core.given import Given, given
from tests.core.shop import draft, paid, sold
from tests.core.test_worth import delivered, order_of

CASE = RecordChargeback("P1", 12_00, "D-7", "fraudulent")
RECORDED = ChargebackRecorded(tender="P1", amount_minor=12_00, reference="D-7", reason="fraudulent")


def mugs() -> Given:
    return delivered(sold("MUG", 2, 12_00), kind="prepaid")


def test_what_a_bank_took_back_is_not_ours_and_what_was_paid_is_not_edited() -> None:
    order = mugs().when(CASE).then(RECORDED)
    assert order is not None
    assert order.tenders["P1"].tally == {"captured": 12_00, "charged_back": 12_00}
    assert (order.tenders["P1"].amount_minor, keeps(order)) == (24_00, 24_00)


def test_the_same_case_said_again_changes_nothing() -> None:
    given_once = mugs().after(CASE)
    given_once.when(CASE).then()
    another = ChargebackRecorded(tender="P1", amount_minor=12_00, reference="D-8")
    given_once.when(RecordChargeback("P1", 12_00, "D-8")).then(another)


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (RecordChargeback("P2", 1, "D"), Refusal.TENDER_NOT_FOUND),
        (RecordChargeback("P1", 0, "D"), Refusal.AMOUNT_MISSING),
        (RecordChargeback("P1", 24_01, "D"), Refusal.AMOUNT_TOO_LARGE),
    ],
)
def test_no_more_is_charged_back_than_was_taken(command: Any, refusal: Refusal) -> None:
    mugs().when(command).refused(refusal)


def test_what_the_bank_gave_back_is_not_given_back_once_more() -> None:
    known = mugs().after(CASE).after(RecordReturn(1, 1))
    capped = RefundCapped(amount_minor=12_00, since="chargebacks")
    order = known.when(Refund()).then(capped)
    assert order is not None
    known = known._replace(order=order)
    known.when(Refund()).then()
    rest = PaymentRefunded(transaction="R1", tender="P1", amount_minor=12_00, units={1: ((1, 2),)})
    order = known.after(RecordReturn(1, 1)).when(Refund()).then(rest)
    assert order is not None
    assert order.tenders["P1"].tally == {"refunded": 12_00, "charged_back": 12_00}


def test_what_the_bank_took_back_is_not_taken_or_kept_for_again() -> None:
    two = (paid(12_00, "prepaid"), paid(12_00, "adopted"))
    known = given(draft(sold("MUG", 2, 12_00), tenders=two)).knowing(capture=at_once).after(CASE)
    assert [event for event in known.when(Capture()).events if getattr(event, "amount_minor", 0) != 12_00] == []
    assert order_of(known.after(Capture())).tenders["P2"].tally == {"capturing": 12_00}
    canceled = known.after(Cancel("", 1, 1)).when(Void())
    assert [getattr(event, "amount_minor", 0) for event in canceled.events] == [12_00]
