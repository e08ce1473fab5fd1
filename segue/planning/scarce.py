"""Orders whose cheapest parcels would take more from one location than it has: the optimum, location by location.

The quick search looks at each parcel alone. Where a location has some but not all units of a line, two parcels of its
plan may count the same stock twice. Here such locations come one after the other, each giving one part in all; the
others can never be asked for too much.
"""

from typing import NamedTuple

import numpy as np

from segue.planning.kernel import FAR, Found
from segue.planning.network import Ints, Network
from segue.planning.shapes import Positions, Shape, all_pairs
from segue.planning.vectorized import cheapest_parcels, combine, levels, parcel_keys

Choice = tuple[int, int]  # location, part


class Taking(NamedTuple):
    """What a location with too little can give: each part in one parcel, and in several."""

    place: int
    single: Ints  # [part], keys
    joint: Ints  # [part], keys


def find_scarce(net: Network, form: Shape, skus: Ints, destination: int, surcharge: Ints) -> Found:
    """The cheapest plan of one order in which no location gives more than it has, in the form of `kernel.find`."""
    zone = net.zone[destination]
    held = net.stock[skus]
    partial = ((held > 0) & (held < form.counts[:, None])).any(axis=0)
    best, where = cheapest_parcels(net, form, skus, zone, surcharge, ~partial)
    cost, _ = combine(net, form, skus, best, where)
    takings = _takings(net, form, skus, destination, surcharge, np.flatnonzero(partial))
    costs = [cost]
    for each in takings:
        costs.append(_with(form, each.joint, costs[-1]))
    part, picked = len(form.units) - 1, list[Choice]()
    for each, before, after in zip(reversed(takings), reversed(costs[:-1]), reversed(costs[1:]), strict=True):
        given = _given(form, part, each.joint, before, after)
        picked += [(each.place, parcel) for parcel in _parcels(form, given, each)]
        part -= given
    _, chosen = combine(net, form, skus, best, where, part)
    while part:
        if pick := int(chosen[part]):
            picked.append((int(where[pick]), pick))
        part = part - pick if pick else int(form.minus_first[part])
    return _found(form, int(costs[-1][-1]), sorted(picked))


def _takings(net: Network, form: Shape, skus: Ints, destination: int, surcharge: Ints, places: Ints) -> list[Taking]:
    """What each of these locations can give; those that give nothing are left out."""
    useful, single = parcel_keys(net, form, skus, net.zone[destination], surcharge, places)
    if not useful.size:
        return []
    joint = np.full_like(single, FAR)
    joint[0] = 0
    for level in levels(form):
        joint[level.parts] = np.minimum.reduceat(single[level.parcels] + joint[level.rests], level.starts, axis=0)
    held = net.stock[skus[:, None], useful]
    joint[(form.units[:, :, None] > held).any(axis=1)] = FAR  # several parcels, yet never more than there is
    return [Taking(int(place), single[:, at], joint[:, at]) for at, place in enumerate(useful)]


def _with(form: Shape, joint: Ints, cost: Ints) -> Ints:
    """The cost of each part when one more location may give some of it."""
    pairs = all_pairs(tuple(form.counts.tolist()))
    made: Ints = np.minimum.reduceat(joint[pairs.parcels] + cost[pairs.rests], pairs.starts[:-1])
    return made


def _given(form: Shape, part: int, joint: Ints, before: Ints, after: Ints) -> int:
    """What the location gives of a part; nothing, if that costs the same."""
    if before[part] == after[part]:
        return 0
    every = all_pairs(tuple(form.counts.tolist()))
    pairs = slice(every.starts[part], every.starts[part + 1])
    parcels, rests = every.parcels[pairs], every.rests[pairs]
    return int(parcels[(joint[parcels] + before[rests]).argmin()])


def _parcels(form: Shape, part: int, taking: Taking) -> list[int]:
    """The parcels in which a location sends what it gives."""
    sent = []
    while part:
        pairs = slice(form.starts[part], form.starts[part + 1])
        keys = taking.single[form.parcels[pairs]] + taking.joint[form.rests[pairs]]
        sent.append(int(form.parcels[pairs][keys.argmin()]))
        part -= sent[-1]
    return sent


def _found(form: Shape, key: int, picked: list[Choice]) -> Found:
    most = int(form.counts.sum())
    places: Positions = np.full((1, most), -1, np.int32)
    taken: Positions = np.zeros((1, most), np.int32)
    for at, (place, part) in enumerate(picked):
        places[0, at], taken[0, at] = place, part
    return Found(np.array([key]), places, taken, np.array([False]))
