"""Many orders asked again and again at other prices: what each costs, and what all of them take, without a plan in words."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from segue.planning.exact import best_plan
from segue.planning.kernel import KEY_BITS, Found, find
from segue.planning.network import Demand, Ints, Network
from segue.planning.scarce_kernel import find_scarce_all
from segue.planning.shapes import Shape, all_pairs, is_small_enough, shape


class Group(NamedTuple):
    """The orders of one shape, as arrays."""

    numbers: list[int]
    counts: tuple[int, ...]
    form: Shape
    skus: Ints
    destinations: Ints


class Answer(NamedTuple):
    """What orders cost at some prices, and what they take."""

    mills: list[int]  # by order
    units: Ints  # [SKU, location]
    parcels: Ints  # [location]


class Batch:
    """Orders, put into groups of one shape."""

    def __init__(self, orders: Sequence[Demand], *, compiled: bool) -> None:
        self.orders, self.compiled = orders, compiled
        self.groups: list[Group] = []
        self.others: list[int] = []  # are asked one by one
        alike: dict[tuple[int, ...], list[int]] = {}
        for number, order in enumerate(orders):
            alike.setdefault(order.counts, []).append(number)
        for counts, numbers in alike.items():
            if not (compiled and counts and is_small_enough(counts)):
                self.others += numbers
                continue
            skus = np.array([orders[number].skus for number in numbers])
            destinations = np.array([orders[number].destination for number in numbers])
            self.groups.append(Group(numbers, counts, shape(counts), skus, destinations))

    def ask(self, net: Network, surcharge: Ints) -> Answer:
        """The cheapest plan of each order on its own: what it costs, and what all of them take together."""
        mills = [0] * len(self.orders)
        cells, counts, places = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for group in self.groups:
            found = _found(net, group, surcharge)
            for number, key in zip(group.numbers, found.keys.tolist(), strict=True):
                mills[number] = key >> KEY_BITS
            order, parcel = np.nonzero(found.places >= 0)
            place = found.places[order, parcel].astype(np.int64)
            cells.append((group.skus[order] * net.locations + place[:, None]).ravel())
            counts.append(group.form.units[found.parts[order, parcel]].ravel())
            places.append(place)
        for number in self.others:
            order_asked = self.orders[number]
            plan = best_plan(net, order_asked, surcharge, compiled=self.compiled)
            mills[number] = plan.cost_mills
            for parcel_sent in plan.parcels:
                cells.append(np.array(order_asked.skus) * net.locations + parcel_sent.location)
                counts.append(np.array(parcel_sent.counts))
                places.append(np.array([parcel_sent.location]))
        units = np.bincount(np.concatenate(cells), np.concatenate(counts), net.stock.size)
        sent = np.bincount(np.concatenate(places), minlength=net.locations)
        return Answer(mills, units.astype(np.int64).reshape(net.stock.shape), sent)


def _found(net: Network, group: Group, surcharge: Ints) -> Found:
    found = find(net, group.form, group.skus, group.destinations, surcharge[None])
    again = np.flatnonzero(found.doubled)
    if again.size:
        pairs, destinations = all_pairs(group.counts), group.destinations[again]
        right = find_scarce_all(net, group.form, pairs, group.skus[again], destinations, surcharge[None])
        found.keys[again], found.places[again], found.parts[again] = right.keys, right.places, right.parts
    return found
