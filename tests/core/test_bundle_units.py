"""Bundle units: which units make one bundle, and what goes with them."""

import pytest

from segue.core.allocate import Allocate, UnitsAllocated, UnitsBackordered
from segue.core.base import Because, Refusal
from segue.core.bringing import RecordLost, SentToStore, UnitsLost, UnitsReady
from segue.core.bundle_units import all_of, complete, is_inside, joined, touched, without
from segue.core.bundles import Bundle
from segue.core.cancel import Cancel, UnitsCanceled
from segue.core.deallocate import Deallocate, UnitsDeallocated, set_aside
from segue.core.fulfill import (
    FulfillmentRejected,
    FulfillmentReleased,
    RecordReject,
    RecordShipment,
    RecordShortPick,
    Release,
    UnitsShortPicked,
)
from segue.core.hold import HoldPlaced
from segue.core.item_state import StateEntered, StateLeft
from segue.core.stock import stock_moves
from segue.core.tally import Units
from tests.core.bundled import bundle, desk, halves, made
from tests.core.given import Given, given
from tests.core.shop import sold

STOCK = {"TOP": {"DAL": 9}, "LEG": {"DAL": 9}, "DESK": {"DAL": 1}}
ALL: dict[int, Units] = {1: ((1, 2),), 2: ((1, 4),)}
FIRST: dict[int, Units] = {1: ((1, 1),), 2: ((1, 2),)}
SECOND: dict[int, Units] = {1: ((2, 2),), 2: ((3, 4),)}
PACKED: dict[str, Units] = {"B1": ((1, 1),)}
ALLOCATED = UnitsAllocated("F1", "DAL", ALL)
RELEASED = FulfillmentReleased("F1", "DAL", ALL)
INCOMPLETE = Because("bundle_incomplete")
SOME_PACKED = UnitsAllocated("F1", "DAL", ALL, packed=PACKED)


def bought(ship: str, *story: object, **more: object) -> Given:
    return given(desk(ship, **more), *story).knowing(stock=STOCK)  # type: ignore[arg-type]


def test_units_belong_to_one_bundle_after_the_other() -> None:
    assert touched(((2, 3), (7, 7)), 2) == ((1, 2), (4, 4))
    assert all_of(((1, 1), (3, 3)), 2) == ((1, 2), (5, 6))
    kit = Bundle("DESK", 3, {1: 1, 2: 2})
    assert complete(kit, {1: ((1, 3),), 2: ((1, 3), (6, 6))}) == ((1, 1),)
    assert complete(kit, {1: ((1, 3),)}) == ()
    assert joined({2: ((1, 1),)}, {1: ((1, 1),), 2: ((2, 2),)}) == {1: ((1, 1),), 2: ((1, 2),)}
    assert without(ALL, FIRST) == SECOND


@pytest.mark.parametrize("ship", ["together", "one_location", "whole"])
def test_where_a_unit_is_missing_the_rest_of_its_bundle_goes_back(ship: str) -> None:
    missing: dict[int, Units] = {2: ((3, 3),)}
    beside: dict[int, Units] = {1: ((2, 2),), 2: ((4, 4),)}
    here = bought(ship, ALLOCATED, RELEASED)
    order = here.when(RecordShortPick("F1", missing)).then(
        UnitsShortPicked("F1", "DAL", missing, "not_found", beside=beside)
    )
    assert order is not None
    assert order.fulfillments["F1"].units == FIRST
    assert here.order is not None
    event = UnitsShortPicked("F1", "DAL", missing, beside=beside)
    assert [(m.sku, m.on_hand, m.allocated) for m in stock_moves(here.order, event)] == [
        ("LEG", -1, -1), ("TOP", 0, -1), ("LEG", 0, -1),
    ]  # fmt: skip
    here.when(RecordReject("F1", "busy")).then(FulfillmentRejected("F1", "DAL", ALL, "busy"))


