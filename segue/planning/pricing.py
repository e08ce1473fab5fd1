"""Pricing: what a unit of each SKU is worth at each location to what is expected, in words that the core understands.

It is the mean over draws of what may come. The draws of a SKU are the same each time, so that its prices change only with
what is there and what is expected. Of a SKU of which very much is expected, what comes is near the mean, and that is taken.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from segue.core.draft import Destination
from segue.core.rates import Rates
from segue.core.waves import Wish
from segue.planning.compiled import HAS_NUMBA
from segue.planning.conversion import Converted, Figures, TooVaried, converted
from segue.planning.look_ahead import look_ahead, prices_by_samples
from segue.planning.network import Network
from segue.planning.solver import Floats, Unsolved

SEED = 0  # of the draws
DRAWN_MAX = 1_000  # units expected of a SKU: to draw more takes seconds
COMPILED_FROM = 5_000  # units expected of all: of fewer all is drawn before anything would be compiled


class Expected(NamedTuple):
    """How many units of a SKU are expected to go somewhere."""

    sku: str
    to: Destination
    method: str
    units: float
    barred: tuple[str, ...] = ()  # locations that do not send there


def unit_prices(
    rates: Rates, stock: Figures, weights: Mapping[str, int], expected: Sequence[Expected]
) -> dict[str, dict[str, int]] | None:
    """Mills by SKU and location, above the location where a unit is worth least; None if it is beyond what planning can do.

    What a unit is worth everywhere says nothing of where it should come from, and would only keep it from who wants it now.
    """
    wishes = [Wish("", each.to, each.method, {each.sku: 1}, barred=each.barred) for each in expected]
    try:
        made = converted(rates, stock=stock, weights=weights, wishes=wishes)
        prices = _prices(made.net, _wanted(made, expected))
    except (TooVaried, Unsolved, ValueError):
        return None
    found: dict[str, dict[str, int]] = {}
    for number, sku in enumerate(made.skus):
        held = made.net.stock[number] > 0
        least = int(prices[number][held].min(initial=np.iinfo(np.int32).max)) if held.any() else 0
        above = np.where(held, prices[number] - least, 0).tolist()
        found[sku] = {place: mills for place, mills in zip(made.places, above, strict=True) if mills > 0}
    return found


def _prices(net: Network, wanted: Floats) -> NDArray[np.int32]:
    loops = HAS_NUMBA and wanted.sum() >= COMPILED_FROM
    prices = np.zeros(net.stock.shape, np.int32)
    for sku, expected in enumerate(wanted):
        if expected.sum() > DRAWN_MAX:
            prices[sku] = look_ahead(net, wanted, [sku])[sku]
        else:
            prices[sku] = prices_by_samples(net, sku, expected, np.random.default_rng(SEED), loops=loops)
    return prices


def _wanted(made: Converted, expected: Sequence[Expected]) -> Floats:
    wanted = np.zeros((len(made.skus), len(made.net.zone)))
    for each, order in zip(expected, made.orders, strict=True):
        wanted[order.skus[0], order.destination] += each.units
    return wanted
