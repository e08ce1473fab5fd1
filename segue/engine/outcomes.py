"""Outcomes: what becomes of the messages, tasks and wakes that requests come from. None is lost, whatever happened."""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec.structs import replace

from segue.core.base import Command, Refused
from segue.core.order import Order
from segue.core.wake import Wake
from segue.ports import Handled, Inbound, Settled

TRY_LATER_S = 60  # after a service that a decision needs did not answer
PUT_OFF_S = 3600  # until what our own mistake has kept from being done is tried again
OURSELVES = "engine"  # the source of messages that tell of wakes which failed


class Request(NamedTuple):
    """One command for one order: who asks, and which message or task it comes from."""

    order: str
    command: Command
    by: str
    message: Inbound | None = None
    settles: Settled | None = None
    expects: str = ""  # the preview that it goes by: it leads to just that, or is refused


class Result(NamedTuple):
    """What became of a request: done, or the reason why not."""

    request: Request
    order: Order | None
    refused: str = ""
    changed: bool = False
    parked: bool = False  # refused, but a message with it is kept, and tried again when the order moves
    put_out: bool = False  # by a mistake of ours
    later: bool = False  # a service that it needs did not answer: it is tried again soon
    refusal: Refused | None = None  # what the core said, if it was the core


class Outcomes(NamedTuple):
    """What a batch holds because of its results."""

    received: list[Inbound]
    handled: list[Handled]
    settled: list[Settled]
    put_off: dict[str, int]


def put_out(request: Request, order: Order | None, error: Exception) -> Result:
    """The result of a request that failed by a mistake of ours."""
    reason = f"put out of the wave: {type(error).__name__}: {error}"
    return Result(request, order, reason, parked=True, put_out=True)


def outcomes(results: Iterable[Result], now_s: int) -> Outcomes:
    """A message is done, refused or parked; a task is settled; what was put out is tried again later, in everybody's sight.

    A wake that was put out is parked too, as a message of our own: where people look for what went wrong.
    """
    handled: dict[tuple[str, str], Handled] = {}
    found = Outcomes([], [], [], {})
    for result in results:
        request = result.request
        message = request.message
        if result.put_out and isinstance(request.command, Wake) and message is None and result.order is not None:
            message = Inbound(OURSELVES, f"{request.order}@{result.order.version}", "wake", {}, request.order)
            found.received.append(message)
            found.put_off[request.order] = now_s + PUT_OFF_S
        if result.later and isinstance(request.command, Wake):
            found.put_off[request.order] = now_s + TRY_LATER_S
        if message is not None:
            end = _handled(message, result, now_s)
            if handled.setdefault((end.source, end.id), end).outcome == "done":
                handled[end.source, end.id] = end
        if request.settles is not None and not (request.settles.by_hand and result.refused):  # a person tries again
            found.settled.append(_settled(request.settles, result, now_s))
    found.handled.extend(handled.values())
    return found


def _handled(message: Inbound, result: Result, now_s: int) -> Handled:
    """What became of a message; if it asked for several things, of one of them."""
    if result.later:
        due_at_s = now_s + TRY_LATER_S
        return Handled(message.source, message.id, "new", result.refused, result.request.order, due_at_s=due_at_s)
    outcome = "parked" if result.parked else "refused" if result.refused else "done"
    return Handled(message.source, message.id, outcome, result.refused, result.request.order)


def _settled(settles: Settled, result: Result, now_s: int) -> Settled:
    """An answer that was put out is asked for again; one that is refused was given by another way before."""
    if result.put_out or result.later:
        due_at_s = now_s + (TRY_LATER_S if result.later else PUT_OFF_S)
        return Settled(settles.order, settles.id, settles.attempt, "retry", result.refused, due_at_s)
    if result.refused:
        outcome = "done" if settles.outcome == "unknown" else settles.outcome
        return replace(settles, outcome=outcome, detail=result.refused)
    return settles
