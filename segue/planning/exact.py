"""The exact optimum of orders, found in the fastest way that is installed and fits the order.

    made = network(zone=..., stock=..., ...)
    plan = best_plan(made, demand(7, [(12, 1), (3, 2)]))      # destination 7; one unit of SKU 12, two of SKU 3
    take(made, order, plan)                                   # and the next order sees what is left

Plans of one cost are told apart: fewer units unfilled, then fewer parcels, then the lower location for the first line.
"""

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from segue.planning.compiled import HAS_NUMBA
from segue.planning.kernel import KEY_BITS, Found, find
from segue.planning.network import Demand, Ints, Network, Parcel, Plan
from segue.planning.scarce import find_scarce
from segue.planning.shapes import is_small_enough, shape
from segue.planning.vectorized import find_one
from segue.planning.whole import find_whole

NOTHING = Plan(0, (), ())


def best_plan(net: Network, order: Demand, surcharge: Ints | None = None, *, compiled: bool = HAS_NUMBA) -> Plan:
    """The cheapest plan of an order. `surcharge` is mills for a parcel by location; CLOSED_MILLS closes one."""
    more = np.zeros(net.locations, np.int64) if surcharge is None else surcharge
    if not order.counts:
        return NOTHING
    if not is_small_enough(order.counts):
        return find_whole(net, order, more)
    form, skus = shape(order.counts), np.array(order.skus)
    if compiled:
        found = find(net, form, skus[None], np.array([order.destination]), more[None])
    else:
        found = find_one(net, form, skus, order.destination, more)
    if found.doubled[0]:
        found = find_scarce(net, form, skus, order.destination, more)
    return _plan(order, form.units, found, 0)


def best_plans(
    net: Network, orders: Sequence[Demand], surcharge: Ints | None = None, *, compiled: bool = HAS_NUMBA
) -> list[Plan]:
    """The cheapest plan of each order on its own, as if it alone took from the stock; many at once are faster."""
    if not compiled:
        return [best_plan(net, order, surcharge, compiled=False) for order in orders]
    plans = [NOTHING] * len(orders)
    more = np.zeros(net.locations, np.int64) if surcharge is None else surcharge
    for counts, group in groupby(sorted(range(len(orders)), key=lambda at: orders[at].counts), lambda at: orders[at].counts):
        numbers = list(group)
        if not counts or not is_small_enough(counts):
            for at in numbers:
                plans[at] = best_plan(net, orders[at], more)
            continue
        form = shape(counts)
        skus = np.array([orders[at].skus for at in numbers])
        found = find(net, form, skus, np.array([orders[at].destination for at in numbers]), more[None])
        for row, at in enumerate(numbers):
            plans[at] = best_plan(net, orders[at], more) if found.doubled[row] else _plan(orders[at], form.units, found, row)
    return plans


def _plan(order: Demand, units: Ints, found: Found, row: int) -> Plan:
    """The plan of one of the orders found, in words that callers use."""
    parcels = []
    left = order.counts
    for place, part in zip(found.places[row].tolist(), found.parts[row].tolist(), strict=True):
        if place < 0:
            break
        counts = tuple(units[part].tolist())
        parcels.append(Parcel(place, counts))
        left = tuple([here - given for here, given in zip(left, counts, strict=True)])
    return Plan(int(found.keys[row]) >> KEY_BITS, tuple(parcels), left)
