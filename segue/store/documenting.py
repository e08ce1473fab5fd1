"""Documents are written with the numbers that they take: both with the step that issued them, or neither."""

import sqlite3
from collections.abc import Sequence

from segue.ports import Stepped
from segue.store.batch import documents, numbers_taken
from segue.store.rows import add_rows

TAKE_NUMBERS = """
    INSERT INTO document_numbers (kind, series, last) VALUES (?, ?, ?)
    ON CONFLICT (kind, series) DO UPDATE SET last = last + excluded.last RETURNING last"""
ADD_DOCUMENT = """
    INSERT INTO documents (order_id, name, version, kind, series, number, total_minor, currency, at_s, content)
    VALUES {rows}"""


def write_documents(cursor: sqlite3.Cursor, steps: Sequence[Stepped]) -> None:
    """Number the documents of these steps, and write them."""
    last = {}
    for key, count in numbers_taken(steps).items():
        (after,) = cursor.execute(TAKE_NUMBERS, (*key, count)).fetchone()
        last[key] = after - count
    add_rows(cursor, ADD_DOCUMENT, documents(steps, last))
