"""Fulfillment: locations ship, come up short or reject; what they do not deliver, others are asked for."""

import pytest

from segue.core.allocate import Allocate, UnitsAllocated
from segue.core.base import Command, Refusal
from segue.core.cancel import UnitsCanceled
from segue.core.capture import PaymentCaptured
from segue.core.cover import cover_of
from segue.core.deliver import RecordDelivery, ShipmentDelivered
from segue.core.draft import Charge
from segue.core.fulfill import (
    FulfillmentRejected,
    FulfillmentReleased,
    FulfillmentShipped,
    RecordReject,
    RecordShipment,
    RecordShortPick,
    Release,
    SourcingFailed,
    UnitsShortPicked,
)
from segue.core.hold import HoldPlaced
from segue.core.pay import AuthorizationRequested, PaymentAuthorized
from segue.core.returns import UnitsReturned
from segue.core.tally import Units
from tests.core.given import Given, events_of, given
from tests.core.shop import draft, sold

ALL: dict[int, Units] = {1: ((1, 3),)}
ALLOCATED = UnitsAllocated(fulfillment="F1", location="DAL", units=ALL)
RELEASED = FulfillmentReleased(fulfillment="F1", location="DAL", units=ALL)
SHIPPED = FulfillmentShipped(fulfillment="F1", location="DAL", shipment="S1", units=ALL)
STOCK = {"SHIRT": {"DAL": 9, "REN": 9}}


def bought(kind: str = "prepaid", *story: object, **more: object) -> Given:
    return given(draft(sold("SHIRT", 3), kind=kind, **more), ALLOCATED, *story).knowing(stock=STOCK)  # type: ignore[arg-type]


def test_what_is_allocated_and_covered_is_released() -> None:
    bought().when(Release()).then(RELEASED)


def test_with_nothing_allocated_there_is_nothing_to_release() -> None:
    bought("prepaid", RELEASED).when(Release()).refused(Refusal.NOTHING_TO_RELEASE)


@pytest.mark.parametrize("kind", ["gateway", "account", "on_delivery"])
def test_goods_that_no_payment_covers_do_not_leave(kind: str) -> None:
    bought(kind).when(Release()).refused(Refusal.NOT_COVERED, "3000 needed, 0 secured")


def test_what_is_authorized_covers_but_what_is_only_asked_for_does_not() -> None:
    asked = AuthorizationRequested(transaction="A1", tender="P1", amount_minor=30_00)
    bought("gateway", asked).when(Release()).refused(Refusal.NOT_COVERED)
    done = PaymentAuthorized(transaction="A1", tender="P1", amount_minor=30_00)
    known = bought("gateway", asked, done)
    known.when(Release()).then(RELEASED)
    assert known.order is not None
    assert cover_of(known.order) == 30_00


@pytest.mark.parametrize(("amount", "needed"), [(5_00, 39_99), (-5_00, 29_99)])
def test_shipping_and_charges_have_to_be_covered_too_and_what_is_taken_off_has_not(amount: int, needed: int) -> None:
    extras = {"shipping_minor": 4_99, "charges": (Charge("wrap", amount),)}
    bought("prepaid", **extras).when(Release()).then(RELEASED)
    bought("gateway", **extras).when(Release()).refused(Refusal.NOT_COVERED, f"{needed} needed")


def test_an_order_on_hold_is_not_released() -> None:
    held = bought("prepaid", HoldPlaced(hold="review", type="review")).knowing(holds={"review": ("release",)})
    held.when(Release()).refused(Refusal.HOLD_BLOCKS)


def test_what_is_released_later_is_a_fulfillment_of_its_own() -> None:
    story = (
        draft(sold("SHIRT", 3), sold("CAP"), kind="prepaid"),
        UnitsAllocated(fulfillment="F1", location="DAL", units=ALL | {2: ((1, 1),)}),
        HoldPlaced(hold="review:2", type="review", line=2),
    )
    first = given(*story).knowing(holds={"review": ("release",)}).after(Release())
    assert first.order is not None
    again = first._replace(order=given(*story, RELEASED).order)
    assert first.order.lines == again.order.lines if again.order else False
    lifted = first.knowing(holds={"review": ()})
    order = lifted.when(Release()).then(FulfillmentReleased(fulfillment="F2", location="DAL", units={2: ((1, 1),)}))
    assert order is not None
    assert {name: made.units for name, made in order.fulfillments.items()} == {"F1": ALL, "F2": {2: ((1, 1),)}}


