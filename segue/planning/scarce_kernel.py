"""The same as `scarce`, as loops that numba compiles: the same keys and the same plans."""

import numpy as np
from numpy.typing import NDArray

from segue.planning.compiled import compiled
from segue.planning.kernel import FAR, KEY, Found, cheapest_parcels, combine, rates_of_parts, walk
from segue.planning.network import CLOSED_MILLS, NO_ZONE, Ints, Network
from segue.planning.shapes import Pairs, Positions, Shape


@compiled
def find_scarce_all(net: Network, form: Shape, pairs: Pairs, skus: Ints, destinations: Ints, surcharges: Ints) -> Found:
    """The cheapest plan of each order in which no location gives more than it has."""
    orders = skus.shape[0]
    most = int(form.counts.sum())
    keys = np.empty(orders, np.int64)
    places = np.full((orders, most), -1, np.int32)
    taken = np.zeros((orders, most), np.int32)
    for number in range(orders):
        more = surcharges[number if surcharges.shape[0] > 1 else 0]
        zone = net.zone[destinations[number]]
        keys[number] = find_scarce_one(net, form, pairs, skus[number], zone, more, places[number], taken[number])
    return Found(keys, places, taken, np.zeros(orders, np.bool_))


@compiled
def find_scarce_one(
    net: Network,
    form: Shape,
    pairs: Pairs,
    skus: Ints,
    zone: NDArray[np.uint8],
    surcharge: Ints,
    places: Positions,
    taken: Positions,
) -> int:
    """One of them; writes down its parcels and returns its key."""
    parts = form.units.shape[0]
    lacking = with_too_little(net, form, skus, zone, surcharge)
    others = surcharge.copy()
    others[lacking] = CLOSED_MILLS
    best, where = np.empty(parts, np.int64), np.empty(parts, np.int32)
    chosen = np.empty(parts, np.int32)
    costs = np.empty((lacking.size + 1, parts), np.int64)
    cheapest_parcels(net, form, skus, zone, others, best, where)
    combine(net, form, skus, best, where, costs[0], chosen)
    table = rates_of_parts(net, form, skus)
    single, joint = np.empty((lacking.size, parts), np.int64), np.empty((lacking.size, parts), np.int64)
    for at in range(lacking.size):
        place = lacking[at]
        what_it_gives(net, form, skus, place, table[zone[place]], surcharge[place], single[at], joint[at])
        add_location(pairs, joint[at], costs[at], costs[at + 1])
    part = parts - 1
    count = 0
    for at in range(lacking.size - 1, -1, -1):
        given = given_by(pairs, part, joint[at], costs[at], costs[at + 1])
        part -= given
        while given > 0:
            pick = next_parcel(form, given, single[at], joint[at])
            places[count], taken[count] = lacking[at], pick
            count, given = count + 1, given - pick
    count += walk(form, where, chosen, part, places[count:], taken[count:])
    put_in_order(places, taken, count)
    return int(costs[lacking.size, parts - 1])


@compiled
def with_too_little(net: Network, form: Shape, skus: Ints, zone: NDArray[np.uint8], surcharge: Ints) -> Ints:
    """The open locations that have some, but not all, of the units of a line."""
    found = np.empty(zone.size, np.int64)
    count = 0
    for place in range(zone.size):
        if zone[place] == NO_ZONE or surcharge[place] >= CLOSED_MILLS:
            continue
        for line in range(skus.size):
            if 0 < net.stock[skus[line], place] < form.counts[line]:
                found[count] = place
                count += 1
                break
    return found[:count]


@compiled
def what_it_gives(
    net: Network, form: Shape, skus: Ints, place: int, rates: Ints, surcharge: int, single: Ints, joint: Ints
) -> None:
    """The keys of each part from one location, in one parcel and in several."""
    priced = net.price.shape[0] > 1
    parcel = (net.handling[place, 0] + surcharge) * KEY
    goods = np.empty(single.size, np.int64)
    goods[0], single[0], joint[0] = 0, FAR, 0
    for part in range(1, single.size):
        line = form.line[part]
        before = goods[form.less[part]]
        if before == FAR or form.units[part, line] > net.stock[skus[line], place]:
            goods[part], single[part], joint[part] = FAR, FAR, FAR
            continue
        goods[part] = before + (net.handling[place, 1] + net.price[skus[line] if priced else 0, place]) * KEY
        single[part] = goods[part] + parcel + rates[part]
        lowest = single[part]
        for pair in range(form.starts[part], form.starts[part + 1]):
            lowest = min(lowest, single[form.parcels[pair]] + joint[form.rests[pair]])
        joint[part] = lowest


@compiled
def add_location(pairs: Pairs, joint: Ints, before: Ints, after: Ints) -> None:
    """The cost of each part when one more location may give some of it."""
    for part in range(after.size):
        lowest = np.int64(FAR)
        for pair in range(pairs.starts[part], pairs.starts[part + 1]):
            lowest = min(lowest, joint[pairs.parcels[pair]] + before[pairs.rests[pair]])
        after[part] = lowest


@compiled
def given_by(pairs: Pairs, part: int, joint: Ints, before: Ints, after: Ints) -> int:
    """What the location gives of a part; nothing, if that costs the same."""
    if before[part] == after[part]:
        return 0
    for pair in range(pairs.starts[part], pairs.starts[part + 1]):
        if joint[pairs.parcels[pair]] + before[pairs.rests[pair]] == after[part]:
            return int(pairs.parcels[pair])
    return 0


@compiled
def next_parcel(form: Shape, part: int, single: Ints, joint: Ints) -> int:
    """The next parcel in which a location sends what it gives."""
    for pair in range(form.starts[part], form.starts[part + 1]):
        if single[form.parcels[pair]] + joint[form.rests[pair]] == joint[part]:
            return int(form.parcels[pair])
    return part


@compiled
def put_in_order(places: Positions, taken: Positions, count: int) -> None:
    """Sort parcels by location, then by part."""
    for last in range(1, count):
        at = last
        while at > 0 and (places[at - 1], taken[at - 1]) > (places[at], taken[at]):
            places[at - 1], places[at] = places[at], places[at - 1]
            taken[at - 1], taken[at] = taken[at], taken[at - 1]
            at -= 1
