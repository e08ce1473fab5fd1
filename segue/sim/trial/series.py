"""A series: trials of many seeds, one after the other or several at once, and what came of all of them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from hashlib import blake2b
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from tempfile import TemporaryDirectory
from threading import current_thread, main_thread
from time import perf_counter
from typing import NamedTuple

from segue.core.tasks import REQUESTS
from segue.sim.trial import goals
from segue.sim.trial.defects import planted
from segue.sim.trial.judging import Verdict
from segue.sim.trial.run import run_trial
from segue.sim.trial.setting import Setting

GOALS_FROM = 20_000  # orders: of a shorter series nobody can ask that all that is rare comes up
KINDS = frozenset(kind for kind, _, _ in REQUESTS.values())  # of tasks
AHEAD = 4  # trials that are handed out beyond those that are under way

AFTER = ("lost_after", "late", "doubled")  # faults of calls, after the provider acted
BEFORE = ("lost_before", "held_up", "dead")

IN_MEMORY = Path("/dev/shm")  # databases of a trial need not survive the machine

Tell = Callable[[int], None]  # how many trials are done


class Series(NamedTuple):
    """What came of all trials."""

    seeds: int
    workers: int
    orders: int
    events: int
    steps: int
    seconds: float
    failed: tuple[Verdict, ...]
    goals: dict[str, int]  # each by name: how often it was reached
    faults: dict[str, int]
    kills: dict[str, int]  # by the point at which somebody died
    kills_at: dict[str, int]  # by point and kind of task: "after_send capture"
    gateway: Counter[str]  # calls of the gateway by operation, rows of its ledger, and what of it does not match ours
    hash: str

    @property
    def missed(self) -> list[str]:
        """The goals that were never reached."""
        return [name for name, count in self.goals.items() if not count]

    @property
    def violations(self) -> int:
        """How many things were found that must not be."""
        return sum(len(verdict.findings) for verdict in self.failed)


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for the databases of trials: in memory where there is a file system that is."""
    with TemporaryDirectory(prefix="segue-trials-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as place:
        yield Path(place)


def run_series(settings: Sequence[Setting], folder: Path, jobs: int, tell: Tell, all_of_them: bool = True) -> Series:
    """Run these trials; if not all of them, then up to the first that fails."""
    began = perf_counter()
    sums = {name: Counter[str]() for name in ("goals", "faults", "kills", "gateway")}
    counts: Counter[str] = Counter()
    failed: list[Verdict] = []
    digest = blake2b(digest_size=16)
    for done, verdict in enumerate(_verdicts(settings, folder, jobs), start=1):
        counts.update(seeds=1, orders=verdict.orders, events=verdict.events, steps=verdict.steps)
        sums["goals"].update(verdict.reached)
        sums["faults"].update(verdict.faults)
        sums["kills"].update(verdict.deaths)
        sums["gateway"].update(verdict.gateway)
        digest.update(f"{verdict.setting.seed} {verdict.database} {verdict.event_log}\n".encode())
        tell(done)
        if verdict.findings:
            failed.append(verdict)
            if not all_of_them:
                break
    workers, faults = settings[0].workers, settings[0].faults
    return Series(
        counts["seeds"], workers, counts["orders"], counts["events"], counts["steps"], perf_counter() - began,
        tuple(failed), _goals(sums["goals"], goals.names(workers, faults)), _sorted(sums["faults"]), _sorted(sums["kills"]),
        _at(sums["goals"]), sums["gateway"], digest.hexdigest(),
    )  # fmt: skip


def trial(setting: Setting, folder: Path) -> Verdict:
    """One trial, with its defect if it has one."""
    with planted(setting.defect):
        return run_trial(setting, folder)


def _verdicts(settings: Iterable[Setting], folder: Path, jobs: int) -> Iterator[Verdict]:
    """The verdicts, in the order of the seeds, however many trials are under way."""
    if jobs == 1:
        yield from (trial(setting, folder) for setting in settings)
        return
    left = iter(settings)
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        run = partial(trial, folder=folder)
        with _deaf():
            under_way = [pool.submit(run, setting) for setting in islice(left, jobs + AHEAD)]
        try:
            while under_way:
                yield under_way.pop(0).result()
                under_way += [pool.submit(run, setting) for setting in islice(left, 1)]
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes that are started within do not hear Ctrl-C: it is for the one that started them."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal(SIGINT, SIG_IGN)
    try:
        yield
    finally:
        signal(SIGINT, before)


def _goals(reached: Counter[str], names: Iterable[str]) -> dict[str, int]:
    named = Counter({name: reached[name] for name in names})
    for name, count in goals.counted(reached.items()):
        named[name] += count
    return {name: named[name] for name in names}


def _at(reached: Counter[str]) -> dict[str, int]:
    """Deaths by point and kind of task, the pairs of T10; what is about no task is left out."""
    pairs: dict[str, int] = {}
    for name, count in sorted(reached.items()):
        what, _, at = name.partition(":")
        point, _, kind = at.partition(":")
        if what == "death" and kind in KINDS:
            pairs[f"{point} {kind}"] = count
    return pairs


def share_of_faults(series: Series, acted: bool) -> float:
    """The share of all calls of the gateway that were lost, late or doubled; or of those that were so after it acted."""
    calls = sum(count for name, count in series.gateway.items() if name.startswith("gateway."))
    whats = AFTER if acted else (*AFTER, *BEFORE)
    return round(sum(series.faults.get(f"gateway.{what}", 0) for what in whats) / max(1, calls), 4)


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return {name: counts[name] for name in sorted(counts)}
