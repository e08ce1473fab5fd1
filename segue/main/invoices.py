"""The commands `segue invoices` and `segue invoice`: the invoices and credit memos of an order, and one of them whole."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from segue.core.documents import Document, DocumentLine
from segue.core.draft import Tax
from segue.core.order import Order as OrderValue
from segue.core.tally import size
from segue.main.bundled import show_billed
from segue.main.failing import WRONG_USE, Failed
from segue.main.formats import count, instant, iso, money, words
from segue.main.output import facts, heading, plain, print_json, say, table
from segue.main.parameters import HERE, Json, Order, Shop
from segue.main.shops import connection_to, found_order
from segue.store.filing import Filed, document_with, documents_of, last_numbers
from segue.store.reading import Finder

if TYPE_CHECKING:
    from segue.store.database import Connection

COLUMNS = ("number", "kind", "issued", "of", ">total", "settled by", "reverses")
LINES = ("line", "sku", "title", ">units", ">price", ">discount", ">tax", ">amount")


def invoices(id: Order, /, *, shop: Shop = HERE, json: Json = False) -> None:
    """List the invoices and credit memos of an order, and what settles them."""
    connection = connection_to(shop)
    order = _order(connection, found_order(connection, id).id)
    filed = documents_of(connection, order.id)
    numbers = {each.document.name: each.number for each in filed}
    if json:
        print_json([_as_json(each, order, numbers) for each in filed])
        return
    table(COLUMNS, [_row(each, order, numbers) for each in filed])
    charged = sum(_signed(each.document) for each in filed)
    say(f"{count(len(filed), 'document')}; invoices less credit memos come to {money(charged, order.currency)}.")


def invoice(
    number: Annotated[str, Parameter(name="NUMBER", help="As `segue invoices` lists it: INV-2026-000017.")],
    /,
    *,
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Show one invoice or credit memo, with all that it says."""
    connection = connection_to(shop)
    filed = document_with(connection, number)
    if filed is None:
        last = ", ".join(last_numbers(connection))
        raise Failed(f"There is no document {number}; the last ones are {last or 'still to be issued'}.", WRONG_USE)
    order = _order(connection, filed.document.order)
    numbers = {each.document.name: each.number for each in documents_of(connection, order.id)}
    if json:
        print_json(_as_json(filed, order, numbers))
    else:
        _show(filed, order, numbers)


def _order(connection: "Connection", id: str) -> OrderValue:
    order = Finder(connection).order(id)
    assert order is not None, f"{id} has documents, and is not here"
    return order


def _signed(document: Document) -> int:
    return document.total_minor if document.kind == "invoice" else -document.total_minor


def _as_json(filed: Filed, order: OrderValue, numbers: Mapping[str, str]) -> dict[str, Any]:
    document = filed.document
    value: dict[str, Any] = {"number": filed.number, "issued_at": iso(document.issued_at_s)} | plain(document)
    reverses = {numbers[name]: amount for name, amount in document.reverses.items()}
    return value | {"reverses": reverses, "outcomes": {name: _outcome(order, name) for name in document.settled_by}}


def _row(filed: Filed, order: OrderValue, numbers: Mapping[str, str]) -> tuple[str, ...]:
    document = filed.document
    return (
        filed.number, words(document.kind), instant(document.issued_at_s), document.of,
        money(document.total_minor, document.currency), "; ".join(_settled(document, order)),
        "; ".join(_reversed(document, numbers)),
    )  # fmt: skip


def _settled(document: Document, order: OrderValue) -> Iterator[str]:
    """What settles it, and how far that has come since: the document itself never changes."""
    for name, amount in document.settled_by.items():
        yield f"{name} {money(amount, document.currency)}, {_outcome(order, name)}"


def _outcome(order: OrderValue, name: str) -> str:
    """How far a transaction has come; a tender that is named was paid before the order came in."""
    return order.transactions[name].outcome if name in order.transactions else "prepaid"


def _reversed(document: Document, numbers: Mapping[str, str]) -> Iterator[str]:
    for name, amount in document.reverses.items():
        yield f"{numbers[name]} {money(amount, document.currency)}"


def _show(filed: Filed, order: OrderValue, numbers: Mapping[str, str]) -> None:
    document = filed.document
    heading(f"{words(document.kind).capitalize()} {filed.number}")
    of = "shipment" if document.kind == "invoice" else "refund"
    facts((
        ("order", document.order), ("in the order", document.name), ("issued", instant(document.issued_at_s)),
        (of, document.of), ("reverses", "; ".join(_reversed(document, numbers))),
        ("settled by", "; ".join(_settled(document, order))),
    ))  # fmt: skip
    table(LINES, [_line(line, document.currency) for line in document.lines])
    show_billed(document.bundles, document.currency)
    facts((name, money(amount, document.currency)) for name, amount in _sums(document) if amount)
    facts((("total", money(document.total_minor, document.currency)),))


def _line(line: DocumentLine, currency: str) -> tuple[str, ...]:
    price, discount = (
        money(amount, currency) if line.price_minor else "" for amount in (line.price_minor, line.discount_minor)
    )
    tax = money(_of(line.taxes), currency)
    units = f"{size(line.units):,}" if line.units else "the rest"
    return str(line.line), line.sku, line.title, units, price, discount, tax, money(line.amount_minor, currency)


def _of(taxes: tuple[Tax, ...]) -> int:
    return sum(tax.amount_minor for tax in taxes)


def _sums(document: Document) -> Iterator[tuple[str, int]]:
    """What comes beside the lines, and the taxes in all of it."""
    yield "shipping", document.shipping_minor
    for charge in document.charges:
        yield words(charge.code), charge.amount_minor
    for other in document.others:
        yield words(other.what), other.amount_minor
    for tax in document.taxes:
        yield f"with {tax.name}", tax.amount_minor
