"""Dice: a stream of chance by name. Uses nothing of `random` but its first function, which is the same in every release."""

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import TypeVar

Thing = TypeVar("Thing")


class Dice:
    """What is thrown depends on the name and on how often was thrown before."""

    def __init__(self, name: str) -> None:
        self.share = Random(name).random  # from 0 up to, but not including, 1

    def happens(self, rate: float) -> bool:
        """Whether something happens that does so in this share of all cases."""
        return self.share() < rate

    def whole(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return least + int((most - least + 1) * self.share())

    def pick(self, things: Sequence[Thing]) -> Thing:
        """One of these."""
        return things[int(len(things) * self.share())]

    def shuffled(self, things: Sequence[Thing]) -> list[Thing]:
        """These, in some order."""
        return [thing for _, thing in sorted(((self.share(), thing) for thing in things), key=lambda pair: pair[0])]


class Weighted:
    """Positions that come up according to their weights."""

    def __init__(self, weights: Sequence[float]) -> None:
        self._cumulative = list(accumulate(weights))

    def position(self, share: float) -> int:
        """The position that a share of the whole falls on."""
        return min(bisect(self._cumulative, share * self._cumulative[-1]), len(self._cumulative) - 1)

    def part(self, position: int) -> float:
        """The share of one position."""
        before = self._cumulative[position - 1] if position else 0.0
        return (self._cumulative[position] - before) / self._cumulative[-1]
