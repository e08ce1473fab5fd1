"""What a promise sees ahead: supply and safety stock, shares, days that are full, the cart's own reservation, costs."""

import pytest
from msgspec.structs import replace

from segue.core.arriving import INSTANTS_MAX
from segue.core.base import NeedFacts
from segue.core.carts import Cart, Held
from segue.core.days import Capacity, Load
from segue.core.fences import Fence
from segue.core.price_list import PriceList
from segue.core.promise import CHANCES_S, Promise, checked_out, promise
from segue.core.rates import Card, Handling, Rates
from segue.core.supply import Inbound, KeptApart
from segue.core.workflow import Strategy
from segue.loader.time_zones import expanded
from tests.core.given import given
from tests.core.shop import draft, sold, workflow
from tests.core.test_promise import CHICAGO, MONDAY, RENO, TIMING, expecting, promised, shop
from tests.core.test_timetable import at


def test_what_the_safety_stock_of_a_place_lacks_is_taken_off_what_comes_there() -> None:
    supply: Inbound = ((MONDAY + 9, "REN", 3, "PO-1"), (MONDAY + 99, "REN", 3, "PO-2"))
    here = expecting(shop(sold("SHIRT", 3)), {"SHIRT": supply})
    here.facts.apart["SHIRT"] = {"REN": KeptApart(0, 0, 4)}
    made = promised(here)
    assert [(each.units, each.supplies) for each in made.sources] == [({1: 2}, ("PO-2",))]
    assert made.missing == {1: 1}


def test_of_many_instants_the_last_are_reckoned_together_and_no_promise_is_too_early() -> None:
    many = INSTANTS_MAX + 5
    supply: Inbound = tuple((MONDAY + 60 * n, "REN", 1, f"PO-{n}") for n in range(1, many + 1))
    made = promised(expecting(shop(sold("SHIRT", INSTANTS_MAX)), {"SHIRT": supply}))
    assert [each.at_s for each in made.sources[:-1]] == [MONDAY + 60 * n for n in range(1, INSTANTS_MAX)]
    last = made.sources[-1]
    assert (last.at_s, last.units, made.missing) == (MONDAY + 60 * many, {1: 1}, {})
    assert last.supplies == tuple(f"PO-{n}" for n in range(INSTANTS_MAX, many + 1))


def test_what_a_cart_has_taken_of_its_share_is_not_its_share_any_more_when_supply_arrives() -> None:
    here = expecting(shop(sold("SHIRT", 6), stock={"SHIRT": {"REN": 10}}), {"SHIRT": ((MONDAY + 9, "REN", 5, "PO-1"),)})
    here.facts.fences["SHIRT"] = (Fence("", "web", 5), Fence("", "market", 5))
    made = promised(here)
    # five of its own share now; of those that arrive five stay the market's, and one is common
    assert [(each.units, each.supplies) for each in made.sources] == [({1: 5}, ()), ({1: 1}, ("PO-1",))]
    assert here.facts.fences["SHIRT"][0].taken == 0
    here.facts.fences["SHIRT"] = (Fence("", "web", 5), Fence("", "market", 10))
    assert promised(here).missing == {1: 1}


def test_a_place_that_is_full_today_is_promised_for_its_next_day() -> None:
    tiny = replace(RENO, capacity=Capacity(units=1), zone=expanded(CHICAGO))
    here = given(replace(draft(sold("SHIRT", 3)), placed_at_s=MONDAY), now_s=MONDAY).knowing(
        timing=TIMING, locations=(tiny,), stock={"SHIRT": {"REN": 9}}
    )
    expecting(here, {"SHIRT": ()})
    with pytest.raises(NeedFacts, match="load"):
        promised(here)
    first = tiny.day_of(MONDAY)
    here.facts.days[f"REN|{first}"] = Load()
    with pytest.raises(NeedFacts) as asked:
        promised(here)
    assert asked.value.keys == {f"REN|{first + n}" for n in range(1, 15)}  # all at once
    here.facts.days |= {f"REN|{first + n}": Load() for n in range(16)}
    with_one_taken = here.facts.days | {f"REN|{first + 1}": Load(1, 1, 1)}
    days = [at(f"2026-11-{day}T00:00", CHICAGO) for day in (24, 25, 26)]
    assert [each.at_s for each in promised(here).sources] == [MONDAY, *days[:2]]
    here.facts.days = with_one_taken
    assert [each.at_s for each in promised(here).sources] == [MONDAY, *days[1:]]


