"""Exchange: an order takes the plan that it would rather have, and the one that is in its way is planned again.

What whole plans lose against the program's fractions is mostly a unit in the wrong hands; one exchange at a time finds
many of them.
"""

from collections.abc import Sequence

from segue.planning.contest import copied, move
from segue.planning.master import Master, Row
from segue.planning.network import Ints, Plan
from segue.planning.one_by_one import take_best

WISHES = 4  # plans of an order that are tried, the cheapest first
HOLDERS = 6  # orders that are tried as the one to give way


class Exchange:
    """Whole plans of a wave's orders, and what they leave."""

    def __init__(self, master: Master, plans: Sequence[Plan], capacity: Ints | None, *, compiled: bool) -> None:
        self.master, self.plans, self.compiled = master, list(plans), compiled
        self.net, self.capacity = copied(master.net), None if capacity is None else capacity.copy()
        self.holders: dict[Row, set[int]] = {}
        self.known: dict[int, list[Plan]] = {}
        for order, plan, _ in master.columns:
            self.known.setdefault(order, []).append(plan)
        for order, plan in enumerate(plans):
            move(self.net, self.capacity, master.orders[order], plan, -1)
            self._hold(order, plan)

    def _hold(self, order: int, plan: Plan) -> None:
        for row in self.master.uses(order, plan):
            self.holders.setdefault(row, set()).add(order)

    def _assign(self, order: int, plan: Plan) -> None:
        """An order has this plan now; its stock is taken already."""
        for row in self.master.uses(order, self.plans[order]):
            self.holders[row].discard(order)
        self.plans[order] = plan
        self._hold(order, plan)

    def better(self, order: int) -> bool:
        """Find a cheaper plan for an order, if need be at the cost of one other. Returns whether there was one."""
        now = self.plans[order]
        wishes = sorted(
            (plan for plan in self.known[order] if plan.cost_mills < now.cost_mills), key=lambda plan: plan.cost_mills
        )
        for wish in wishes[:WISHES]:
            move(self.net, self.capacity, self.master.orders[order], now, 1)
            missing = self._missing(order, wish)
            if not missing:
                move(self.net, self.capacity, self.master.orders[order], wish, -1)
                self._assign(order, wish)
                return True
            in_the_way = set.intersection(*(self.holders.get(row, set()) for row in missing)) - {order}
            for other in sorted(in_the_way)[:HOLDERS]:
                if self._exchanged(order, wish, other):
                    return True
            move(self.net, self.capacity, self.master.orders[order], now, -1)
        return False

    def _missing(self, order: int, wish: Plan) -> list[Row]:
        """The rows of which there is too little for a plan."""
        return [row for row, count in self.master.uses(order, wish).items() if count > self._left(row)]

    def _left(self, row: Row) -> int:
        sku, place = row
        if sku >= 0:
            return int(self.net.stock[sku, place])
        assert self.capacity is not None
        return int(self.capacity[place])

    def _exchanged(self, order: int, wish: Plan, other: int) -> bool:
        """Whether all is cheaper when another order gives way; if so, it has."""
        orders, gave = self.master.orders, self.plans[other]
        move(self.net, self.capacity, orders[other], gave, 1)
        if not self._missing(order, wish):
            move(self.net, self.capacity, orders[order], wish, -1)
            instead = take_best(self.net, orders[other], self.capacity, compiled=self.compiled)
            if wish.cost_mills + instead.cost_mills < self.plans[order].cost_mills + gave.cost_mills:
                self._assign(order, wish)
                self._assign(other, instead)
                self.master.add(other, instead)
                return True
            move(self.net, self.capacity, orders[other], instead, 1)
            move(self.net, self.capacity, orders[order], wish, 1)
        move(self.net, self.capacity, orders[other], gave, -1)
        return False
