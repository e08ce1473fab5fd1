"""Documents: what an invoice or a credit memo says is made of units, and adds up to the cent."""

import pytest
from msgspec.structs import replace

from segue.core.aftersale import Adjustment
from segue.core.allocate import Allocate
from segue.core.capture import RecordCapture
from segue.core.documents import Document, DocumentLine
from segue.core.draft import Charge, Draft, Tax
from segue.core.fulfill import RecordShipment, Release
from segue.core.invoice import (
    CreditMemoIssued,
    InvoiceIssued,
)
from segue.core.papers import Credited
from segue.core.pay import Authorize, RecordAuthorization
from segue.core.refund import RecordRefund
from segue.core.returns import RecordReturn
from tests.core.given import every
from tests.core.lives import CAPTURED, PAID, SALE, SHIPPED, THREE, documents, lived
from tests.core.shop import draft, paid, sold


def test_a_shipment_is_invoiced_with_all_that_it_is_made_of() -> None:
    _, outcomes = lived(draft(THREE, **SALE), *SHIPPED)
    (invoice,) = documents(outcomes)
    assert invoice == Document(
        "invoice", "I1", "web-1001", "USD", invoice.issued_at_s, "S1", 38_90,
        (DocumentLine(1, "SHIRT", ((1, 3),), 31_50, 10_00, 1_00, (Tax("tax", 2_50),)),),
        5_40, 41, (Charge("wrap", 2_00, 17),), 0, {"C1": 38_90}, taxes=(Tax("tax", 3_08),),
    )  # fmt: skip


def test_each_parcel_has_its_own_and_shipping_comes_with_the_first() -> None:
    parts = (RecordShipment("F1", "S1", {1: ((2, 2),)}), CAPTURED, RecordShipment("F1", "S2"))
    _, outcomes = lived(draft(THREE, **SALE), *PAID, Allocate(), Release(), *parts)
    first, second = documents(outcomes)
    assert [(each.name, each.of, each.total_minor) for each in (first, second)] == [
        ("I1", "S1", 17_90),
        ("I2", "S2", 21_00),
    ]
    assert (first.shipping_minor, second.shipping_minor, second.charges) == (5_40, 0, ())
    assert first.lines == (DocumentLine(1, "SHIRT", ((2, 2),), 10_50, 10_00, 33, (Tax("tax", 83),)),)
    assert [each.settled_by for each in (first, second)] == [{"C1": 17_90}, {"C2": 21_00}]
    assert sum(tax.amount_minor for each in (first, second) for line in each.lines for tax in line.taxes) == 2_50


def test_named_taxes_are_shown_apart_and_add_up() -> None:
    line = replace(THREE, taxes=(Tax("STATE", 2_00, "0.08"), Tax("CITY", 50, "0.02")))
    _, outcomes = lived(draft(line), *SHIPPED[:-1], RecordShipment("F1", "S1", {1: ((1, 1),)}))
    ((shown,),) = (document.lines for document in documents(outcomes))
    assert shown.taxes == (Tax("STATE", 67, "0.08"), Tax("CITY", 17, "0.02"))
    free = replace(THREE, tax_minor=0, taxes=(Tax("EXEMPT", 0, "0"),))
    assert documents(lived(draft(free), *SHIPPED)[1])[0].lines[0].taxes == ()


def test_included_tax_is_not_added_again() -> None:
    included = draft(replace(THREE, tax_minor=2_50), taxes_included=True, total_minor=29_00)
    ((line,),) = (document.lines for document in documents(lived(included, *SHIPPED)[1]))
    assert (line.amount_minor, line.price_minor, line.discount_minor, line.taxes) == (
        29_00,
        10_00,
        1_00,
        (Tax("tax", 2_50),),
    )


