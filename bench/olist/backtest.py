"""Playing the orders: each way of routing has the same stock, and hindsight says what was possible."""

import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bench.olist.routes import ROUTES, Period
from bench.olist.world import Order, World
from segue.planning.hindsight import look_back
from segue.planning.network import Plan


class Figures(NamedTuple):
    """What a way of routing comes to."""

    name: str
    orders: int = 0
    mills: int = 0
    km: int = 0
    parcels: int = 0
    unfilled: int = 0
    seconds: float = 0.0
    paid_minor: int = 0  # what freight was really paid for these orders

    def below(self, mills: int) -> float:
        """The part of other costs that is saved."""
        return (mills - self.mills) / mills if mills else 0.0

    def closed(self, mills: int, bound: int) -> float:
        """The part of what could be saved on other costs, at most, that is saved."""
        return (mills - self.mills) / (mills - bound) if mills > bound else 0.0

    def plus(self, made: World, orders: Sequence[Order], plans: Sequence[Plan], seconds: float) -> "Figures":
        """With the orders of one more stocking."""
        sent = [(order, parcel) for order, plan in zip(orders, plans, strict=True) for parcel in plan.parcels]
        return self._replace(
            orders=self.orders + len(orders),
            mills=self.mills + sum(plan.cost_mills for plan in plans),
            km=self.km + sum(int(made.distance[order.wanted.destination, parcel.location]) for order, parcel in sent),
            parcels=self.parcels + len(sent),
            unfilled=self.unfilled + sum(sum(plan.unfilled) for plan in plans),
            seconds=self.seconds + seconds,
            paid_minor=self.paid_minor + sum(piece.freight_minor for order in orders for piece in order.sale.pieces),
        )


def periods(made: World, first: str, months: int, limit: int = 0) -> list[Period]:
    """The orders from a month on, by so many months that are stocked together; `limit`: only the first of each."""
    named = sorted({order.sale.month for order in made.orders if order.sale.month >= first})
    found = []
    for at in range(0, len(named), months):
        chosen = named[at : at + months]
        orders = [order for order in made.orders if order.sale.month in chosen]
        earlier = [order for order in made.orders if order.sale.month < chosen[0]]
        found.append(Period(orders[:limit] if limit else orders, earlier, chosen[0], len(chosen)))
    return found


def backtest(made: World, first: str, months: int, limit: int = 0) -> Mapping[str, Figures]:
    """What each way of routing comes to, by its name; the last is what hindsight says no way could be cheaper than."""
    found = {name: Figures(name) for name in ROUTES}
    bound, reached = Figures("hindsight, bound"), Figures("hindsight, a plan")
    for period in periods(made, first, months, limit):
        stocked = made.net._replace(stock=made.stock_of(period.orders))
        for name, route in ROUTES.items():
            net, began = stocked._replace(stock=stocked.stock.copy()), time.perf_counter()
            plans = route(made, net, period)
            seconds = time.perf_counter() - began
            found[name] = found[name].plus(made, period.orders, plans, seconds)
        began = time.perf_counter()
        hindsight = look_back(stocked, [order.wanted for order in period.orders])
        seconds = time.perf_counter() - began
        reached = reached.plus(made, period.orders, hindsight.wave.plans, seconds)
        bound = bound.plus(made, [], [], seconds)._replace(
            mills=bound.mills + hindsight.bound_mills, orders=bound.orders + len(period.orders)
        )
    return found | {reached.name: reached, bound.name: bound}
