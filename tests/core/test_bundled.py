"""Bundled: where bundles get their stock from, ready packed ones first, and never a part of one alone.

Covers I-1 and I-7.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec import json
from msgspec.structs import replace

from segue.core.allocate import Allocate, UnitsAllocated, UnitsBackordered
from segue.core.base import Event
from segue.core.carts import Cart, Held
from segue.core.converting import CartTaken
from segue.core.draft import Draft
from segue.core.facts import Item
from segue.core.fulfill import FulfillmentReleased
from segue.core.intake import OrderPlaced, PlaceOrder
from segue.core.price_list import PriceList
from segue.core.promise import promise
from segue.core.rates import Card, Rates
from segue.core.sourcing import Goods, Parcel, articles
from segue.core.sourcing import bundled as bundled_search
from segue.core.sourcing.pieces import Row, cut
from segue.core.sourcing.taking import in_one_parcel
from segue.core.sourcing.together import NOT_FOR_WAVES
from segue.core.tasks import task_of
from segue.core.workflow import Strategy
from segue.policies.dividing import by_weight
from tests.core.bundled import bundle, desk, made
from tests.core.given import Given, given
from tests.core.shop import LOCATIONS, NOW_S, rule, sold

RATES = PriceList(rates=Rates(fallback=Card(((0, 500),), 100), unfilled_minor=2000))


def knowing(sent: Draft, stock: Mapping[str, Any], *routing: Strategy) -> Given:
    return given(sent).knowing(stock=stock, routing=routing)


def allocated(here: Given) -> list[UnitsAllocated]:
    return [event for event in here.when(Allocate()).events if isinstance(event, UnitsAllocated)]


def told(here: Given) -> dict[str, Any]:
    because = here.when(Allocate()).events[0].because
    assert because is not None
    return because.figures


@pytest.mark.parametrize("algorithm", ["rules", "exact"])
def test_all_parts_come_from_one_location_that_has_all_of_them(algorithm: str) -> None:
    stock = {"TOP": {"DAL": 9, "REN": 1}, "LEG": {"DAL": 1, "REN": 9}}
    here = knowing(desk("one_location"), stock, Strategy("near", algorithm=algorithm))
    here.facts.price_list = RATES
    units = [(e.location, e.units) for e in allocated(here)]
    one = {1: ((1, 1),), 2: ((1, 2),)}
    assert sorted(units) in (
        [("REN", one | {3: ((1, 1),)})],
        [("DAL", {3: ((1, 1),)}), ("REN", one)],
    )
    assert told(here)["bundles_waiting"] == {"DESK": 1}


def test_what_comes_whole_comes_from_several_locations_or_not_at_all() -> None:
    stock = {"TOP": {"DAL": 2}, "LEG": {"REN": 4}}
    assert [(e.location, e.units) for e in allocated(knowing(desk("whole"), stock))] == [
        ("DAL", {1: ((1, 2),)}),
        ("REN", {2: ((1, 4),)}),
    ]
    few = knowing(desk("whole"), {"TOP": {"DAL": 2}, "LEG": {"REN": 3}})
    assert [(e.location, e.units) for e in allocated(few)] == [
        ("DAL", {1: ((1, 1),)}),
        ("REN", {2: ((1, 2),), 3: ((1, 1),)}),
    ]
    assert allocated(knowing(desk("whole"), {"TOP": {"DAL": 2}, "LEG": {"REN": 0}})) == []


def test_where_too_many_bundles_lack_a_part_one_after_the_other_none_that_comes_whole_is_looked_for() -> None:
    many = range(1, 2 * bundled_search.TRIES_MAX + 4, 2)
    lines = [line for number in many for line in (sold("TOP"), sold(f"LEG-{number}"))]
    kits: dict[str, Any] = {
        f"B{number}": bundle("DESK", 1, {number: 1, number + 1: 1}, ship="whole") for number in many
    }
    here = knowing(made(*lines, sold("CAP"), **kits), {"TOP": {"DAL": 1}, "CAP": {"DAL": 1}})
    assert [e.units for e in allocated(here)] == [{len(lines) + 1: ((1, 1),)}]


def test_ready_packed_ones_go_first_and_the_rest_is_assembled() -> None:
    stock = {"TOP": {"DAL": 9}, "LEG": {"DAL": 9}, "DESK": {"DAL": 1, "REN": -1}}
    here = knowing(desk("together", prepacked=True), stock)
    (event,) = allocated(here)
    assert event.packed == {"B1": ((1, 1),)}
    assert event.units == {1: ((1, 2),), 2: ((1, 4),), 3: ((1, 1),)}
    assert told(here)["ready_packed"] == {"DESK": 1}


def test_bundles_of_one_sku_share_what_is_ready_packed() -> None:
    kits: dict[str, Any] = {
        name: bundle("DESK", 1, {number: 1}, prepacked=True) for number, name in ((1, "B1"), (2, "B2"))
    }
    here = knowing(made(sold("TOP"), sold("TOP"), **kits), {"TOP": {"DAL": 9}, "DESK": {"DAL": 1}})
    (event,) = allocated(here)
    assert event.packed == {"B1": ((1, 1),)}


def test_what_is_ready_packed_where_it_may_not_come_from_is_assembled() -> None:
    sent = made(sold("TOP", 1, location="REN"), B1=bundle("DESK", 1, {1: 1}, prepacked=True))
    here = knowing(sent, {"TOP": {"REN": 9}, "DESK": {"DAL": 1}})
    assert [(e.location, e.packed) for e in allocated(here)] == [("REN", {})]


def test_what_is_inside_a_bundle_that_comes_whole_is_not_taken_ready_packed() -> None:
    inner = bundle("LEGS", 2, {2: 2}, "B1", ship="together", prepacked=True)
    outer = bundle("DESK", 2, {1: 1, 2: 2}, ship="together")
    sent = made(sold("TOP", 2), sold("LEG", 4), B2=inner, B1=outer)
    here = knowing(sent, {"TOP": {"DAL": 9}, "LEG": {"DAL": 9}})
    assert [e.packed for e in allocated(here)] == [{}]


def test_given_up_bundles_are_canceled_with_all_of_their_parts() -> None:
    here = knowing(desk("whole"), {"TOP": {"DAL": 9}, "LEG": {"DAL": 3}}, Strategy("near", otherwise="cancel"))
    events: list[Event] = list(here.when(Allocate()).events)
    assert [type(event).__name__ for event in events] == ["UnitsAllocated", "UnitsCanceled"]
    assert not any(isinstance(event, UnitsBackordered) for event in events)


def test_a_parcel_takes_of_stock_what_lies_there() -> None:
    here = given(desk("together", prepacked=True)).order
    assert here is not None
    parcel = Parcel(LOCATIONS[0], {1: 2, 2: 4}, packed={"B1": 1})
    assert list(articles(here, parcel)) == [("DESK", 1), ("TOP", 1), ("LEG", 2)]
    assert list(articles(here, Parcel(LOCATIONS[0], {1: 1, 2: 2}, packed={"B1": 1}))) == [("DESK", 1)]


def test_a_bundle_is_not_divided_over_parcels() -> None:
    kit = {1: 1, 2: 2}
    assert in_one_parcel([{1: 1}, {2: 2}, {3: 1}], [kit]) == [{1: 1, 2: 2}, {3: 1}]
    assert in_one_parcel([{1: 1, 2: 2}, {1: 1, 2: 2}], [kit]) == [{1: 1, 2: 2}, {1: 1, 2: 2}]
    assert in_one_parcel([{1: 2, 2: 2}, {2: 2}], [kit]) == [{1: 2, 2: 4}]


@pytest.mark.parametrize("algorithm", ["rules", "exact"])
def test_only_parts_of_one_parcel_stay_together_where_parcels_are_divided(algorithm: str) -> None:
    for ship, parcels in (("together", 1), ("one_location", 3)):
        way = Strategy("near", algorithm=algorithm, divide=(rule(by_weight, weight_g=1000),))
        here = knowing(desk(ship, 1), {"TOP": {"DAL": 1}, "LEG": {"DAL": 2}}, way)
        here.facts.price_list = RATES
        here.facts.items |= {sku: Item(sku, weight_g=900) for sku in ("TOP", "LEG")}
        assert len(allocated(here)) == parcels


def test_waves_leave_bundles_of_one_location_to_the_order_alone() -> None:
    here = knowing(desk("together"), {"TOP": {"DAL": 9}, "LEG": {"DAL": 9}}, Strategy("near", algorithm="wave"))
    here.facts.price_list = RATES
    assert told(here)["algorithm"] == NOT_FOR_WAVES


@pytest.mark.parametrize(
    ("whole", "rows"),
    [
        ("", (Row({1: 1, 2: 2}, 2), Row({3: 1}, 1))),
        ("order", (Row({1: 2, 2: 4, 3: 1}, 1),)),
        ("line", (Row({1: 2, 2: 4}, 1), Row({3: 1}, 1))),
        ("property:set", (Row({1: 1, 2: 2}, 2), Row({3: 1}, 1))),
    ],
)
def test_the_exact_search_sees_a_bundle_as_one_piece(whole: str, rows: tuple[Row, ...]) -> None:
    order = given(desk("together")).order
    assert order is not None
    goods = Goods({1: 2, 2: 4, 3: 1}, {1: "TOP", 2: "LEG", 3: "LEG"}, {}, whole=whole, kits=({1: 1, 2: 2},))
    found = cut(order, goods, {}, ())
    assert found is not None
    assert found.rows == rows


def test_so_many_bundles_that_not_all_ways_are_searched_stay_together_where_they_are() -> None:
    many = desk("together", 400)
    stock = {"TOP": {"DAL": 250, "REN": 300}, "LEG": {"DAL": 600, "REN": 200}}
    here = knowing(many, stock, Strategy("near", algorithm="exact"))
    here.facts.price_list = RATES
    assert {e.location: e.units[1] for e in allocated(here)} == {"DAL": ((1, 250),), "REN": ((251, 350),)}


def checking_out(bought: Draft, *held: Held) -> list[Event]:
    found = given(bought)._replace(order=None)
    found.facts.carts["C-1"] = Cart("C-1", "web", NOW_S - 60, NOW_S + 900, held)
    first, taken, *rest = found.when(PlaceOrder("web-1001", bought)).events
    assert isinstance(first, OrderPlaced)
    assert isinstance(taken, CartTaken)
    return rest


def reserving(ship: str, *held: Held, prepacked: bool = False) -> list[tuple[Any, ...]]:
    sent = desk(ship, prepacked=prepacked)
    events = checking_out(replace(sent, cart="C-1"), *held)
    return [(e.location, e.units, e.packed) for e in events]  # type: ignore[attr-defined]


def test_what_a_cart_had_of_bundles_is_the_orders_as_whole_ones() -> None:
    both = Held("LEG", "DAL", 3), Held("LEG", "REN", 2), Held("TOP", "DAL", 2)
    assert reserving("one_location", *both) == [
        ("DAL", {1: ((1, 1),), 2: ((1, 2),), 3: ((1, 1),)}, {}),
    ]
    assert reserving("whole", *both) == [
        ("DAL", {1: ((1, 2),), 2: ((1, 3),)}, {}),
        ("REN", {2: ((4, 4),), 3: ((1, 1),)}, {}),
    ]
    assert reserving("whole", Held("TOP", "DAL", 2), Held("LEG", "REN", 3)) == [
        ("DAL", {1: ((1, 1),)}, {}),
        ("REN", {2: ((1, 2),)}, {}),
    ]
    packed = Held("DESK", "DAL", 1), Held("LEG", "DAL", 1)
    assert reserving("together", *packed, prepacked=True) == [
        ("DAL", {1: ((1, 1),), 2: ((1, 2),), 3: ((1, 1),)}, {"B1": ((1, 1),)}),
    ]


def test_a_promise_names_what_is_ready_packed() -> None:
    here = knowing(desk("together", prepacked=True), {"TOP": {"DAL": 1}, "LEG": {"DAL": 9}, "DESK": {"REN": 1}})
    assert here.order is not None
    sources = {source.location: (source.units, source.packed) for source in promise(here.order, here.context).sources}
    assert sources == {"DAL": ({1: 1, 2: 2, 3: 1}, ()), "REN": ({1: 1, 2: 2}, (("DESK", 1),))}


def test_a_location_is_told_what_lies_ready_packed_and_what_it_handles_as_one() -> None:
    ready = UnitsAllocated("F1", "DAL", {1: ((1, 2),), 2: ((1, 4),), 3: ((1, 1),)}, packed={"B1": ((1, 1),)})
    assert _asked(given(desk("independently", prepacked=True), ready)) == {
        "packed": [{"sku": "DESK", "quantity": 1}],
        "handled_as_one": [{"sku": "DESK", "parts": {"1": 1, "2": 2}, "units": {"1": [[1, 1]], "2": [[1, 2]]}}],
    }
    plain = UnitsAllocated("F1", "DAL", {1: ((1, 2),), 2: ((1, 4),), 3: ((1, 1),)})
    assert _asked(given(desk("independently"), plain)) == {}
    assert [each["units"] for each in _asked(given(desk("together"), plain))["handled_as_one"]] == [
        {"1": [[1, 2]], "2": [[1, 4]]}
    ]


def _asked(here: Given) -> dict[str, Any]:
    """What a location is asked for beside its lines."""
    assert here.order is not None
    units = here.order.fulfillments["F1"].units
    task = task_of("shop", here.order, FulfillmentReleased("F1", "DAL", units), 9, NOW_S)
    asked: dict[str, Any] = json.decode(json.encode(task.payload))
    return {name: said for name, said in asked.items() if name in ("packed", "handled_as_one")}


def test_what_ships_complete_takes_bundles_with_it() -> None:
    kit = bundle("DESK", 1, {1: 1, 2: 1}, ship="together")
    sent = made(sold("TOP"), sold("LEG"), sold("TOP"), B1=kit)
    stock = {"TOP": {"DAL": 2, "REN": 2}, "LEG": {"REN": 1}}
    lines = tuple(replace(line, properties={"set": "a"} if n else {}) for n, line in enumerate(sent.lines))
    for complete, places in (("line", {"DAL", "REN"}), ("property:set", {"REN"})):
        here = knowing(replace(sent, lines=lines), stock, Strategy("near", complete=complete))
        assert {e.location for e in allocated(here)} <= places


def test_of_a_bundle_that_was_canceled_in_part_the_exact_search_sees_single_units() -> None:
    order = given(desk("together")).order
    assert order is not None
    goods = Goods({2: 2}, {2: "LEG"}, {}, kits=({1: 1, 2: 2},))
    found = cut(order, goods, {}, ())
    assert found is not None
    assert found.rows == (Row({2: 1}, 2),)