def test_where_a_part_is_lost_on_its_way_to_a_store_nothing_of_its_bundle_stays_set_aside() -> None:
    tops: dict[int, Units] = {1: ((1, 2),)}
    legs: dict[int, Units] = {2: ((1, 4),)}
    story = (
        UnitsAllocated("F1", "DAL", tops, to="MIA"),
        UnitsAllocated("F2", "AUS", legs, to="MIA"),
        FulfillmentReleased("F1", "DAL", tops),
        SentToStore("F1", "DAL", "MIA", tops, "S1"),
    )
    lost: dict[int, Units] = {1: ((2, 2),)}
    here = bought("whole", *story)
    order = here.when(RecordLost("F1", lost)).then(
        UnitsLost("F1", "DAL", lost, "lost"), UnitsDeallocated("F2", "AUS", {2: ((3, 4),)}, because=INCOMPLETE)
    )
    assert order is not None
    assert halves(order) == []
    bought("independently", *story).when(RecordLost("F1", lost)).then(UnitsLost("F1", "DAL", lost, "lost"))


def test_of_a_bundle_that_ships_independently_nothing_goes_back() -> None:
    missing: dict[int, Units] = {2: ((3, 3),)}
    bought("independently", ALLOCATED, RELEASED).when(RecordShortPick("F1", missing)).then(
        UnitsShortPicked("F1", "DAL", missing, "not_found")
    )


def test_only_whole_bundles_leave_where_they_travel_in_one_parcel() -> None:
    here = bought("together", ALLOCATED, RELEASED)
    here.when(RecordShipment("F1", "S1", {1: ((1, 2),)})).refused(Refusal.BUNDLE_BROKEN, "DESK travels in one parcel")
    assert here.when(RecordShipment("F1", "S1", FIRST)).refused_ is None
    other = bought("one_location", ALLOCATED, RELEASED)
    assert other.when(RecordShipment("F1", "S1", {1: ((1, 2),)})).refused_ is None


def test_a_hold_on_a_part_keeps_all_of_its_bundle() -> None:
    held = HoldPlaced(hold="review:1", type="review", line=1)
    here = bought("together", held).knowing(stock=STOCK, holds={"review": ("allocate",)})
    assert [e.units for e in here.when(Allocate()).events if isinstance(e, UnitsAllocated)] == [{3: ((1, 1),)}]


def test_a_bundle_is_released_only_when_all_of_it_is_ready_for_that() -> None:
    engraved = StateEntered(state="allocated.engraving", units={1: ((1, 1),)})
    here = bought("whole", ALLOCATED, engraved)
    here.when(Release()).then(FulfillmentReleased("F1", "DAL", SECOND))


def test_what_is_released_later_is_a_fulfillment_of_its_own_with_what_of_it_is_ready_packed() -> None:
    engraved = StateEntered(state="allocated.engraving", units={1: ((1, 1),)})
    done = StateLeft(state="allocated.engraving", units={1: ((1, 1),)})
    here = bought("whole", SOME_PACKED, engraved, FulfillmentReleased("F1", "DAL", SECOND), done, prepacked=True)
    order = here.when(Release()).then(FulfillmentReleased("F2", "DAL", FIRST))
    assert order is not None
    assert {name: each.packed for name, each in order.fulfillments.items()} == {"F1": {}, "F2": PACKED}
    assert (order.fulfillments["F1"].units, order.fulfillments["F2"].units) == (SECOND, FIRST)


def test_what_is_inside_a_bundle_is_so_at_any_depth() -> None:
    outer = bundle("SET", 1, {1: 1, 2: 1}, ship="together")
    middle = bundle("BOX", 1, {1: 1}, "B1", ship="independently")
    inner = bundle("KIT", 1, {1: 1}, "B2", ship="independently")
    order = given(made(sold("TOP"), sold("LEG"), B1=outer, B2=middle, B3=inner)).order
    assert order is not None
    assert is_inside(order, inner, ("together",))
    assert not is_inside(order, inner, ("whole",))
    assert not is_inside(order, outer, ("together",))


