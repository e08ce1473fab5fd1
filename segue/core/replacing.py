"""Replacing: a new authorization takes the place of one that ends soon: the new one first, then the old one is let go of.

The tender's amount stays `authorized` all the while, and is never counted twice: of two authorizations one is spare.
"""

from collections.abc import Callable

from msgspec.structs import replace

from segue.core.authorization import Deadline, held, replacement_of, usable
from segue.core.base import Because, Command, Event
from segue.core.context import Context
from segue.core.order import Order, Transaction
from segue.core.transactions import OPEN, closed, next_id, opened
from segue.core.void import VoidRequested


class ReauthorizationRequested(Event):
    """The gateway is being asked to hold an amount once more, under an authorization that replaces another one."""

    transaction: str
    tender: str
    amount_minor: int
    replaces: str


class PaymentReauthorized(Event):
    """The amount is held under a new authorization; the old one is spare now."""

    transaction: str
    tender: str
    amount_minor: int
    replaces: str
    reference: str = ""
    expires_at_s: int | None = None


class SpareAuthorized(Event):
    """The new authorization is there, and the old one has changed meanwhile: the new one is not needed."""

    transaction: str
    tender: str
    amount_minor: int
    replaces: str
    reference: str = ""
    expires_at_s: int | None = None


class ReauthorizationDeclined(Event):
    """There is no new authorization. The old one is kept until it ends."""

    transaction: str
    tender: str
    amount_minor: int
    replaces: str
    detail: str = ""


def replacements(order: Order, context: Context, before: list[Event]) -> list[Event]:
    """Ask for a new authorization in the place of each that ends soon, unless some of it is on its way."""
    asked: list[Event] = []
    for name, done in order.transactions.items():
        if done.ends_soon and not replacement_of(order, name) and not _in_use(order, name):
            amount = usable(order, name, context)
            if amount > 0:
                because = Because("reauthorize", {"expires_at_s": done.expires_at_s})
                new = next_id(order, "A", before + asked)
                asked.append(ReauthorizationRequested(new, done.tender, amount, name, because=because))
    return asked


def _in_use(order: Order, name: str) -> bool:
    """Whether a capture or a void of it is on its way: its answer decides what there is to replace."""
    return any(use.reference_of == name and use.outcome in OPEN for use in order.transactions.values())


def replaced(order: Order, name: str, reference: str, deadline: Deadline) -> list[Event]:
    """The new authorization is there: it stands for the old one if that still holds as much; the other is let go of."""
    new = order.transactions[name]
    if held(order, new.replaces) == new.amount_minor:
        swapped = PaymentReauthorized(
            name, new.tender, new.amount_minor, new.replaces, reference, deadline.at_s, because=deadline.because
        )
        return [swapped, _let_go(order, new.replaces, new.amount_minor)]
    unneeded = SpareAuthorized(
        name, new.tender, new.amount_minor, new.replaces, reference, deadline.at_s, because=deadline.because
    )
    return [unneeded, _let_go(order, name, new.amount_minor)]


def _let_go(order: Order, name: str, amount_minor: int) -> Event:
    tender = order.transactions[name].tender
    because = Because("spare", {"amount": amount_minor})
    return VoidRequested(next_id(order, "V", []), tender, amount_minor, name, because=because)


def not_replaced(order: Order, name: str, detail: str) -> Event:
    """The gateway will not hold it once more."""
    new = order.transactions[name]
    return ReauthorizationDeclined(name, new.tender, new.amount_minor, new.replaces, detail)


def evolve_requested(order: Order, event: ReauthorizationRequested, at_s: int) -> Order:
    """A second authorization is on its way; the first one stands."""
    new = Transaction("authorize", event.tender, event.amount_minor, at_s=at_s, replaces=event.replaces)
    return opened(order, event.transaction, new)


def evolve_reauthorized(order: Order, event: PaymentReauthorized, at_s: int) -> Order:
    """The new one stands for the old one."""
    order = closed(order, event.transaction, "done", event.reference)
    new = replace(order.transactions[event.transaction], expires_at_s=event.expires_at_s)
    old = replace(order.transactions[event.replaces], spare=True)
    return replace(order, transactions=order.transactions | {event.transaction: new, event.replaces: old})


def evolve_spare(order: Order, event: SpareAuthorized, at_s: int) -> Order:
    """The old one stands."""
    order = closed(order, event.transaction, "done", event.reference)
    new = replace(order.transactions[event.transaction], spare=True, expires_at_s=event.expires_at_s)
    return replace(order, transactions=order.transactions | {event.transaction: new})


def evolve_declined(order: Order, event: ReauthorizationDeclined, at_s: int) -> Order:
    """The old one stands, as long as it lasts."""
    return closed(order, event.transaction, "declined")


DECISIONS: dict[type[Command], Callable[..., list[Event]]] = {}  # others' commands lead to these events
EVOLUTIONS = {
    ReauthorizationRequested: evolve_requested,
    PaymentReauthorized: evolve_reauthorized,
    SpareAuthorized: evolve_spare,
    ReauthorizationDeclined: evolve_declined,
}
TROUBLES = (ReauthorizationDeclined,)