def test_what_a_strategy_would_cancel_is_missing_and_no_supply_is_waited_for() -> None:
    flow = replace(workflow(), routing=(Strategy("now or never", otherwise="cancel"),))
    here = shop(sold("SHIRT", 3), stock={"SHIRT": {"REN": 2}}, flow=flow)
    made = promised(expecting(here, {"SHIRT": ((MONDAY + 9, "REN", 5, "PO-1"),)}))
    assert ([each.units for each in made.sources], made.missing) == ([{1: 2}], {1: 1})


def test_time_alone_is_waited_for_two_weeks() -> None:
    tiny = replace(RENO, capacity=Capacity(units=1))
    here = shop(sold("SHIRT", 20), stock={"SHIRT": {"REN": 20}})
    here.facts.locations = {"REN": tiny}
    expecting(here, {"SHIRT": ()})
    first = tiny.day_of(MONDAY)
    here.facts.days |= {f"REN|{first + n}": Load() for n in range(16)}
    made = promised(here)
    assert made.sources[-1].at_s <= MONDAY + CHANCES_S
    assert (len(made.sources), made.missing) == (15, {1: 5})


def test_a_parcel_costs_what_the_rates_say_and_all_of_them_together() -> None:
    rates = Rates(Card(((0, 900),), 100), {}, {}, {"DAL": Handling(50, 10)}, weight_g=400)
    here = shop(sold("SHIRT", 2), sold("CAP"), stock={"SHIRT": {"DAL": 1, "MIA": 9}, "CAP": {"DAL": 1}})
    assert promised(here).cost_mills is None
    here.facts.price_list = PriceList(rates=rates)
    made = promised(here)
    assert [each.cost_mills for each in made.sources] == [1_000_000 + 70_000, 1_000_000]
    assert made.cost_mills == 2_070_000


# What a cart has set aside.

CART = Cart("C-1", "web", MONDAY - 60, MONDAY + 600, (Held("SHIRT", "MIA", 2),))


def with_its_cart(cart: Cart | None, pause_s: int = 0) -> Promise:
    """What is promised for two shirts, of which Dallas has one, at a time after the order is placed."""
    here = shop(sold("SHIRT", 2), now_s=MONDAY + pause_s, stock={"SHIRT": {"DAL": 1}})
    is_over = cart is not None and not cart.is_live(here.now_s)
    here.facts.carts["C-1"] = cart
    if is_over and cart is not None:
        here.facts.stock["SHIRT"]["MIA"] = 2  # is free by then
    assert here.order is not None
    order, context = checked_out(here.order, "C-1", MONDAY, expecting(here, {"SHIRT": ()}).context)
    return promise(order, context)


def test_what_its_cart_has_set_aside_is_the_orders() -> None:
    assert [(each.location, each.units) for each in with_its_cart(CART).sources] == [("MIA", {1: 2})]
    assert [(each.location, each.units) for each in with_its_cart(None).sources] == [("DAL", {1: 1})]


def test_a_cart_without_a_key_has_set_nothing_aside() -> None:
    here = shop(sold("SHIRT"), stock={"SHIRT": {"DAL": 1}})
    assert here.order is not None
    assert checked_out(here.order, "", MONDAY, here.context) == (here.order, here.context)


def test_what_is_free_again_before_the_order_is_allocated_is_not_counted_twice() -> None:
    here = with_its_cart(CART, 900)
    assert [(each.location, each.units) for each in here.sources] == [("MIA", {1: 2})]
    three = shop(sold("SHIRT", 3), now_s=MONDAY + 900, stock={"SHIRT": {"MIA": 2}})
    three.facts.carts["C-1"] = CART
    assert three.order is not None
    order, context = checked_out(three.order, "C-1", MONDAY, expecting(three, {"SHIRT": ()}).context)
    assert promise(order, context).missing == {1: 1}
