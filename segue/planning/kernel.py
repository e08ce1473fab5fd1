"""The exact optimum of orders of one shape, as loops that numba compiles.

best[part] is the cheapest parcel for a part, over all locations; cost[part] = min over its pairs of best[parcel] + cost[rest], or of
leaving a unit of its first line unfilled. Costs carry their tie-breaks in their low bits: see `KEY`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from segue.planning.compiled import compiled
from segue.planning.network import CLOSED_MILLS, GRAMS_OF_STEP, NO_ZONE, Ints, Network
from segue.planning.shapes import Shape

# A key is mills * KEY + unfilled units * KEY_UNFILLED + parcels: of two plans of one cost, that with fewer units unfilled is
# the lower, then that with fewer parcels. Keys are added up as costs are.
KEY_BITS = 14
KEY = 1 << KEY_BITS
KEY_UNFILLED = 1 << 7
FAR = 1 << 60  # the key of what cannot be


class Found(NamedTuple):
    """Plans of m orders of one shape with u units and n lines."""

    keys: Ints  # [m]
    places: NDArray[np.int32]  # [m, u], the location of each parcel; -1: no more parcels
    parts: NDArray[np.int32]  # [m, u], the part of the order that it has
    doubled: NDArray[np.bool_]  # [m], whether parcels of one location take more together than it has


@compiled
def find(net: Network, form: Shape, skus: Ints, destinations: Ints, surcharges: Ints) -> Found:
    """The cheapest plan of each order. `surcharges` is [m or 1, location], mills for a parcel from there."""
    orders, lines = skus.shape
    parts = form.units.shape[0]
    most = int(form.counts.sum())
    keys = np.empty(orders, np.int64)
    places = np.full((orders, most), -1, np.int32)
    taken = np.zeros((orders, most), np.int32)
    doubled = np.zeros(orders, np.bool_)
    best, where = np.empty(parts, np.int64), np.empty(parts, np.int32)
    cost, chosen = np.empty(parts, np.int64), np.empty(parts, np.int32)
    for number in range(orders):
        sku, more = skus[number], surcharges[number if surcharges.shape[0] > 1 else 0]
        cheapest_parcels(net, form, sku, net.zone[destinations[number]], more, best, where)
        combine(net, form, sku, best, where, cost, chosen)
        keys[number] = cost[parts - 1]
        count = walk(form, where, chosen, places[number], taken[number])
        doubled[number] = takes_too_much(net, form, sku, places[number], taken[number], count)
    return Found(keys, places, taken, doubled)


@compiled
def cheapest_parcels(
    net: Network, form: Shape, skus: Ints, zone: NDArray[np.uint8], surcharge: Ints, best: Ints, where: NDArray[np.int32]
) -> None:
    """For each part its cheapest parcel and the location that sends it, the lowest of equals."""
    parts, lines = form.units.shape
    best[:] = FAR
    where[:] = -1
    table = rates_of_parts(net, form, skus)
    goods = np.empty(parts, np.int64)
    goods[0] = 0
    each, cap = np.empty(lines, np.int64), np.empty(lines, np.int64)
    priced = net.price.shape[0] > 1
    for place in range(zone.shape[0]):
        here = zone[place]
        if here == NO_ZONE or surcharge[place] >= CLOSED_MILLS:
            continue
        total = 0
        for line in range(lines):
            cap[line] = min(form.counts[line], net.stock[skus[line], place])
            total += cap[line]
            each[line] = (net.handling[place, 1] + net.price[skus[line] if priced else 0, place]) * KEY
        if total == 0:
            continue
        parcel = (net.handling[place, 0] + surcharge[place]) * KEY
        for part in range(1, parts):
            line = form.line[part]
            before = goods[form.less[part]]
            if before == FAR or form.units[part, line] > cap[line]:
                goods[part] = FAR
                continue
            goods[part] = before + each[line]
            key = goods[part] + parcel + table[here, part]
            if key < best[part]:
                best[part] = key
                where[part] = place


@compiled
def rates_of_parts(net: Network, form: Shape, skus: Ints) -> Ints:
    """The key of the rate of each part in each zone, a parcel counted."""
    parts, lines = form.units.shape
    steps = net.limits_g.size
    table = np.empty((net.rates.shape[0], parts), np.int64)
    weights = np.empty(parts, np.int64)
    weights[0] = 0
    for part in range(1, parts):
        weights[part] = weights[form.less[part]] + net.weight_g[skus[form.line[part]]]
        step = 0
        while step < steps and net.limits_g[step] < weights[part]:
            step += 1
        over = 0
        if step == steps:
            step -= 1
            over = (weights[part] - net.limits_g[step] + GRAMS_OF_STEP - 1) // GRAMS_OF_STEP
        for zone in range(table.shape[0]):
            table[zone, part] = (net.rates[zone, step] + over * net.beyond[zone]) * KEY + 1
    return table


@compiled
def combine(
    net: Network, form: Shape, skus: Ints, best: Ints, where: NDArray[np.int32], cost: Ints, chosen: NDArray[np.int32]
) -> None:
    """For each part the cheapest plan and its first parcel (0: a unit is left unfilled), equals going to the lower location."""
    cost[0] = 0
    chosen[0] = 0
    for part in range(1, cost.size):
        lowest = cost[form.minus_first[part]] + net.unfilled[skus[form.first[part]]] * KEY + KEY_UNFILLED
        pick = 0
        for pair in range(form.starts[part], form.starts[part + 1]):
            parcel = form.parcels[pair]
            if best[parcel] == FAR:
                continue
            key = best[parcel] + cost[form.rests[pair]]
            if key < lowest or (key == lowest and (pick == 0 or where[parcel] < where[pick])):
                lowest = key
                pick = parcel
        cost[part] = lowest
        chosen[part] = pick


@compiled
def walk(
    form: Shape, where: NDArray[np.int32], chosen: NDArray[np.int32], places: NDArray[np.int32], taken: NDArray[np.int32]
) -> int:
    """Write down the parcels of the whole order; returns how many there are."""
    count, part = 0, chosen.size - 1
    while part > 0:
        pick = chosen[part]
        if pick == 0:
            part = form.minus_first[part]
            continue
        places[count] = where[pick]
        taken[count] = pick
        count += 1
        part -= pick
    return count


@compiled
def takes_too_much(
    net: Network, form: Shape, skus: Ints, places: NDArray[np.int32], taken: NDArray[np.int32], count: int
) -> bool:
    """Whether several parcels of one location take more of a SKU than it has."""
    for first in range(count):
        for line in range(skus.size):
            total = 0
            for other in range(count):
                if places[other] == places[first]:
                    total += form.units[taken[other], line]
            if total > net.stock[skus[line], places[first]]:
                return True
    return False
