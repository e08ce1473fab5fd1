"""Voiding: money that is secured and will not be needed, or not yet, is let go of."""

from collections.abc import Iterator

from segue.core.authorization import authorizations, has_ended, means_of, usable, usable_of_all
from segue.core.base import Because, Command, Event
from segue.core.context import Context
from segue.core.order import Order, Transaction, left_of, money_in
from segue.core.tally import GIVEN, LEFT
from segue.core.tenders import in_turn
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
from segue.core.worth import earned, keeps

GIVEN_OUT = (*GIVEN, *LEFT[:3])  # goods that are on their way, or with the customer


class Void(Command):
    """Let go of money that is secured and will not be needed."""


class Reverse(Command):
    """Let go of what is authorized, for now: it is due again, and authorized when the goods are ready."""

    reason: str = ""


class RecordVoid(Command):
    """The gateway's answer to a void."""

    transaction: str
    outcome: Outcome
    amount_minor: int = 0
    reference: str = ""
    detail: str = ""
    currency: str = ""


class VoidRequested(Event):
    """The gateway is being asked to let go of an amount that it holds under an authorization."""

    transaction: str
    tender: str
    amount_minor: int
    authorization: str = ""
    due_again: bool = False  # whether it will be asked for once more


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
    """Let go of what is not needed any more: what nobody holds yet, then those tenders first that would be taken last.

    Often there is nothing.
    What is being authorized may yet be declined: what is held, agreed or still to be asked for is not let go of for it.
    """
    events: list[Event] = list(_spares(order, context))
    secured = money_in(order, "authorized", "agreed", "due")
    if not secured:  # as it is after most captures, when this is asked
        return events
    needed = max(0, keeps(order) - money_in(order, "capturing", "captured", "charged_back"))
    excess = secured - needed
    last_first = in_turn(order, order.tenders, context.workflow.capture_from)[::-1]
    for name, state in (*((name, "due") for name in last_first), *((name, "agreed") for name in last_first)):
        dropped = min(excess, order.tenders[name].tally.get(state, 0))
        if dropped > 0:
            events.append(TenderDropped(name, dropped, state))
            excess -= dropped
        for authorization in reversed(authorizations(order, name)) if state == "agreed" else ():
            amount = _releasable(order, authorization, excess, context)
            if amount > 0:
                because = Because("excess", {"needed": needed, "excess": excess, "amount": amount})
                events.append(VoidRequested(next_id(order, "V", events), name, amount, authorization, because=because))
                excess -= amount
    return events


def _releasable(order: Order, authorization: str, excess: int, context: Context) -> int:
    """How much of an authorization can be let go of: part of it only where its means of payment can do that."""
    whole = usable(order, authorization, context)
    if whole <= excess:
        return whole
    return max(0, excess) if means_of(order, order.transactions[authorization].tender, context).void_part else 0


def _spares(order: Order, context: Context) -> Iterator[Event]:
    """Those that another authorization stands for are let go of, if the gateway would not do it before."""
    count = 0
    for name, done in order.transactions.items():
        if done.spare and not has_ended(done, context.now_s) and (left := left_of(order, name)) > 0:
            voids = sum(other.kind == "void" for other in order.transactions.values())
            count += 1
            yield VoidRequested(
                f"V{voids + count}", done.tender, left, name, because=Because("spare", {"amount": left})
            )


def reverse(order: Order, command: Reverse, context: Context) -> list[Event]:
    """All that is authorized, not being taken, and no cover of goods that were given out. It is due again.

    The order stays as it is. What would be taken last is let go of first.
    """
    events: list[Event] = []
    spare = usable_of_all(order, context) - _cover_needed(order)
    for name in in_turn(order, order.tenders, context.workflow.capture_from)[::-1]:
        for authorization in reversed(authorizations(order, name)):
            amount = _releasable(order, authorization, spare, context)
            if amount > 0:
                because = Because("reverse", {"reason": command.reason, "amount": amount})
                asked_id = next_id(order, "V", events)
                events.append(VoidRequested(asked_id, name, amount, authorization, True, because=because))
                spare -= amount
    return events


def _cover_needed(order: Order) -> int:
    """What has to stay authorized for goods that are with a location, or have left."""
    secured = money_in(order, "capturing", "captured", "charged_back", "agreed")
    return max(0, earned(order, GIVEN_OUT) - secured)


def record_void(order: Order, command: RecordVoid, context: Context) -> list[Event]:
    """The money is let go of, or not."""
    transaction = asked(order, command.transaction, "void")
    if command.outcome == "declined":
        return [VoidDeclined(command.transaction, transaction.tender, transaction.amount_minor, command.detail)]
    amount = amount_checked(order, command.transaction, command.amount_minor, command.currency)
    return [PaymentVoided(command.transaction, transaction.tender, amount, command.reference)]


def evolve_void_requested(order: Order, event: VoidRequested, at_s: int) -> Order:
    """The amount is on its way back. What another authorization stands for is not counted any more."""
    void = Transaction(
        "void", event.tender, event.amount_minor, reference_of=event.authorization, at_s=at_s, due_again=event.due_again
    )
    order = opened(order, event.transaction, void)
    if _is_spare(order, event.transaction):
        return order
    return money_moved(order, event.tender, "authorized", "voiding", event.amount_minor)


def evolve_voided(order: Order, event: PaymentVoided, at_s: int) -> Order:
    """The amount is the customer's again."""
    is_spare = _is_spare(order, event.transaction)
    order = closed(order, event.transaction, "done", event.reference)
    if is_spare:
        return order
    target = "due" if order.transactions[event.transaction].due_again else "voided"
    return money_moved(order, event.tender, "voiding", target, event.amount_minor)


def evolve_void_declined(order: Order, event: VoidDeclined, at_s: int) -> Order:
    """The amount is still held."""
    is_spare = _is_spare(order, event.transaction)
    order = closed(order, event.transaction, "declined")
    return order if is_spare else money_moved(order, event.tender, "voiding", "authorized", event.amount_minor)


def _is_spare(order: Order, void: str) -> bool:
    """Whether a void lets go of an authorization that another one stands for."""
    authorization = order.transactions.get(order.transactions[void].reference_of)
    return authorization is not None and authorization.spare


def evolve_dropped(order: Order, event: TenderDropped, at_s: int) -> Order:
    """Nobody will ask for it."""
    return money_moved(order, event.tender, event.source, "dropped", event.amount_minor)


def said_of_voids(order: Order) -> list[Command]:
    """The gateway lets go of the amount or declines."""
    return [RecordVoid(name, outcome) for name in under_way(order, "void") for outcome in OUTCOMES]


DECISIONS = {Void: void, Reverse: reverse, RecordVoid: record_void}
EVOLUTIONS = {
    VoidRequested: evolve_void_requested,
    PaymentVoided: evolve_voided,
    VoidDeclined: evolve_void_declined,
    TenderDropped: evolve_dropped,
}
EFFECTS = {
    VoidRequested: {"voiding": ("authorized",)},
    PaymentVoided: {"voided": ("voiding",), "due": ("voiding",)},
    VoidDeclined: {"authorized": ("voiding",)},
    TenderDropped: {"dropped": ("due", "agreed")},
}
ANSWERS = {VoidRequested: said_of_voids}
TROUBLES = (VoidDeclined,)
