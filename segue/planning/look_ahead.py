"""Looking ahead: what a unit at a location is worth to orders that are still to come.

For each SKU a transport program: from locations to regions, so that what is expected there is met at the least cost, or
stays unfilled. The dual of a location's stock is the price of a unit there. `best_plan` then charges it, and an order
takes a scarce unit only where it is worth it. After Acimovic and Graves, "Making Better Fulfillment Decisions on the
Fly in an Online Retail Environment", 2015.

`look_ahead` takes what is expected as if it came just so, in fractions of units. Where a location has a handful of
units, that is rarely so: `prices_by_samples` draws what may come, unit by unit, and means what a unit less would cost
in each draw (after Talluri and van Ryzin, "A Randomized Linear Programming Method for Computing Network Bid Prices",
1999).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from segue.core.lanes import MILLS
from segue.planning.compiled import HAS_NUMBA
from segue.planning.network import NO_ZONE, PRICE_MAX, Ints, Network
from segue.planning.one_less import one_less
from segue.planning.solver import INFINITY, Floats, Matrix, duals, instance, load, run

SAMPLES = 16  # draws, of which a price is the mean


class Transport(NamedTuple):
    """The program of one SKU: how many units go from where to where, for what."""

    stock: Floats  # [location]
    wanted: Floats  # [region], units expected; may be fractions
    cost: Ints  # [region, location], mills for a unit sent alone; -1: it does not send there
    unfilled: int  # mills for a unit left unfilled


def unit_mills(net: Network, sku: int, destinations: Any = slice(None)) -> Ints:
    """What a unit of a SKU costs in a parcel of its own, [destination, location]; -1 where a location does not send.

    `destinations`: the rows that are asked for, all if not given.
    """
    grams = int(net.weight_g[sku])
    step = int(np.searchsorted(net.limits_g, grams))
    rate = net.rates[:, min(step, net.limits_g.size - 1)]
    if step == net.limits_g.size:
        rate = rate + -(-(grams - int(net.limits_g[-1])) // 1000) * net.beyond
    zone = net.zone[destinations]
    closed = zone == NO_ZONE
    mills = rate[np.where(closed, 0, zone)] + net.handling.sum(axis=1)
    return np.where(closed, -1, mills)


def look_ahead(net: Network, wanted: Any, skus: Sequence[int] | None = None) -> NDArray[np.int32]:
    """Prices for `net.price`, [SKU, location] in mills, from what is expected: `wanted` is [SKU, destination], in units.

    Of SKUs that are not among `skus` (all, if None) the price is 0. Prices that the network has already count as costs.
    """
    expected = np.asarray(wanted, np.float64)
    if expected.shape != (len(net.stock), len(net.zone)) or not _are_units(expected):
        raise ValueError("what is expected is an array of [SKU, destination], of numbers of units")
    prices = np.zeros(net.stock.shape, np.int32)
    for sku in range(len(net.stock)) if skus is None else skus:
        prices[sku] = prices_of(transport(net, sku, expected[sku]))
    return prices


def prices_by_samples(
    net: Network, sku: int, wanted: Any, random: np.random.Generator, samples: int = SAMPLES, *, loops: bool = HAS_NUMBA
) -> NDArray[np.int32]:
    """Prices of one SKU, [location] in mills. `wanted` is [destination], in units that are expected.

    How many come is drawn after Poisson, where they go in proportion to `wanted`. Who comes first is served: of more
    than all locations have together the rest is not looked at, and so prices say where a unit is taken from, never that
    it is kept back. Where a location does not send, a unit costs what it costs to leave it unfilled.
    """
    expected = np.asarray(wanted, np.float64)
    if expected.shape != (len(net.zone),) or not _are_units(expected):
        raise ValueError("what is expected is an array of [destination], of numbers of units")
    price, held = np.zeros(net.locations, np.int32), np.flatnonzero(net.stock[sku])
    up_to = np.cumsum(expected)
    if held.size < 2 or up_to[-1] <= 0:
        return price
    stock = net.stock[sku, held].astype(np.int64)
    counts = np.minimum(random.poisson(up_to[-1], samples), stock.sum() - 1)
    drawn = np.searchsorted(up_to[:-1], random.random(counts.sum()) * up_to[-1], side="right")
    mills = unit_mills(net, sku, drawn)[:, held]
    mills = np.where(mills < 0, net.unfilled[sku], mills + net.price[sku if len(net.price) > 1 else 0, held])
    lost = [one_less(future, stock, loops=loops) for future in np.split(mills, np.cumsum(counts)[:-1])]
    price[held] = np.clip(np.rint(np.mean(lost, axis=0)), 0, PRICE_MAX)
    return price


def _are_units(expected: Floats) -> bool:
    return bool(np.all(np.isfinite(expected)) and np.all(expected >= 0))


def transport(net: Network, sku: int, wanted: Floats) -> Transport:
    """The program of one SKU of a network."""
    cost = unit_mills(net, sku)
    own = np.where(cost < 0, -1, np.maximum(cost + net.price[sku if len(net.price) > 1 else 0], 0))
    return Transport(net.stock[sku].astype(np.float64), wanted, own, int(net.unfilled[sku]))


def prices_of(program: Transport) -> NDArray[np.int32]:
    """What one unit more at each location would save, in mills. Where there is none, it is what a first one would save."""
    stock, wanted = program.stock, program.wanted
    places, regions = np.arange(stock.size), np.flatnonzero(wanted > 0)
    if regions.size == 0:
        return np.zeros(stock.size, np.int32)
    worth = np.where(program.cost < 0, 0, np.maximum(program.unfilled - program.cost, 0))[regions][:, places]
    if stock.sum() == 0:
        first: NDArray[np.int32] = np.minimum(worth.max(axis=0), PRICE_MAX).astype(np.int32)
        return first
    region, place = np.nonzero(worth > 0)
    cost = np.concatenate(
        (program.cost[regions][region, place] / MILLS, np.full(regions.size, program.unfilled / MILLS))
    )
    columns = np.concatenate((np.stack((region, regions.size + place), axis=1).ravel(), np.arange(regions.size)))
    starts = np.concatenate((np.arange(0, 2 * region.size, 2), 2 * region.size + np.arange(regions.size + 1)))
    solver = instance(solver="simplex")
    load(
        solver,
        cost=cost,
        upper=np.full(cost.size, INFINITY),
        row_lower=np.concatenate((wanted[regions], np.full(stock.size, -INFINITY))),
        row_upper=np.concatenate((wanted[regions], stock)),
        matrix=Matrix(starts, columns, np.ones(columns.size), by_column=True),
    )
    run(solver)
    price: Floats = np.maximum(-duals(solver)[regions.size :], 0) * MILLS
    return np.minimum(np.rint(price), PRICE_MAX).astype(np.int32)
