"""Assign: a person says where goods come from, and no rule is asked."""

from collections.abc import Mapping

from segue.core.allocate import Allocate, ReservationDropped, UnitsAllocated, UnitsBackordered, UnitsReserved
from segue.core.assign import AssignLocation, LocationAssigned
from segue.core.base import Refusal
from segue.core.cancel import UnitsCanceled
from segue.core.deallocate import UnitsDeallocated
from segue.core.facts import Stock
from segue.core.fulfill import FulfillmentRejected, FulfillmentReleased
from segue.core.hold import HoldPlaced
from segue.core.tally import Units
from segue.core.workflow import Among, Strategy
from segue.policies.eligibility import of_kind
from tests.core.given import Given, events_of, every, given
from tests.core.shop import draft, rule, sold

ONE: dict[int, Units] = {1: ((1, 1),)}
TWO = draft(sold("SHIRT", 1), sold("CAP", 2))
AT_DALLAS = UnitsAllocated("F1", "DAL", {1: ((1, 1),), 2: ((1, 2),)})
EVERYWHERE = {"SHIRT": {"DAL": 9, "MIA": 9}, "CAP": {"DAL": 9, "MIA": 9}}


def bought(*story: object, stock: Mapping[str, Stock] = EVERYWHERE, **declared: object) -> Given:
    return given(TWO, *story).knowing(stock=stock, **declared)  # type: ignore[arg-type]


def test_what_is_allocated_elsewhere_moves_and_the_other_lines_stay() -> None:
    bought(AT_DALLAS).when(AssignLocation("MIA", 1, "next door")).then(
        UnitsDeallocated("F1", "DAL", ONE), LocationAssigned((1,), "MIA", "next door"), UnitsAllocated("F2", "MIA", ONE)
    )


def test_what_is_there_already_stays_and_only_the_place_is_remembered() -> None:
    order = bought(AT_DALLAS).when(AssignLocation("DAL")).then(LocationAssigned((1, 2), "DAL"))
    assert order is not None


def test_no_filter_is_asked_but_stock_is() -> None:
    rules = (rule(of_kind, kind="warehouse"),)
    bought(AT_DALLAS, eligible=rules, stock={"SHIRT": {"MIA": 1}, "CAP": {"REN": 9}}).when(AssignLocation("MIA")).then(
        UnitsDeallocated("F1", "DAL", {1: ((1, 1),), 2: ((1, 2),)}),
        LocationAssigned((1, 2), "MIA"),
        UnitsAllocated("F2", "MIA", ONE),
        UnitsBackordered({2: ((1, 2),)}),
    )


def test_what_was_placed_by_hand_is_allocated_there_later_too_and_the_rest_by_the_rules() -> None:
    placed = LocationAssigned((1,), "MIA")
    for routing in ((), (Strategy("far", among=Among(ids=("REN",))),)):
        stock = EVERYWHERE | {"CAP": {"DAL": 2, "REN": 2}}
        outcome = bought(placed, stock=stock, routing=routing).step(Allocate())
        found = {e.location: e.units for e in events_of(outcome) if isinstance(e, UnitsAllocated)}
        assert found == {"MIA": ONE, ("REN" if routing else "DAL"): {2: ((1, 2),)}}


def test_without_a_location_the_rules_decide_again() -> None:
    placed = LocationAssigned((1, 2), "MIA")
    there = UnitsAllocated("F1", "MIA", {1: ((1, 1),), 2: ((1, 2),)})
    bought(placed, there).when(AssignLocation()).then(
        UnitsDeallocated("F1", "MIA", {1: ((1, 1),), 2: ((1, 2),)}),
        LocationAssigned((1, 2)),
        UnitsAllocated("F2", "DAL", {1: ((1, 1),), 2: ((1, 2),)}),
    )


def test_what_waits_for_stock_looks_there_at_once_and_what_is_new_waits_for_its_time() -> None:
    waits = UnitsBackordered(ONE)
    bought(waits).when(AssignLocation("MIA")).then(LocationAssigned((1, 2), "MIA"), UnitsAllocated("F1", "MIA", ONE))
    bought().when(AssignLocation("MIA")).then(LocationAssigned((1, 2), "MIA"))


def test_a_reservation_elsewhere_gives_way_once_it_is_allocated() -> None:
    reserved = UnitsReserved("F1", "DAL", ONE)
    order = bought(reserved).when(AssignLocation("MIA", 1)).then(LocationAssigned((1,), "MIA"))
    assert order is not None
    outcome = bought(reserved, LocationAssigned((1,), "MIA")).step(Allocate())
    assert events_of(outcome)[:2] == [ReservationDropped("F1", ONE), UnitsAllocated("F2", "MIA", ONE)]


def test_a_location_that_could_not_deliver_may_be_asked_again_by_hand() -> None:
    units: dict[int, Units] = {1: ((1, 1),)}
    story = (
        UnitsAllocated("F1", "MIA", units),
        FulfillmentReleased("F1", "MIA", units),
        FulfillmentRejected("F1", "MIA", units),
        UnitsAllocated("F2", "DAL", units),
    )
    bought(*story).when(AssignLocation("MIA", 1)).then(
        UnitsDeallocated("F2", "DAL", units), LocationAssigned((1,), "MIA"), UnitsAllocated("F3", "MIA", units)
    )


def test_what_is_refused() -> None:
    bought().when(AssignLocation("MIA", 3)).refused(Refusal.LINE_NOT_FOUND, "3")
    bought().when(AssignLocation("PARIS")).refused(Refusal.LOCATION_UNKNOWN, "PARIS")
    released = FulfillmentReleased("F1", "DAL", AT_DALLAS.units)
    bought(AT_DALLAS, released).when(AssignLocation("MIA")).refused(Refusal.UNITS_NOT_THERE)
    held = HoldPlaced("service", "service", 0, "", "ann")
    bought(AT_DALLAS, held, holds={"service": ("allocate",)}).when(AssignLocation("MIA")).refused(Refusal.HOLD_BLOCKS)
    bought(held, holds={"service": ("allocate",)}).when(AssignLocation("MIA")).then(LocationAssigned((1, 2), "MIA"))


def test_what_was_placed_by_hand_waits_where_the_rest_is_canceled() -> None:
    cancels = Strategy("cancels", otherwise="cancel")
    placed = LocationAssigned((1,), "MIA")
    outcome = bought(placed, stock={"SHIRT": {"DAL": 9}, "CAP": {}}, routing=(cancels,)).step(Allocate())
    assert [(type(e), e.units) for e in every(outcome) if isinstance(e, UnitsCanceled | UnitsBackordered)] == [
        (UnitsCanceled, {2: ((1, 2),)}),
        (UnitsBackordered, ONE),
    ]
