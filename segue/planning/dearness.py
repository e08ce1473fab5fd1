"""Prices of everything scarce at once, as arrays, and the step from one set of them to the next."""

from copy import copy

import numpy as np

from segue.planning.batch import Answer
from segue.planning.contest import Contest
from segue.planning.master import ANY_SKU, Prices
from segue.planning.network import CLOSED_MILLS, Ints, Network, dearest_more


class Dearness:
    """What a unit of each scarce (SKU, location) and a parcel of each tight location is worth, in mills and fractions."""

    def __init__(self, net: Network, contest: Contest, capacity: Ints | None) -> None:
        self.net, self.contest = net, contest
        self.capacity = np.zeros(net.locations, np.int64) if capacity is None else capacity
        self.unit = np.zeros(net.stock.shape)
        self.parcel = np.zeros(net.locations)

    def copy(self) -> "Dearness":
        """The same prices, to be kept while these go on."""
        kept = copy(self)
        kept.unit, kept.parcel = self.unit.copy(), self.parcel.copy()
        return kept

    def applied(self) -> tuple[Network, Ints]:
        """The network with these prices on top, and what a parcel costs more."""
        return self.net._replace(price=self.net.price + self.unit.astype(np.int32)), self.parcel.astype(np.int64)

    def worth(self) -> int:
        """What all that is scarce is worth together."""
        return int(
            (self.unit.astype(np.int64) * self.net.stock).sum() + (self.parcel.astype(np.int64) * self.capacity).sum()
        )

    def step(self, answer: Answer, room: float) -> bool:
        """Make dearer what more is wanted of than there is, and the rest cheaper. `room` is what prices could still gain.

        The step is that of Polyak's subgradient method. Returns whether there was anything to change.
        """
        units = np.where(self.contest.scarce, answer.units - self.net.stock, 0)
        units = np.where((units < 0) & (self.unit <= 0), 0, units)
        parcels = np.where(self.contest.tight, answer.parcels - self.capacity, 0)
        parcels = np.where((parcels < 0) & (self.parcel <= 0), 0, parcels)
        steepness = int((units * units).sum() + (parcels * parcels).sum())
        if not steepness or room <= 0:
            return False
        stride = room / steepness
        self.unit = np.clip(self.unit + stride * units, 0, dearest_more(self.net))
        self.parcel = np.clip(self.parcel + stride * parcels, 0, CLOSED_MILLS / 2)
        return True

    def prices(self) -> Prices:
        """The prices by row, in whole mills, without those that are 0."""
        units, parcels = self.unit.astype(np.int64), self.parcel.astype(np.int64)
        found = {(int(sku), int(place)): int(units[sku, place]) for sku, place in np.argwhere(units)}
        return found | {(ANY_SKU, int(place)): int(parcels[place]) for place in np.flatnonzero(parcels)}
