"""The benches of planning: their goals can be missed, their judges find what is wrong, and a small run goes through."""

from typing import Any

import numpy as np
import pytest

import bench.routing.__main__ as routing
import bench.wave as waves
from bench.routing.brute import cheapest
from bench.routing.made import world
from bench.routing.program import optimum, whole_wave
from bench.routing.proof import against_the_engine, faults, judged
from bench.routing.speed import Timing, speeds
from segue.planning.exact import best_plan
from segue.planning.network import Demand, Network, Parcel, Plan, network


def plenty() -> Network:
    """Two locations, the second one dearer."""
    return network(
        zone=[[0, 1]], stock=[[2, 2], [0, 2]], weight_g=400, unfilled=90, limits_g=[1_000], rates=[[5], [7]], beyond=1
    )


def test_brute_force_and_the_program_know_a_case_by_heart() -> None:
    net, order = plenty(), Demand(0, (0, 1), (2, 1))
    assert cheapest(net, order) == (8, 0, 1)  # 1,200 g in the farther zone: 7, and 1 for the kilogram begun
    assert optimum(net, order) == 8
    assert whole_wave(net, [order, order], 1_000) == (8 + 5 + 7, 20)


def test_a_plan_that_costs_or_takes_something_else_is_found() -> None:
    net, order = plenty(), Demand(0, (0, 1), (2, 1))
    assert judged(net, order) == []
    plan = best_plan(net, order)
    assert plan == Plan(8, (Parcel(1, (2, 1)),), (0, 0))
    assert "costs 8" in next(faults(net, order, plan._replace(cost_mills=7)))
    assert "does not add up" in next(faults(net, order, Plan(98, plan.parcels, (0, 1))))
    assert "takes 1 of SKU 1" in next(faults(net, order, Plan(6, (Parcel(0, (2, 1)),), (0, 0))))


def test_a_speed_that_misses_its_goal_is_told() -> None:
    slow = {50: {"rules, kernel": Timing(4.0, 4.0, 9.0), "exact, kernel": Timing(11.0, 12.0, 30.0)}}
    assert routing.missed(slow) == ["exact, kernel at 50 locations: 11.0 us, goal 10"]
    assert routing.missed({500: {"exact, kernel": Timing(11.0, 12.0, 130.0)}}) == [
        "exact, kernel at 500 locations: p99 130.0 us, goal 100"
    ]


def test_every_way_of_planning_is_timed() -> None:
    timings = speeds(10, 20)
    assert {name for goals in (routing.GOALS_US,) for name in goals} <= set(timings)
    assert all(0 < taken.median <= taken.p99 for taken in timings.values())


def test_without_numba_only_numpy_is_timed_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(routing, "HAS_NUMBA", False)
    monkeypatch.setattr(routing, "NETWORKS", (10,))
    monkeypatch.setattr(routing, "GOALS_US", {})
    monkeypatch.setattr("sys.argv", ["bench.routing", "--orders", "20"])
    assert routing.main() == 0
    printed = capsys.readouterr()
    assert "numba is not installed" in printed.err
    assert "exact, numpy" in printed.out
    assert "exact, kernel" not in printed.out


@pytest.mark.parametrize(
    ("change", "told"),
    [({"gap": 0.02}, "gap 2.00%"), ({"seconds": 1.5}, "1.5 s"), ({"never_dearer": False}, "dearer than one by one")],
)
def test_a_wave_that_misses_a_goal_is_told(change: dict[str, Any], told: str) -> None:
    row = {"orders": 9, "locations": 50, "tightness": 1.2, "gap": 0.01, "seconds": 1.0, "never_dearer": True}
    assert waves.missed([row], [], timed=True) == []
    assert told in waves.missed([row | change], [], timed=True)[0]


def test_a_small_wave_is_measured_against_rules_exact_and_the_whole_program() -> None:
    row = waves.measured(10, 1.2, 40)
    assert row["never_dearer"]
    assert 0 <= row["saves_on_exact"] < row["saves_on_rules"]
    whole = waves.true_gap(24, 4, 1.5)
    assert whole["bound_holds"]
    assert whole["solved_whole"]
    assert 0 <= whole["true_gap"] <= whole["gap"]


def test_made_up_worlds_have_as_much_stock_as_is_said() -> None:
    made = world(1, 8, 100, skus=5, tightness=2.0)
    wanted = np.zeros(5, int)
    for order in made.orders:
        wanted[list(order.skus)] += order.counts
    assert made.net.stock.sum(axis=1).tolist() == (2 * wanted).tolist()


def test_the_engine_plans_as_the_compiled_search_does() -> None:
    """Covers F-8."""
    for seed, locations in ((1, 10), (2, 50)):
        assert against_the_engine(seed, 60, locations).wrong == ()
