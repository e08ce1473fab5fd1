"""Sourcing: which locations give which units, and why those and no others."""

from typing import Any

import pytest

from segue.core.allocate import Allocate, UnitsAllocated, UnitsBackordered
from segue.core.base import Because
from segue.core.draft import Destination, Draft
from segue.core.facts import Location, Stock
from segue.core.fulfill import FulfillmentRejected, FulfillmentReleased
from segue.core.sourcing import PASSED_OVER_MAX
from segue.core.tally import Units
from segue.policies.eligibility import active
from segue.policies.routing import fewest_shipments
from segue.policies.splitting import one_shipment, shipments_at_most
from tests.core.given import every, given
from tests.core.shop import DALLAS, LOCATIONS, MIAMI, draft, rule, sold

MIXED = draft(sold("SHIRT", 2), sold("CAP"))

# what is bought, free stock, units by location in the order in which they are asked
CHOICES: tuple[tuple[str, Draft, dict[str, Stock], list[tuple[str, int]]], ...] = (
    ("the nearest", MIXED, {"SHIRT": {"DAL": 2, "MIA": 2}, "CAP": {"DAL": 1, "MIA": 1}}, [("DAL", 3)]),
    ("the only one that has all", MIXED, {"SHIRT": {"DAL": 2, "MIA": 2}, "CAP": {"MIA": 1}}, [("MIA", 3)]),
    ("two, the nearest first", MIXED, {"SHIRT": {"DAL": 2}, "CAP": {"MIA": 1}}, [("DAL", 2), ("MIA", 1)]),
    ("one that has the rest", draft(sold("SHIRT", 9)), {"SHIRT": {"DAL": 5, "MIA": 3, "REN": 4}}, [("DAL", 5), ("REN", 4)]),
    ("nobody", MIXED, {"SHIRT": {"DAL": 0}, "CAP": {}}, []),
    ("nobody we know", MIXED, {"SHIRT": {"PARIS": 9}}, []),
    ("the one that the channel says", draft(sold("SHIRT", location="MIA")), {"SHIRT": {"DAL": 9, "MIA": 9}}, [("MIA", 1)]),
)  # fmt: skip


@pytest.mark.parametrize(("_name", "sent", "stock", "chosen"), CHOICES)
def test_the_goods_come_from(_name: str, sent: Draft, stock: dict[str, Stock], chosen: list[tuple[str, int]]) -> None:
    outcome = given(sent).knowing(stock=stock).step(Allocate())
    assert [(move.location, move.allocated) for move in merged(outcome.moves)] == chosen


def merged(moves: list[Any]) -> list[Any]:
    by_location: dict[str, Any] = {}
    for move in moves:
        known = by_location.get(move.location)
        by_location[move.location] = (
            move if known is None else type(move)("", move.location, 0, known.allocated + move.allocated, "")
        )
    return list(by_location.values())


def because(sent: Draft, stock: dict[str, Stock], **declared: Any) -> Because:
    outcome = given(sent).knowing(stock=stock, **declared).step(Allocate())
    found = next(e.because for e in every(outcome) if isinstance(e, UnitsAllocated | UnitsBackordered))
    assert found is not None
    return found


def test_the_reason_names_the_ranking_the_choice_and_how_the_others_compare() -> None:
    canada = draft(sold("SHIRT", 2), ship_to=Destination("CA", "ON", 43.7, -79.4))
    stock = {"SHIRT": {"DAL": 2, "MIA": 2, "REN": 2, "PAR": 1}}
    montreal = Location("PAR", "warehouse", "CA", 45.5, -73.6, ("CA",))
    reason = because(canada, stock, locations=(*LOCATIONS, montreal))
    assert reason.rule == "ship_complete > closest"
    assert reason.figures == {"chosen": {"DAL": 2}}
    assert reason.passed_over == {
        "PAR": "ship_complete: 1 against 0 of DAL",
        "MIA": "ships_to_country: does not ship to CA",
        "REN": "ships_to_country: does not ship to CA",
    }


