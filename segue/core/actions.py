"""Actions: what a person may do with an order now, found by trying; and why the rest is refused."""

from collections.abc import Iterator
from typing import NamedTuple

from segue.core.adjust import AdjustPrice, GiveGoodwill
from segue.core.allocate import Allocate, Reserve
from segue.core.base import Command, Refusal, Refused
from segue.core.bundling import sold_of
from segue.core.cancel import Cancel
from segue.core.capture import Capture
from segue.core.chargeback import RecordChargeback
from segue.core.context import Context
from segue.core.decide import decide
from segue.core.facts import Facts
from segue.core.fulfill import Release
from segue.core.grade import GradeOrder
from segue.core.hold import LiftHold, PlaceHold, all_blocked
from segue.core.intake import Validate
from segue.core.invoice import IssueDocuments
from segue.core.item_state import EnterState, LeaveState
from segue.core.note import Note
from segue.core.notify import Notify
from segue.core.order import Order
from segue.core.pay import Authorize
from segue.core.price import Price
from segue.core.refund import Refund
from segue.core.returns import RecordReturn
from segue.core.screen import Screen
from segue.core.settlement import ResolveSettlement
from segue.core.void import Void
from segue.core.workflow import Workflow

WHOLE: tuple[Command, ...] = (
    Validate(), GradeOrder(), Screen(), Authorize(), Reserve(), Allocate(), Release(), Capture(), Void(), Refund(), Cancel(),
    IssueDocuments(),
)  # fmt: skip


class Action(NamedTuple):
    """Something that may be done. A note's text, a reason, an amount and how many units are still to be filled in."""

    command: Command
    refused: str = ""  # why it may not be done; empty for what is offered


def allowed_actions(order: Order, workflow: Workflow, facts: Facts, now_s: int) -> tuple[Action, ...]:
    """What would not be refused, and would change something. Raises NeedFacts: load, and ask again."""
    return tuple(action for action in all_actions(order, workflow, facts, now_s) if not action.refused)


def all_actions(order: Order, workflow: Workflow, facts: Facts, now_s: int) -> tuple[Action, ...]:
    """What may be done, and what is refused with the reason; what would change nothing is left out. Raises NeedFacts."""
    context = Context(now_s, workflow, facts, "person")
    return tuple(action for command in _conceivable(order, workflow) if (action := _tried(order, command, context)))


def _conceivable(order: Order, workflow: Workflow) -> Iterator[Command]:
    """Every command that a person may think of."""
    yield from WHOLE
    if order.unpriced is not None:
        yield Price()
    if len(order.lines) > 1:
        yield from (Cancel(line=line.number) for line in order.lines)
    yield from (Cancel(bundle=key) for key, _ in sold_of(order))
    yield from _after_the_sale(order)
    yield from (LiftHold(name) for name in order.holds)
    yield from (PlaceHold(name) for name in workflow.holds)
    yield from (EnterState(name) for name in workflow.item_states)
    yield from (LeaveState(name) for name in workflow.item_states)
    yield from (Notify(name) for name in workflow.messages)
    yield Note("...")


def _after_the_sale(order: Order) -> Iterator[Command]:
    """What is asked for once goods and money have moved: each with the least that it may be."""
    yield from (AdjustPrice(line.number, 1) for line in order.lines)
    yield GiveGoodwill(1, "...")
    yield from (RecordReturn(line.number, 1) for line in order.lines)
    yield from (RecordReturn(bundle=key) for key, _ in sold_of(order))
    yield from (RecordChargeback(tender, 1, "...") for tender in order.tenders)
    yield from (ResolveSettlement(line) for line in order.differences)


def _tried(order: Order, command: Command, context: Context) -> Action | None:
    """The command, or why it is refused; None if nothing would come of it. Pricing is offered untried: it asks outside."""
    if order.unpriced is not None and isinstance(command, Validate | Price):
        return Action(command)
    try:
        events = decide(order, command, context)
    except Refused as error:
        return Action(command, str(error))
    if held := all_blocked(events):
        return Action(command, f"{Refusal.HOLD_BLOCKS.value}: {held}")
    return Action(command) if events else None
