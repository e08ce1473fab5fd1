"""A series: very many lives, over several processes; the first that differs is made as short as it can be."""

import gc
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from bench.cents.defects import planted
from bench.cents.shrinking import shrunk
from bench.cents.trial import Case, played

PIECE = 2_000  # cases that a process does before it reports
COLLECTED_AFTER = (100_000, 50, 1_000)  # of many values hardly any are in cycles: looking for those is what costs


@dataclass(frozen=True)
class Figures:
    """What a series did."""

    cases: int
    steps: int
    seconds: float
    failed: tuple[tuple[int, Case], ...] = ()  # the number of a case that differs, and the case

    @property
    def cases_per_s(self) -> float:
        """How fast it was."""
        return round(self.cases / self.seconds, 1)


def piece(seed: int, first: int, count: int, defect: str = "") -> Figures:
    """Some cases, one after the other, up to the first that differs."""
    gc.set_threshold(*COLLECTED_AFTER)
    began = time.perf_counter()
    steps = 0
    with planted(defect):
        for number in range(first, first + count):
            case = played(seed, number)
            steps += len(case.steps)
            if case.detail:
                seconds = time.perf_counter() - began
                return Figures(number - first + 1, steps, seconds, ((number, shrunk(case)),))
    return Figures(count, steps, time.perf_counter() - began)


def series(
    seed: int, cases: int, processes: int, defect: str = "", tell: Callable[[int], None] | None = None
) -> Figures:
    """All cases. `tell` hears how many are done."""
    began = time.perf_counter()
    done, steps = 0, 0
    failed: list[tuple[int, Case]] = []
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        for found in pool.map(_piece, _pieces(seed, cases, defect)):
            done += found.cases
            steps += found.steps
            failed += found.failed
            if tell:
                tell(done)
    return Figures(done, steps, time.perf_counter() - began, tuple(failed))


def _pieces(seed: int, cases: int, defect: str) -> Iterator[tuple[int, int, int, str]]:
    for first in range(0, cases, PIECE):
        yield seed, first, min(PIECE, cases - first), defect


def _piece(given: tuple[int, int, int, str]) -> Figures:
    return piece(*given)
