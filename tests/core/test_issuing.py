"""Issuing: what a message delivers is paid first, has one code for each unit, and needs no stock and no parcel."""

from typing import Any

import pytest
from msgspec.structs import replace

from segue.core.allocate import Allocate, UnitsAllocated
from segue.core.base import Event, Refusal
from segue.core.cancel import Cancel, UnitsCanceled, asked_by_customers
from segue.core.capture import Capture, CaptureRequested, PaymentCaptured
from segue.core.draft import DraftLine
from segue.core.facts import Item
from segue.core.hold import HoldPlaced, ReactionBlocked
from segue.core.intake import PlaceOrder
from segue.core.issuing import (
    CodesRequested,
    IssueCodes,
    IssueDeclined,
    IssuingBegun,
    RecordIssued,
    UnitsIssued,
    said_by_issuers,
)
from segue.core.ledger import LedgerEntry, ledger_entries
from segue.core.notify import MessageRequested
from segue.core.order import Order
from segue.core.pay import AuthorizationRequested, OrderCovered, PaymentAuthorized
from segue.core.returns import RecordReturn, brought_back
from segue.core.tally import Units
from segue.core.tasks import task_of
from segue.core.workflow import Workflow
from segue.policies.digital import gift_cards_untaxed, paid_in_advance
from tests.core.given import Given, given
from tests.core.shop import NOW_S, draft, hold, paid, sold, workflow

GUIDE = sold("GUIDE", 2, 15_00, kind="digital", title="Field guide")
MIXED = draft(GUIDE, sold("SHIRT", 1, 10_00), shipping_minor=5_00)
BOTH: dict[int, Units] = {1: ((1, 2),)}
HELD = (
    AuthorizationRequested(transaction="A1", tender="P1", amount_minor=45_00),
    PaymentAuthorized(transaction="A1", tender="P1", amount_minor=45_00, reference="psp-A"),
    OrderCovered(),
)
BEGUN = IssuingBegun(units=BOTH)
TAKEN = (
    CaptureRequested(
        transaction="C1", tender="P1", amount_minor=35_00, units=BOTH, shipping_minor=5_00, authorization="A1"
    ),
    PaymentCaptured(transaction="C1", tender="P1", amount_minor=35_00, reference="psp-C"),
)
ASKED = CodesRequested(issue="D1", units=BOTH)
ISSUED = UnitsIssued(issue="D1", units=BOTH, reference="i-1")
FLOW = workflow(holds={"stop": hold("release"), "codes": hold("issue_codes")})


def covered(*more: Event, flow: Workflow = FLOW) -> Given:
    """A mixed order whose payment is secured, and what has happened to it since."""
    return given(MIXED, *HELD, *more).knowing(flow=flow)


def test_what_is_digital_begins_and_is_not_asked_for_before_it_is_paid() -> None:
    covered().when(IssueCodes()).then(BEGUN)
    covered(BEGUN).when(IssueCodes()).then()
    covered(BEGUN, TAKEN[0]).when(IssueCodes()).then()
    covered(BEGUN, *TAKEN).when(IssueCodes()).then(ASKED)
    covered(BEGUN, *TAKEN, ASKED).when(IssueCodes()).then()


def test_it_is_captured_before_anything_has_left_and_the_rest_is_not() -> None:
    covered().when(Capture()).then()
    covered(BEGUN).when(Capture()).then(TAKEN[0])


def test_what_was_paid_at_the_checkout_is_asked_for_at_once() -> None:
    order = draft(GUIDE, kind="prepaid")
    given(order).knowing(flow=FLOW).when(IssueCodes()).then(BEGUN, ASKED)


def test_goods_of_a_location_go_their_own_way() -> None:
    known = covered().knowing(stock={"SHIRT": {"DAL": 5}}, flow=FLOW)
    known.when(Allocate()).then(UnitsAllocated(fulfillment="F1", location="DAL", units={2: ((1, 1),)}))
    given(draft(sold())).knowing(flow=FLOW).when(IssueCodes()).then()


def test_nothing_is_asked_for_without_cover() -> None:
    given(MIXED).knowing(flow=FLOW).when(IssueCodes()).refused(Refusal.NOT_COVERED)


@pytest.mark.parametrize("kind", ["stop", "codes"])
def test_a_hold_that_keeps_goods_keeps_codes_and_one_on_a_line_only_that_line(kind: str) -> None:
    covered(HoldPlaced(hold=kind, type=kind)).when(IssueCodes()).refused(Refusal.HOLD_BLOCKS, kind)
    covered(HoldPlaced(hold="stop:1", type="stop", line=1)).when(IssueCodes()).then(ReactionBlocked("stop:1"))


def test_the_issuer_answers_once_and_the_units_are_delivered_as_one_parcel() -> None:
    asked = covered(BEGUN, *TAKEN, ASKED)
    asked.when(RecordIssued("D2", "done")).refused(Refusal.ISSUE_NOT_FOUND, "D2")
    order = asked.when(RecordIssued("D1", "done", "i-1")).then(ISSUED)
    assert order is not None
    assert order.lines[0].tally == {"delivered": ((1, 2),)}
    assert (order.shipments["D1"].units, order.shipments["D1"].delivered_at_s) == (BOTH, NOW_S)
    assert order.issues["D1"].reference == "i-1"
    covered(BEGUN, *TAKEN, ASKED, ISSUED).when(RecordIssued("D1", "declined")).then()


