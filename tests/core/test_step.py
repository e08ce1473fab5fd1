"""One step: a command is run to rest; the workflow answers events, holds block and let go, nothing is done twice."""

from typing import Any

import pytest

from segue.core.allocate import Allocate, Reserve, UnitsAllocated, UnitsBackordered
from segue.core.base import Command, Event, NeedFacts, Refusal, Refused
from segue.core.cancel import Cancel, UnitsCanceled
from segue.core.capture import Capture, RecordCapture
from segue.core.decide import Decision
from segue.core.deliver import RecordDelivery
from segue.core.fulfill import (
    FulfillmentReleased,
    RecordReject,
    RecordShipment,
    RecordShortPick,
    Release,
    SourcingFailed,
)
from segue.core.grade import GradeOrder
from segue.core.hold import LiftHold, PlaceHold, ReactionBlocked
from segue.core.intake import PlaceOrder
from segue.core.note import Note, NoteAdded
from segue.core.notify import MessageRequested, Notify
from segue.core.order import Order, is_open
from segue.core.pay import Authorize, RecordAuthorization
from segue.core.refund import Refund
from segue.core.step import COMMANDS_MAX, Restless, fold
from segue.core.void import Void
from segue.core.wake import TimersDropped, TimerSet, Wake
from segue.policies.routing import most_stock
from tests.core.given import Given, events_of, given, refusals_of, refuse
from tests.core.shop import NOW_S, draft, folder, later, only, rule, sold, workflow

BOUGHT = draft(sold(quantity=2))
STOCK = {"SHIRT": {"DAL": 5, "REN": 5}}
STANDARD: dict[str, list[Any]] = {
    "order_placed": [Authorize()],
    "payment_authorized": [Void()],
    "order_covered": [later(1800, Allocate())],
    "units_allocated": [Release()],
    "units_short_picked": [Allocate()],
    "fulfillment_rejected": [Allocate()],
    "sourcing_failed": [PlaceHold("sourcing")],
    "fulfillment_shipped": [Capture()],
    "payment_captured": [Void(), Refund()],
    "units_canceled": [Void(), Refund()],
}
STATUSES = {
    "delivered": "delivered == units",
    "shipped": "shipped > 0",
    "covered": "authorized == total",
    "open": "True",
}
HOLDS: dict[str, Any] = {"sourcing": ("allocate",), "review": ("allocate", "release")}


def shop(on: dict[str, list[Any]] | None = None, **declared: Any) -> Given:
    known: dict[str, Any] = {"stock": STOCK, "holds": HOLDS, "statuses": STATUSES}
    return given().knowing(on=STANDARD if on is None else on, **known | declared)


PLACED = PlaceOrder("web-1001", BOUGHT)
COVERED = shop().after(PLACED).after(RecordAuthorization("A1", "done", 20_00, "psp-1"))
RELEASED = COVERED.at(NOW_S + 1800).after(Wake())


def test_an_order_goes_from_placed_to_delivered_by_answers_alone() -> None:
    story = RELEASED.story(
        RecordShipment("F1", "S1"), RecordCapture("C1", "done", 20_00, "psp-2"), RecordDelivery("S1")
    )
    last = story[-1]
    assert [outcome.status for outcome in story] == ["shipped", "shipped", "delivered"]
    assert not is_open(last.order)
    assert last.order.lines[0].tally == {"delivered": ((1, 2),)}
    assert last.order.tenders["P1"].tally == {"captured": 20_00}
    assert [task.kind for outcome in story for task in outcome.tasks] == ["track", "capture"]


def test_a_grace_period_is_a_timer_and_a_cancellation_within_it_leaves_nothing_behind() -> None:
    assert COVERED.order is not None
    assert COVERED.order.lines[0].tally == {"new": ((1, 2),)}
    canceled = COVERED.at(NOW_S + 1799).story(Cancel())
    voided = COVERED.after(Cancel()).step(Wake())
    assert [task.kind for task in canceled[0].tasks] == ["void"]
    assert canceled[0].moves == []
    assert is_open(voided.order)


def test_the_timers_of_a_closed_order_are_dropped() -> None:
    known = given(draft(sold(), kind="prepaid")).knowing(on={"order_graded": [later(60, Note("later"))]})
    outcome = known.after(GradeOrder()).step(Cancel())
    assert events_of(outcome, TimersDropped) == [TimersDropped(timers=("on.order_graded.0#2",))]
    assert (outcome.order.timers, outcome.wake_at_s, outcome.watches) == ({}, None, frozenset())


def test_what_is_short_picked_is_asked_of_another_location_at_once() -> None:
    outcome = RELEASED.step(RecordShortPick("F1", {1: ((1, 1),)}))
    assert events_of(outcome, UnitsAllocated, FulfillmentReleased) == [
        UnitsAllocated(fulfillment="F2", location="REN", units={1: ((1, 1),)}),
        FulfillmentReleased(fulfillment="F2", location="REN", units={1: ((1, 1),)}),
    ]
    assert [(move.reason, move.location, move.on_hand, move.allocated) for move in outcome.moves] == [
        ("short_pick_not_found", "DAL", -1, -1),
        ("allocated", "REN", 0, 1),
    ]


