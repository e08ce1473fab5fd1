"""Documents are written with the numbers that they take: both with the step that issued them, or neither."""

from collections.abc import Sequence

from segue.ports import Stepped
from segue.store.batch import documents, numbers_taken
from segue.store.postgres.database import Cursor, write_each

# The row is locked until the transaction ends: numbers are given one writer after the other.
TAKE_NUMBERS = """
    INSERT INTO document_numbers (kind, series, last) VALUES (%s, %s, %s)
    ON CONFLICT (kind, series) DO UPDATE SET last = document_numbers.last + excluded.last RETURNING last"""
ADD_DOCUMENT = """
    INSERT INTO documents (order_id, name, version, kind, series, number, total_minor, currency, at_s, content)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""


def write_documents(cursor: Cursor, steps: Sequence[Stepped]) -> None:
    """Number the documents of these steps, and write them."""
    last = {}
    for key, count in numbers_taken(steps).items():
        (after,) = cursor.execute(TAKE_NUMBERS, (*key, count)).fetchone() or (0,)
        last[key] = after - count
    write_each(cursor, ADD_DOCUMENT, documents(steps, last))
