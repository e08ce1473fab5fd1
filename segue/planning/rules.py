"""The rules, for comparison and for backtests: ask the first location by score for all it has, then the next for the
rest.

Scores are made beforehand, one for each destination and location: a distance. What is cheapest plays no part.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.planning.compiled import HAS_NUMBA, compiled
from segue.planning.network import CLOSED_MILLS, GRAMS_OF_STEP, NO_ZONE, Demand, Ints, Network, Parcel, Plan, plan_mills

FAR_SCORE = 1 << 30  # higher than any score; added for locations that have not everything, where complete ones go first
Scores = NDArray[np.int32]


def closest(distance: Any) -> Scores:
    """The nearest location goes first. `distance` is [destination, location], in any unit."""
    return np.ascontiguousarray(distance, np.int32)


def plan_by_rules(
    net: Network,
    order: Demand,
    scores: Scores,
    surcharge: Ints | None = None,
    *,
    complete: bool = False,
    compiled: bool = HAS_NUMBA,
) -> Plan:
    """What the rules make of an order. Equal scores: the lower location. `complete`: who has all of the rest goes first."""
    more = np.zeros(net.locations, np.int64) if surcharge is None else surcharge
    skus, counts = np.array(order.skus), np.array(order.counts)
    zone, score = net.zone[order.destination], scores[order.destination]
    if compiled:
        places, given, mills = follow(net, skus, counts, zone, score, more, complete)
        parcels = [Parcel(place, tuple(row)) for place, row in zip(places.tolist(), given.tolist(), strict=True)]
        return Plan(mills, tuple(parcels), _rest(order, parcels))
    parcels = _followed(net, skus, counts, np.where(zone == NO_ZONE, CLOSED_MILLS, more), score, complete)
    plan = Plan(0, tuple(parcels), _rest(order, parcels))
    return plan._replace(cost_mills=plan_mills(net, order, plan, more))


def _rest(order: Demand, parcels: list[Parcel]) -> tuple[int, ...]:
    rest = order.counts
    for parcel in parcels:
        rest = tuple([left - given for left, given in zip(rest, parcel.counts, strict=True)])
    return rest


def follow(
    net: Network, skus: Ints, counts: Ints, zone: NDArray[np.uint8], score: Scores, surcharge: Ints, complete: bool
) -> tuple[NDArray[np.int32], Ints, int]:
    """The parcels of the rules: locations, units by line, and what all of it costs."""
    units = sum(counts.tolist())
    places, given = np.empty(units, np.int32), np.zeros((units, skus.size), np.int64)
    parcels, mills = follow_into(*net, skus, counts, zone, score, surcharge, complete, places, given)
    return places[:parcels], given[:parcels], mills


@compiled
def follow_into(
    zones: NDArray[np.uint8], stock: NDArray[np.int32], price: NDArray[np.int32], weight_g: Ints, unfilled: Ints,
    limits_g: Ints, rates: Ints, beyond: Ints, handling: Ints,
    skus: Ints, counts: Ints, zone: NDArray[np.uint8], score: Scores, surcharge: Ints, complete: bool,
    places: NDArray[np.int32], given: Ints,
) -> tuple[int, int]:  # fmt: skip
    """The same, array by array; returns how many parcels there are, and what all of it costs."""
    net = Network(zones, stock, price, weight_g, unfilled, limits_g, rates, beyond, handling)
    left, wanted = counts.copy(), counts.sum()
    asked = np.zeros(zone.size, np.bool_)
    parcels, mills = 0, 0
    while wanted > 0:
        place = first_of(net, skus, left, zone, score, surcharge, asked, complete)
        if place < 0:
            break
        asked[place] = True
        places[parcels] = place
        for line in range(skus.size):
            count = min(left[line], net.stock[skus[line], place])
            given[parcels, line] = count
            left[line] -= count
            wanted -= count
        mills += cost_of(net, skus, given[parcels], zone[place], place) + surcharge[place]
        parcels += 1
    for line in range(skus.size):
        mills += left[line] * net.unfilled[skus[line]]
    return parcels, mills


@compiled
def first_of(
    net: Network,
    skus: Ints,
    left: Ints,
    zone: NDArray[np.uint8],
    score: Scores,
    surcharge: Ints,
    asked: NDArray[np.bool_],
    complete: bool,
) -> int:
    """The location that goes first among those that have something of what is left; -1: none has."""
    best, first = np.int64(2 * FAR_SCORE), -1
    for place in range(zone.size):
        own = np.int64(score[place])
        if own >= best or asked[place] or zone[place] == NO_ZONE or surcharge[place] >= CLOSED_MILLS:
            continue
        some, every = False, True
        for line in range(skus.size):
            held = net.stock[skus[line], place]
            some = some or (left[line] > 0 and held > 0)
            every = every and held >= left[line]
        if complete and not every:
            own += FAR_SCORE
        if some and own < best:
            best, first = own, place
    return first


@compiled
def cost_of(net: Network, skus: Ints, counts: Ints, zone: int, place: int) -> int:
    """What a parcel costs: its rate, its handling, its prices."""
    grams, mills, priced = 0, net.handling[place, 0], net.price.shape[0] > 1
    for line in range(skus.size):
        grams += counts[line] * net.weight_g[skus[line]]
        mills += counts[line] * (net.handling[place, 1] + net.price[skus[line] if priced else 0, place])
    step, over = 0, 0
    while step < net.limits_g.size and net.limits_g[step] < grams:
        step += 1
    if step == net.limits_g.size:
        step -= 1
        over = (grams - net.limits_g[step] + GRAMS_OF_STEP - 1) // GRAMS_OF_STEP
    return int(mills + net.rates[zone, step] + over * net.beyond[zone])


def _followed(net: Network, skus: Ints, counts: Ints, surcharge: Ints, score: Scores, complete: bool) -> list[Parcel]:
    """The same with numpy alone."""
    held = np.where(surcharge < CLOSED_MILLS, net.stock[skus], 0)
    parcels = []
    while counts.any():
        takes = np.minimum(held, counts[:, None])
        some = takes.any(axis=0)
        if not some.any():
            break
        penalty = np.where((takes == counts[:, None]).all(axis=0), 0, FAR_SCORE) if complete else 0
        place = int(np.where(some, score.astype(np.int64) + penalty, 2 * FAR_SCORE).argmin())
        parcels.append(Parcel(place, tuple(takes[:, place].tolist())))
        counts = counts - takes[:, place]
        held[:, place] = 0
    return parcels
