"""Actions: only what may be done now, and would change something, is offered; the rest is refused with the reason."""

from typing import Any

import pytest
from hypothesis import given as forall
from msgspec.structs import replace

from segue.core.actions import Action, all_actions, allowed_actions
from segue.core.adjust import AdjustPrice, GiveGoodwill
from segue.core.allocate import Allocate, Reserve
from segue.core.base import Command, NeedFacts, Refused
from segue.core.cancel import Cancel
from segue.core.chargeback import RecordChargeback
from segue.core.context import Context
from segue.core.draft import Draft
from segue.core.fulfill import Release
from segue.core.grade import GradeOrder
from segue.core.hold import HoldPlaced, LiftHold, PlaceHold
from segue.core.item_state import EnterState, LeaveState
from segue.core.note import Note
from segue.core.notify import Notify
from segue.core.order import Order
from segue.core.papers import Difference
from segue.core.pay import Authorize
from segue.core.returns import RecordReturn
from segue.core.screen import Screen
from segue.core.settlement import ResolveSettlement
from segue.core.step import step
from segue.policies.payment import on_shipment
from tests.core.chance import CHOICES, drafts, flow, shelf
from tests.core.given import Given, given
from tests.core.shop import NOW_S, draft, sold
from tests.core.test_laws import play
from tests.core.test_worth import delivered

STOCK = {"SHIRT": {"DAL": 5}, "CAP": {"DAL": 5}}
BOUGHT = draft(sold("SHIRT"), sold("CAP"))
HOLDS: dict[str, Any] = {"review": ("allocate",), "service": ()}


def offered(known: Given) -> set[Command]:
    assert known.order is not None
    actions = allowed_actions(known.order, known.workflow, known.facts, known.now_s)
    assert not any(action.refused for action in actions)
    return {action.command for action in actions}


def refused(known: Given, command: Command) -> str:
    assert known.order is not None
    actions = all_actions(known.order, known.workflow, known.facts, known.now_s)
    return next(action.refused for action in actions if action.command == command)


def test_a_new_order_may_be_held_paid_sourced_and_canceled() -> None:
    assert offered(given(BOUGHT).knowing(stock=STOCK, holds=HOLDS)) == {
        GradeOrder(), Screen(), Authorize(), Reserve(), Allocate(), Cancel(), Cancel(line=1), Cancel(line=2),
        PlaceHold("review"), PlaceHold("service"), Notify("hello"), Note("..."),
        AdjustPrice(1, 1), AdjustPrice(2, 1), GiveGoodwill(1, "..."),
    }  # fmt: skip


def test_a_hold_that_is_there_may_be_lifted_and_not_placed_again() -> None:
    held = given(BOUGHT, HoldPlaced(hold="review", type="review")).knowing(stock=STOCK, holds=HOLDS)
    assert {LiftHold("review"), PlaceHold("service"), Reserve()} <= offered(held)
    assert not {PlaceHold("review"), Allocate()} & offered(held)
    assert refused(held, Allocate()) == "a hold blocks this: review blocks allocate"
    assert refused(held, PlaceHold("review")) == "the order has this hold already: review"


def test_what_line_holds_keep_back_is_refused_as_the_step_would() -> None:
    both = [HoldPlaced(hold=f"review:{line}", type="review", line=line) for line in (1, 2)]
    assert refused(given(BOUGHT, *both).knowing(stock=STOCK, holds=HOLDS), Allocate()) == (
        "a hold blocks this: review:1, review:2"
    )
    one = given(BOUGHT, both[0]).knowing(stock=STOCK, holds=HOLDS)
    assert Allocate() in offered(one)


def test_goods_may_be_released_when_they_are_covered() -> None:
    unpaid = given(BOUGHT).knowing(stock=STOCK).after(Allocate())
    assert refused(unpaid, Release()).startswith("the goods are not covered by a payment")
    paid = given(draft(sold("SHIRT"), kind="prepaid")).knowing(stock=STOCK).after(Allocate())
    assert {Release(), EnterState("engraving")} <= offered(paid)
    assert LeaveState("engraving") in offered(paid.after(EnterState("engraving")))


def test_what_would_change_nothing_is_neither_offered_nor_refused() -> None:
    known = given(BOUGHT).after(Authorize())
    assert known.order is not None
    asked = all_actions(known.order, known.workflow, known.facts, known.now_s)
    assert Authorize() not in {action.command for action in asked}
    assert Action(Note("...")) in asked


def test_a_single_line_is_canceled_with_the_order() -> None:
    commands = offered(given(draft(sold())))
    assert {command for command in commands if isinstance(command, Cancel)} == {Cancel()}


def test_what_was_delivered_may_be_made_cheaper_taken_back_and_charged_back() -> None:
    known = delivered(sold("SHIRT"), sold("CAP", price_minor=0), kind="prepaid")
    after_the_sale = {
        AdjustPrice(1, 1), GiveGoodwill(1, "..."), RecordReturn(1, 1), RecordReturn(2, 1), RecordChargeback("P1", 1, "...")
    }  # fmt: skip
    assert after_the_sale <= offered(known)
    assert refused(known, AdjustPrice(2, 1)).startswith("less is left of what was paid: 0.01 USD off unit 1, 0.00 USD")
    back = known.after(RecordReturn(1, 1))
    assert refused(back, RecordReturn(1, 1)).endswith(": 1 asked for, 0 have left")


def test_a_difference_to_what_was_paid_out_may_be_resolved() -> None:
    known = delivered(sold("SHIRT"), kind="prepaid")
    assert known.order is not None
    differs: Order = replace(known.order, differences={"L1": Difference("C1", "amount_differs", 9, "EUR")})
    assert ResolveSettlement("L1") in offered(known._replace(order=differs))
    assert not any(isinstance(command, ResolveSettlement) for command in offered(known))


def test_facts_that_are_lacking_are_asked_for() -> None:
    known = given(BOUGHT)
    known.facts.stock.clear()
    with pytest.raises(NeedFacts):
        offered(known)


@forall(drafts(), CHOICES)
def test_what_is_offered_is_not_refused_when_it_is_done_and_what_is_refused_is(sent: Draft, choices: list[int]) -> None:
    rules, facts = flow(on_shipment, split=False), shelf()
    order = play(sent, choices, rules, facts).order
    for action in all_actions(order, rules, facts, NOW_S):
        context = Context(NOW_S, rules, facts, "person:ann", "shop")
        try:
            outcome = step(order, action.command, context)
        except Refused:
            assert action.refused
            continue
        assert not action.refused
        assert outcome.order.version > order.version
        for move in outcome.moves:
            facts.undo(move)
