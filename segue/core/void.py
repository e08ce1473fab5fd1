"""Voiding: money that is secured and will not be needed is let go of."""

from segue.core.base import Command, Event
from segue.core.context import Context
from segue.core.order import Order, Transaction, money_in
from segue.core.transactions import (
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
from segue.core.worth import keeps


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


def record_void(order: Order, command: RecordVoid, context: Context) -> list[Event]:
    """The money is let go of, or not."""
    transaction = asked(order, command.transaction, "void")
    if command.outcome == "declined":
        return [VoidDeclined(command.transaction, transaction.tender, transaction.amount_minor, command.detail)]
    amount = amount_checked(order, command.transaction, command.amount_minor, command.currency)
    return [PaymentVoided(command.transaction, transaction.tender, amount, command.reference)]


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


def said_of_voids(order: Order) -> list[Command]:
    """The gateway lets go of the amount or declines."""
    return [RecordVoid(name, outcome) for name in under_way(order, "void") for outcome in OUTCOMES]


DECISIONS = {Void: void, RecordVoid: record_void}
EVOLUTIONS = {
    VoidRequested: evolve_void_requested,
    PaymentVoided: evolve_voided,
    VoidDeclined: evolve_void_declined,
    TenderDropped: evolve_dropped,
}
EFFECTS = {
    VoidRequested: {"voiding": ("authorized",)},
    PaymentVoided: {"voided": ("voiding",)},
    VoidDeclined: {"authorized": ("voiding",)},
    TenderDropped: {"dropped": ("due", "agreed")},
}
ANSWERS = {VoidRequested: said_of_voids}
TROUBLES = (VoidDeclined,)
