"""Tasks: what is asked of the outside world, each with an id made from its content."""

from typing import Any

import pytest

from segue.core.allocate import UnitsAllocated
from segue.core.base import Event
from segue.core.cancel import UnitsCanceled
from segue.core.capture import CaptureRequested, PaymentCaptured
from segue.core.fulfill import FulfillmentReleased, FulfillmentShipped
from segue.core.issuing import CodesRequested, IssuingBegun, UnitsIssued
from segue.core.notify import ChannelUpdateRequested, MessageRequested
from segue.core.order import Order
from segue.core.pay import AuthorizationRequested, PaymentAuthorized
from segue.core.refund import PaymentRefunded, RefundRequested
from segue.core.replacing import ReauthorizationRequested
from segue.core.screen import ScreeningRequested
from segue.core.substitute import LineSubstituted
from segue.core.takeback import TakebackRequested
from segue.core.tally import Units
from segue.core.tasks import REQUESTS, Task, task_of
from segue.core.void import VoidRequested
from tests.core.given import given
from tests.core.shop import NOW_S, draft, sold

ALL: dict[int, Units] = {1: ((1, 2),)}
SENT = draft(sold(quantity=2, properties={"engraving": "Ada"}), bill_country="CA")
ASKED = AuthorizationRequested(transaction="A1", tender="P1", amount_minor=20_00)
HELD = (ASKED, PaymentAuthorized(transaction="A1", tender="P1", amount_minor=20_00, reference="psp-A"))
CAPTURING = CaptureRequested(transaction="C1", tender="P1", amount_minor=20_00, authorization="A1")
AGAIN = ReauthorizationRequested("A2", "P1", 20_00, "A1")
TAKEN = (CAPTURING, PaymentCaptured(transaction="C1", tender="P1", amount_minor=20_00, reference="psp-C"))
BACK = RefundRequested(transaction="R1", tender="P1", amount_minor=5_00, capture="C1")
ALLOCATED = UnitsAllocated(fulfillment="F1", location="DAL", units=ALL)
RELEASED = FulfillmentReleased(fulfillment="F1", location="DAL", units=ALL)
SHIPPED = FulfillmentShipped(fulfillment="F1", location="DAL", shipment="S1", units=ALL, carrier="ups", tracking="1Z")
BEGUN, CODES = IssuingBegun(units=ALL), CodesRequested(issue="D1", units=ALL)
MADE = UnitsIssued(issue="D1", units=ALL, reference="i-1")
MONEY = {"amount_minor": 20_00, "currency": "USD"}

