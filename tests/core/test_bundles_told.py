"""Bundles told: to customers, channels and locations, in stories, in the books and on documents. Covers I-4 and G-10."""

from typing import Any

from segue.core.actions import allowed_actions
from segue.core.allocate import Allocate
from segue.core.base import Command, Event
from segue.core.cancel import Cancel, asked_by_customers
from segue.core.capture import Capture
from segue.core.documents import Document, DocumentBundle
from segue.core.draft import Draft
from segue.core.explain import explain
from segue.core.explain.bundled import bought
from segue.core.fulfill import FulfillmentReleased, RecordShipment, Release
from segue.core.intake import PlaceOrder
from segue.core.invoice import IssueDocuments
from segue.core.notify import ChannelUpdateRequested, MessageRequested
from segue.core.order import Order
from segue.core.refund import RecordRefund, Refund
from segue.core.returns import RecordReturn, brought_back
from segue.core.step import Outcome
from segue.core.tasks import task_of
from segue.core.vocabulary import View
from segue.core.void import Void
from tests.core.bundled import bundle, made
from tests.core.given import Given, given
from tests.core.lives import CAPTURED, PAID
from tests.core.shop import NOW_S, condition, sold, workflow
from tests.core.test_bundling import boxes, order_of, sent
from tests.core.test_explain import recorded

FLOW: dict[str, Any] = {
    "fulfillment_shipped": (Capture(), IssueDocuments()),
    "payment_refunded": (IssueDocuments(),),
    "units_returned": (Refund(), Void(), IssueDocuments()),
    "units_canceled": (Refund(), Void(), IssueDocuments()),
}
SHIPPED = (*PAID, Allocate(), Release(), RecordShipment("F1", "S1"), CAPTURED)
STOCK = {"MUG": {"DAL": 9}, "TEA": {"DAL": 2}, "CAP": {"DAL": 9}}


def lived(of: Draft, *commands: Command) -> tuple[Given, list[Outcome]]:
    """An order of boxes, and what came of each command."""
    here, outcomes = given().knowing(stock=STOCK, flow=workflow(on=FLOW)), []
    for command in (PlaceOrder("web-1001", of), *commands):
        outcomes.append(here.step(command))
        here = here._replace(order=outcomes[-1].order)
    return here, outcomes


def documents(outcomes: list[Outcome]) -> list[Document]:
    return [document for outcome in outcomes for document in outcome.documents]


def balances(outcomes: list[Outcome]) -> dict[str, int]:
    """What each account has, debits less credits."""
    found: dict[str, int] = {}
    for entry in [entry for outcome in outcomes for entry in outcome.entries]:
        found[entry.debit] = found.get(entry.debit, 0) + entry.amount_minor
        found[entry.credit] = found.get(entry.credit, 0) - entry.amount_minor
    return {account: amount for account, amount in found.items() if amount}


def test_an_invoice_names_bundles_and_their_lines_and_a_credit_memo_too() -> None:
    _, outcomes = lived(boxes(1, returns="together"), *SHIPPED, RecordReturn(bundle="B1"), RecordRefund("R1", "done"))
    invoice, memo = documents(outcomes)
    assert invoice.bundles == (DocumentBundle("BOX", 1, (1, 2), 30_00, "Box"),)
    assert (memo.bundles, memo.total_minor) == ((DocumentBundle("BOX", 1, (1, 2), 30_00, "Box"),), 30_00)


def test_what_waits_for_the_rest_is_sold_and_paid_until_that_is_back() -> None:
    half, outcomes = lived(boxes(1, returns="separately"), *SHIPPED, RecordReturn(2, 2))
    assert len(documents(outcomes)) == 1
    assert balances(outcomes) == {"cash:gateway": 40_00, "sales": -40_00}
    assert not half.step(Refund()).entries
    _, outcomes = lived(
        boxes(1, returns="separately"), *SHIPPED, RecordReturn(2, 2), RecordReturn(1, 1), RecordRefund("R1", "done")
    )
    assert balances(outcomes) == {"cash:gateway": 10_00, "sales": -10_00}
    assert [document.total_minor for document in documents(outcomes)] == [40_00, 30_00]


def test_what_waited_for_what_is_canceled_then_is_given_back_by_that() -> None:
    rules: Any = {"returns": "separately", "on_short": "keep", "ship": "independently"}
    back = (RecordReturn(1, 1), Cancel(line=2, quantity=2))
    _, outcomes = lived(boxes(2, **rules), *SHIPPED, *back)
    order = outcomes[-1].order
    assert order is not None
    assert [line.tally for line in order.lines[:2]] == [
        {"shipped": ((2, 2),), "returned": ((1, 1),)},
        {"shipped": ((1, 2),), "canceled": ((3, 4),)},
    ]
    assert balances(outcomes)["sales"] == -(15_00 * 2 + 15_00 + 10_00)  # the first mug waits for its teas


