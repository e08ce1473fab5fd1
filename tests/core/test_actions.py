"""Actions: only what may be done now, and would change something, is offered; the rest is refused with the reason."""

from typing import Any

import pytest
from hypothesis import given as forall

from segue.core.actions import Action, all_actions, allowed_actions
from segue.core.allocate import Allocate, Reserve
from segue.core.base import Command, NeedFacts, Refused
from segue.core.cancel import Cancel
from segue.core.context import Context
from segue.core.draft import Draft
from segue.core.fulfill import Release
from segue.core.grade import GradeOrder
from segue.core.hold import HoldPlaced, LiftHold, PlaceHold
from segue.core.item_state import EnterState, LeaveState
from segue.core.note import Note
from segue.core.notify import Notify
from segue.core.pay import Authorize
from segue.core.screen import Screen
from segue.core.step import step
from segue.policies.payment import on_shipment
from tests.core.chance import CHOICES, drafts, flow, shelf
from tests.core.given import Given, given
from tests.core.shop import NOW_S, draft, sold
from tests.core.test_laws import play

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
