"""History: what a shop has on record of its orders, its stock and its locations, as a backtest reads it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec import DecodeError, json

from segue.core.base import MISTAKES, Value
from segue.core.days import Closure
from segue.core.decide import Decision
from segue.core.facts import Item, StockMove
from segue.core.fences import Fence
from segue.core.opportunity import Prices

DECISIONS = json.Decoder(list[Decision])

Catalog = Callable[[frozenset[str]], dict[str, Item | None]]
Worth = Callable[[frozenset[str]], dict[str, Prices | None]]


class Step(Value):
    """One recorded step of an order."""

    order: str
    version_before: int
    version: int
    at_s: int
    record: bytes


class ShopEvent(NamedTuple):
    """Something that happened at an instant beside the orders: of a move, a closure, a share, one is said."""

    at_s: int
    move: StockMove | None = None
    safety: int | None = None  # of its SKU and location, from then on
    closure: Closure | None = None
    opened: str = ""  # a location that is not closed any more
    share: Fence | None = None  # how many units and taken units more it has
    sku: str = ""  # of the share


class History(NamedTuple):
    """All that is on record, each part in the order in which it happened."""

    steps: Iterable[Step]
    events: Sequence[ShopEvent]
    safety: dict[tuple[str, str], int]  # as it was at first
    catalog: Catalog  # as it is now
    worth: Worth  # what units are worth where they lie, as it is now
    length: int  # how many steps there are
    first_s: int | None  # when the first of them was taken


class Unreadable(Exception):
    """What is on record is not all that happened, or cannot be understood."""


def decisions_of(step: Step, version: int) -> list[Decision]:
    """What was decided in a step of an order of this version. Raises Unreadable if steps before it are missing."""
    if step.version_before != version:
        missing = f"its record has {version} of the {step.version_before} events before version {step.version}"
        raise Unreadable(f"{step.order}: {missing}")
    try:
        return DECISIONS.decode(step.record)
    except (DecodeError, *MISTAKES) as error:
        raise Unreadable(f"{step.order}: the step to version {step.version}: {error}") from error


def until(steps: Iterable[Step], to_s: int) -> Iterator[Step]:
    """The steps before an instant."""
    return (step for step in steps if step.at_s < to_s)
