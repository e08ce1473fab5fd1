"""The checker and the engine agree (T08): what the checker says cannot happen, no run of a whole engine ever shows.

Workflows are made at random, and so is what happens to an order; the run is a scenario, played by the real worker.
"""

from random import Random
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from segue.checker.examining import Counterexample, examine
from segue.checker.going import go
from segue.checker.moves import Move, moves
from segue.checker.properties import Breach
from segue.checker.retelling import Source, retold
from segue.checker.shapes import SMALL, Shape, around_of, placing, stock_of
from segue.checker.situation import Situation, nothing_yet
from segue.checker.timing import Untimely
from segue.checker.verdicts import Scope
from segue.core.base import MISTAKES, Refused
from segue.core.workflow import Workflow
from segue.loader.problems import Problems
from segue.loader.reading import parse_tree
from segue.scenario import run_data, written
from segue.scenario.setting import START_S, own_workflow, prebuilt, prebuilt_workflow

TROUBLES = 2  # on one way, for checker and run alike
STEPS = 9
SHOWN_BY = {"I04": "capture", "I05": "refund", "I10": "square", "I17": "stock", "I27": "waiting"}
STANDARD = prebuilt_workflow("standard")
LOSABLE = [*(f"on {name}" for name in STANDARD.reactions), *(f"folders {folder.name}" for folder in STANDARD.folders)]
CAPTURES = ("on_shipment", "on_release", "at_once", "on_delivery")
EXTRA: tuple[dict[str, Any], ...] = (
    {},
    {"on": {"order_placed": [{"do": {"command": "reserve"}}, {"do": {"command": "authorize"}}]}},
    {"on": {"order_covered": [{"do": {"command": "allocate"}}, {"do": {"command": "capture"}}]}},
    {"on": {"units_backordered": [{"do": {"command": "cancel", "reason": "no stock"}}]}},
    {"on": {"capture_declined": [{"do": {"command": "capture"}, "after": "1d"}]}},
    {"on": {"units_short_picked": [{"do": {"command": "cancel", "reason": "short"}}]}},
    {"on": {"authorization_declined": [{"do": {"command": "cancel", "reason": "no money"}}]}},
    {"holds": {"payment": {"blocks": ["authorize", "allocate"], "expires": "1d"}}},
)


@st.composite
def workflows(pick: st.DrawFn) -> dict[str, Any]:
    """A workflow that is `standard`, with something lost and something else in its place."""
    own: dict[str, Any] = {"policies": {"capture": pick(st.sampled_from(CAPTURES))}}
    for lost in pick(st.lists(st.sampled_from(LOSABLE), max_size=4, unique=True)):
        section, name = lost.split(" ", 1)
        own.setdefault(section, {})[name] = None
    for section, said in pick(st.sampled_from(EXTRA)).items():
        own.setdefault(section, {}).update(said)
    return own


def compiled(own: dict[str, Any]) -> Workflow | None:
    """The workflow, if it has no mistake."""
    problems = Problems()
    tree = parse_tree(written(own), "own.yaml", problems)
    assert tree is not None
    return own_workflow(tree, "standard", prebuilt(), problems)[1]


def way(workflow: Workflow, shape: Shape, dice: Random) -> list[Move]:
    """Something that might happen to an order, step by step."""
    around = around_of(shape, workflow, ())
    first = placing(shape)
    _, here = go(around, nothing_yet(stock_of(shape), 1, START_S), first)
    path, left = [first], TROUBLES
    for _ in range(STEPS):
        move, after = one(around, here, left, dice)
        if move is None or after is None:
            break
        path, here, left = [*path, move], after, left - move.is_trouble
    return path


def one(around: Any, here: Situation, troubles: int, dice: Random) -> tuple[Move | None, Situation | None]:
    """One of the moves that are possible and change something."""
    possible = [move for move in moves(here, around) if move.is_trouble <= troubles]
    dice.shuffle(possible)
    for move in possible:
        try:
            outcome, after = go(around, here, move)
        except Refused:
            continue
        if outcome.order.version != here.order.version:
            return move, after
    return None, None


@settings(max_examples=10)
@given(workflows(), st.integers(0, 2**32))
def test_the_engine_never_does_what_the_checker_says_it_cannot(own: dict[str, Any], seed: int) -> None:
    workflow = compiled(own)
    assume(workflow is not None)
    assert workflow is not None
    dice = Random(seed)
    shape = dice.choice(SMALL)
    found = examine(workflow, Scope(TROUBLES, 0, -1), shapes=[(shape, TROUBLES)])
    for _ in range(5):
        try:
            path = way(workflow, shape, dice)
            data, _ = retold(Counterexample(Breach("waiting", ""), shape, tuple(path)), Source(workflow, None, own))
        except (Untimely, *MISTAKES):
            continue
        verdict = run_data(data | {"then": {"audit": [], "orders": {"X": {"secured": True}}}})
        assert not verdict.mistakes
        for failure in verdict.failures:
            broken = {SHOWN_BY[word] for word in failure.found.split(", ") if word in SHOWN_BY}
            broken |= {"cover"} if failure.what.endswith("secured") else set()
            assert broken <= found.broken.keys(), (failure, list(found.broken), written(data))
