"""Returns: units that had left are back, the lowest-numbered first."""

import pytest
from msgspec.structs import replace

from segue.core.allocate import UnitsAllocated
from segue.core.base import Refusal
from segue.core.deliver import ShipmentDelivered
from segue.core.fulfill import FulfillmentReleased, FulfillmentShipped
from segue.core.returns import RecordReturn, UnitsReturned
from segue.core.tally import Units
from tests.core.given import Given, given
from tests.core.shop import draft, sold

ALL: dict[int, Units] = {1: ((1, 3),)}
SHIPPED = (
    draft(sold("SHIRT", 3), kind="prepaid"),
    UnitsAllocated(fulfillment="F1", location="DAL", units=ALL),
    FulfillmentReleased(fulfillment="F1", location="DAL", units=ALL),
    FulfillmentShipped(fulfillment="F1", location="DAL", shipment="S1", units=ALL),
)
ARRIVED = (*SHIPPED, ShipmentDelivered(shipment="S1", units={1: ((1, 2),)}))


@pytest.mark.parametrize("known", [given(*SHIPPED), given(*ARRIVED)])
def test_units_come_back_to_the_location_that_gave_them_unless_another_is_named(known: Given) -> None:
    known.when(RecordReturn(1, 2)).then(UnitsReturned(units={1: ((1, 2),)}, location="DAL"))
    known.when(RecordReturn(1, 3, "MIA", False, "torn")).then(
        UnitsReturned(units=ALL, location="MIA", sellable=False, reason="torn")
    )


def test_no_more_comes_back_than_had_left() -> None:
    back = UnitsReturned(units={1: ((1, 2),)}, location="DAL")
    given(*SHIPPED, back).when(RecordReturn(1, 2)).refused(Refusal.UNITS_NOT_THERE, "2 asked for, 1 have left")
    given(*SHIPPED[:3]).when(RecordReturn(1, 1)).refused(Refusal.UNITS_NOT_THERE, "0 have left")
    given(*SHIPPED).when(RecordReturn(1, 0)).refused(Refusal.UNITS_NOT_THERE)
    given(*SHIPPED).when(RecordReturn(2, 1)).refused(Refusal.LINE_NOT_FOUND)


def test_nothing_comes_back_to_a_location_that_there_is_not() -> None:
    given(*SHIPPED).when(RecordReturn(1, 1, "NOWHERE")).refused(Refusal.LOCATION_UNKNOWN, "NOWHERE; there: DAL")


def test_only_what_can_be_sold_again_is_stock_again_and_only_where_it_is_known_to_be() -> None:
    sellable, torn = RecordReturn(1, 2), RecordReturn(1, 2, sellable=False)
    assert [(m.location, m.on_hand, m.allocated) for m in given(*SHIPPED).step(sellable).moves] == [("DAL", 2, 0)]
    assert given(*SHIPPED).step(torn).moves == []
    nowhere = given(*SHIPPED)
    assert nowhere.order is not None
    lost = nowhere._replace(order=replace(nowhere.order, fulfillments={}))
    lost.when(sellable).then(UnitsReturned(units={1: ((1, 2),)}, location=""))
    assert lost.step(sellable).moves == []
