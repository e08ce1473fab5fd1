"""Invoices and credit memos: what has left is invoiced once, what is not owed any more is credited once, to the cent."""

from hypothesis import given as forall
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.core.aftersale import Adjustment
from segue.core.allocate import Allocate
from segue.core.base import Command, Refused
from segue.core.cancel import Cancel
from segue.core.capture import Capture, RecordCapture
from segue.core.documents import Document, DocumentLine
from segue.core.draft import Tax
from segue.core.fulfill import RecordShipment, Release
from segue.core.invoice import (
    IssueDocuments,
    NothingCredited,
    invoiced_net,
    issued_at_once,
)
from segue.core.refund import RecordRefund, Refund
from segue.core.returns import RecordReturn
from segue.core.void import RecordVoid, Void
from segue.core.worth import earned
from segue.policies.payment import at_once
from tests.core.given import every
from tests.core.lives import CAPTURED, FLOW, PAID, SALE, SHIPPED, THREE, documents, lived
from tests.core.shop import draft, later, only, sold, workflow


def test_a_return_is_credited_with_its_refund_and_names_what_it_reverses() -> None:
    back = (CAPTURED, RecordReturn(1, 1), RecordRefund("R1", "done"))
    here, outcomes = lived(draft(THREE, **SALE), *SHIPPED, *back)
    _, memo = documents(outcomes)
    assert memo == Document(
        "credit_memo", "M1", "web-1001", "USD", memo.issued_at_s, "R1", 10_50,
        (DocumentLine(1, "SHIRT", ((1, 1),), 10_50, 10_00, 34, (Tax("tax", 84),)),),
        settled_by={"R1": 10_50}, reverses={"I1": 10_50}, taxes=(Tax("tax", 84),),
    )  # fmt: skip
    here.when(IssueDocuments()).then()


def test_nothing_is_credited_before_the_refund_is_done() -> None:
    _, outcomes = lived(draft(THREE), *SHIPPED, CAPTURED, RecordReturn(1, 1), IssueDocuments())
    assert [document.name for document in documents(outcomes)] == ["I1"]
    _, outcomes = lived(
        draft(THREE), *SHIPPED, CAPTURED, RecordReturn(1, 1), RecordRefund("R1", "declined"), IssueDocuments()
    )
    assert [document.name for document in documents(outcomes)] == ["I1"]


def test_what_comes_back_and_was_never_paid_is_credited_at_once_without_a_refund() -> None:
    _, outcomes = lived(draft(THREE), *SHIPPED, RecordCapture("C1", "declined"), RecordReturn(1, 3))
    invoice, memo = documents(outcomes)
    assert (memo.of, memo.total_minor, memo.settled_by, memo.reverses) == ("", 31_50, {}, {"I1": 31_50})
    assert invoice.total_minor == memo.total_minor


def test_what_came_back_while_its_capture_was_under_way_is_credited_once_that_is_known() -> None:
    _, outcomes = lived(draft(THREE), *SHIPPED, RecordReturn(1, 3))
    assert [document.name for document in documents(outcomes)] == ["I1"]
    _, outcomes = lived(draft(THREE), *SHIPPED, RecordReturn(1, 3), RecordCapture("C1", "declined"))
    assert [document.name for document in documents(outcomes)] == ["I1", "M1"]


def test_a_refund_of_what_was_never_invoiced_needs_no_credit_memo_then_or_later() -> None:
    early = (*PAID, Capture(), CAPTURED, Allocate(), Cancel(line=1, quantity=1), RecordRefund("R1", "done"))
    here, outcomes = lived(draft(THREE), *early, capture=at_once)
    assert [event for event in every(outcomes[-1]) if isinstance(event, NothingCredited)] == [
        NothingCredited(refund="R1")
    ]
    assert here.order is not None
    assert here.order.uncredited == ("R1",)
    late = (Release(), RecordShipment("F1", "S1"), RecordReturn(1, 1), RecordRefund("R2", "done"))
    _, outcomes = lived(draft(THREE), *early, *late, capture=at_once)
    invoice, memo = documents(outcomes)
    assert (invoice.total_minor, memo.of, memo.total_minor) == (21_00, "R2", 10_50)


def test_a_refund_of_more_than_was_invoiced_is_credited_as_far_as_it_was() -> None:
    prepaid = draft(THREE, kind="prepaid", **SALE)
    early = (*PAID[:1], Allocate(), Release(), RecordShipment("F1", "S1", {1: ((1, 1),)}))
    here, _ = lived(prepaid, *early, RecordReturn(1, 1))
    order = here.order
    assert order is not None
    assert [(name, each.total_minor, each.of) for name, each in order.documents.items()] == [
        ("I1", 17_90, "S1"),
        ("M1", 10_50, "R1"),
    ]


def test_a_refund_of_just_one_line_is_of_that_line() -> None:
    sent = draft(sold("SHIRT", 1, 10_00), sold("SHIRT", 1, 7_00))
    back = (CAPTURED, RecordReturn(2, 1), RecordReturn(1, 1), RecordRefund("R1", "done"), RecordRefund("R2", "done"))
    _, outcomes = lived(sent, *SHIPPED, *back)
    _, first, second = documents(outcomes)
    assert [(line.line, line.amount_minor) for each in (first, second) for line in each.lines] == [
        (2, 7_00),
        (1, 10_00),
    ]


