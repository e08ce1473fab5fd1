"""The context of a decision: the time, the facts, the workflow, and who asks."""

from typing import NamedTuple

from segue.core.base import Command, Event, Refusal, Refused, snake
from segue.core.facts import Facts
from segue.core.order import Hold, Order
from segue.core.workflow import Workflow


class Context(NamedTuple):
    """What a decision may look at beyond the order and the command."""

    now_s: int
    workflow: Workflow
    facts: Facts
    actor: str = "system"
    shop: str = ""


NAMES: dict[type[Command | Event], str] = {}  # names in YAML, remembered


def name_of(value: Command | Event) -> str:
    """The name of a command or an event as workflows write it."""
    kind = type(value)
    if kind not in NAMES:
        NAMES[kind] = snake(kind.__name__)
    return NAMES[kind]


def blocking(order: Order, workflow: Workflow, action: str, line: int = 0) -> tuple[str, Hold] | None:
    """The first hold of the order, or of this line, that blocks an action; None if nothing stands in the way."""
    for name, hold in order.holds.items():
        if hold.line in (0, line) and action in workflow.holds[hold.type].blocks:
            return name, hold
    return None


def refuse_if_held(order: Order, context: Context, action: str) -> None:
    """Refused with HOLD_BLOCKS if a hold on the whole order blocks this action."""
    if order.holds and (found := blocking(order, context.workflow, action)):
        raise Refused(Refusal.HOLD_BLOCKS, f"{found[0]} blocks {action}")