def test_ties_go_to_the_lower_name_and_the_reason_says_so() -> None:
    twin = Location("DAM", "warehouse", "US", DALLAS.latitude, DALLAS.longitude)
    reason = because(draft(sold()), {"SHIRT": {"DAM": 1, "DAL": 1}}, locations=(twin, DALLAS))
    assert reason.figures == {"chosen": {"DAL": 1}}
    assert reason.passed_over == {"DAM": "equal to DAL, which comes first by name"}


def test_a_location_that_could_not_deliver_a_line_before_is_not_asked_for_it_again() -> None:
    units: dict[int, Units] = {1: ((1, 1),)}
    rejected = (
        UnitsAllocated(fulfillment="F1", location="DAL", units=units),
        FulfillmentReleased(fulfillment="F1", location="DAL", units=units),
        FulfillmentRejected(fulfillment="F1", location="DAL", units=units),
    )
    stock = {"SHIRT": {"DAL": 9, "REN": 1}}
    given(draft(sold()), *rejected).knowing(stock=stock).when(Allocate()).then(
        UnitsAllocated(
            fulfillment="F2",
            location="REN",
            units=units,
            because=Because(
                "ship_complete > closest", {"chosen": {"REN": 1}}, {"DAL": "could not deliver line 1 before"}
            ),
        ),
        because=True,
    )


def test_without_a_ranking_the_first_by_name_is_taken() -> None:
    reason = because(draft(sold()), {"SHIRT": {"MIA": 1, "DAL": 1}}, rank=())
    assert (reason.rule, reason.figures) == ("first found", {"chosen": {"DAL": 1}})


def test_a_plan_with_too_many_parcels_gives_way_to_one_from_a_single_location() -> None:
    stock = {"SHIRT": {"DAL": 2, "MIA": 2}, "CAP": {"MIA": 1}}
    nearest_first = {"rank": (rule(fewest_shipments),), "split": (rule(one_shipment),)}
    split = because(MIXED, {"SHIRT": {"DAL": 2}, "CAP": {"MIA": 1}}, **nearest_first)
    assert split.figures == {"reason": "one_shipment: it would take 2 parcels"}
    whole = because(MIXED, stock, rank=(), split=(rule(one_shipment),))
    assert whole.figures == {"split": "one_shipment: it would take 2 parcels", "chosen": {"MIA": 3}}


def test_a_plan_that_may_not_be_split_waits_as_a_whole() -> None:
    stock = {"SHIRT": {"DAL": 2}}
    known = given(MIXED).knowing(stock=stock, split=(rule(one_shipment),))
    reason = Because("split", {"reason": "one_shipment: no single location has all of it"})
    known.when(Allocate()).then(UnitsBackordered(units={1: ((1, 2),), 2: ((1, 1),)}, because=reason), because=True)
    apart = {"SHIRT": {"DAL": 1, "MIA": 1}}
    at_most = {"split": (rule(shipments_at_most, count=1),)}
    assert because(draft(sold("SHIRT", 2)), apart, **at_most).rule == "split"
    assert because(draft(sold("SHIRT", 2)), apart, split=(rule(shipments_at_most, count=2),)).rule != "split"


def test_a_reason_stays_short_however_many_locations_there_are() -> None:
    many = [Location(f"L{number:03}", active=number != 50) for number in range(100)]
    stock: dict[str, Stock] = {"SHIRT": {each.id: 1 for each in many}}
    reason = because(draft(sold()), stock, locations=many, eligible=(rule(active),))
    assert reason.figures == {"chosen": {"L000": 1}, "more_passed_over": 99 - PASSED_OVER_MAX}
    assert list(reason.passed_over) == [each.id for each in many[1 : PASSED_OVER_MAX + 1]]
    assert all(reason.passed_over.values())


def test_when_nobody_can_deliver_the_reason_says_why_each_was_passed_over() -> None:
    reason = because(draft(sold(), ship_to=Destination("CA")), {"SHIRT": {"MIA": 1}})
    assert reason.passed_over == {"MIA": "ships_to_country: does not ship to CA"}
    assert because(draft(sold(location="DAL")), {"SHIRT": {"MIA": 1}}).passed_over == {
        MIAMI.id: "may not serve these lines"
    }
