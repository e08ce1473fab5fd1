"""Canceling: all of it, a line, or some units, as long as no picker has them."""

import pytest

from segue.core.allocate import UnitsAllocated, UnitsReserved
from segue.core.base import Refusal
from segue.core.cancel import Cancel, UnitsCanceled
from segue.core.fulfill import FulfillmentReleased
from segue.core.hold import HoldLifted, HoldPlaced
from tests.core.given import given
from tests.core.shop import draft, sold

BOUGHT = draft(sold("SHIRT", 3), sold("CAP", 2))
ON_HOLD = HoldPlaced(hold="review", type="review")
CAPS_HELD = HoldPlaced(hold="review:2", type="review", line=2)
ALLOCATED = UnitsAllocated(fulfillment="F1", location="DAL", units={1: ((1, 3),)})
RELEASED = FulfillmentReleased(fulfillment="F1", location="DAL", units={1: ((1, 3),)})


def test_everything_is_canceled_with_its_reason() -> None:
    given(BOUGHT).when(Cancel("changed my mind")).then(
        UnitsCanceled(units={1: ((1, 3),), 2: ((1, 2),)}, reason="changed my mind")
    )


def test_a_line_or_its_lowest_units_are_canceled() -> None:
    given(BOUGHT).when(Cancel(line=2)).then(UnitsCanceled(units={2: ((1, 2),)}))
    given(BOUGHT).when(Cancel(line=1, quantity=2)).then(UnitsCanceled(units={1: ((1, 2),)}))


def test_what_is_with_the_pickers_is_not_canceled_but_the_rest_is() -> None:
    given(BOUGHT, ALLOCATED).when(Cancel(line=1)).then(UnitsCanceled(units={1: ((1, 3),)}))
    given(BOUGHT, ALLOCATED, RELEASED).when(Cancel()).then(UnitsCanceled(units={2: ((1, 2),)}))
    given(BOUGHT, ALLOCATED, RELEASED).when(Cancel(line=1)).refused(Refusal.NOTHING_TO_CANCEL, "3 units")


@pytest.mark.parametrize("quantity", [4, -1])
def test_more_than_is_there_or_less_than_nothing_is_not_canceled(quantity: int) -> None:
    given(BOUGHT).when(Cancel(line=1, quantity=quantity)).refused(
        Refusal.UNITS_NOT_THERE, f"{quantity} asked for, 3 can be canceled"
    )


def test_a_cancellation_names_a_line_that_is_there() -> None:
    given(BOUGHT).when(Cancel(line=3)).refused(Refusal.LINE_NOT_FOUND, "3")
    given(BOUGHT).when(Cancel(quantity=1)).refused(Refusal.LINE_NOT_FOUND, "a quantity needs a line")


def test_the_stock_of_canceled_units_is_free_at_once() -> None:
    reserved = UnitsReserved(fulfillment="F2", location="MIA", units={2: ((2, 2),)})
    moves = given(BOUGHT, ALLOCATED, reserved).step(Cancel()).moves
    assert [(move.sku, move.location, move.allocated, move.on_hand) for move in moves] == [
        ("SHIRT", "DAL", -3, 0),
        ("CAP", "MIA", -1, 0),
    ]


def test_holds_with_nothing_left_to_hold_go_too() -> None:
    held = given(BOUGHT, ON_HOLD, CAPS_HELD).knowing(holds={"review": ()})
    held.when(Cancel()).then(
        UnitsCanceled(units={1: ((1, 3),), 2: ((1, 2),)}),
        HoldLifted(hold="review", reason="canceled"),
        HoldLifted(hold="review:2", reason="canceled"),
    )
    held.when(Cancel(line=2)).then(UnitsCanceled(units={2: ((1, 2),)}), HoldLifted(hold="review:2", reason="canceled"))
    held.when(Cancel(line=2, quantity=1)).then(UnitsCanceled(units={2: ((1, 1),)}))
    held.when(Cancel(line=1)).then(UnitsCanceled(units={1: ((1, 3),)}))


def test_a_hold_may_keep_an_order_from_being_canceled() -> None:
    held = given(BOUGHT, ON_HOLD).knowing(holds={"review": ("cancel",)})
    held.when(Cancel()).refused(Refusal.HOLD_BLOCKS)


def test_a_hold_stays_while_something_is_still_with_the_pickers() -> None:
    held = given(BOUGHT, ALLOCATED, RELEASED, ON_HOLD).knowing(holds={"review": ()})
    held.when(Cancel()).then(UnitsCanceled(units={2: ((1, 2),)}))
