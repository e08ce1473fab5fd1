"""Waiting: what is kept of each line that waits for stock beside its order, so that many can be looked at together.

What an order was told is in its history. What it is to have by now may be another thing: supply has moved since, and
that is said when nobody has moved it again for a while, the quiet time of its workflow.
"""

from collections.abc import Iterator

from segue.core.base import Value
from segue.core.order import Order, left_of
from segue.core.tally import AWAITING, in_state, size


class Waiting(Value):
    """Units of one line that wait for stock."""

    sku: str
    order: str
    line: int
    units: int
    rank: str  # among those that wait: the least is served first
    placed_at_s: int
    kind: str = ""  # those of one kind are to have the same of the same supply; none: this one is like no other
    quiet_s: int = 0  # so long what it is to have is not said after supply was moved
    told_s: int | None = None  # when it is to be had, as its history has it; None: nobody knows
    due_s: int | None = None  # the same, by what is known of supply now
    since_s: int | None = None  # since when the one differs from the other
    look_at_s: int | None = None  # when its order is looked at for that
    secured_until_s: int | None = None  # when the first authorization of its order ends
    secured_minor: int = 0  # what that secures


class Wait(Value):
    """What is kept of an order that waits besides what is said of its units."""

    kind: str = ""
    quiet_s: int = 0
    secured_until_s: int | None = None
    secured_minor: int = 0


NO_WAIT = Wait()


def lines_waiting(order: Order, rank: str, wait: Wait) -> Iterator[Waiting]:
    """The lines of an order that wait for stock, as its history has them."""
    for line in order.lines:
        if units := sum(size(in_state(line.tally, state)) for state in AWAITING):
            known = order.expected.get(line.number)
            told_s = known.due_s if known else None
            yield Waiting(
                line.sku, order.id, line.number, units, rank, order.placed_at_s, wait.kind, wait.quiet_s,
                told_s, told_s, None, None, wait.secured_until_s, wait.secured_minor,
            )  # fmt: skip


def followed(now: Waiting, before: Waiting | None, now_s: int, is_looked_at: bool) -> Waiting:
    """What is kept of a line after a step of its order: what supply has become since then is still to be said."""
    if before is None or before.since_s is None or before.told_s != now.told_s:
        return now
    if is_looked_at and before.look_at_s is not None and before.look_at_s <= now_s:
        return now
    return Waiting(
        now.sku, now.order, now.line, now.units, now.rank, now.placed_at_s, now.kind, now.quiet_s,
        now.told_s, before.due_s, before.since_s, before.look_at_s, now.secured_until_s, now.secured_minor,
    )  # fmt: skip


def first_end(order: Order) -> tuple[int | None, int]:
    """When the first authorization that still holds money for an order ends, and how much that is."""
    ends = [
        (done.expires_at_s, left)
        for name, done in order.transactions.items()
        if done.kind == "authorize" and done.outcome == "done" and done.expires_at_s is not None and not done.spare
        if (left := left_of(order, name)) > 0
    ]
    return min(ends, default=(None, 0))