def test_canceling_what_is_missing_books_what_waited_for_it() -> None:
    rules = {"returns": "separately", "on_short": "keep", "ship": "independently"}
    known = half_sent(rules)
    back = known.after(RecordReturn(1, 1))
    assert not back.step(RecordReturn(1, 1)).entries
    entries = back.step(Cancel(line=2, quantity=2)).entries
    assert [(entry.debit, entry.credit, entry.amount_minor) for entry in entries] == [("sales", "customer", 15_00)]


def half_sent(rules: dict[str, Any]) -> Given:
    """The mugs have left, and no tea."""
    here, _ = lived(boxes(2, **rules), *PAID)
    no_tea = here.knowing(stock={"MUG": {"DAL": 9}, "TEA": {}, "CAP": {"DAL": 9}}, flow=here.workflow)
    return no_tea.after(Allocate()).after(Release()).after(RecordShipment("F1", "S1"))


def test_the_story_says_what_was_bought_what_is_missing_and_what_goes_together() -> None:
    _, outcomes = lived(boxes(1, returns="separately"), *SHIPPED, RecordReturn(2, 2))
    told = explain(recorded(*outcomes))
    assert told[0].text == "Order 1001 came in from web: 1 of BOX (1 of MUG and 2 of TEA) and 1 of CAP, for 40.00 USD"
    (back,) = [each for each in told if "came back" in each.text]
    assert back.details == ("because given_back: waits for (MUG 1)",)
    assert "What is back is refunded once these are, too: 1 x MUG of Box" in told[-1].details
    _, outcomes = lived(boxes(1, on_short="cancel"), Cancel(line=1))
    (canceled,) = [each for each in explain(recorded(*outcomes)) if "are canceled" in each.text]
    assert canceled.details == ("because given_back: as a whole BOX",)


def test_a_bundle_in_a_bundle_is_told_by_its_parts() -> None:
    inner, outer = bundle("IN", 1, {1: 1}, inside="B1"), bundle("OUT", 1, {1: 1, 2: 1})
    assert bought(made(sold("A"), sold("B"), B1=outer, B2=inner)) == "1 of OUT (1 of A and 1 of B)"


def test_messages_have_words_for_bundles_and_for_what_is_missing() -> None:
    back = order_of(sent(returns="separately", on_short="keep").after(RecordReturn(1, 1)))
    task = task_of("shop", back, MessageRequested(message="hello"), 1, NOW_S)
    assert task is not None
    assert task.payload["words"]["waits_for"] == "2 x TEA of Box"
    assert task.payload["words"]["bundles"].startswith("2 x Box (1 x MUG, 2 x TEA): sent once all of it is there")
    whole = task_of("shop", order_of(sent()), MessageRequested(message="hello"), 1, NOW_S)
    assert whole is not None
    assert "waits_for" not in whole.payload["words"]


def test_what_is_canceled_is_told_by_the_name_of_the_bundle() -> None:
    order = order_of(given(boxes(on_short="cancel")).after(Cancel(line=1, quantity=1)))
    task = task_of("shop", order, MessageRequested(message="hello"), 1, NOW_S)
    assert task is not None
    assert task.payload["words"]["canceled"] == "1 x Box"


def test_channels_and_locations_are_told_of_bundles() -> None:
    order = order_of(sent(state="shipped"))
    told = task_of("shop", order, ChannelUpdateRequested(update="shipped"), 1, NOW_S)
    assert told is not None
    assert [(each["sku"], each["shipped"]) for each in told.payload["bundles"]] == [("BOX", 2)]
    known, _ = lived(boxes(1), *PAID, Allocate())
    events: list[Event] = [event for decision in known.step(Release()).decisions for event in decision.events]
    released = next(event for event in events if isinstance(event, FulfillmentReleased))
    after = known.after(Release()).order
    assert after is not None
    asked = task_of("shop", after, released, 1, NOW_S)
    assert asked is not None
    assert [(each["sku"], each["parts"]) for each in asked.payload["bundles"]] == [("BOX", {1: 1, 2: 2})]


def test_conditions_know_bundles_and_what_waits() -> None:
    order = order_of(sent(returns="separately").after(RecordReturn(2, 3)))
    facts = given().facts
    assert [holds(text, order, facts) for text in ("bundles == 2", "awaited == 3", "awaited > 3")] == [
        True,
        True,
        False,
    ]


def holds(text: str, order: Order, facts: Any) -> bool:
    return bool(condition(text).test(View(order, NOW_S, facts)))


def test_people_and_customers_are_offered_bundles() -> None:
    known = sent(returns="together")
    order = order_of(known)
    offered = [action.command for action in allowed_actions(order, known.workflow, known.facts, NOW_S)]
    assert RecordReturn(bundle="B1") in offered
    assert RecordReturn(1, 1) not in offered
    assert brought_back(order)[-1] == RecordReturn(bundle="B1")
    new = given(boxes())
    assert Cancel(bundle="B1") in [
        each.command for each in allowed_actions(order_of(new), new.workflow, new.facts, NOW_S)
    ]
    assert Cancel("customer", 1, 1) in asked_by_customers(order_of(new))