# what was before, the event, the task's kind, its provider, its payload
TASKS: tuple[tuple[tuple[Event, ...], Event, str, str, dict[str, Any]], ...] = (
    ((), ASKED, "authorize", "gateway", {"transaction": "A1", "reference": "web-1001/P1", **MONEY, "method": "card"}),
    (HELD, AGAIN, "authorize", "gateway", {"transaction": "A2", "reference": "web-1001/P1", **MONEY, "method": "card"}),
    (HELD, CAPTURING, "capture", "gateway", {"transaction": "C1", "authorization": "psp-A", **MONEY}),
    (
        (*HELD, UnitsCanceled(units=ALL)),
        VoidRequested(transaction="V1", tender="P1", amount_minor=20_00, authorization="A1"),
        "void", "gateway", {"transaction": "V1", "authorization": "psp-A", **MONEY},
    ),
    (
        (*HELD, *TAKEN),
        RefundRequested(transaction="R1", tender="P1", amount_minor=20_00, capture="C1"),
        "refund", "gateway", {"transaction": "R1", "capture": "psp-C", **MONEY},
    ),
    (
        (), ScreeningRequested(total_minor=20_00), "screen", "fraud",
        {"total_minor": 20_00, "currency": "USD", "country": "US", "bill_country": "CA", "units": 2, "score": 0},
    ),
    (
        (ALLOCATED,), RELEASED, "release", "warehouse",
        {
            "fulfillment": "F1", "location": "DAL", "person": "ann", "ship_method": "ground",
            "lines": [
                {"line": 1, "sku": "SHIRT", "quantity": 2, "units": ((1, 2),), "properties": {"engraving": "Ada"}}
            ],
        },
    ),
    (
        (ALLOCATED, RELEASED), SHIPPED, "track", "carrier",
        {"shipment": "S1", "carrier": "ups", "tracking": "1Z"},
    ),
    (
        (), MessageRequested(message="hello"), "mail", "mailer",
        {"message": "hello", "workflow": "test@1", "person": "ann"},
    ),
    (
        (UnitsCanceled(units={1: ((1, 1),)}),), MessageRequested(message="hello"), "mail", "mailer",
        {"message": "hello", "workflow": "test@1", "person": "ann", "words": {"canceled": "1 x SHIRT"}},
    ),
    (
        (LineSubstituted(1, "POLO", "SHIRT", ((1, 2),), "Polo shirt"), LineSubstituted(1, "VEST", "POLO", ((1, 2),))),
        MessageRequested(message="hello"), "mail", "mailer",
        {"message": "hello", "workflow": "test@1", "person": "ann", "words": {"substituted": "VEST instead of SHIRT"}},
    ),
    (
        (*HELD, *TAKEN, BACK, PaymentRefunded(transaction="R1", tender="P1", amount_minor=5_00, reference="psp-R")),
        MessageRequested(message="hello"), "mail", "mailer",
        {"message": "hello", "workflow": "test@1", "person": "ann", "words": {"refunded": "5.00 USD"}},
    ),
    (
        (ALLOCATED, RELEASED, SHIPPED), ChannelUpdateRequested(update="shipped"), "tell", "channel",
        {"channel_order_id": "1001", "update": "shipped", "shipments": [{"shipment": "S1", "tracking": "1Z"}]},
    ),
    (
        (BEGUN,), CODES, "issue", "issuer",
        {
            "issue": "D1", "currency": "USD",
            "lines": [{"line": 1, "sku": "SHIRT", "kind": "", "worth_minor": 10_00, "units": ALL[1]}],
        },
    ),
    (
        (BEGUN, CODES, MADE), TakebackRequested(takeback="B1", line=1, unit=2, issue="D1"), "take_back", "issuer",
        {"takeback": "B1", "reference": "i-1", "code": "1.2", "currency": "USD"},
    ),
)  # fmt: skip


def after(*story: Event) -> Order:
    order = given(SENT, *story).order
    assert order is not None
    return order


@pytest.mark.parametrize(("before", "event", "kind", "provider", "payload"), TASKS)
def test_an_event_asks_for_a_task(
    before: tuple[Event, ...], event: Event, kind: str, provider: str, payload: dict[str, Any]
) -> None:
    task = task_of("shop", after(*before, event), event, 7, NOW_S)
    assert task is not None
    assert task == Task(task.id, "web-1001", kind, provider, payload, NOW_S)


def test_every_request_is_in_the_table() -> None:
    assert {type(event) for _, event, *_ in TASKS} == set(REQUESTS)


@pytest.mark.parametrize(("before", "event"), [row[:2] for row in TASKS])
def test_the_id_comes_from_the_content_never_from_a_time(before: tuple[Event, ...], event: Event) -> None:
    order = after(*before, event)
    first, later = (task_of("shop", order, event, 7, now_s) for now_s in (NOW_S, NOW_S + 1))
    other_shop, next_event = task_of("other", order, event, 7, NOW_S), task_of("shop", order, event, 8, NOW_S)
    assert first is not None
    assert later is not None
    assert other_shop is not None
    assert next_event is not None
    assert first.id == later.id != other_shop.id
    meant_twice = first.kind in ("mail", "tell", "screen")
    assert (next_event.id != first.id) == meant_twice


def test_an_authorization_that_the_channel_brought_along_is_known_by_its_own_reference() -> None:
    order = given(draft(sold(quantity=2), kind="adopted"), CAPTURING).order
    assert order is not None
    task = task_of("shop", order, CAPTURING, 2, NOW_S)
    assert task is not None
    assert task.payload["authorization"] == "CH-1"
