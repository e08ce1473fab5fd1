"""A few hundred of the real orders, routed in every way: what must hold whatever the figures are."""

import os
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path

import numpy as np
import pytest

from bench.olist.backtest import Figures, backtest, periods
from bench.olist.choose import Tried, best, first_of, tried
from bench.olist.forecast import Forecast, Settings
from bench.olist.rates import BANDS, distances_km, learned, median_regression
from bench.olist.routes import ROUTES, Period, exactly, in_waves, looking_ahead
from bench.olist.sales import Place, Sale, read
from bench.olist.world import World, world
from segue.planning.network import Network, plan_mills

OLIST = Path(os.environ.get("SEGUE_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "olist"
FIRST = "2017-09"
LAST = "2017-12"
ORDERS = 60  # of each of two stockings

needs_data = pytest.mark.skipif(not OLIST.is_dir(), reason=f"the real orders are not in {OLIST}")


@cache
def sales() -> list[Sale]:
    return [sale for sale in read(OLIST).sales if sale.month <= LAST]


@cache
def made() -> World:
    return world(sales(), [sale for sale in sales() if sale.month < FIRST])


def stocked(period: Period) -> Network:
    return made().net._replace(stock=made().stock_of(period.orders))


@cache
def played() -> Mapping[str, Figures]:
    return backtest(made(), FIRST, 3, ORDERS)


@needs_data
def test_no_way_of_routing_is_cheaper_than_hindsight_says_is_possible() -> None:
    bound = played()["hindsight, bound"].mills
    assert len(played()) == len(ROUTES) + 2
    assert all(figures.mills >= bound for figures in played().values())


@needs_data
def test_one_wave_of_all_orders_is_never_dearer_than_exact_one_by_one() -> None:
    assert played()["hindsight, a plan"].mills <= played()["exact"].mills
    period = periods(made(), FIRST, 3, ORDERS)[0]
    mills = {
        name: sum(plan.cost_mills for plan in route(made(), stocked(period), period))
        for name, route in {"wave": in_waves(10_000), "exact": exactly}.items()
    }
    assert mills["wave"] <= mills["exact"]


@needs_data
def test_the_first_order_costs_least_where_it_is_exact() -> None:
    period = periods(made(), FIRST, 3, ORDERS)[0]
    first = period._replace(orders=period.orders[:1])
    least = exactly(made(), stocked(period), first)[0].cost_mills
    assert all(route(made(), stocked(period), first)[0].cost_mills >= least for route in ROUTES.values())


@needs_data
def test_every_way_sends_every_unit_of_the_same_orders() -> None:
    assert {figures.orders for figures in played().values()} == {2 * ORDERS}
    assert {figures.unfilled for figures in played().values()} == {0}


@needs_data
def test_all_ways_take_from_what_was_really_sent_and_none_takes_more() -> None:
    period = periods(made(), FIRST, 3, ORDERS)[0]
    for route in ROUTES.values():
        net = stocked(period)
        plans = route(made(), net, period)
        costs = [plan_mills(net, order.wanted, plan) for order, plan in zip(period.orders, plans, strict=True)]
        assert [plan.cost_mills for plan in plans] == costs
        assert net.stock.min() >= 0


@needs_data
def test_rates_and_forecasts_know_nothing_of_later_months() -> None:
    earlier = [sale for sale in sales() if sale.month < FIRST]
    alone = learned(earlier)
    assert np.array_equal(alone.table, made().rates.table)
    period = periods(made(), FIRST, 3)[0]
    assert max(order.sale.month for order in period.earlier) < FIRST
    assert {order.sale.month for order in period.orders} == {"2017-09", "2017-10", "2017-11"}
    before = period.before("2017-10")
    assert max(order.sale.month for order in before) == "2017-09"
    known = {order.wanted.destination for order in before}
    later = {order.wanted.destination for order in period.orders} - known
    forecast = Forecast(made(), before, Settings())
    assert np.allclose(forecast.share.sum(axis=1), 1)
    assert not forecast.share[:, sorted(later)].any()


@needs_data
def test_look_ahead_does_not_change_when_later_orders_do() -> None:
    period = periods(made(), FIRST, 3, ORDERS)[0]
    half = period._replace(orders=period.orders[: ORDERS // 2])
    route = looking_ahead(Settings(samples=2))
    assert route(made(), stocked(period), half) == route(made(), stocked(period), period)[: ORDERS // 2]


@needs_data
def test_settings_are_chosen_without_the_months_that_are_played() -> None:
    assert first_of(sales(), FIRST, 3) == "2017-06"
    candidates = Settings(samples=1), Settings(samples=2)
    choosing = partial(tried, first=FIRST, months=3, limit=40, candidates=candidates, seeds=(0, 1))
    some = sales()[::3]
    found = list(choosing(some))
    assert [each.settings for each in found] == list(candidates)
    assert found == list(choosing([sale for sale in some if sale.month < FIRST]))


def test_the_best_setting_is_that_which_saves_most_on_average() -> None:
    some, other = Settings(samples=1), Settings(samples=2)
    assert best([Tried(some, [0.01, 0.02]), Tried(other, [0.0, 0.04])]) == other
    assert best([Tried(some, [0.02, 0.02]), Tried(other, [0.0, 0.04])]) == some


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
