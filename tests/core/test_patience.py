"""The customer waits for what is late, or cancels, by a deadline; without an answer the workflow says which."""

from typing import Any

from msgspec.structs import replace

from segue.core.allocate import UnitsAllocated, UnitsBackordered
from segue.core.base import Event, Refusal
from segue.core.cancel import UnitsCanceled
from segue.core.expected import Awaited, Expected
from segue.core.hold import HoldPlaced
from segue.core.patience import AnswerDelay, AskToWait, DelayAnswered, WaitAsked, said_by_customers
from segue.core.repromise import StockDelayed, StockExpected
from segue.core.substitute import LineSubstituted
from segue.core.vocabulary import View
from segue.core.wake import Wake, next_wake
from tests.core.given import Given, applied, given
from tests.core.shop import NOW_S, draft, sold

DAY_S = 86_400
WAITING: dict[int, Any] = {1: ((1, 2),)}
SENT = draft(sold("SHIRT", 2))


def due(at_s: int | None) -> Expected:
    """When the line is to be had."""
    return Expected(missing=2) if at_s is None else Expected((Awaited(at_s, "DAL", 2, ("PO-1",)),))


def late(to_s: int | None, *more: Event) -> Given:
    """An order that was to be had tomorrow, and is to be had then."""
    first = StockExpected({1: due(NOW_S + DAY_S)})
    delayed = StockDelayed({1: due(to_s)}, {1: NOW_S + DAY_S})
    return given(SENT, UnitsBackordered(WAITING), first, delayed, *more)


ASKED = WaitAsked((1,), NOW_S + 7 * DAY_S, "cancel", "2026-06-04")


def test_the_customer_is_asked_once_something_comes_so_much_later_than_they_know() -> None:
    here = late(NOW_S + 4 * DAY_S)
    here.when(AskToWait(beyond_s=3 * DAY_S)).then()
    order = late(NOW_S + 4 * DAY_S + 1).when(AskToWait(beyond_s=3 * DAY_S)).then(ASKED)
    assert order is not None
    assert order.asked is not None
    assert order.asked.answer_by_s == NOW_S + 7 * DAY_S


def test_what_nobody_can_date_any_more_is_asked_about_whatever_the_bound() -> None:
    late(None).when(AskToWait(beyond_s=300 * DAY_S)).then(ASKED)


def test_nobody_is_asked_twice_nor_about_what_was_never_dated() -> None:
    late(NOW_S + 9 * DAY_S, ASKED).when(AskToWait()).then()
    given(SENT, UnitsBackordered(WAITING)).when(AskToWait()).then()
    given(SENT).when(AskToWait()).then()


def test_who_waits_knows_the_date_as_it_is_now() -> None:
    here = late(NOW_S + 9 * DAY_S, ASKED)
    order = here.when(AnswerDelay("wait")).then(DelayAnswered("wait"))
    assert order is not None
    assert (order.asked, order.agreed) == (None, {1: NOW_S + 9 * DAY_S})
    here._replace(order=order).when(AskToWait()).then()
    undated = late(None, ASKED).when(AnswerDelay("wait")).order
    assert undated is not None
    assert undated.agreed == {}


def test_who_cancels_gets_nothing_of_it() -> None:
    here = late(NOW_S + 9 * DAY_S, ASKED)
    here.when(AnswerDelay("cancel")).then(DelayAnswered("cancel"), UnitsCanceled(WAITING, "delayed"))


def test_an_answer_that_nobody_asked_for_is_refused() -> None:
    late(NOW_S + 9 * DAY_S).when(AnswerDelay("wait")).refused(Refusal.NOT_ASKED, "web-1001")


def test_a_hold_may_keep_it_from_being_canceled() -> None:
    here = late(NOW_S + 9 * DAY_S, ASKED).knowing(holds={"kept": ("cancel",)})
    assert here.order is not None
    held = here._replace(order=applied(here.order, [HoldPlaced("kept", "kept")], NOW_S))
    held.when(AnswerDelay("cancel")).refused(Refusal.HOLD_BLOCKS, "kept blocks cancel")
    late_by = held.at(NOW_S + 7 * DAY_S)
    assert [event for event in late_by.when(Wake()).events if isinstance(event, DelayAnswered)] == []
    held.when(AnswerDelay("wait")).then(DelayAnswered("wait"))


def test_without_an_answer_in_time_the_workflow_decides() -> None:
    here = late(NOW_S + 9 * DAY_S, ASKED).knowing()
    assert here.order is not None
    assert next_wake(here.order, View(here.order, NOW_S, here.facts), here.context) == NOW_S + 7 * DAY_S
    told = [e for e in here.at(NOW_S + 7 * DAY_S - 1).when(Wake()).events if isinstance(e, DelayAnswered)]
    assert told == []
    events = here.at(NOW_S + 7 * DAY_S).when(Wake()).events
    assert [type(event) for event in events][-2:] == [DelayAnswered, UnitsCanceled]
    answered = events[-2]
    assert isinstance(answered, DelayAnswered)
    assert (answered.answer, answered.in_time) == ("cancel", False)


def test_without_an_answer_they_may_be_taken_to_wait() -> None:
    waits = replace(ASKED, unanswered="wait")
    events = late(NOW_S + 9 * DAY_S, waits).knowing().at(NOW_S + 7 * DAY_S).when(Wake()).events
    assert [event.answer for event in events if isinstance(event, DelayAnswered)] == ["wait"]
    assert not any(isinstance(event, UnitsCanceled) for event in events)


def test_where_nothing_waits_any_more_nothing_is_canceled() -> None:
    here = late(NOW_S + 9 * DAY_S, ASKED, UnitsAllocated("F1", "DAL", WAITING))
    here.when(AnswerDelay("cancel")).then(DelayAnswered("cancel"))


def test_a_line_that_is_another_article_by_now_has_no_date_to_agree_to() -> None:
    here = late(NOW_S + 9 * DAY_S, ASKED, LineSubstituted(1, "POLO", "SHIRT", ((1, 2),)))
    order = here.when(AnswerDelay("wait")).order
    assert order is not None
    assert order.agreed == {}


def test_customers_who_are_asked_may_say_both() -> None:
    order = late(NOW_S + 9 * DAY_S, ASKED).order
    assert order is not None
    assert said_by_customers(order) == [AnswerDelay("wait"), AnswerDelay("cancel")]
    assert said_by_customers(replace(order, asked=None)) == []


def test_conditions_see_by_when_they_are_to_answer_and_for_how_many_lines() -> None:
    asked, not_asked = late(NOW_S + 9 * DAY_S, ASKED).order, late(NOW_S + 9 * DAY_S).order
    assert asked is not None
    assert not_asked is not None
    facts = late(NOW_S).facts
    words: Any = View(asked, NOW_S, facts)
    assert (words.asked, words.answer_by) == (1, NOW_S + 7 * DAY_S)
    none: Any = View(not_asked, NOW_S, facts)
    assert none.asked == 0
