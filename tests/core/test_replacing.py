"""Replacing: a new authorization in the place of one that ends soon; of the two one is let go of, and none counts twice."""

from typing import Any

from segue.core.allocate import UnitsAllocated
from segue.core.base import Event
from segue.core.cancel import UnitsCanceled
from segue.core.capture import (
    Capture,
    CaptureRequested,
    PaymentCaptured,
)
from segue.core.deliver import ShipmentDelivered
from segue.core.fulfill import FulfillmentReleased, FulfillmentShipped
from segue.core.lapse import AuthorizationEnding, AuthorizationExpired, AuthorizationReleased
from segue.core.ledger import LedgerEntry, ledger_entries
from segue.core.means import Means
from segue.core.order import Order, is_open
from segue.core.pay import (
    AuthorizationDeclined,
    AuthorizationRequested,
    OrderCovered,
    OutcomeUnknown,
    PaymentAuthorized,
    Reauthorize,
    RecordAuthorization,
)
from segue.core.replacing import (
    PaymentReauthorized,
    ReauthorizationDeclined,
    ReauthorizationRequested,
    SpareAuthorized,
)
from segue.core.tally import Units
from segue.core.void import PaymentVoided, RecordVoid, Void, VoidDeclined, VoidRequested
from segue.core.wake import Wake
from tests.core.given import Given, given
from tests.core.shop import NOW_S, draft, sold

DAY_S = 86_400
CARD = Means(lasts_s={"customer": 7 * DAY_S, "merchant": 5 * DAY_S})
ENDS_S = NOW_S + 7 * DAY_S
BOUGHT = draft(sold(quantity=2))
ASKED = AuthorizationRequested("A1", "P1", 20_00)
HELD = PaymentAuthorized("A1", "P1", 20_00, "psp-1", ENDS_S)
SECURED: tuple[Event, ...] = (ASKED, HELD, OrderCovered())
FIRST: dict[int, Units] = {1: ((1, 1),)}
BOTH: dict[int, Units] = {1: ((1, 2),)}
SHIPPED = (
    UnitsAllocated(fulfillment="F1", location="DAL", units=BOTH),
    FulfillmentReleased(fulfillment="F1", location="DAL", units=BOTH),
    FulfillmentShipped(fulfillment="F1", location="DAL", shipment="S1", units=FIRST),
)
TAKING = CaptureRequested("C1", "P1", 10_00, FIRST, authorization="A1")
ENDING = AuthorizationEnding("A1", "P1", 20_00, ENDS_S)
AGAIN = ReauthorizationRequested("A2", "P1", 20_00, "A1")
SWAPPED = PaymentReauthorized("A2", "P1", 20_00, "A1", "psp-2", NOW_S + 12 * DAY_S)
EXPIRED = AuthorizationExpired("A1", "P1", 20_00)


def bought(*story: Event, means: Means = CARD, **declared: Any) -> Given:
    """Two shirts at 10.00, by card."""
    return given(BOUGHT, *story).knowing(means={"card": means}, reauthorize_before_s=2 * DAY_S, **declared)


def order_of(known: Given) -> Order:
    assert known.order is not None
    return known.order


def tally(order: Order | None) -> dict[str, int]:
    assert order is not None
    return order.tenders["P1"].tally


def test_an_order_is_not_over_as_long_as_the_gateway_holds_what_another_authorization_stands_for() -> None:
    canceled = UnitsCanceled(units=BOTH)
    not_let_go = (VoidRequested("V1", "P1", 20_00, "A1"), VoidDeclined("V1", "P1", 20_00))
    let_go = (canceled, VoidRequested("V2", "P1", 20_00, "A2"), PaymentVoided("V2", "P1", 20_00))
    held = bought(*SECURED, ENDING, AGAIN, SWAPPED, *not_let_go, *let_go)
    assert is_open(order_of(held))
    (again,) = held.when(Void()).events
    assert again == VoidRequested("V3", "P1", 20_00, "A1", because=again.because)
    over = held.after(Void()).after(RecordVoid("V3", "done"))
    assert not is_open(order_of(over))
    assert not is_open(order_of(held.at(ENDS_S).after(Wake())))


