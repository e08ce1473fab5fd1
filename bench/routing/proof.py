"""Proof: the exact search against brute force on small cases, and against an independent program on large ones."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from bench.routing import engine
from bench.routing.brute import cheapest, small_case
from bench.routing.made import TOWNS, UNITS, world
from bench.routing.program import optimum
from segue.planning.exact import best_plan
from segue.planning.network import Demand, Network, Plan, plan_mills

LARGE_LINES = (4, 9)  # at least, and fewer than
LARGE_SKUS = 200


class Proof(NamedTuple):
    """How many cases were looked at, and what went wrong in which."""

    cases: int
    wrong: tuple[str, ...]


def judged(net: Network, order: Demand) -> list[str]:
    """What is wrong with the plans of an order that can be seen without knowing the best one."""
    compiled, plain = best_plan(net, order, compiled=True), best_plan(net, order, compiled=False)
    found = list(faults(net, order, compiled))
    return found if compiled == plain else [*found, f"compiled {compiled}, plain {plain}"]


def faults(net: Network, order: Demand, plan: Plan) -> Iterator[str]:
    """What a plan says of itself that is not so, or takes that is not there."""
    if plan_mills(net, order, plan) != plan.cost_mills:
        yield f"{plan} costs {plan_mills(net, order, plan)}"
    for line, sku in enumerate(order.skus):
        sent = sum(parcel.counts[line] for parcel in plan.parcels)
        if sent + plan.unfilled[line] != order.counts[line]:
            yield f"{plan} does not add up to {order.counts}"
        for place in {parcel.location for parcel in plan.parcels}:
            taken = sum(parcel.counts[line] for parcel in plan.parcels if parcel.location == place)
            if taken > net.stock[sku, place]:
                yield f"{plan} takes {taken} of SKU {sku}, where there is {net.stock[sku, place]}"


def against_brute_force(seed: int, cases: int) -> Proof:
    """Small cases with wild rates: cost, units unfilled and number of parcels are those of brute force."""
    dice, wrong = np.random.default_rng(seed), list[str]()
    for case in range(cases):
        net, order = small_case(dice)
        plan = best_plan(net, order)
        got, best = (plan.cost_mills, sum(plan.unfilled), len(plan.parcels)), cheapest(net, order)
        wrong += [f"case {case}: {each}" for each in judged(net, order)]
        if got != best:
            wrong.append(f"case {case}: got {got}, the best is {best}")
    return Proof(cases, tuple(wrong))


def against_a_program(seed: int, cases: int, locations: int = 50) -> Proof:
    """Orders of many lines in networks of many locations: the cost is that of the program."""
    dice, wrong = np.random.default_rng(seed), list[str]()
    made = world(seed, locations, 400, skus=LARGE_SKUS, tightness=3.0)
    for case in range(cases):
        lines = int(dice.integers(*LARGE_LINES))
        skus = tuple(dice.permutation(LARGE_SKUS)[:lines].tolist())
        order = Demand(int(dice.integers(0, TOWNS)), skus, tuple(dice.choice(UNITS[0], lines, p=UNITS[1]).tolist()))
        got, best = best_plan(made.net, order).cost_mills, optimum(made.net, order)
        wrong += [f"case {case}: {each}" for each in judged(made.net, order)]
        if got != best:
            wrong.append(f"case {case}: got {got}, the best is {best}")
    return Proof(cases, tuple(wrong))


def against_the_engine(seed: int, cases: int, locations: int = 50) -> Proof:
    """What the engine decides with, in pure Python: the same cost, units unfilled and number of parcels."""
    dice, wrong = np.random.default_rng(seed), list[str]()
    made = world(seed, locations, cases, skus=LARGE_SKUS, tightness=float(dice.uniform(0.3, 1.5)))
    facts = engine.facts_of(made)
    for case, order in enumerate(made.orders):
        plan, own = best_plan(made.net, order), engine.planned(facts, engine.order_of(order))
        best = plan.cost_mills, sum(plan.unfilled), len(plan.parcels)
        got = engine.cost_mills(own), sum(own.missing.values()), len(own.parcels)
        if got != best:
            wrong.append(f"case {case}: got {got}, the best is {best}")
    return Proof(cases, tuple(wrong))
