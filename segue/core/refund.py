"""Refunding: what was taken and is not earned any more is given back, each amount from the capture that took it."""

from collections.abc import Iterator

from msgspec.structs import replace

from segue.core.base import Because, Command, Event
from segue.core.context import Context, refuse_if_held
from segue.core.order import Order, Tender, Transaction, money_in
from segue.core.tally import Units, common, minus
from segue.core.tenders import shared
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
    units_of,
)
from segue.core.worth import back_of, balance_of, keeps


class Refund(Command):
    """Give back what was taken and is not earned any more."""


class RecordRefund(Command):
    """The gateway's answer to a refund."""

    transaction: str
    outcome: Outcome
    amount_minor: int = 0
    reference: str = ""
    detail: str = ""
    currency: str = ""


class RefundRequested(Event):
    """The gateway is being asked to give back an amount of a capture."""

    transaction: str
    tender: str
    amount_minor: int
    capture: str
    units: dict[int, Units] = {}  # those that were canceled or came back since the last refund


class PaymentRefunded(Event):
    """The customer has it back. Where no gateway is asked, the channel or the account gives it: then it has the units."""

    transaction: str
    tender: str
    amount_minor: int
    reference: str = ""
    units: dict[int, Units] = {}


class RefundCapped(Event):
    """So much could not be given back, since it was given before."""

    amount_minor: int
    since: str  # what was given before: goodwill, charges that were below zero, or a chargeback


class RefundDeclined(Event):
    """The amount is still ours."""

    transaction: str
    tender: str
    amount_minor: int
    detail: str = ""


def refund(order: Order, command: Refund, context: Context) -> list[Event]:
    """Give back captured money that is not earned, the last tender first, or as `refund_to` says. Often nothing is."""
    refuse_if_held(order, context, "refund")
    taken = money_in(order, "captured", "capturing")
    owed = taken - keeps(order) if taken else 0
    if owed <= 0:  # as it mostly is
        return _said(order)
    held = {name: tender.tally.get("captured", 0) for name, tender in reversed(order.tenders.items())}
    events: list[Event] = []
    for name, amount in shared(order, owed, held, context.workflow.refund_to).items():
        events += _give_back(order, name, order.tenders[name], amount, events)
    return events + _said(order)


def _said(order: Order) -> list[Event]:
    """What cannot be given back, and was not said before."""
    events: list[Event] = []
    for since, amount in _given_before(order):
        if (capped := amount - order.capped.get(since, 0)) > 0:
            events.append(RefundCapped(capped, since, because=Because("capped", {"amount": capped})))
    return events


def _given_before(order: Order) -> Iterator[tuple[str, int]]:
    """More is off the order than is left of it; or a bank has given back what we would."""
    charged_back = money_in(order, "charged_back")
    if charged_back:
        owed = money_in(order, "captured", "capturing") + charged_back - keeps(order)
        yield "chargebacks", min(owed, charged_back)
    if order.goodwill_minor:
        yield "goodwill", -balance_of(order) - order.capped.get("charges", 0)
    elif any(charge.amount_minor < 0 for charge in order.charges):
        yield "charges", -balance_of(order)


def _give_back(order: Order, name: str, tender: Tender, amount: int, before: list[Event]) -> list[Event]:
    because = Because("owed", {"captured": money_in(order, "captured"), "kept": keeps(order), "amount": amount})
    if tender.kind not in CHARGED:
        units = {} if before else _settled_by(order)
        return [PaymentRefunded(next_id(order, "R", before), name, amount, units=units, because=because)]
    events: list[Event] = []
    for transaction, done in order.transactions.items():
        if done.kind == "capture" and done.tender == name and done.outcome == "done" and amount > 0:
            part = min(amount, done.amount_minor - _refunded(order, transaction))
            if part > 0:
                asked_id = next_id(order, "R", [*before, *events])
                units = {} if before or events else _settled_by(order)
                events.append(RefundRequested(asked_id, name, part, transaction, units, because=because))
                amount -= part
    return events


def _settled_by(order: Order) -> dict[int, Units]:
    """The units that a refund is for: paid, canceled or back, and in no refund before; each is settled once (M5)."""
    settled = units_of(order, "refund")
    paid = units_of(order, "capture")
    is_prepaid = any(tender.kind == "prepaid" for tender in order.tenders.values())
    return {
        number: rest
        for number, here in back_of(order).items()
        if (due := here if is_prepaid else common(here, paid.get(number, ())))
        if (rest := minus(due, settled.get(number, ())))
    }


def _refunded(order: Order, capture: str) -> int:
    """What of a capture was given back, or is being given back."""
    return sum(
        done.amount_minor
        for done in order.transactions.values()
        if done.kind == "refund" and done.reference_of == capture and done.outcome != "declined"
    )


def record_refund(order: Order, command: RecordRefund, context: Context) -> list[Event]:
    """The customer has the money back, or not."""
    transaction = asked(order, command.transaction, "refund")
    if command.outcome == "declined":
        return [RefundDeclined(command.transaction, transaction.tender, transaction.amount_minor, command.detail)]
    amount = amount_checked(order, command.transaction, command.amount_minor, command.currency)
    return [PaymentRefunded(command.transaction, transaction.tender, amount, command.reference)]


def evolve_refund_requested(order: Order, event: RefundRequested, at_s: int) -> Order:
    """The amount is on its way back to the customer."""
    order = money_moved(order, event.tender, "captured", "refunding", event.amount_minor)
    asked_for = Transaction(
        "refund", event.tender, event.amount_minor, units=event.units, reference_of=event.capture, at_s=at_s
    )
    return opened(order, event.transaction, asked_for)


def evolve_refunded(order: Order, event: PaymentRefunded, at_s: int) -> Order:
    """The customer has it."""
    if event.transaction in order.transactions:
        order = money_moved(order, event.tender, "refunding", "refunded", event.amount_minor)
        return closed(order, event.transaction, "done", event.reference)
    order = money_moved(order, event.tender, "captured", "refunded", event.amount_minor)
    given_back = Transaction("refund", event.tender, event.amount_minor, "done", units=event.units, at_s=at_s)
    return opened(order, event.transaction, given_back)


def evolve_capped(order: Order, event: RefundCapped, at_s: int) -> Order:
    """It is said once."""
    capped = order.capped.get(event.since, 0) + event.amount_minor
    return replace(order, capped=order.capped | {event.since: capped})


def evolve_refund_declined(order: Order, event: RefundDeclined, at_s: int) -> Order:
    """The amount is still ours."""
    order = money_moved(order, event.tender, "refunding", "captured", event.amount_minor)
    return closed(order, event.transaction, "declined")


def said_of_refunds(order: Order) -> list[Command]:
    """The gateway gives the amount back or declines."""
    return [RecordRefund(name, outcome) for name in under_way(order, "refund") for outcome in OUTCOMES]


DECISIONS = {Refund: refund, RecordRefund: record_refund}
EVOLUTIONS = {
    RefundRequested: evolve_refund_requested,
    PaymentRefunded: evolve_refunded,
    RefundCapped: evolve_capped,
    RefundDeclined: evolve_refund_declined,
}
EFFECTS = {
    RefundRequested: {"refunding": ("captured",)},
    PaymentRefunded: {"refunded": ("refunding", "captured")},
    RefundDeclined: {"captured": ("refunding",)},
}
ANSWERS = {RefundRequested: said_of_refunds}
TROUBLES = (RefundDeclined,)