def test_fulfillments_are_numbered_without_gaps_whatever_is_on_hold() -> None:
    units: dict[int, Units] = dict.fromkeys((1, 2, 3), ((1, 1),))
    story = (
        draft(sold("A"), sold("B"), sold("C"), kind="prepaid"),
        UnitsAllocated(fulfillment="F1", location="DAL", units=units),
        FulfillmentReleased(fulfillment="F1", location="DAL", units={1: ((1, 1),)}),
        HoldPlaced(hold="review:3", type="review", line=3),
    )
    second = given(*story).knowing(holds={"review": ("release",)}).after(Release()).order
    assert second is not None
    assert list(second.fulfillments) == ["F1", "F2"]


def test_a_location_ships_all_that_it_has_or_what_it_says() -> None:
    bought("prepaid", RELEASED).when(RecordShipment("F1", "S1")).then(SHIPPED)
    two: dict[int, Units] = {1: ((1, 2),)}
    part = RecordShipment("F1", "S1", two, "ups", "1Z")
    order = (
        bought("prepaid", RELEASED)
        .when(part)
        .then(
            FulfillmentShipped(fulfillment="F1", location="DAL", shipment="S1", units=two, carrier="ups", tracking="1Z")
        )
    )
    assert order is not None
    assert order.lines[0].tally == {"released": ((3, 3),), "shipped": ((1, 2),)}


@pytest.mark.parametrize("units", [((1, 1), (1, 2)), ((2, 2), (1, 1)), ((1, 2),)])
def test_however_a_warehouse_writes_its_units_they_are_the_same_units(units: Units) -> None:
    two: dict[int, Units] = {1: ((1, 2),)}
    bought("prepaid", RELEASED).when(RecordShipment("F1", "S1", {1: units})).then(
        FulfillmentShipped(fulfillment="F1", location="DAL", shipment="S1", units=two)
    )


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (RecordShipment("F9", "S2"), Refusal.FULFILLMENT_NOT_FOUND),
        (RecordShipment("F1", "S2", {1: ((3, 4),)}), Refusal.UNITS_NOT_THERE),
        (RecordShipment("F1", "S2", {2: ((1, 1),)}), Refusal.UNITS_NOT_THERE),
        (RecordShipment("F1", "S2", {1: ()}), Refusal.UNITS_NOT_THERE),
        (RecordShipment("F1", "S2", {1: ((3, 1),)}), Refusal.UNITS_NOT_THERE),
        (RecordShortPick("F9", {}), Refusal.FULFILLMENT_NOT_FOUND),
        (RecordShortPick("F1", {1: ((9, 9),)}), Refusal.UNITS_NOT_THERE),
        (RecordReject("F9"), Refusal.FULFILLMENT_NOT_FOUND),
        (RecordDelivery("S9"), Refusal.SHIPMENT_NOT_FOUND),
    ],
)
def test_what_does_not_fit_the_order_is_refused(command: Command, refusal: Refusal) -> None:
    bought("prepaid", RELEASED).when(command).refused(refusal)


def test_what_is_not_released_is_not_shipped_picked_or_rejected() -> None:
    for command in (RecordShipment("F1", "S1"), RecordShortPick("F1", {}), RecordReject("F1")):
        bought().when(command).refused(Refusal.UNITS_NOT_THERE, "nothing of F1 is released")


def test_a_shipment_is_recorded_once() -> None:
    bought("prepaid", RELEASED, SHIPPED).when(RecordShipment("F1", "S1")).refused(Refusal.SHIPMENT_EXISTS, "S1")


