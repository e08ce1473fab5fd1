"""Transactions: what payments share: ids, the check of an answer, the moves of an amount."""

from typing import Literal

from msgspec.structs import replace

from segue.core.amounts import move_money
from segue.core.base import Event, Refusal, Refused
from segue.core.order import Order, Transaction
from segue.core.tally import Units, union

Outcome = Literal["done", "declined"]
OUTCOMES: tuple[Outcome, ...] = ("done", "declined")
OPEN = ("asked", "unknown")  # these wait for an answer
CHARGED = ("gateway", "adopted")  # tenders that a gateway charges
AGREED = ("account", "on_delivery")  # tenders that are good as they are
KIND_OF = {"A": "authorize", "C": "capture", "V": "void", "R": "refund"}


def next_id(order: Order, letter: str, events: list[Event]) -> str:
    """The next transaction id of a kind: A1, A2; C1; V1; R1. `events` are those decided and not yet applied."""
    kind = KIND_OF[letter]
    count = 1
    for done in order.transactions.values():
        count += done.kind == kind
    asked_now = {getattr(event, "transaction", "") for event in events} - order.transactions.keys()
    count += sum(name.startswith(letter) for name in asked_now)
    return f"{letter}{count}"


def asked(order: Order, name: str, kind: str) -> Transaction:
    """The transaction, if it waits for an answer. Refused if there is no such one, or it was answered before."""
    transaction = order.transactions.get(name)
    if transaction is None or transaction.kind != kind:
        raise Refused(Refusal.TRANSACTION_NOT_FOUND, name)
    if transaction.outcome not in OPEN:
        raise Refused(Refusal.TRANSACTION_SETTLED, f"{name} was {transaction.outcome}")
    return transaction


def under_way(order: Order, kind: str) -> list[str]:
    """The transactions of a kind that wait for an answer, those of which nobody knows included."""
    return [name for name, done in order.transactions.items() if done.kind == kind and done.outcome in OPEN]


def units_of(order: Order, kind: str) -> dict[int, Units]:
    """The units that the transactions of a kind were for, those that were declined left out."""
    found: dict[int, Units] = {}
    for done in order.transactions.values():
        if done.kind == kind and done.outcome != "declined":
            for number, ranges in done.units.items():
                found[number] = union(found.get(number, ()), ranges)
    return found


def amount_checked(order: Order, name: str, amount_minor: int, currency: str) -> int:
    """The amount asked for. Refused if the answer names another one, or another currency: authentic is not validated."""
    transaction = order.transactions[name]
    if currency and currency != order.currency:
        raise Refused(Refusal.AMOUNT_DIFFERS, f"{name}: {order.currency} asked, {currency} answered")
    if amount_minor and amount_minor != transaction.amount_minor:
        raise Refused(Refusal.AMOUNT_DIFFERS, f"{name}: {transaction.amount_minor} asked, {amount_minor} answered")
    return transaction.amount_minor


def money_moved(order: Order, name: str, source: str, target: str, amount: int) -> Order:
    """The order with an amount of a tender moved from one state to another."""
    tender = order.tenders[name]
    moved = replace(tender, tally=move_money(tender.tally, source, target, amount))
    return replace(order, tenders=order.tenders | {name: moved})


def opened(order: Order, name: str, transaction: Transaction) -> Order:
    """The order with a transaction that waits for its answer, or is done at once."""
    return replace(order, transactions=order.transactions | {name: transaction})


def closed(order: Order, name: str, outcome: str, reference: str = "") -> Order:
    """The order with a transaction answered."""
    known = replace(order.transactions[name], outcome=outcome, reference=reference)
    return replace(order, transactions=order.transactions | {name: known})
