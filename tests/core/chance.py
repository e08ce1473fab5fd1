"""Chance: any order at all, a workflow with something of everything, and what the world could say next."""

from typing import Any

from hypothesis import strategies as st

from segue.core.allocate import Allocate, Reserve
from segue.core.base import Command
from segue.core.cancel import Cancel
from segue.core.capture import Capture, RecordCapture
from segue.core.deallocate import Deallocate
from segue.core.deliver import RecordDelivery
from segue.core.draft import Draft
from segue.core.facts import Facts, Item
from segue.core.fulfill import RecordReject, RecordShipment, RecordShortPick, Release
from segue.core.grade import GradeOrder
from segue.core.hold import LiftHold, PlaceHold
from segue.core.intake import Validate
from segue.core.item_state import EnterState, LeaveState
from segue.core.means import OTHER, Means
from segue.core.note import Note
from segue.core.notify import Notify, TellChannel
from segue.core.order import Order
from segue.core.pay import Authorize, Reauthorize, RecordAuthorization, RecordUnknown
from segue.core.policy import Rule
from segue.core.queue import Queue
from segue.core.refund import RecordRefund, Refund
from segue.core.returns import RecordReturn
from segue.core.screen import RecordScreening, Screen
from segue.core.tally import Units
from segue.core.void import RecordVoid, Reverse, Void
from segue.core.wake import Wake
from segue.core.workflow import Workflow
from segue.policies.payment import at_once, on_delivery, on_release, on_shipment
from segue.policies.splitting import shipments_at_most
from segue.policies.validation import known_skus
from tests.core.shop import LOCATIONS, draft, folder, hold, later, only, paid, rule, sold, workflow

ON_HAND = {"SHIRT": {"DAL": 4, "MIA": 3}, "CAP": {"DAL": 1, "REN": 5}}
REACTIONS: dict[str, list[Any]] = {
    "order_placed": [Authorize(), Reserve(), GradeOrder()],
    "payment_authorized": [Void()],
    "order_covered": [Capture(), later(60, Allocate())],
    "units_allocated": [Release()],
    "units_short_picked": [later(5, Allocate())],
    "fulfillment_released": [Capture()],
    "fulfillment_rejected": [Allocate()],
    "sourcing_failed": [PlaceHold("sourcing")],
    "fulfillment_shipped": [Capture()],
    "shipment_delivered": [Capture()],
    "payment_captured": [Void(), Refund()],
    "units_canceled": [Void(), Refund()],
    "units_returned": [only("authorized == 0", Void()), Refund()],
    "refund_declined": [later(30, Refund())],
    "left held": [Allocate(), Release()],
    "authorization_ending": [Reauthorize()],
    "authorization_expired": [Void(), Authorize()],
    "authorization_released": [Void(), Authorize()],
    "reauthorization_declined": [later(40, Reauthorize())],
}


def flow(capture: Any, *, split: bool, **declared: Any) -> Workflow:
    """A workflow with something of everything."""
    return workflow(
        on=REACTIONS,
        capture=capture,
        statuses={"held": "holds > 0", "done": "delivered + returned + canceled == units", "open": "True"},
        folders=[folder("slow", "backordered > 0", 50, Cancel("too_slow"))],
        holds={
            "sourcing": hold("allocate", "reserve"),
            "review": hold("allocate", "release", "capture", "refund", "authorize", lift_when="shipped > 0"),
            "known_skus": hold("allocate", expires_s=90),
        },
        validate=(rule(known_skus),),
        split=(Rule("shipments_at_most", lambda plan, order: shipments_at_most(plan, order, count=2)),)
        if split
        else (),
        fact_kinds=frozenset({"stock"}),
        **declared,
    )