@pytest.mark.parametrize(
    ("taxes", "shown"),
    [
        ((Tax("STATE", 2_00, "0.08"), Tax("CITY", 50)), (Tax("STATE", 73, "0.08"), Tax("CITY", 18))),
        ((Tax("STATE", 2_00, "0.08"),), (Tax("tax", 91),)),
    ],
)
def test_a_part_of_an_amount_has_its_part_of_each_tax(taxes: tuple[Tax, ...], shown: tuple[Tax, ...]) -> None:
    line = replace(THREE, taxes=taxes)
    sent = draft(line, tenders=(paid(20_00), paid(11_50)))
    paying = (Authorize(), RecordAuthorization("A1", "done"), RecordAuthorization("A2", "done"))
    back = (CAPTURED, RecordCapture("C2", "done"), RecordReturn(1, 2), RecordRefund("R1", "done"))
    _, outcomes = lived(sent, *paying, Allocate(), Release(), RecordShipment("F1", "S1"), *back)
    assert documents(outcomes)[1].lines[0].taxes == shown
    free = draft(replace(THREE, tax_minor=0), tenders=(paid(20_00), paid(9_00)))
    _, outcomes = lived(free, *paying, Allocate(), Release(), RecordShipment("F1", "S1"), *back)
    assert documents(outcomes)[1].lines[0].taxes == ()


def two_tenders() -> Draft:
    return draft(THREE, tenders=(paid(20_00), paid(11_50)))


def test_two_refunds_of_one_return_share_what_it_was_and_its_tax() -> None:
    paying = (Authorize(), RecordAuthorization("A1", "done"), RecordAuthorization("A2", "done"))
    sent = (Allocate(), Release(), RecordShipment("F1", "S1"), CAPTURED, RecordCapture("C2", "done"))
    back = (RecordReturn(1, 2), RecordRefund("R1", "done"), RecordRefund("R2", "done"))
    here, outcomes = lived(two_tenders(), *paying, *sent, *back)
    assert here.order is not None
    _, first, second = documents(outcomes)
    assert [(each.of, each.total_minor, each.other_minor) for each in (first, second)] == [
        ("R1", 11_50, 0),
        ("R2", 9_50, 0),
    ]
    assert [each.lines[0].units for each in (first, second)] == [((1, 2),), ()]
    assert [each.lines[0].price_minor for each in (first, second)] == [0, 0]
    assert sum(tax.amount_minor for each in (first, second) for tax in each.lines[0].taxes) == 1_67
    assert [each.reverses for each in (first, second)] == [{"I1": 11_50}, {"I1": 9_50}]


def test_goods_whose_price_was_lowered_before_they_left_are_invoiced_at_that() -> None:
    here, _ = lived(draft(THREE, **SALE), *SHIPPED[:-1])
    assert here.order is not None
    lower = replace(here.order, goodwill_minor=1_00, adjustments=(Adjustment(1, ((1, 3),), 6_30, 50),))
    (invoice,) = documents([here._replace(order=lower).step(RecordShipment("F1", "S1"))])
    assert (invoice.total_minor, invoice.other_minor) == (31_60, -1_00)
    assert [(line.amount_minor, line.taxes) for line in invoice.lines] == [(25_20, (Tax("tax", 2_00),))]


def test_goods_that_cost_nothing_are_invoiced_too() -> None:
    (invoice,) = documents(
        lived(draft(sold(price_minor=0)), Authorize(), Allocate(), Release(), RecordShipment("F1", "S1"))[1]
    )
    assert (invoice.total_minor, invoice.lines[0].amount_minor, invoice.settled_by) == (0, 0, {})


def test_a_prepaid_tender_settles_its_invoices_as_far_as_it_goes() -> None:
    both = draft(THREE, tenders=(paid(20_00, "prepaid"), paid(11_50)))
    (invoice,) = documents(lived(both, *SHIPPED)[1])
    assert invoice.settled_by == {"P1": 20_00, "C1": 11_50}


def test_the_amounts_of_events_are_those_of_the_documents() -> None:
    _, outcomes = lived(draft(THREE, **SALE), *SHIPPED, CAPTURED, RecordReturn(1, 1), RecordRefund("R1", "done"))
    issued = [event for outcome in outcomes for event in every(outcome)]
    totals = [event.total_minor for event in issued if isinstance(event, InvoiceIssued | CreditMemoIssued)]
    assert totals == [document.total_minor for document in documents(outcomes)]
    (memo,) = (event for event in issued if isinstance(event, CreditMemoIssued))
    assert memo.lines == {1: Credited(10_50, 84, ((1, 1),))}