def test_a_delivery_is_recorded_once_and_a_second_report_changes_nothing() -> None:
    arrived = ShipmentDelivered(shipment="S1", units=ALL)
    order = bought("prepaid", RELEASED, SHIPPED).when(RecordDelivery("S1")).then(arrived)
    assert order is not None
    assert order.shipments["S1"].delivered_at_s is not None
    bought("prepaid", RELEASED, SHIPPED, arrived).when(RecordDelivery("S1")).then()


def test_what_came_back_before_it_arrived_is_not_delivered() -> None:
    back = UnitsReturned(units={1: ((1, 1),)}, location="DAL")
    bought("prepaid", RELEASED, SHIPPED, back).when(RecordDelivery("S1")).then(
        ShipmentDelivered(shipment="S1", units={1: ((2, 3),)})
    )


def test_what_is_short_picked_is_sought_elsewhere() -> None:
    short: dict[int, Units] = {1: ((2, 2),)}
    picked = bought("prepaid", RELEASED).after(RecordShortPick("F1", short, "damaged"))
    assert picked.order is not None
    assert picked.order.lines[0].tally == {"released": ((1, 1), (3, 3)), "new": ((2, 2),)}
    assert picked.order.lines[0].excluded == ("DAL",)
    picked.when(Allocate()).then(UnitsAllocated(fulfillment="F2", location="REN", units=short))
    picked.when(RecordShipment("F1", "S1")).then(
        FulfillmentShipped(fulfillment="F1", location="DAL", shipment="S1", units={1: ((1, 1), (3, 3))})
    )


def test_a_rejected_fulfillment_is_sought_elsewhere_and_other_lines_may_still_come_from_there() -> None:
    story = (
        draft(sold("SHIRT", 3), sold("CAP"), kind="prepaid"),
        ALLOCATED,
        RELEASED,
        FulfillmentRejected(fulfillment="F1", location="DAL", units=ALL),
    )
    known = given(*story).knowing(stock=STOCK | {"CAP": {"DAL": 1}})
    assert {
        (e.location, tuple(e.units)) for e in events_of(known.step(Allocate())) if isinstance(e, UnitsAllocated)
    } == {
        ("REN", (1,)),
        ("DAL", (2,)),
    }


def test_after_so_many_attempts_a_person_decides() -> None:
    known = bought("prepaid", RELEASED).knowing(stock=STOCK, sourcing_attempts_max=2)
    known.when(RecordReject("F1", "closed")).then(
        FulfillmentRejected(fulfillment="F1", location="DAL", units=ALL, reason="closed")
    )
    second = known.after(RecordReject("F1")).after(Allocate()).after(Release())
    second.when(RecordShortPick("F2", {})).then(
        UnitsShortPicked(fulfillment="F2", location="REN", units=ALL, reason="not_found"),
        SourcingFailed(lines=(1,), attempts=2),
    )


def test_canceled_units_are_no_longer_in_a_fulfillment_and_need_no_cover() -> None:
    known = bought("prepaid", UnitsCanceled(units={1: ((1, 2),)}))
    known.when(Release()).then(FulfillmentReleased(fulfillment="F1", location="DAL", units={1: ((3, 3),)}))


def test_what_was_paid_before_counts_as_cover() -> None:
    on_account = PaymentCaptured(transaction="C1", tender="P1", amount_minor=30_00)
    known = given(draft(sold("SHIRT", 3), kind="prepaid"), ALLOCATED)
    assert known.order is not None
    assert cover_of(known.order) == on_account.amount_minor


def test_once_nobody_else_has_it_a_location_that_could_not_deliver_may_be_asked_again() -> None:
    short: dict[int, Units] = {1: ((2, 2),)}
    waiting = (
        bought("prepaid", RELEASED)
        .after(RecordShortPick("F1", short))
        .knowing(stock={"SHIRT": {"DAL": 0}})
        .after(Allocate())
    )
    assert waiting.order is not None
    assert waiting.order.lines[0].tally["backordered"] == ((2, 2),)
    assert (waiting.order.lines[0].excluded, waiting.order.lines[0].attempts) == ((), 1)
    waiting.knowing(stock={"SHIRT": {"DAL": 1}}).when(Allocate()).then(
        UnitsAllocated(fulfillment="F2", location="DAL", units=short)
    )
