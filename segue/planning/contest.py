"""What orders compete for: the stock that they could empty between them, and the orders that need none of it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from segue.planning.exact import best_plans
from segue.planning.master import ANY_SKU, Prices
from segue.planning.network import NO_ZONE, PRICE_MAX, Demand, Ints, Network, Plan


class Contest(NamedTuple):
    """What is scarce among some orders, and those that are settled: the best that each could have touches nothing scarce."""

    scarce: NDArray[np.bool_]  # [SKU, location]
    tight: NDArray[np.bool_]  # [location], whose capacity could be used up
    alone: list[Plan]  # what each order would have if it were alone
    settled: dict[int, Plan]


def contested(net: Network, orders: Sequence[Demand], capacity: Ints | None, *, compiled: bool) -> Contest:
    """What these orders compete for. Of what settled orders leave alone less may be scarce, and so more orders settled."""
    alone = best_plans(net, orders, compiled=compiled)
    parcels = sum(sum(order.counts) for order in orders)
    tight = np.zeros(net.locations, np.bool_) if capacity is None else capacity < parcels
    settled: dict[int, Plan] = {}
    while True:
        scarce = _wanted(net, orders, settled) > net.stock
        rest = [number for number in range(len(orders)) if number not in settled]
        free = {number: alone[number] for number in rest if not _touches(orders[number], alone[number], scarce, tight)}
        if not free:
            return Contest(scarce, tight, alone, settled)
        settled |= free


def _wanted(net: Network, orders: Sequence[Demand], settled: dict[int, Plan]) -> Ints:
    """How much could be asked of each SKU and location: what is settled, and all that the others may ask."""
    wanted = np.zeros(net.stock.shape, np.int64)
    for number, order in enumerate(orders):
        if number in settled:
            for parcel in settled[number].parcels:
                wanted[list(order.skus), parcel.location] += parcel.counts
        else:
            counts = np.array(order.counts, np.int64)[:, None]
            wanted[np.array(order.skus, np.intp)] += counts * (net.zone[order.destination] != NO_ZONE)
    return wanted


def _touches(order: Demand, plan: Plan, scarce: NDArray[np.bool_], tight: NDArray[np.bool_]) -> bool:
    """Whether a plan takes anything that is scarce."""
    return any(
        tight[place] or any(count and scarce[sku, place] for sku, count in zip(order.skus, counts, strict=True))
        for place, counts in plan.parcels
    )


def narrowed(net: Network, orders: Sequence[Demand]) -> tuple[Network, list[Demand]]:
    """A network of only the SKUs that are wanted, with a price for each, and the orders in its numbers."""
    skus = sorted({sku for order in orders for sku in order.skus})
    numbers = {sku: number for number, sku in enumerate(skus)}
    price = net.price[skus] if len(net.price) > 1 else np.repeat(net.price, len(skus), axis=0)
    small = net._replace(stock=net.stock[skus], price=price, weight_g=net.weight_g[skus], unfilled=net.unfilled[skus])
    return small, [order._replace(skus=tuple([numbers[sku] for sku in order.skus])) for order in orders]


def copied(net: Network) -> Network:
    """The network with a stock of its own."""
    return net._replace(stock=net.stock.copy())


def priced(net: Network, prices: Prices) -> tuple[Network, Ints]:
    """The network with these prices on top, its stock shared; and what a parcel costs more where capacity has a price."""
    price, surcharge = net.price.astype(np.int64), np.zeros(net.locations, np.int64)
    for (sku, place), mills in prices.items():
        if sku == ANY_SKU:
            surcharge[place] += mills
        else:
            price[sku, place] += mills
    assert price.max(initial=0) <= PRICE_MAX
    return net._replace(price=price.astype(np.int32)), surcharge


def move(net: Network, capacity: Ints | None, order: Demand, plan: Plan, sign: int) -> None:
    """Take a plan out of stock and capacity (-1), or give it back (1)."""
    stock = net.stock
    for place, counts in plan.parcels:
        for sku, count in zip(order.skus, counts, strict=True):
            if count:
                stock[sku, place] += sign * count
        if capacity is not None:
            capacity[place] += sign


def nothing_mills(net: Network, order: Demand) -> int:
    """What it costs to leave an order unfilled."""
    return sum(count * int(net.unfilled[sku]) for sku, count in zip(order.skus, order.counts, strict=True))
