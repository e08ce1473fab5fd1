"""Exploring: breadth first from an order that is placed, so that whatever is found is found by the shortest way."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from segue.checker.going import go, messages_of
from segue.checker.moves import STOCK, TIME, Move, moves
from segue.checker.situation import Around, Situation, key_of
from segue.core.base import MISTAKES, Refused
from segue.core.step import Outcome
from segue.core.wake import Wake


class Bound(NamedTuple):
    """How far is looked."""

    troubles: int  # things that nobody hopes for, on one way
    situations: int  # how many are kept at most


class Edge(NamedTuple):
    """A move from one situation to another, by their numbers."""

    source: int
    target: int
    move: Move
    messages: tuple[str, ...] = ()  # those that time alone made us send


class Taken(NamedTuple):
    """A step that was taken, or that failed by a mistake, as the properties look at it."""

    source: int  # the number of the situation before it; -1 for the first
    move: Move
    outcome: Outcome | None
    after: Situation | None
    error: Exception | None = None


Look = Callable[[Taken], None]
Possible = Callable[[Situation, Around], Iterator[Move]]


class Exploration:
    """The situations that were found, how each was reached first, and where each leads."""

    def __init__(self, around: Around, bound: Bound, look: Look, possible: Possible = moves) -> None:
        self.around, self.bound, self.look, self.possible = around, bound, look, possible
        self.situations: list[Situation] = []
        self.reached: list[Edge] = []
        self.troubles: list[int] = []
        self.edges: list[Edge] = []
        self.steps = 0
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._left: deque[int] = deque()

    def run(self, first: Move, start: Situation) -> None:
        """Place an order, and follow whatever may happen to it."""
        self._take(-1, start, first)
        self.follow()

    def begin(self, here: Situation) -> None:
        """Begin with an order that is there already."""
        self._reach(Edge(-1, 0, Move("", Wake(), "")), here)

    def follow(self) -> None:
        """Follow whatever may happen, within the bound."""
        while self._left and len(self.situations) < self.bound.situations:
            self._follow(self._left.popleft())

    def seek(self, until: Callable[[], bool]) -> None:
        """Follow one way as far as it goes, then the next, until something is found."""
        while self._left and len(self.situations) < self.bound.situations and not until():
            self._follow(self._left.pop())

    def _follow(self, number: int) -> None:
        here = self.situations[number]
        for move in self.possible(here, self.around):
            if self.troubles[number] + move.is_trouble <= self.bound.troubles:
                self._take(number, here, move)

    @property
    def is_whole(self) -> bool:
        """Whether nothing within the bound was left out because there was too much of it."""
        return not self._left

    def path(self, number: int) -> list[Move]:
        """The shortest way to a situation."""
        way: list[Move] = []
        while number >= 0:
            edge = self.reached[number]
            way.append(edge.move)
            number = edge.source
        return way[::-1]

    def walked(self, start: int, edges: Iterable[Edge]) -> list[Move]:
        """The way to a situation, and on from there as edges lead, with the ids that things really have there."""
        way, here = self.path(start), self.situations[start]
        for edge in edges:
            wanted = key_of(self.situations[edge.target], self.around)
            alike = (move for move in self.possible(here, self.around) if type(move.command) is type(edge.move.command))
            for move in alike:
                with suppress(Refused, *MISTAKES):
                    _, after = go(self.around, here, move)
                    if key_of(after, self.around) == wanted:
                        way, here = [*way, move], after
                        break
        return way

    def _take(self, source: int, here: Situation, move: Move) -> None:
        self.steps += 1
        try:
            outcome, after = go(self.around, here, move)
        except Refused:
            return
        except MISTAKES as error:
            self.look(Taken(source, move, None, None, error))
            return
        self.look(Taken(source, move, outcome, after))
        if move.kind in (TIME, STOCK) or source < 0 or after.order.version != here.order.version:
            self._reach(Edge(source, 0, move, messages_of(outcome.decisions) if move.kind == TIME else ()), after)

    def _reach(self, edge: Edge, after: Situation) -> None:
        key = key_of(after, self.around)
        troubles = (self.troubles[edge.source] if edge.source >= 0 else 0) + edge.move.is_trouble
        number = self._numbers.setdefault(key, len(self.situations))
        edge = edge._replace(target=number)
        if number == len(self.situations):
            self.situations.append(after)
            self.reached.append(edge)
            self.troubles.append(troubles)
            self._left.append(number)
        elif troubles < self.troubles[number]:
            self.troubles[number] = troubles
            self._left.append(number)
        if edge.source >= 0:
            self.edges.append(edge)
