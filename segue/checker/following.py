"""Following: what may come of the situations that were explored: whether every order can finish, and what goes round."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from segue.checker.explore import Bound, Edge, Exploration, Taken
from segue.checker.moves import ANSWER, CUSTOMER, STOCK, SYSTEM, TIME, Move, helping
from segue.checker.properties import Breach
from segue.checker.situation import Situation

CLOSELY_MAX = 2  # dead ends that are looked at more closely
CANDIDATES_MAX = 5  # situations without an end in sight that are looked at more closely
LOCAL = Bound(troubles=2, situations=400)  # how far is looked for an end then
ARRIVALS = 2


class Found(NamedTuple):
    """A breach, and the moves that lead to it."""

    breach: Breach
    path: list[Move]
    number: int  # of the situation that it shows in


def following(made: Exploration) -> Iterator[Found]:
    """What breaks a property only because of what follows, or does not."""
    yield from _stuck(made)
    yield from _hammering(made)
    yield from _repeating(made)


def _stuck(made: Exploration) -> Iterator[Found]:
    """The first situation from which no order ends, whatever the world, time and people do."""
    ends = [number for number, here in enumerate(made.situations) if not here.open]
    backward = _by_target(edge for edge in made.edges if edge.move.kind != CUSTOMER)
    for _ in range(CANDIDATES_MAX):
        fine = _reached(ends, backward)
        first = next((number for number in range(len(made.situations)) if number not in fine), None)
        if first is None:
            return
        ends_somehow = can_finish(made, made.situations[first])
        if ends_somehow is None:
            return
        if not ends_somehow:
            dead = _dead_end(made, fine)
            number = first if dead is None else dead
            yield Found(_described(made, number, dead is None), made.path(number), number)
            return
        ends.append(first)


def _dead_end(made: Exploration, fine: set[int]) -> int | None:
    """The nearest situation without an end in sight where nothing at all goes on by itself, if there is one."""
    by_itself = (ANSWER, TIME, STOCK, SYSTEM)
    going = {edge.source for edge in made.edges if edge.move.kind in by_itself}
    still = (number for number in range(len(made.situations)) if number not in fine and number not in going)
    nearest = islice(still, CLOSELY_MAX)
    return next((number for number in nearest if can_finish(made, made.situations[number]) is False), None)


def can_finish(made: Exploration, here: Situation) -> bool | None:
    """Whether an order ends from here if the world, time and people want it to; customers are not asked for that.

    None where that would take too long to find out.
    """
    ended: list[bool] = []

    def look(taken: Taken) -> None:
        if taken.after is not None and not taken.after.open:
            ended.append(True)

    closer = Exploration(made.around, LOCAL, look, helping)
    closer.begin(here._replace(arrivals=ARRIVALS))
    closer.seek(lambda: bool(ended))
    if ended or closer.is_whole:
        return bool(ended)
    return None


def _described(made: Exploration, number: int, is_going_on: bool) -> Breach:
    here = made.situations[number]
    places = ", ".join((here.status or "no status", *here.folders))
    if is_going_on:
        return Breach("finish", f"it is open ({places}), and nothing that may follow ends it")
    return Breach("dead_end", f"it is open ({places}), and nothing follows")


def _hammering(made: Exploration) -> Iterator[Found]:
    """What is asked again at once whenever it was refused."""
    edges = [edge for edge in made.edges if edge.move.kind == ANSWER]
    yield from _round(made, edges, lambda edge: edge.move.is_trouble, "loop", "it is asked for again at once, for ever")


def _repeating(made: Exploration) -> Iterator[Found]:
    """A message that is sent again and again while time passes and nothing else happens."""
    edges = [edge for edge in made.edges if edge.move.kind == TIME]
    yield from _round(made, edges, lambda edge: bool(edge.messages), "message", "it is sent again and again")


def _round(
    made: Exploration, edges: list[Edge], counts: Callable[[Edge], bool], name: str, detail: str
) -> Iterator[Found]:
    """The first of some edges that is part of a circle of them: the way there, and once around."""
    onward: dict[int, list[Edge]] = {}
    for edge in edges:
        onward.setdefault(edge.source, []).append(edge)
    for edge in sorted(edges, key=lambda each: each.source):
        if counts(edge) and (back := _way(edge.target, edge.source, onward)) is not None:
            said = f"{', '.join(edge.messages)}: {detail}" if edge.messages else detail
            path = made.walked(edge.source, [edge, *back, edge])
            yield Found(Breach(name, said), path, edge.target)
            return


def _way(start: int, end: int, onward: dict[int, list[Edge]]) -> list[Edge] | None:
    """The shortest way from one situation to another."""
    came: dict[int, Edge | None] = {start: None}
    left = deque((start,))
    while left and end not in came:
        for edge in onward.get(left.popleft(), ()):
            if edge.target not in came:
                came[edge.target] = edge
                left.append(edge.target)
    if end not in came:
        return None
    way: list[Edge] = []
    step = came[end]
    while step is not None:
        way.append(step)
        step = came[step.source]
    return way[::-1]


def _by_target(edges: Iterable[Edge]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for edge in edges:
        found.setdefault(edge.target, []).append(edge.source)
    return found


def _reached(starts: Sequence[int], onward: dict[int, list[int]]) -> set[int]:
    found, left = set(starts), list(starts)
    while left:
        for number in onward.get(left.pop(), ()):
            if number not in found:
                found.add(number)
                left.append(number)
    return found
