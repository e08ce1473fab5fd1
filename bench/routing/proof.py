"""Proof: the exact search against brute force on small cases, and against an independent program on large ones."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from bench.routing.brute import cheapest, small_case
from bench.routing.made import TOWNS, UNITS, world
from bench.routing.program import optimum
from segue.planning.exact import best_plan
from segue.planning.network import Demand, Network, plan_mills

LARGE_LINES = (4, 9)  # at least, and fewer than
LARGE_SKUS = 200


class Proof(NamedTuple):
    """How many cases were looked at, and what went wrong in which."""

    cases: int
    wrong: tuple[str, ...]


def judged(net: Network, order: Demand) -> Iterator[str]:
    """What is wrong with the plans of an order that can be seen without knowing the best one."""
    compiled, plain = best_plan(net, order, compiled=True), best_plan(net, order, compiled=False)
    if compiled != plain:
        yield f"compiled {compiled}, plain {plain}"
    if plan_mills(net, order, compiled) != compiled.cost_mills:
        yield f"{compiled} costs {plan_mills(net, order, compiled)}"
    for line, sku in enumerate(order.skus):
        sent = sum(parcel.counts[line] for parcel in compiled.parcels)
        if sent + compiled.unfilled[line] != order.counts[line]:
            yield f"{compiled} does not add up to {order.counts}"
        for place in {parcel.location for parcel in compiled.parcels}:
            taken = sum(parcel.counts[line] for parcel in compiled.parcels if parcel.location == place)
            if taken > net.stock[sku, place]:
                yield f"{compiled} takes {taken} of SKU {sku}, where there is {net.stock[sku, place]}"


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
