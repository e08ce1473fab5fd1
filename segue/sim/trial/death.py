"""Death: the process, or one of its workers, is gone at a point of the task protocol, or between two statements of a commit.

What is lost is all that was in memory; what stays is the database, and the world outside. Where somebody dies is drawn by
the task or the step that it is about.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from segue.connectors.simulated.chance import Chance

# The labelled points of the task protocol: the task is written with its step; sent; answered; the answer is written.
POINTS = (
    "before_intent",
    "after_intent",
    "before_send",
    "after_send",
    "after_answer",
    "before_commit",
    "after_commit",
    "before_settle",
)
BETWEEN = "between_statements"
RATE = 0.002  # of tasks at each point
BETWEEN_RATE = 0.01  # of commits
OFTEN = {
    "mail": 0.3,
    "tell": 0.5,
    "refund": 8.0,
    "void": 8.0,
    "screen": 4.0,
    "look_up": 2.0,
}  # else some would never be met
STATEMENTS_MAX = 24  # a death between statements is at most so far into a commit
WORKER_SHARE = 0.4  # of deaths that take one worker only, and not the whole process


Tell = Callable[
    [str, str, str, bool], None
]  # the point, the key of the task, its kind, and whether only one worker died


class Died(BaseException):
    """The process is gone. Nobody catches this but the trial, as nobody can catch SIGKILL."""


class WorkerDied(Died):
    """One worker is gone; the process goes on."""


class Fate:
    """Decides who dies where, and tells it."""

    def __init__(self, seed: int, orders: int, workers: int, without: frozenset[str], tell: Tell) -> None:
        self._tell = tell
        self._left = 3 + orders // 20  # more would keep a wave from ever being finished
        self._chance = Chance(seed)
        self._workers = workers
        self._without = without
        self._came: Counter[tuple[str, str]] = Counter()
        self.doomed: tuple[str, str, str] | None = None  # dies at the next touch of the store or a port

    def meet(self, point: str, tasks: Iterable[tuple[str, str]]) -> None:
        """Come to a point with tasks, each (key, kind). Raises Died, or WorkerDied, if this is the end."""
        if self.doomed:
            doomed, self.doomed = self.doomed, None
            self._die(*doomed)
        for key, kind in tasks:
            if self._is_fated(point, key, kind):
                self._die(point, key, kind)

    def doom(self, point: str, key: str, kind: str) -> None:
        """Come to a point from which one goes on a little: the end comes at the next one."""
        if self._is_fated(point, key, kind):
            self.doomed = (point, key, kind)

    def statement(self, key: str) -> int:
        """After which statement of a commit somebody dies; 0 if nobody does."""
        if not self._is_fated(BETWEEN, key):
            return 0
        return self._chance.whole("statement", key, 1, STATEMENTS_MAX)

    def between_statements(self, key: str) -> None:
        """Die between two statements."""
        self._die(BETWEEN, key, "")

    def _is_fated(self, point: str, key: str, kind: str = "") -> bool:
        """Drawn by what it is about, and how often one came so far: who is tried again may live."""
        if self._left == 0 or f"death.{point}" in self._without:
            return False
        self._came[point, key] += 1
        rate = BETWEEN_RATE if point == BETWEEN else RATE * OFTEN.get(kind, 1.0)
        return self._chance.happens(point, f"{key} {self._came[point, key]}", rate)

    def _die(self, point: str, key: str, kind: str) -> None:
        self._left -= 1
        alone = self._workers > 1 and self._chance.happens("alone", f"{point} {key}", WORKER_SHARE)
        self._tell(point, key, kind, alone)
        raise WorkerDied(point) if alone else Died(point)


class Mortal:
    """A connection to the database that may end within a transaction: in the place of the real one, which does the work."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._left: int | None = None
        self._end: Callable[[], None] | None = None

    def doom(self, statements: int, end: Callable[[], None]) -> None:
        """Call `end`, which raises, after so many statements of the next transaction."""
        self._left, self._end = statements, end

    def spare(self) -> None:
        """The transaction is over, and was shorter than that."""
        self._end = None

    def cursor(self) -> Any:
        """A cursor; one that counts if the end is near."""
        return self._inner.cursor() if self._end is None else _Counting(self._inner.cursor(), self)

    def pass_statement(self) -> None:
        """One statement, or one row of many, is about to be written."""
        if self._end is None or self._left is None:
            return
        self._left -= 1
        if self._left < 0:
            end, self._end = self._end, None
            end()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class _Counting:
    """A cursor that counts what it is asked to do, each row of many on its own."""

    def __init__(self, inner: Any, mortal: Mortal) -> None:
        self._inner = inner
        self._mortal = mortal

    def execute(self, statement: str, *given: Any) -> Any:
        """One statement. Reading is not counted: who only reads leaves nothing behind."""
        if not statement.lstrip().startswith(("SELECT", "BEGIN", "ROLLBACK", "WITH")):
            self._mortal.pass_statement()
        return self._inner.execute(statement, *given)

    def executemany(self, statement: str, rows: Iterable[Any]) -> Any:
        """One statement for many rows."""
        return self._inner.executemany(statement, self._counted(rows))

    def _counted(self, rows: Iterable[Any]) -> Iterable[Any]:
        for row in rows:
            self._mortal.pass_statement()
            yield row

    def __iter__(self) -> Any:
        return iter(self._inner)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)
