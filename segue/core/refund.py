"""Giving back: an authorization that is no longer needed is voided; what was taken and is not earned is refunded."""

from segue.core.base import Because, Command, Event
from segue.core.context import Context, refuse_if_held
from segue.core.order import Order, Tender, Transaction, money_in
from segue.core.transactions import (
    CHARGED,
    OUTCOMES,
    Outcome,
    amount_checked,
    asked,
    closed,
    keeps,
    money_moved,
    next_id,
    opened,
    under_way,
)


class Void(Command):
    """Let go of money that is secured and will not be needed."""


class RecordVoid(Command):
    """The gateway's answer to a void."""

    transaction: str
    outcome: Outcome
    amount_minor: int = 0
    reference: str = ""
    detail: str = ""
    currency: str = ""


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


class VoidRequested(Event):
    """The gateway is being asked to let go of an amount it holds."""

    transaction: str
    tender: str
    amount_minor: int


class PaymentVoided(Event):
    """The amount is the customer's again."""

    transaction: str
    tender: str
    amount_minor: int
    reference: str = ""


class VoidDeclined(Event):
    """The gateway still holds the amount."""

    transaction: str
    tender: str
    amount_minor: int
    detail: str = ""


class TenderDropped(Event):
    """An amount that was due or agreed will not be asked for."""

    tender: str
    amount_minor: int
    source: str


class RefundRequested(Event):
    """The gateway is being asked to give back an amount of a capture."""

    transaction: str
    tender: str
    amount_minor: int
    capture: str


class PaymentRefunded(Event):
    """The customer has it back. Where no gateway is asked, the channel or the account gives it."""

    transaction: str
    tender: str
    amount_minor: int
    reference: str = ""


class RefundDeclined(Event):
    """The amount is still ours."""

    transaction: str
    tender: str
    amount_minor: int
    detail: str = ""


def void(order: Order, command: Void, context: Context) -> list[Event]:
    """Let go of tenders that are not needed any more, the last first. Nothing to let go of: nothing happens.

    What is being authorized may yet be declined: what is held already is not let go of for it.
    """
    held = money_in(order, "authorized", "agreed", "due")
    if not held:  # as it is after most captures, when this is asked
        return []
    needed = keeps(order) - money_in(order, "capturing", "captured")
    unsure = money_in(order, "authorizing")
    excess = held + unsure - max(0, needed)
    events: list[Event] = []
    for name, tender in reversed(order.tenders.items()):
        for state in ("due", "agreed"):
            dropped = min(excess, tender.tally.get(state, 0))
            if dropped > 0:
                events.append(TenderDropped(name, dropped, state))
                excess -= dropped
        whole = tender.tally.get("authorized", 0)
        if 0 < whole <= excess - unsure:  # gateways void an authorization as a whole
            events.append(VoidRequested(next_id(order, "V", events), name, whole))
            excess -= whole
    return events


def refund(order: Order, command: Refund, context: Context) -> list[Event]:
    """Give back captured money that is not earned, the last tender first. Nothing is owed: nothing happens."""
    refuse_if_held(order, context, "refund")
    owed = money_in(order, "captured", "capturing") - keeps(order)
    events: list[Event] = []
    for name, tender in reversed(order.tenders.items()):
        amount = min(owed, tender.tally.get("captured", 0))
        if amount > 0:
            owed -= amount
            events += _give_back(order, name, tender, amount, events)
    return events


def _give_back(order: Order, name: str, tender: Tender, amount: int, before: list[Event]) -> list[Event]:
    because = Because("owed", {"captured": money_in(order, "captured"), "kept": keeps(order), "amount": amount})
    if tender.kind not in CHARGED:
        return [PaymentRefunded(next_id(order, "R", before), name, amount, because=because)]
    events: list[Event] = []
    for transaction, done in order.transactions.items():
        if done.kind == "capture" and done.tender == name and done.outcome == "done" and amount > 0:
            part = min(amount, done.amount_minor - _refunded(order, transaction))
            if part > 0:
                asked_id = next_id(order, "R", [*before, *events])
                events.append(RefundRequested(asked_id, name, part, transaction, because=because))
                amount -= part
    return events


def _refunded(order: Order, capture: str) -> int:
    """What of a capture was given back, or is being given back."""
    return sum(
        done.amount_minor
        for done in order.transactions.values()
        if done.kind == "refund" and done.reference_of == capture and done.outcome != "declined"
    )


