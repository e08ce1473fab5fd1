"""A wave: hundreds or thousands of orders that compete for the same stock and capacity, planned together.

Column generation. A linear program over the plans known so far gives prices to what is scarce; the exact optimum of
each order at these prices is a new plan, and all of them together are a lower bound for what any planning can reach.
When bound and plan are close, or nothing new comes, the best choice of whole plans is looked for. All limits count
rounds and nodes, so that a wave is the same on every machine.
"""

from collections.abc import Sequence
from typing import NamedTuple

from segue.planning.batch import Batch
from segue.planning.compiled import HAS_NUMBA
from segue.planning.contest import Contest, contested, copied, move, narrowed, nothing_mills, priced
from segue.planning.dearness import Dearness
from segue.planning.exact import best_plan, best_plans
from segue.planning.exchange import Exchange
from segue.planning.master import Column, Master, Prices
from segue.planning.network import CLOSED_MILLS, Demand, Ints, Network, Plan
from segue.planning.one_by_one import one_by_one, take_best


class Limits(NamedTuple):
    """How hard a wave is looked at."""

    steps: int = 50  # towards good prices before the first program
    pace: float = 1.0  # of the first of them
    rounds: int = 30  # of the program
    gap: float = 0.004  # when cost and bound are as close as this, it is enough
    nodes: int = 50  # of the search for whole plans
    calm: float = 0.5  # how much of the best prices so far stays in the next: prices that jump find no good plans


class Wave(NamedTuple):
    """What came of a wave. No planning of these orders costs less than `bound_mills`."""

    plans: list[Plan]
    cost_mills: int
    bound_mills: int
    one_by_one_mills: int
    rounds: int
    columns: int

    @property
    def gap(self) -> float:
        """By how much, at most, the wave is dearer than the best possible, as a part of its cost."""
        return (self.cost_mills - self.bound_mills) / self.cost_mills if self.cost_mills > 0 else 0.0


USUAL = Limits()
SMALL = Limits(gap=0.001)  # where the solver may choose among the plans at the end, more is to be had
EXCHANGES = 2  # times that all orders may exchange; a third time hardly ever gains
WIDTH = 40  # ways of doing without locations that an order is asked about
CHOICE_MAX = 150  # orders for which the solver may choose among many plans; for more it would take long
PATIENCE = 8  # steps that together gain next to nothing: the last ones
SLIGHT = 10  # and next to nothing is this part of the gap that is enough
SLOWER = 0.7  # the pace after a step that gained nothing


def plan_wave(
    net: Network,
    orders: Sequence[Demand],
    capacity: Ints | None = None,
    limits: Limits | None = None,
    *,
    compiled: bool = HAS_NUMBA,
) -> Wave:
    """Plan orders together: never dearer than one by one. The network's stock stays as it is; the caller takes the plans.

    `capacity` is how many parcels each location can still send.
    """
    limits = limits or (SMALL if len(orders) <= CHOICE_MAX else USUAL)
    small, renumbered = narrowed(net, orders)
    started = one_by_one(copied(small), renumbered, _copy(capacity), compiled=compiled)
    contest = contested(small, renumbered, capacity, compiled=compiled)
    search = _Search(small, renumbered, capacity, contest, started, limits, compiled)
    search.go()
    cost = sum(plan.cost_mills for plan in search.best)
    first = sum(plan.cost_mills for plan in started)
    return Wave(search.best, cost, min(search.bound, cost), first, search.rounds, len(search.master.columns))


