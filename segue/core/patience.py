"""Patience: the customer is asked whether they wait for what comes later than they know, or cancel, by a deadline.

What they know is the date that was said first, and after that the one that they have agreed to wait for. Whoever does not
answer in time waits, or does not: the workflow says which.
"""

from collections.abc import Iterable
from typing import Literal

from msgspec.structs import replace

from segue.core.base import Because, Command, Event, Refusal, Refused
from segue.core.cancel import CANCELABLE, canceled
from segue.core.context import Context, refuse_if_held
from segue.core.expected import Asked
from segue.core.order import Order, units_in
from segue.core.street_dates import day_of
from segue.core.tally import AWAITING, Units

Answer = Literal["wait", "cancel"]
DAY_S = 86_400


class AskToWait(Command):
    """Ask the customer whether they wait, if units come so much later than they know, or nobody knows when."""

    within_s: int = 7 * DAY_S  # by when they answer
    beyond_s: int = 0  # so much later at least
    unanswered: Answer = "cancel"  # what is done without an answer


class AnswerDelay(Command):
    """The customer's answer: they wait for what is late, or it is canceled."""

    answer: Answer


class WaitAsked(Event):
    """The customer is to say whether they wait for these lines."""

    lines: tuple[int, ...]
    answer_by_s: int
    unanswered: Answer
    day: str = ""  # of the deadline, by the shop's clock: 2026-03-05


class DelayAnswered(Event):
    """The customer waits, or cancels; or has not answered in time, and this is done."""

    answer: Answer
    in_time: bool = True


def ask_to_wait(order: Order, command: AskToWait, context: Context) -> list[Event]:
    """Nothing happens if nothing is late, or the customer is being asked already."""
    if order.asked is not None:
        return []
    late = {number: by_s for number in units_in(order, *AWAITING) if (by_s := _later_s(order, number)) is not None}
    lines = tuple(number for number, by_s in late.items() if by_s == UNKNOWN or by_s > command.beyond_s)
    if not lines:
        return []
    figures = {str(number): "nobody knows when" if late[number] == UNKNOWN else late[number] for number in lines}
    because = Because("later_than_agreed", {"later_s": figures})
    answer_by_s = context.now_s + command.within_s
    day = day_of(answer_by_s, "", context.facts)
    return [WaitAsked(lines, answer_by_s, command.unanswered, day, because=because)]


UNKNOWN = -1


def _later_s(order: Order, number: int) -> int | None:
    """How much later a line comes than its customer knows; UNKNOWN if nobody knows when; None if nothing was said of it."""
    agreed_s, expected = order.agreed.get(number), order.expected.get(number)
    if agreed_s is None or expected is None:
        return None
    return UNKNOWN if expected.due_s is None else expected.due_s - agreed_s


def answer_delay(order: Order, command: AnswerDelay, context: Context) -> list[Event]:
    """Refused if nobody has asked, or the time is over. What waits is canceled, if that is the answer."""
    if order.asked is None:
        raise Refused(Refusal.NOT_ASKED, order.id)
    return _answered(order, order.asked, command.answer, context)


def answers_missing(order: Order, asked: Asked, context: Context) -> list[Event]:
    """What is done as the deadline has passed without an answer."""
    if context.now_s < asked.answer_by_s:
        return []
    try:
        return _answered(order, asked, asked.unanswered, context, in_time=False)
    except Refused:  # a hold keeps it from being canceled: it is looked at again when that is lifted
        return []


def _answered(order: Order, asked: Asked, answer: Answer, context: Context, in_time: bool = True) -> list[Event]:
    because = None if in_time else Because("answer_by", {"answer_by_s": asked.answer_by_s})
    if answer == "cancel":
        refuse_if_held(order, context, "cancel")
    event = DelayAnswered(answer, in_time, because=because)
    units = _asked_for(order, asked.lines)
    if answer == "wait" or not units:
        return [event]
    return [event, *canceled(order, units, units_in(order, *CANCELABLE), "delayed", context)]


def _asked_for(order: Order, lines: Iterable[int]) -> dict[int, Units]:
    """The units of these lines that still wait."""
    waiting = units_in(order, *AWAITING)
    return {number: waiting[number] for number in lines if number in waiting}


def evolve_asked(order: Order, event: WaitAsked, at_s: int) -> Order:
    """The order waits for an answer."""
    return replace(order, asked=Asked(event.lines, event.answer_by_s, event.unanswered, event.day))


def evolve_answered(order: Order, event: DelayAnswered, at_s: int) -> Order:
    """Nobody is asked any more; who waits knows the date as it is now."""
    lines = order.asked.lines if order.asked else ()
    agreed = {number: at_s for number, at_s in order.agreed.items() if number not in lines}
    for number in lines:
        known = order.expected.get(number)
        if event.answer == "wait" and known is not None and known.due_s is not None:
            agreed[number] = known.due_s
    return replace(order, asked=None, agreed=agreed)


def said_by_customers(order: Order) -> list[Command]:
    """The customer waits, or cancels."""
    return [AnswerDelay("wait"), AnswerDelay("cancel")] if order.asked is not None else []


DECISIONS = {AskToWait: ask_to_wait, AnswerDelay: answer_delay}
EVOLUTIONS = {WaitAsked: evolve_asked, DelayAnswered: evolve_answered}
UNPROMPTED = {"customer": said_by_customers}
