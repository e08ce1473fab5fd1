"""The ledger: double entry per order. Which entries an event makes.

Accounts: `cash:KIND` what we have at the gateway, channel ...; `customer` what the customer has paid and not got yet;
`sales`, `shipping`, `charges` what was earned. `authorized:P1` against `authorizable:P1` remembers what is secured.
"""

from collections.abc import Callable
from typing import Any

from segue.core.base import Event, Value
from segue.core.capture import PaymentCaptured
from segue.core.fulfill import FulfillmentShipped
from segue.core.intake import OrderPlaced
from segue.core.lapse import AuthorizationExpired, AuthorizationReleased
from segue.core.order import Order, value_of
from segue.core.pay import PaymentAuthorized
from segue.core.refund import PaymentRefunded
from segue.core.replacing import PaymentReauthorized, SpareAuthorized
from segue.core.returns import UnitsReturned
from segue.core.void import PaymentVoided


class LedgerEntry(Value):
    """One amount, debited to one account and credited to another, in the order's currency."""

    debit: str
    credit: str
    amount_minor: int


def ledger_entries(order: Order | None, event: Event) -> list[LedgerEntry]:
    """The entries that an event makes; `order` is the order before it."""
    entries = ENTRIES.get(type(event))
    return [entry for entry in entries(order, event) if entry.amount_minor] if entries else []


def _signed(debit: str, credit: str, amount: int) -> LedgerEntry:
    """A negative amount is the same entry the other way round."""
    return LedgerEntry(debit, credit, amount) if amount >= 0 else LedgerEntry(credit, debit, -amount)


def _placed(_: Order | None, event: OrderPlaced) -> list[LedgerEntry]:
    """What the channel brings along is paid, or secured, from the start."""
    entries = []
    for number, tender in enumerate(event.draft.tenders, 1):
        if tender.kind == "prepaid":
            entries.append(_signed("cash:prepaid", "customer", tender.amount_minor))
        elif tender.kind == "adopted":
            entries.append(_signed(f"authorized:P{number}", f"authorizable:P{number}", tender.amount_minor))
    return entries


def _authorized(order: Order, event: PaymentAuthorized | PaymentReauthorized | SpareAuthorized) -> list[LedgerEntry]:
    return [_signed(f"authorized:{event.tender}", f"authorizable:{event.tender}", event.amount_minor)]


def _let_go(order: Order, event: PaymentVoided | AuthorizationExpired | AuthorizationReleased) -> list[LedgerEntry]:
    return [_signed(f"authorizable:{event.tender}", f"authorized:{event.tender}", event.amount_minor)]


def _captured(order: Order, event: PaymentCaptured) -> list[LedgerEntry]:
    kind = order.tenders[event.tender].kind
    paid = _signed(f"cash:{kind}", "customer", event.amount_minor)
    if event.transaction not in order.transactions:
        return [paid]
    return [_signed(f"authorizable:{event.tender}", f"authorized:{event.tender}", event.amount_minor), paid]


def _refunded(order: Order, event: PaymentRefunded) -> list[LedgerEntry]:
    return [_signed("customer", f"cash:{order.tenders[event.tender].kind}", event.amount_minor)]


def _shipped(order: Order, event: FulfillmentShipped) -> list[LedgerEntry]:
    entries = [_signed("customer", "sales", value_of(order, event.units))]
    if not order.shipments:
        entries.append(_signed("customer", "shipping", order.shipping_minor))
        entries += [_signed("customer", f"charges:{charge.code}", charge.amount_minor) for charge in order.charges]
    return entries


def _returned(order: Order, event: UnitsReturned) -> list[LedgerEntry]:
    return [_signed("sales", "customer", value_of(order, event.units))]


ENTRIES: dict[type[Event], Callable[[Any, Any], list[LedgerEntry]]] = {
    OrderPlaced: _placed,
    PaymentAuthorized: _authorized,
    PaymentReauthorized: _authorized,
    SpareAuthorized: _authorized,
    PaymentVoided: _let_go,
    AuthorizationExpired: _let_go,
    AuthorizationReleased: _let_go,
    PaymentCaptured: _captured,
    PaymentRefunded: _refunded,
    FulfillmentShipped: _shipped,
    UnitsReturned: _returned,
}
