"""Replaying: fold what is on record of an order from empty, and compare with the order as it is stored, byte for byte."""

from collections.abc import Iterable
from itertools import zip_longest
from typing import Any

from msgspec import DecodeError, json
from msgspec.structs import replace

from segue.core.base import MISTAKES, Event, Refused, Value
from segue.core.decide import Decision, evolve
from segue.core.documents import DOCUMENTS, document_of
from segue.core.order import Order
from segue.core.wake import TimerFired
from segue.ports import Recorded, Story

DECISIONS = json.Decoder(list[Decision])


class Deviation(Value):
    """Where an order is not what its record says: the invariant that it breaks, and the first thing that differs."""

    id: str
    order: str
    detail: str


class Astray(Exception):
    """The record cannot be folded."""

    def __init__(self, id: str, detail: str) -> None:
        super().__init__(detail)
        self.id = id


def deviations(stories: Iterable[Story]) -> list[Deviation]:
    """What differs between orders and their records (I40); each order's first difference."""
    return [found for story in stories if (found := deviation_of(story)) is not None]


def deviation_of(story: Story) -> Deviation | None:
    """What differs between an order and its record, if anything does."""
    issued: list[bytes] = []
    try:
        folded = fold_story(story.steps, issued)
    except Astray as astray:
        return Deviation(astray.id, story.order, str(astray))
    if folded is None:
        return Deviation("I40", story.order, "nothing is on record of it")
    made = json.encode(folded)
    if made != story.value:
        return Deviation("I40", story.order, difference(made, story.value))
    return _document_that_differs(story, issued)


def _document_that_differs(story: Story, issued: list[bytes]) -> Deviation | None:
    for made, stored in zip_longest(issued, story.documents):
        if made is None or stored is None:
            detail = f"it has {len(story.documents)} documents, its record makes {len(issued)}"
            return Deviation("I45", story.order, detail)
        if made != stored:
            return Deviation("I45", story.order, f"in a document {difference(made, stored)}")
    return None


def fold_story(steps: Iterable[Recorded], issued: list[bytes] | None = None) -> Order | None:
    """The order that its steps make; what it has `issued` is added. Raises Astray if one cannot be applied."""
    order: Order | None = None
    for step in steps:
        try:
            order = _fold_step(order, DECISIONS.decode(step.record), step.at_s, issued)
        except (DecodeError, *MISTAKES) as error:
            raise Astray("I40", f"the step to version {step.version}: {type(error).__name__}: {error}") from error
        except Refused as error:
            raise Astray("I24", f"the step to version {step.version}: {error}") from error
        if order is None or order.version != step.version:
            events = order.version if order else 0
            raise Astray("I25", f"with the step to version {step.version} it has {events} events")
    return order


def _fold_step(order: Order | None, decisions: list[Decision], at_s: int, issued: list[bytes] | None) -> Order | None:
    count = order.version if order else 0
    for decision in decisions:
        for each in decision.events:
            event: Event = each
            if isinstance(event, TimerFired) and order is not None and event.timer not in order.timers:
                raise Astray("I28", f"version {count + 1}: the timer {event.timer} fired, and was not set or had fired")
            order = evolve(order, event, at_s)
            count += 1
            if issued is not None and type(event) in DOCUMENTS:
                issued.append(json.encode(document_of(order, event, at_s)))
    return replace(order, version=count) if order else None


def difference(made: bytes, stored: bytes) -> str:
    """The first field in which an order differs from what its record makes of it."""
    try:
        path, one, other = _first(json.decode(made), json.decode(stored), "")
    except DecodeError as error:
        return f"what is stored is not JSON: {error}"
    if not path:
        return "the same fields are written in another way"
    return f"{path} is {_short(other)}, its record makes it {_short(one)}"


def _first(one: Any, other: Any, path: str) -> tuple[str, Any, Any]:
    """Where two values differ first, and what is there; no place if they do not."""
    if isinstance(one, dict) and isinstance(other, dict):
        pairs = [(f"{path}.{key}".lstrip("."), one.get(key), other.get(key)) for key in {**one, **other}]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(f"{path}[{n}]", *both) for n, both in enumerate(zip(one, other, strict=True))]
    else:
        return ("", one, other) if one == other else (path or "the whole", one, other)
    found = (_first(mine, theirs, place) for place, mine, theirs in pairs)
    return next((each for each in found if each[0]), ("", one, other))


def _short(value: Any) -> str:
    text = "missing" if value is None else json.encode(value).decode()
    return text if len(text) <= 60 else f"{text[:57]}..."
