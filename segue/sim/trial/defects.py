"""Defects: what the simulator must find. Each replaces one small part of the product by one with a known mistake.

Nothing of the product knows of them: a part is substituted while the trial runs, and put back afterwards.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from functools import partial
from typing import Any

from msgspec.structs import replace

from segue.core import capture, ledger, pay, refund, replacing, step, void
from segue.core.amounts import half_up
from segue.core.base import Event, Refusal, Refused
from segue.core.context import Context
from segue.core.decide import Decision, decide
from segue.core.order import Order, Transaction, count_in
from segue.core.replacing import ReauthorizationRequested
from segue.core.tasks import Task
from segue.core.transactions import next_id
from segue.core.void import PaymentVoided
from segue.core.workflow import Reaction
from segue.core.worth import keeps
from segue.engine import caller, calls
from segue.engine.calls import Desk, call
from segue.ports import Answer
from segue.store import database, tasking

NO_CHECKS = "PRAGMA ignore_check_constraints = ON"


def _check_then_act() -> Iterator[tuple[Any, str, Any]]:
    """Stock is looked at before it is taken, and the counter itself refuses nothing."""
    yield database, "PRAGMAS", (*database.PRAGMAS, NO_CHECKS)


def _new_key_on_retry() -> Iterator[tuple[Any, str, Any]]:
    """What is tried again is asked under a key of its own."""

    def called(task: Task, desk: Desk) -> Answer:
        return call(replace(task, id=f"{task.id}-{task.attempt}") if task.attempt > 1 else task, desk)

    yield caller, "call", called


def _event_queued() -> Iterator[tuple[Any, str, Any]]:
    """What the workflow does is decided when it is queued, and applied when its turn comes."""

    def on(run: step.Run, what: str, timers: list[Any]) -> None:
        for reaction in run.context.workflow.reactions.get(what, ()):
            if reaction.after_s:
                timers.append(run._timer(reaction, reaction.after_s))
            elif reaction.when is None or reaction.when.test(run._view()):
                run.queue.append(_decided(run, reaction))

    def react(run: step.Run, reaction: Any) -> None:
        if isinstance(reaction, partial):
            reaction()
        else:
            usual(run, reaction)

    usual = step.Run._react
    yield step.Run, "_on", on
    yield step.Run, "_react", react


def _decided(run: step.Run, reaction: Reaction) -> Any:
    try:
        events = decide(run.order, reaction.command, run.own)
    except Refused as error:
        return partial(run._refused, reaction, error)
    if not events:
        return partial(bool)
    return partial(run._apply, Decision("workflow", tuple(events), reaction.command, reaction.id))


def _refund_from_rate() -> Iterator[tuple[Any, str, Any]]:
    """What an order keeps is its total times the share of its units, and not the sum of what those units cost."""

    def kept(order: Order) -> int:
        units = sum(line.quantity for line in order.lines)
        gone = count_in(order, "canceled", "returned")
        if not gone or gone == units:
            return keeps(order)
        return half_up(Fraction(order.total_minor * (units - gone), units))

    yield refund, "keeps", kept


def _resend_without_look_up() -> Iterator[tuple[Any, str, Any]]:
    """What was not answered is sent again under its key, and nobody asks whether the gateway still remembers keys."""

    def money(task: Task, desk: Desk, send: Callable[[], Answer]) -> Answer:
        return send()

    yield calls, "_money", money


def _answer_counted_twice() -> Iterator[tuple[Any, str, Any]]:
    """An answer that is heard once more is taken for another one."""

    def asked(order: Order, name: str, kind: str) -> Transaction:
        transaction = order.transactions.get(name)
        if transaction is None or transaction.kind != kind:
            raise Refused(Refusal.TRANSACTION_NOT_FOUND, name)
        return transaction

    for subject in (pay, capture, void, refund):
        yield subject, "asked", asked


def _void_counted_as_refund() -> Iterator[tuple[Any, str, Any]]:
    """What is let go of is booked as if it were given back."""

    def voided(order: Order, event: PaymentVoided) -> list[ledger.LedgerEntry]:
        kind = order.tenders[event.tender].kind
        return [ledger.LedgerEntry("customer", f"cash:{kind}", event.amount_minor)]

    yield ledger, "ENTRIES", ledger.ENTRIES | {PaymentVoided: voided}


def _old_authorization_first() -> Iterator[tuple[Any, str, Any]]:
    """Before a new authorization is there, the old one is let go of."""
    usual = replacing.replacements

    def replacements(order: Order, context: Context, before: list[Event]) -> list[Event]:
        asked = usual(order, context, before)
        let_go = [
            void.VoidRequested(f"{next_id(order, 'V', [])}", new.tender, new.amount_minor, new.replaces)
            for new in asked[:1]
            if isinstance(new, ReauthorizationRequested)
        ]
        return [*let_go, *asked]

    yield pay, "replacements", replacements


def _captured_twice_over() -> Iterator[tuple[Any, str, Any]]:
    """What an authorization was asked for counts, and not what is left of it."""
    usual = capture._sources

    def sources(order: Order, name: str, context: Context) -> list[tuple[str, int]]:
        found = usual(order, name, context)
        return [(each, order.transactions[each].amount_minor if each else there) for each, there in found]

    yield capture, "_sources", sources


def _lease_without_fence() -> Iterator[tuple[Any, str, Any]]:
    """An answer counts whoever gives it, and whether or not the task is still theirs."""
    yield tasking, "SETTLE", _without_fence(tasking.SETTLE)


def _without_fence(statement: str) -> str:
    """The statement as it is, but for the comparison of the attempt."""
    changed = re.sub(r"\s+AND attempt = \S+", "", statement)
    assert changed != statement, "the statement that settles tasks has another form now"
    return changed


DEFECTS: dict[str, Callable[[], Iterator[tuple[Any, str, Any]]]] = {
    "check_then_act": _check_then_act,
    "new_key_on_retry": _new_key_on_retry,
    "event_queued": _event_queued,
    "refund_from_rate": _refund_from_rate,
    "lease_without_fence": _lease_without_fence,
    "resend_without_look_up": _resend_without_look_up,
    "answer_counted_twice": _answer_counted_twice,
    "void_counted_as_refund": _void_counted_as_refund,
    "old_authorization_first": _old_authorization_first,
    "captured_twice_over": _captured_twice_over,
}


@contextmanager
def planted(name: str) -> Iterator[None]:
    """While this lasts the product has the defect; without a name it has none."""
    with ExitStack() as stack:
        for place, part, other in DEFECTS[name]() if name else ():
            stack.callback(setattr, place, part, getattr(place, part))
            setattr(place, part, other)
        yield
