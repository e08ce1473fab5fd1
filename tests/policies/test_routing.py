"""Routing: in what order locations are asked. The lower the number, the earlier."""

from math import pi

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from segue.core.days import Capacity, Load
from segue.core.draft import Destination
from segue.core.facts import Facts, Item, Location
from segue.core.order import Order
from segue.core.price_list import PriceList
from segue.core.rates import Card, Handling, Rates
from segue.core.sourcing import FAR_KM, Offer, distance_between, distance_km
from segue.core.sourcing.measures import EARTH_RADIUS_KM
from segue.policies.routing import (
    WEEKS_MAX,
    cheapest,
    closest,
    fewest_shipments,
    least_loaded,
    markdown_first,
    most_stock,
    overstock_first,
    ship_complete,
    store_first,
    warehouse_first,
    weeks_of_supply,
)
from tests.core.given import given
from tests.core.shop import AUSTIN, DALLAS, MIAMI, RENO, draft, sold

LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)


def order(ship_to: Destination | None = None) -> Order:
    made = given(draft(sold("SHIRT", 3), sold("CAP"), ship_to=ship_to or AUSTIN)).order
    assert made is not None
    return made


def test_warehouses_go_before_stores_or_stores_before_warehouses() -> None:
    whole = {1: 3}
    assert warehouse_first(Offer(DALLAS, whole, True), order(), Facts()) < warehouse_first(
        Offer(MIAMI, whole, True), order(), Facts()
    )
    assert store_first(Offer(MIAMI, whole, True), order(), Facts()) < store_first(
        Offer(DALLAS, whole, True), order(), Facts()
    )


def test_a_location_that_has_all_of_it_or_most_of_it_goes_first() -> None:
    all_of_it, most, some = Offer(DALLAS, {1: 3, 2: 1}, True), Offer(MIAMI, {1: 3}, False), Offer(RENO, {1: 2}, False)
    assert ship_complete(all_of_it, order(), Facts()) < ship_complete(most, order(), Facts())
    ranks = [fewest_shipments(offer, order(), Facts()) for offer in (all_of_it, most, some)]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == 3


def test_the_location_with_the_fullest_shelf_goes_first() -> None:
    facts = Facts()
    facts.learn_stock("SHIRT", {"DAL": 9, "MIA": 8})
    facts.learn_stock("CAP", {"MIA": 5})
    both = {1: 1, 2: 1}
    assert most_stock(Offer(MIAMI, both, True), order(), facts) < most_stock(Offer(DALLAS, both, True), order(), facts)
    shirts = {1: 1}
    assert most_stock(Offer(DALLAS, shirts, False), order(), facts) < most_stock(
        Offer(MIAMI, shirts, False), order(), facts
    )


def test_the_nearest_location_goes_first_and_one_without_a_place_last() -> None:
    ranks = [closest(Offer(place, {1: 1}, True), order(), Facts()) for place in (DALLAS, MIAMI, Location("X"))]
    assert ranks == sorted(ranks)
    assert ranks[-1] == FAR_KM
    assert closest(Offer(DALLAS, {1: 1}, True), order(Destination("US")), Facts()) == FAR_KM


@pytest.mark.parametrize(
    ("place", "to", "km"),
    [
        ((52.52, 13.405), (48.8566, 2.3522), 877.5),
        ((32.8, -96.8), (25.8, -80.2), 1783),
        ((10.0, 179.5), (10.0, -179.5), 109.5),
    ],
)
def test_distances_are_those_of_the_map(place: tuple[float, float], to: tuple[float, float], km: float) -> None:
    assert distance_km(*place, *to) == pytest.approx(km, rel=0.002)


