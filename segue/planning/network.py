"""The network as arrays: who may send where, what lies where, what sending costs. All money is in mills, as integers.

A mill is a thousandth of a minor unit. Locations, SKUs and destinations are rows, numbered from 0 in the caller's
order; the order of the locations decides ties, so callers number them by their ids.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
NO_ZONE = 255  # the location does not send there
CLOSED_MILLS = 1 << 37  # a surcharge from which on a location is closed to an order
PRICE_MAX = (1 << 31) - 1  # mills a unit, up or down: prices are kept in 32 bits
PARCEL_MILLS_MAX = (
    1 << 38
)  # the most that a parcel or a unit may cost, so that sums with their tie-breaks fit into 64 bits
UNITS_MAX = 127  # of one order
UNFILLED_MILLS_MAX = 10**10  # from there on sums lose their last figures in a solver, and ties their meaning
GRAMS_OF_STEP = 1000  # beyond the last weight of the table, each started kilogram costs `beyond`


class Network(NamedTuple):
    """What planning knows of the world. Made by `network`, which checks it; `stock` is changed by whoever takes from it."""

    zone: NDArray[np.uint8]  # [destination, location]; NO_ZONE: it does not send there
    stock: NDArray[np.int32]  # [SKU, location], units that are free
    price: NDArray[np.int32]  # [SKU, location] mills a unit: opportunity, markdown (below 0). One row: for all SKUs
    weight_g: Ints  # [SKU]
    unfilled: Ints  # [SKU], mills for a unit that is left unfilled
    limits_g: Ints  # [step], weights up to which a step of the rate table goes, rising
    rates: Ints  # [zone, step], mills for a parcel
    beyond: Ints  # [zone], mills for each started kilogram above the last step
    handling: Ints  # [location, 2], mills for a parcel, mills for a unit

    @property
    def locations(self) -> int:
        """How many locations there are."""
        return int(self.stock.shape[1])


class Demand(NamedTuple):
    """An order as planning sees it: each SKU once, with how many units are wanted."""

    destination: int
    skus: tuple[int, ...]
    counts: tuple[int, ...]


class Parcel(NamedTuple):
    """What one location sends: how many units of each SKU of the demand, in its order."""

    location: int
    counts: tuple[int, ...]


class Plan(NamedTuple):
    """How a demand is met. `cost_mills` has everything: parcels, handling, prices, surcharges, and what is unfilled."""

    cost_mills: int
    parcels: tuple[Parcel, ...]
    unfilled: tuple[int, ...]


def network(
    *,
    zone: Any,
    stock: Any,
    weight_g: Any,
    unfilled: Any,
    limits_g: Any,
    rates: Any,
    beyond: Any = 0,
    price: Any = 0,
    handling: Any = 0,
) -> Network:
    """A checked network from anything numpy can read. Raises ValueError, naming what does not fit."""
    zones, held = np.ascontiguousarray(zone, np.uint8), _stock(stock)
    skus, places = held.shape
    table = np.ascontiguousarray(rates, np.int64)
    prices = _prices(price, places)
    made = Network(
        zones,
        held,
        prices,
        _spread(weight_g, skus),
        _spread(unfilled, skus),
        np.ascontiguousarray(limits_g, np.int64),
        table,
        _spread(beyond, table.shape[0]),
        np.array(np.broadcast_to(np.asarray(handling, np.int64), (places, 2)), order="C"),
    )
    for complaint, broken in _complaints(made).items():
        if broken:
            raise ValueError(complaint)
    return made


def _stock(stock: Any) -> NDArray[np.int32]:
    held = np.ascontiguousarray(stock, np.int32)
    if held.ndim != 2:
        raise ValueError("stock is an array of [SKU, location]")
    return held


def _prices(price: Any, places: int) -> NDArray[np.int32]:
    wide = np.asarray(np.broadcast_to(price, (1, places)) if np.ndim(price) < 2 else price, np.int64)
    if np.any(np.abs(wide) > PRICE_MAX):
        raise ValueError(f"a price is above {PRICE_MAX} mills")
    return np.array(wide, np.int32, order="C")


def _spread(figures: Any, length: int) -> Ints:
    return np.array(np.broadcast_to(np.asarray(figures, np.int64), (length,)))  # a copy: what is broadcast is read-only


def _complaints(made: Network) -> dict[str, bool]:
    """What could be wrong with a network, and whether it is."""
    zones, places = made.rates.shape[0], made.locations
    money = (made.price, made.unfilled, made.rates, made.beyond, made.handling)
    return {
        "zone is an array of [destination, location]": made.zone.ndim != 2 or made.zone.shape[1] != places,
        "a zone is not in the rate table": bool(np.any((made.zone >= zones) & (made.zone != NO_ZONE))),
        "stock is below 0": bool(np.any(made.stock < 0)),
        "price is one row, or a row for each SKU": made.price.shape not in ((1, places), made.stock.shape),
        "the weights of the rate table do not rise": made.limits_g.size == 0
        or bool(np.any(np.diff(made.limits_g) <= 0)),
        "the rate table has not one rate for each weight": made.rates.shape != (zones, made.limits_g.size),
        "a weight is below 0": bool(np.any(made.weight_g < 0)),
        "a cost is below 0": any(bool(np.any(figures < 0)) for figures in money[1:]),
        f"a unit left unfilled costs {UNFILLED_MILLS_MAX} mills or more": bool(
            np.any(made.unfilled >= UNFILLED_MILLS_MAX)
        ),
        "a parcel could cost too much": _dearest(made) > PARCEL_MILLS_MAX,
    }


def _dearest(made: Network) -> int:
    """More than any parcel or unfilled unit can cost."""
    grams, unit, row = (int(figures.max(initial=0)) for figures in (made.weight_g, made.handling, made.unfilled))
    price = max(int(made.price.max(initial=0)), -int(made.price.min(initial=0)))
    beyond = int(made.beyond.max(initial=0)) * (UNITS_MAX * grams // GRAMS_OF_STEP + 1)
    return int(made.rates.max(initial=0)) + beyond + (UNITS_MAX + 1) * (unit + price) + row


def dearest_more(made: Network) -> int:
    """The most that a unit may be made dearer by, wherever it lies, so that its price still fits."""
    return PRICE_MAX - max(0, int(made.price.max(initial=0)))


def demand(destination: int, lines: Sequence[tuple[int, int]]) -> Demand:
    """An order's lines as a demand: lines of one SKU are added up, since they draw on the same stock."""
    counts: dict[int, int] = {}
    for sku, count in lines:
        counts[sku] = counts.get(sku, 0) + count
    counts = {sku: count for sku, count in counts.items() if count > 0}
    return Demand(destination, tuple(counts), tuple(counts.values()))