def test_a_credit_memo_names_the_invoices_that_its_units_were_on() -> None:
    parts = (
        RecordShipment("F1", "S1", {1: ((2, 2),)}),
        CAPTURED,
        RecordShipment("F1", "S2"),
        RecordCapture("C2", "done"),
    )
    back = (RecordReturn(1, 2), RecordRefund("R1", "done"), RecordRefund("R2", "done"))
    here, _ = lived(draft(THREE, **SALE), *PAID, Allocate(), Release(), *parts, *back)
    assert here.order is not None
    reversed_: dict[str, int] = {}
    for issued in here.order.documents.values():
        for name, amount in issued.reverses.items():
            reversed_[name] = reversed_.get(name, 0) + amount
    assert reversed_ == {"I1": 10_50, "I2": 10_50}


def test_goodwill_a_lower_price_and_a_fee_are_amounts_beside_the_lines() -> None:
    here, _ = lived(draft(THREE, **SALE), *SHIPPED, CAPTURED)
    assert here.order is not None
    lower = replace(here.order, goodwill_minor=5_00, adjustments=(Adjustment(1, ((1, 1),), 50),))
    here = here._replace(order=lower)
    outcomes = here.story(Refund(), RecordRefund("R1", "done"))
    (memo,) = documents(outcomes)
    assert (memo.total_minor, memo.lines, memo.other_minor, memo.reverses) == (5_50, (), 5_50, {"I1": 5_50})
    here = here._replace(order=replace(outcomes[-1].order, fees_minor=3_00))
    (memo,) = documents(here.story(RecordReturn(1, 1), RecordRefund("R2", "done")))
    assert (memo.total_minor, memo.other_minor) == (7_00, -3_00)
    assert [(line.amount_minor, line.price_minor) for line in memo.lines] == [(10_00, 0)]  # at the lowered price


def test_more_goodwill_than_a_first_parcel_costs_does_not_make_its_invoice_negative() -> None:
    here, _ = lived(draft(sold("SHIRT", 1, 1_00), sold("SHIRT", 1, 9_00)), *SHIPPED[:-1])
    assert here.order is not None
    lower = here._replace(order=replace(here.order, goodwill_minor=3_00))
    outcomes = lower.story(RecordShipment("F1", "S1", {1: ((1, 1),)}), RecordShipment("F1", "S2"))
    found = [(each.name, each.total_minor) for each in documents(outcomes)]
    assert found == [("I1", 0), ("I2", 9_00), ("M1", 2_00)]


def test_what_is_owed_beyond_comes_on_the_next_invoice_or_on_one_of_its_own() -> None:
    here, _ = lived(draft(THREE), *SHIPPED, CAPTURED)
    assert here.order is not None
    more = replace(here.order, fees_minor=2_00)
    (invoice,) = documents([here._replace(order=more).step(IssueDocuments())])
    assert (invoice.name, invoice.of, invoice.total_minor, invoice.lines) == ("I2", "", 2_00, ())
    assert invoice.settled_by == {}
    here, _ = lived(draft(THREE), *SHIPPED[:-1])
    parts = (RecordShipment("F1", "S1", {1: ((1, 1),)}),)
    outcomes = here.story(*parts)
    here = here._replace(order=replace(outcomes[-1].order, fees_minor=2_00))
    (invoice,) = documents([here.step(RecordShipment("F1", "S2"))])
    assert (invoice.name, invoice.total_minor, invoice.other_minor) == ("I2", 23_00, 2_00)


def test_an_order_of_which_nothing_left_has_no_documents() -> None:
    here, outcomes = lived(draft(THREE), *PAID, Allocate(), IssueDocuments(), Cancel())
    assert documents(outcomes) == []
    here.when(IssueDocuments()).then()


def test_a_workflow_says_whether_it_issues_documents_and_when() -> None:
    assert issued_at_once(workflow()) is None
    assert issued_at_once(workflow(**FLOW)) is True
    for part in ((later(60, IssueDocuments()),), (only("shipped > 1", IssueDocuments()),), ()):
        on = {"fulfillment_shipped": (IssueDocuments(),), "payment_refunded": part}
        assert issued_at_once(workflow(on=on)) is False


MOVES = st.lists(
    st.sampled_from((
        RecordShipment("F1", "S1", {1: ((1, 1),)}), RecordShipment("F1", "S2"), CAPTURED, Capture(), Refund(), Void(),
        RecordCapture("C1", "declined"), RecordCapture("C2", "done"), RecordReturn(1, 1), RecordReturn(1, 2),
        RecordRefund("R1", "done"), RecordRefund("R2", "done"), RecordRefund("R1", "declined"),
        RecordVoid("V1", "done"), IssueDocuments(),
    )),
    max_size=14,
)  # fmt: skip


@forall(MOVES, st.sampled_from(("gateway", "prepaid", "account")))
def test_invoices_less_credit_memos_are_never_less_than_what_is_earned_and_every_document_adds_up(
    moves: list[Command], kind: str
) -> None:
    here, outcomes = lived(
        draft(THREE, kind=kind, **SALE), *(PAID if kind == "gateway" else PAID[:1]), Allocate(), Release()
    )
    for move in moves:
        try:
            outcomes.append(here.step(move))
        except Refused:
            continue
        here = here._replace(order=outcomes[-1].order)
    order = here.order
    assert order is not None
    assert invoiced_net(order) >= earned(order, ("shipped", "delivered", "returning"))
    for document in documents(outcomes):
        parts = [line.amount_minor for line in document.lines] + [charge.amount_minor for charge in document.charges]
        assert document.total_minor == sum(parts) + document.shipping_minor + document.other_minor
        assert document.kind == "invoice" or sum(document.reverses.values()) == document.total_minor
    assert [document.name for document in documents(outcomes)] == list(order.documents)
    if not outcomes[-1].open:
        assert invoiced_net(order) == sum(tender.tally.get("captured", 0) for tender in order.tenders.values())
