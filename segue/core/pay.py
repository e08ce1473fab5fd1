"""Paying: secure the money before anything is done for it. What is in flight cannot be asked for twice.

A tender's amount is a tally: due, authorizing, authorized, capturing, captured; agreed, where the customer pays on
account or on delivery. Three answers exist: done, declined, unknown; unknown is never failed.
"""

from msgspec.structs import replace

from segue.core.authorization import deadline_of
from segue.core.base import Because, Command, Event, Refusal, Refused
from segue.core.context import Context, refuse_if_held
from segue.core.deposit import deposit_of, to_secure
from segue.core.order import Order, Tender, Transaction, any_in, money_in
from segue.core.replacing import ReauthorizationRequested, not_replaced, replaced, replacements
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


class Reauthorize(Command):
    """Ask once more: for what was declined before, and for new authorizations in the place of those that end soon."""


class RecordAuthorization(Command):
    """The gateway's answer to an authorization."""

    transaction: str
    outcome: Outcome
    amount_minor: int = 0
    reference: str = ""
    detail: str = ""
    currency: str = ""
    capture_before_s: int | None = None  # the gateway's own deadline


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
    """The amount is held for us, until the authorization ends."""

    transaction: str
    tender: str
    amount_minor: int
    reference: str = ""
    expires_at_s: int | None = None


class AuthorizationDeclined(Event):
    """The amount is not held; it is due again. Another try is another transaction."""

    transaction: str
    tender: str
    amount_minor: int
    detail: str = ""


class OrderCovered(Event):
    """All that the order still needs is secured now, or the deposit where there is one, for the first time."""


class OutcomeUnknown(Event):
    """Nobody knows what became of it. The amount stays where it is, so nothing can be asked twice."""

    transaction: str
    detail: str = ""


def authorize(order: Order, command: Authorize, context: Context) -> list[Event]:
    """Ask for what is due; accept what needs no asking. What is under way is not asked for again, for nothing nothing."""
    refuse_if_held(order, context, "authorize")
    return _asking(order, context)


def reauthorize(order: Order, command: Reauthorize, context: Context) -> list[Event]:
    """Ask for what is due, and for a new authorization in the place of each that ends soon."""
    refuse_if_held(order, context, "reauthorize")
    events = _asking(order, context)
    return events + replacements(order, context, events)


def _asking(order: Order, context: Context) -> list[Event]:
    if not any_in(order, *KEPT):  # a tried payment may have waited for a hold that went with the order
        return []
    events: list[Event] = []
    agreed = 0
    for name, tender in order.tenders.items():
        due = tender.tally.get("due", 0)
        if context.workflow.deposit is not None:
            due = min(due, to_secure(order, context) - _secured(order, "authorizing") - _amounts(events))
        if due > 0:
            events.append(_ask(order, name, tender, due, events, context))
            agreed += due if tender.kind in AGREED else 0
    return events + covered(order, context, agreed)


def _amounts(events: list[Event]) -> int:
    return sum(getattr(event, "amount_minor", 0) for event in events)


def _ask(order: Order, name: str, tender: Tender, due: int, events: list[Event], context: Context) -> Event:
    because = None
    if context.workflow.deposit is not None:
        figures = {"worth": keeps(order), "deposit": deposit_of(order, context), "amount": due}
        because = Because("deposit", figures)
    if tender.kind in AGREED:
        return TenderAccepted(name, due, because=because)
    return AuthorizationRequested(next_id(order, "A", events), name, due, because=because)


def _secured(order: Order, *more: str) -> int:
    return money_in(order, "authorized", "agreed", "capturing", "captured", *more)


def covered(order: Order, context: Context, added: int = 0) -> list[Event]:
    """`OrderCovered` if with this amount added all that is not canceled is secured, and was not before."""
    if order.covered or not any_in(order, *KEPT):
        return []
    return [OrderCovered()] if _secured(order) + added >= to_secure(order, context) else []


def record_authorization(order: Order, command: RecordAuthorization, context: Context) -> list[Event]:
    """The money is held, or it is due again. Of a new authorization for one that ends soon: one of the two is let go of."""
    transaction = asked(order, command.transaction, "authorize")
    if command.outcome == "declined":
        if transaction.replaces:
            return [not_replaced(order, command.transaction, command.detail)]
        return [
            AuthorizationDeclined(command.transaction, transaction.tender, transaction.amount_minor, command.detail)
        ]
    amount = amount_checked(order, command.transaction, command.amount_minor, command.currency)
    ends = deadline_of(order, command.transaction, command.capture_before_s, context)
    if transaction.replaces:
        return replaced(order, command.transaction, command.reference, ends)
    held = PaymentAuthorized(
        command.transaction, transaction.tender, amount, command.reference, ends.at_s, because=ends.because
    )
    return [held, *covered(order, context, amount)]


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
    return opened(order, event.transaction, Transaction("authorize", event.tender, event.amount_minor, at_s=at_s))


def evolve_accepted(order: Order, event: TenderAccepted, at_s: int) -> Order:
    """The amount is agreed."""
    return money_moved(order, event.tender, "due", "agreed", event.amount_minor)


def evolve_authorized(order: Order, event: PaymentAuthorized, at_s: int) -> Order:
    """The amount is held."""
    order = money_moved(order, event.tender, "authorizing", "authorized", event.amount_minor)
    order = closed(order, event.transaction, "done", event.reference)
    known = replace(order.transactions[event.transaction], expires_at_s=event.expires_at_s)
    return replace(order, transactions=order.transactions | {event.transaction: known})


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
    return [answer for answer in _said(order) if not order.transactions[answer.transaction].replaces]


def said_of_replacements(order: Order) -> list[Command]:
    """The gateway holds the amount once more or declines."""
    return [answer for answer in _said(order) if order.transactions[answer.transaction].replaces]


def _said(order: Order) -> list[RecordAuthorization]:
    return [RecordAuthorization(name, outcome) for name in under_way(order, "authorize") for outcome in OUTCOMES]


def not_said(order: Order) -> list[Command]:
    """No gateway can be brought to say what became of what it was asked."""
    return [RecordUnknown(name) for name, done in order.transactions.items() if done.outcome == "asked"]


DECISIONS = {
    Authorize: authorize,
    Reauthorize: reauthorize,
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
ANSWERS = {AuthorizationRequested: said_of_authorizations, ReauthorizationRequested: said_of_replacements}
UNPROMPTED = {"system": not_said}
TROUBLES = (AuthorizationDeclined, OutcomeUnknown)
