"""Purchase: what suppliers send is a purchase order to them, and its status is mirrored."""

import pytest
from msgspec.structs import replace

from segue.core.allocate import UnitsAllocated
from segue.core.base import Command, Event, Refusal
from segue.core.fulfill import FulfillmentReleased, FulfillmentShipped, RecordShipment, Release
from segue.core.outside import ANSWERS
from segue.core.purchase import PurchaseOrderMirrored, RecordPurchaseOrder, number_of, supplier_statuses
from segue.core.tally import Units
from segue.core.tasks import task_of
from segue.core.vocabulary import View
from tests.core.given import Given, given
from tests.core.shop import DALLAS, MIAMI, NOW_S, RENO, draft, sold

ONE: dict[int, Units] = {1: ((1, 1),)}
TWO: dict[int, Units] = {1: ((2, 2),)}
PLACES = (DALLAS, replace(MIAMI, kind="supplier"), RENO)
ALLOCATED = (UnitsAllocated("F1", "DAL", ONE), UnitsAllocated("F2", "MIA", TWO))
ASKED = (FulfillmentReleased("F1", "DAL", ONE), FulfillmentReleased("F2", "MIA", TWO, "web-1001-F2"))
CONFIRMED = PurchaseOrderMirrored("F2", "MIA", "web-1001-F2", "confirmed", "SO-7", NOW_S)


def bought(*story: Event) -> Given:
    return given(draft(sold("SHIRT", 2), kind="prepaid"), *ALLOCATED, *story).knowing(locations=PLACES)


def test_a_supplier_is_asked_by_a_purchase_order_and_others_are_not() -> None:
    order = bought().when(Release()).then(*ASKED)
    assert order is not None
    assert [made.purchase_order for made in order.fulfillments.values()] == ["", "web-1001-F2"]
    assert number_of(order, "F2") == "web-1001-F2"
    payloads = [task_of("shop", order, event, 1, NOW_S).payload for event in ASKED]
    assert [payload.get("purchase_order") for payload in payloads] == [None, "web-1001-F2"]


def test_what_the_supplier_says_is_mirrored_and_said_twice_is_said_once() -> None:
    said = RecordPurchaseOrder("F2", "confirmed", "SO-7", NOW_S)
    order = bought(*ASKED).when(said).then(CONFIRMED)
    assert order is not None
    made = order.fulfillments["F2"]
    assert (made.supplier_status, made.supplier_reference, made.expected_at_s) == ("confirmed", "SO-7", NOW_S)
    bought(*ASKED, CONFIRMED).when(said).then()
    bought(*ASKED, CONFIRMED).when(RecordPurchaseOrder("F2", "delayed")).then(
        PurchaseOrderMirrored("F2", "MIA", "web-1001-F2", "delayed", "SO-7")
    )


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (RecordPurchaseOrder("F9", "confirmed"), Refusal.FULFILLMENT_NOT_FOUND),
        (RecordPurchaseOrder("F1", "confirmed"), Refusal.NOT_PURCHASED),
    ],
)
def test_what_was_not_bought_has_no_purchase_order(command: Command, refusal: Refusal) -> None:
    bought(*ASKED).when(command).refused(refusal)


def test_conditions_know_how_purchase_orders_stand_until_they_are_shipped() -> None:
    shipped = FulfillmentShipped("F2", "MIA", "S1", TWO)
    for story, statuses in (
        ((), set()),
        (ASKED, {"ordered"}),
        ((*ASKED, CONFIRMED), {"confirmed"}),
        ((*ASKED, CONFIRMED, shipped), set()),
    ):
        known = bought(*story)
        assert known.order is not None
        assert supplier_statuses(known.order) == statuses
        assert View(known.order, NOW_S, known.facts).supplier_statuses == statuses  # type: ignore[attr-defined]


def test_who_explores_knows_what_a_supplier_may_say() -> None:
    order = bought(*ASKED).order
    assert order is not None
    said = ANSWERS[FulfillmentReleased](order)
    assert [each.status for each in said if isinstance(each, RecordPurchaseOrder)] == [
        "confirmed",
        "delayed",
        "declined",
    ]
    after = bought(*ASKED, CONFIRMED).order
    assert after is not None
    assert not [each for each in ANSWERS[FulfillmentReleased](after) if isinstance(each, RecordPurchaseOrder)]
    bought(*ASKED).when(RecordShipment("F2", "S1")).then(FulfillmentShipped("F2", "MIA", "S1", TWO))
