"""The master program of many orders: columns are whole plans of one order, rows what orders compete for.

A row for each order (one plan of it is used), for each (SKU, location) that the plans known so far could empty, and for
each location with a capacity. Rows come when a plan first touches them, so the program stays small; a plan's row is
never missing.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from segue.core.lanes import MILLS
from segue.planning.network import CLOSED_MILLS, Demand, Ints, Network, Plan, dearest_more
from segue.planning.solver import INFINITY, Floats, Matrix, begin_with, duals, instance, load, run, values

Row = tuple[int, int]  # (SKU, location); SKU -1: the location's capacity, in parcels
ANY_SKU = -1
DECIDED = 0.999  # a plan of which the program uses as much is taken as it is
DIVES_MAX = 40
DIVE_PART = 10  # of the plans that are used in part, one in so many is decided on before the program is solved again
Flags = NDArray[np.bool_]


class Column(NamedTuple):
    """A plan of one of the orders, and what it takes of scarce rows."""

    order: int
    plan: Plan
    uses: dict[Row, int]


Prices = dict[Row, int]  # what one unit of a scarce row is worth, in mills


class Master:
    """The columns known so far, and the linear program over them."""

    def __init__(
        self, net: Network, orders: Sequence[Demand], scarce: Flags, tight: Flags, capacity: Ints | None
    ) -> None:
        self.net, self.orders, self.scarce, self.tight, self.capacity = net, orders, scarce, tight, capacity
        self.competed = set(zip(*(cells.tolist() for cells in np.nonzero(scarce)), strict=True))
        self.limited = set(np.flatnonzero(tight).tolist())
        self.columns: list[Column] = []
        self.known: set[tuple[int, Plan]] = set()
        self.taken: dict[tuple[int, Plan], dict[Row, int]] = {}  # what plans take of scarce rows
        self.rows: dict[Row, int] = {}  # the number of each row in the program
        self.program = instance(solver="simplex")
        ones, starts = np.ones(len(orders)), np.zeros(len(orders) + 1)
        load(self.program, cost=[], upper=[], row_lower=ones, row_upper=ones, matrix=Matrix(starts, [], []))

    def add(self, order: int, plan: Plan) -> None:
        """Remember a plan of an order, if it is new."""
        if (order, plan) not in self.known:
            self.known.add((order, plan))
            self.columns.append(Column(order, plan, self.uses(order, plan)))

    def uses(self, order: int, plan: Plan) -> dict[Row, int]:
        """What a plan takes of scarce rows. It is remembered, and not to be changed."""
        if (found := self.taken.get((order, plan))) is not None:
            return found
        taken: dict[Row, int] = {}
        for place, counts in plan.parcels:
            if place in self.limited:
                taken[ANY_SKU, place] = taken.get((ANY_SKU, place), 0) + 1
            for sku, count in zip(self.orders[order].skus, counts, strict=True):
                if count and (sku, place) in self.competed:
                    taken[sku, place] = taken.get((sku, place), 0) + count
        self.taken[order, plan] = taken
        return taken

    def holds(self, row: Row) -> int:
        """How much there is of a row."""
        sku, place = row
        if sku == ANY_SKU:
            assert self.capacity is not None
            return int(self.capacity[place])
        return int(self.net.stock[sku, place])

    def relax(self) -> tuple[float, Prices]:
        """Solve the linear program: what it costs, in mills, and the prices."""
        self._load_new()
        run(self.program)
        dual, cost = duals(self.program), self.program.getObjectiveValue() * MILLS
        unit_max, parcel_max = dearest_more(self.net), CLOSED_MILLS // 2  # any prices bound, those that fit too
        most = {row: parcel_max if row[0] == ANY_SKU else unit_max for row in self.rows}
        prices = {row: min(max(0, round(-dual[number] * MILLS)), most[row]) for row, number in self.rows.items()}
        return cost, {row: mills for row, mills in prices.items() if mills}

    def dive(self) -> dict[int, Column]:
        """Whole plans for as many orders as may be: decide on the plans most used, solve again, and so on."""
        left = {row: self.holds(row) for row in self.rows}
        decided: dict[int, Column] = {}
        numbers: list[int] = []
        for _ in range(DIVES_MAX):
            run(self.program)
            used = values(self.program)
            open_ones = [at for at in np.flatnonzero(used > 0.01).tolist() if self.columns[at].order not in decided]
            if not open_ones:
                break
            open_ones.sort(key=lambda at: (-used[at], at))
            whole = sum(used[at] > DECIDED for at in open_ones)
            now = []
            for at in open_ones[: whole + max(1, (len(open_ones) - whole) // DIVE_PART)]:
                column = self.columns[at]
                if column.order not in decided and all(count <= left[row] for row, count in column.uses.items()):
                    decided[column.order] = column
                    now.append(at)
                    for row, count in column.uses.items():
                        left[row] -= count
            if not now:
                break
            numbers += now
            self._bound(now, 1.0)
        self._bound(numbers, 0.0)
        return decided

    def _bound(self, numbers: list[int], lower: float) -> None:
        """Use columns at least so much."""
        if numbers:
            count = len(numbers)
            limits = np.full(count, lower), np.full(count, INFINITY)
            self.program.changeColsBounds(count, np.array(sorted(numbers), np.int32), *limits)

    def _load_new(self) -> None:
        """Give the program the columns that it has not yet, and the rows that they touch first."""
        have = self.program.getNumCol()
        new = self.columns[have:]
        rows = [row for row in dict.fromkeys(row for column in new for row in column.uses) if row not in self.rows]
        if rows:
            first = len(self.orders) + len(self.rows)
            self.rows |= {row: first + at for at, row in enumerate(rows)}
            upper = np.array([self.holds(row) for row in rows], np.float64)
            nothing = np.zeros(len(rows), np.int32), np.zeros(0, np.int32), np.zeros(0)
            self.program.addRows(len(rows), np.full(len(rows), -INFINITY), upper, 0, *nothing)
        if new:
            cost, matrix = self._matrix(new)
            bounds = np.zeros(len(new)), np.full(len(new), INFINITY)
            entries = len(matrix.numbers)
            self.program.addCols(
                len(new), cost, *bounds, entries, matrix.starts[:-1].astype(np.int32), matrix.numbers, matrix.values
            )

    def _matrix(self, columns: Sequence[Column]) -> tuple[Floats, Matrix]:
        """The costs of columns, in minor units, as the solver likes it; and the rows that each touches, column by column."""
        indices: list[int] = []
        figures: list[int] = []
        starts = [0]
        for column in columns:
            indices += [column.order, *[self.rows[row] for row in column.uses]]
            figures += [1, *column.uses.values()]
            starts.append(len(indices))
        cost = np.array([column.plan.cost_mills for column in columns]) / MILLS
        return cost, Matrix(
            np.array(starts), np.array(indices, np.int32), np.array(figures, np.float64), by_column=True
        )

    def choose(self, candidates: Sequence[int], start: Sequence[Plan], *, nodes: int, gap: float) -> list[Plan]:
        """The best choice of whole plans among some columns; `start` is a choice to be improved."""
        self._load_new()
        columns = [self.columns[number] for number in candidates]
        cost, matrix = self._matrix(columns)
        orders = len(self.orders)
        upper = [1.0] * orders + [float(self.holds(row)) for row in self.rows]
        lower = [1.0] * orders + [-INFINITY] * len(self.rows)
        solver = instance(mip_max_nodes=nodes, mip_rel_gap=gap)
        ones = np.ones(len(columns))
        load(solver, cost=cost, upper=ones, row_lower=lower, row_upper=upper, matrix=matrix, integral=True)
        begin_with(solver, [float(start[column.order] == column.plan) for column in columns])
        run(solver, stopped=True)
        chosen = np.flatnonzero(values(solver) > 0.5).tolist()
        plans = {columns[number].order: columns[number].plan for number in chosen}
        return [plans[order] for order in range(orders)]
