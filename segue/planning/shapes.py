"""Shapes of orders: the parts of which an order is made up, and how each part splits into a parcel and a rest.

A *part* says how many units of each line; parts are numbered in mixed radix, the first line counting fastest, so that 0
is nothing and the last is all of it. Two orders of the same quantities have the same shape, and share its tables.
"""

from functools import lru_cache
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from segue.planning.network import UNITS_MAX, Ints

Positions = NDArray[np.int32]
PAIRS_MAX = 2_500_000  # fourteen lines of one unit have 2.4 million; what has more goes to the solver
PAIRS_SMALL = 20_000  # tables of shapes that have more are kept only for the latest few


class Shape(NamedTuple):
    """The tables of a shape. A pair is (parcel, rest): they make up a part, and the parcel has a unit of its first line."""

    counts: Ints  # [line], how many are wanted
    units: Ints  # [part, line]
    line: Positions  # [part], its last line, of which it has one unit more than `less`
    less: Positions  # [part], the part with one unit fewer of that line
    first: Positions  # [part], its first line
    minus_first: Positions  # [part], the part with one unit fewer of its first line
    starts: Positions  # [part + 1], where its pairs begin
    parcels: Positions  # [pair]
    rests: Positions  # [pair]


class Pairs(NamedTuple):
    """Every pair of a part, whichever line its parcel has, a parcel of nothing too."""

    parcels: Positions
    rests: Positions
    starts: Positions  # [part + 1], where the pairs of each part begin


@lru_cache(maxsize=1024)
def pairs_of(counts: tuple[int, ...]) -> int:
    """How many pairs of a parcel and a rest an order has, at most."""
    return prod((count + 1) * (count + 2) // 2 for count in counts) // 2 if counts else 0


def is_small_enough(counts: tuple[int, ...]) -> bool:
    """Whether an order of these quantities can be enumerated."""
    return pairs_of(counts) <= PAIRS_MAX and sum(counts) <= UNITS_MAX


def shape(counts: tuple[int, ...]) -> Shape:
    """The tables of these quantities."""
    return _kept(counts) if pairs_of(counts) <= PAIRS_SMALL else _kept_shortly(counts)


def _made(counts: tuple[int, ...]) -> Shape:
    strides = np.cumprod((1, *[count + 1 for count in counts]))[:-1]
    total = prod(count + 1 for count in counts)
    numbers = np.arange(total)
    units = (numbers[:, None] // strides) % (np.array(counts) + 1)
    has = units > 0
    first = np.argmax(has, axis=1)
    last = len(counts) - 1 - np.argmax(has[:, ::-1], axis=1)
    parcels, rests = _pairs(counts, strides)
    whole = parcels + rests
    useful = (parcels > 0) & (units[parcels, first[whole]] > 0)
    parcels, rests, whole = parcels[useful], rests[useful], whole[useful]
    # Larger parcels first: of two equal plans, the one found first is kept.
    order = np.lexsort((-parcels, whole))
    starts = np.searchsorted(whole[order], np.arange(total + 1))
    return Shape(
        np.array(counts, np.int64),
        np.ascontiguousarray(units, np.int64),
        last.astype(np.int32),
        np.maximum(numbers - strides[last], 0).astype(np.int32),
        first.astype(np.int32),
        np.maximum(numbers - strides[first], 0).astype(np.int32),
        starts.astype(np.int32),
        parcels[order].astype(np.int32),
        rests[order].astype(np.int32),
    )


def all_pairs(counts: tuple[int, ...]) -> Pairs:
    """All pairs of these quantities."""
    return _all_kept(counts) if pairs_of(counts) <= PAIRS_SMALL else _all(counts)


def _all(counts: tuple[int, ...]) -> Pairs:
    parcels, rests = _pairs(counts, np.cumprod((1, *[count + 1 for count in counts]))[:-1])
    whole = parcels + rests
    order = np.lexsort((parcels, whole))
    starts = np.searchsorted(whole[order], np.arange(int(whole.max()) + 2))
    return Pairs(parcels[order].astype(np.int32), rests[order].astype(np.int32), starts.astype(np.int32))


def _pairs(counts: tuple[int, ...], strides: Ints) -> tuple[Ints, Ints]:
    """Every parcel with every rest that fits beside it."""
    parcels, rests = np.zeros(1, np.int64), np.zeros(1, np.int64)
    for count, stride in zip(counts, strides, strict=True):
        own = np.array([(a, b) for a in range(count + 1) for b in range(count + 1 - a)], np.int64) * stride
        parcels = (own[:, 0, None] + parcels).ravel()
        rests = (own[:, 1, None] + rests).ravel()
    return parcels, rests


_kept = lru_cache(maxsize=256)(_made)
_kept_shortly = lru_cache(maxsize=4)(_made)
_all_kept = lru_cache(maxsize=64)(_all)