def test_a_new_authorization_that_is_not_needed_ends_by_itself_too() -> None:
    let_go = (UnitsCanceled(units=BOTH), VoidRequested("V1", "P1", 20_00, "A1"), PaymentVoided("V1", "P1", 20_00))
    asked = bought(*SECURED, ENDING, AGAIN, *let_go)
    spare = asked.after(RecordAuthorization("A2", "done", capture_before_s=ENDS_S)).after(RecordVoid("V2", "declined"))
    assert is_open(order_of(spare))
    spare.at(ENDS_S).when(Wake()).then(AuthorizationExpired("A2", "P1", 20_00))
    assert tally(spare.order) == {"voided": 20_00}
    assert not is_open(order_of(spare.at(ENDS_S).after(Wake())))


def test_an_authorization_that_ends_soon_is_told_of_once() -> None:
    ends_soon_s = ENDS_S - 2 * DAY_S
    bought(*SECURED).at(ends_soon_s - 1).when(Wake()).then()
    bought(*SECURED).at(ends_soon_s).when(Wake()).then(ENDING)
    bought(*SECURED, ENDING).at(ends_soon_s).when(Wake()).then()
    quiet = given(BOUGHT, *SECURED).knowing(means={"card": CARD})
    quiet.at(ends_soon_s).when(Wake()).then()


def test_nobody_is_told_of_an_authorization_that_is_not_needed() -> None:
    bought(*SECURED, UnitsCanceled(units=BOTH)).at(ENDS_S - 1).when(Wake()).then()


def test_an_order_is_woken_when_its_authorization_ends_or_it_is_time_to_say_so() -> None:
    plain = bought(ASKED)
    assert plain.step(RecordAuthorization("A1", "done")).wake_at_s == ENDS_S - 2 * DAY_S
    assert plain.at(ENDS_S - DAY_S).step(RecordAuthorization("A1", "done")).wake_at_s == ENDS_S - 2 * DAY_S
    assert bought(*SECURED).at(ENDS_S - DAY_S).step(Wake()).wake_at_s == ENDS_S


def test_a_new_authorization_is_asked_for_and_the_old_one_stands_meanwhile() -> None:
    order = bought(*SECURED, ENDING).when(Reauthorize()).then(AGAIN)
    assert tally(order) == {"authorized": 20_00}
    bought(*SECURED, ENDING, AGAIN).when(Reauthorize()).then()
    bought(*SECURED).when(Reauthorize()).then()
    bought(*SECURED, ENDING).at(ENDS_S).when(Reauthorize()).then()


def test_nothing_is_replaced_while_some_of_it_is_on_its_way() -> None:
    bought(*SECURED, *SHIPPED, ENDING, TAKING).when(Reauthorize()).then()


def test_then_the_old_one_is_let_go_of_and_the_amount_is_never_counted_twice() -> None:
    answered = bought(*SECURED, ENDING, AGAIN).at(NOW_S + 7 * DAY_S - 1)
    told = answered.when(RecordAuthorization("A2", "done", reference="psp-2"))
    letting_go = VoidRequested("V1", "P1", 20_00, "A1")
    ends_s = NOW_S + 5 * DAY_S
    order = told.then(PaymentReauthorized("A2", "P1", 20_00, "A1", "psp-2", ends_s), letting_go)
    assert tally(order) == {"authorized": 20_00}
    swapped = (*SECURED, ENDING, AGAIN, SWAPPED, letting_go)
    gone = bought(*swapped).when(RecordVoid("V1", "done")).then(PaymentVoided("V1", "P1", 20_00))
    assert tally(gone) == {"authorized": 20_00}
    bought(*swapped, PaymentVoided("V1", "P1", 20_00), *SHIPPED).when(Capture()).then(
        CaptureRequested("C1", "P1", 10_00, FIRST, authorization="A2")
    )


def test_the_ledger_knows_both_as_long_as_the_gateway_holds_both() -> None:
    before = order_of(bought(*SECURED, ENDING, AGAIN))
    both = [LedgerEntry("authorized:P1", "authorizable:P1", 20_00)]
    assert ledger_entries(before, SWAPPED) == both
    back = [LedgerEntry("authorizable:P1", "authorized:P1", 20_00)]
    for event in (PaymentVoided("V1", "P1", 20_00), EXPIRED, AuthorizationReleased("A1", "P1", 20_00)):
        assert ledger_entries(before, event) == back


