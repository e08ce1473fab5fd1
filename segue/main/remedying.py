"""Remedying: what people want done about tasks and messages in trouble, done in an opened shop, by the worker's own ways."""

from typing import Any

from segue.app import App
from segue.core.note import Note
from segue.core.order import Order
from segue.engine import remedies
from segue.engine.calls import OUTCOMES
from segue.engine.outcomes import Request
from segue.loader.problems import advice
from segue.main.failing import WRONG_USE, Failed, refusing
from segue.main.wanted import Dismiss, Retry, Settle
from segue.ports import Answer, Batch, Handled, Needs
from segue.store.trouble import MessageInTrouble, TaskInTrouble, Trouble

NUMBER_DIGITS_MAX = 18  # of a message; a task's id is longer


def retry(app: App, wanted: Retry) -> dict[str, Any]:
    """Ask for a task again, or handle a message again."""
    if wanted.id.isdecimal() and len(wanted.id) <= NUMBER_DIGITS_MAX:
        return _retry_message(app, wanted)
    found = _task(app, wanted.id)
    task, now_s = found.task, app.clock.now_s()
    _submit(app, remedies.ask_again(task, _order_of(app, found), wanted.by, wanted.reason, now_s))
    return {"task": task.id, "order": task.order, "kind": task.kind, "attempt": task.attempt + 1}


def settle(app: App, wanted: Settle) -> dict[str, Any]:
    """Take in what became of a task."""
    found = _task(app, wanted.task)
    task, allowed = found.task, OUTCOMES.get(found.task.kind, ("done", "declined"))
    if wanted.outcome not in allowed:
        raise Failed(f"{task.kind} has no outcome `{wanted.outcome}`; {advice(wanted.outcome, allowed)}", WRONG_USE)
    answer = Answer(wanted.outcome, wanted.reference, detail=wanted.reason)
    _submit(app, remedies.settle(task, _order_of(app, found), answer, wanted.by))
    return {"task": task.id, "order": task.order, "kind": task.kind, "outcome": wanted.outcome}


def dismiss(app: App, wanted: Dismiss) -> dict[str, Any]:
    """Leave a message undone for good."""
    found = _message(app, wanted.message)
    handled = remedies.dismiss(found.source, found.id, found.reason, wanted.by, wanted.reason)
    return _handle(app, found, handled, wanted.by, f"{_called(found)} is dismissed: {wanted.reason}")


def _retry_message(app: App, wanted: Retry) -> dict[str, Any]:
    found = _message(app, int(wanted.id))
    if not found.has_content:
        raise Failed(f"The content of message {found.number} was erased: it can only be dismissed.")
    handled = remedies.try_again(found.source, found.id, found.reason, wanted.by, wanted.reason)
    because = f": {wanted.reason}" if wanted.reason else ""
    return _handle(app, found, handled, wanted.by, f"{_called(found)} is tried again{because}")


def _task(app: App, id: str) -> TaskInTrouble:
    found = Trouble(app.reader()).task(id)
    if found is None:
        raise Failed(f"No task {id} is in trouble; `segue trouble` lists those that are.")
    if found.state == "claimed":
        raise Failed(f"Task {id} is being asked for at this moment: look again, and see what comes of it.")
    return found


def _message(app: App, number: int) -> MessageInTrouble:
    found = Trouble(app.reader()).message(number)
    if found is None:
        raise Failed(f"No message {number} is parked or refused; `segue trouble` lists those that are.")
    return found


def _order_of(app: App, found: TaskInTrouble) -> Order:
    order = _known(app, found.task.order)
    assert order is not None, f"{found.task.id} was asked for by {found.task.order}, which is gone"
    return order


def _known(app: App, id: str) -> Order | None:
    return app.store.load(Needs(orders=frozenset((id,)))).orders[id]


def _submit(app: App, request: Request) -> None:
    results = app.worker.submit([request])
    if not results:
        raise Failed(f"Task {request.settles.id if request.settles else ''} has moved on meanwhile: look again.")
    if results[0].refused:
        raise refusing(results[0].refused, results[0].refusal)


def _handle(app: App, found: MessageInTrouble, handled: Handled, by: str, text: str) -> dict[str, Any]:
    """Write it, with a note in the order that the message is about, if there is one."""
    known = _known(app, found.order)
    noted = [Request(known.id, Note(text), by)] if known is not None else []
    app.worker.submit(noted, Batch(app.clock.now_s(), handled=(handled,)))
    return {"message": found.number, "source": found.source, "id": found.id, "kind": found.kind, "order": found.order}


def _called(found: MessageInTrouble) -> str:
    return f"Message {found.id} of {found.source} ({found.kind})"
