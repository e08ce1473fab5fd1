"""What a unit less costs: by paths, by a program, and by the difference of two optima. Covers F-8."""

from itertools import permutations

import numpy as np
import pytest

from segue.planning.network import Ints
from segue.planning.one_less import one_less


def optimum(cost: Ints, stock: Ints) -> int:
    """The least that all units cost, by trying every way of giving them a piece of the stock."""
    pieces = np.repeat(np.arange(stock.size), stock).tolist()
    units = range(len(cost))
    return min(sum(int(cost[unit, way[unit]]) for unit in units) for way in permutations(pieces, len(cost)))


def cases(count: int, places_max: int, stock_max: int) -> list[tuple[Ints, Ints]]:
    random, found = np.random.default_rng(7), list[tuple[Ints, Ints]]()
    for _ in range(count):
        stock = random.integers(1, stock_max + 1, random.integers(1, places_max + 1)).astype(np.int64)
        found.append((random.integers(0, 40, (int(random.integers(0, stock.sum())), stock.size)), stock))
    return found


def test_a_unit_less_costs_what_the_optimum_without_it_costs_more() -> None:
    pushed = 0
    for cost, stock in cases(60, 3, 2):
        lost = one_less(cost, stock)
        without = [stock - (np.arange(stock.size) == place) for place in range(stock.size)]
        assert lost.tolist() == [optimum(cost, less) - optimum(cost, stock) for less in without]
        pushed += bool(lost.any())
    assert pushed > 20


def test_paths_and_the_program_agree() -> None:
    for cost, stock in cases(80, 8, 5):
        assert one_less(cost, stock).tolist() == one_less(cost, stock, loops=False).tolist()


def test_one_makes_room_for_another() -> None:
    # The second unit has the first place, and the first the second one. Without either, the first unit goes to the third.
    cost = np.array([[1, 2, 9], [1, 20, 30]])
    assert one_less(cost, np.array([1, 1, 5])).tolist() == [26, 7, 0]


def test_where_nothing_is_wanted_a_unit_less_costs_nothing() -> None:
    for loops in (True, False):
        assert one_less(np.zeros((0, 3), np.int64), np.array([1, 2, 1]), loops=loops).tolist() == [0, 0, 0]


@pytest.mark.parametrize(("stock", "told"), [([1, 1], "not more lies there"), ([0, 5], "has none")])
def test_where_there_is_none_to_miss_nothing_is_said(stock: list[int], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        one_less(np.array([[1, 2], [2, 1]]), np.array(stock))
