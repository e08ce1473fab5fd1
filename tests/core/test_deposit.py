"""Deposits: part is secured and taken at once, the balance when goods are ready."""

from segue.core.allocate import UnitsAllocated
from segue.core.base import Because, Event
from segue.core.capture import Capture, CaptureRequested, PaymentCaptured
from segue.core.draft import DraftTender
from segue.core.fulfill import FulfillmentReleased, FulfillmentShipped
from segue.core.pay import (
    AuthorizationRequested,
    Authorize,
    OrderCovered,
    PaymentAuthorized,
    RecordAuthorization,
    TenderAccepted,
)
from segue.core.tally import Units
from segue.core.workflow import Deposit
from tests.core.given import Given, given
from tests.core.shop import draft, paid, sold

BOTH: dict[int, Units] = {1: ((1, 2),)}
PART = Deposit(percent=20)
ASKED = AuthorizationRequested("A1", "P1", 5_00)
HELD = PaymentAuthorized("A1", "P1", 5_00, "psp-1")
TAKING = CaptureRequested("C1", "P1", 5_00, authorization="A1")
TAKEN: tuple[Event, ...] = (ASKED, HELD, OrderCovered(), TAKING, PaymentCaptured("C1", "P1", 5_00))
ALLOCATED = UnitsAllocated(fulfillment="F1", location="DAL", units=BOTH)
BALANCE = AuthorizationRequested("A2", "P1", 19_99)


def bought(*story: Event, deposit: Deposit = PART, tenders: tuple[DraftTender, ...] = (paid(24_99),)) -> Given:
    """Two shirts at 10.00 and shipping at 4.99, of which a fifth is 5.00."""
    sent = draft(sold(quantity=2), shipping_minor=4_99, tenders=tenders)
    return given(sent, *story).knowing(deposit=deposit)


def test_the_deposit_alone_is_asked_for_and_rounded_half_up() -> None:
    asking = bought().when(Authorize())
    asking.then(ASKED)
    assert asking.events[0].because == Because("deposit", {"worth": 24_99, "deposit": 5_00, "amount": 5_00})
    bought(ASKED).when(Authorize()).then()
    bought(deposit=Deposit(amount_minor=7_00)).when(Authorize()).then(AuthorizationRequested("A1", "P1", 7_00))


def test_a_deposit_is_never_more_than_the_order_is_worth() -> None:
    bought(deposit=Deposit(amount_minor=99_00)).when(Authorize()).then(AuthorizationRequested("A1", "P1", 24_99))


def test_an_order_is_covered_by_its_deposit_and_it_is_taken_at_once() -> None:
    bought(ASKED).when(RecordAuthorization("A1", "done", reference="psp-1")).then(HELD, OrderCovered())
    bought(ASKED, HELD).when(Capture()).then()
    taking = bought(ASKED, HELD, OrderCovered()).when(Capture())
    taking.then(TAKING)
    figures = {"value": 0, "shipping": 0, "amount": 5_00, "deposit": 5_00}
    assert taking.events[0].because == Because("on_shipment", figures)
    bought(*TAKEN).when(Capture()).then()


def test_the_balance_is_asked_for_when_goods_are_ready_and_taken_as_they_leave() -> None:
    bought(*TAKEN).when(Authorize()).then()
    bought(*TAKEN, ALLOCATED).when(Authorize()).then(BALANCE)
    gone = (
        FulfillmentReleased(fulfillment="F1", location="DAL", units=BOTH),
        FulfillmentShipped(fulfillment="F1", location="DAL", shipment="S1", units=BOTH),
    )
    held = PaymentAuthorized("A2", "P1", 19_99, "psp-2")
    bought(*TAKEN, ALLOCATED, BALANCE, held, *gone).when(Capture()).then(
        CaptureRequested("C2", "P1", 19_99, BOTH, 4_99, "A2")
    )


def test_several_tenders_give_the_deposit_in_their_order() -> None:
    tenders = (paid(3_00, "account"), paid(21_99))
    bought(tenders=tenders).when(Authorize()).then(TenderAccepted("P1", 3_00), AuthorizationRequested("A1", "P2", 2_00))
