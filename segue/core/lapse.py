"""Lapsing: authorizations end by themselves: when their time is over, or with the only capture that they allow.

What such an authorization held is no cover any more: it is due again, and authorized anew where the order needs it.
"""

from collections.abc import Callable

from msgspec.structs import replace

from segue.core.authorization import has_ended, held, lapsed, replacement_of, usable
from segue.core.base import Because, Command, Event
from segue.core.context import Context
from segue.core.order import Order, Transaction, left_of, money_in
from segue.core.transactions import closed, money_moved
from segue.core.worth import keeps


class AuthorizationEnding(Event):
    """An authorization ends soon, and what it is for has not been taken yet."""

    transaction: str
    tender: str
    amount_minor: int
    expires_at_s: int


class AuthorizationExpired(Event):
    """What an authorization held is not held any more; it is due again. The gateway may have said so of a capture."""

    transaction: str
    tender: str
    amount_minor: int
    capture: str = ""  # the capture that was declined because of it


class AuthorizationReleased(Event):
    """The rest of an authorization is gone with its only capture; it is due again."""

    transaction: str
    tender: str
    amount_minor: int


def expired(order: Order, context: Context) -> list[AuthorizationExpired]:
    """The authorizations whose time is over, those that another one stands for included."""
    return [
        AuthorizationExpired(
            name, done.tender, left_of(order, name), because=Because("deadline", {"expires_at_s": done.expires_at_s})
        )
        for name, done in _lasting(order)
        if done.outcome == "done" and has_ended(done, context.now_s) and left_of(order, name) > 0
    ]


def ending(order: Order, context: Context) -> list[AuthorizationEnding]:
    """The authorizations of which it is time to say that they end soon."""
    return [
        AuthorizationEnding(
            name,
            order.transactions[name].tender,
            held(order, name),
            expires_at_s,
            because=Because("reauthorize", {"before_s": context.workflow.reauthorize_before_s}),
        )
        for name, expires_at_s, says_so_at_s in _told_of(order, context)
        if says_so_at_s <= context.now_s
    ]


def instants(order: Order, context: Context) -> list[int]:
    """When an authorization ends, or it is to be said that it will soon."""
    ends = [
        done.expires_at_s
        for name, done in _lasting(order)
        if done.outcome == "done" and done.expires_at_s is not None and left_of(order, name) > 0
    ]
    return ends + [at_s for _, _, at_s in _told_of(order, context)]


def _lasting(order: Order) -> list[tuple[str, Transaction]]:
    """The authorizations that end by themselves; often there are none."""
    return [
        (name, done)
        for name, done in order.transactions.items()
        if done.expires_at_s is not None and done.kind == "authorize"
    ]


def _told_of(order: Order, context: Context) -> list[tuple[str, int, int]]:
    """The authorizations that the order still needs and that were not said to end soon: when they end, when it is said."""
    before_s = context.workflow.reauthorize_before_s
    if before_s is None:
        return []
    told_of = [
        (name, done.expires_at_s, done.expires_at_s - before_s)
        for name, done in _lasting(order)
        if done.expires_at_s is not None
        and not done.ends_soon
        and not replacement_of(order, name)
        and usable(order, name, context) > 0
    ]
    return told_of if told_of and keeps(order) > money_in(order, "capturing", "captured") else []


def evolve_ending(order: Order, event: AuthorizationEnding, at_s: int) -> Order:
    """It was said once."""
    known = replace(order.transactions[event.transaction], ends_soon=True)
    return replace(order, transactions=order.transactions | {event.transaction: known})


def evolve_expired(order: Order, event: AuthorizationExpired, at_s: int) -> Order:
    """What it held is due again, with what the declined capture was for."""
    if event.capture:
        refused = order.transactions[event.capture]
        order = money_moved(order, event.tender, "capturing", "authorized", refused.amount_minor)
        order = closed(order, event.capture, "declined")
    return lapsed(order, event.transaction, event.amount_minor)


def evolve_released(order: Order, event: AuthorizationReleased, at_s: int) -> Order:
    """The rest is due again."""
    return lapsed(order, event.transaction, event.amount_minor)


DECISIONS: dict[type[Command], Callable[..., list[Event]]] = {}  # others' commands lead to these events
EVOLUTIONS = {
    AuthorizationEnding: evolve_ending,
    AuthorizationExpired: evolve_expired,
    AuthorizationReleased: evolve_released,
}
EFFECTS = {
    AuthorizationExpired: {"due": ("authorized", "capturing"), "authorizing": ("authorized", "capturing")},
    AuthorizationReleased: {"due": ("authorized",), "authorizing": ("authorized",)},
}
TROUBLES = (AuthorizationExpired,)
