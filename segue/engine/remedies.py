"""Remedies: what a person decides about a task that is in trouble, or a message that was not done, and who decided it.

The protocol of tasks stays as it is. One that is asked for again keeps its key, by which its provider acts once however
often it is asked, and its rising attempts; its remedy is settled like an answer, in the transaction of a step of its
order, whose record names the person. A message has no order that must be there: its own reason names them.
"""

from segue.core.base import Refusal, Refused
from segue.core.note import Note
from segue.core.order import Order, units_in
from segue.core.tally import common
from segue.core.tasks import Task
from segue.engine.calls import answer_command
from segue.engine.outcomes import Request
from segue.ports import TRIED_AGAIN, Answer, Handled, Settled

ANSWERED = ("done", "declined")
REFERRED_TO = ("authorize", "capture")  # by captures and voids, and by refunds: under the gateway's own id
SUBJECTS = ("transaction", "fulfillment", "shipment", "message", "update")


def ask_again(task: Task, order: Order, by: str, reason: str, now_s: int) -> Request:
    """Have a task done again, now, under the same key. Refused if its order has no use for an answer any more."""
    answered = _answered(task, order)
    if answered:
        raise Refused(Refusal.TRANSACTION_SETTLED, f"{task.payload['transaction']} was {answered}")
    if task.kind == "release" and not _is_released(task, order):
        raise Refused(Refusal.UNITS_NOT_THERE, f"nothing of {task.payload['fulfillment']} is released")
    settled = Settled(
        task.order, task.id, task.attempt, "retry", f"to be asked again, says {by}{_why(reason)}", now_s, by_hand=True
    )
    text = f"{_named(task)} is asked for again{_why(reason)}"
    return Request(order.id, Note(text), by, settles=settled)


def settle(task: Task, order: Order, answer: Answer, by: str) -> Request:
    """Give a task the outcome that a person has found out; `detail` is how. Refused if its order knows another one.

    Where the order has heard it before, by a command or a message, only the task is still to be settled.
    """
    outcome = "declined" if answer.outcome == "declined" else "done"
    known = _answered(task, order)
    if known and known != outcome:
        raise Refused(Refusal.TRANSACTION_SETTLED, f"{task.payload['transaction']} was {known}")
    if outcome == "done" and not known and task.kind in REFERRED_TO and not answer.reference:
        raise Refused(Refusal.REFERENCE_MISSING, task.payload["transaction"])
    told = None if known else answer_command(task, answer)
    command = told or Note(f"{_named(task)} is {answer.outcome}{_why(answer.detail)}")
    settled = Settled(
        task.order, task.id, task.attempt, outcome, f"{answer.outcome}, says {by}{_why(answer.detail)}", by_hand=True
    )
    return Request(order.id, command, by, settles=settled)


def try_again(source: str, id: str, before: str, by: str, reason: str) -> Handled:
    """Have a message handled again; `before` is the reason why it was not done."""
    return Handled(source, id, "new", f"{_own(before)}{TRIED_AGAIN}{by}{_why(reason)})", by_hand=True)


def dismiss(source: str, id: str, before: str, by: str, reason: str) -> Handled:
    """Leave a message undone for good. Its content is cleared, the reason stays."""
    return Handled(source, id, "done", f"dismissed by {by}{_why(reason)}; before: {_own(before)}", by_hand=True)


def _answered(task: Task, order: Order) -> str:
    """What the order knows of the transaction that this task is for, if it has heard of an outcome."""
    known = order.transactions.get(task.payload.get("transaction", ""))
    return known.outcome if known is not None and known.outcome in ANSWERED else ""


def _is_released(task: Task, order: Order) -> bool:
    """Whether the location still has to ship something of the fulfillment."""
    asked, released = order.fulfillments.get(task.payload["fulfillment"]), units_in(order, "released")
    return asked is not None and any(common(held, released.get(line, ())) for line, held in asked.units.items())


def _named(task: Task) -> str:
    return " ".join([task.kind, *(task.payload[key] for key in SUBJECTS if key in task.payload)])


def _own(reason: str) -> str:
    """A message's reason without who had it tried again: the store keeps that by itself."""
    return reason.partition(TRIED_AGAIN)[0]


def _why(reason: str) -> str:
    return f": {reason}" if reason else ""
