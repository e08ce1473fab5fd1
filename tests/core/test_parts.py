"""Parts: what documents say is what the ledger has, to the cent and by the name of each tax, once all is documented."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.core.adjust import AdjustPrice, GiveGoodwill
from segue.core.allocate import Allocate
from segue.core.base import Command, Refused
from segue.core.cancel import Cancel
from segue.core.capture import Capture, RecordCapture
from segue.core.documents import Document, Other
from segue.core.draft import Charge, Draft, Grant, Tax
from segue.core.fulfill import RecordShipment, Release
from segue.core.intake import PlaceOrder
from segue.core.invoice import IssueDocuments, invoiced_net
from segue.core.order import units_in
from segue.core.parts import OUT
from segue.core.pay import Authorize, RecordAuthorization
from segue.core.refund import RecordRefund, Refund
from segue.core.returns import RecordReturn
from segue.core.step import Outcome
from segue.core.tally import Units
from segue.core.void import Void
from segue.core.worth import earned, withheld_in
from segue.policies.fees import per_return
from segue.policies.payment import on_shipment
from tests.core.given import Given, given
from tests.core.lives import FLOW, documents
from tests.core.shop import draft, paid, rule, sold, workflow

VAT: dict[str, Any] = {"taxes_included": True}
ON = {
    **FLOW["on"],
    "price_adjusted": (Refund(), Void(), IssueDocuments()),
    "goodwill_given": (Refund(), Void(), IssueDocuments()),
}
FREE = Grant("free_shipping", on_return="reclaim", from_minor=40_00, shipping_minor=4_99, units={1: ((1, 2),)})


def taxes_booked(outcomes: list[Outcome]) -> Counter[str]:
    """What the ledger owes of each tax, by name."""
    booked: Counter[str] = Counter()
    for outcome in outcomes:
        for entry in outcome.entries:
            for account, amount in ((entry.credit, entry.amount_minor), (entry.debit, -entry.amount_minor)):
                if account == "tax" or account.startswith("tax:"):
                    booked[account.removeprefix("tax").removeprefix(":") or "tax"] += amount
    return Counter({name: tax for name, tax in booked.items() if tax})


def taxes_said(issued: list[Document]) -> Counter[str]:
    """The same, as documents say it."""
    said: Counter[str] = Counter()
    for document in issued:
        for tax in document.taxes:
            said[tax.name] += tax.amount_minor if document.kind == "invoice" else -tax.amount_minor
    return Counter({name: tax for name, tax in said.items() if tax})


def adds_up(document: Document) -> None:
    """A document's parts, and their taxes, are its total and its taxes."""
    beside: list[Charge | Other] = [*document.charges, *document.others]
    amounts = [each.amount_minor for each in (*document.lines, *beside)]
    assert document.total_minor == sum(amounts) + document.shipping_minor
    assert document.other_minor == sum(each.amount_minor for each in document.others)
    taxes = [tax.amount_minor for line in document.lines for tax in line.taxes] + [each.tax_minor for each in beside]
    assert sum(tax.amount_minor for tax in document.taxes) == sum(taxes) + document.shipping_tax_minor


LATER = {event: tuple(each for each in given if not isinstance(each, IssueDocuments)) for event, given in ON.items()}


def lived(
    sent: Draft, moves: list[Command], fee: int = 0, stock: int = 99, on: dict[str, Any] = ON
) -> tuple[Given, list[Outcome]]:
    """The order after all that was not refused, with a fee for returns."""
    more: dict[str, Any] = {"return_fee": rule(per_return, fee_minor=fee)} if fee else {}
    here = given().knowing(stock={"SHIRT": {"DAL": stock}}, flow=workflow(capture=on_shipment, on=on, **more))
    outcomes = [here.step(PlaceOrder("web-1001", sent))]
    here = here._replace(order=outcomes[0].order)
    for move in moves:
        try:
            outcomes.append(here.step(move))
        except Refused:
            continue
        here = here._replace(order=outcomes[-1].order)
    return here, outcomes


START: list[Command] = [
    Authorize(), RecordAuthorization("A1", "done"), RecordAuthorization("A2", "done"), Allocate(), Release(),
]  # fmt: skip