def test_when_every_location_has_failed_a_person_decides() -> None:
    known = shop(sourcing_attempts_max=2).after(PLACED).after(RecordAuthorization("A1", "done"), 1800)
    failed = known.after(Wake()).after(RecordReject("F1")).step(RecordReject("F2"))
    assert events_of(failed, SourcingFailed) == [SourcingFailed(lines=(1,), attempts=2)]
    assert list(failed.order.holds) == ["sourcing"]
    assert failed.order.lines[0].attempts == 2


def test_a_reaction_sees_all_events_of_a_decision_applied() -> None:
    flow = {"units_allocated": [Release()], "units_backordered": [Note("some wait")]}
    known = given(draft(sold(quantity=9), kind="prepaid")).knowing(
        stock=STOCK | {"SHIRT": {"DAL": 2, "REN": 2}}, on=flow
    )
    outcome = known.step(Allocate())
    assert len(events_of(outcome, FulfillmentReleased)) == 2
    assert refusals_of(outcome) == ["nothing is allocated that could be released: 0 units are allocated"]
    assert len(events_of(outcome, NoteAdded)) == 1


def test_a_reaction_whose_condition_does_not_hold_at_that_moment_is_left_out() -> None:
    flow = {"order_graded": [only("grade > 0", Note("odd")), only("grade == 0", Note("fine"))]}
    assert events_of(given(BOUGHT).knowing(on=flow).step(GradeOrder()), NoteAdded) == [NoteAdded(text="fine")]


def test_what_was_refused_to_the_workflow_is_on_record_with_the_reason() -> None:
    outcome = given(BOUGHT).knowing(on={"order_graded": [Release()]}).step(GradeOrder())
    assert outcome.decisions[-1] == Decision(
        "workflow", (), Release(), "on.order_graded.0",
        "nothing is allocated that could be released: 0 units are allocated",
    )  # fmt: skip


def test_a_person_is_refused_and_nothing_has_changed() -> None:
    with refuse(Refusal.NOTHING_TO_RELEASE):
        given(BOUGHT).step(Release())


def test_statuses_and_folders_entered_and_left_are_answered_as_events_are() -> None:
    flow = {
        "entered held": [Note("in"), later(60, Note("still in"))],
        "left held": [Note("out")],
        "left odd": [Note("not odd")],
    }
    known = given(BOUGHT).knowing(
        holds=HOLDS, statuses={"held": "holds > 0"}, folders=[folder("odd", "holds > 0")], on=flow
    )
    entered = known.step(PlaceHold("review"))
    assert (entered.status, entered.folders) == ("held", ("odd",))
    assert events_of(entered, NoteAdded) == [NoteAdded(text="in")]
    assert events_of(entered, TimerSet) == [
        TimerSet(timer="on.entered held.1#3", due_at_s=NOW_S + 60, reaction="on.entered held.1", does="note")
    ]
    left = known.after(PlaceHold("review")).step(LiftHold("review"))
    assert (left.status, left.folders) == ("", ())
    assert events_of(left, NoteAdded) == [NoteAdded(text="out"), NoteAdded(text="not odd")]


def test_the_first_status_that_holds_is_shown() -> None:
    known = given(BOUGHT).knowing(statuses={"never": "holds > 0", "open": "True", "late": "True"})
    assert known.step(Note("look")).status == "open"


def test_a_workflow_that_does_not_come_to_rest_is_refused() -> None:
    restless = {"note_added": [Note("again")]}
    with pytest.raises(Restless, match=r"on.note_added.0 of test@1 does not come to rest"):
        given(BOUGHT).knowing(on=restless).step(Note("begin"))
    calm = {"order_graded": [Note(str(number)) for number in range(COMMANDS_MAX)]}
    assert len(events_of(given(BOUGHT).knowing(on=calm).step(GradeOrder()), NoteAdded)) == COMMANDS_MAX


@pytest.mark.parametrize("failing", [Reserve(), Note("begin")])
def test_a_step_that_comes_to_nothing_leaves_the_facts_as_they_were(failing: Command) -> None:
    restless: dict[str, list[Any]] = {"units_reserved": [Note("x")], "note_added": [Reserve(), Note("again")]}
    known = given(BOUGHT).knowing(stock={"SHIRT": {"DAL": 1}}, on=restless)
    with pytest.raises(Restless):
        known.step(failing)
    assert known.facts.stock["SHIRT"] == {"DAL": 1}


def test_a_step_that_took_stock_and_came_to_nothing_gives_it_back() -> None:
    taking: dict[str, list[Any]] = {"order_graded": [Allocate(), Note("again")], "note_added": [Note("again")]}
    known = given(BOUGHT).knowing(stock=STOCK, on=taking)
    with pytest.raises(Restless):
        known.step(GradeOrder())
    assert known.facts.stock["SHIRT"] == STOCK["SHIRT"]


