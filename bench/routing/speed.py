"""Speed: microseconds for one order, one call at a time; compiled, and with numpy alone.

Each order is planned several times, and the best counts: what is slower was disturbed. So the p99 is that of orders,
not of the machine.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from bench.routing import engine
from bench.routing.made import World, world
from segue.planning.compiled import HAS_NUMBA
from segue.planning.exact import best_plan
from segue.planning.kernel import find
from segue.planning.network import Demand
from segue.planning.quote import cart_offer
from segue.planning.rules import Scores, closest, follow, plan_by_rules
from segue.planning.shapes import shape
from segue.planning.vectorized import find_one

SKUS = 2_000
TIGHTNESS = 40.0  # the stock is ample for each order, as it mostly is: some units of a SKU in many places
CART_LINES = 3
RUNS = 5


class Timing(NamedTuple):
    """Microseconds a call."""

    median: float
    mean: float
    p99: float


def timing(calls: list[Callable[[], object]]) -> Timing:
    """How long calls take, the best of several runs of each."""
    taken = []
    for call in calls:
        best = float("inf")
        for _ in range(RUNS):
            began = time.perf_counter_ns()
            call()
            best = min(best, (time.perf_counter_ns() - began) / 1_000)
        taken.append(best)
    counted = np.array(taken)
    return Timing(*(round(float(each), 1) for each in (np.median(counted), counted.mean(), np.percentile(counted, 99))))


def speeds(locations: int, orders: int, seed: int = 1, *, compiled: bool = HAS_NUMBA) -> dict[str, Timing]:
    """Every way of planning one order, in a network of so many locations; only those of numpy, if not `compiled`."""
    made = world(seed, locations, orders, skus=SKUS, tightness=TIGHTNESS)
    carts = [_cart(made, number) for number in range(orders)]
    days = np.ascontiguousarray(1 + made.distance // 300, np.int16)
    scores = closest(made.distance)
    few = max(100, orders // 5)
    plain = {
        "rules, numpy": timing([_rules(made, order, scores, False) for order in made.orders[:few]]),
        "exact, numpy kernel": timing([_numpy_kernel(made, order) for order in made.orders[:few]]),
        "exact, numpy": timing([_exact(made, order, False) for order in made.orders[:few]]),
        "exact, engine": timing(engine.calls(made, few)),
        "promise, 3 lines, numpy": timing(
            [partial(cart_offer, made.net, cart, days, compiled=False) for cart in carts[:few]]
        ),
    }
    if not compiled:
        return plain
    return {
        "rules, kernel": timing([_rules_kernel(made, order, scores) for order in made.orders]),
        "rules": timing([_rules(made, order, scores, True) for order in made.orders]),
        "exact, kernel": timing([_exact_kernel(made, order) for order in made.orders]),
        "exact": timing([_exact(made, order, True) for order in made.orders]),
        "promise, 3 lines": timing([partial(cart_offer, made.net, cart, days) for cart in carts]),
    } | plain


def _cart(made: World, number: int) -> Demand:
    skus = (number * 7 + np.arange(CART_LINES) * 31) % SKUS
    return Demand(made.orders[number].destination, tuple(skus.tolist()), (1,) * CART_LINES)


def _exact_kernel(made: World, order: Demand) -> Callable[[], object]:
    """The call of the kernel alone: arrays that a planner would have ready."""
    given = made.net, shape(order.counts), np.array([order.skus]), np.array([order.destination])
    surcharge = np.zeros((1, made.net.locations), np.int64)
    return lambda: find(*given, surcharge)


def _numpy_kernel(made: World, order: Demand) -> Callable[[], object]:
    given = made.net, shape(order.counts), np.array(order.skus), order.destination
    surcharge = np.zeros(made.net.locations, np.int64)
    return lambda: find_one(*given, surcharge)


def _rules_kernel(made: World, order: Demand, scores: Scores) -> Callable[[], object]:
    zone, score = made.net.zone[order.destination], scores[order.destination]
    given = made.net, np.array(order.skus), np.array(order.counts), zone, score
    surcharge = np.zeros(made.net.locations, np.int64)
    return lambda: follow(*given, surcharge, False)


def _exact(made: World, order: Demand, compiled: bool) -> Callable[[], object]:
    return lambda: best_plan(made.net, order, compiled=compiled)


def _rules(made: World, order: Demand, scores: Scores, compiled: bool) -> Callable[[], object]:
    return lambda: plan_by_rules(made.net, order, scores, compiled=compiled)
