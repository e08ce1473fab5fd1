"""Paying: secure the money before anything is done for it. What is in flight cannot be asked for twice.

A tender's amount is a tally: due, authorizing, authorized, capturing, captured; agreed, where the customer pays on
account or on delivery. Three answers exist: done, declined, unknown; unknown is never failed.
"""

from msgspec.structs import replace

from segue.core.base import Command, Event, Refusal, Refused
from segue.core.context import Context, refuse_if_held
from segue.core.order import Order, Transaction, money_in, units_in
from segue.core.transactions import (
    AGREED,
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
from segue.core.worth import KEPT, keeps


class Authorize(Command):
    """Secure what is due of every tender."""


class RecordAuthorization(Command):
    """The gateway's answer to an authorization."""

    transaction: str
    outcome: Outcome
    amount_minor: int = 0
    reference: str = ""
    detail: str = ""
    currency: str = ""


class RecordUnknown(Command):
    """A provider could not be brought to say what became of a transaction: a person has to find out."""

    transaction: str
    detail: str = ""


class AuthorizationRequested(Event):
    """The gateway is being asked to hold the amount."""

    transaction: str
    tender: str
    amount_minor: int


class TenderAccepted(Event):
    """This tender needs no gateway: it is paid on account or on delivery."""

    tender: str
    amount_minor: int


class PaymentAuthorized(Event):
    """The amount is held for us."""

    transaction: str
    tender: str
    amount_minor: int
    reference: str = ""


class AuthorizationDeclined(Event):
    """The amount is not held; it is due again. Another try is another transaction."""

    transaction: str
    tender: str
    amount_minor: int
    detail: str = ""


class OrderCovered(Event):
    """All that the order still needs is secured now, for the first time."""


class OutcomeUnknown(Event):
    """Nobody knows what became of it. The amount stays where it is, so nothing can be asked twice."""

    transaction: str
    detail: str = ""


def authorize(order: Order, command: Authorize, context: Context) -> list[Event]:
    """Ask for what is due; accept what needs no asking. What is under way is not asked for again, for nothing nothing."""
    refuse_if_held(order, context, "authorize")
    if not units_in(order, *KEPT):  # a tried payment may have waited for a hold that went with the order
        return []
    events: list[Event] = []
    agreed = 0
    for name, tender in order.tenders.items():
        due = tender.tally.get("due", 0)
        if due and tender.kind in AGREED:
            agreed += due
            events.append(TenderAccepted(name, due))
        elif due:
            events.append(AuthorizationRequested(next_id(order, "A", events), name, due))
    return events + covered(order, agreed)


def covered(order: Order, added: int = 0) -> list[Event]:
    """`OrderCovered` if with this amount added all that is not canceled is secured, and was not before."""
    if order.covered:
        return []
    secured = money_in(order, "authorized", "agreed", "capturing", "captured") + added
    return [OrderCovered()] if units_in(order, *KEPT) and secured >= keeps(order) else []


def record_authorization(order: Order, command: RecordAuthorization, context: Context) -> list[Event]:
    """The money is held, or it is due again."""
    transaction = asked(order, command.transaction, "authorize")
    if command.outcome == "declined":
        return [
            AuthorizationDeclined(command.transaction, transaction.tender, transaction.amount_minor, command.detail)
        ]
    amount = amount_checked(order, command.transaction, command.amount_minor, command.currency)
    held = PaymentAuthorized(command.transaction, transaction.tender, amount, command.reference)
    return [held, *covered(order, amount)]


def record_unknown(order: Order, command: RecordUnknown, context: Context) -> list[Event]:
    """Refused if the transaction was answered meanwhile; said again, it changes nothing."""
    transaction = order.transactions.get(command.transaction)
    if transaction is None:
        raise Refused(Refusal.TRANSACTION_NOT_FOUND, command.transaction)
    if transaction.outcome == "unknown":
        return []
    if transaction.outcome != "asked":
        raise Refused(Refusal.TRANSACTION_SETTLED, f"{command.transaction} was {transaction.outcome}")
    return [OutcomeUnknown(command.transaction, command.detail)]


def evolve_authorization_requested(order: Order, event: AuthorizationRequested, at_s: int) -> Order:
    """The amount is on its way to be held."""
    order = money_moved(order, event.tender, "due", "authorizing", event.amount_minor)
    return opened(order, event.transaction, Transaction("authorize", event.tender, event.amount_minor))


def evolve_accepted(order: Order, event: TenderAccepted, at_s: int) -> Order:
    """The amount is agreed."""
    return money_moved(order, event.tender, "due", "agreed", event.amount_minor)


def evolve_authorized(order: Order, event: PaymentAuthorized, at_s: int) -> Order:
    """The amount is held."""
    order = money_moved(order, event.tender, "authorizing", "authorized", event.amount_minor)
    return closed(order, event.transaction, "done", event.reference)


def evolve_authorization_declined(order: Order, event: AuthorizationDeclined, at_s: int) -> Order:
    """The amount is due again."""
    order = money_moved(order, event.tender, "authorizing", "due", event.amount_minor)
    return closed(order, event.transaction, "declined")


def evolve_covered(order: Order, event: OrderCovered, at_s: int) -> Order:
    """Said once."""
    return replace(order, covered=True)


def evolve_unknown(order: Order, event: OutcomeUnknown, at_s: int) -> Order:
    """The amount stays in flight."""
    return closed(order, event.transaction, "unknown")


def said_of_authorizations(order: Order) -> list[Command]:
    """The gateway holds the amount or declines."""
    names = under_way(order, "authorize")
    return [RecordAuthorization(name, outcome) for name in names for outcome in OUTCOMES]


def not_said(order: Order) -> list[Command]:
    """No gateway can be brought to say what became of what it was asked."""
    return [RecordUnknown(name) for name, done in order.transactions.items() if done.outcome == "asked"]


DECISIONS = {
    Authorize: authorize,
    RecordAuthorization: record_authorization,
    RecordUnknown: record_unknown,
}
EVOLUTIONS = {
    AuthorizationRequested: evolve_authorization_requested,
    TenderAccepted: evolve_accepted,
    PaymentAuthorized: evolve_authorized,
    AuthorizationDeclined: evolve_authorization_declined,
    OrderCovered: evolve_covered,
    OutcomeUnknown: evolve_unknown,
}
EFFECTS = {
    AuthorizationRequested: {"authorizing": ("due",)},
    TenderAccepted: {"agreed": ("due",)},
    PaymentAuthorized: {"authorized": ("authorizing",)},
    AuthorizationDeclined: {"due": ("authorizing",)},
}
ANSWERS = {AuthorizationRequested: said_of_authorizations}
UNPROMPTED = {"system": not_said}
TROUBLES = (AuthorizationDeclined, OutcomeUnknown)
