"""Lateness: what was promised with an allocation stays with the order, and tells which units come later."""

from msgspec.structs import replace

from segue.core.allocate import Allocate, UnitsAllocated
from segue.core.calendar import Promised
from segue.core.deliver import ShipmentDelivered
from segue.core.fulfill import FulfillmentRejected, FulfillmentReleased, FulfillmentShipped, RecordShipment
from segue.core.lateness import late_units, promised_at, ship_by
from segue.core.order import Order
from segue.core.vocabulary import View
from tests.core.given import Given, every, given
from tests.core.shop import NOW_S, condition, draft, sold

DAY_S = 86_400
SOON = Promised(NOW_S + DAY_S, NOW_S + 2 * DAY_S, NOW_S + 3 * DAY_S)
LATER = Promised(NOW_S + 2 * DAY_S, NOW_S + 4 * DAY_S, NOW_S + 5 * DAY_S)
FIRST = UnitsAllocated("F1", "DAL", {1: ((1, 2),)}, promised=SOON)
SECOND = UnitsAllocated("F2", "MIA", {1: ((3, 3),), 2: ((1, 1),)}, promised=LATER)
CART = draft(sold("SHIRT", 3), sold("CAP"))


def of(here: Given) -> Order:
    assert here.order is not None
    return here.order


def holds(here: Given, text: str, now_s: int = NOW_S) -> bool:
    return bool(condition(text).test(View(of(here), now_s, here.facts)))


def test_an_order_is_promised_for_when_the_last_of_it_arrives() -> None:
    here = given(CART, FIRST, SECOND)
    assert [line.deliver_by_s for line in of(here).lines] == [LATER.deliver_by_s, LATER.deliver_by_s]
    assert (promised_at(of(here)), ship_by(of(here)), late_units(of(here))) == (LATER.deliver_by_s, SOON.ship_by_s, 0)
    assert {name: made.promised for name, made in of(here).fulfillments.items()} == {"F1": SOON, "F2": LATER}


def test_what_the_channel_has_promised_goes_before_what_an_allocation_says() -> None:
    here = given(replace(CART, promised_at_s=NOW_S + 4 * DAY_S), FIRST, SECOND)
    assert promised_at(of(here)) == NOW_S + 4 * DAY_S
    assert late_units(of(here)) == 2  # those from Miami


def test_an_order_without_calendars_was_promised_nothing() -> None:
    here = given(
        CART, UnitsAllocated("F1", "DAL", {1: ((1, 3),)}), UnitsAllocated("F2", "DAL", {2: ((1, 1),)}, promised=SOON)
    )
    bare = given(CART, UnitsAllocated("F1", "DAL", {1: ((1, 3),)}))
    assert (promised_at(of(bare)), ship_by(of(bare)), late_units(of(bare))) == (None, None, 0)
    assert (promised_at(of(here)), ship_by(of(here)), late_units(of(here))) == (SOON.deliver_by_s, SOON.ship_by_s, 0)
    assert not holds(bare, "now > ship_by or late > 0 or now > promised_at", NOW_S + 99 * DAY_S)


def test_where_only_the_leaving_is_known_nothing_arrives_late() -> None:
    here = given(CART, UnitsAllocated("F1", "DAL", {1: ((1, 3),)}, promised=Promised(NOW_S)))
    assert (promised_at(of(here)), ship_by(of(here)), late_units(of(here))) == (None, NOW_S, 0)


def test_what_has_not_left_by_then_is_found_by_its_date() -> None:
    here = given(CART, FIRST)
    assert not holds(here, "now > ship_by", SOON.ship_by_s)
    assert holds(here, "now > ship_by", SOON.ship_by_s + 1)
    left = given(CART, FIRST, FulfillmentReleased("F1", "DAL", FIRST.units), shipped("S1"))
    assert ship_by(of(left)) is None


def shipped(name: str) -> FulfillmentShipped:
    return FulfillmentShipped("F1", "DAL", name, FIRST.units)


def test_the_first_promise_stays_when_a_location_fails() -> None:
    rejected = FulfillmentRejected("F1", "DAL", FIRST.units)
    again = UnitsAllocated("F2", "MIA", FIRST.units, promised=LATER)
    here = given(CART, FIRST, FulfillmentReleased("F1", "DAL", FIRST.units), rejected, again)
    assert promised_at(of(here)) == SOON.deliver_by_s
    assert late_units(of(here)) == 2
    assert holds(here, "late == 2")


def test_a_line_that_failed_before_anything_was_promised_takes_the_first_date() -> None:
    bare = UnitsAllocated("F1", "DAL", FIRST.units)
    rejected = FulfillmentRejected("F1", "DAL", FIRST.units)
    here = given(
        CART, bare, FulfillmentReleased("F1", "DAL", FIRST.units), rejected, replace(SECOND, units=FIRST.units)
    )
    assert promised_at(of(here)) == LATER.deliver_by_s


def test_what_left_late_is_late_until_it_has_arrived() -> None:
    start = given(CART, FIRST, FulfillmentReleased("F1", "DAL", FIRST.units))
    here = start.at(SOON.ship_by_s + 1).after(RecordShipment("F1", "S1"))
    assert late_units(of(here)) == 2
    punctual = start.at(SOON.ship_by_s).after(RecordShipment("F1", "S1"))
    assert late_units(of(punctual)) == 0
    arrived = given(
        CART, FIRST, FulfillmentReleased("F1", "DAL", FIRST.units), shipped("S1"), ShipmentDelivered("S1", FIRST.units)
    )
    assert late_units(of(arrived)) == 0


def test_a_part_that_is_released_later_keeps_its_promise() -> None:
    here = given(
        CART,
        replace(FIRST, units={1: ((1, 3),)}),
        FulfillmentReleased("F1", "DAL", {1: ((1, 1),)}),
        FulfillmentReleased("F2", "DAL", {1: ((2, 3),)}),
    )
    assert of(here).fulfillments["F2"].promised == SOON
    assert of(here).fulfillments["F1"].units == {1: ((1, 1),)}


def test_a_part_of_a_second_fulfillment_keeps_the_promise_of_that_one() -> None:
    here = given(
        CART,
        FIRST,
        SECOND,
        FulfillmentReleased("F2", "MIA", {2: ((1, 1),)}),
        FulfillmentReleased("F3", "MIA", {1: ((3, 3),)}),
    )
    assert of(here).fulfillments["F3"].promised == LATER


def test_an_allocation_records_what_it_promises() -> None:
    here = given(CART).knowing(stock={"SHIRT": {"DAL": 3}, "CAP": {"DAL": 1}})
    (made,) = [each for each in every(here.step(Allocate())) if isinstance(each, UnitsAllocated)]
    assert made.promised is None  # this shop has no calendars
