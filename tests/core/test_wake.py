"""Waking: what time and new facts do by themselves: timers fire once and in order, holds lift, checks pass."""

from typing import Any

from segue.core.allocate import Allocate, StockArrived, UnitsAllocated, UnitsBackordered
from segue.core.base import Event
from segue.core.facts import Item
from segue.core.grade import GradeOrder
from segue.core.hold import HoldLifted, HoldPlaced, LiftHold, PlaceHold
from segue.core.intake import OrderValidated
from segue.core.note import Note, NoteAdded
from segue.core.notify import MessageRequested, Notify
from segue.core.order import Failure
from segue.core.wake import PlacesChanged, TimerFired, TimersDropped, TimerSet, Wake
from segue.policies.validation import known_skus
from tests.core.given import Given, events_of, every, given
from tests.core.shop import NOW_S, draft, folder, hold, later, rule, sold

BOUGHT = draft(sold())
HOUR = 3600


def timed(*after_s: int, **declared: Any) -> Given:
    """A workflow that writes notes some time after a grade."""
    notes = [later(wait_s, Note(f"note {number}")) for number, wait_s in enumerate(after_s)]
    return given(BOUGHT).knowing(on={"order_graded": notes}, **declared)


def notes_of(known: Given) -> list[Event]:
    return events_of(known.step(Wake()), NoteAdded)


def test_a_timer_fires_when_its_time_has_come_and_only_once() -> None:
    known = timed(HOUR).after(GradeOrder())
    assert notes_of(known.at(NOW_S + HOUR - 1)) == []
    assert notes_of(known.at(NOW_S + HOUR)) == [NoteAdded(text="note 0")]
    assert notes_of(known.at(NOW_S + HOUR).after(Wake())) == []


def test_timers_fire_in_the_order_of_their_time_however_late_they_are_noticed() -> None:
    known = timed(300, 100, 200).after(GradeOrder(), 1000)
    assert notes_of(known) == [NoteAdded(text=f"note {number}") for number in (1, 2, 0)]


def test_timers_for_the_same_moment_fire_in_the_order_in_which_they_were_set() -> None:
    known = timed(*[60] * 12).after(GradeOrder(), 60)
    assert notes_of(known) == [NoteAdded(text=f"note {number}") for number in range(12)]


def test_an_order_is_to_be_woken_when_its_next_timer_is_due() -> None:
    assert timed().step(GradeOrder()).wake_at_s is None
    assert timed(300, 100).step(GradeOrder()).wake_at_s == NOW_S + 100


def test_a_hold_is_lifted_when_its_time_is_over() -> None:
    short = {"review": hold("allocate", expires_s=HOUR)}
    held = given(BOUGHT).knowing(holds=short)
    assert held.step(PlaceHold("review")).wake_at_s == NOW_S + HOUR
    waiting = held.after(PlaceHold("review"))
    assert events_of(waiting.at(NOW_S + HOUR - 1).step(Wake())) == []
    lifted = HoldLifted(hold="review", reason="its time is over")
    assert events_of(waiting.at(NOW_S + HOUR).step(Wake())) == [lifted]


def test_a_hold_is_lifted_when_its_condition_comes_to_hold_by_time() -> None:
    patient = {"review": hold("allocate", lift_when="now - placed_at >= hours(1)")}
    held = given(BOUGHT).knowing(holds=patient)
    assert held.step(PlaceHold("review")).wake_at_s == NOW_S + HOUR
    outcome = held.after(PlaceHold("review"), HOUR).step(Wake())
    assert events_of(outcome) == [HoldLifted(hold="review", reason="its condition holds")]
    assert [event.because.rule for event in every(outcome) if event.because] == ["now - placed_at >= hours(1)"]


def test_a_hold_is_lifted_at_once_when_something_else_makes_its_condition_hold() -> None:
    graded = {"review": hold("allocate", lift_when="grade >= 10")}
    known = given(BOUGHT).knowing(holds=graded, grade=(rule(always, 10),)).after(PlaceHold("review"))
    assert events_of(known.step(GradeOrder()), HoldLifted) == [HoldLifted(hold="review", reason="its condition holds")]


def always(order: object, facts: object) -> dict[str, str]:
    return {}