def test_a_fee_and_reclaimed_shipping_are_in_the_credit_memo_with_their_tax() -> None:
    lamps = sold(quantity=2, price_minor=24_50, tax_minor=7_82)
    sent = draft(lamps, grants=(FREE,), tenders=(paid(49_00),), total_minor=49_00, **VAT)
    moves = [
        *START,
        RecordShipment("F1", "S1"),
        RecordCapture("C1", "done"),
        RecordReturn(1, 1),
        RecordRefund("R1", "done"),
    ]
    _, outcomes = lived(sent, moves, fee=3_00)
    invoice, memo = documents(outcomes)
    assert invoice.taxes == (Tax("tax", 7_82),)
    assert memo.total_minor == 24_50 - 3_00 - 4_99
    assert memo.others == (Other("fees", -3_00, -48), Other("withheld_by_promotions", -4_99, -80))
    assert memo.taxes == (Tax("tax", 3_91 - 48 - 80),)
    assert taxes_said([invoice, memo]) == taxes_booked(outcomes) == {"tax": 7_82 - 2_63}
    for document in (invoice, memo):
        adds_up(document)


def test_a_promotion_that_is_lost_after_the_goods_have_left_is_invoiced_with_its_tax() -> None:
    lines = sold(quantity=1, price_minor=24_50, tax_minor=3_91), sold(quantity=1, price_minor=24_50, tax_minor=3_91)
    free = replace(FREE, units={1: ((1, 1),), 2: ((1, 1),)})
    sent = draft(*lines, grants=(free,), tenders=(paid(49_00),), total_minor=49_00, **VAT)
    moves = [*START, RecordShipment("F1", "S1", {1: ((1, 1),)}), RecordCapture("C1", "done"), Cancel(line=2)]
    _, outcomes = lived(sent, moves, stock=1)
    *_, more = documents(outcomes)
    assert (more.kind, more.of, more.others) == ("invoice", "", (Other("withheld_by_promotions", 4_99, 80),))
    assert more.taxes == (Tax("tax", 80),)
    assert taxes_said(documents(outcomes)) == taxes_booked(outcomes)


def test_what_changed_places_and_is_taxed_otherwise_is_documented_though_it_comes_to_nothing() -> None:
    lines = sold(price_minor=10_00, tax_minor=1_60), sold(price_minor=10_00)
    free = Grant("gift", given={2: 10_00}, on_return="reclaim", units={1: ((1, 1),), 2: ((1, 1),)}, without={2: 20_00})
    sent = draft(*lines, grants=(free,), tenders=(paid(20_00),), total_minor=20_00, **VAT)
    _, outcomes = lived(sent, [*START, RecordShipment("F1", "S1"), RecordCapture("C1", "done"), RecordReturn(1, 1)])
    _, nothing = documents(outcomes)
    assert (nothing.kind, nothing.total_minor) == ("credit_memo", 0)
    assert taxes_said(documents(outcomes)) == taxes_booked(outcomes) == {"tax": 80}
    adds_up(nothing)
    assert [line.amount_minor for line in nothing.lines] == [10_00]
    assert nothing.others == (Other("withheld_by_promotions", -10_00, -80),)


def test_where_an_invoice_took_off_a_return_the_tax_of_the_rest_is_whole_in_the_credit_memo() -> None:
    sent = draft(sold(quantity=4, price_minor=3, tax_minor=1), total_minor=12, tenders=(paid(12),), **VAT)
    moves = [
        *START, RecordShipment("F1", "S1", {1: ((1, 3),)}), RecordCapture("C1", "done"), IssueDocuments(),
        RecordReturn(1, 1), RecordShipment("F1", "S2"), RecordCapture("C2", "done"), IssueDocuments(),
        RecordReturn(1, 2), Refund(), RecordRefund("R1", "done"), RecordRefund("R2", "done"), IssueDocuments(),
    ]  # fmt: skip
    _, outcomes = lived(sent, moves, fee=3, on=LATER)
    _, more, memo = documents(outcomes)
    assert Other("lowered_prices", -3, -1) in more.others
    assert [(line.amount_minor, line.taxes) for line in memo.lines] == [(6, ())]
    assert taxes_said(documents(outcomes)) == taxes_booked(outcomes)
    for document in documents(outcomes):
        adds_up(document)


