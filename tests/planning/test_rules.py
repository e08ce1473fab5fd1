"""The rules, as arrays: closest, warehouse first, ship complete; compiled or not, they choose the same."""

import numpy as np
import pytest

from bench.routing.made import world
from segue.planning.exact import best_plan
from segue.planning.network import CLOSED_MILLS, Demand, Parcel, network, plan_mills
from segue.planning.rules import closest, plan_by_rules

DISTANCE = [[10, 20, 30]]
NET = network(
    zone=[[0, 0, 0]], stock=[[1, 2, 2], [0, 0, 1]], weight_g=100, unfilled=50_000, limits_g=[1_000], rates=[[5_000]]
)
ORDER = Demand(0, (0, 1), (2, 1))
BOTH = pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "plain"])


@BOTH
def test_the_closest_gives_all_it_has_and_the_next_the_rest(compiled: bool) -> None:
    plan = plan_by_rules(NET, ORDER, closest(DISTANCE), compiled=compiled)
    assert plan.parcels == (Parcel(0, (1, 0)), Parcel(1, (1, 0)), Parcel(2, (0, 1)))
    assert (plan.cost_mills, plan.unfilled) == (15_000, (0, 0))


@BOTH
def test_who_has_all_of_it_goes_first(compiled: bool) -> None:
    plan = plan_by_rules(NET, ORDER, closest(DISTANCE), complete=True, compiled=compiled)
    assert plan.parcels == (Parcel(2, (2, 1)),)


@BOTH
def test_what_nobody_has_or_may_send_is_unfilled(compiled: bool) -> None:
    closed = np.array([0, CLOSED_MILLS, CLOSED_MILLS])
    plan = plan_by_rules(NET, ORDER, closest(DISTANCE), closed, compiled=compiled)
    assert (plan.parcels, plan.unfilled, plan.cost_mills) == ((Parcel(0, (1, 0)),), (1, 1), 105_000)


def test_rules_are_the_same_compiled_and_never_cheaper_than_the_optimum() -> None:
    made = world(9, 30, 200, skus=40, tightness=2.0)
    for complete in (True, False):
        for order in made.orders:
            plan = plan_by_rules(made.net, order, closest(made.distance), complete=complete)
            assert plan == plan_by_rules(made.net, order, closest(made.distance), complete=complete, compiled=False)
            assert plan.cost_mills == plan_mills(made.net, order, plan) >= best_plan(made.net, order).cost_mills