def test_what_is_set_aside_is_given_back_with_its_bundle() -> None:
    here = bought("together", ALLOCATED)
    assert here.order is not None
    assert set_aside(here.order, "LEG", "DAL") == 4
    here.when(Deallocate("LEG", "DAL", 1)).then(UnitsDeallocated("F1", "DAL", FIRST))
    plain = bought("independently", ALLOCATED)
    plain.when(Deallocate("LEG", "DAL", 1)).then(UnitsDeallocated("F1", "DAL", {2: ((1, 1),)}))


def test_a_ready_packed_bundle_is_one_article_in_stock() -> None:
    here = bought("independently", SOME_PACKED, prepacked=True)
    assert here.order is not None
    moves = [(m.sku, m.allocated) for m in stock_moves(bought("independently").order, SOME_PACKED)]  # type: ignore[arg-type]
    assert moves == [("DESK", 1), ("TOP", 1), ("LEG", 2)]
    assert [set_aside(here.order, sku, "DAL") for sku in ("DESK", "TOP", "LEG", "CAP")] == [1, 1, 2, 0]
    here.when(Deallocate("DESK", "DAL", 5)).then(UnitsDeallocated("F1", "DAL", FIRST))
    here.when(Deallocate("TOP", "DAL", 5)).then(UnitsDeallocated("F1", "DAL", {1: ((2, 2),)}))


def test_a_ready_packed_bundle_is_missed_shipped_and_canceled_as_one() -> None:
    here = bought("independently", SOME_PACKED, RELEASED, prepacked=True)
    order = here.when(RecordShortPick("F1", {2: ((1, 1),)})).then(UnitsShortPicked("F1", "DAL", FIRST, "not_found"))
    assert order is not None
    assert order.fulfillments["F1"].packed == {}
    assert here.order is not None
    event = UnitsShortPicked("F1", "DAL", FIRST)
    assert [(m.sku, m.on_hand, m.allocated) for m in stock_moves(here.order, event)] == [("DESK", -1, -1)]
    none_left = UnitsShortPicked("F1", "DAL", FIRST, effect="none_left")
    assert [(m.sku, m.on_hand) for m in stock_moves(here.order, none_left)] == [("DESK", -1)]
    here.when(RecordShipment("F1", "S1", {1: ((1, 1),)})).refused(Refusal.BUNDLE_BROKEN)
    aside = bought("independently", SOME_PACKED, prepacked=True, on_short="keep")
    canceled: dict[int, Units] = {2: ((1, 1),)}
    aside.when(Cancel("x", 2, 1)).then(UnitsDeallocated("F1", "DAL", FIRST), UnitsCanceled(canceled, "x"))
    whole = bought("independently", SOME_PACKED, prepacked=True)
    whole.when(Cancel("x", 2, 1)).then(UnitsCanceled(FIRST, "x"))


def test_a_ready_packed_bundle_that_waits_for_its_customer_is_not_opened() -> None:
    ready = UnitsReady(fulfillment="F1", location="DAL", units=ALL)
    here = bought("independently", SOME_PACKED, RELEASED, ready, prepacked=True, on_short="keep")
    here.when(Cancel("x", 2, 1)).refused(Refusal.BUNDLE_BROKEN, "ready packed bundles of F1 wait for the customer")


def test_none_left_of_a_packed_bundle_says_nothing_of_its_parts() -> None:
    here = bought("independently", SOME_PACKED, RELEASED, prepacked=True)._replace()
    flow = here.knowing(stock=STOCK, stock_effects={"not_found": "none_left"})
    flow.when(RecordShortPick("F1", {2: ((1, 1),)})).then(
        UnitsShortPicked("F1", "DAL", FIRST, "not_found", "none_left")
    )


def test_what_is_not_whole_any_more_stands_for_itself() -> None:
    canceled = UnitsCanceled({1: ((1, 1),)})
    backordered = UnitsBackordered({2: ((1, 4),), 1: ((2, 2),), 3: ((1, 1),)})
    here = bought("together", canceled, backordered).knowing(stock={"LEG": {"DAL": 2}})
    assert [e.units for e in here.when(Allocate()).events if isinstance(e, UnitsAllocated)] == [{2: ((1, 2),)}]
