"""Splits: how many parcels there may be, what they are worth, and what has to travel apart."""

from msgspec.structs import replace

from segue.core.allocate import Allocate, UnitsAllocated, UnitsBackordered
from segue.core.facts import Item, Location
from segue.core.policy import Rule
from segue.core.workflow import Strategy
from segue.policies.dividing import by_need, by_property, by_tag, by_weight
from segue.policies.splitting import (
    parcel_worth_at_least,
    parcels_of_line_at_most,
    parcels_of_order_at_most,
    rest_worth_at_least,
    shipments_at_most,
)
from tests.core.given import every, given
from tests.core.routed import ALL, places, reason, routed, soft
from tests.core.shop import draft, rule, sold


def test_of_several_splits_one_within_the_limits_is_taken() -> None:
    sent = draft(sold("SHIRT", 7))
    stock = {"SHIRT": {"DAL": 1, "MIA": 3, "REN": 4}}
    two = Strategy("two", split=(rule(shipments_at_most, count=2),))
    events = routed(sent, stock, two)
    assert places(events) == {"REN": 4, "MIA": 3}
    assert reason(events[0]).figures["split"] == "shipments_at_most: it would take 3 parcels, 2 at most"
    assert places(routed(sent, stock, replace(two, split=(rule(shipments_at_most, count=1),)))) == {
        "UnitsBackordered": 7
    }
    one = replace(two, split=(rule(shipments_at_most, count=1),))
    assert places(routed(draft(sold("SHIRT", 4)), stock, one)) == {"REN": 4}


def test_a_soft_limit_gives_way_and_a_hard_one_does_not() -> None:
    sent, stock = draft(sold("SHIRT", 7)), {"SHIRT": {"DAL": 1, "MIA": 3, "REN": 4}}
    limits = (rule(shipments_at_most, count=2), soft(rule(parcels_of_line_at_most, count=1)))
    assert places(routed(sent, stock, Strategy("x", split=limits))) == {"REN": 4, "MIA": 3}
    only_soft = (soft(rule(shipments_at_most, count=1)),)
    assert places(routed(sent, stock, Strategy("x", split=only_soft))) == {"DAL": 1, "MIA": 3, "REN": 3}
    outcome = given(sent).knowing(stock=stock, split=only_soft, rank=()).step(Allocate())
    assert places([e for e in every(outcome) if isinstance(e, UnitsAllocated)]) == {"DAL": 1, "MIA": 3, "REN": 3}


def test_no_parcel_for_a_trifle_neither_now_nor_later() -> None:
    stock = {"SHIRT": {"DAL": 1, "REN": 2, "MIA": 3}}
    parts = Strategy("parts", split=(rule(parcel_worth_at_least, part_minor=20_00),))
    assert places(routed(draft(sold("SHIRT", 5)), stock, parts)) == {"MIA": 3, "REN": 2}
    assert places(routed(draft(sold("SHIRT", 6)), stock, parts)) == {"UnitsBackordered": 6}
    rest = Strategy("rest", split=(rule(rest_worth_at_least, rest_minor=20_00),))
    assert places(routed(draft(sold("SHIRT", 7)), stock, rest)) == {"UnitsBackordered": 7}
    assert places(routed(draft(sold("SHIRT", 8)), stock, rest)) == {"DAL": 1, "MIA": 3, "REN": 2, "UnitsBackordered": 2}


def test_parcels_of_an_order_that_were_made_before_count_too() -> None:
    made = UnitsAllocated("F1", "DAL", {1: ((1, 1),)})
    limits = (rule(parcels_of_order_at_most, count=1),)
    known = given(draft(sold("SHIRT", 2)), made).knowing(stock=ALL, routing=(Strategy("one", split=limits),))
    outcome = known.step(Allocate())
    (event,) = (e for e in every(outcome) if isinstance(e, UnitsBackordered))
    assert reason(event).figures["reason"] == "parcels_of_order_at_most: the order would take 2 parcels, 1 at most"


def test_what_cannot_travel_together_leaves_in_several_parcels() -> None:
    items = {
        "SHIRT": Item("SHIRT", weight_g=300, tags=("soft",)),
        "PAINT": Item("PAINT", weight_g=4_000, needs=("hazmat",)),
        "CAP": None,
    }
    stock = {"SHIRT": {"DAL": 9}, "PAINT": {"DAL": 9}, "CAP": {"DAL": 9}}
    sent = draft(sold("SHIRT", 2), sold("PAINT", 3), sold("CAP", 2, properties={"gift": "x"}))

    def parts(*divide: Rule) -> list[dict[int, int]]:
        events = routed(sent, stock, Strategy("d", divide=divide), items=items)
        return [
            {n: sum(b - a + 1 for a, b in held) for n, held in e.units.items()}
            for e in events
            if isinstance(e, UnitsAllocated)
        ]

    assert parts() == [{1: 2, 2: 3, 3: 2}]
    assert parts(rule(by_need, need="hazmat")) == [{1: 2, 3: 2}, {2: 3}]
    assert parts(rule(by_tag, tag="soft")) == [{1: 2}, {2: 3, 3: 2}]
    assert parts(rule(by_property, property="gift")) == [{1: 2, 2: 3}, {3: 2}]
    assert parts(rule(by_weight, weight_g=8_000)) == [{1: 2, 2: 1}, {2: 2, 3: 2}]
    assert parts(rule(by_weight, weight_g=1_000)) == [{1: 2}, {2: 1}, {2: 1}, {2: 1, 3: 2}]
    assert parts(rule(by_need, need="hazmat"), rule(by_property, property="gift")) == [{1: 2}, {3: 2}, {2: 3}]


def test_a_search_for_fewer_parcels_ends_when_it_has_left_out_eight_locations() -> None:
    many = tuple(Location(f"W{n:02}") for n in range(30))
    stock = {"SHIRT": {each.id: 1 for each in many}}
    limits = (rule(parcel_worth_at_least, part_minor=99_00),)
    events = routed(draft(sold("SHIRT", 10)), stock, Strategy("s", split=limits), locations=many)
    assert places(events) == {"UnitsBackordered": 10}
