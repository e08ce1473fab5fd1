"""Hold all: by choice an order leaves only once all of it is there, and nothing of it is on hold."""

from typing import Any

from segue.core.allocate import Allocate, ReservationDropped, UnitsAllocated, UnitsBackordered, UnitsReserved
from segue.core.fulfill import FulfillmentReleased, Release
from segue.core.hold import HoldPlaced, ReactionBlocked
from segue.core.workflow import HOLD_ALL, SHIP_WHAT_IS_THERE
from tests.core.given import given
from tests.core.shop import draft, sold
from tests.core.test_street import BOTH, PREORDERED, SOON, SOON_S, book


def test_an_order_that_holds_all_sets_aside_what_is_there() -> None:
    sent = draft(sold("BOOK", 2, street_date=SOON), sold("CAP"), sold("HAT"))
    stock = {"BOOK": {"DAL": 0}, "CAP": {"DAL": 5}, "HAT": {"DAL": 0}}
    here = given(sent).knowing(stock=stock, items=book(), mixed_cart=HOLD_ALL)
    aside = UnitsReserved("F1", "DAL", {2: ((1, 1),)})
    here.when(Allocate()).then(aside, PREORDERED, UnitsBackordered({3: ((1, 1),)}))
    known = given(sent, aside, PREORDERED, UnitsBackordered({3: ((1, 1),)})).knowing(
        stock=stock, items=book(), mixed_cart=HOLD_ALL
    )
    known.when(Allocate()).then()
    known.at(SOON_S).when(Allocate()).then(UnitsBackordered(BOTH))


def test_an_order_that_holds_all_goes_once_all_is_there() -> None:
    sent = draft(sold("BOOK", 2), sold("CAP"))
    aside = UnitsReserved("F1", "DAL", {2: ((1, 1),)})
    stock = {"BOOK": {"DAL": 2}, "CAP": {"DAL": 0}}
    here = given(sent, aside, UnitsBackordered(BOTH)).knowing(stock=stock, mixed_cart=HOLD_ALL)
    here.when(Allocate()).then(
        ReservationDropped("F1", {2: ((1, 1),)}), UnitsAllocated("F2", "DAL", {1: ((1, 2),), 2: ((1, 1),)})
    )


def test_an_order_that_holds_all_waits_for_its_lines_on_hold() -> None:
    sent = draft(sold("BOOK"), sold("CAP"), sold("HAT"), kind="prepaid")
    stock = {"BOOK": {"DAL": 2}, "CAP": {"DAL": 5}, "HAT": {"DAL": 0}}
    known: dict[str, Any] = {"stock": stock, "mixed_cart": HOLD_ALL, "holds": {"review": ("allocate", "release")}}
    held = HoldPlaced("review:1", "review", 1)
    blocked, rest = ReactionBlocked("review:1"), UnitsBackordered({3: ((1, 1),)})
    aside = UnitsReserved("F1", "DAL", {2: ((1, 1),)})
    given(sent, held).knowing(**known).when(Allocate()).then(blocked, aside, rest)
    allocated = UnitsAllocated("F1", "DAL", {1: ((1, 1),), 2: ((1, 1),)})
    here = given(sent, allocated, held).knowing(**known)
    here.when(Release()).then(blocked)
    there = here.knowing(**known | {"mixed_cart": SHIP_WHAT_IS_THERE})
    there.when(Release()).then(blocked, FulfillmentReleased("F1", "DAL", {2: ((1, 1),)}))