@forall(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_a_distance_is_the_same_there_and_back_and_never_beyond_the_other_side_of_the_earth(
    latitude: float, longitude: float, to_latitude: float, to_longitude: float
) -> None:
    there = distance_km(latitude, longitude, to_latitude, to_longitude)
    assert there == pytest.approx(distance_km(to_latitude, to_longitude, latitude, longitude), abs=1e-6)
    assert 0 <= there <= pi * EARTH_RADIUS_KM + 1e-6


def test_within_a_band_locations_are_equally_near() -> None:
    near, nearer = Location("A", latitude=31.0, longitude=-97.7), Location("B", latitude=30.4, longitude=-97.7)
    assert closest(Offer(nearer, {1: 1}, True), order(), Facts()) < closest(Offer(near, {1: 1}, True), order(), Facts())
    for band_km, ranks in ((100, (0, 0)), (50, (50, 0))):
        found = [closest(Offer(place, {1: 1}, True), order(), Facts(), band_km=band_km) for place in (near, nearer)]
        assert tuple(found) == ranks
    assert distance_between(Location("X"), AUSTIN) == FAR_KM


def test_the_least_loaded_location_goes_first_in_steps_of_its_band() -> None:
    place = Location("A", capacity=Capacity(orders=10, units=4))
    facts = Facts()
    facts.days = {"A|0": Load(1, 1, 3)}
    assert least_loaded(Offer(place, {1: 1}, True), order(), facts) == 75, "the scarcest counts"
    assert least_loaded(Offer(place, {1: 1}, True), order(), facts, band_percent=50) == 50
    assert least_loaded(Offer(DALLAS, {1: 1}, True), order(), facts) == 0


def test_overstock_and_what_lasts_longest_go_first() -> None:
    facts = Facts()
    facts.learn_stock("SHIRT", {"DAL": 30, "MIA": 10})
    facts.learn_stock("CAP", {"DAL": 5, "MIA": 11})
    facts.items = {"SHIRT": Item("SHIRT", weekly_units=10), "CAP": Item("CAP", weekly_units=2), "SOCK": None}
    dallas, miami = Offer(DALLAS, {1: 1, 2: 1}, True), Offer(MIAMI, {1: 1, 2: 1}, True)
    assert [overstock_first(offer, order(), facts, over_units=9) for offer in (dallas, miami)] == [1, 0]
    assert [weeks_of_supply(offer, order(), facts) for offer in (dallas, miami)] == [-2.5, -1]
    assert [weeks_of_supply(offer, order(), facts, band_weeks=2) for offer in (dallas, miami)] == [-2, 0]
    facts.items = {"SHIRT": Item("SHIRT"), "CAP": None}
    assert weeks_of_supply(dallas, order(), facts) == -WEEKS_MAX


def test_goods_that_are_marked_down_somewhere_come_from_there_first() -> None:
    facts = Facts()
    facts.items = {"SHIRT": Item("SHIRT", tags=("summer",)), "CAP": None}
    outlet = Location("A", marked_down=("summer", "old"))
    both = {1: 1, 2: 1}
    assert [markdown_first(Offer(place, both, True), order(), facts) for place in (outlet, DALLAS)] == [0, 1]


def test_the_cheapest_parcel_goes_first_in_steps_of_its_band() -> None:
    cards = {"ground": {"near": Card(((500, 400), (1000, 550))), "far": Card(((1000, 600),))}}
    zones = {"DAL": {"US": "near"}, "*": {"US": "far"}}
    handling = {"DAL": Handling(50, 10)}
    rates = Rates(Card(((0, 900),), 100), zones, cards, handling, weight_g=300)
    facts = Facts(price_list=PriceList(rates=rates))
    facts.items = {"SHIRT": Item("SHIRT", weight_g=250), "CAP": None}
    dallas, miami = Offer(DALLAS, {1: 2}, True), Offer(MIAMI, {1: 2}, True)
    made = order()
    assert [cheapest(offer, made, facts) for offer in (dallas, miami)] == [470_000 / 2, 600_000 / 2]
    assert [cheapest(offer, made, facts, band_minor=400) for offer in (dallas, miami)] == [0, 0]
    assert [cheapest(offer, made, facts, band_minor=300) for offer in (dallas, miami)] == [0, 300_000]
    assert cheapest(Offer(MIAMI, {2: 1}, True), made, facts) == 600_000, "what has no weight weighs what is usual"
    assert cheapest(dallas, made, Facts()) == 0, "without rates all are alike"


def test_stock_in_bands_is_alike() -> None:
    facts = Facts()
    facts.learn_stock("SHIRT", {"DAL": 19, "MIA": 11})
    offers = [Offer(place, {1: 1}, True) for place in (DALLAS, MIAMI)]
    assert [most_stock(offer, order(), facts, band_units=10) for offer in offers] == [-10, -10]