def rate_mills(made: Network, zone: int, weight_g: int) -> int:
    """What a parcel of this weight costs in this zone."""
    step = int(np.searchsorted(made.limits_g, weight_g))
    if step < made.limits_g.size:
        return int(made.rates[zone, step])
    over = -(-(weight_g - int(made.limits_g[-1])) // GRAMS_OF_STEP)
    return int(made.rates[zone, -1]) + over * int(made.beyond[zone])


def parcel_mills(made: Network, order: Demand, parcel: Parcel, surcharge: Ints | None = None) -> int:
    """What one parcel costs: rate, handling, prices, and what the order pays more for this location."""
    place = parcel.location
    weight = sum(count * int(made.weight_g[sku]) for sku, count in zip(order.skus, parcel.counts, strict=True))
    rows = [sku if len(made.price) > 1 else 0 for sku in order.skus]
    each = [int(made.handling[place, 1]) + int(made.price[row, place]) for row in rows]
    units = sum(count * mills for count, mills in zip(parcel.counts, each, strict=True))
    more = 0 if surcharge is None else int(surcharge[place])
    return (
        rate_mills(made, int(made.zone[order.destination, place]), weight) + int(made.handling[place, 0]) + units + more
    )


def plan_mills(made: Network, order: Demand, plan: Plan, surcharge: Ints | None = None) -> int:
    """What a plan costs, added up from its parcels."""
    lost = sum(count * int(made.unfilled[sku]) for sku, count in zip(order.skus, plan.unfilled, strict=True))
    return lost + sum(parcel_mills(made, order, parcel, surcharge) for parcel in plan.parcels)


def take(made: Network, order: Demand, plan: Plan) -> None:
    """Take what a plan sends out of the stock."""
    for parcel in plan.parcels:
        for sku, count in zip(order.skus, parcel.counts, strict=True):
            made.stock[sku, parcel.location] -= count
