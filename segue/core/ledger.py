"""The ledger: double entry per order. Which entries an event makes.

Accounts: `cash:KIND` what we have at the gateway, channel ..., or `cash:METHOD` of gift cards, store credit and points;
`customer` what the customer has paid and not got yet. What was earned is booked as goods leave: `sales` at list prices
without tax, less `discounts` and `adjustments`; `tax`, by name where it is known; `shipping`, `charges:CODE`, `fees`,
what was `reclaimed` of promotions, less `goodwill`. What a bank took back is in `chargebacks`; `twice:KIND` is what it
took although it was refunded before. What the gateway has paid out is in the `bank`, less `gateway_fees`, and
`settled:KIND` says how much of `cash:KIND` that is.
What gift cards are worth that were sold is in `gift_cards`, a liability; `gift_cards:used` is what was used of those that
were taken back. `authorized:P1` against `authorizable:P1` remembers what is secured.
"""

from collections.abc import Callable
from typing import Any

from segue.core.adjust import GoodwillGiven, PriceAdjusted
from segue.core.aftersale import Adjustment
from segue.core.amounts import of_units
from segue.core.base import Event, Value
from segue.core.cancel import CANCELABLE, UnitsCanceled
from segue.core.capture import PaymentCaptured
from segue.core.chargeback import ChargebackRecorded
from segue.core.collect import UnitsCollected
from segue.core.draft import Draft, DraftTender
from segue.core.fulfill import FulfillmentShipped
from segue.core.intake import OrderCorrected, OrderPlaced
from segue.core.issued import GIFT_CARD
from segue.core.issuing import UnitsIssued
from segue.core.lapse import AuthorizationExpired, AuthorizationReleased
from segue.core.moving import moved_from
from segue.core.order import Order, Tender, units_in
from segue.core.parts import OUT, lowered_by, shipping_tax, tax_name, tax_withheld
from segue.core.pay import PaymentAuthorized
from segue.core.proration import taxes_of
from segue.core.reclaim import Kept
from segue.core.refund import PaymentRefunded, RefundCapped
from segue.core.replacing import PaymentReauthorized, SpareAuthorized
from segue.core.returns import UnitsReturned, returned_units
from segue.core.settlement import SettlementRecorded, SettlementResolved
from segue.core.tally import LEFT, common, size
from segue.core.tenders import STORED_VALUE
from segue.core.void import PaymentVoided
from segue.core.worth import no_longer_out

# The accounts of what cannot be given back, since this was given. What a bank gave is in the books from the start.
CAPPED = {"goodwill": "goodwill", "charges": "charges:capped", "chargebacks": "chargebacks"}


class LedgerEntry(Value):
    """One amount, debited to one account and credited to another, in the order's currency."""

    debit: str
    credit: str
    amount_minor: int


def ledger_entries(order: Order | None, event: Event) -> list[LedgerEntry]:
    """The entries that an event makes; `order` is the order before it."""
    entries = ENTRIES.get(type(event))
    return [entry for entry in entries(order, event) if entry.amount_minor] if entries else []


def cash_of(kind: str, method: str) -> str:
    """The account that a tender's money is in: `cash:gateway`, `cash:gift_card`."""
    return f"cash:{method if method in STORED_VALUE else kind}"


def _signed(debit: str, credit: str, amount: int) -> LedgerEntry:
    """A negative amount is the same entry the other way round."""
    return LedgerEntry(debit, credit, amount) if amount >= 0 else LedgerEntry(credit, debit, -amount)


def _placed(_: Order | None, event: OrderPlaced) -> list[LedgerEntry]:
    """What the channel brings along is paid, or secured, from the start."""
    return _brought(event.draft)


def _brought(draft: Draft) -> list[LedgerEntry]:
    return [entry for number, each in enumerate(draft.tenders, 1) for entry in _brought_by(f"P{number}", each)]


def _brought_by(name: str, tender: DraftTender | Tender) -> list[LedgerEntry]:
    if tender.kind == "prepaid":
        return [_signed(cash_of(tender.kind, tender.method), "customer", tender.amount_minor)]
    if tender.kind == "adopted":
        return [_signed(f"authorized:{name}", f"authorizable:{name}", tender.amount_minor)]
    return []


def _corrected(order: Order, event: OrderCorrected) -> list[LedgerEntry]:
    """What the channel brought along with the first document is taken back, and what it brings along now is booked."""
    before = [entry for name, known in order.tenders.items() for entry in _brought_by(name, known)]
    return [*_undone(before), *_brought(event.draft)]


