"""Waves: never dearer than one by one, within stock and capacity, with a bound that nothing goes below. Covers F-9."""

import numpy as np
import pytest

from bench.routing.made import World, world
from segue.planning.contest import copied
from segue.planning.network import Demand, Ints, Plan, network, plan_mills, take
from segue.planning.one_by_one import one_by_one
from segue.planning.wave import Limits, Wave, plan_wave


def small(seed: int = 3, orders: int = 80, tightness: float = 1.2) -> World:
    """A wave that is small, and scarce enough to need planning."""
    return world(seed, 12, orders, skus=15, tightness=tightness)


def check(made: World, wave: Wave, capacity: Ints | None = None) -> None:
    """A wave's plans add up, cost what they say, and take no more than there is."""
    net = copied(made.net)
    sent = np.zeros(net.locations, int)
    for order, plan in zip(made.orders, wave.plans, strict=True):
        given = (
            np.sum([parcel.counts for parcel in plan.parcels], axis=0) if plan.parcels else np.zeros(len(order.skus))
        )
        assert (given + plan.unfilled == order.counts).all()
        assert plan.cost_mills == plan_mills(net, order, plan)
        take(net, order, plan)
        for parcel in plan.parcels:
            sent[parcel.location] += 1
    assert (net.stock >= 0).all()
    assert capacity is None or (sent <= capacity).all()
    assert wave.cost_mills == sum(plan.cost_mills for plan in wave.plans)
    assert wave.bound_mills <= wave.cost_mills <= wave.one_by_one_mills


@pytest.mark.parametrize("tightness", [0.6, 1.0, 1.5, 4.0])
def test_a_wave_is_never_dearer_than_one_by_one(tightness: float) -> None:
    made = small(tightness=tightness)
    wave = plan_wave(made.net, made.orders)
    check(made, wave)
    assert wave.one_by_one_mills == sum(p.cost_mills for p in one_by_one(copied(made.net), made.orders))
    assert wave.gap < 0.02


def test_a_wave_saves_where_stock_is_scarce() -> None:
    made = small(tightness=1.0)
    wave = plan_wave(made.net, made.orders)
    assert wave.cost_mills < wave.one_by_one_mills * 0.99


def test_the_stock_of_the_caller_stays_as_it_is() -> None:
    made = small()
    before = made.net.stock.copy()
    plan_wave(made.net, made.orders)
    assert (made.net.stock == before).all()


def test_capacity_is_kept_and_has_a_price() -> None:
    made = small(tightness=3.0)
    free = plan_wave(made.net, made.orders)
    capacity = np.full(made.net.locations, 6)
    wave = plan_wave(made.net, made.orders, capacity)
    check(made, wave, capacity)
    assert wave.cost_mills > free.cost_mills
    assert (capacity == 6).all()


def test_orders_that_do_not_meet_are_settled_at_once() -> None:
    made = small(orders=5, tightness=400.0)
    wave = plan_wave(made.net, made.orders)
    check(made, wave)
    assert (wave.gap, wave.rounds, wave.cost_mills) == (0, 0, wave.one_by_one_mills)


def test_the_scarce_unit_goes_to_whom_nobody_else_can_serve() -> None:
    net = network(
        zone=[[0, 1], [0, 255]],
        stock=[[1, 1]],
        weight_g=100,
        unfilled=50_000,
        limits_g=[1_000],
        rates=[[5_000], [6_000]],
    )
    wave = plan_wave(net, [Demand(0, (0,), (1,)), Demand(1, (0,), (1,))])
    assert [[parcel.location for parcel in plan.parcels] for plan in wave.plans] == [[1], [0]]
    assert (wave.cost_mills, wave.one_by_one_mills, wave.gap) == (11_000, 55_000, 0)


def test_a_wave_is_the_same_twice_and_without_numba() -> None:
    made = small()
    first = plan_wave(made.net, made.orders)
    assert plan_wave(made.net, made.orders) == first
    assert plan_wave(made.net, made.orders, compiled=False) == first


def test_an_empty_wave_costs_nothing() -> None:
    made = small(orders=3)
    assert plan_wave(made.net, []) == Wave([], 0, 0, 0, 0, 0)
    assert plan_wave(made.net, [Demand(0, (), ())]).plans == [Plan(0, (), ())]


def test_fewer_rounds_still_give_plans_and_a_bound() -> None:
    made = small()
    wave = plan_wave(made.net, made.orders, limits=Limits(steps=2, rounds=1, nodes=0))
    check(made, wave)
    assert wave.gap > plan_wave(made.net, made.orders).gap