ALWAYS: tuple[Command, ...] = (
    Wake(), Wake(), Authorize(), Allocate(), Reserve(), Release(), Capture(), Void(), Refund(), Validate(), Cancel("all"),
    PlaceHold("review"), LiftHold("review"), LiftHold("sourcing"), PlaceHold("review", line=2), LiftHold("review:2"),
    EnterState("engraving", 1), LeaveState("engraving"), Note("look"), Notify("hello"), TellChannel("news"), Screen(),
    RecordScreening("accepted"), Reauthorize(), Reverse(), Deallocate(), LiftHold("known_skus:3"), Cancel(line=9),
    RecordShipment("F9", "S9"),
)  # fmt: skip
CHOICES = st.lists(st.integers(0, 9_999), min_size=12, max_size=45)
ANSWERS: dict[str, Any] = {
    "authorize": RecordAuthorization, "capture": RecordCapture, "void": RecordVoid, "refund": RecordRefund,
}  # fmt: skip


def possible(order: Order) -> list[Command]:
    """What the world could say to this order next; and what anybody could ask, sensible or not."""
    said: list[Command] = []
    for name, asked in order.transactions.items():
        if asked.outcome in ("asked", "unknown"):
            answer = ANSWERS[asked.kind]
            said += [answer(name, "done", reference=f"psp-{name}")] * 4 + [
                answer(name, "declined"),
                answer(name, "declined", detail="expired"),
                RecordUnknown(name),
            ]
    for name, made in order.fulfillments.items():
        shipment = f"S{len(order.shipments) + 1}"
        some: dict[int, Units] = {number: ((units[0][0], units[0][0]),) for number, units in made.units.items()}
        said += [RecordShipment(name, shipment), RecordShipment(name, shipment, some), RecordShipment(name, shipment)]
        said += [RecordShortPick(name, some), RecordReject(name)]
    said += [RecordDelivery(name) for name, parcel in order.shipments.items() if parcel.delivered_at_s is None]
    for line in order.lines:
        said += [Cancel("one", line.number, 1), RecordReturn(line.number, 1, sellable=line.number == 1)]
    return [*said, *ALWAYS]


PAYING = st.sampled_from(
    [
        ("gateway",), ("adopted",), ("prepaid",), ("account",), ("on_delivery",),
        ("gateway", "account"), ("adopted", "prepaid"), ("adopted", "on_delivery"), ("gateway", "gateway"),
    ]
)  # fmt: skip
CAPTURING = st.sampled_from([on_shipment, on_release, at_once, on_delivery])


@st.composite
def drafts(pick: st.DrawFn) -> Draft:
    lines = [sold("SHIRT", pick(st.integers(1, 5)), pick(st.integers(0, 20_00))), sold("CAP", 2, 5_01)]
    if pick(st.booleans()):
        lines.append(sold(pick(st.sampled_from(["SHIRT", "UNLISTED"])), pick(st.integers(1, 2)), 7_00))
    extras: dict[str, Any] = {
        "shipping_minor": pick(st.integers(0, 5_00)),
        "discount_minor": pick(st.integers(0, 1_00)),
    }
    total = draft(*lines, **extras).total_minor
    kinds = pick(PAYING)
    first = pick(st.integers(0, total)) if len(kinds) > 1 else total
    tenders = [paid(first, kinds[0]), *(paid(total - first, kind) for kind in kinds[1:])]
    return draft(*lines, tenders=tenders, **extras)


MEANS = st.builds(
    Means,
    captures=st.sampled_from(["many", "one"]),
    void_part=st.booleans(),
    lasts_s=st.fixed_dictionaries({"customer": st.integers(60, 400), "merchant": st.integers(60, 300)}),
)


def shelf(means: Means | None = None) -> Facts:
    facts = Facts({location.id: location for location in LOCATIONS}, means={OTHER: means} if means else None)
    for sku, held in ON_HAND.items():
        facts.learn_stock(sku, held)
    facts.learn_stock("UNLISTED", {})
    facts.arriving |= dict.fromkeys(facts.stock, ())
    facts.queues |= {sku: Queue() for sku in facts.stock}
    facts.items |= {"SHIRT": Item("SHIRT"), "CAP": Item("CAP"), "UNLISTED": None}
    return facts
