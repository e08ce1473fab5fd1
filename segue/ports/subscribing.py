"""What a step of a subscription writes, in one transaction with the messages that become its orders."""

from segue.core.base import Value
from segue.core.subscription.standing import Subscription
from segue.core.tasks import Task


class Settling(Value):
    """What became of a day on which a line was due."""

    line: int
    on_day: str  # or the name of an order beside its days
    outcome: str  # ordered, or why not
    order: str = ""


class Renewed(Value):
    """What one step of one subscription writes. Without events only when it is renewed next."""

    subscription: Subscription
    version_before: int  # 0: it is new
    at_s: int
    by: str
    record: bytes  # JSON: what was asked, and what came of it
    value: bytes  # JSON: the subscription
    wake_at_s: int | None
    settled: tuple[Settling, ...] = ()
    tasks: tuple[Task, ...] = ()
