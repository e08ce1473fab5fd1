"""Examining: a whole workflow, shape by shape; the shortest way to each breach, and the places that were never entered."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from segue.checker.explore import Bound, Exploration, Taken
from segue.checker.figures import collected, conditions_of, digital, variants
from segue.checker.following import following
from segue.checker.moves import Move
from segue.checker.properties import Breach, breaches
from segue.checker.reaching import Reached, Sights, seen
from segue.checker.shapes import BIG, MIDDLE, ONE_CAPTURE, SMALL, Shape, around_of, placing, stock_of
from segue.checker.situation import COUNTED, STEP, Step, nothing_yet
from segue.checker.verdicts import Scope
from segue.core.workflow import Workflow
from segue.scenario.setting import START_S

ARRIVALS = 1  # how often goods may arrive
SITUATIONS_MAX = 20_000  # of one shape

Tell = Callable[[int, int], None]  # shapes done, of how many


class Counterexample(NamedTuple):
    """A property that a workflow breaks, and the shortest way there from an order of this shape."""

    breach: Breach
    shape: Shape
    path: tuple[Move, ...]


class Looked(NamedTuple):
    """What exploring one shape has shown."""

    broken: list[Counterexample]
    sights: Sights
    situations: int
    steps: int
    is_whole: bool  # nothing within the bound was left out


class Examined(NamedTuple):
    """What exploring a workflow has shown."""

    workflow: Workflow
    broken: dict[str, list[Counterexample]]  # by property, the shortest first
    reached: Reached
    situations: int
    steps: int
    shapes: int
    is_whole: bool  # nothing within the bound was left out


Planned = tuple[Shape, int]  # with how many things may go wrong on one way
Explore = Callable[[Workflow, Sequence[Planned], Step, Tell], Iterator[Looked]]


def silent(done: int, of: int) -> None:
    """Tells nothing."""


def one_by_one(workflow: Workflow, plan: Sequence[Planned], step: Step, tell: Tell) -> Iterator[Looked]:
    """What the shapes of a workflow show, one after the other."""
    for done, (shape, troubles) in enumerate(plan, 1):
        yield look(workflow, shape, troubles, step)
        tell(done, len(plan))


def examine(
    workflow: Workflow,
    scope: Scope,
    tell: Tell = silent,
    step: Step = STEP,
    shapes: Iterable[Planned] | None = None,
    explore: Explore = one_by_one,
) -> Examined:
    """Explore a workflow within the bound; of its shapes those that are given, each with what may go wrong."""
    plan = list(planned(workflow, scope) if shapes is None else shapes)
    found: dict[str, list[Counterexample]] = {}
    reached = Reached(workflow)
    situations = steps = 0
    is_whole = True
    tell(0, len(plan))
    for looked in explore(workflow, plan, step, tell):
        for example in looked.broken:
            found.setdefault(example.breach.property, []).append(example)
        reached.add(looked.sights)
        situations, steps = situations + looked.situations, steps + looked.steps
        is_whole = is_whole and looked.is_whole
    for example in impossible(reached) if scope.is_thorough else ():
        found.setdefault(example.breach.property, []).append(example)
    for ways in found.values():
        ways.sort(key=lambda each: len(each.path))
    return Examined(workflow, found, reached, situations, steps, len(plan), is_whole)


def planned(workflow: Workflow, scope: Scope) -> Iterable[Planned]:
    """The shapes to explore, the small ones first, and how many things may go wrong on one way."""
    shapes = dict.fromkeys(SMALL, scope.smallest)
    for shape in (*variants(workflow), *MIDDLE):
        shapes.setdefault(shape, scope.others)
    for shape in (*collected(workflow), *digital(workflow)):  # several units go several ways, less far
        shapes.setdefault(shape, scope.others if shape.units == 1 else max(1, scope.others - 1))
    if scope.biggest >= 0:
        shapes |= dict.fromkeys(ONE_CAPTURE, max(1, scope.others - 1)) | dict.fromkeys(BIG, scope.biggest)
    return shapes.items()


def counted_words(workflow: Workflow) -> tuple[str, ...]:
    """The words for how often something was that the conditions use."""
    used = {name for condition in conditions_of(workflow) for name in condition.names}
    return tuple(word for word in COUNTED if word in used)


def look(workflow: Workflow, shape: Shape, troubles: int, step: Step = STEP) -> Looked:
    """Explore what may happen to orders of a shape: of each property that breaks the shortest way there."""
    broken: dict[str, Counterexample] = {}

    def look_at(taken: Taken) -> None:
        for breach in breaches(taken):
            if breach.property not in broken:  # breadth first: the first is the shortest of this shape
                path = (*made.path(taken.source), taken.move)
                broken[breach.property] = Counterexample(breach, shape, path)

    around = around_of(shape, workflow, counted_words(workflow))._replace(step=step)
    made = Exploration(around, Bound(troubles, SITUATIONS_MAX), look_at)
    made.run(placing(shape), nothing_yet(stock_of(shape), ARRIVALS, START_S))
    later = [Counterexample(each.breach, shape, tuple(each.path)) for each in following(made)]
    sights = seen(workflow, shape, made)
    return Looked([*broken.values(), *later], sights, len(made.situations), made.steps, made.is_whole)


def impossible(reached: Reached) -> Iterator[Counterexample]:
    """The places that no order comes into, with the way that comes closest."""
    for place in reached.impossible():
        close = place.closest
        if close is not None:
            detail = f"no order comes into the {place.kind} `{place.name}`: {place.why}"
            yield Counterexample(Breach("unreachable", detail, f"{place.kind} {place.name}"), close.shape, close.path)
