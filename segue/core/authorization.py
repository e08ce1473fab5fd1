"""Authorizations: what each of them still holds, whether it can be used, when it ends.

An authorization is a transaction; captures and voids name theirs. What a tender has `authorized` is what its authorizations
hold together.
"""

from typing import NamedTuple

from msgspec.structs import replace

from segue.core.base import Because
from segue.core.context import Context
from segue.core.draft import Draft
from segue.core.means import Initiator, Means, means_for
from segue.core.order import Order, Transaction, left_of
from segue.core.transactions import OPEN, money_moved


class Deadline(NamedTuple):
    """When an authorization ends, and who says so."""

    at_s: int | None
    because: Because | None = None


def held(order: Order, name: str) -> int:
    """What an authorization holds for us: nothing before it is done, and nothing once another one stands for it."""
    done = order.transactions[name]
    return left_of(order, name) if done.outcome == "done" and not done.spare else 0


def authorizations(order: Order, tender: str) -> list[str]:
    """The authorizations of a tender that hold something for us, the oldest first."""
    return [
        name
        for name, done in order.transactions.items()
        if done.kind == "authorize" and done.tender == tender and held(order, name) > 0
    ]


def has_ended(authorization: Transaction, now_s: int) -> bool:
    """Whether its deadline has passed, if nobody has said so yet."""
    return authorization.expires_at_s is not None and authorization.expires_at_s <= now_s


def usable(order: Order, name: str, context: Context) -> int:
    """What can be taken of an authorization now, or let go of: not once it has ended, or its only capture was asked for."""
    if has_ended(order.transactions[name], context.now_s):
        return 0
    if means_of(order, order.transactions[name].tender, context).captures == "one" and _is_captured(order, name):
        return 0
    return held(order, name)


def _is_captured(order: Order, name: str) -> bool:
    return any(
        use.kind == "capture" and use.reference_of == name and use.outcome != "declined"
        for use in order.transactions.values()
    )


def usable_of_all(order: Order, context: Context) -> int:
    """What can be taken of all authorizations of an order together. Minor units."""
    return sum(usable(order, name, context) for name, done in order.transactions.items() if done.kind == "authorize")


def means_of(order: Order, tender: str, context: Context) -> Means:
    """How a tender's means of payment behaves."""
    return means_for(context.facts.means, order.tenders[tender].method)


def replacement_of(order: Order, name: str) -> str:
    """The authorization that is being asked for in the place of this one; nothing if there is none."""
    return next(
        (other for other, done in order.transactions.items() if done.replaces == name and done.outcome in OPEN), ""
    )


def deadline_of(order: Order, name: str, capture_before_s: int | None, context: Context) -> Deadline:
    """When an authorization ends that is done now: by the gateway's own word, else by the shop's table (M13)."""
    if capture_before_s is not None:
        return Deadline(capture_before_s, Because("gateway_deadline", {"expires_at_s": capture_before_s}))
    done = order.transactions[name]
    first = next(n for n, other in order.transactions.items() if (other.kind, other.tender) == (done.kind, done.tender))
    initiator: Initiator = "customer" if first == name else "merchant"
    method = order.tenders[done.tender].method
    ends_at_s = means_of(order, done.tender, context).ends_at_s(done.at_s, initiator)
    if ends_at_s is None:
        return Deadline(None)
    figures = {"method": method, "initiator": initiator, "expires_at_s": ends_at_s}
    return Deadline(ends_at_s, Because("authorization_lasts", figures))


def deadlines_of(draft: Draft, context: Context) -> dict[str, int]:
    """By tender, when the authorizations end that a channel has brought along: by the shop's table."""
    ends = {
        f"P{number}": means_for(context.facts.means, tender.method).ends_at_s(draft.placed_at_s, "customer")
        for number, tender in enumerate(draft.tenders, 1)
        if tender.kind == "adopted"
    }
    return {name: at_s for name, at_s in ends.items() if at_s is not None}


def adopted(draft: Draft, deadlines: dict[str, int]) -> dict[str, Transaction]:
    """The authorizations that a channel has brought along, as they are from the start."""
    brought = [
        (f"P{number}", tender)
        for number, tender in enumerate(draft.tenders, 1)
        if tender.kind == "adopted" and tender.amount_minor
    ]
    return {
        f"A{number}": Transaction(
            "authorize", name, tender.amount_minor, "done", reference=tender.reference, at_s=draft.placed_at_s,
            expires_at_s=deadlines.get(name),
        )
        for number, (name, tender) in enumerate(brought, 1)
    }  # fmt: skip


def is_brought(order: Order, transaction: Transaction) -> bool:
    """Whether this is an authorization that the channel has made, and not we."""
    tender = order.tenders[transaction.tender]
    return (transaction.kind, tender.kind, transaction.reference) == ("authorize", "adopted", tender.reference)


def lapsed(order: Order, name: str, amount_minor: int) -> Order:
    """The order without an amount of an authorization that is gone: it is due again.

    If another authorization is being asked for in its place, for just this amount, that one stands for it from now on.
    """
    done = order.transactions[name]
    gone = replace(done, lapsed_minor=done.lapsed_minor + amount_minor)
    changed = {name: gone}
    target = "due"
    next_one = replacement_of(order, name)
    if next_one and order.transactions[next_one].amount_minor == amount_minor:
        changed[next_one] = replace(order.transactions[next_one], replaces="")
        target = "authorizing"
    order = replace(order, transactions=order.transactions | changed)
    return order if done.spare else money_moved(order, done.tender, "authorized", target, amount_minor)