def test_what_the_issuer_declines_is_asked_for_again_as_another_request() -> None:
    declined = IssueDeclined(issue="D1", units=BOTH, detail="sold_out")
    asked = covered(BEGUN, *TAKEN, ASKED)
    asked.when(RecordIssued("D1", "declined", detail="sold_out")).then(declined)
    covered(BEGUN, *TAKEN, ASKED, declined).when(IssueCodes()).then(CodesRequested(issue="D2", units=BOTH))


def test_what_is_asked_for_cannot_be_canceled_and_what_only_waits_for_its_payment_can() -> None:
    covered(BEGUN).when(Cancel(line=1)).then(UnitsCanceled(units=BOTH))
    covered(BEGUN, *TAKEN, ASKED).when(Cancel(line=1)).refused(Refusal.NOTHING_TO_CANCEL)
    order = covered(BEGUN, *TAKEN, ASKED).order
    assert order is not None
    assert asked_by_customers(order) == [Cancel("customer")]  # the shirt


def test_the_checker_hears_both_answers() -> None:
    order = covered(BEGUN, *TAKEN, ASKED).order
    assert order is not None
    assert [type(said) for said in said_by_issuers(order)] == [RecordIssued, RecordIssued]
    done = covered(BEGUN, *TAKEN, ASKED, ISSUED).order
    assert done is not None
    assert said_by_issuers(done) == []


def test_it_is_not_sent_back() -> None:
    done = covered(BEGUN, *TAKEN, ASKED, ISSUED)
    done.when(RecordReturn(1)).refused(Refusal.NOT_RETURNABLE, "take_back")
    assert done.order is not None
    assert brought_back(done.order) == []


def test_what_would_have_been_sent_is_canceled_and_its_shipping_is_given_back() -> None:
    done = covered(BEGUN, *TAKEN, ASKED, ISSUED)
    done.when(Cancel(line=2)).then(UnitsCanceled(units={2: ((1, 1),)}, shipping_minor=5_00))
    only = given(draft(GUIDE, sold("KEY", 1, 5_00, kind="digital"), shipping_minor=5_00), BEGUN).knowing(flow=FLOW)
    only.when(Cancel(line=2)).then(UnitsCanceled(units={2: ((1, 1),)}))


def test_the_kind_of_an_article_is_taken_from_the_catalog_when_it_is_placed() -> None:
    plain = draft(replace(GUIDE, kind=""), sold())
    items = {"GUIDE": Item("GUIDE", kind="digital", street_date="2099-01-01"), "SHIRT": Item("SHIRT")}
    order = placed(given().knowing(items=items, flow=FLOW), plain)
    assert [(line.kind, line.street_date) for line in order.lines] == [("digital", ""), ("", "")]
    assert order.digital
    assert not placed(given().knowing(items={"SHIRT": Item("SHIRT")}, flow=FLOW), plain).digital


def placed(known: Given, document: Any) -> Order:
    """The order that this document becomes."""
    when = known.when(PlaceOrder("web-1001", document))
    assert when.refused_ is None
    assert when.order is not None
    return when.order


def test_a_message_names_the_codes_that_the_customer_has_and_no_code() -> None:
    order = covered(BEGUN, *TAKEN, ASKED, ISSUED).order
    assert order is not None
    mail = task_of("shop", order, MessageRequested(message="your_codes"), 9, NOW_S)
    assert mail.payload["issued"] == [{"reference": "i-1", "title": "Field guide", "codes": ["1.1", "1.2"]}]


def test_codes_are_asked_for_under_a_key_of_their_own() -> None:
    order = covered(BEGUN, *TAKEN, ASKED).order
    assert order is not None
    task = task_of("shop", order, ASKED, 9, NOW_S)
    assert (task.kind, task.provider, task.payload["issue"]) == ("issue", "issuer", "D1")
    assert task.payload["lines"] == [
        {"line": 1, "sku": "GUIDE", "kind": "digital", "worth_minor": 15_00, "units": ((1, 2),)}
    ]
    assert task_of("shop", order, ASKED, 20, NOW_S + 99).id == task.id
    assert task_of("shop", order, replace(ASKED, issue="D2"), 9, NOW_S).id != task.id


def test_what_is_sold_of_gift_cards_is_owed_and_not_earned() -> None:
    card = DraftLine("CARD", 1, 50_00, discount_minor=5_00, kind="gift_card")
    one: dict[int, Units] = {1: ((1, 1),)}
    begun, asked = IssuingBegun(units=one), CodesRequested(issue="D1", units=one)
    order = given(draft(card, kind="prepaid"), begun, asked).order
    assert ledger_entries(order, UnitsIssued(issue="D1", units=one)) == [
        LedgerEntry("customer", "gift_cards", 50_00),
        LedgerEntry("discounts", "customer", 5_00),
    ]


def test_checks_say_what_is_wrong_with_the_payment_and_the_tax() -> None:
    facts = given().facts
    for document, details in (
        (draft(GUIDE, sold(), tenders=[paid(40_00, "on_delivery")]), ["GUIDE cannot be paid on delivery"]),
        (draft(GUIDE, sold()), []),
        (draft(sold(), tenders=[paid(10_00, "on_delivery")]), []),
    ):
        order = given(document).order
        assert order is not None
        assert [failure.detail for failure in paid_in_advance(order, facts)] == details
    taxed = given(
        draft(sold("CARD", 1, 50_00, kind="gift_card", tax_minor=9_50), replace(GUIDE, tax_minor=1_00), sold())
    ).order
    assert taxed is not None
    assert [(f.detail, f.line, f.path) for f in gift_cards_untaxed(taxed, facts)] == [
        ("950 tax on CARD", 1, "lines[0].tax_minor")
    ]
    plain = given(draft(sold(tax_minor=1_00))).order
    assert plain is not None
    assert [*gift_cards_untaxed(plain, facts)] == []
