"""Chargebacks: a bank takes money back; it is lost, unless we owed it anyway, and is never taken or given twice."""

from typing import Any

import pytest

from segue.core.base import Refusal
from segue.core.cancel import Cancel
from segue.core.capture import Capture, RecordCapture
from segue.core.chargeback import ChargebackRecorded, RecordChargeback
from segue.core.refund import PaymentRefunded, RecordRefund, Refund, RefundCapped
from segue.core.returns import RecordReturn
from segue.core.void import Void
from segue.core.worth import keeps
from segue.policies.payment import at_once
from tests.core.given import Given, given
from tests.core.shop import draft, paid, sold
from tests.core.test_ledger import balances
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


WHOLE_CASE = RecordChargeback("P1", 24_00, "D-7")


def refunding() -> Given:
    """Two mugs on a card, taken at once; one is canceled, and 12.00 on its way back."""
    bought = given(draft(sold("MUG", 2, 12_00), kind="adopted")).knowing(capture=at_once)
    return bought.after(Capture()).after(RecordCapture("C1", "done")).after(Cancel("", 1, 1)).after(Refund())


def test_a_case_waits_as_long_as_nobody_knows_what_of_its_money_is_here() -> None:
    bought = given(draft(sold("MUG", 2, 12_00), kind="adopted")).knowing(capture=at_once).after(Capture())
    bought.when(CASE).refused(Refusal.MONEY_UNDER_WAY, "0 is captured, 2400 moves")
    refunding().when(WHOLE_CASE).refused(Refusal.MONEY_UNDER_WAY, "1200 is captured, 1200 moves")
    refunding().when(CASE).then(RECORDED)  # there is enough without it
    back = refunding().after(RecordRefund("R1", "declined"))
    back.when(WHOLE_CASE).then(ChargebackRecorded(tender="P1", amount_minor=24_00, reference="D-7"))


def test_what_a_bank_takes_although_it_was_refunded_has_gone_out_twice() -> None:
    twice = ChargebackRecorded(tender="P1", amount_minor=12_00, reference="D-7", beyond_minor=12_00)
    known = refunding().after(RecordRefund("R1", "done"))
    order = known.when(WHOLE_CASE).then(twice)
    assert order is not None
    assert order.tenders["P1"].tally == {"refunded": 12_00, "charged_back": 12_00}
    assert balances(known.step(WHOLE_CASE).entries) == {
        "chargebacks": 24_00,
        "cash:adopted": -12_00,
        "twice:adopted": -12_00,
    }
    later = known._replace(order=order)
    later.when(WHOLE_CASE).then()
    later.when(RecordChargeback("P1", 1, "D-8")).refused(Refusal.AMOUNT_TOO_LARGE, "0 is captured and 0 was refunded")


def test_a_case_may_be_about_nothing_but_what_was_refunded() -> None:
    known = (
        refunding().after(RecordRefund("R1", "done")).after(Cancel()).after(Refund()).after(RecordRefund("R2", "done"))
    )
    twice = ChargebackRecorded(tender="P1", amount_minor=0, reference="D-7", beyond_minor=5_00)
    order = known.when(RecordChargeback("P1", 5_00, "D-7")).then(twice)
    assert order is not None
    assert order.tenders["P1"].tally == {"refunded": 24_00}
