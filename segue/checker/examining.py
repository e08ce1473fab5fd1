"""Examining: a whole workflow, shape by shape; the shortest way to each breach, and the places that were never entered."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from segue.checker.explore import Bound, Exploration, Taken
from segue.checker.figures import conditions_of, variants
from segue.checker.following import following
from segue.checker.moves import Move
from segue.checker.properties import Breach, breaches
from segue.checker.reaching import Reached
from segue.checker.shapes import BIG, MIDDLE, SMALL, START_S, Shape, around_of, placing, stock_of
from segue.checker.situation import COUNTED, STEP, Step
from segue.core.workflow import Workflow

SITUATIONS_MAX = 60_000  # of one shape
FURTHER, USUAL = 4, 2  # how many things may go wrong on one way
KEPT_MAX = 3  # ways to a breach that are kept, in case the first cannot be replayed

Tell = Callable[[int, int], None]  # shapes done, of how many


class Counterexample(NamedTuple):
    """A property that a workflow breaks, and the shortest way there from an order of this shape."""

    breach: Breach
    shape: Shape
    path: tuple[Move, ...]


class Examined(NamedTuple):
    """What exploring a workflow has shown."""

    workflow: Workflow
    broken: dict[str, list[Counterexample]]  # by property, the shortest first
    reached: Reached
    situations: int
    steps: int
    shapes: int
    is_whole: bool  # nothing within the bound was left out


def examine(workflow: Workflow, tell: Tell = lambda done, of: None, step: Step = STEP) -> Examined:
    """Explore a workflow within the bound."""
    plan = list(planned(workflow))
    found: dict[str, list[Counterexample]] = {}
    reached = Reached(workflow)
    situations = steps = 0
    is_whole = True
    for number, (shape, troubles) in enumerate(plan):
        tell(number, len(plan))
        made = _explored(workflow, shape, troubles, step, found)
        reached.see(shape, made)
        situations, steps = situations + len(made.situations), steps + made.steps
        is_whole = is_whole and made.is_whole
    tell(len(plan), len(plan))
    for ways in found.values():
        ways.sort(key=lambda each: len(each.path))
    return Examined(workflow, found, reached, situations, steps, len(plan), is_whole)


def planned(workflow: Workflow) -> Iterable[tuple[Shape, int]]:
    """The shapes to explore, the small ones first, and how many things may go wrong on one way."""
    shapes = {shape: FURTHER for shape in SMALL}
    for shape in (*variants(workflow), *MIDDLE, *BIG):
        shapes.setdefault(shape, USUAL)
    return shapes.items()


def counted_words(workflow: Workflow) -> tuple[str, ...]:
    """The words for how often something was that the conditions use."""
    used = {name for condition in conditions_of(workflow) for name in condition.names}
    return tuple(word for word in COUNTED if word in used)


def _explored(
    workflow: Workflow, shape: Shape, troubles: int, step: Step, found: dict[str, list[Counterexample]]
) -> Exploration:
    seen: set[str] = set()

    def look(taken: Taken) -> None:
        for breach in breaches(taken):
            if breach.property not in seen:  # breadth first: the first is the shortest of this shape
                seen.add(breach.property)
                keep(breach, [*made.path(taken.source), taken.move])

    def keep(breach: Breach, path: list[Move]) -> None:
        found.setdefault(breach.property, []).append(Counterexample(breach, shape, tuple(path)))

    around = around_of(shape, workflow, counted_words(workflow))._replace(step=step)
    made = Exploration(around, Bound(troubles, 1, SITUATIONS_MAX), look)
    made.run(placing(shape), stock_of(shape), START_S)
    for each in following(made):
        keep(each.breach, each.path)
    return made