def test_if_the_old_one_has_changed_meanwhile_the_new_one_is_spare() -> None:
    story = (*SECURED, *SHIPPED, ENDING, AGAIN, TAKING)
    told = bought(*story).when(RecordAuthorization("A2", "done", reference="psp-2"))
    spare, letting_go = (
        SpareAuthorized("A2", "P1", 20_00, "A1", "psp-2", NOW_S + 5 * DAY_S),
        VoidRequested("V1", "P1", 20_00, "A2"),
    )
    assert tally(told.then(spare, letting_go)) == {"authorized": 10_00, "capturing": 10_00}


def test_what_is_spare_is_let_go_of_again_if_the_gateway_would_not() -> None:
    letting_go, refused = VoidRequested("V1", "P1", 20_00, "A1"), VoidDeclined("V1", "P1", 20_00)
    story = (*SECURED, ENDING, AGAIN, SWAPPED, letting_go, refused)
    assert tally(order_of(bought(*story))) == {"authorized": 20_00}
    bought(*story).when(Void()).then(VoidRequested("V2", "P1", 20_00, "A1"))
    bought(*story).at(ENDS_S).when(Void()).then()
    ended = bought(*story).at(ENDS_S).when(Wake()).then(EXPIRED)
    assert tally(ended) == {"authorized": 20_00}


def test_a_declined_new_authorization_leaves_the_old_one() -> None:
    story = (*SECURED, ENDING, AGAIN)
    declined = ReauthorizationDeclined("A2", "P1", 20_00, "A1", "no funds")
    told = bought(*story).when(RecordAuthorization("A2", "declined", detail="no funds"))
    assert tally(told.then(declined)) == {"authorized": 20_00}
    bought(*story, declined).when(Reauthorize()).then(ReauthorizationRequested("A3", "P1", 20_00, "A1"))


def test_if_the_old_one_ends_first_the_new_one_takes_its_place() -> None:
    story = (*SECURED, ENDING, AGAIN)
    ended = bought(*story).at(ENDS_S).when(Wake()).then(EXPIRED)
    assert tally(ended) == {"authorizing": 20_00}
    told = bought(*story, EXPIRED).at(ENDS_S).when(RecordAuthorization("A2", "done", reference="psp-2"))
    assert isinstance(told.events[0], PaymentAuthorized)
    assert tally(told.order) == {"authorized": 20_00}
    bought(*story, EXPIRED).when(RecordAuthorization("A2", "declined")).then(AuthorizationDeclined("A2", "P1", 20_00))


def test_an_unknown_new_authorization_keeps_nobody_from_taking_the_old_one() -> None:
    story = (*SECURED, *SHIPPED, ENDING, AGAIN, OutcomeUnknown("A2"))
    bought(*story).when(Capture()).then(TAKING)


def test_nothing_is_replaced_that_the_order_has_used_up_meanwhile() -> None:
    all_taken = (CaptureRequested("C1", "P1", 20_00, BOTH, authorization="A1"), PaymentCaptured("C1", "P1", 20_00))
    bought(*SECURED, *SHIPPED, ENDING, *all_taken).when(Reauthorize()).then()


def test_an_order_is_open_until_what_is_spare_is_let_go_of() -> None:
    all_taken = (CaptureRequested("C1", "P1", 20_00, BOTH, authorization="A2"), PaymentCaptured("C1", "P1", 20_00))
    arrived = (
        FulfillmentShipped(fulfillment="F1", location="DAL", shipment="S2", units={1: ((2, 2),)}),
        ShipmentDelivered(shipment="S1", units=FIRST),
        ShipmentDelivered(shipment="S2", units={1: ((2, 2),)}),
    )
    letting_go = VoidRequested("V1", "P1", 20_00, "A1")
    waiting = order_of(bought(*SECURED, ENDING, AGAIN, SWAPPED, letting_go, *SHIPPED, *all_taken, *arrived))
    assert is_open(waiting)
    done = PaymentVoided("V1", "P1", 20_00)
    assert not is_open(
        order_of(bought(*SECURED, ENDING, AGAIN, SWAPPED, letting_go, done, *SHIPPED, *all_taken, *arrived))
    )
