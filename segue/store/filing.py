"""Reading documents: the invoices and credit memos of an order, or one by its legal number."""

import re

from msgspec import json

from segue.core.base import Value
from segue.core.documents import Document
from segue.store.database import Reader

FOUND = "SELECT kind, series, number, content FROM documents "
OF_ORDER = FOUND + "WHERE order_id = ? ORDER BY version, rowid"
BY_NUMBER = FOUND + "WHERE kind = ? AND series = ? AND number = ?"
LAST = "SELECT kind, series, last FROM document_numbers ORDER BY kind, series"
PREFIXES = {"invoice": "INV", "credit_memo": "CM"}
NUMBER = re.compile(r"(INV|CM)-([^-]+)-0*(\d{1,18})", re.IGNORECASE)

_document = json.Decoder(Document).decode


class Filed(Value):
    """A document and its legal number."""

    number: str
    document: Document


def documents_of(connection: Reader, order: str) -> list[Filed]:
    """An order's documents, in the order in which they were issued."""
    return [_filed(*row) for row in connection.execute(OF_ORDER, (order,))]


def document_with(connection: Reader, number: str) -> Filed | None:
    """The document with this legal number, or None."""
    named = NUMBER.fullmatch(number)
    if named is None:
        return None
    kind = next(kind for kind, prefix in PREFIXES.items() if prefix == named[1].upper())
    row = connection.execute(BY_NUMBER, (kind, named[2], int(named[3]))).fetchone()
    return _filed(*row) if row else None


def last_numbers(connection: Reader) -> list[str]:
    """The last number of each kind and series."""
    return [legal_number(*row) for row in connection.execute(LAST)]


def legal_number(kind: str, series: str, number: int) -> str:
    """What people write: INV-2026-000017, CM-2026-000003."""
    return f"{PREFIXES[kind]}-{series}-{number:06}"


def _filed(kind: str, series: str, number: int, content: str) -> Filed:
    return Filed(legal_number(kind, series, number), _document(content))
