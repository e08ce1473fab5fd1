"""Capturing: take the money for what the shop's policy says is to be paid now, from the tenders in their order."""

from collections.abc import Iterator

from msgspec.structs import replace

from segue.core.authorization import authorizations, held, means_of, usable
from segue.core.base import Because, Command, Event
from segue.core.context import Context, refuse_if_held
from segue.core.deposit import deposit_of
from segue.core.grace import refuse_in_grace
from segue.core.lapse import AuthorizationExpired, AuthorizationReleased
from segue.core.order import Order, Transaction, money_in, units_in, value_of
from segue.core.tally import Units, minus
from segue.core.tenders import PROPORTIONAL, in_turn, shared
from segue.core.transactions import (
    CHARGED,
    OUTCOMES,
    Outcome,
    amount_checked,
    asked,
    closed,
    money_moved,
    next_id,
    opened,
    under_way,
    units_of,
)
from segue.core.worth import earned, extras_of

EXPIRED = "expired"  # what a gateway says in `detail` when it declines a capture because the authorization is too old


class Capture(Command):
    """Take the money for what the capture policy says is to be paid now."""


class RecordCapture(Command):
    """The gateway's answer to a capture."""

    transaction: str
    outcome: Outcome
    amount_minor: int = 0
    reference: str = ""
    detail: str = ""
    currency: str = ""


class CaptureRequested(Event):
    """The gateway is being asked to take the amount from an authorization."""

    transaction: str
    tender: str
    amount_minor: int
    units: dict[int, Units] = {}
    shipping_minor: int = 0
    authorization: str = ""  # from which it is taken


class PaymentCaptured(Event):
    """The amount is ours. `units` only where no gateway was asked: paid on account or on delivery."""

    transaction: str
    tender: str
    amount_minor: int
    reference: str = ""
    units: dict[int, Units] = {}
    shipping_minor: int = 0


class CaptureDeclined(Event):
    """The amount was not taken."""

    transaction: str
    tender: str
    amount_minor: int
    detail: str = ""


def capture(order: Order, command: Capture, context: Context) -> list[Event]:
    """Take what is earned and not taken yet, from the tenders in their turn. Nothing is earned: nothing happens."""
    refuse_if_held(order, context, "capture")
    rule = context.workflow.capture
    states = rule.call(order) if rule else ()
    if order.digital:  # what is digital is paid before it is delivered, whatever the others wait for
        states = (*states, "issuing")
    taken = money_in(order, "capturing", "captured", "charged_back")
    deposit = deposit_of(order, context) if order.covered else 0
    payable_now = max(earned(order, states), deposit)
    shares = _shares(order, payable_now - taken, context)
    why = Because(rule.name if rule else "", {"deposit": deposit} if deposit else {})
    events: list[Event] = []
    for name in in_turn(order, order.tenders, context.workflow.capture_from):
        payable, whole = states, payable_now
        if order.tenders[name].kind == "on_delivery":
            payable = ("delivered", "returning")
            whole = max(earned(order, payable), deposit)
        owed = min(whole - taken, shares.get(name, whole))
        if owed <= 0:  # as it mostly is when this is asked
            continue
        for authorization, there in _sources(order, name, context):
            amount = min(owed, there)
            if amount > 0:
                events.append(_take(order, name, authorization, amount, payable, events, why))
                taken += amount
                owed -= amount
    if events and order.grace_ends_s is not None and not order.grace_over:
        refuse_in_grace(order, context)
    return events


def _shares(order: Order, owed: int, context: Context) -> dict[str, int]:
    """What each tender gives at most, where all give in proportion; those on delivery give when it is their time."""
    if context.workflow.capture_from != PROPORTIONAL:
        return {}
    usable_of = {
        name: sum(there for _, there in _sources(order, name, context))
        for name, tender in order.tenders.items()
        if tender.kind != "on_delivery"
    }
    return dict.fromkeys(usable_of, 0) | shared(order, owed, usable_of, PROPORTIONAL)


def _sources(order: Order, tender: str, context: Context) -> Iterator[tuple[str, int]]:
    """Where a tender's money can be taken from: its authorizations, the oldest first; or what is agreed, without one."""
    if order.tenders[tender].kind not in CHARGED:
        yield "", order.tenders[tender].tally.get("agreed", 0)
    for name in authorizations(order, tender):
        yield name, usable(order, name, context)


