"""Settlement: a line of a gateway's report settles its transaction once, or is a difference that a person resolves."""

from typing import Any

import pytest

from segue.core.base import Refusal
from segue.core.capture import CaptureRequested, PaymentCaptured
from segue.core.ledger import LedgerEntry, ledger_entries
from segue.core.papers import Difference, Settlement
from segue.core.pay import AuthorizationRequested, PaymentAuthorized
from segue.core.refund import RefundRequested
from segue.core.settlement import (
    RecordSettlement,
    RecordUnsettled,
    ResolveSettlement,
    SettlementDiffers,
    SettlementRecorded,
    SettlementResolved,
)
from tests.core.given import Given, applied, given
from tests.core.shop import NOW_S, draft, sold

MONEY: dict[str, Any] = {"tender": "P1", "amount_minor": 20_00}
STORY = (
    PaymentAuthorized(transaction="A1", reference="auth_1", **MONEY),
    PaymentCaptured(transaction="C1", reference="cap_1", **MONEY),
)


def line(name: str = "L1", **changes: Any) -> RecordSettlement:
    usual: dict[str, Any] = {
        "kind": "capture",
        "amount_minor": 20_00,
        "currency": "USD",
        "transaction": "C1",
        "fee_minor": 40,
    }
    return RecordSettlement(name, **usual | changes)


@pytest.fixture
def paid() -> Given:
    """An order of 20.00 that was captured."""
    story = (
        AuthorizationRequested(transaction="A1", **MONEY), STORY[0], CaptureRequested(transaction="C1", **MONEY), STORY[1],
    )  # fmt: skip
    return given(draft(sold(quantity=2)), *story)


def after(here: Given, *events: Any) -> Given:
    return here._replace(order=applied(here.order, events, NOW_S))


SETTLED = SettlementRecorded(line="L1", transaction="C1", amount_minor=20_00, fee_minor=40)


def test_a_line_that_fits_settles_its_transaction(paid: Given) -> None:
    order = paid.when(line()).then(SETTLED)
    assert order is not None
    assert order.settlements == {"C1": Settlement("L1", 20_00, 40)}
    assert order.differences == {}


def test_a_line_may_name_the_transaction_by_the_gateways_id(paid: Given) -> None:
    paid.when(line(transaction="", reference="cap_1")).then(SETTLED)
    paid.when(line(transaction="", reference="auth_1")).then(
        SettlementDiffers(
            line="L1", transaction="", difference="missing_here", amount_minor=20_00, currency="USD", fee_minor=40
        )
    )


@pytest.mark.parametrize(
    ("changes", "difference"),
    [
        ({"transaction": "C9"}, "missing_here"),
        ({"transaction": "A1"}, "missing_here"),
        ({"transaction": "", "reference": ""}, "missing_here"),
        ({"amount_minor": 19_99}, "amount_differs"),
        ({"currency": "EUR"}, "currency_differs"),
    ],
)
def test_a_line_that_does_not_fit_is_a_difference(paid: Given, changes: dict[str, Any], difference: str) -> None:
    order = paid.when(line(**changes)).order
    assert order is not None
    (found,) = order.differences.values()
    assert found.difference == difference
    assert order.settlements == {}


def test_what_we_do_not_know_to_be_done_is_a_difference(paid: Given) -> None:
    asked = after(paid, RefundRequested(transaction="R1", capture="C1", **MONEY))
    order = asked.when(line(kind="refund", transaction="R1")).order
    assert order is not None
    assert order.differences["L1"].difference == "not_done"


def test_the_same_line_again_changes_nothing_and_another_one_is_a_difference(paid: Given) -> None:
    settled = after(paid, SETTLED)
    settled.when(line()).then()
    order = settled.when(line("L2")).order
    assert order is not None
    assert order.differences == {"L2": Difference("C1", "twice", 20_00, "USD", 40)}
    wrong = after(paid, *paid.when(line(amount_minor=1)).events)
    wrong.when(line(amount_minor=1)).then()


def test_what_no_report_has_named_is_missing_until_one_does(paid: Given) -> None:
    missing = SettlementDiffers(
        line="missing_there C1", transaction="C1", difference="missing_there", amount_minor=20_00, currency="USD"
    )
    order = paid.when(RecordUnsettled("C1")).then(missing)
    known = after(paid, missing)
    known.when(RecordUnsettled("C1")).then()
    assert order is not None
    assert "missing_there C1" in order.differences
    order = known.when(line()).then(SETTLED)
    assert order is not None
    assert order.differences == {}


def test_what_is_settled_or_not_done_is_not_missing(paid: Given) -> None:
    after(paid, SETTLED).when(RecordUnsettled("C1")).then()
    after(paid, RefundRequested(transaction="R1", capture="C1", **MONEY)).when(RecordUnsettled("R1")).then()
    paid.when(RecordUnsettled("C9")).refused(Refusal.TRANSACTION_NOT_FOUND, "C9")


def test_a_person_resolves_a_difference(paid: Given) -> None:
    wrong = after(paid, *paid.when(line(amount_minor=19_00)).events)
    order = wrong.when(ResolveSettlement("L1", reason="they have paid it back")).then(
        SettlementResolved(line="L1", transaction="C1", reason="they have paid it back")
    )
    assert order is not None
    assert (order.differences, order.settlements) == ({}, {})
    order = wrong.when(ResolveSettlement("L1", accept=True)).then(
        SettlementResolved(line="L1", transaction="C1", amount_minor=19_00, fee_minor=40)
    )
    assert order is not None
    assert (order.differences, order.settlements) == ({}, {"C1": Settlement("L1", 19_00, 40)})


def test_only_an_amount_that_differs_can_be_accepted(paid: Given) -> None:
    paid.when(ResolveSettlement("L9")).refused(Refusal.DIFFERENCE_NOT_FOUND, "L9")
    strange = after(paid, *paid.when(line(transaction="C9")).events)
    strange.when(ResolveSettlement("L1", accept=True)).refused(Refusal.NOT_ACCEPTABLE, "missing_here")
    late = after(
        paid,
        *paid.when(line(amount_minor=1)).events,
        SettlementRecorded(line="L2", transaction="C1", amount_minor=20_00),
    )
    late.when(ResolveSettlement("L1", accept=True)).refused(Refusal.NOT_ACCEPTABLE)


def test_what_the_gateway_has_paid_is_in_the_bank_less_its_fee(paid: Given) -> None:
    assert ledger_entries(paid.order, SETTLED) == [
        LedgerEntry("bank", "settled:gateway", 20_00),
        LedgerEntry("gateway_fees", "bank", 40),
    ]
    back = after(paid, RefundRequested(transaction="R1", capture="C1", **MONEY))
    refund = SettlementRecorded(line="L2", transaction="R1", amount_minor=20_00)
    assert ledger_entries(back.order, refund) == [LedgerEntry("settled:gateway", "bank", 20_00)]
    assert ledger_entries(paid.order, SettlementResolved(line="L1", transaction="")) == []
    assert ledger_entries(paid.order, SettlementResolved(line="L1", transaction="C1")) == []
    lower_fee = SettlementRecorded(line="L3", transaction="C1", amount_minor=20_00, fee_minor=-5)
    assert LedgerEntry("bank", "gateway_fees", 5) in ledger_entries(paid.order, lower_fee)
