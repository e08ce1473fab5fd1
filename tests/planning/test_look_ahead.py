"""Looking ahead and back: prices are what a unit would save, and nothing is cheaper than hindsight. Covers F-8."""

import numpy as np
import pytest

from bench.routing.made import world
from segue.planning.contest import copied
from segue.planning.exact import best_plan
from segue.planning.hindsight import look_back
from segue.planning.look_ahead import look_ahead, prices_by_samples, unit_mills
from segue.planning.network import NO_ZONE, Demand, Network, network, plan_mills
from segue.planning.one_by_one import one_by_one

ZONE = [[0, 1], [1, 0]]  # two regions, each near to one of two locations


def made(stock: object, **given: object) -> Network:
    usual: dict[str, object] = {
        "zone": ZONE, "stock": stock, "weight_g": 500, "unfilled": 50_000,
        "limits_g": [1_000], "rates": [[5_000], [9_000]], "handling": [[300, 0], [0, 500]], "beyond": 1_000,
    }  # fmt: skip
    return network(**(usual | given))


def test_a_unit_costs_its_rate_and_its_handling() -> None:
    assert unit_mills(made([[1, 1]]), 0).tolist() == [[5_300, 9_500], [9_300, 5_500]]
    heavy = made([[1, 1]], weight_g=2_500, zone=[[0, NO_ZONE], [1, 0]])
    assert unit_mills(heavy, 0).tolist() == [[7_300, -1], [11_300, 7_500]]


def test_plenty_costs_nothing_and_the_last_unit_what_it_saves() -> None:
    assert look_ahead(made([[9, 9]]), [[2, 2]]).tolist() == [[0, 0]]
    # One unit at each place and two wanted at the first: one more at the first saves the way from the second.
    assert look_ahead(made([[1, 9]]), [[2, 0]]).tolist() == [[4_200, 0]]


def test_where_too_little_lies_a_unit_is_worth_an_order_unfilled() -> None:
    assert look_ahead(made([[1, 0]]), [[2.5, 0]]).tolist() == [[44_700, 40_500]]
    assert look_ahead(made([[0, 0]]), [[1, 0]]).tolist() == [[44_700, 40_500]]


def test_nothing_expected_has_no_price() -> None:
    assert look_ahead(made([[1, 1], [1, 1]]), [[0, 0], [1, 1]], skus=[0]).tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize("wanted", [[[1, -1]], [[1, float("nan")]], [[1]], [1, 1]])
def test_an_expectation_that_cannot_be_is_refused(wanted: object) -> None:
    with pytest.raises(ValueError, match="numbers of units"):
        look_ahead(made([[1, 1]]), wanted)


def test_a_price_keeps_the_last_unit_for_who_is_near() -> None:
    net = made([[1, 2]])
    order = Demand(1, (0,), (1,))
    dear = net._replace(price=look_ahead(net, [[2, 1]]), stock=np.array([[1, 1]], np.int32))
    assert best_plan(dear, order).parcels[0].location == 1
    assert dear.price.tolist()[0][0] > dear.price.tolist()[0][1]


def test_nothing_is_cheaper_than_hindsight_and_prices_come_nearer_to_it() -> None:
    period = world(21, 15, 400, skus=12, tightness=1.15)
    wanted = np.zeros((12, len(period.net.zone)))
    for order in period.orders:
        wanted[list(order.skus), order.destination] += order.counts
    bound = look_back(period.net, period.orders)
    alone = one_by_one(copied(period.net), period.orders)
    myopic = sum(plan.cost_mills for plan in alone)
    assert bound.bound_mills <= bound.reached_mills <= myopic
    assert bound.reached_mills - bound.bound_mills < 0.02 * bound.bound_mills
    net, paid = copied(period.net), 0
    for start in range(0, len(period.orders), 20):  # prices are made anew from what is left and what is still expected
        dear, group = net._replace(price=look_ahead(net, wanted)), period.orders[start : start + 20]
        for order, plan in zip(group, one_by_one(dear, group), strict=True):
            paid += plan_mills(net, order, plan)
            wanted[list(order.skus), order.destination] -= order.counts
    assert bound.bound_mills <= paid < myopic
    assert bound.lost(myopic) > bound.lost(paid) >= 0
    assert bound.lost(0) == 0


def test_sampled_prices_are_what_a_unit_less_costs_in_what_may_come() -> None:
    net, random = made([[1, 1]]), np.random.default_rng(0)
    # Surely more come than there are units, all to the first region: the first unit taken sends the next one the long way.
    assert prices_by_samples(net, 0, [50, 0], random).tolist() == [4_200, 0]
    # One or none comes: the price is in between.
    assert 0 < prices_by_samples(net, 0, [0.7, 0], random)[0] < 4_200
    assert prices_by_samples(made([[9, 9]]), 0, [2, 2], random).tolist() == [0, 0]


def test_sampled_prices_are_none_where_nothing_comes_or_one_place_has_it_all() -> None:
    random = np.random.default_rng(0)
    assert prices_by_samples(made([[1, 1]]), 0, [0, 0], random).tolist() == [0, 0]
    assert prices_by_samples(made([[0, 3]]), 0, [5, 5], random).tolist() == [0, 0]


def test_sampled_prices_count_prices_and_what_is_not_sent() -> None:
    random = np.random.default_rng(0)
    dear = made([[1, 1]], price=[[0, 1_000]])
    assert prices_by_samples(dear, 0, [50, 0], random).tolist() == [5_200, 0]
    shut = made([[1, 1]], zone=[[0, NO_ZONE], [1, 0]])
    assert prices_by_samples(shut, 0, [50, 0], random).tolist() == [50_000 - 5_300, 0]


def test_sampled_prices_are_the_same_without_numba_and_for_the_same_draws() -> None:
    period = world(21, 15, 40, skus=12, tightness=1.15)
    wanted = np.linspace(0.1, 0.6, len(period.net.zone))
    prices = [
        prices_by_samples(period.net, 1, wanted, np.random.default_rng(seed), 4, loops=loops).tolist()
        for seed, loops in ((5, True), (5, False), (6, True))
    ]
    assert prices[0] == prices[1] != prices[2]
    assert max(prices[0]) > 0


@pytest.mark.parametrize("wanted", [[1, -1], [1, float("nan")], [1], [[1, 1]]])
def test_what_cannot_be_expected_is_not_drawn(wanted: object) -> None:
    with pytest.raises(ValueError, match="numbers of units"):
        prices_by_samples(made([[1, 1]]), 0, wanted, np.random.default_rng(0))