def record_void(order: Order, command: RecordVoid, context: Context) -> list[Event]:
    """The money is let go of, or not."""
    transaction = asked(order, command.transaction, "void")
    if command.outcome == "declined":
        return [VoidDeclined(command.transaction, transaction.tender, transaction.amount_minor, command.detail)]
    amount = amount_checked(order, command.transaction, command.amount_minor, command.currency)
    return [PaymentVoided(command.transaction, transaction.tender, amount, command.reference)]


def record_refund(order: Order, command: RecordRefund, context: Context) -> list[Event]:
    """The customer has the money back, or not."""
    transaction = asked(order, command.transaction, "refund")
    if command.outcome == "declined":
        return [RefundDeclined(command.transaction, transaction.tender, transaction.amount_minor, command.detail)]
    amount = amount_checked(order, command.transaction, command.amount_minor, command.currency)
    return [PaymentRefunded(command.transaction, transaction.tender, amount, command.reference)]


def evolve_void_requested(order: Order, event: VoidRequested, at_s: int) -> Order:
    """The amount is on its way back."""
    order = money_moved(order, event.tender, "authorized", "voiding", event.amount_minor)
    return opened(order, event.transaction, Transaction("void", event.tender, event.amount_minor))


def evolve_voided(order: Order, event: PaymentVoided, at_s: int) -> Order:
    """The amount is the customer's again."""
    order = money_moved(order, event.tender, "voiding", "voided", event.amount_minor)
    return closed(order, event.transaction, "done", event.reference)


def evolve_void_declined(order: Order, event: VoidDeclined, at_s: int) -> Order:
    """The amount is still held."""
    order = money_moved(order, event.tender, "voiding", "authorized", event.amount_minor)
    return closed(order, event.transaction, "declined")


def evolve_dropped(order: Order, event: TenderDropped, at_s: int) -> Order:
    """Nobody will ask for it."""
    return money_moved(order, event.tender, event.source, "dropped", event.amount_minor)


def evolve_refund_requested(order: Order, event: RefundRequested, at_s: int) -> Order:
    """The amount is on its way back to the customer."""
    order = money_moved(order, event.tender, "captured", "refunding", event.amount_minor)
    asked_for = Transaction("refund", event.tender, event.amount_minor, reference_of=event.capture)
    return opened(order, event.transaction, asked_for)


def evolve_refunded(order: Order, event: PaymentRefunded, at_s: int) -> Order:
    """The customer has it."""
    if event.transaction in order.transactions:
        order = money_moved(order, event.tender, "refunding", "refunded", event.amount_minor)
        return closed(order, event.transaction, "done", event.reference)
    order = money_moved(order, event.tender, "captured", "refunded", event.amount_minor)
    return opened(order, event.transaction, Transaction("refund", event.tender, event.amount_minor, "done"))


def evolve_refund_declined(order: Order, event: RefundDeclined, at_s: int) -> Order:
    """The amount is still ours."""
    order = money_moved(order, event.tender, "refunding", "captured", event.amount_minor)
    return closed(order, event.transaction, "declined")


def said_of_voids(order: Order) -> list[Command]:
    """The gateway lets go of the amount or declines."""
    return [RecordVoid(name, outcome) for name in under_way(order, "void") for outcome in OUTCOMES]


def said_of_refunds(order: Order) -> list[Command]:
    """The gateway gives the amount back or declines."""
    return [RecordRefund(name, outcome) for name in under_way(order, "refund") for outcome in OUTCOMES]


DECISIONS = {Void: void, RecordVoid: record_void, Refund: refund, RecordRefund: record_refund}
EVOLUTIONS = {
    VoidRequested: evolve_void_requested,
    PaymentVoided: evolve_voided,
    VoidDeclined: evolve_void_declined,
    TenderDropped: evolve_dropped,
    RefundRequested: evolve_refund_requested,
    PaymentRefunded: evolve_refunded,
    RefundDeclined: evolve_refund_declined,
}
EFFECTS = {
    VoidRequested: {"voiding": ("authorized",)},
    PaymentVoided: {"voided": ("voiding",)},
    VoidDeclined: {"authorized": ("voiding",)},
    TenderDropped: {"dropped": ("due", "agreed")},
    RefundRequested: {"refunding": ("captured",)},
    PaymentRefunded: {"refunded": ("refunding", "captured")},
    RefundDeclined: {"captured": ("refunding",)},
}
ANSWERS = {VoidRequested: said_of_voids, RefundRequested: said_of_refunds}
TROUBLES = (VoidDeclined, RefundDeclined)
