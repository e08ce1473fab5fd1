"""Lives: orders that are taken as far as a test of documents needs them."""

from typing import Any

from segue.core.allocate import Allocate
from segue.core.base import Command
from segue.core.capture import Capture, RecordCapture
from segue.core.documents import Document
from segue.core.draft import Charge, Draft
from segue.core.fulfill import RecordShipment, Release
from segue.core.intake import PlaceOrder
from segue.core.invoice import (
    IssueDocuments,
)
from segue.core.pay import Authorize, RecordAuthorization
from segue.core.refund import Refund
from segue.core.step import Outcome
from segue.core.void import Void
from segue.policies.payment import on_shipment
from tests.core.given import Given, given
from tests.core.shop import sold, workflow

FLOW: dict[str, Any] = {
    "on": {
        "fulfillment_shipped": (Capture(), IssueDocuments()),
        "payment_refunded": (IssueDocuments(),),
        "units_returned": (Refund(), Void(), IssueDocuments()),
        "units_canceled": (Refund(), Void(), IssueDocuments()),
        "capture_declined": (IssueDocuments(),),
    }
}
PAID = (Authorize(), RecordAuthorization("A1", "done"))
CAPTURED = RecordCapture("C1", "done")
SALE: dict[str, Any] = {"shipping_minor": 4_99, "shipping_tax_minor": 41, "charges": (Charge("wrap", 2_00, 17),)}
THREE = sold(quantity=3, discount_minor=1_00, tax_minor=2_50)  # 31.50 in all, 10.50 each; tax 0.84, 0.83, 0.83


def lived(sent: Draft, *commands: Command, capture: Any = on_shipment) -> tuple[Given, list[Outcome]]:
    """The order after these commands, each run to rest; its goods allocated and released where it says so."""
    known = given().knowing(stock={"SHIRT": {"DAL": 9}}, flow=workflow(capture=capture, **FLOW))
    here, outcomes = known, [known.step(PlaceOrder("web-1001", sent))]
    here = here._replace(order=outcomes[0].order)
    for command in commands:
        outcomes.append(here.step(command))
        here = here._replace(order=outcomes[-1].order)
    return here, outcomes


def documents(outcomes: list[Outcome]) -> list[Document]:
    return [document for outcome in outcomes for document in outcome.documents]


SHIPPED = (*PAID, Allocate(), Release(), RecordShipment("F1", "S1"))
