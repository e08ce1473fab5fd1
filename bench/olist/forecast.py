"""What is still to come, guessed from earlier months only: how many units of each SKU, and to whom."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.olist.world import Order, World

Floats = NDArray[np.float64]


class Settings(NamedTuple):
    """How to guess, and how hard to look. Chosen on months before those played: `python -m bench.olist --choose`."""

    months: int = 3  # the last ones before, whose mean says how many units come
    category: float = 20.0  # the customers of a SKU's category count as much as so many units of the SKU's own
    everyone: float = 20.0  # those of all SKUs
    samples: int = 16


class Forecast:
    """Made from all orders before some month; of what comes after it knows nothing."""

    def __init__(self, made: World, earlier: Sequence[Order], settings: Settings) -> None:
        last = sorted({order.sale.month for order in earlier})[-settings.months :]
        sent, recent = np.zeros((len(made.skus), len(made.net.zone))), Counter[int]()
        for order in earlier:
            for sku, count in zip(order.wanted.skus, order.wanted.counts, strict=True):
                sent[sku, order.wanted.destination] += count
                recent[sku] += count if order.sale.month in last else 0
        names = sorted({category for category, _ in made.skus})
        category = np.array([names.index(category) for category, _ in made.skus])
        alike = np.stack([sent[category == number].sum(axis=0) for number in range(len(names))])
        weighed = sent + settings.category * _shares(alike)[category] + settings.everyone * _shares(sent.sum(axis=0))
        self.share: Floats = _shares(weighed)  # [SKU, destination]
        self.monthly = {sku: count / len(last) for sku, count in recent.items()}

    def wanted(self, sku: int, months: float) -> Floats:
        """Units by destination that will be wanted in so many months."""
        return np.asarray(self.share[sku] * self.monthly.get(sku, 0.0) * months)


def _shares(units: Floats) -> Floats:
    """The part of each destination; 0 where nothing was sent at all."""
    total = units.sum(axis=-1, keepdims=True)
    return np.asarray(units / np.where(total > 0, total, 1.0))
