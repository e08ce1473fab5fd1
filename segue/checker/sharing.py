"""Sharing out: the shapes of a workflow are explored by several processes at once. What comes of it is the same."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from segue.checker.examining import Explore, Looked, Planned, Tell, look, one_by_one
from segue.checker.shapes import Shape
from segue.checker.situation import STEP, Step
from segue.core.workflow import Workflow
from segue.scenario.setting import prebuilt_workflow
from segue.settings import read_shop

SHAPES_MIN = 20  # of fewer, those of a quick look, starting another process costs more than it saves


def by_processes(shop: Path | None, processes: int, shapes_min: int = SHAPES_MIN) -> Explore:
    """Explores the shapes of a workflow, of a shop's folder or a prebuilt one, by so many processes."""

    def explore(workflow: Workflow, plan: Sequence[Planned], step: Step, tell: Tell) -> Iterator[Looked]:
        if processes < 2 or len(plan) < shapes_min:
            yield from one_by_one(workflow, plan, step, tell)
            return
        assert step is STEP, "no other process knows a step that was made here"
        with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
            try:
                big_first = [pool.submit(_look, shop, workflow.name, *each) for each in reversed(plan)]
                for done, _ in enumerate(as_completed(big_first), 1):
                    tell(done, len(plan))
                yield from (looked.result() for looked in reversed(big_first))
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    return explore


def _look(shop: Path | None, name: str, shape: Shape, troubles: int) -> Looked:
    return look(_workflow(shop, name), shape, troubles)


@cache
def _workflow(shop: Path | None, name: str) -> Workflow:
    """The same workflow in another process: what is compiled cannot be handed over."""
    return prebuilt_workflow(name) if shop is None else read_shop(shop).workflows[name]
