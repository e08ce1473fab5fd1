"""The exact optimum of orders, found in the fastest way that is installed and fits the order.

    made = network(zone=..., stock=..., ...)
    plan = best_plan(made, demand(7, [(12, 1), (3, 2)]))      # destination 7; one unit of SKU 12, two of SKU 3
    take(made, order, plan)                                   # and the next order sees what is left

Plans of one cost are told apart: fewer units unfilled, then fewer parcels, then the lower location for the first line.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from segue.planning.compiled import HAS_NUMBA
from segue.planning.kernel import KEY_BITS, find
from segue.planning.network import Demand, Ints, Network, Parcel, Plan
from segue.planning.scarce import find_scarce
from segue.planning.scarce_kernel import find_scarce_all
from segue.planning.shapes import Shape, all_pairs, is_small_enough, shape
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
    form, skus, destination = _arrays(order)
    if compiled:
        found = find(net, form, skus[None], destination, more[None])
        if found.doubled[0]:
            found = find_scarce_all(net, form, all_pairs(order.counts), skus[None], destination, more[None])
    else:
        found = find_one(net, form, skus, order.destination, more)
        if found.doubled[0]:
            found = find_scarce(net, form, skus, order.destination, more)
    parts = found.parts[0]
    units = dict(zip(parts.tolist(), map(tuple, form.units[parts].tolist()), strict=True))
    return _plan(order, units, int(found.keys[0]), found.places[0].tolist(), parts.tolist())


@lru_cache(maxsize=4096)
def _arrays(order: Demand) -> tuple[Shape, Ints, Ints]:
    """An order as arrays; waves ask for the same again and again."""
    return shape(order.counts), np.array(order.skus), np.array([order.destination])


def best_plans(
    net: Network, orders: Sequence[Demand], surcharge: Ints | None = None, *, compiled: bool = HAS_NUMBA
) -> list[Plan]:
    """The cheapest plan of each order on its own, as if it alone took from the stock; many at once are faster."""
    if not compiled:
        return [best_plan(net, order, surcharge, compiled=False) for order in orders]
    plans = [NOTHING] * len(orders)
    more = np.zeros(net.locations, np.int64) if surcharge is None else surcharge
    alike: dict[tuple[int, ...], list[int]] = {}
    for number, order in enumerate(orders):
        alike.setdefault(order.counts, []).append(number)
    for counts, numbers in alike.items():
        group = [orders[number] for number in numbers]
        together = _together if counts and is_small_enough(counts) else _each
        for number, plan in zip(numbers, together(net, group, more), strict=True):
            plans[number] = plan
    return plans


def _each(net: Network, orders: Sequence[Demand], surcharge: Ints) -> list[Plan]:
    return [best_plan(net, order, surcharge) for order in orders]


def _together(net: Network, orders: Sequence[Demand], surcharge: Ints) -> list[Plan]:
    """The plans of orders of one shape."""
    counts = orders[0].counts
    form, skus = shape(counts), np.array([order.skus for order in orders])
    destinations = np.array([order.destination for order in orders])
    found = find(net, form, skus, destinations, surcharge[None])
    again = np.flatnonzero(found.doubled)
    if again.size:
        right = find_scarce_all(net, form, all_pairs(counts), skus[again], destinations[again], surcharge[None])
        found.keys[again], found.places[again], found.parts[again] = right.keys, right.places, right.parts
    units = dict(enumerate(map(tuple, form.units.tolist())))
    rows = zip(orders, found.keys.tolist(), found.places.tolist(), found.parts.tolist(), strict=True)
    return [_plan(order, units, key, places, parts) for order, key, places, parts in rows]


def _plan(order: Demand, units: Mapping[int, tuple[int, ...]], key: int, places: list[int], parts: list[int]) -> Plan:
    """A plan in words that callers use."""
    parcels = [Parcel(place, units[part]) for place, part in zip(places, parts, strict=True) if place >= 0]
    left = order.counts
    for parcel in parcels:
        left = tuple([here - given for here, given in zip(left, parcel.counts, strict=True)])
    return Plan(key >> KEY_BITS, tuple(parcels), left)
