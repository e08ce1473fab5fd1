"""Timing: a way that was found, with instants at which the whole engine goes it: one thing after the other, a second apart.

While an order is explored no time passes but from one wake-up to the next. On a whole engine answers come at once, or
when the engine has asked again: after 5, 15, 35 ... seconds. So the way is gone once more, with times that fit.
"""

from typing import NamedTuple

from segue.checker.going import go
from segue.checker.moves import ANSWER, SYSTEM, TIME, Move
from segue.checker.shapes import Shape, around_of, stock_of
from segue.checker.situation import Around, Situation, nothing_yet
from segue.core.base import MISTAKES, Refused
from segue.core.decide import Decision
from segue.core.order import Order
from segue.core.pay import RecordUnknown
from segue.core.screen import RecordScreening
from segue.core.step import Outcome
from segue.core.workflow import Workflow
from segue.engine.caller import BACK_OFF_S
from segue.loader.shop import Limit

# After how long the engine asks once more.
TRIES: tuple[int, ...] = tuple(BACK_OFF_S * (2**attempt - 1) for attempt in range(Limit().attempts))
SCREENING = "screening"


class Timed(NamedTuple):
    """A move at its time."""

    move: Move
    at_s: int
    order: Order | None  # after it; none if it broke the engine
    decisions: tuple[Decision, ...] = ()


class Asked(NamedTuple):
    """Something that a gateway or the fraud vendor was asked, and when the answer comes."""

    name: str  # of the transaction, or SCREENING
    kind: str  # authorize, capture, void, refund, screen
    number: int  # of the step that asks
    at_s: int
    answered_at_s: int | None  # none: not within this way
    move: Move | None

    def lost(self, end_s: int) -> int:
        """How many calls nobody answers until this way ends: none if the answer comes at once."""
        if _is_silence(self.move):
            return len(TRIES)
        if self.answered_at_s is None:
            return sum(self.at_s + after_s <= end_s for after_s in TRIES)
        return sum(self.at_s + after_s < self.answered_at_s for after_s in TRIES)


class Timetable(NamedTuple):
    """A way with its times, and what was asked on it."""

    steps: tuple[Timed, ...]
    asked: tuple[Asked, ...]


class Untimely(Exception):
    """The way cannot be gone at times that the engine would keep."""


def timetable(workflow: Workflow, shape: Shape, path: tuple[Move, ...], start_s: int) -> Timetable:
    """Times for a way. Raises Untimely if there are none."""
    return _Going(around_of(shape, workflow, ()), path, nothing_yet(stock_of(shape), 0, start_s)).timetable()


class _Going:
    """A way, gone once more."""

    def __init__(self, around: Around, path: tuple[Move, ...], start: Situation) -> None:
        self.around = around
        self.path = path
        self.here = start
        self.now_s = start.now_s
        self.steps: list[Timed] = []
        self.asked: dict[str, Asked] = {}
        self.at_once: list[str] = []  # what was just asked, and may be answered at once, in this order

    def timetable(self) -> Timetable:
        for move in self.path:
            self.now_s = self._time_of(move)
            self._go(move)
        return Timetable(tuple(self.steps), tuple(self.asked.values()))

    def _time_of(self, move: Move) -> int:
        name = _answers(move)
        if name and self.at_once[:1] == [name]:
            self.at_once.pop(0)
            return self.now_s
        self.at_once = []
        if not self.steps:
            return self.now_s
        if move.kind == TIME:
            return max(self.now_s, self.here.wake_at_s or 0)
        return self._answer_s(move, name) if name else self.now_s + 1

    def _answer_s(self, move: Move, name: str) -> int:
        """The first instant after now at which we ask again; a person's answer to what is unknown comes when it comes."""
        if self.asked[name].answered_at_s is not None:
            return self.now_s + 1
        asked_at_s = self.asked[name].at_s
        tries = TRIES[-1:] if _is_silence(move) else TRIES[1:]
        for after_s in tries:
            at_s = asked_at_s + after_s
            if at_s > self.now_s:
                return at_s
        raise Untimely(f"the answer to {name} comes later than the engine asks for it")

    def _go(self, move: Move) -> None:
        try:
            outcome, after = go(self.around, self.here, move, self.now_s)
        except Refused as error:
            raise Untimely(f"{move.command} is refused then: {error}") from error
        except MISTAKES:
            self.steps.append(Timed(move, self.now_s, None))
            return
        self._note(move, outcome)
        self.here = after
        self.steps.append(Timed(move, self.now_s, outcome.order, tuple(outcome.decisions)))

    def _note(self, move: Move, outcome: Outcome) -> None:
        """What was answered, and what is asked now."""
        if (name := _answers(move)) and name in self.asked and self.asked[name].move is None:
            self.asked[name] = self.asked[name]._replace(answered_at_s=self.now_s, move=move)
        for name, done in outcome.order.transactions.items():
            if done.outcome == "asked" and name not in self.asked:
                self.asked[name] = Asked(name, done.kind, len(self.steps), self.now_s, None, None)
                self.at_once.append(name)
        if outcome.order.screening == "asked" and SCREENING not in self.asked:
            self.asked[SCREENING] = Asked(SCREENING, "screen", len(self.steps), self.now_s, None, None)
            self.at_once.append(SCREENING)


def _answers(move: Move) -> str:
    """What a move answers: a transaction, or the screening."""
    if move.kind not in (ANSWER, SYSTEM):
        return ""
    if isinstance(move.command, RecordScreening):
        return SCREENING
    name: str = getattr(move.command, "transaction", "")
    return name


def _is_silence(move: Move | None) -> bool:
    """Whether it says that nobody has answered however often we asked."""
    if move is None:
        return False
    command = move.command
    return isinstance(command, RecordUnknown) or (
        isinstance(command, RecordScreening) and command.verdict == "timed_out"
    )
