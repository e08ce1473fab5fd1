"""Reaching: which statuses and folders orders come into, and for those that none comes into, how close one came."""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from segue.checker.explore import Exploration
from segue.checker.going import facts_of
from segue.checker.moves import Move
from segue.checker.shapes import Shape
from segue.core.conditions.compiling import function
from segue.core.outside import reachable_states
from segue.core.tally import STATES
from segue.core.vocabulary import View
from segue.core.workflow import Folder, Status, Workflow
from segue.scenario.setting import prebuilt, prebuilt_workflow

FUTURE = frozenset(STATES) - reachable_states()  # states that nothing in this Segue moves units into


class Part(NamedTuple):
    """A part of a place's condition: all of them have to hold."""

    text: str
    test: Callable[[Any], Any]


class Close(NamedTuple):
    """The situation that came closest to a place: how many parts of its condition held, and the way there."""

    holding: int
    shape: Shape
    path: tuple[Move, ...]
    shown: str  # the status that the order has there


class Place:
    """A status or a folder that no order has come into yet."""

    def __init__(self, place: Status | Folder) -> None:
        body = place.when.body
        nodes = body.values if isinstance(body, ast.BoolOp) and isinstance(body.op, ast.And) else [body]
        self.kind = "status" if isinstance(place, Status) else "folder"
        self.name = place.name
        self.parts = [Part(ast.unparse(node).replace("view.", ""), function(node)) for node in nodes]
        self.held = [False] * len(self.parts)
        self.is_future = not FUTURE.isdisjoint(place.when.names)
        self.key = (self.kind, self.name, *(part.text for part in self.parts))
        self.closest: Close | None = None

    @property
    def never_held(self) -> list[str]:
        """The parts of its condition that never held within the bound."""
        return [part.text for part, held in zip(self.parts, self.held, strict=True) if not held]

    @property
    def why(self) -> str:
        """Why no order comes into it, though each part of its condition holds at some time."""
        if self.closest is None or self.closest.holding < len(self.parts):
            return f"{' and '.join(f'`{part.text}`' for part in self.parts)} never hold together"
        return f"where its condition holds, that of the status `{self.closest.shown}` does too, which stands before it"

    def see(self, view: View) -> int:
        """How many parts hold now."""
        holding = [bool(part.test(view)) for part in self.parts]
        self.held = [before or now for before, now in zip(self.held, holding, strict=True)]
        return sum(holding)


class Sights(NamedTuple):
    """What orders of one shape have seen: the places that they entered, and how close they came to the others."""

    entered: frozenset[str]
    held: dict[str, list[bool]]  # by place: which parts of its condition held at some time
    closest: dict[str, Close]


class Reached:
    """The places of a workflow, those that were entered taken away."""

    def __init__(self, workflow: Workflow) -> None:
        self.left = {place.name: place for place in _places(workflow)}
        self.inherited = set() if workflow.name in prebuilt().prebuilt else _prebuilt_places()

    def add(self, sights: Sights) -> None:
        """Take away what was entered; remember who came closest to the others."""
        self.left = {name: place for name, place in self.left.items() if name not in sights.entered}
        for name, place in self.left.items():
            place.held = [before or now for before, now in zip(place.held, sights.held[name], strict=True)]
            close = sights.closest.get(name)
            if close is not None and close.holding > (place.closest.holding if place.closest else 0):
                place.closest = close

    def impossible(self) -> Iterator[Place]:
        """Places of the shop's own that no order comes into though each part of their condition holds at some time."""
        own = (place for place in self.left.values() if place.key not in self.inherited)
        return (place for place in own if not place.is_future and not place.never_held)


def seen(workflow: Workflow, shape: Shape, made: Exploration) -> Sights:
    """Where the orders of an exploration have been."""
    entered = frozenset(name for here in made.situations for name in (here.status, *here.folders))
    left = [place for place in _places(workflow) if place.name not in entered]
    best: dict[str, tuple[int, int]] = {}  # by place: how many parts held, and in which situation first
    for number, here in enumerate(made.situations):
        view = View(here.order, here.now_s, facts_of(made.around, here.free))
        for place in left:
            if (holding := place.see(view)) > best.get(place.name, (0, 0))[0]:
                best[place.name] = holding, number
    closest = {
        name: Close(holding, shape, tuple(made.path(number)), made.situations[number].status)
        for name, (holding, number) in best.items()
    }
    return Sights(entered, {place.name: place.held for place in left}, closest)


@cache
def _prebuilt_places() -> set[tuple[str, ...]]:
    """The places that come with Segue: a shop that has no use for one has not made a mistake."""
    workflows = [prebuilt_workflow(name) for name in prebuilt().prebuilt]
    return {place.key for workflow in workflows for place in _places(workflow)}


def _places(workflow: Workflow) -> list[Place]:
    found: list[Status | Folder] = [*workflow.statuses, *workflow.folders]
    return [Place(place) for place in found]
