"""Documents: what an invoice or a credit memo says. Made from the order when it is issued, and kept for ever."""

from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace

from segue.core.amounts import of_units
from segue.core.base import Event, Value
from segue.core.bundling import bundles_with, sold_of
from segue.core.draft import Charge, Tax
from segue.core.invoice import CreditMemoIssued, InvoiceIssued, invoices_of
from segue.core.order import Line, Order
from segue.core.papers import Credited, Part
from segue.core.parts import (
    CHARGES,
    GOODS,
    INVOICE,
    SHIPPING,
    WITHHELD,
    Parts,
    goods_of,
    shared_tax,
    taxes_of_all,
)
from segue.core.proration import taxes_of
from segue.core.tally import Units, size

SAYS = {GOODS: "lowered_prices", WITHHELD: "withheld_by_promotions"}  # where the name of a part would not say it
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


class DocumentBundle(Value):
    """What was sold as one article, and which lines of the document are parts of it."""

    sku: str
    quantity: int  # of how many bundles units are in the document
    lines: tuple[int, ...]
    amount_minor: int  # of those lines together, with tax
    title: str = ""


class Other(Value):
    """What is asked or given beside lines, shipping and charges, and the tax in it."""

    what: str  # lowered_prices, withheld_by_promotions, fees, goodwill, given_before
    amount_minor: int  # with its tax
    tax_minor: int = 0


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
    other_minor: int = 0  # what else is asked or given: see `others`
    settled_by: dict[str, int] = {}  # captures or refunds, and prepaid tenders: what of this each pays
    reverses: dict[str, int] = {}  # of a credit memo: invoices
    others: tuple[Other, ...] = ()  # what `other_minor` is made up of
    taxes: tuple[Tax, ...] = ()  # in the total, by name
    bundles: tuple[DocumentBundle, ...] = ()


def document_of(order: Order, event: Event, at_s: int) -> Document:
    """What is issued with this event; `order` is the order after it."""
    document = DOCUMENTS[type(event)](order, event, at_s)
    return replace(document, bundles=tuple(_bundles(order, document.lines))) if order.bundles else document


def _bundles(order: Order, lines: tuple[DocumentLine, ...]) -> Iterator[DocumentBundle]:
    """The bundles that lines are parts of."""
    units = {line.line: line.units for line in lines}
    for _, bundle in sold_of(order):
        if quantity := size(bundles_with(bundle, units)):
            parts = [line for line in lines if line.line in bundle.parts]
            amount = sum([line.amount_minor for line in parts])
            yield DocumentBundle(bundle.sku, quantity, tuple([line.line for line in parts]), amount, bundle.title)


def _invoice(order: Order, event: InvoiceIssued, at_s: int) -> Document:
    units = order.shipments[event.shipment].units if event.shipment else {}
    lines = tuple([_line(order, number, here) for number, here in units.items()])
    shipping, others = event.parts.get(SHIPPING, Part(0)), _others(event.parts, lines)
    return Document(
        "invoice", event.document, order.id, order.currency, at_s, event.shipment, event.total_minor, lines,
        shipping.amount_minor, _sum(shipping.taxes), order.charges if event.document == f"{INVOICE}1" else (),
        sum([other.amount_minor for other in others]), _paid_by(order, event),
        others=others, taxes=_all_taxes(order, event.parts),
    )  # fmt: skip


def _others(parts: Parts, lines: tuple[DocumentLine, ...]) -> tuple[Other, ...]:
    """What is no line, shipping or charge; of the goods what the lines do not say: prices that were lowered."""
    found = []
    for name, part in parts.items():
        amount, tax = part.amount_minor, _sum(part.taxes)
        if name == GOODS:
            amount -= sum([line.amount_minor for line in lines])
            tax -= sum([each.amount_minor for line in lines for each in line.taxes])
        if (amount or tax) and name not in (SHIPPING, CHARGES):
            found.append(Other(SAYS.get(name, name), amount, tax))
    return tuple(found)


def _all_taxes(order: Order, parts: Parts) -> tuple[Tax, ...]:
    """The taxes in all of it, by name; with their rate, where all of that name have the same."""
    rates: dict[str, set[str]] = {}
    for tax in (*(tax for line in order.lines for tax in line.taxes), *order.shipping_taxes):
        rates.setdefault(tax.name, set()).add(tax.rate)
    return tuple(
        [
            Tax(name or OTHER_TAX, amount, "".join(rates.get(name, ())) if len(rates.get(name, ())) == 1 else "")
            for name, amount in taxes_of_all(parts).items()
            if amount
        ]
    )


def _sum(taxes: dict[str, int]) -> int:
    return sum(taxes.values())


def _line(order: Order, number: int, units: Units, part: Credited | None = None) -> DocumentLine:
    """Units with what is paid for them. The price is named only where price, discount and tax lead to the amount."""
    line = order.lines[number - 1]
    paid, tax = of_units(line.paid_minor, line.quantity, units), of_units(line.tax_minor, line.quantity, units)
    amount, share = paid, tax
    if part:
        amount, share = part.amount_minor, part.tax_minor
    elif order.adjustments:
        goods = goods_of(order, {number: units})
        amount, share = goods.amount_minor, _sum(goods.taxes)
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
    rates = {tax.name: tax.rate for tax in line.taxes}
    shares = shared_tax(line, tax_minor).items()
    return tuple([Tax(name or OTHER_TAX, share, rates.get(name, "") if name else "") for name, share in shares])


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
    shipping, others = event.parts.get(SHIPPING, Part(0)), _others(event.parts, lines)
    return Document(
        "credit_memo", event.document, order.id, order.currency, at_s, event.refund, event.total_minor, lines,
        shipping.amount_minor, _sum(shipping.taxes), other_minor=sum([other.amount_minor for other in others]),
        settled_by={event.refund: event.total_minor} if event.refund else {}, reverses=event.reverses,
        others=others, taxes=_all_taxes(order, event.parts),
    )  # fmt: skip


DOCUMENTS: dict[type[Event], Callable[[Any, Any, int], Document]] = {
    InvoiceIssued: _invoice,
    CreditMemoIssued: _credit_memo,
}
