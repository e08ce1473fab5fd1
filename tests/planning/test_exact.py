"""The exact optimum: it is that of brute force and of an independent program, compiled or not. Covers F-8."""

import numpy as np
import pytest

from bench.routing.proof import against_a_program, against_brute_force
from segue.planning.exact import best_plan, best_plans
from segue.planning.network import (
    CLOSED_MILLS,
    NO_ZONE,
    Demand,
    Network,
    Parcel,
    Plan,
    demand,
    network,
    plan_mills,
    take,
)  # fmt: skip
from segue.planning.shapes import is_small_enough, pairs_of
from segue.planning.whole import find_whole

RATES = [[5_000, 8_000], [7_000, 9_000]]  # two zones, up to 1 kg and up to 3 kg


def small(stock: object, **given: object) -> Network:
    """Three locations, the first two near; a unit weighs 600 g."""
    usual: dict[str, object] = {
        "zone": [[0, 0, 1]], "stock": stock, "weight_g": 600, "unfilled": 50_000,
        "limits_g": [1_000, 3_000], "rates": RATES, "beyond": 2_000,
    }  # fmt: skip
    return network(**(usual | given))


BOTH = pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "plain"])


def test_it_is_as_cheap_as_brute_force_on_small_cases() -> None:
    assert against_brute_force(seed=11, cases=150).wrong == ()


def test_it_is_as_cheap_as_a_program_on_large_cases() -> None:
    assert against_a_program(seed=12, cases=12).wrong == ()


@BOTH
def test_one_parcel_is_preferred_where_it_is_cheaper(compiled: bool) -> None:
    net = small([[1, 0, 1], [0, 1, 1]])
    assert best_plan(net, Demand(0, (0, 1), (1, 1)), compiled=compiled) == Plan(9_000, (Parcel(2, (1, 1)),), (0, 0))


@BOTH
def test_equal_plans_go_to_the_lower_location(compiled: bool) -> None:
    net = small([[1, 1, 1], [1, 1, 1]], zone=[[0, 0, 0]])
    assert best_plan(net, Demand(0, (1, 0), (1, 1)), compiled=compiled).parcels == (Parcel(0, (1, 1)),)


@BOTH
def test_what_nobody_has_stays_unfilled(compiled: bool) -> None:
    net = small([[1, 0, 0], [0, 0, 0]])
    assert best_plan(net, Demand(0, (0, 1), (3, 1)), compiled=compiled) == Plan(155_000, (Parcel(0, (1, 0)),), (2, 1))


@BOTH
def test_closed_locations_and_those_without_a_zone_send_nothing(compiled: bool) -> None:
    net = small([[1, 1, 1]], zone=[[NO_ZONE, 0, 1]])
    order = Demand(0, (0,), (1,))
    assert best_plan(net, order, compiled=compiled).parcels == (Parcel(1, (1,)),)
    closed = np.array([0, CLOSED_MILLS, 500])
    assert best_plan(net, order, closed, compiled=compiled) == Plan(7_500, (Parcel(2, (1,)),), (0,))


@BOTH
def test_a_price_moves_an_order_to_where_units_are_worth_less(compiled: bool) -> None:
    net = small([[1, 1, 1]], price=[[2_500, 3_000, 0]])
    assert best_plan(net, Demand(0, (0,), (1,)), compiled=compiled) == Plan(7_000, (Parcel(2, (1,)),), (0,))


@BOTH
def test_units_of_one_line_come_from_several_places_and_never_twice_from_one_unit(compiled: bool) -> None:
    net = small([[1, 1, 9]], rates=[[1_000, 30_000], [20_000, 40_000]])
    plan = best_plan(net, Demand(0, (0,), (3,)), compiled=compiled)
    assert plan == Plan(22_000, (Parcel(0, (1,)), Parcel(1, (1,)), Parcel(2, (1,))), (0,))


def test_many_at_once_are_the_same_as_each_alone() -> None:
    net = small([[1, 1, 9], [2, 0, 1]])
    orders = [Demand(0, (0, 1), (2, 1)), Demand(0, (1,), (1,)), Demand(0, (), ()), Demand(0, (1, 0), (1, 3))]
    assert best_plans(net, orders) == [best_plan(net, order) for order in orders]
    assert best_plans(net, orders) == best_plans(net, orders, compiled=False)


def test_an_order_with_too_many_lines_goes_to_the_solver() -> None:
    lines = 16
    stock = np.zeros((lines, 3), int)
    stock[:, 0] = 1
    stock[: lines // 2, 1:] = 1
    net = small(stock, limits_g=[1_000, 30_000])
    order = demand(0, [(sku, 1) for sku in range(lines)])
    assert not is_small_enough(order.counts)
    plan = best_plan(net, order)
    assert plan == Plan(8_000, (Parcel(0, (1,) * lines),), (0,) * lines)


def test_the_solver_finds_what_the_search_finds() -> None:
    dice = np.random.default_rng(5)
    for _ in range(12):
        net = small(
            dice.integers(0, 3, (6, 3)), weight_g=dice.integers(100, 2_500, 6),
            handling=dice.integers(0, 900, (3, 2)), price=dice.integers(0, 900, (6, 3)),
        )  # fmt: skip
        order = Demand(0, tuple(range(6)), tuple(dice.integers(1, 3, 6).tolist()))
        found = find_whole(net, order, np.zeros(3, np.int64))
        assert found.cost_mills == plan_mills(net, order, found) == best_plan(net, order).cost_mills


def test_what_was_taken_is_not_there_for_the_next_order() -> None:
    net = small([[1, 1, 0]])
    order = Demand(0, (0,), (1,))
    first = best_plan(net, order)
    take(net, order, first)
    assert [first.parcels, best_plan(net, order).parcels] == [(Parcel(0, (1,)),), (Parcel(1, (1,)),)]


def test_lines_of_one_sku_are_added_up() -> None:
    assert demand(4, [(7, 1), (3, 2), (7, 2), (9, 0)]) == Demand(4, (7, 3), (3, 2))


def test_pairs_are_as_many_as_the_ways_to_part_a_rest() -> None:
    assert (pairs_of((1, 1, 1)), pairs_of(()), is_small_enough((1,) * 14), is_small_enough((128,))) == (
        13,
        0,
        True,
        False,
    )


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"zone": [[0, 2, 1]]}, "a zone is not in the rate table"),
        ({"zone": [[0, 1]]}, "zone is an array of"),
        ({"stock": [[1, -1, 0]]}, "stock is below 0"),
        ({"stock": [1, 1, 0]}, "stock is an array of"),
        ({"price": [[0, 0, 0]] * 3}, "price is one row"),
        ({"limits_g": [3_000, 1_000]}, "do not rise"),
        ({"rates": [[5_000], [7_000]]}, "one rate for each weight"),
        ({"weight_g": -1}, "a weight is below 0"),
        ({"unfilled": -1}, "a cost is below 0"),
        ({"unfilled": 10**10}, "mills or more"),
        ({"weight_g": 1 << 40}, "could cost too much"),
    ],
)
def test_a_network_that_does_not_fit_is_refused(given: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        small(given.pop("stock", [[1, 1, 1]] * 2), **given)
