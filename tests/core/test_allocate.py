"""Reserving and allocating: units get stock, the lowest-numbered first; what finds none is backordered."""

import pytest

from segue.core.allocate import Allocate, ReservationDropped, Reserve, UnitsAllocated, UnitsBackordered, UnitsReserved
from segue.core.base import Because, NeedFacts, Refusal
from segue.core.cancel import UnitsCanceled
from segue.core.deallocate import Deallocate, UnitsDeallocated, set_aside
from segue.core.fulfill import FulfillmentReleased
from segue.core.hold import HoldPlaced
from segue.core.tally import Units
from tests.core.given import events_of, given
from tests.core.shop import draft, sold

THREE = draft(sold("SHIRT", 3))
ALL: dict[int, Units] = {1: ((1, 3),)}
RESERVED = UnitsReserved(fulfillment="F1", location="DAL", units=ALL)
ALLOCATED = UnitsAllocated(fulfillment="F1", location="DAL", units=ALL)


def test_units_are_allocated_where_there_is_stock() -> None:
    given(THREE).knowing(stock={"SHIRT": {"DAL": 5}}).when(Allocate()).then(ALLOCATED)


def test_what_no_location_has_is_backordered() -> None:
    given(THREE).knowing(stock={"SHIRT": {"DAL": 2}}).when(Allocate()).then(
        UnitsAllocated(fulfillment="F1", location="DAL", units={1: ((1, 2),)}), UnitsBackordered(units={1: ((3, 3),)})
    )


def test_what_is_backordered_is_not_backordered_again_and_is_allocated_when_stock_comes() -> None:
    waiting = given(THREE, UnitsBackordered(units=ALL))
    waiting.when(Allocate()).then()
    waiting.knowing(stock={"SHIRT": {"MIA": 1}}).when(Allocate()).then(
        UnitsAllocated(fulfillment="F1", location="MIA", units={1: ((1, 1),)})
    )


def test_with_nothing_waiting_nothing_happens() -> None:
    for story in ((THREE, ALLOCATED), (THREE, UnitsCanceled(units=ALL))):
        given(*story).when(Allocate()).then()
        given(*story).when(Reserve()).then()


def test_two_lines_of_one_sku_never_take_the_same_stock() -> None:
    order = draft(sold("SHIRT", 2), sold("SHIRT", 2))
    given(order).knowing(stock={"SHIRT": {"DAL": 3}}).when(Allocate()).then(
        UnitsAllocated(fulfillment="F1", location="DAL", units={1: ((1, 2),), 2: ((1, 1),)}),
        UnitsBackordered(units={2: ((2, 2),)}),
    )


def test_a_line_may_come_from_several_locations() -> None:
    given(THREE).knowing(stock={"SHIRT": {"DAL": 2, "MIA": 2}}).when(Allocate()).then(
        UnitsAllocated(fulfillment="F1", location="DAL", units={1: ((1, 2),)}),
        UnitsAllocated(fulfillment="F2", location="MIA", units={1: ((3, 3),)}),
    )


def test_reserving_sets_aside_what_there_is_and_leaves_the_rest_new() -> None:
    known = given(THREE).knowing(stock={"SHIRT": {"DAL": 2}})
    known.when(Reserve()).then(UnitsReserved(fulfillment="F1", location="DAL", units={1: ((1, 2),)}))
    order = known.after(Reserve()).order
    assert order is not None
    assert order.lines[0].tally == {"reserved": ((1, 2),), "new": ((3, 3),)}


def test_what_is_reserved_is_not_reserved_again() -> None:
    given(THREE, RESERVED).knowing(stock={"SHIRT": {"DAL": 9}}).when(Reserve()).then()


def test_allocating_gives_a_reservation_back_and_may_take_the_same_stock_again() -> None:
    given(THREE, RESERVED).knowing(stock={"SHIRT": {"DAL": 0}}).when(Allocate()).then(
        ReservationDropped(fulfillment="F1", units=ALL),
        UnitsAllocated(fulfillment="F2", location="DAL", units=ALL),
    )


def test_allocating_may_find_a_better_place_than_the_reservation() -> None:
    far = UnitsReserved(fulfillment="F1", location="MIA", units=ALL)
    outcome = given(THREE, far).knowing(stock={"SHIRT": {"DAL": 3}}).step(Allocate())
    assert events_of(outcome) == [
        ReservationDropped(fulfillment="F1", units=ALL),
        UnitsAllocated(fulfillment="F2", location="DAL", units=ALL),
    ]
    assert [(move.location, move.allocated) for move in outcome.moves] == [("MIA", -3), ("DAL", 3)]
    assert outcome.order.fulfillments["F1"].units == {}


