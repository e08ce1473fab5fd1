"""A few hundred of the real orders, routed in every way: what must hold whatever the figures are."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from bench.olist.backtest import Figures, backtest, periods
from bench.olist.forecast import Forecast
from bench.olist.rates import BANDS, distances_km, learned, median_regression
from bench.olist.routes import ROUTES, worth
from bench.olist.sales import Place, read
from bench.olist.world import World, world
from segue.planning.network import plan_mills

OLIST = Path(os.environ.get("SEGUE_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "olist"
FIRST = "2017-09"
ORDERS = 120  # of each of two stockings

needs_data = pytest.mark.skipif(not OLIST.is_dir(), reason=f"the real orders are not in {OLIST}")


@cache
def made() -> World:
    sales = read(OLIST).sales
    return world(sales, [sale for sale in sales if sale.month < FIRST])


@cache
def played() -> Mapping[str, Figures]:
    return backtest(made(), FIRST, 3, ORDERS)


@needs_data
def test_no_way_of_routing_is_cheaper_than_hindsight_says_is_possible() -> None:
    bound = played()["hindsight, bound"].mills
    assert all(figures.mills >= bound for figures in played().values())
    assert played()["hindsight, a plan"].mills <= min(played()[name].mills for name in ROUTES)


@needs_data
def test_exact_costs_less_than_the_closest_place_and_than_what_was_done() -> None:
    assert played()["exact"].mills < played()["closest"].mills
    assert played()["exact"].mills < played()["as it was"].mills


@needs_data
def test_every_way_sends_every_unit_of_the_same_orders() -> None:
    assert {figures.orders for figures in played().values()} == {2 * ORDERS}
    assert {figures.unfilled for figures in played().values()} == {0}


@needs_data
def test_all_ways_take_from_what_was_really_sent_and_none_takes_more() -> None:
    period = periods(made(), FIRST, 3, ORDERS)[0]
    for route in ROUTES.values():
        net = made().net._replace(stock=made().stock_of(period.orders))
        plans = route(made(), net, period)
        costs = [plan_mills(net, order.wanted, plan) for order, plan in zip(period.orders, plans, strict=True)]
        assert [plan.cost_mills for plan in plans] == costs
        assert net.stock.min() >= 0


@needs_data
def test_rates_and_forecasts_know_nothing_of_later_months() -> None:
    sales = read(OLIST).sales
    earlier = [sale for sale in sales if sale.month < FIRST]
    alone = learned(earlier)
    assert np.array_equal(alone.table, made().rates.table)
    period = periods(made(), FIRST, 3)[0]
    assert max(order.sale.month for order in period.earlier) < FIRST
    assert {order.sale.month for order in period.orders} == {"2017-09", "2017-10", "2017-11"}
    forecast = Forecast(made(), period.earlier)
    assert np.allclose(forecast.share.sum(axis=1), 1)


@needs_data
def test_farther_and_heavier_is_never_cheaper() -> None:
    table = made().rates.table
    assert (np.diff(table, axis=1) >= 0).all()
    assert (np.diff(table[:BANDS], axis=0) >= 0).all()
    assert (np.diff(table[BANDS:], axis=0) >= 0).all()
    assert (table[BANDS:] >= table[:BANDS]).all()


def test_the_distance_of_two_cities_is_known() -> None:
    sao_paulo, rio = Place("01001", -23.5505, -46.6333), Place("20010", -22.9068, -43.1729)
    assert distances_km([sao_paulo], [rio])[0, 0] == pytest.approx(361, abs=2)
    assert (sao_paulo.state, rio.state, Place("69900", -10, -67).state) == ("SP", "RJ", "AC")


def test_the_regression_of_the_median_does_not_mind_a_few_wild_values() -> None:
    far = np.linspace(0, 10, 101)
    values = 3 + 2 * far
    values[::10] += 500
    assert median_regression(np.stack((np.ones_like(far), far), axis=1), values) == pytest.approx([3, 2], abs=0.05)


def test_a_unit_is_worth_what_it_saves_where_it_is_expected_to_be_wanted() -> None:
    stock = np.array([1, 1, 0], np.int32)
    cost = np.array([[10_000, 30_000, 5], [20_000, 25_000, 5]])  # [region, location]
    price = worth(stock, np.array([1.0, 1.0]), cost)
    assert 5_000 <= price[0] - price[1] <= 20_000  # between what it would save the one region and the other
    assert price[2] == 0
