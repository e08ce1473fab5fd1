"""Capturing: take the money for what the shop's policy says is to be paid now, from the tenders in their order."""

from segue.core.base import Because, Command, Event
from segue.core.context import Context, refuse_if_held
from segue.core.order import Order, Tender, Transaction, money_in, units_in, value_of
from segue.core.tally import Units, minus, union
from segue.core.transactions import (
    CHARGED,
    OUTCOMES,
    Outcome,
    amount_checked,
    asked,
    closed,
    money_moved,
    next_id,
    opened,
    under_way,
)
from segue.core.worth import earned, extras_of


class Capture(Command):
    """Take the money for what the capture policy says is to be paid now."""


class RecordCapture(Command):
    """The gateway's answer to a capture."""

    transaction: str
    outcome: Outcome
    amount_minor: int = 0
    reference: str = ""
    detail: str = ""
    currency: str = ""


class CaptureRequested(Event):
    """The gateway is being asked to take the amount."""

    transaction: str
    tender: str
    amount_minor: int
    units: dict[int, Units] = {}
    shipping_minor: int = 0


class PaymentCaptured(Event):
    """The amount is ours. `units` only where no gateway was asked: paid on account or on delivery."""

    transaction: str
    tender: str
    amount_minor: int
    reference: str = ""
    units: dict[int, Units] = {}
    shipping_minor: int = 0


class CaptureDeclined(Event):
    """The amount was not taken."""

    transaction: str
    tender: str
    amount_minor: int
    detail: str = ""


def capture(order: Order, command: Capture, context: Context) -> list[Event]:
    """Take what is earned and not taken yet, from the tenders in their order. Nothing is earned: nothing happens."""
    refuse_if_held(order, context, "capture")
    rule = context.workflow.capture
    states = rule.call(order) if rule else ()
    taken = money_in(order, "capturing", "captured")
    events: list[Event] = []
    for name, tender in order.tenders.items():
        held = tender.tally.get("authorized", 0) + tender.tally.get("agreed", 0)
        if not held:
            continue
        payable = ("delivered", "returning") if tender.kind == "on_delivery" else states
        amount = min(earned(order, payable) - taken, held)
        if amount > 0:
            events.append(_take(order, name, tender, amount, payable, events, rule.name if rule else ""))
            taken += amount
    return events


def _take(
    order: Order, name: str, tender: Tender, amount: int, states: tuple[str, ...], events: list[Event], rule: str
) -> Event:
    paid = _paid(order)
    units = {n: rest for n, here in units_in(order, *states).items() if (rest := minus(here, paid.get(n, ())))}
    first = not paid and not events
    shipping = extras_of(order) if first else 0
    event = CaptureRequested if tender.kind in CHARGED else PaymentCaptured
    return event(
        next_id(order, "C", events),
        name,
        amount,
        units={} if events else units,
        shipping_minor=shipping,
        because=Because(rule, {"value": value_of(order, units), "shipping": shipping, "amount": amount}),
    )


def _paid(order: Order) -> dict[int, Units]:
    """The units that a capture was asked for, and was not declined."""
    paid: dict[int, Units] = {}
    for done in order.transactions.values():
        if done.kind == "capture" and done.outcome != "declined":
            for number, ranges in done.units.items():
                paid[number] = union(paid.get(number, ()), ranges)
    return paid


def record_capture(order: Order, command: RecordCapture, context: Context) -> list[Event]:
    """The money is ours, or it is not."""
    transaction = asked(order, command.transaction, "capture")
    if command.outcome == "declined":
        return [CaptureDeclined(command.transaction, transaction.tender, transaction.amount_minor, command.detail)]
    amount = amount_checked(order, command.transaction, command.amount_minor, command.currency)
    return [PaymentCaptured(command.transaction, transaction.tender, amount, command.reference)]


def evolve_capture_requested(order: Order, event: CaptureRequested, at_s: int) -> Order:
    """The amount is on its way to us."""
    order = money_moved(order, event.tender, "authorized", "capturing", event.amount_minor)
    capture = Transaction(
        "capture", event.tender, event.amount_minor, units=event.units, shipping_minor=event.shipping_minor
    )
    return opened(order, event.transaction, capture)


def evolve_captured(order: Order, event: PaymentCaptured, at_s: int) -> Order:
    """The amount is ours."""
    if event.transaction in order.transactions:
        order = money_moved(order, event.tender, "capturing", "captured", event.amount_minor)
        return closed(order, event.transaction, "done", event.reference)
    order = money_moved(order, event.tender, "agreed", "captured", event.amount_minor)
    paid = Transaction("capture", event.tender, event.amount_minor, "done", event.units, event.shipping_minor)
    return opened(order, event.transaction, paid)


def evolve_capture_declined(order: Order, event: CaptureDeclined, at_s: int) -> Order:
    """The amount is still only held."""
    order = money_moved(order, event.tender, "capturing", "authorized", event.amount_minor)
    return closed(order, event.transaction, "declined")


def said_of_captures(order: Order) -> list[Command]:
    """The gateway takes the amount or declines."""
    return [RecordCapture(name, outcome) for name in under_way(order, "capture") for outcome in OUTCOMES]


DECISIONS = {Capture: capture, RecordCapture: record_capture}
EVOLUTIONS = {
    CaptureRequested: evolve_capture_requested,
    PaymentCaptured: evolve_captured,
    CaptureDeclined: evolve_capture_declined,
}
EFFECTS = {
    CaptureRequested: {"capturing": ("authorized",)},
    PaymentCaptured: {"captured": ("capturing", "agreed")},
    CaptureDeclined: {"authorized": ("capturing",)},
}
ANSWERS = {CaptureRequested: said_of_captures}
TROUBLES = (CaptureDeclined,)
