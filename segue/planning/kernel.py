"""The exact optimum of orders of one shape, as loops that numba compiles.

best[part] is the cheapest parcel for a part, over all locations; cost[part] = min over its pairs of best[parcel] +
cost[rest], or of leaving a unit of its first line unfilled. Costs carry their tie-breaks in their low bits: see `KEY`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from segue.planning.compiled import compiled
from segue.planning.network import CLOSED_MILLS, GRAMS_OF_STEP, NO_ZONE, Ints, Network
from segue.planning.shapes import Positions, Shape

# A key is mills * KEY + unfilled units * KEY_UNFILLED + parcels: of two plans of one cost, that with fewer units unfilled is
# the lower, then that with fewer parcels. Keys are added up as costs are.
KEY_BITS = 14
KEY = 1 << KEY_BITS
KEY_UNFILLED = 1 << 7
FAR = 1 << 60  # the key of what cannot be


class Found(NamedTuple):
    """Plans of m orders of one shape with u units and n lines."""

    keys: Ints  # [m]
    places: Positions  # [m, u], the location of each parcel; -1: no more parcels
    parts: Positions  # [m, u], the part of the order that it has
    doubled: NDArray[np.bool_]  # [m], whether parcels of one location take more together than it has


def find(net: Network, form: Shape, skus: Ints, destinations: Ints, surcharges: Ints) -> Found:
    """The cheapest plan of each order. `surcharges` is [m or 1, location], mills for a parcel from there."""
    found = nothing_found(len(skus), form)
    find_into(*net, *form, skus, destinations, surcharges, *found)
    return found


def nothing_found(orders: int, form: Shape) -> Found:
    """Room for what will be found."""
    most = sum(form.counts.tolist())
    places = np.empty((orders, most), np.int32)
    places.fill(-1)
    taken = np.zeros((orders, most), np.int32)
    return Found(np.empty(orders, np.int64), places, taken, np.zeros(orders, np.bool_))


@compiled
def find_into(
    zone: NDArray[np.uint8], stock: Positions, price: Positions, weight_g: Ints, unfilled: Ints,
    limits_g: Ints, rates: Ints, beyond: Ints, handling: Ints,
    counts: Ints, units: Ints, line: Positions, less: Positions, first: Positions, minus_first: Positions,
    starts: Positions, parcels: Positions, rests: Positions,
    skus: Ints, destinations: Ints, surcharges: Ints,
    keys: Ints, places: Positions, taken: Positions, doubled: NDArray[np.bool_],
) -> None:  # fmt: skip
    """The same, array by array: handing over tuples of arrays would take longer than many an order."""
    net = Network(zone, stock, price, weight_g, unfilled, limits_g, rates, beyond, handling)
    form = Shape(counts, units, line, less, first, minus_first, starts, parcels, rests)
    find_all(net, form, skus, destinations, surcharges, Found(keys, places, taken, doubled))


@compiled
def find_all(net: Network, form: Shape, skus: Ints, destinations: Ints, surcharges: Ints, found: Found) -> None:
    """Write down what was found, order by order."""
    orders = skus.shape[0]
    parts = form.units.shape[0]
    best, where = np.empty(parts, np.int64), np.empty(parts, np.int32)
    cost, chosen = np.empty(parts, np.int64), np.empty(parts, np.int32)
    for number in range(orders):
        sku, more = skus[number], surcharges[number if surcharges.shape[0] > 1 else 0]
        cheapest_parcels(net, form, sku, net.zone[destinations[number]], more, best, where)
        combine(net, form, sku, best, where, cost, chosen)
        found.keys[number] = cost[parts - 1]
        places, taken = found.places[number], found.parts[number]
        count = walk(form, where, chosen, parts - 1, places, taken)
        found.doubled[number] = takes_too_much(net, form, sku, places, taken, count)


@compiled
def cheapest_parcels(
    net: Network,
    form: Shape,
    skus: Ints,
    zone: NDArray[np.uint8],
    surcharge: Ints,
    best: Ints,
    where: Positions,
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
    there = places_with_any(net, skus)
    for place in range(zone.shape[0]):
        here = zone[place]
        if there[place] == 0 or here == NO_ZONE or surcharge[place] >= CLOSED_MILLS:
            continue
        for line in range(lines):
            cap[line] = min(form.counts[line], net.stock[skus[line], place])
            each[line] = (net.handling[place, 1] + net.price[skus[line] if priced else 0, place]) * KEY
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
def places_with_any(net: Network, skus: Ints) -> Positions:
    """By location whether it has any of these SKUs: above 0. One row after the other, which is many locations at once."""
    there: Positions = net.stock[skus[0]].copy()
    for line in range(1, skus.size):
        row = net.stock[skus[line]]
        for place in range(there.size):
            there[place] |= row[place]
    return there


@compiled
def rates_of_parts(net: Network, form: Shape, skus: Ints) -> Ints:
    """The key of the rate of each part in each zone, a parcel counted."""
    parts = form.units.shape[0]
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
def combine(net: Network, form: Shape, skus: Ints, best: Ints, where: Positions, cost: Ints, chosen: Positions) -> None:
    """For each part the cheapest plan and its first parcel (0: a unit stays unfilled); of equals the lower location."""
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
def walk(form: Shape, where: Positions, chosen: Positions, part: int, places: Positions, taken: Positions) -> int:
    """Write down the parcels of a part; returns how many there are."""
    count = 0
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
def takes_too_much(net: Network, form: Shape, skus: Ints, places: Positions, taken: Positions, count: int) -> bool:
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
