"""Documents: what an invoice or a credit memo says. Made from the order when it is issued, and kept for ever."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from segue.core.amounts import half_up, of_units, spread
from segue.core.base import Event, Value
from segue.core.draft import Charge, Tax
from segue.core.invoice import INVOICE, CreditMemoIssued, InvoiceIssued, invoices_of
from segue.core.order import Line, Order
from segue.core.papers import Credited
from segue.core.proration import taxes_of
from segue.core.reclaim import net_of
from segue.core.tally import Units, size

OTHER_TAX = "tax"  # what a tax is called of which only the amount is known


class DocumentLine(Value):
    """Units of a line, and what was asked or is given back for them."""

    line: int
    sku: str
    units: Units
    amount_minor: int  # with tax
    price_minor: int = 0  # the list price of one
    discount_minor: int = 0  # off all of these
    taxes: tuple[Tax, ...] = ()
    title: str = ""


class Document(Value):
    """An invoice or a credit memo. Amounts are in minor units, and are those of the units: nothing is worked out anew."""

    kind: str  # invoice, credit_memo
    name: str  # within its order: I1, M1
    order: str
    currency: str
    issued_at_s: int
    of: str  # the shipment, or the refund; nothing where there is none
    total_minor: int
    lines: tuple[DocumentLine, ...] = ()
    shipping_minor: int = 0  # with its tax
    shipping_tax_minor: int = 0
    charges: tuple[Charge, ...] = ()
    other_minor: int = 0  # what else is asked or given: goodwill, what a promotion withholds, fees for returns
    settled_by: dict[str, int] = {}  # captures or refunds, and prepaid tenders: what of this each pays
    reverses: dict[str, int] = {}  # of a credit memo: invoices


def document_of(order: Order, event: Event, at_s: int) -> Document:
    """What is issued with this event; `order` is the order after it."""
    return DOCUMENTS[type(event)](order, event, at_s)


def _invoice(order: Order, event: InvoiceIssued, at_s: int) -> Document:
    units = order.shipments[event.shipment].units if event.shipment else {}
    lines = tuple([_line(order, number, here) for number, here in units.items()])
    shipping, charges = (order.shipping_minor, order.charges) if event.document == f"{INVOICE}1" else (0, ())
    parts = sum([line.amount_minor for line in lines]) + shipping + sum([charge.amount_minor for charge in charges])
    return Document(
        "invoice", event.document, order.id, order.currency, at_s, event.shipment, event.total_minor, lines, shipping,
        order.shipping_tax_minor if shipping else 0, charges, event.total_minor - parts, _paid_by(order, event),
    )  # fmt: skip


def _line(order: Order, number: int, units: Units, part: Credited | None = None) -> DocumentLine:
    """Units with what is paid for them. The price is named only where price, discount and tax lead to the amount."""
    line = order.lines[number - 1]
    paid, tax = of_units(line.paid_minor, line.quantity, units), of_units(line.tax_minor, line.quantity, units)
    amount, share = paid, tax
    if part:
        amount, share = part.amount_minor, part.tax_minor
    elif order.adjustments and paid:
        amount = net_of(order, {number: units})
        share = half_up(Fraction(tax * amount, paid))
    if (amount, share) != (paid, tax):
        return DocumentLine(number, line.sku, units, amount, taxes=_shared(line, share), title=line.title)
    discount = line.price_minor * size(units) + (0 if order.taxes_included else tax) - paid
    taxes = _taxes(order, number, units) if line.tax_minor else ()
    return DocumentLine(number, line.sku, units, paid, line.price_minor, discount, taxes, line.title)


def _taxes(order: Order, number: int, units: Units) -> tuple[Tax, ...]:
    """The taxes of units, by name."""
    rates = {tax.name: tax.rate for tax in order.lines[number - 1].taxes}
    found = taxes_of(order, {number: units}).items()
    return tuple([Tax(name or OTHER_TAX, amount, rates.get(name, "")) for name, amount in found if amount])


def _shared(line: Line, tax_minor: int) -> tuple[Tax, ...]:
    """A part of a line's tax by name; as one, where not all of it has a name."""
    if not tax_minor:
        return ()
    weights = [tax.amount_minor for tax in line.taxes]
    if sum(weights) != line.tax_minor:
        return (Tax(OTHER_TAX, tax_minor),)
    shares = spread(tax_minor, weights)
    return tuple([Tax(tax.name or OTHER_TAX, share, tax.rate) for tax, share in zip(line.taxes, shares, strict=True)])


def _paid_by(order: Order, event: InvoiceIssued) -> dict[str, int]:
    """What pays an invoice as far as it is known: money is used up by the invoices in their order, as it came in."""
    begin = sum([issued.total_minor for issued in invoices_of(order).values()]) - event.total_minor
    return dict(_between(order, begin, begin + event.total_minor))


def _between(order: Order, begin: int, end: int) -> Iterator[tuple[str, int]]:
    so_far = 0
    for name, amount in _money(order):
        part = min(end, so_far + amount) - max(begin, so_far)
        if part > 0:
            yield name, part
        so_far += amount


def _money(order: Order) -> Iterator[tuple[str, int]]:
    """Prepaid tenders, and captures that were not declined."""
    for name, tender in order.tenders.items():
        if tender.kind == "prepaid":
            yield name, tender.amount_minor
    for name, done in order.transactions.items():
        if done.kind == "capture" and done.outcome != "declined":
            yield name, done.amount_minor


def _credit_memo(order: Order, event: CreditMemoIssued, at_s: int) -> Document:
    lines = tuple([_line(order, number, part.units, part) for number, part in event.lines.items()])
    return Document(
        "credit_memo", event.document, order.id, order.currency, at_s, event.refund, event.total_minor, lines,
        other_minor=event.total_minor - sum([line.amount_minor for line in lines]),
        settled_by={event.refund: event.total_minor} if event.refund else {},
        reverses=event.reverses,
    )  # fmt: skip


DOCUMENTS: dict[type[Event], Callable[[Any, Any, int], Document]] = {
    InvoiceIssued: _invoice,
    CreditMemoIssued: _credit_memo,
}