def test_facts_advance_within_a_step() -> None:
    known = given(BOUGHT).knowing(stock=STOCK, on={"units_reserved": [Allocate()]}, rank=(rule(most_stock),))
    assert known.step(Reserve()).order.lines[0].tally == {"allocated": ((1, 2),)}
    assert sum(known.facts.stock["SHIRT"].values()) == 8


def test_a_step_that_lacks_facts_says_which_and_runs_again_to_the_same_end() -> None:
    known = given(BOUGHT).knowing(stock=STOCK, on={"order_graded": [Allocate()]})
    expected = known.knowing(stock=STOCK, on={"order_graded": [Allocate()]}).step(GradeOrder())
    lacking = known.knowing(on={"order_graded": [Allocate()]})
    lacking.facts.stock.clear()
    with pytest.raises(NeedFacts) as lack:
        lacking.step(GradeOrder())
    for sku in lack.value.keys:
        lacking.facts.learn_stock(sku, STOCK[sku])
    assert lacking.step(GradeOrder()) == expected


def test_a_wave_of_orders_equals_the_orders_one_by_one() -> None:
    known = given(BOUGHT).knowing(stock={"SHIRT": {"DAL": 3}})
    first, second = known.step(Allocate()), known.step(Allocate())
    assert events_of(first) == [UnitsAllocated(fulfillment="F1", location="DAL", units={1: ((1, 2),)})]
    assert events_of(second) == [
        UnitsAllocated(fulfillment="F1", location="DAL", units={1: ((1, 1),)}),
        UnitsBackordered(units={1: ((2, 2),)}),
    ]


def test_a_story_folds_to_the_order_that_it_made() -> None:
    placed = shop().step(PLACED)
    assert fold(None, placed.decisions, NOW_S) == placed.order
    answered = shop()._replace(order=placed.order).step(RecordAuthorization("A1", "done"))
    assert fold(placed.order, answered.decisions, NOW_S) == answered.order
    with pytest.raises(AssertionError):
        fold(None, [], NOW_S)


def test_a_command_is_kept_beside_its_events_but_for_the_draft_that_its_event_has() -> None:
    placed = shop().step(PLACED)
    assert placed.decisions[0].command is None
    assert COVERED.step(Cancel("no")).decisions[0] == Decision("person:ann", (UnitsCanceled(
        units={1: ((1, 2),)}, reason="no"),), Cancel("no"))  # fmt: skip


def test_an_order_that_waits_for_stock_or_a_check_is_watched_for_it() -> None:
    waiting = given(BOUGHT, UnitsBackordered(units={1: ((1, 2),)}))
    assert waiting.step(Note("x")).watches == {"stock:SHIRT", "inbound:SHIRT"}
    watching = workflow(fact_kinds=frozenset({"item"}), folders=[folder("late", "now - placed_at > days(3)")])
    outcome = waiting.knowing(flow=watching).step(Note("x"))
    assert outcome.watches == {"stock:SHIRT", "inbound:SHIRT", "item:SHIRT"}
    assert outcome.wake_at_s == NOW_S + 3 * 86_400 + 1


def test_whose_hold_it_was_is_said_for_reactions_only() -> None:
    known = given(draft(sold("SHIRT"), sold("CAP"))).knowing(
        stock={"SHIRT": {"DAL": 1}}, holds=HOLDS, on={"hold_placed": [Allocate()]}
    )
    blocked = events_of(known.step(PlaceHold("review", line=2)), ReactionBlocked)
    assert blocked == [ReactionBlocked(hold="review:2", reaction="on.hold_placed.0")]
    by_hand = known.after(PlaceHold("review", line=2))
    by_hand = by_hand.knowing(holds=HOLDS, stock={"SHIRT": {"DAL": 1}})
    assert events_of(by_hand.step(Reserve()), ReactionBlocked) == []


def test_a_refusal_tells_what_it_is_about() -> None:
    assert str(Refused(Refusal.NOTE_EMPTY)) == "a note needs a text"
    assert str(Refused(Refusal.HOLD_NOT_FOUND, "x")) == "the order has no such hold: x"


def order_of(known: Given) -> Order:
    assert known.order is not None
    return known.order


def test_nothing_happens_to_an_order_by_asking_in_vain() -> None:
    quiet: list[Event] = events_of(COVERED.step(Authorize()))
    assert quiet == []
    assert COVERED.step(Authorize()).order == order_of(COVERED)


def test_a_step_says_each_message_once_however_many_of_its_events_ask_for_it() -> None:
    telling = shop({"units_canceled": [Notify("hello"), Note("canceled"), Notify("hello")]}).after(PLACED)
    twice = telling.story(Cancel(line=1, quantity=1), Cancel(line=1, quantity=1))
    assert [events_of(outcome, MessageRequested) for outcome in twice] == [[MessageRequested(message="hello")]] * 2
