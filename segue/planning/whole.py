"""One order as a whole, as a mixed-integer program: for orders with too many parts to enumerate.

Each location sends one parcel at most: the optimum, unless a rate table makes two parcels from one place cheaper than
one.
"""

import numpy as np
from numpy.typing import NDArray

from segue.planning.network import (
    CLOSED_MILLS,
    GRAMS_OF_STEP,
    NO_ZONE,
    Demand,
    Ints,
    Network,
    Parcel,
    Plan,
    plan_mills,
)  # fmt: skip
from segue.planning.solver import INFINITY, Matrix, instance, load, run, values

NODES_MAX = 100_000  # of the search tree; what is best until then is taken


def find_whole(net: Network, order: Demand, surcharge: Ints) -> Plan:
    """The cheapest plan of one order with at most one parcel from each location. Raises Unsolved if the solver fails."""
    skus, wanted = np.array(order.skus), np.array(order.counts)
    places = _useful(net, order, surcharge)
    model = _Model(net, skus, wanted, places, net.zone[order.destination, places].astype(np.int64), surcharge[places])
    solver = instance(mip_max_nodes=NODES_MAX, mip_rel_gap=0.0, mip_abs_gap=0.5)
    model.load(solver)
    run(solver, stopped=True)
    counts = np.rint(values(solver)[: model.goods]).astype(np.int64).reshape(places.size, skus.size)
    parcels = [Parcel(int(place), tuple(row.tolist())) for place, row in zip(places, counts, strict=True) if row.any()]
    plan = Plan(0, tuple(parcels), tuple((wanted - counts.sum(axis=0)).tolist()))
    return plan._replace(cost_mills=plan_mills(net, order, plan, surcharge))


def _useful(net: Network, order: Demand, surcharge: Ints) -> NDArray[np.intp]:
    """The open locations that have any of it, without those that another is never worse than."""
    held = np.minimum(net.stock[list(order.skus)], np.array(order.counts)[:, None])
    zone = net.zone[order.destination]
    places = np.flatnonzero(held.any(axis=0) & (zone != NO_ZONE) & (surcharge < CLOSED_MILLS))
    rows = list(order.skus) if len(net.price) > 1 else [0]
    figures = np.vstack([net.handling[:, 0] + surcharge, net.price[rows] + net.handling[:, 1]])
    kept: list[int] = []
    for place in sorted(places.tolist(), key=lambda each: (*figures[:, each].tolist(), each)):
        has = held[:, place] > 0
        others = [
            other for other in kept if zone[other] == zone[place] and np.all(figures[:, other] <= figures[:, place])
        ]
        if not any(np.all(held[has, other] == np.array(order.counts)[has]) for other in others):
            kept.append(place)
    return np.array(sorted(kept), np.intp)


class _Model:
    """The columns: units of each line from each location, its parcel's weight step, its kilograms beyond, units unfilled."""

    def __init__(
        self, net: Network, skus: Ints, wanted: Ints, places: NDArray[np.intp], zones: Ints, surcharge: Ints
    ) -> None:
        self.net, self.skus, self.wanted, self.places = net, skus, wanted, places
        self.zones, self.surcharge = zones, surcharge
        self.lines, self.count, self.steps = skus.size, places.size, net.limits_g.size
        self.goods = self.lines * self.count
        self.beyond = self.goods + self.steps * self.count
        self.unfilled = self.beyond + self.count
        self.held = np.minimum(net.stock[skus[:, None], places], wanted[:, None]).T
        self.kilograms = int((net.weight_g[skus] @ wanted) // GRAMS_OF_STEP) + 1

    def load(self, solver: object) -> None:
        """Give a solver the model."""
        net = self.net
        each = (
            net.price[self.skus[:, None] if len(net.price) > 1 else [[0]], self.places] + net.handling[self.places, 1]
        ).T
        each = np.broadcast_to(each, (self.count, self.lines))
        parcel = net.rates[self.zones] + (net.handling[self.places, 0] + self.surcharge)[:, None]
        cost = [each.ravel(), parcel.ravel(), net.beyond[self.zones], net.unfilled[self.skus]]
        ones = np.ones(self.steps * self.count)
        upper = [self.held.ravel(), ones, np.full(self.count, self.kilograms), self.wanted]
        starts, columns, figures, lower, most = [0], list[int](), list[float](), list[float](), list[float]()
        for row, low, high in self.rows():
            columns += row
            figures += row.values()
            starts.append(len(columns))
            lower.append(low)
            most.append(high)
        matrix = Matrix(starts, columns, figures)
        load(
            solver, cost=np.concatenate(cost), upper=np.concatenate(upper),
            row_lower=lower, row_upper=most, matrix=matrix, integral=True,
        )  # fmt: skip

    def rows(self) -> list[tuple[dict[int, float], float, float]]:
        """The rows, each with its lower and upper bound."""
        made = []
        for line, count in enumerate(self.wanted.tolist()):
            filled: dict[int, float] = {place * self.lines + line: 1 for place in range(self.count)}
            made.append((filled | {self.unfilled + line: 1}, float(count), float(count)))
        weights = self.net.weight_g[self.skus].tolist()
        for place in range(self.count):
            step = self.goods + place * self.steps
            sent: dict[int, float] = {step + at: 1 for at in range(self.steps)}
            weight: dict[int, float] = {place * self.lines + line: grams for line, grams in enumerate(weights)}
            limits: dict[int, float] = {step + at: -limit for at, limit in enumerate(self.net.limits_g.tolist())}
            made.append((weight | limits | {self.beyond + place: -GRAMS_OF_STEP}, -INFINITY, 0))
            made.append((sent, 0, 1))
            made.append(({self.beyond + place: 1, step + self.steps - 1: -self.kilograms}, -INFINITY, 0))
            for line in np.flatnonzero(self.held[place]).tolist():
                tied = {place * self.lines + line: 1.0} | {at: -float(self.held[place, line]) for at in sent}
                made.append((tied, -INFINITY, 0))
        return made
