"""A series: very many histories, over several processes; the first that goes wrong in each piece is made short."""

import gc
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from bench.histories.defects import planted
from bench.histories.shrinking import shrunk
from bench.histories.trial import Case, a_shop, alone, audited, drawn, played

PIECE = 250  # histories in one shop; the audit looks at it when they are over
COLLECTED_AFTER = (100_000, 50, 1_000)  # of many values hardly any are in cycles: looking for those is what costs


@dataclass(frozen=True)
class Figures:
    """What a series did."""

    cases: int
    made: Counter[str]  # how often each operation
    seconds: float
    processor_s: float  # of all processes: the same on a busy machine
    failed: tuple[tuple[int, Case, str], ...] = ()  # the number of a history, the shortest part of it, what is wrong

    @property
    def cases_per_s(self) -> float:
        """How fast it was."""
        return round(self.cases / self.seconds, 1)


def piece(seed: int, first: int, count: int, defect: str = "") -> Figures:
    """Some histories in one shop, up to the first that goes wrong."""
    gc.set_threshold(*COLLECTED_AFTER)
    began, began_processor = time.perf_counter(), time.process_time()
    made: Counter[str] = Counter()
    failed: tuple[tuple[int, Case, str], ...] = ()
    done = 0
    with planted(defect), a_shop() as shop:
        for number in range(first, first + count):
            case = drawn(seed, number)
            detail = played(case, shop).detail
            done += 1
            made.update(step.name for step in case.steps)
            made["in between"] += sum(len(step.between) for step in case.steps)
            if detail:
                failed = (_told(number, case, detail),)
                break
        else:
            if wrong := audited(shop):
                failed = (_blamed(seed, first, count, wrong),)
    return Figures(done, made, time.perf_counter() - began, time.process_time() - began_processor, failed)


def _told(number: int, case: Case, detail: str) -> tuple[int, Case, str]:
    """The history as short as it can be; as it was, if it goes well in a shop of its own."""
    short = shrunk(case)
    return number, short, alone(short).detail or f"{detail} (only after the histories before it)"


def _blamed(seed: int, first: int, count: int, wrong: str) -> tuple[int, Case, str]:
    """The history of a piece that the audit has found something about."""
    for number in range(first, first + count):
        case = drawn(seed, number)
        if detail := alone(case).detail:
            return _told(number, case, detail)
    return first, drawn(seed, first), f"{wrong} (of all {count} histories from this one on together)"


def series(
    seed: int, cases: int, processes: int, defect: str = "", tell: Callable[[int], None] = lambda done: None
) -> Figures:
    """All histories. `tell` hears how many are done."""
    began = time.perf_counter()
    done, made, processor_s = 0, Counter[str](), 0.0
    failed: list[tuple[int, Case, str]] = []
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        for found in pool.map(_piece, _pieces(seed, cases, defect)):
            done += found.cases
            made.update(found.made)
            failed += found.failed
            processor_s += found.processor_s
            tell(done)
    return Figures(done, made, time.perf_counter() - began, processor_s, tuple(failed))


def _pieces(seed: int, cases: int, defect: str) -> Iterator[tuple[int, int, int, str]]:
    for first in range(0, cases, PIECE):
        yield seed, first, min(PIECE, cases - first), defect


def _piece(given: tuple[int, int, int, str]) -> Figures:
    return piece(*given)