def _authorized(order: Order, event: PaymentAuthorized | PaymentReauthorized | SpareAuthorized) -> list[LedgerEntry]:
    return [_signed(f"authorized:{event.tender}", f"authorizable:{event.tender}", event.amount_minor)]


def _let_go(order: Order, event: PaymentVoided | AuthorizationExpired | AuthorizationReleased) -> list[LedgerEntry]:
    return [_signed(f"authorizable:{event.tender}", f"authorized:{event.tender}", event.amount_minor)]


def _captured(order: Order, event: PaymentCaptured) -> list[LedgerEntry]:
    tender = order.tenders[event.tender]
    paid = _signed(cash_of(tender.kind, tender.method), "customer", event.amount_minor)
    if event.transaction not in order.transactions:
        return [paid]
    return [_signed(f"authorizable:{event.tender}", f"authorized:{event.tender}", event.amount_minor), paid]


def _refunded(order: Order, event: PaymentRefunded) -> list[LedgerEntry]:
    tender = order.tenders[event.tender]
    return [_signed("customer", cash_of(tender.kind, tender.method), event.amount_minor)]


def _shipped(order: Order, event: FulfillmentShipped | UnitsCollected | UnitsIssued) -> list[LedgerEntry]:
    """The goods; and with the first parcel all that is owed beside them."""
    entries = _sold(order, event.units)
    if not order.shipments:
        entries += _beside(order)
    return entries


def _beside(order: Order) -> list[LedgerEntry]:
    entries = _shipping(order, 0, order.shipping_minor - order.shipping_back_minor)
    for charge in order.charges:
        entries.append(_signed("customer", f"charges:{charge.code}", charge.amount_minor - charge.tax_minor))
        entries.append(_signed("customer", _account(tax_name(order)), charge.tax_minor))
    entries += _reclaimed(order, 0, order.withheld_minor)
    entries.append(_signed("goodwill", "customer", order.goodwill_minor))
    for since, amount in order.capped.items():
        if since != "chargebacks":
            entries.append(_signed("customer", CAPPED[since], amount))
    return entries


def _returned(order: Order, event: UnitsReturned) -> list[LedgerEntry]:
    """The goods were never sold; the fee was earned."""
    fee = [
        _signed("customer", "fees", event.fee_minor - event.fee_tax_minor),
        _signed("customer", _account(tax_name(order)), event.fee_tax_minor),
    ]
    if event.used_minor:  # of a gift card: it was redeemed, and is no income of ours
        fee = [
            _signed("customer", "gift_cards:used", event.fee_minor),
            _signed("adjustments", "gift_cards:used", event.used_minor - event.fee_minor),
        ]
    back = event.units
    if order.bundles:  # what was back waits for the rest of its bundle
        back = no_longer_out(order, returned_units(order, event.units, event.lost), OUT)
    return [*_undone(_sold(order, back)), *_given_back(order, event), *fee]


def _canceled(order: Order, event: UnitsCanceled) -> list[LedgerEntry]:
    if not order.shipments:
        return []
    back: Kept = {}
    if order.bundles:  # what was back, and waited for nothing but this
        back = no_longer_out(order, moved_from(order, CANCELABLE, "canceled", event.units), OUT)
    return [*_undone(_sold(order, back)), *_given_back(order, event)]


def _given_back(order: Order, event: UnitsCanceled | UnitsReturned) -> list[LedgerEntry]:
    """What goes back of the shipping, and what is withheld, once they are in the books."""
    charged = order.shipping_minor - order.shipping_back_minor
    return [
        *_shipping(order, charged, charged - event.shipping_minor),
        *_reclaimed(order, order.withheld_minor, order.withheld_minor + event.withheld_minor),
    ]


def _adjusted(order: Order, event: PriceAdjusted) -> list[LedgerEntry]:
    """Of units that have left now, of the others as they leave."""
    gone = common(event.units, units_in(order, *LEFT).get(event.line, ()))
    adjustment = Adjustment(event.line, event.units, event.amount_minor, event.tax_minor)
    return _lowered(order, *lowered_by((adjustment,), {event.line: gone}))


def _goodwill(order: Order, event: GoodwillGiven) -> list[LedgerEntry]:
    return [_signed("goodwill", "customer", event.amount_minor)] if order.shipments else []


