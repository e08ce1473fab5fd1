"""Writing the steps of a batch: orders, records, ledger, folders and watches, in as few statements as possible."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from msgspec import json

from segue.ports import StaleOrder, Stepped
from segue.store.batch import (
    Place,
    Watch,
    changes_of,
    corrected,
    entries,
    lasting,
    moving,
    places,
    records,
    still_due_s,
    watching,
)  # fmt: skip
from segue.store.rows import add_rows, change_rows
from segue.store.waiting import put_off_waiting, write_waiting

ALREADY_THERE = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")

ADD_ORDER = """
    INSERT INTO orders (total_minor, status, open, wake_at_s, version, value, basket, ship_to_digest, workflow, rank, id,
        channel, channel_order_id, person, placed_at_s, currency)
    VALUES {rows}"""
CHANGE_ORDER = """
    UPDATE orders SET total_minor = column1, status = column2, open = column3,
        wake_at_s = iif(wake_at_s <= column12, wake_at_s, column4), version = column5, value = column6,
        basket = coalesce(nullif(column7, ''), basket), ship_to_digest = column8, workflow = column9, rank = column10
    FROM (VALUES {rows}) WHERE id = column11 AND version = column13"""
CORRECT_ORDER = "UPDATE orders SET person = ?, placed_at_s = ?, currency = ? WHERE id = ?"
PUT_OFF = "UPDATE orders SET wake_at_s = ? WHERE id = ?"
ADD_STEP = "INSERT INTO steps (order_id, version, version_before, at_s, actor, record) VALUES {rows}"
ADD_ENTRY = """
    INSERT INTO ledger (order_id, version, position, debit, credit, amount_minor, currency, at_s)
    VALUES {rows}"""

FOLDERS_OF = "SELECT order_id, folder, since_s FROM folders WHERE order_id IN (SELECT value FROM json_each(?))"
ENTER_FOLDER = "INSERT INTO folders (order_id, folder, since_s) VALUES {rows}"
LEAVE_FOLDER = "DELETE FROM folders WHERE order_id = ? AND folder = ? AND since_s = ?"
WATCHES_OF = "SELECT order_id, fact FROM watches WHERE order_id IN (SELECT value FROM json_each(?))"
WATCH = "INSERT INTO watches (order_id, fact) VALUES {rows}"
UNWATCH = "DELETE FROM watches WHERE order_id = ? AND fact = ?"


def write_steps(cursor: sqlite3.Cursor, steps: Sequence[Stepped], now_s: int) -> None:
    """Write what the steps made of their orders. Raises StaleOrder if one has moved on meanwhile."""
    changes = changes_of(steps)
    _write_orders(cursor, changes.values(), now_s)
    add_rows(cursor, ADD_STEP, records(steps))
    add_rows(cursor, ADD_ENTRY, entries(steps))
    last = [step for _, step in changes.values()]
    known = json.encode([step.order.id for before, step in changes.values() if before]).decode()
    _write_folders(cursor, last, known)
    write_waiting(cursor, last, _write_watches(cursor, last, known), now_s)


def put_off(cursor: sqlite3.Cursor, orders: Mapping[str, int]) -> None:
    """Let these orders be woken no sooner than at their instants."""
    cursor.executemany(PUT_OFF, [(wake_at_s, order) for order, wake_at_s in orders.items()])
    put_off_waiting(cursor, orders)


def _write_orders(cursor: sqlite3.Cursor, changes: Iterable[tuple[int, Stepped]], now_s: int) -> None:
    added, changed = [], []
    for before, step in changes:
        if before:
            changed.append((*moving(step), step.order.id, still_due_s(step, now_s), before))
        else:
            added.append((*moving(step), *lasting(step)))
    try:
        add_rows(cursor, ADD_ORDER, added)
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorname not in ALREADY_THERE:
            raise
        raise StaleOrder(f"an order of this batch is here already: {error}") from error
    if change_rows(cursor, CHANGE_ORDER, changed) != len(changed):
        raise StaleOrder(f"one of {len(changed)} orders has moved on since it was loaded")
    cursor.executemany(CORRECT_ORDER, corrected(changes))


def _write_folders(cursor: sqlite3.Cursor, steps: Sequence[Stepped], known: str) -> None:
    wanted = places(steps)
    stored: set[Place] = set(cursor.execute(FOLDERS_OF, (known,)))
    cursor.executemany(LEAVE_FOLDER, sorted(stored - wanted))
    add_rows(cursor, ENTER_FOLDER, sorted(wanted - stored))


def _write_watches(cursor: sqlite3.Cursor, steps: Sequence[Stepped], known: str) -> set[Watch]:
    """Returns what they watched before."""
    wanted = watching(steps)
    stored: set[Watch] = set(cursor.execute(WATCHES_OF, (known,)))
    cursor.executemany(UNWATCH, sorted(stored - wanted))
    add_rows(cursor, WATCH, sorted(wanted - stored))
    return stored