def test_a_return_of_what_was_given_away_is_credited_with_its_tax_though_it_comes_to_nothing() -> None:
    sent = draft(sold(quantity=2, price_minor=10_00, tax_minor=3_20), total_minor=20_00, tenders=(paid(20_00),), **VAT)
    moves = [*START, GiveGoodwill(20_00, "late"), RecordShipment("F1", "S1", {1: ((1, 1),)}), RecordReturn(1, 1)]
    _, outcomes = lived(sent, moves)
    assert [(each.kind, each.total_minor) for each in documents(outcomes)] == [("invoice", 0), ("credit_memo", 0)]
    assert taxes_said(documents(outcomes)) == taxes_booked(outcomes) == {}


def drafts() -> st.SearchStrategy[Draft]:
    """Two lines of several units with taxes that have a name or not, shipping, a charge, a promotion, two tenders."""
    amounts = st.integers(0, 25_00)

    @st.composite
    def drawn(draw: st.DrawFn) -> Draft:
        lines = []
        for _ in range(2):
            quantity, price = draw(st.integers(1, 3)), draw(st.integers(1, 20_00))
            tax = draw(st.integers(0, price * quantity // 4))
            names = draw(st.sampled_from(((), ("VAT",), ("GST", "QST"))))
            parts = {(): (), ("VAT",): (tax,), ("GST", "QST"): (tax // 3, tax - tax // 3)}[names]
            taxes = tuple(Tax(name, amount) for name, amount in zip(names, parts, strict=True))
            lines.append(sold(quantity=quantity, price_minor=price, tax_minor=tax, taxes=taxes))
        shipping = draw(amounts)
        units: dict[int, Units] = {n: ((1, line.quantity),) for n, line in enumerate(lines, 1)}
        grant = Grant(
            "p", given=draw(st.sampled_from(({}, {2: 5_00}))), on_return="reclaim", from_minor=draw(amounts),
            shipping_minor=draw(st.sampled_from((0, 4_99))), units=units,
        )  # fmt: skip
        included = draw(st.booleans())
        goods = sum(line.price_minor * line.quantity + (0 if included else line.tax_minor) for line in lines)
        total = goods + shipping + 2_00 + (0 if included else shipping // 8)
        first = draw(st.integers(1, total - 1))
        return draft(
            *lines, grants=(grant,), shipping_minor=shipping, shipping_tax_minor=shipping // 8, taxes_included=included,
            charges=(Charge("wrap", 2_00, 17),), tenders=(paid(first), paid(total - first)), total_minor=total,
        )  # fmt: skip

    return drawn()


MOVES: st.SearchStrategy[list[Command]] = st.lists(
    st.one_of(
        st.builds(RecordReturn, st.integers(1, 2), st.integers(1, 2)),
        st.builds(Cancel, line=st.integers(1, 2), quantity=st.just(1)),
        st.builds(AdjustPrice, st.integers(1, 2), st.integers(1, 9_00)),
        st.builds(GiveGoodwill, st.integers(1, 9_00), st.just("late")),
        st.builds(RecordRefund, st.sampled_from(("R1", "R2", "R3", "R4")), st.just("done")),
        st.sampled_from((
            RecordShipment("F1", "S1", {1: ((1, 1),)}), RecordShipment("F1", "S2"), RecordCapture("C1", "done"),
            RecordCapture("C2", "done"), RecordCapture("C3", "done"), Capture(), Refund(), IssueDocuments(),
        )),
    ),
    max_size=12,
)  # fmt: skip
END: list[Command] = [
    Capture(), *(RecordCapture(f"C{n}", "done") for n in range(1, 9)), Refund(),
    *(RecordRefund(f"R{n}", "done") for n in range(1, 20)), IssueDocuments(),
]  # fmt: skip


@forall(drafts(), MOVES, st.sampled_from((0, 3_00)))
def test_once_all_is_documented_documents_and_ledger_say_the_same_of_every_tax(
    sent: Draft, moves: list[Command], fee: int
) -> None:
    here, outcomes = lived(sent, [*START, *moves, *END], fee)
    issued = documents(outcomes)
    for document in issued:
        adds_up(document)
    order = here.order
    assert order is not None
    if order.shipments and withheld_in(order, units_in(order, *OUT)) == order.withheld_minor:
        assert invoiced_net(order) == earned(order, OUT)
        assert taxes_said(issued) == taxes_booked(outcomes)


@pytest.mark.parametrize("kind", ["invoice", "credit_memo"])
def test_an_order_of_which_nothing_left_says_nothing(kind: str) -> None:
    _, outcomes = lived(draft(sold()), [*START, IssueDocuments(), Cancel()])
    assert [each for each in documents(outcomes) if each.kind == kind] == []
