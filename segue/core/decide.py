"""Decide and evolve: every command and every event there is, and what answers them. The reference of the core."""

from collections.abc import Callable
from typing import Any, Union

from segue.core import (
    adjust,
    allocate,
    assign,
    cancel,
    capture,
    chargeback,
    collect,
    collect_at,
    converting,
    deallocate,
    deliver,
    fulfill,
    grace,
    grade,
    hold,
    intake,
    invoice,
    issuing,
    item_state,
    lapse,
    note,
    notify,
    paid_otherwise,
    patience,
    pay,
    purchase,
    redating,
    refund,
    replacing,
    repromise,
    reschedule,
    returns,
    schedule,
    screen,
    selling,
    settlement,
    street,
    substitute,
    takeback,
    void,
    wake,
)
from segue.core.base import Command, Event, Refusal, Refused, Value, snake
from segue.core.bounds import refuse_out_of_bounds
from segue.core.context import Context
from segue.core.order import Order

SUBJECTS = (
    intake, selling, converting, hold, grade, screen, allocate, street, deallocate, redating, repromise, patience, assign,
    substitute,
    fulfill, deliver, collect, purchase, pay, paid_otherwise, replacing, lapse, capture, void, refund, cancel, returns,
    issuing, takeback, adjust, chargeback, invoice, settlement, notify, note, item_state, grace, schedule, reschedule,
    collect_at, wake,
)  # fmt: skip
DECISIONS: dict[type[Command], Callable[[Any, Any, Context], list[Event]]] = {}
EVOLUTIONS: dict[type[Event], Callable[[Any, Any, int], Order]] = {}
for subject in SUBJECTS:
    DECISIONS |= subject.DECISIONS
    EVOLUTIONS |= subject.EVOLUTIONS

COMMANDS: dict[str, type[Command]] = {snake(kind.__name__): kind for kind in DECISIONS}
EVENTS: dict[str, type[Event]] = {snake(kind.__name__): kind for kind in EVOLUTIONS}
AnyCommand = Union[tuple(DECISIONS)]  # type: ignore[valid-type]  # noqa: UP007
AnyEvent = Union[tuple(EVOLUTIONS)]  # type: ignore[valid-type]  # noqa: UP007


class Decision(Value):
    """One command and what came of it. The record of an order is a list of these."""

    by: str  # who asked: person:ann, gateway, workflow
    events: tuple[AnyEvent, ...] = ()  # type: ignore[valid-type]
    command: AnyCommand | None = None  # type: ignore[valid-type]  # none where its event says it all
    reaction: str = ""  # the workflow's reaction that gave the command
    refused: str = ""  # why the workflow's command was refused


def decide(order: Order | None, command: Command, context: Context) -> list[Event]:
    """What a command leads to. Raises Refused, or NeedFacts; the order is not changed."""
    if order is None and not isinstance(command, intake.PlaceOrder):
        raise Refused(Refusal.ORDER_NOT_FOUND)
    refuse_out_of_bounds(command)
    return DECISIONS[type(command)](order, command, context)


def evolve(order: Order | None, event: Event, at_s: int) -> Order:
    """The order after an event. Never fails on an event that was decided for this order."""
    return EVOLUTIONS[type(event)](order, event, at_s)
