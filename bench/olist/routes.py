"""Ways of routing the orders of some months, from the same stock, in the order they came."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.olist.forecast import Forecast
from bench.olist.world import Order, World
from segue.planning.exact import best_plan
from segue.planning.look_ahead import Transport, prices_of, unit_mills
from segue.planning.network import Network, Plan, plan_mills, take
from segue.planning.one_by_one import one_by_one
from segue.planning.rules import closest, plan_by_rules
from segue.planning.wave import plan_wave

LOST_PART = 2  # in the transport program a unit that nobody gets is so many times as dear as the dearest way
SURELY = 10  # dearer than all prices: nothing is left unfilled to keep goods for others


class Period(NamedTuple):
    """Orders that are served from one stocking, and all that came earlier."""

    orders: list[Order]
    earlier: list[Order]
    first: str  # month
    months: int

    def months_left(self, when: datetime) -> float:
        """How many of its months are still to come at this instant."""
        began = datetime(when.year, when.month, 1)
        part = (when - began) / timedelta(days=monthrange(when.year, when.month)[1])
        year, month = map(int, self.first.split("-"))
        return self.months - (when.year - year) * 12 - (when.month - month) - part


Route = Callable[[World, Network, Period], list[Plan]]


def as_it_was(made: World, net: Network, period: Period) -> list[Plan]:
    """From where it was really sent."""
    return [order.really for order in period.orders]


def by_distance(made: World, net: Network, period: Period) -> list[Plan]:
    """From the closest place that has some, then from the next."""
    scores, plans = closest(made.distance), []
    for order in period.orders:
        plan = plan_by_rules(net, order.wanted, scores)
        take(net, order.wanted, plan)
        plans.append(plan)
    return plans


def exactly(made: World, net: Network, period: Period) -> list[Plan]:
    """The optimum of each order, one by one."""
    return one_by_one(net, [order.wanted for order in period.orders])


def in_waves(days: int) -> Route:
    """Orders wait until the end of so many days, and are planned together."""

    def route(made: World, net: Network, period: Period) -> list[Plan]:
        plans = []
        for _, group in groupby(period.orders, key=lambda order: order.sale.when.date().toordinal() // days):
            wave = [order.wanted for order in group]
            for wanted, plan in zip(wave, plan_wave(net, wave).plans, strict=True):
                take(net, wanted, plan)
                plans.append(plan)
        return plans

    return route


def looking_ahead(made: World, net: Network, period: Period) -> list[Plan]:
    """The optimum of each order, where a unit also costs what it is expected to be worth to orders still to come.

    A SKU's prices are made anew each day on which it is wanted.
    """
    forecast, plans = Forecast(made, period.earlier), []
    coming = net._replace(zone=forecast.zone)
    wanted = sorted({sku for order in period.orders for sku in order.wanted.skus})
    costs = {sku: unit_mills(coming, sku) for sku in wanted}
    price = np.zeros(net.stock.shape, np.int32)
    priced = net._replace(price=price, unfilled=net.unfilled * SURELY)
    looked: dict[int, date] = {}
    for order in period.orders:
        today, left = order.sale.when.date(), period.months_left(order.sale.when)
        for sku in [sku for sku in order.wanted.skus if looked.get(sku) != today]:
            looked[sku] = today
            price[sku] = worth(net.stock[sku], forecast.wanted(sku, left), costs[sku])
        plan = best_plan(priced, order.wanted)
        plans.append(plan._replace(cost_mills=plan_mills(net, order.wanted, plan)))
        take(net, order.wanted, plan)
    return plans


def worth(stock: NDArray[np.int32], wanted: NDArray[np.float64], cost: NDArray[np.int64]) -> NDArray[np.int32]:
    """What a unit at each location is worth to what is expected. Of more than there is, each region gets its share."""
    held, price = np.flatnonzero(stock), np.zeros(stock.size, np.int32)
    expected = wanted * min(1.0, stock.sum() / max(wanted.sum(), 1e-9))
    reach = cost[:, held]
    program = Transport(stock[held].astype(np.float64), expected, reach, LOST_PART * int(reach.max(initial=0)))
    if held.size > 1:
        price[held] = prices_of(program)
    return price


ROUTES: dict[str, Route] = {
    "as it was": as_it_was,
    "closest": by_distance,
    "exact": exactly,
    "wave of a day": in_waves(1),
    "wave of a week": in_waves(7),
    "look-ahead": looking_ahead,
}
