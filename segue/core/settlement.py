"""Settlement: what a gateway says it has paid out, line by line, against what we believe was taken and given back.

A line that fits settles its transaction, once. One that does not is a difference, which stays with the order until the
report is put right or a person resolves it.
"""

from msgspec.structs import replace

from segue.core.base import Because, Command, Event, Refusal, Refused
from segue.core.context import Context
from segue.core.order import Order
from segue.core.papers import Difference, Settlement

MISSING_HERE, MISSING_THERE = "missing_here", "missing_there"
AMOUNT, CURRENCY, TWICE, OUTCOME = "amount_differs", "currency_differs", "twice", "not_done"


class RecordSettlement(Command):
    """A line of a settlement report. Which transaction it is of says our own name of it, or the gateway's id."""

    line: str
    kind: str  # capture, refund
    amount_minor: int
    currency: str
    transaction: str = ""
    reference: str = ""
    fee_minor: int = 0
    settled_at_s: int = 0


class RecordUnsettled(Command):
    """A transaction that should be in a gateway's reports by now, and is in none."""

    transaction: str


class ResolveSettlement(Command):
    """A person has found out about a difference; `accept` books what the gateway has paid."""

    line: str
    accept: bool = False
    reason: str = ""


class SettlementRecorded(Event):
    """The gateway has paid a capture out to us, or has kept a refund from what it pays."""

    line: str
    transaction: str
    amount_minor: int
    fee_minor: int = 0
    settled_at_s: int = 0


class SettlementDiffers(Event):
    """What the gateway says and what we believe are not the same. A person has to find out."""

    line: str
    transaction: str
    difference: str
    amount_minor: int
    currency: str
    fee_minor: int = 0


class SettlementResolved(Event):
    """A difference is none any more. With an amount it is booked as the gateway has paid it."""

    line: str
    transaction: str
    amount_minor: int = 0
    fee_minor: int = 0
    reason: str = ""


def record_settlement(order: Order, command: RecordSettlement, context: Context) -> list[Event]:
    """The transaction is settled, or it differs. A line that was recorded before changes nothing."""
    if command.line in order.differences or any(each.line == command.line for each in order.settlements.values()):
        return []
    name = command.transaction or _with_reference(order, command)
    difference, figures = _difference(order, name, command)
    if not difference:
        return [SettlementRecorded(command.line, name, command.amount_minor, command.fee_minor, command.settled_at_s)]
    because = Because(difference, figures) if figures else None
    return [
        SettlementDiffers(
            command.line, name, difference, command.amount_minor, command.currency, command.fee_minor, because=because
        )
    ]


def _with_reference(order: Order, command: RecordSettlement) -> str:
    """The transaction that the gateway knows by this id; nothing if there is none."""
    return next(
        (
            name
            for name, done in order.transactions.items()
            if command.reference and (done.kind, done.reference) == (command.kind, command.reference)
        ),
        "",
    )


def _difference(order: Order, name: str, command: RecordSettlement) -> tuple[str, dict[str, object]]:
    """What does not fit, with both figures; nothing if all does."""
    done = order.transactions.get(name)
    if done is None or done.kind != command.kind:
        return MISSING_HERE, {}
    if done.outcome != "done":
        return OUTCOME, {"outcome": done.outcome}
    if name in order.settlements:
        return TWICE, {"before": order.settlements[name].line}
    if command.currency != order.currency:
        return CURRENCY, {"ours": order.currency, "theirs": command.currency}
    if command.amount_minor != done.amount_minor:
        return AMOUNT, {"ours": done.amount_minor, "theirs": command.amount_minor}
    return "", {}


def record_unsettled(order: Order, command: RecordUnsettled, context: Context) -> list[Event]:
    """A difference, if it is done, was not settled meanwhile, and is in no other difference."""
    done = order.transactions.get(command.transaction)
    if done is None:
        raise Refused(Refusal.TRANSACTION_NOT_FOUND, command.transaction)
    known = {*order.settlements, *(each.transaction for each in order.differences.values())}
    if done.outcome != "done" or command.transaction in known:
        return []
    line = f"{MISSING_THERE} {command.transaction}"
    return [SettlementDiffers(line, command.transaction, MISSING_THERE, done.amount_minor, order.currency)]


def resolve_settlement(order: Order, command: ResolveSettlement, context: Context) -> list[Event]:
    """Refused if there is no such difference, or it is to be booked and is not one of amounts."""
    found = order.differences.get(command.line)
    if found is None:
        raise Refused(Refusal.DIFFERENCE_NOT_FOUND, command.line)
    if not command.accept:
        return [SettlementResolved(command.line, found.transaction, reason=command.reason)]
    if found.difference != AMOUNT or found.transaction in order.settlements:
        raise Refused(Refusal.NOT_ACCEPTABLE, f"{command.line} is {found.difference}")
    return [
        SettlementResolved(command.line, found.transaction, found.amount_minor, found.fee_minor, reason=command.reason)
    ]


def evolve_settled(order: Order, event: SettlementRecorded, at_s: int) -> Order:
    """The transaction is settled; that it was missing is over."""
    missing = f"{MISSING_THERE} {event.transaction}"
    settled = Settlement(event.line, event.amount_minor, event.fee_minor)
    return replace(
        order,
        settlements=order.settlements | {event.transaction: settled},
        differences={line: each for line, each in order.differences.items() if line != missing},
    )


def evolve_differs(order: Order, event: SettlementDiffers, at_s: int) -> Order:
    """It stays until somebody resolves it."""
    found = Difference(event.transaction, event.difference, event.amount_minor, event.currency, event.fee_minor)
    return replace(order, differences=order.differences | {event.line: found})


def evolve_resolved(order: Order, event: SettlementResolved, at_s: int) -> Order:
    """The difference is gone, and booked if it was accepted."""
    left = {line: each for line, each in order.differences.items() if line != event.line}
    order = replace(order, differences=left)
    if not event.amount_minor:
        return order
    settled = Settlement(event.line, event.amount_minor, event.fee_minor)
    return replace(order, settlements=order.settlements | {event.transaction: settled})


DECISIONS = {
    RecordSettlement: record_settlement,
    RecordUnsettled: record_unsettled,
    ResolveSettlement: resolve_settlement,
}
EVOLUTIONS = {
    SettlementRecorded: evolve_settled,
    SettlementDiffers: evolve_differs,
    SettlementResolved: evolve_resolved,
}
