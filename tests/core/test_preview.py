"""Preview: the figures of a command before it is committed, and the commit that leads to just these.

Covers H-8.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as forall
from msgspec.structs import replace

from segue.core.adjust import AdjustPrice, GiveGoodwill
from segue.core.allocate import Allocate
from segue.core.base import Command, Event, NeedFacts, Refusal
from segue.core.cancel import Cancel
from segue.core.capture import CaptureRequested
from segue.core.context import Context
from segue.core.draft import Draft
from segue.core.facts import Facts, StockMove
from segue.core.fulfill import FulfillmentShipped, Release
from segue.core.hold import PlaceHold
from segue.core.note import Note
from segue.core.notify import Notify
from segue.core.order import Order
from segue.core.pay import AuthorizationRequested, Authorize, OutcomeUnknown, PaymentAuthorized
from segue.core.preview import ANSWERS_MAX, Consequence, Preview, TenderChange, Totals, as_previewed, preview, totals
from segue.core.refund import Refund
from segue.core.returns import RecordReturn
from segue.core.step import Outcome, step
from segue.core.tally import Units
from segue.core.void import Void
from tests.core.chance import ANSWERS, CAPTURING, CHOICES, drafts, flow, possible, shelf
from tests.core.given import Given, applied, given, refuse
from tests.core.shop import NOW_S, draft, paid, sold, workflow
from tests.core.test_laws import play

THREE: dict[int, Units] = {1: ((1, 3),)}
AUTHORIZED = (
    draft(sold("SHIRT", 3, 10_00), shipping_minor=5_00),
    AuthorizationRequested(transaction="A1", tender="P1", amount_minor=35_00),
    PaymentAuthorized(transaction="A1", tender="P1", amount_minor=35_00, reference="psp-1"),
)
FOLLOWS: dict[str, Any] = {
    "units_canceled": [Void(), Refund()],
    "units_returned": [Refund()],
    "payment_captured": [Refund()],
    "payment_refunded": [Notify("hello")],
}


def seen(known: Given, command: Command) -> Preview:
    assert known.order is not None
    return preview(known.order, command, known.context)


def authorized(**more: Any) -> Given:
    return given(*AUTHORIZED).knowing(stock={"SHIRT": {"DAL": 9}}, on=FOLLOWS, **more)


def shipped() -> Given:
    """An order whose goods have left, and whose capture is still under way."""
    allocated = authorized().after(Allocate())
    released = allocated.after(Release())
    assert released.order is not None
    left = FulfillmentShipped(fulfillment="F1", location="DAL", shipment="S1", units=THREE)
    taking = CaptureRequested(
        transaction="C1", tender="P1", amount_minor=35_00, units=THREE, shipping_minor=5_00, authorization="A1"
    )
    return released._replace(order=given_to(given_to(released.order, left), taking))


def given_to(order: Order, event: Event) -> Order:
    made = applied(order, [event], NOW_S)
    assert made is not None
    return made


def test_a_cancellation_is_previewed_with_what_it_lets_go_of() -> None:
    looked = seen(authorized(), Cancel())
    before = Totals(35_00, 35_00, 0, 0, 0, goods_minor=30_00, shipping_minor=5_00)
    assert (looked.before, looked.after) == (before, Totals(0, 0, 0, 0, 0))
    assert looked.tenders == (TenderChange("P1", "gateway", "card", 0, 0, 35_00),)
    assert looked.consequences == (
        Consequence("cancel", ("units_canceled",)),
        Consequence("void", ("void_requested",), "on.units_canceled.0"),
        Consequence("record_void", ("payment_voided",), after="V1"),
    )
    assert (looked.awaited, looked.owed_minor, looked.refused) == (("V1",), 0, "")


def test_a_return_whose_capture_is_under_way_shows_what_is_refunded_once_it_is_done() -> None:
    looked = seen(shipped(), RecordReturn(1, 1, "DAL"))
    assert looked.after == Totals(25_00, 0, 35_00, 10_00, 0, goods_minor=20_00, shipping_minor=5_00)
    assert looked.tenders == (TenderChange("P1", "gateway", "card", 0, 10_00, 0),)
    assert (looked.awaited, looked.messages) == (("C1", "R1"), ("hello",))
    assert looked.moves == (StockMove("SHIRT", "DAL", 1, 0, "returned"),)


def test_what_stays_owed_is_said() -> None:
    known = shipped()
    held = known._replace(workflow=workflow())
    assert seen(held, RecordReturn(1, 1, "DAL")).owed_minor == 10_00


def test_a_price_is_lowered_and_goodwill_given_and_what_was_given_is_not_given_again() -> None:
    lowered = seen(shipped(), AdjustPrice(1, 3_00))
    assert (lowered.after.goods_minor, lowered.after.worth_minor, lowered.capped_minor) == (27_00, 32_00, 0)
    sorry = shipped().after(GiveGoodwill(6_00, "late"))
    looked = seen(sorry, RecordReturn(1, 3, "DAL"))
    assert (looked.after.goods_minor, looked.after.shipping_minor, looked.after.goodwill_minor) == (0, 5_00, 6_00)
    assert (looked.after.worth_minor, looked.after.refunded_minor, looked.capped_minor) == (0, 35_00, 1_00)


def test_what_nobody_knows_the_outcome_of_is_not_taken_for_done() -> None:
    known = shipped()
    assert known.order is not None
    lost = known._replace(order=given_to(known.order, OutcomeUnknown(transaction="C1")))
    assert seen(lost, RecordReturn(1, 1, "DAL")).awaited == ()


def test_what_would_be_refused_is_shown_with_the_reason_and_the_figures_as_they_are() -> None:
    looked = seen(shipped(), Cancel())
    assert (looked.refusal, looked.before) == ("NOTHING_TO_CANCEL", looked.after)
    assert looked.refused.startswith(Refusal.NOTHING_TO_CANCEL)


def test_what_the_workflow_is_refused_is_shown_too() -> None:
    looked = seen(authorized(holds={"frozen": ("refund",)}).after(PlaceHold("frozen")), Cancel(line=1, quantity=1))
    assert looked.consequences[1].refused == "a hold blocks this: frozen blocks refund"


def test_a_command_that_moves_no_money_changes_no_tender() -> None:
    assert seen(authorized(), Note("nothing of this costs anything")).tenders == ()


def test_facts_are_as_they_were_after_a_preview() -> None:
    known = authorized()
    assert seen(known, Allocate()).moves == (StockMove("SHIRT", "DAL", 0, 3, "allocated"),)
    assert known.facts.stock == {"SHIRT": {"DAL": 9}}
    assert known.facts.moved == {"SHIRT": {"DAL": 0}}


def test_a_commit_that_goes_by_a_preview_leads_to_just_that() -> None:
    known = authorized()
    expects = seen(known, Cancel(line=1, quantity=1)).expects
    assert known.order is not None
    outcome = as_previewed(known.order, Cancel(line=1, quantity=1), known.context, expects)
    assert outcome == known.step(Cancel(line=1, quantity=1))


@pytest.mark.parametrize("asked", [Cancel(), Cancel(line=1, quantity=2), Cancel("late", 1, 1), Note("canceled")])
def test_a_commit_of_another_command_or_with_other_values_is_refused(asked: Command) -> None:
    known = authorized()
    expects = seen(known, Cancel(line=1, quantity=1)).expects
    assert known.order is not None
    with refuse(Refusal.COMMAND_DIFFERS):
        as_previewed(known.order, asked, known.context, expects)


def test_a_commit_of_the_same_command_for_another_order_is_refused() -> None:
    known = authorized()
    expects = seen(known, Cancel()).expects
    assert known.order is not None
    with refuse(Refusal.COMMAND_DIFFERS):
        as_previewed(replace(known.order, id="web-1002"), Cancel(), known.context, expects)


def test_who_commits_need_not_be_who_looked() -> None:
    known = authorized()
    expects = seen(known, Cancel()).expects
    by_bob = known.asked_by("person:bob")
    assert by_bob.order is not None
    assert as_previewed(by_bob.order, Cancel(), by_bob.context, expects).order.version > by_bob.order.version


@pytest.mark.parametrize("expects", ["", "-", "3", "abc", "3-abc", "٣-00000000-00000000"])
def test_what_names_no_preview_is_refused_as_that(expects: str) -> None:
    known = authorized()
    assert known.order is not None
    with refuse(Refusal.PREVIEW_UNREADABLE):
        as_previewed(known.order, Cancel(), known.context, expects)


def test_a_commit_is_refused_once_the_order_has_moved_on() -> None:
    known = authorized()
    expects = seen(known, Cancel()).expects
    later = known.after(Note("meanwhile"))
    assert later.order is not None
    with refuse(Refusal.ORDER_MOVED_ON):
        as_previewed(later.order, Cancel(), later.context, expects)


def test_a_commit_is_refused_if_another_thing_would_come_of_it() -> None:
    known = authorized()
    expects = seen(known, Allocate()).expects
    sold_out = known.knowing(stock={"SHIRT": {"DAL": 2}}, on=FOLLOWS)
    assert sold_out.order is not None
    with refuse(Refusal.FIGURES_DIFFER):
        as_previewed(sold_out.order, Allocate(), sold_out.context, expects)
    assert sold_out.facts.stock == {"SHIRT": {"DAL": 2}}


@settings(suppress_health_check=[HealthCheck.too_slow])
@forall(drafts(), CHOICES, CAPTURING)
def test_whatever_is_previewed_of_any_order_is_what_the_commit_leads_to(
    sent: Draft, choices: list[int], capture: Any
) -> None:
    facts, rules = shelf(), flow(capture, split=False)
    order = play(sent, choices[:-1], rules, facts).order
    context = Context(NOW_S + 9_999, rules, facts, "person:ann", "shop")
    commands = possible(order)
    command = commands[choices[-1] % len(commands)]
    before = {sku: dict(held) for sku, held in facts.stock.items()}
    looked = preview(order, command, context)
    assert facts.stock == before
    if looked.refused:
        with refuse(Refusal[looked.refusal]):
            step(order, command, context)
        return
    assert _settled(as_previewed(order, command, context, looked.expects), context) == (looked.after, looked.status)


def _settled(outcome: Outcome, context: Context) -> tuple[Totals, str]:
    """What has come of it once the gateway has done all that it was asked for."""
    while asked := [name for name, done in outcome.order.transactions.items() if done.outcome == "asked"]:
        kind = outcome.order.transactions[asked[0]].kind
        outcome = step(outcome.order, ANSWERS[kind](asked[0], "done", reference="psp"), context)
    return totals(outcome.order), outcome.status


def test_a_preview_asks_for_the_facts_that_it_lacks() -> None:
    known = authorized()
    assert known.order is not None
    bare = Context(NOW_S, known.workflow, Facts(known.facts.locations))
    with pytest.raises(NeedFacts, match="stock"):
        preview(known.order, Allocate(), bare)


def test_a_preview_goes_through_so_many_answers_and_no_more() -> None:
    tenders = [paid(1) for _ in range(ANSWERS_MAX + 1)]
    known = given(draft(sold("SHIRT", 1, len(tenders)), tenders=tenders)).knowing()
    looked = seen(known, Authorize())
    assert (len(looked.awaited), looked.after.secured_minor) == (ANSWERS_MAX, ANSWERS_MAX + 1)