def _capped(order: Order, event: RefundCapped) -> list[LedgerEntry]:
    """What was given before counts: so much less of it was a gift, or a loss."""
    is_booked = order.shipments or event.since == "chargebacks"
    return [_signed("customer", CAPPED[event.since], event.amount_minor)] if is_booked else []


def _charged_back(order: Order, event: ChargebackRecorded) -> list[LedgerEntry]:
    """What was refunded before has gone out twice: it was in no account of ours, and is claimed from the bank or lost."""
    tender = order.tenders[event.tender]
    cash = cash_of(tender.kind, tender.method)
    twice = _signed("chargebacks", cash.replace("cash:", "twice:"), event.beyond_minor)
    return [_signed("chargebacks", cash, event.amount_minor), twice]


def _sold(order: Order, units: Kept) -> list[LedgerEntry]:
    """Units at list prices without tax, what was taken off, their taxes, and what their prices were lowered by since."""
    sales = discounts = stored = 0
    for number, here in units.items():
        line = order.lines[number - 1]
        tax = of_units(line.tax_minor, line.quantity, here)
        gross = line.price_minor * size(here) - (tax if order.taxes_included else 0)
        if line.kind == GIFT_CARD:  # it is owed until somebody buys with it
            stored += gross
        else:
            sales += gross
        discounts += gross + tax - of_units(line.paid_minor, line.quantity, here)
    return [
        _signed("customer", "sales", sales),
        _signed("customer", "gift_cards", stored),
        _signed("discounts", "customer", discounts),
        *(_signed("customer", _account(tax), amount) for tax, amount in taxes_of(order, units).items()),
        *(_lowered(order, *lowered_by(order.adjustments, units)) if order.adjustments else ()),
    ]


def _lowered(order: Order, amount: int, tax: int) -> list[LedgerEntry]:
    return [_signed("adjustments", "customer", amount - tax), _signed(_account(tax_name(order)), "customer", tax)]


def _shipping(order: Order, before: int, after: int) -> list[LedgerEntry]:
    """What is charged for shipping goes from one amount to another; its tax is in proportion, and adds up."""
    tax = shipping_tax(order, after) - shipping_tax(order, before)
    return [_signed("customer", "shipping", after - before - tax), _signed("customer", _account(tax_name(order)), tax)]


def _reclaimed(order: Order, before: int, after: int) -> list[LedgerEntry]:
    """What is withheld goes from one amount to another; its tax is as that of all goods."""
    if before == after:
        return []
    tax = tax_withheld(order, after) - tax_withheld(order, before)
    return [_signed("customer", "reclaimed", after - before - tax), _signed("customer", _account(tax_name(order)), tax)]


def _account(tax: str) -> str:
    return f"tax:{tax}" if tax else "tax"


def _undone(entries: list[LedgerEntry]) -> list[LedgerEntry]:
    return [LedgerEntry(entry.credit, entry.debit, entry.amount_minor) for entry in entries]


def _settled(order: Order, event: SettlementRecorded | SettlementResolved) -> list[LedgerEntry]:
    """What the gateway has paid is in the bank, less its fee; of a refund it has kept as much, and the fee."""
    done = order.transactions.get(event.transaction)
    if done is None:  # a difference that is resolved without a booking
        return []
    tender = order.tenders[done.tender]
    settled = cash_of(tender.kind, tender.method).replace("cash:", "settled:")
    amount = event.amount_minor if done.kind == "capture" else -event.amount_minor
    return [_signed("bank", settled, amount), _signed("gateway_fees", "bank", event.fee_minor)]


ENTRIES: dict[type[Event], Callable[[Any, Any], list[LedgerEntry]]] = {
    OrderPlaced: _placed,
    OrderCorrected: _corrected,
    PaymentAuthorized: _authorized,
    PaymentReauthorized: _authorized,
    SpareAuthorized: _authorized,
    PaymentVoided: _let_go,
    AuthorizationExpired: _let_go,
    AuthorizationReleased: _let_go,
    PaymentCaptured: _captured,
    PaymentRefunded: _refunded,
    RefundCapped: _capped,
    ChargebackRecorded: _charged_back,
    FulfillmentShipped: _shipped,
    UnitsCollected: _shipped,
    UnitsIssued: _shipped,
    UnitsCanceled: _canceled,
    UnitsReturned: _returned,
    PriceAdjusted: _adjusted,
    GoodwillGiven: _goodwill,
    SettlementRecorded: _settled,
    SettlementResolved: _settled,
}
