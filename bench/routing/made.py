"""Made-up networks: towns on a map, locations in towns, zones by distance, a rate table of the usual order of
magnitude.

Synthetic throughout: figures made with it compare ways of planning, and say nothing of a real shop's costs.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from segue.planning.network import Demand, Network, demand, network

TOWNS = 60
ZONES = 7
WAREHOUSES = 0.2  # of the locations; the others are stores, where handling costs more
LIMITS_G = (500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000)
BASE = np.array(
    (420, 480, 590, 800, 1_150, 1_800, 2_500)
)  # minor units in the nearest zone; 13 % more in each farther one
BEYOND_MILLS = 100_000
UNFILLED_MILLS = 2_000_000
LINES = ((1, 2, 3, 4, 5), (0.5, 0.25, 0.13, 0.08, 0.04))  # lines of an order, and how often
UNITS = ((1, 2, 3), (0.85, 0.1, 0.05))


class World(NamedTuple):
    """A network, orders for it, and how far each location is from each town."""

    net: Network
    orders: list[Demand]
    distance: NDArray[np.int32]  # [destination, location]
    warehouse: NDArray[np.bool_]  # [location]


def world(seed: int, locations: int, orders: int, *, skus: int, tightness: float) -> World:
    """A network whose stock is `tightness` times what the orders want of each SKU, spread at random over the locations."""
    dice = np.random.default_rng(seed)
    towns = dice.random((TOWNS, 2))
    places = towns[dice.integers(0, TOWNS, locations)] + dice.normal(0, 0.01, (locations, 2))
    distance = np.sqrt(((towns[:, None] - places[None]) ** 2).sum(axis=-1))
    popular = 1 / np.arange(1, skus + 1) ** 0.8
    made = [_order(dice, skus, popular / popular.sum()) for _ in range(orders)]
    warehouse = dice.random(locations) < WAREHOUSES
    stock = _stock(dice, made, skus, locations, tightness)
    handling = np.stack([np.where(warehouse, 100_000, 180_000), np.where(warehouse, 20_000, 50_000)], axis=1)
    net = network(
        zone=np.minimum(distance * ZONES, ZONES - 1).astype(int),
        stock=stock,
        weight_g=dice.integers(100, 3_000, skus),
        unfilled=UNFILLED_MILLS,
        limits_g=LIMITS_G,
        rates=(BASE * (1 + np.arange(ZONES)[:, None] * 0.13)).astype(int) * 1_000,
        beyond=BEYOND_MILLS,
        handling=handling,
    )
    return World(net, made, (distance * 1_000).astype(np.int32), warehouse)


def _order(dice: Any, skus: int, popular: Any) -> Demand:
    count = int(dice.choice(LINES[0], p=LINES[1]))
    wanted = dice.choice(skus, count, replace=False, p=popular)
    return demand(int(dice.integers(0, TOWNS)), [(int(sku), int(dice.choice(UNITS[0], p=UNITS[1]))) for sku in wanted])


def _stock(dice: Any, orders: list[Demand], skus: int, locations: int, tightness: float) -> Any:
    total = np.zeros(skus)
    for order in orders:
        total[list(order.skus)] += order.counts
    units = np.ceil(total * tightness).astype(int)
    return np.stack([np.bincount(dice.integers(0, locations, count), minlength=locations) for count in units])