class _Search:
    """The search for good plans of a wave: the best so far, and the best bound so far."""

    def __init__(
        self,
        net: Network,
        orders: list[Demand],
        capacity: Ints | None,
        contest: Contest,
        started: list[Plan],
        limits: Limits,
        compiled: bool,
    ) -> None:
        self.net, self.orders, self.capacity, self.limits, self.compiled = net, orders, capacity, limits, compiled
        self.contest, self.best, self.rounds = contest, started, 0
        self.cost = sum(plan.cost_mills for plan in started)
        self.numbers = [number for number in range(len(orders)) if number not in contest.settled]
        self.master = Master(net, [orders[number] for number in self.numbers], contest.scarce, contest.tight, capacity)
        self.settled_mills = sum(plan.cost_mills for plan in contest.settled.values())
        self.bound = self.settled_mills
        self.prices: Prices = {}  # of the best bound
        self.least: list[int] = []  # what each order costs at least at these prices, prices counted
        for at, number in enumerate(self.numbers):
            self.master.add(at, Plan(nothing_mills(net, orders[number]), (), orders[number].counts))
            self.master.add(at, contest.alone[number])
            self.master.add(at, started[number])
        self.better(started)

    def is_near(self) -> bool:
        """Whether bound and cost are close enough."""
        return self.cost - self.bound <= self.limits.gap * abs(self.cost)

    def go(self) -> None:
        """Search until the bound is near, nothing new comes, or the rounds are over; then choose among whole plans."""
        if not self.numbers:
            self.better([self.contest.settled[number] for number in range(len(self.orders))])
            self.bound = self.cost
            return
        self.approach()
        self.better(self.rounded({}, self.prices))
        self.relax()
        if self.is_near():
            return
        self.better(self.rounded(self.master.dive(), self.prices))
        self.exchange()
        if self.limits.nodes and len(self.numbers) <= CHOICE_MAX:
            self.choose()
            self.widen()
            self.choose()

    def widen(self) -> None:
        """Plans beside those known: what each order would have at the best prices if it had to do without a location."""
        dearer, surcharge = priced(self.net, self.prices)
        room = self.cost - self.bound
        for at, order in enumerate(self.master.orders):
            waiting: list[frozenset[int]] = [frozenset()]
            seen = set(waiting)
            while waiting and len(seen) < WIDTH:
                without = waiting.pop(0)
                closed = surcharge.copy()
                closed[list(without)] = CLOSED_MILLS
                plan = best_plan(dearer, order, closed, compiled=self.compiled)
                if plan.cost_mills - self.least[at] > room:
                    continue
                self.learn(at, plan, self.prices)
                for place in sorted({parcel.location for parcel in plan.parcels}):
                    if (more := without | {place}) not in seen:
                        seen.add(more)
                        waiting.append(more)

    def exchange(self) -> None:
        """Let orders take the plans that they would rather have, those first that are farthest from what they could cost."""
        plans = [self.best[number] for number in self.numbers]
        trade = Exchange(self.master, plans, self.capacity, compiled=self.compiled)
        for _ in range(EXCHANGES):
            far = sorted(range(len(plans)), key=lambda at: (self.least[at] - self.paid(at, trade.plans[at]), at))
            gained = [trade.better(at) for at in far]
            if not any(gained):
                break
        chosen = dict(self.contest.settled) | dict(zip(self.numbers, trade.plans, strict=True))
        self.better([chosen[number] for number in range(len(self.orders))])

    def paid(self, at: int, plan: Plan) -> int:
        """What a plan costs at the best prices, prices counted."""
        return plan.cost_mills + sum(
            count * self.prices.get(row, 0) for row, count in self.master.uses(at, plan).items()
        )

    def relax(self) -> None:
        """Solve the program and price again, until it and the bound are near, or nothing new comes, or rounds are over."""
        while self.rounds < self.limits.rounds and not self.is_near():
            self.rounds += 1
            cost, prices = self.master.relax()
            if self.settled_mills + cost - self.bound < self.limits.gap * self.cost:
                return
            found = len(self.master.columns)
            self.price(self.calmed(prices))
            if (
                len(self.master.columns) == found
            ):  # calm prices have led to nothing new: the last word is with the true ones
                self.price(prices)
                if len(self.master.columns) == found:
                    return

    def approach(self) -> None:
        """Good prices before the first program: dearer where too much is wanted, cheaper where less, by smaller steps."""
        dearness = Dearness(self.net, self.contest, self.capacity)
        batch = Batch(self.master.orders, compiled=self.compiled)
        pace, best, calm = self.limits.pace, 0, dearness.copy()
        reached: list[int] = []
        for _ in range(self.limits.steps):
            answer = batch.ask(*dearness.applied())
            bound = sum(answer.mills) - dearness.worth()
            if bound > best:
                best, calm = bound, dearness.copy()
            else:
                pace *= SLOWER
            reached.append(best)
            if len(reached) > PATIENCE and best - reached[-PATIENCE] < self.limits.gap * self.cost / SLIGHT:
                break
            if not dearness.step(answer, pace * (self.cost - self.settled_mills - bound)):
                break
        self.price(calm.prices())
        self.price(dearness.prices())

    def calmed(self, prices: Prices) -> Prices:
        """Prices between the best so far and the latest."""
        if not self.least:
            return prices
        calm, rows = self.limits.calm, dict.fromkeys((*prices, *self.prices))
        mixed = {row: round(calm * self.prices.get(row, 0) + (1 - calm) * prices.get(row, 0)) for row in rows}
        return {row: mills for row, mills in mixed.items() if mills}

    def price(self, prices: Prices) -> None:
        """The best plan of each order at these prices: new columns, and a bound."""
        dearer, surcharge = priced(self.net, prices)
        plans = best_plans(dearer, self.master.orders, surcharge, compiled=self.compiled)
        for at, plan in enumerate(plans):
            self.learn(at, plan, prices)
        worth = sum(mills * self.master.holds(row) for row, mills in prices.items())
        bound = self.settled_mills + sum(plan.cost_mills for plan in plans) - worth
        if bound > self.bound or not self.least:
            self.bound, self.prices, self.least = bound, prices, [plan.cost_mills for plan in plans]

    def learn(self, at: int, plan: Plan, prices: Prices) -> None:
        """Remember a plan that was made at some prices, at what it costs without them."""
        paid = sum(count * prices.get(row, 0) for row, count in self.master.uses(at, plan).items())
        self.master.add(at, plan._replace(cost_mills=plan.cost_mills - paid))

    def rounded(self, decided: dict[int, Column], prices: Prices) -> list[Plan]:
        """Whole plans: those that are decided on, then the others one by one at these prices, then each once more."""
        net, capacity = copied(self.net), _copy(self.capacity)
        dearer, surcharge = priced(net, prices)
        plans = dict(self.contest.settled)
        for number, plan in plans.items():
            move(net, capacity, self.orders[number], plan, -1)
        for at, column in decided.items():
            plans[self.numbers[at]] = column.plan
            move(net, capacity, self.orders[self.numbers[at]], column.plan, -1)
        for number in self.numbers:
            if number not in plans:
                plans[number] = take_best(net, self.orders[number], capacity, dearer, surcharge, compiled=self.compiled)
        for number in self.numbers:
            move(net, capacity, self.orders[number], plans[number], 1)
            plans[number] = take_best(net, self.orders[number], capacity, compiled=self.compiled)
        return [plans[number] for number in range(len(self.orders))]

    def better(self, plans: list[Plan]) -> None:
        """Keep plans that cost less than the best so far."""
        for at, number in enumerate(self.numbers):
            self.master.add(at, plans[number])
        cost = sum([plan.cost_mills for plan in plans])
        if cost < self.cost:
            self.best, self.cost = plans, cost

    def choose(self) -> None:
        """The best choice among the plans known, those left out that no better choice can contain."""
        room = self.cost - self.bound
        start = [self.best[number] for number in self.numbers]
        near = [
            at
            for at, (order, plan, uses) in enumerate(self.master.columns)
            if plan == start[order]
            or plan.cost_mills + sum(count * self.prices.get(row, 0) for row, count in uses.items()) - self.least[order]
            < room
        ]
        chosen = self.master.choose(near, start, nodes=self.limits.nodes, gap=self.limits.gap / 2)
        plans = dict(self.contest.settled) | dict(zip(self.numbers, chosen, strict=True))
        self.better([plans[number] for number in range(len(self.orders))])


def _copy(capacity: Ints | None) -> Ints | None:
    return None if capacity is None else capacity.copy()
