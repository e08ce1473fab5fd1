"""Ways of routing the orders of some months, from the same stock, in the order they came."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

import numpy as np

from bench.olist.forecast import Forecast, Settings
from bench.olist.world import Order, World
from segue.planning.exact import best_plan
from segue.planning.look_ahead import prices_by_samples
from segue.planning.network import Network, Plan, plan_mills, take
from segue.planning.one_by_one import one_by_one
from segue.planning.rules import closest, plan_by_rules
from segue.planning.wave import plan_wave

SURELY = 10  # dearer than all prices: nothing is left unfilled to keep goods for others
SEED = 0  # of the draws that look-ahead's prices are means of


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

    def before(self, month: str) -> list[Order]:
        """All orders of earlier months, with those of the stocking itself."""
        return self.earlier + [order for order in self.orders if order.sale.month < month]


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


def looking_ahead(settings: Settings, seed: int = SEED, *, once: bool = False) -> Route:
    """The optimum of each order, where a unit also costs what it is expected to be worth to orders still to come.

    A forecast is made anew each month from all months before it, or `once` before the stocking; a SKU's prices each day
    on which it is wanted.
    """

    def route(made: World, net: Network, period: Period) -> list[Plan]:
        price, random, plans = np.zeros(net.stock.shape, np.int32), np.random.default_rng(seed), []
        priced = net._replace(price=price, unfilled=net.unfilled * SURELY)
        for month, orders in groupby(period.orders, key=lambda order: order.sale.month):
            known = period.before(period.first if once else month)
            forecast, looked = Forecast(made, known, settings), dict[int, date]()
            for order in orders:
                today, left = order.sale.when.date(), period.months_left(order.sale.when)
                for sku in [sku for sku in order.wanted.skus if looked.get(sku) != today]:
                    looked[sku] = today
                    price[sku] = prices_by_samples(net, sku, forecast.wanted(sku, left), random, settings.samples)
                plan = best_plan(priced, order.wanted)
                plans.append(plan._replace(cost_mills=plan_mills(net, order.wanted, plan)))
                take(net, order.wanted, plan)
        return plans

    return route


ROUTES: dict[str, Route] = {
    "as it was": as_it_was,
    "closest": by_distance,
    "exact": exactly,
    "wave of a day": in_waves(1),
    "wave of a week": in_waves(7),
    "look-ahead, forecast once": looking_ahead(Settings(), once=True),
    "look-ahead": looking_ahead(Settings()),
}