def _take(
    order: Order, name: str, authorization: str, amount: int, states: tuple[str, ...], events: list[Event], why: Because
) -> Event:
    paid = units_of(order, "capture")
    units = {n: rest for n, here in units_in(order, *states).items() if (rest := minus(here, paid.get(n, ())))}
    first = not paid and not events
    if why.figures:  # a deposit alone is for no goods and no shipping
        first = first and earned(order, states) > 0
    shipping = extras_of(order) if first else 0
    figures = {"value": value_of(order, units), "shipping": shipping, "amount": amount}
    because = replace(why, figures=figures | why.figures)
    own, id = {} if events else units, next_id(order, "C", events)
    if not authorization:
        return PaymentCaptured(id, name, amount, units=own, shipping_minor=shipping, because=because)
    return CaptureRequested(id, name, amount, own, shipping, authorization, because=because)


def record_capture(order: Order, command: RecordCapture, context: Context) -> list[Event]:
    """The money is ours, or it is not; then the authorization stands, unless the gateway says that it has expired."""
    transaction = asked(order, command.transaction, "capture")
    tender, authorization = transaction.tender, transaction.reference_of
    if command.outcome == "declined" and command.detail == EXPIRED:
        gone = held(order, authorization) + transaction.amount_minor
        because = Because("gateway_answer", {"detail": command.detail})
        return [AuthorizationExpired(authorization, tender, gone, command.transaction, because=because)]
    if command.outcome == "declined":
        return [CaptureDeclined(command.transaction, tender, transaction.amount_minor, command.detail)]
    amount = amount_checked(order, command.transaction, command.amount_minor, command.currency)
    captured = PaymentCaptured(command.transaction, tender, amount, command.reference)
    return [captured, *_rest_of(order, authorization, context)]


def _rest_of(order: Order, authorization: str, context: Context) -> list[Event]:
    """What is gone with the only capture that a means of payment allows."""
    tender, rest = order.transactions[authorization].tender, held(order, authorization)
    if rest <= 0 or means_of(order, tender, context).captures == "many":
        return []
    because = Because("captures_one", {"method": order.tenders[tender].method})
    return [AuthorizationReleased(authorization, tender, rest, because=because)]


def evolve_capture_requested(order: Order, event: CaptureRequested, at_s: int) -> Order:
    """The amount is on its way to us."""
    order = money_moved(order, event.tender, "authorized", "capturing", event.amount_minor)
    capture = Transaction(
        "capture", event.tender, event.amount_minor, "asked", event.units, event.shipping_minor,
        reference_of=event.authorization, at_s=at_s,
    )  # fmt: skip
    return opened(order, event.transaction, capture)


def evolve_captured(order: Order, event: PaymentCaptured, at_s: int) -> Order:
    """The amount is ours."""
    if event.transaction in order.transactions:
        order = money_moved(order, event.tender, "capturing", "captured", event.amount_minor)
        return closed(order, event.transaction, "done", event.reference)
    order = money_moved(order, event.tender, "agreed", "captured", event.amount_minor)
    paid = Transaction(
        "capture", event.tender, event.amount_minor, "done", event.units, event.shipping_minor, at_s=at_s
    )
    return opened(order, event.transaction, paid)


def evolve_capture_declined(order: Order, event: CaptureDeclined, at_s: int) -> Order:
    """The amount is still only held."""
    order = money_moved(order, event.tender, "capturing", "authorized", event.amount_minor)
    return closed(order, event.transaction, "declined")


def said_of_captures(order: Order) -> list[Command]:
    """The gateway takes the amount or declines."""
    return [RecordCapture(name, outcome) for name in under_way(order, "capture") for outcome in OUTCOMES]


DECISIONS = {Capture: capture, RecordCapture: record_capture}
EVOLUTIONS = {
    CaptureRequested: evolve_capture_requested,
    PaymentCaptured: evolve_captured,
    CaptureDeclined: evolve_capture_declined,
}
EFFECTS = {
    CaptureRequested: {"capturing": ("authorized",)},
    PaymentCaptured: {"captured": ("capturing", "agreed")},
    CaptureDeclined: {"authorized": ("capturing",)},
}
ANSWERS = {CaptureRequested: said_of_captures}
TROUBLES = (CaptureDeclined,)
