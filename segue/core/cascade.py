"""The promise cascade: when supply moves, all who wait for it are gone through once, in their turn.

Orders of one kind that come to the same part of the same supply are to have the same. So the queue is walked along the
supply, those alike are put together, and one of each is asked by the rule by which each would be asked: `dates_changed`.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from segue.core.base import Event, Value
from segue.core.expected import is_later
from segue.core.order import Order
from segue.core.repromise import StockDelayed, StockExpected
from segue.core.supply import Supply
from segue.core.waiting import Waiting

Alike = list[Waiting]


class Hit(Value):
    """A line that is to have its units at another instant than its customer was told."""

    sku: str
    order: str
    line: int
    units: int
    position: int  # in the queue, the first is 1
    before_s: int | None  # as its customer was told; None: nobody knew
    due_s: int | None
    is_later: bool
    kind: int  # hits of one number were asked for together
    uncovered: bool = False  # an authorization that would have lasted until then ends before it now


class Dated(Value):
    """What comes of a line: when it is to be had, and whether that is news to its customer."""

    due_s: int | None
    is_news: bool
    was_s: int | None = None  # what the order was told


def in_turn(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Those that wait, whose turn is first first."""
    return sorted(waiting, key=lambda each: (each.rank, each.placed_at_s, each.order, each.line))


def together(
    waiting: Sequence[Waiting], supplies: Sequence[Supply], is_exact: bool = False, free: int = 0
) -> list[Alike]:
    """Those that wait, in their turn, put together where they are to have the same of supplies, which are in turn too.

    What is left of a supply beyond what one wants does not matter; with `is_exact` it does, and hardly two are alike. So it
    does for those who are to have some of what is `free`, which in a strict queue is theirs first.
    """
    found: dict[tuple[str, int, int], Alike] = {}
    alone = count()
    index, ahead, end = 0, -free, 0
    for each in waiting:
        while ahead >= end and index < len(supplies):
            end += supplies[index][2]
            index += 1
        left = max(end - ahead, 0)
        own = each.kind or f"{each.order} {next(alone)}"
        key = (own, index, left if is_exact or ahead < 0 else min(left, each.units))
        found.setdefault(key, []).append(each)
        ahead += each.units
    return list(found.values())


def dated(order: Order, line: int, events: Iterable[Event]) -> Dated:
    """What comes of a line by the events that would tell its customer of it."""
    before = order.expected.get(line)
    was_s = before.due_s if before else None
    for event in events:
        if isinstance(event, StockExpected | StockDelayed) and line in event.lines:
            return Dated(event.lines[line].due_s, True, was_s)
    return Dated(was_s, False, was_s)


def hits(group: Alike, places: Mapping[tuple[str, int], int], found: Dated, kind: int) -> list[Hit]:
    """Lines of one kind, by their places in the queue, and what comes of them."""
    was_s, due_s, later = found.was_s, found.due_s, is_later(found.due_s, found.was_s)
    return [
        Hit(
            each.sku, each.order, each.line, each.units, places[each.order, each.line], was_s, due_s, later, kind,
            (ends_s := each.secured_until_s) is not None and _lasts(ends_s, was_s) and not _lasts(ends_s, due_s),
        )
        for each in group
    ]  # fmt: skip


def _lasts(ends_s: int, due_s: int | None) -> bool:
    return due_s is not None and due_s < ends_s
