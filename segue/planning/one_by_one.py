"""Orders one after the other: each takes its own optimum from what those before it have left."""

from collections.abc import Sequence

import numpy as np

from segue.planning.compiled import HAS_NUMBA
from segue.planning.exact import best_plan
from segue.planning.network import CLOSED_MILLS, Demand, Ints, Network, Plan, plan_mills, take


def one_by_one(
    net: Network, orders: Sequence[Demand], capacity: Ints | None = None, *, compiled: bool = HAS_NUMBA
) -> list[Plan]:
    """The plan of each order. `net.stock` and `capacity` (parcels by location) are taken from."""
    return [take_best(net, order, capacity, compiled=compiled) for order in orders]


def take_best(
    net: Network,
    order: Demand,
    capacity: Ints | None,
    paid: Network | None = None,
    surcharge: Ints | None = None,
    *,
    compiled: bool = HAS_NUMBA,
) -> Plan:
    """The best plan of an order by the prices of `paid`, taken from the stock that both share; its cost is that of `net`."""
    more = np.zeros(net.locations, np.int64) if surcharge is None else surcharge
    while True:
        closed = more if capacity is None else np.where(capacity > 0, more, CLOSED_MILLS)
        plan = best_plan(net if paid is None else paid, order, closed, compiled=compiled)
        full = [] if capacity is None else _too_full(plan, capacity)
        if not full:
            break
        more = closed.copy()
        more[full] = CLOSED_MILLS  # it had room for one parcel, and the plan sends several from there
    if paid is not None or surcharge is not None:
        plan = plan._replace(cost_mills=plan_mills(net, order, plan))
    take(net, order, plan)
    if capacity is not None:
        for parcel in plan.parcels:
            capacity[parcel.location] -= 1
    return plan


def _too_full(plan: Plan, capacity: Ints) -> list[int]:
    """The locations that would send more parcels than they can."""
    sent = [parcel.location for parcel in plan.parcels]
    return [place for place in dict.fromkeys(sent) if sent.count(place) > capacity[place]]
