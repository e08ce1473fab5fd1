"""The context of a decision: the time, the facts, the workflow, and who asks."""

from segue.core.base import Command, Event, Refusal, Refused, Value, snake
from segue.core.facts import Facts
from segue.core.order import Order
from segue.core.workflow import Workflow


class Context(Value):
    """What a decision may look at beyond the order and the command."""

    now_s: int
    workflow: Workflow
    facts: Facts
    actor: str = "system"
    shop: str = ""
    explains: bool = True  # whether reasons say of locations why they are passed over; a promise need not


NAMES: dict[type[Command | Event], str] = {}  # names in YAML, remembered


def name_of(value: Command | Event) -> str:
    """The name of a command or an event as workflows write it."""
    kind = type(value)
    if kind not in NAMES:
        NAMES[kind] = snake(kind.__name__)
    return NAMES[kind]


# What a hold may block.
BLOCKABLE = ("authorize", "reauthorize", "reserve", "allocate", "release", "capture", "refund", "cancel", "issue_codes")


def refuse_if_held(order: Order, context: Context, action: str) -> None:
    """Refused with HOLD_BLOCKS if a hold on the whole order blocks this action. Holds on lines keep those lines only."""
    for name, hold in order.holds.items():
        if hold.line == 0 and action in context.workflow.holds[hold.type].blocks:
            raise Refused(Refusal.HOLD_BLOCKS, f"{name} blocks {action}")