def test_a_reservation_of_some_units_is_kept_apart_from_the_units_without_one() -> None:
    some = UnitsReserved(fulfillment="F1", location="DAL", units={1: ((1, 1),)})
    outcome = given(draft(sold("SHIRT", 3), sold("CAP")), some).knowing(stock={"SHIRT": {"DAL": 1}}).step(Allocate())
    assert outcome.order.lines[0].tally == {"allocated": ((1, 2),), "backordered": ((3, 3),)}
    assert outcome.order.lines[1].tally == {"backordered": ((1, 1),)}


def test_an_order_on_hold_gets_no_stock() -> None:
    held = given(THREE, HoldPlaced(hold="review", type="review")).knowing(holds={"review": ("allocate", "reserve")})
    held.when(Allocate()).refused(Refusal.HOLD_BLOCKS)
    held.when(Reserve()).refused(Refusal.HOLD_BLOCKS)


def test_a_line_on_hold_keeps_its_reservation() -> None:
    story = (draft(sold("SHIRT"), sold("CAP")), UnitsReserved(fulfillment="F1", location="DAL", units={2: ((1, 1),)}))
    held = given(*story, HoldPlaced(hold="review:2", type="review", line=2))
    known = held.knowing(holds={"review": ("allocate",)}, stock={"SHIRT": {"DAL": 1}})
    assert events_of(known.step(Allocate())) == [UnitsAllocated(fulfillment="F2", location="DAL", units={1: ((1, 1),)})]


def test_stock_that_is_not_loaded_is_asked_for() -> None:
    known = given(THREE)
    known.facts.stock.clear()
    with pytest.raises(NeedFacts) as lack:
        known.when(Allocate())
    assert (lack.value.kind, lack.value.keys) == ("stock", frozenset(("SHIRT",)))


def test_what_is_set_aside_and_not_released_can_be_given_back() -> None:
    given(THREE).when(Deallocate()).then()
    given(THREE, RESERVED).when(Deallocate()).then(UnitsDeallocated("F1", "DAL", ALL))
    outcome = given(THREE).knowing(stock={"SHIRT": {"DAL": 3}}).after(Allocate()).step(Deallocate())
    assert events_of(outcome) == [UnitsDeallocated("F1", "DAL", ALL)]
    assert [(move.location, move.allocated, move.reason) for move in outcome.moves] == [("DAL", -3, "deallocated")]
    assert (outcome.order.lines[0].tally, outcome.order.fulfillments["F1"].units) == ({"new": ((1, 3),)}, {})


def test_what_a_location_was_asked_to_ship_stays_with_it() -> None:
    some: dict[int, Units] = {1: ((1, 1),)}
    there = (UnitsAllocated("F1", "DAL", ALL), FulfillmentReleased("F1", "DAL", some))
    given(THREE, *there).when(Deallocate()).then(UnitsDeallocated("F1", "DAL", {1: ((2, 3),)}))


TWO_LINES = draft(sold("SHIRT", 3), sold("CAP", 2), sold("SHIRT", 2))
SPREAD = (
    UnitsAllocated("F1", "DAL", {1: ((1, 3),), 2: ((1, 2),), 3: ((1, 1),)}),
    UnitsAllocated("F2", "MIA", {3: ((2, 2),)}),
)


@pytest.mark.parametrize(
    ("command", "events"),
    [
        (Deallocate("SHIRT", "DAL", 2, "less_on_hand"), [("F1", {3: ((1, 1),), 1: ((1, 1),)})]),
        (Deallocate("SHIRT", "DAL", 9), [("F1", {3: ((1, 1),), 1: ((1, 3),)})]),
        (Deallocate("SHIRT", "", 2), [("F1", {3: ((1, 1),)}), ("F2", {3: ((2, 2),)})]),
        (Deallocate("CAP", "MIA", 1), []),
        (Deallocate(location="MIA"), [("F2", {3: ((2, 2),)})]),
    ],
)
def test_some_units_of_a_sku_at_a_location_are_given_back_the_last_first(
    command: Deallocate, events: list[tuple[str, dict[int, Units]]]
) -> None:
    because = Because(command.reason) if command.reason else None
    places = {"F1": "DAL", "F2": "MIA"}
    expected = [UnitsDeallocated(name, places[name], units, because=because) for name, units in events]
    given(TWO_LINES, *SPREAD).when(command).then(*expected)


def test_what_is_set_aside_is_what_nobody_was_asked_to_ship() -> None:
    order = given(TWO_LINES, *SPREAD, FulfillmentReleased("F2", "MIA", {3: ((2, 2),)})).order
    assert order is not None
    found = [set_aside(order, sku, place) for sku, place in (("SHIRT", "DAL"), ("CAP", "DAL"), ("SHIRT", "MIA"))]
    assert found == [4, 2, 0]
