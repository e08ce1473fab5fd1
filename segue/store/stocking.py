"""Writing stock: each move is kept, each counter is changed once a batch, and a CHECK makes overselling impossible."""

import sqlite3
from collections.abc import Iterable, Sequence

from msgspec import json

from segue.ports import OutOfStock, Stepped
from segue.store.batch import Change, counter_changes, freed, moves
from segue.store.filling import write_days
from segue.store.rows import add_rows, change_rows

ADD_MOVE = """
    INSERT INTO stock_moves (order_id, version, position, sku, location, on_hand, allocated, reason, at_s)
    VALUES {rows}"""
OPEN_COUNTER = "INSERT OR IGNORE INTO stock (sku, location, on_hand, allocated) VALUES (?, ?, 0, 0)"
CHANGE_COUNTERS = """
    UPDATE stock SET on_hand = on_hand + column1, allocated = allocated + column2
    FROM (VALUES {rows}) WHERE sku = column3 AND location = column4"""
COUNTER_OF = "SELECT 1 FROM stock WHERE sku = ? AND location = ?"
WAKE_WATCHERS = """
    UPDATE orders SET wake_at_s = ?1
    WHERE id IN (SELECT order_id FROM watches WHERE fact IN (SELECT value FROM json_each(?2)))
        AND (wake_at_s IS NULL OR wake_at_s > ?1)"""


def write_moves(cursor: sqlite3.Cursor, steps: Sequence[Stepped], now_s: int) -> None:
    """Write the steps' moves of stock and what they take of days, and wake the orders that wait for what became free.

    Raises OutOfStock or DayFull if a counter refuses.
    """
    add_rows(cursor, ADD_MOVE, moves(steps))
    changes = counter_changes(steps)
    change_counters(cursor, changes)
    wake_watchers(cursor, freed(changes) | write_days(cursor, steps), now_s)


def change_counters(cursor: sqlite3.Cursor, changes: Sequence[Change]) -> None:
    """Change these counters; one that gains stock is opened if it is new. Raises OutOfStock naming who refuses."""
    opened = [(sku, location) for on_hand, _, sku, location in changes if on_hand > 0]
    cursor.executemany(OPEN_COUNTER, opened)
    cursor.execute("SAVEPOINT counters")
    try:
        changed = change_rows(cursor, CHANGE_COUNTERS, changes)
    except sqlite3.IntegrityError as error:
        cursor.execute("ROLLBACK TO counters")
        raise OutOfStock(_refusing(cursor, changes)) from error
    if changed != len(changes):
        raise OutOfStock(_without_counter(cursor, changes))


def wake_watchers(cursor: sqlite3.Cursor, facts: Iterable[str], now_s: int) -> int:
    """Wake the orders that watch one of these facts; returns how many were not due already."""
    known = sorted(facts)
    return cursor.execute(WAKE_WATCHERS, (now_s, json.encode(known).decode())).rowcount if known else 0


def _refusing(cursor: sqlite3.Cursor, changes: Iterable[Change]) -> str:
    """The counter that refuses: the changes are tried one by one."""
    for change in changes:
        try:
            change_rows(cursor, CHANGE_COUNTERS, [change])
        except sqlite3.IntegrityError:
            return " at ".join(change[2:])
    raise AssertionError("what was refused together is refused alone too")


def _without_counter(cursor: sqlite3.Cursor, changes: Iterable[Change]) -> str:
    unknown = [change[2:] for change in changes if cursor.execute(COUNTER_OF, change[2:]).fetchone() is None]
    return ", ".join(f"{sku} at {location}" for sku, location in unknown)
