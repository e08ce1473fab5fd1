"""What is still to come, guessed from earlier months only: how many units of each SKU, and to which regions."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bench.olist.rates import zones
from bench.olist.sales import Place
from bench.olist.world import Order, World, middles

MONTHS = 3  # the last ones before, whose mean says how many units come
USUAL_WEIGHT = 20.0  # the regions of all SKUs count as much as so many units of the SKU's own

Floats = NDArray[np.float64]


class Forecast:
    """Made from all orders before some month; of what comes after it knows nothing."""

    def __init__(self, made: World, earlier: Sequence[Order]) -> None:
        self.regions: list[Place] = middles((order.sale.customer for order in earlier), lambda place: place.state)
        self.zone = zones(made.places, self.regions)  # [region, location]
        numbers = {region.state: number for number, region in enumerate(self.regions)}
        last = sorted({order.sale.month for order in earlier})[-MONTHS:]
        sent, recent = np.zeros((len(made.skus), len(self.regions))), Counter[int]()
        for order in earlier:
            region = numbers[order.sale.customer.state]
            for sku, count in zip(order.wanted.skus, order.wanted.counts, strict=True):
                sent[sku, region] += count
                recent[sku] += count if order.sale.month in last else 0
        usual = sent.sum(axis=0) / sent.sum()
        own = sent.sum(axis=1, keepdims=True)
        self.share: Floats = (sent + USUAL_WEIGHT * usual) / (own + USUAL_WEIGHT)  # [SKU, region]
        self.monthly = {sku: count / len(last) for sku, count in recent.items()}

    def wanted(self, sku: int, months: float) -> Floats:
        """Units by region that will be wanted in so many months."""
        return np.asarray(self.share[sku] * self.monthly.get(sku, 0.0) * months)
