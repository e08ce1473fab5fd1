"""Stock: each event moves what it means to move, where the goods are, and nothing else."""

import pytest

from segue.core.allocate import ReservationDropped, UnitsAllocated, UnitsBackordered, UnitsReserved
from segue.core.base import Event
from segue.core.cancel import UnitsCanceled
from segue.core.deliver import ShipmentDelivered
from segue.core.fulfill import FulfillmentRejected, FulfillmentReleased, FulfillmentShipped, UnitsShortPicked
from segue.core.returns import UnitsReturned
from segue.core.stock import stock_moves
from segue.core.tally import Units
from tests.core.given import given
from tests.core.shop import draft, sold

TWO: dict[int, Units] = {1: ((1, 2),)}
RESERVED = UnitsReserved(fulfillment="F1", location="DAL", units=TWO)
ALLOCATED = UnitsAllocated(fulfillment="F1", location="DAL", units=TWO)
RELEASED = FulfillmentReleased(fulfillment="F1", location="DAL", units=TWO)
SHIPPED = FulfillmentShipped(fulfillment="F1", location="DAL", shipment="S1", units=TWO)

# what was before, the event, and what it moves: (location, on hand, allocated, reason)
MOVES: tuple[tuple[tuple[Event, ...], Event, list[tuple[str, int, int, str]]], ...] = (
    ((), RESERVED, [("DAL", 0, 2, "reserved")]),
    ((), ALLOCATED, [("DAL", 0, 2, "allocated")]),
    ((), UnitsBackordered(units=TWO), []),
    ((RESERVED,), ReservationDropped(fulfillment="F1", units=TWO), [("DAL", 0, -2, "reservation_dropped")]),
    ((ALLOCATED,), RELEASED, []),
    ((ALLOCATED, RELEASED), SHIPPED, [("DAL", -2, -2, "shipped")]),
    (
        (ALLOCATED, RELEASED),
        UnitsShortPicked(fulfillment="F1", location="DAL", units=TWO, reason="damaged"),
        [("DAL", -2, -2, "short_pick_damaged")],
    ),
    (
        (ALLOCATED, RELEASED),
        FulfillmentRejected(fulfillment="F1", location="DAL", units=TWO),
        [("DAL", 0, -2, "rejected")],
    ),
    (
        (ALLOCATED, RELEASED),
        FulfillmentRejected(fulfillment="F1", location="DAL", units=TWO, effect="gone"),
        [("DAL", -2, -2, "rejected")],
    ),
    (
        (ALLOCATED, RELEASED),
        UnitsShortPicked(fulfillment="F1", location="DAL", units=TWO, reason="x", effect="unchanged"),
        [("DAL", 0, -2, "short_pick_x")],
    ),
    (
        (ALLOCATED, RELEASED),
        FulfillmentRejected(fulfillment="F1", location="DAL", units=TWO, effect="none_left", cleared={1: 5}),
        [("DAL", -2, -2, "rejected"), ("DAL", -5, 0, "none_left")],
    ),
    ((), UnitsCanceled(units=TWO), []),
    ((RESERVED,), UnitsCanceled(units=TWO), [("DAL", 0, -2, "canceled")]),
    ((ALLOCATED,), UnitsCanceled(units={1: ((2, 3),)}), [("DAL", 0, -1, "canceled")]),
    ((ALLOCATED, RELEASED, SHIPPED), ShipmentDelivered(shipment="S1", units=TWO), []),
    ((ALLOCATED, RELEASED, SHIPPED), UnitsReturned(units=TWO, location="MIA"), [("MIA", 2, 0, "returned")]),
    ((ALLOCATED, RELEASED, SHIPPED), UnitsReturned(units=TWO, location="MIA", sellable=False), []),
    ((ALLOCATED, RELEASED, SHIPPED), UnitsReturned(units=TWO, location=""), []),
)


@pytest.mark.parametrize(("before", "event", "moves"), MOVES)
def test_an_event_moves_the_stock_that_it_is_about(
    before: tuple[Event, ...], event: Event, moves: list[tuple[str, int, int, str]]
) -> None:
    order = given(draft(sold(quantity=3)), *before).order
    assert order is not None
    found = stock_moves(order, event)
    assert [(move.location, move.on_hand, move.allocated, move.reason) for move in found] == moves
    assert {move.sku for move in found} <= {"SHIRT"}


@pytest.mark.parametrize(("effect", "parts"), [("damaged", (2, 0)), ("quarantined", (0, 2))])
def test_what_a_location_found_unfit_is_there_and_not_free(effect: str, parts: tuple[int, int]) -> None:
    order = given(draft(sold(quantity=3)), ALLOCATED, RELEASED).order
    assert order is not None
    (move,) = stock_moves(order, FulfillmentRejected(fulfillment="F1", location="DAL", units=TWO, effect=effect))
    assert (move.on_hand, move.allocated, move.damaged, move.quarantined, move.freed) == (0, -2, *parts, 0)
