"""Pricing: what a unit of each SKU is worth at each location to what is expected, in words that the core understands."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from segue.core.draft import Destination
from segue.core.rates import Rates
from segue.core.waves import Wish
from segue.planning.conversion import Converted, Figures, TooVaried, converted
from segue.planning.look_ahead import look_ahead
from segue.planning.solver import Unsolved


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
        prices = look_ahead(made.net, _wanted(made, expected))
    except (TooVaried, Unsolved, ValueError):
        return None
    found: dict[str, dict[str, int]] = {}
    for number, sku in enumerate(made.skus):
        held = made.net.stock[number] > 0
        least = int(prices[number][held].min(initial=np.iinfo(np.int32).max)) if held.any() else 0
        above = np.where(held, prices[number] - least, 0).tolist()
        found[sku] = {place: mills for place, mills in zip(made.places, above, strict=True) if mills > 0}
    return found


def _wanted(made: Converted, expected: Sequence[Expected]) -> list[list[float]]:
    wanted = np.zeros((len(made.skus), len(made.net.zone)))
    for each, order in zip(expected, made.orders, strict=True):
        wanted[order.skus[0], order.destination] += each.units
    return wanted.tolist()
