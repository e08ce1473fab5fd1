"""Many rows with one statement. Other threads run while a statement does, but not from one statement to the next."""

import sqlite3
from collections.abc import Iterable
from functools import cache
from typing import Any

Row = tuple[Any, ...]

# So many rows go into one statement; a few sizes only, so that each statement is compiled once.
ADDED_AT_ONCE = (256, 64, 16, 4, 1)
CHANGED_AT_ONCE = (64, 16, 4, 1)


def add_rows(cursor: sqlite3.Cursor, statement: str, rows: Iterable[Row]) -> int:
    """Run an INSERT that ends in `VALUES {rows}`, or goes on after it; returns how many rows it added."""
    return _write(cursor, statement, list(rows), ADDED_AT_ONCE)


def change_rows(cursor: sqlite3.Cursor, statement: str, rows: Iterable[Row]) -> int:
    """Run an UPDATE that reads `column1`, `column2` ... FROM (VALUES {rows}); returns how many rows it changed."""
    return _write(cursor, statement, list(rows), CHANGED_AT_ONCE)


def _write(cursor: sqlite3.Cursor, statement: str, rows: list[Row], sizes: tuple[int, ...]) -> int:
    written = begin = 0
    for size in sizes:
        while len(rows) - begin >= size:
            values = [value for row in rows[begin : begin + size] for value in row]
            written += cursor.execute(_statement(statement, len(rows[0]), size), values).rowcount
            begin += size
    return written


@cache  # of the few statements that this package has, in a few sizes each
def _statement(statement: str, columns: int, rows: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return statement.format(rows=", ".join([row] * rows))
