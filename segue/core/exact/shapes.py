"""Shapes: the parts of an order, and how each part splits into a parcel and a rest.

An order is rows of equal pieces. A *part* says how many pieces of each row; parts are numbered in mixed radix, the first row
counting fastest, so that 0 is nothing and the last is all of it. Orders of the same counts share their shape.
"""

from functools import lru_cache
from math import prod
from typing import NamedTuple

PAIRS_MAX = 60_000  # of a parcel and a rest, that one order is searched through: ten lines of one unit
PAIRS_SMALL = 2_000  # shapes that have more are kept only for the latest few

Pairs = tuple[tuple[int, int], ...]


class Shape(NamedTuple):
    """The tables of a shape."""

    counts: tuple[int, ...]  # pieces by row
    strides: tuple[int, ...]
    pieces: tuple[tuple[int, ...], ...]  # by part: of each row
    first: tuple[int, ...]  # by part: its first row
    less: tuple[int, ...]  # by part: the part with one piece fewer of its first row
    pairs: tuple[Pairs, ...]  # by part: (parcel, rest), where the parcel has a piece of the part's first row

    @property
    def every(self) -> tuple[Pairs, ...]:
        """By part: (parcel, rest), whichever rows the parcel has."""
        return every_pair(self.counts, self.strides, len(self.pieces))

    @property
    def all(self) -> int:
        """The part that is everything."""
        return len(self.pieces) - 1


def pairs_of(counts: tuple[int, ...]) -> int:
    """How many pairs of a parcel and a rest there are."""
    return prod((count + 1) * (count + 2) // 2 for count in counts)


def shape_of(counts: tuple[int, ...]) -> Shape:
    """The tables of these counts."""
    return _kept(counts) if pairs_of(counts) <= PAIRS_SMALL else _kept_shortly(counts)


def _made(counts: tuple[int, ...]) -> Shape:
    strides = tuple(prod(count + 1 for count in counts[:row]) for row in range(len(counts)))
    total = prod(count + 1 for count in counts)
    pieces = tuple(
        tuple(number // stride % (count + 1) for stride, count in zip(strides, counts, strict=True))
        for number in range(total)
    )
    first = tuple(next((row for row, count in enumerate(held) if count), 0) for held in pieces)
    less = tuple(number - strides[first[number]] if number else 0 for number in range(total))
    pairs = tuple(
        tuple((parcel, rest) for parcel, rest in each if pieces[parcel][first[part]])
        for part, each in enumerate(every_pair(counts, strides, total))
    )
    return Shape(counts, strides, pieces, first, less, pairs)


_kept = lru_cache(maxsize=256)(_made)
_kept_shortly = lru_cache(maxsize=4)(_made)


@lru_cache(maxsize=16)
def every_pair(counts: tuple[int, ...], strides: tuple[int, ...], total: int) -> tuple[Pairs, ...]:
    """By part: (parcel, rest), all of them but a parcel of nothing; the larger parcels first."""
    every: list[list[tuple[int, int]]] = [[] for _ in range(total)]
    for parcel, rest in _pairs(counts, strides):
        if parcel:
            every[parcel + rest].append((parcel, rest))
    return tuple(tuple(sorted(each, reverse=True)) for each in every)


def _pairs(counts: tuple[int, ...], strides: tuple[int, ...]) -> list[tuple[int, int]]:
    """Every parcel with every rest that fits beside it."""
    found = [(0, 0)]
    for count, stride in zip(counts, strides, strict=True):
        own = [(one * stride, other * stride) for one in range(count + 1) for other in range(count + 1 - one)]
        found = [(parcel + one, rest + other) for one, other in own for parcel, rest in found]
    return found


@lru_cache(maxsize=4096)
def within(counts: tuple[int, ...], most: int) -> tuple[int, ...]:
    """The parts, but for nothing, of which another part has at least as many pieces of each row; in their order."""
    shape = shape_of(counts)
    limits = shape.pieces[most]
    return tuple(
        part
        for part in range(1, most + 1)
        if all(count <= limit for count, limit in zip(shape.pieces[part], limits, strict=True))
    )
