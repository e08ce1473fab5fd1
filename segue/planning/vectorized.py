"""The exact optimum of one order with numpy alone: the same tables, the same keys and the same plan as the compiled
loops.

All parts and locations are looked at at once, and pairs level by level: a part of k units needs only parts of fewer.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from segue.planning.kernel import FAR, KEY, KEY_UNFILLED, Found, takes_too_much, walk
from segue.planning.network import CLOSED_MILLS, GRAMS_OF_STEP, NO_ZONE, Ints, Network
from segue.planning.shapes import PAIRS_SMALL, Positions, Shape, shape

IMPOSSIBLE = FAR >> 5  # is added to the key of a parcel for each line of which the location has too little
CELLS_MAX = 1 << 20  # of an array of (part, location); more locations than fit go through in several blocks


class Level(NamedTuple):
    """The parts of as many units, and their pairs one after the other."""

    parts: Positions
    starts: Positions  # [part of this level], where its pairs begin
    parcels: Positions
    rests: Positions


def find_one(net: Network, form: Shape, skus: Ints, destination: int, surcharge: Ints) -> Found:
    """The cheapest plan of one order, in the form of `kernel.find`."""
    best, where = cheapest_parcels(net, form, skus, net.zone[destination], surcharge)
    cost, chosen = combine(net, form, skus, best, where)
    most = int(form.counts.sum())
    places, taken = np.full((1, most), -1, np.int32), np.zeros((1, most), np.int32)
    count = _walk(form, where, chosen, len(cost) - 1, places[0], taken[0])
    doubled = len(set(places[0, :count].tolist())) < count and _too_much(net, form, skus, places[0], taken[0], count)
    return Found(cost[-1:], places, taken, np.array([doubled]))


# numba leaves the plain function within its own.
_walk = getattr(walk, "py_func", walk)
_too_much = getattr(takes_too_much, "py_func", takes_too_much)


def cheapest_parcels(
    net: Network, form: Shape, skus: Ints, zone: NDArray[np.uint8], surcharge: Ints, among: Any = True
) -> tuple[Ints, Positions]:
    """For each part the key of its cheapest parcel, and the location that sends it, the lowest of equals."""
    useful = np.flatnonzero(net.stock[skus].any(axis=0) & (zone != NO_ZONE) & (surcharge < CLOSED_MILLS) & among)
    best, where = np.full(len(form.units), FAR), np.full(len(form.units), -1, np.int32)
    block = max(1, CELLS_MAX // len(form.units))
    for start in range(0, useful.size, block):
        places, keys = parcel_keys(net, form, skus, zone, surcharge, useful[start : start + block])
        at = keys.argmin(axis=1)
        lowest = keys[np.arange(len(keys)), at]
        where = np.where(lowest < best, places[at], where).astype(np.int32)
        best = np.minimum(best, lowest)
    return best, where


def parcel_keys(
    net: Network, form: Shape, skus: Ints, zone: NDArray[np.uint8], surcharge: Ints, places: NDArray[np.intp]
) -> tuple[NDArray[np.intp], Ints]:
    """Of these locations those open to the order, and the key of a parcel from each with each part: [part, location]."""
    places = places[(zone[places] != NO_ZONE) & (surcharge[places] < CLOSED_MILLS)]
    handling = net.handling[places]
    held = net.stock[skus[:, None], places]
    each = (net.price[skus[:, None] if len(net.price) > 1 else [[0]], places] + handling[:, 1]) * KEY
    keys = ((handling[:, 0] + surcharge[places]) * KEY)[None]
    for line, count in enumerate(form.counts.tolist()):
        units = np.arange(count + 1)[:, None]
        own = np.where(units <= held[line], units * each[line if len(each) > 1 else 0], IMPOSSIBLE)
        keys = (own[:, None] + keys).reshape(-1, places.size)
    keys = keys + rates_of_parts(net, form, skus)[:, zone[places]]
    keys[keys >= IMPOSSIBLE >> 1] = FAR
    keys[0] = FAR
    return places, keys


def rates_of_parts(net: Network, form: Shape, skus: Ints) -> Ints:
    """The key of the rate of each part in each zone, a parcel counted: [part, zone]."""
    weights = form.units @ net.weight_g[skus]
    steps = np.searchsorted(net.limits_g, weights)
    last = net.limits_g.size - 1
    rates: Ints = net.rates.T[np.minimum(steps, last)]
    if steps[-1] > last:
        over = np.maximum(weights - net.limits_g[last] + GRAMS_OF_STEP - 1, 0) // GRAMS_OF_STEP
        rates = rates + over[:, None] * net.beyond
    return rates * KEY + 1


def combine(
    net: Network, form: Shape, skus: Ints, best: Ints, where: Positions, part: int = -1
) -> tuple[Ints, Positions]:
    """For each part the key of its cheapest plan; and the first parcel of those that the plan of `part` goes through."""
    lost = net.unfilled[skus] * KEY + KEY_UNFILLED
    cost, chosen = np.zeros(best.size, np.int64), np.zeros(best.size, np.int32)
    unfilled = lost[form.first]
    for level in levels(form):
        filled = np.minimum.reduceat(best[level.parcels] + cost[level.rests], level.starts)
        cost[level.parts] = np.minimum(filled, cost[form.minus_first[level.parts]] + unfilled[level.parts])
    part = part % best.size
    while part:
        chosen[part] = pick = _choice(form, part, best, where, cost)
        part = part - pick if pick else int(form.minus_first[part])
    return cost, chosen


def _choice(form: Shape, part: int, best: Ints, where: Positions, cost: Ints) -> int:
    """The parcel that makes a part as cheap as it is: of several the lower location, then the larger; 0 if it is none."""
    pairs = slice(form.starts[part], form.starts[part + 1])
    parcels = form.parcels[pairs]
    equal = parcels[best[parcels] + cost[form.rests[pairs]] == cost[part]]
    return int(equal[where[equal].argmin()]) if equal.size else 0


def levels(form: Shape) -> tuple[Level, ...]:
    """The levels of a shape, those of fewer units first."""
    return _kept(tuple(form.counts.tolist())) if form.parcels.size <= PAIRS_SMALL else _made(form)


@lru_cache(maxsize=256)
def _kept(counts: tuple[int, ...]) -> tuple[Level, ...]:
    return _made(shape(counts))


def _made(form: Shape) -> tuple[Level, ...]:
    units = form.units.sum(axis=1)
    sizes = np.diff(form.starts)
    made = []
    for count in range(1, int(units[-1]) + 1):
        parts = np.flatnonzero(units == count)
        pairs = np.concatenate([np.arange(form.starts[part], form.starts[part + 1]) for part in parts])
        starts = np.concatenate(([0], np.cumsum(sizes[parts])[:-1]))
        made.append(Level(parts.astype(np.int32), starts.astype(np.int32), form.parcels[pairs], form.rests[pairs]))
    return tuple(made)