def test_a_hold_that_is_over_and_whose_check_passes_is_lifted_once() -> None:
    failure = Failure("known_skus", "the catalog has no SHIRT", 1, facts=("item:SHIRT",))
    story = (
        BOUGHT,
        OrderValidated(failures=(failure,)),
        HoldPlaced(hold="known_skus:1", type="known_skus", line=1, until_s=NOW_S),
    )
    known = given(*story).knowing(validate=(rule(known_skus),), holds={"known_skus": ("allocate",)})
    assert events_of(known.step(Wake()), HoldLifted) == [HoldLifted(hold="known_skus:1", reason="the check passes now")]
    unlisted: dict[str, Item | None] = {"SHIRT": None}
    failing = known.knowing(validate=(rule(known_skus),), holds={"known_skus": ("allocate",)}, items=unlisted)
    assert events_of(failing.step(Wake())) == [HoldLifted(hold="known_skus:1", reason="its time is over")]


def test_an_order_that_waits_for_nothing_sleeps_on() -> None:
    assert events_of(given(BOUGHT).step(Wake())) == []


def test_stock_that_units_wait_for_is_seen_and_what_follows_is_the_workflows_to_say() -> None:
    two_lines = draft(sold("SHIRT", 3), sold("CAP"))
    waiting = given(
        two_lines,
        UnitsBackordered(units={1: ((1, 3),), 2: ((1, 1),)}),
        HoldPlaced(hold="odd:2", type="odd", line=2),
    )
    stock = {"SHIRT": {"DAL": 1, "REN": 1}, "CAP": {"DAL": 1}}
    known = waiting.knowing(stock=stock, holds={"odd": ("allocate",)})
    assert events_of(known.step(Wake())) == [StockArrived(units={1: 2})]
    assert events_of(waiting.knowing(holds={"odd": ("allocate",)}).step(Wake())) == []
    allocating = waiting.knowing(stock=stock, holds={"odd": ("allocate",)}, on={"stock_arrived": [Allocate()]})
    assert len(events_of(allocating.step(Wake()), UnitsAllocated)) == 2


REVIEW = folder("review", "holds > 0", HOUR, Notify("hello"))


def test_the_default_decision_of_a_folder_is_taken_when_nobody_decides() -> None:
    known = given(BOUGHT).knowing(holds={"odd": ()}, folders=[REVIEW])
    entered = known.step(PlaceHold("odd"))
    assert entered.folders == ("review",)
    assert events_of(entered, TimerSet) == [
        TimerSet(timer="folders.review.then#3", due_at_s=NOW_S + HOUR, reaction="folders.review.then", does="notify")
    ]
    decided = known.after(PlaceHold("odd"), HOUR).step(Wake())
    assert events_of(decided) == [
        TimerFired(timer="folders.review.then#3", reaction="folders.review.then", does="notify"),
        MessageRequested(message="hello"),
    ]


def test_the_default_decision_is_dropped_when_the_order_leaves_the_folder_before() -> None:
    known = given(BOUGHT).knowing(holds={"odd": ()}, folders=[REVIEW]).after(PlaceHold("odd"))
    left = known.step(LiftHold("odd"))
    assert events_of(left, PlacesChanged, TimersDropped) == [
        PlacesChanged(left=("review",)),
        TimersDropped(timers=("folders.review.then#3",)),
    ]
    assert left.order.timers == {}
    assert left.wake_at_s is None


def test_who_enters_a_folder_again_has_the_whole_time_again() -> None:
    known = given(BOUGHT).knowing(holds={"odd": ()}, folders=[REVIEW])
    again = known.after(PlaceHold("odd"), 100).after(LiftHold("odd"), 100).after(PlaceHold("odd"))
    assert again.order is not None
    assert [timer.due_at_s for timer in again.order.timers.values()] == [NOW_S + 200 + HOUR]


def test_a_folder_without_a_decision_only_shows() -> None:
    shown = given(BOUGHT).knowing(holds={"odd": ()}, folders=[folder("odd_ones", "holds > 0", HOUR)])
    entered = shown.step(PlaceHold("odd"))
    assert entered.folders == ("odd_ones",)
    assert entered.order.timers == {}
