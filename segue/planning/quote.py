"""A cart's question, in arrays: from where, and at what cost, is all of it cheapest, and from where is it there first?

The calendar (cut-offs, holidays) is no matter of this file: it gives `days`, how long each location would take to each
destination.
"""

from typing import Any, NamedTuple

import numpy as np

from segue.planning.compiled import HAS_NUMBA
from segue.planning.exact import best_plan
from segue.planning.network import CLOSED_MILLS, NO_ZONE, Demand, Network, Plan

NEVER = 1 << 15  # days; no location has it


class Offer(NamedTuple):
    """One way of sending a cart, and the day on which the last parcel of it arrives; NEVER, if some of it nobody has."""

    plan: Plan
    day: int


class Offers(NamedTuple):
    """The two ways that a customer may choose from."""

    cheapest: Offer
    earliest: Offer


def cart_offer(net: Network, cart: Demand, days: Any, *, compiled: bool = HAS_NUMBA) -> Offers:
    """The cheapest plan of a cart, and the cheapest of those that arrive on the first day possible.

    `days` is [destination, location]: on which day a parcel that is ordered now would arrive.
    """
    own = days[cart.destination]
    plan = best_plan(net, cart, compiled=compiled)
    cheapest = Offer(plan, _day(plan, own))
    first = earliest_day(net, cart, own)
    if first >= cheapest.day:
        return Offers(cheapest, cheapest)
    late = np.where(own > first, CLOSED_MILLS, 0)
    return Offers(cheapest, Offer(best_plan(net, cart, late, compiled=compiled), first))


def earliest_day(net: Network, cart: Demand, days: Any) -> int:
    """The first day on which all of a cart could be there, whatever it costs."""
    open_days = np.where(net.zone[cart.destination] == NO_ZONE, NEVER, days)
    latest = 0
    for sku, count in zip(cart.skus, cart.counts, strict=True):
        held = net.stock[sku]
        if count == 1:
            day = int(np.where(held > 0, open_days, NEVER).min())
        else:
            order = np.argsort(open_days, kind="stable")
            there = np.cumsum(held[order])
            at = int(np.searchsorted(there, count))
            day = int(open_days[order[at]]) if at < there.size else NEVER
        latest = max(latest, day)
    return latest


def _day(plan: Plan, days: Any) -> int:
    return NEVER if any(plan.unfilled) else max(int(days[parcel.location]) for parcel in plan.parcels)
