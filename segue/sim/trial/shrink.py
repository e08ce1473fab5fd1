"""Shrinking: a trial that fails is made smaller as long as it still fails in the same way: less happens, to fewer orders."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from shlex import quote
from typing import Any, NamedTuple

from msgspec.structs import replace

from segue.connectors.simulated.by_chance import OF_ATTEMPT, OF_REQUEST
from segue.connectors.simulated.faults import MESSAGE_FAULTS
from segue.sim.trial.death import BETWEEN, POINTS
from segue.sim.trial.deeds import DEEDS
from segue.sim.trial.judging import Verdict
from segue.sim.trial.outside import PAYMENTS, RATES
from segue.sim.trial.series import trial
from segue.sim.trial.setting import Setting

RUNS_MAX = 200  # trials that a failure may cost beyond the one in which it was found

DEATHS = tuple(f"death.{point}" for point in (*POINTS, BETWEEN))
FAULTS = tuple(
    f"{port}.{name}"
    for port, rates in RATES.items()
    for name in (*OF_ATTEMPT, *OF_REQUEST, *MESSAGE_FAULTS, "dead")
    if getattr(rates, name) or (port == "gateway" and getattr(PAYMENTS, name))
)
DEEDS_OF_SHOP = ("count", "arrive", "list", "visit")
DONE = tuple(f"deed.{name}" for name in (*DEEDS, *DEEDS_OF_SHOP))
GROUPS = (DEATHS, ("clock", "between", "stall"), FAULTS, DONE)
DISTURBANCES = tuple(name for group in GROUPS for name in group)  # all that may be left out, by name


class Shrunk(NamedTuple):
    """The smallest trial that was found to fail in the same way."""

    verdict: Verdict
    runs: int  # how many trials it took


Fails = Callable[[Setting], bool]


class _Shrinking:
    """A failure on its way to being small."""

    def __init__(self, verdict: Verdict, folder: Path, tell: Callable[[int], None]) -> None:
        self.verdict = verdict
        self.runs = 0
        self._folder = folder
        self._tell = tell
        self._id = verdict.findings[0].id

    def fails(self, setting: Setting) -> bool:
        """Try a smaller setting; if it fails in the same way, it is the one to go on from."""
        if self.runs == RUNS_MAX:
            return False
        self.runs += 1
        self._tell(self.runs)
        verdict = trial(setting, self._folder)
        if not verdict.findings or verdict.findings[0].id != self._id:
            return False
        self.verdict = verdict
        return True

    def only(self, numbers: Sequence[int]) -> bool:
        """Try with these orders only."""
        return self.fails(replace(self.verdict.setting, only=tuple(numbers)))

    def without(self, names: Sequence[str]) -> bool:
        """Try without these disturbances, too."""
        setting = self.verdict.setting
        return self.fails(replace(setting, without=setting.without | frozenset(names)))


def shrink(verdict: Verdict, folder: Path, tell: Callable[[int], None]) -> Shrunk:
    """Leave out whatever does not matter, in at most RUNS_MAX trials."""
    shrinking = _Shrinking(verdict, folder, tell)
    for group in GROUPS:
        shrinking.without(group)
    _fewer_orders(shrinking)
    left = [name for name in DISTURBANCES if name not in shrinking.verdict.setting.without]
    for names in _pieces(left, 8):
        if not shrinking.without(names):
            for name in names:
                shrinking.without([name])
    _fewer_orders(shrinking)
    return Shrunk(shrinking.verdict, shrinking.runs)


def _fewer_orders(shrinking: _Shrinking) -> None:
    """First the offender alone, then ever smaller pieces are left out."""
    setting = shrinking.verdict.setting
    offender = shrinking.verdict.findings[0].offender.rpartition("-")[2]
    if offender.isdigit() and len(setting.numbers) > 1:
        shrinking.only([int(offender)])
    size = len(shrinking.verdict.setting.numbers) // 2
    while size:
        numbers = shrinking.verdict.setting.numbers
        for piece in _pieces(numbers, size):
            rest = [number for number in shrinking.verdict.setting.numbers if number not in piece]
            if rest:
                shrinking.only(rest)
        size //= 2


def _pieces(things: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (things[begin : begin + size] for begin in range(0, len(things), size))


def command_of(setting: Setting) -> str:
    """The command that runs this very trial again."""
    words = [f"segue simulate --seeds {setting.seed}..{setting.seed} --orders {setting.orders}"]
    words += [f"--workers {setting.workers}"]
    if setting.faults != "usual":
        words += [f"--faults {setting.faults}"]
    if setting.only:
        words += [f"--only {','.join(map(str, setting.only))}"]
    if setting.without:
        words += [
            f"--without {quote(','.join(shortest(setting.without)))}"
        ]  # a shell would look for files like death.*
    if setting.defect:
        words += [f"--defect {setting.defect}"]
    return " ".join(words)


def shortest(names: frozenset[str]) -> list[str]:
    """Names that say the same, with `death.*` where all of a group are there."""
    found: list[str] = []
    for name in sorted(names):
        group = name.partition(".")[0]
        same = [each for each in DISTURBANCES if each.partition(".")[0] == group]
        is_whole = "." in name and names.issuperset(same)
        if (each := f"{group}.*" if is_whole else name) not in found:
            found.append(each)
    return found


def expanded(names: Sequence[str]) -> frozenset[str]:
    """The disturbances that these names stand for. Raises KeyError for one that there is not."""
    found: set[str] = set()
    for name in names:
        meant = [each for each in DISTURBANCES if each == name or (name[-2:] == ".*" and each.startswith(name[:-1]))]
        if not meant:
            raise KeyError(name)
        found.update(meant)
    return frozenset(found)
