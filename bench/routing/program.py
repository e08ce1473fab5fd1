"""An independent judge: an order as a mixed-integer program, written from the definitions and solved by HiGHS to the
end.

Unlike `segue.planning.whole` it has a column for every parcel that a location could send, so that it knows nothing of
weights and steps but what `brute.cost_of_parcel` says of each.
"""

from collections.abc import Sequence
from itertools import product

from bench.routing.brute import cost_of_parcel
from segue.planning.network import NO_ZONE, UNITS_MAX, Demand, Network
from segue.planning.solver import INFINITY, Matrix, instance, load, run, values

MILLS = 1_000


def optimum(net: Network, order: Demand) -> int:
    """What the best plan of an order costs, in mills."""
    lines = len(order.skus)
    held = {
        place: [int(net.stock[sku, place]) for sku in order.skus]
        for place in range(net.locations)
        if net.zone[order.destination, place] != NO_ZONE
    }
    rows = {(place, line): lines + at for at, (place, line) in enumerate(product(held, range(lines)))}
    cost = [int(net.unfilled[sku]) for sku in order.skus]
    starts, numbers, figures = list(range(lines)), list(range(lines)), [1] * lines
    for place, stock in held.items():
        for counts in product(*[range(min(most, want) + 1) for most, want in zip(stock, order.counts, strict=True)]):
            if any(counts):
                sent = [(line, count) for line, count in enumerate(counts) if count]
                starts.append(len(numbers))
                numbers += [line for line, _ in sent] + [rows[place, line] for line, _ in sent]
                figures += [count for _, count in sent] * 2
                cost.append(cost_of_parcel(net, order, place, counts))
    solver = instance(mip_rel_gap=0.0, mip_abs_gap=0.0)
    stocks = [float(stock[line]) for stock in held.values() for line in range(lines)]
    load(
        solver,
        cost=[mills / MILLS for mills in cost],
        upper=[float(max(order.counts))] * len(cost),
        row_lower=[float(count) for count in order.counts] + [-INFINITY] * len(stocks),
        row_upper=[float(count) for count in order.counts] + stocks,
        matrix=Matrix([*starts, len(numbers)], numbers, figures, by_column=True),
        integral=True,
    )
    run(solver)
    return sum(mills * round(used) for mills, used in zip(cost, values(solver).tolist(), strict=True))


def whole_wave(net: Network, orders: Sequence[Demand], nodes: int) -> tuple[int, int]:
    """Orders that share the stock, as one program of all their parcels: the best cost found, and a bound, in mills."""
    program = _Wave(net)
    for order in orders:
        program.add(order)
    return program.solved(nodes)


class _Wave:
    """The columns and rows of many orders."""

    def __init__(self, net: Network) -> None:
        self.net = net
        self.cost: list[int] = []
        self.starts, self.numbers, self.figures = [0], list[int](), list[int]()
        self.lower, self.upper = list[float](), list[float]()
        self.rows: dict[tuple[int, int], int] = {}

    def add(self, order: Demand) -> None:
        """An order: a row for each line, a column for what stays unfilled of it, and one for every parcel."""
        first = len(self.lower)
        self.lower += map(float, order.counts)
        self.upper += map(float, order.counts)
        for line, sku in enumerate(order.skus):
            self._column(int(self.net.unfilled[sku]), {first + line: 1})
        for place in range(self.net.locations):
            if self.net.zone[order.destination, place] != NO_ZONE:
                held = [int(self.net.stock[sku, place]) for sku in order.skus]
                for counts in product(*[range(min(a, b) + 1) for a, b in zip(held, order.counts, strict=True)]):
                    if any(counts):
                        self._parcel(order, first, place, counts)

    def _parcel(self, order: Demand, first: int, place: int, counts: tuple[int, ...]) -> None:
        entries = {first + line: count for line, count in enumerate(counts) if count}
        for sku, count in zip(order.skus, counts, strict=True):
            if count:
                entries[self._row(sku, place)] = count
        self._column(cost_of_parcel(self.net, order, place, counts), entries)

    def _row(self, sku: int, place: int) -> int:
        if (sku, place) not in self.rows:
            self.rows[sku, place] = len(self.lower)
            self.lower.append(-INFINITY)
            self.upper.append(float(self.net.stock[sku, place]))
        return self.rows[sku, place]

    def _column(self, mills: int, entries: dict[int, int]) -> None:
        self.cost.append(mills)
        self.numbers += entries
        self.figures += entries.values()
        self.starts.append(len(self.numbers))

    def solved(self, nodes: int) -> tuple[int, int]:
        """Solve it, or come as near as so many nodes of the search tree allow."""
        solver = instance(mip_max_nodes=nodes, mip_rel_gap=1e-5)
        load(
            solver,
            cost=[mills / MILLS for mills in self.cost],
            upper=[float(UNITS_MAX)] * len(self.cost),
            row_lower=self.lower,
            row_upper=self.upper,
            matrix=Matrix(self.starts, self.numbers, self.figures, by_column=True),
            integral=True,
        )
        run(solver, stopped=True)
        cost = sum(mills * round(used) for mills, used in zip(self.cost, values(solver).tolist(), strict=True))
        return cost, round(solver.getInfo().mip_dual_bound * MILLS)
