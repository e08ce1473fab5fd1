"""Lines that wait for stock, in SQLite: written with the steps of their orders, and together when supply is moved."""

import sqlite3
from collections.abc import Mapping, Sequence

from msgspec import json

from segue.core.queue import Queue
from segue.core.waiting import Waiting
from segue.ports import StaleOrder, Stepped, Stocked
from segue.store.batch import Watch, passed
from segue.store.kept import KeptQueues
from segue.store.rows import add_rows, change_rows
from segue.store.waiting_rows import COLUMNS, queues_of, requeued, waiting_changes, waiting_of, who_waited, woken

OF_ORDERS = f"SELECT {COLUMNS} FROM waiting WHERE order_id IN (SELECT value FROM json_each(?))"
OF_SKU = f"SELECT {COLUMNS} FROM waiting WHERE sku = ?"
PUT = f"INSERT OR REPLACE INTO waiting ({COLUMNS}) VALUES {{rows}}"
REMOVE = "DELETE FROM waiting WHERE sku = ? AND order_id = ? AND line = ?"
REDATE = """
    UPDATE waiting SET due_s = column4, since_s = column5, look_at_s = column6 FROM (VALUES {rows})
    WHERE sku = column1 AND order_id = column2 AND line = column3"""
MARK = "SELECT count(*), coalesce(sum(units), 0), coalesce(sum(placed_at_s), 0) FROM waiting WHERE sku = ?"
PUT_OFF = "UPDATE waiting SET look_at_s = max(?, since_s) WHERE order_id = ? AND look_at_s IS NOT NULL"
QUEUED = """
    SELECT sku, rank, placed_at_s, order_id, units FROM waiting WHERE sku IN (SELECT value FROM json_each(?))"""
QUEUE_VERSIONS = "SELECT sku, version FROM queues WHERE sku IN (SELECT value FROM json_each(?))"
REQUEUED = """
    INSERT INTO queues (sku, version) VALUES (?, 1) ON CONFLICT (sku) DO UPDATE SET version = queues.version + 1"""
MOVED = """
    SELECT order_id, min(since_s) FROM waiting WHERE order_id IN (SELECT value FROM json_each(?)) GROUP BY order_id"""
TO_LOOK_AT = """
    SELECT order_id FROM waiting WHERE look_at_s <= ? ORDER BY look_at_s, rank, placed_at_s, order_id LIMIT ?"""
# Those of a strict queue that something is free for, when all before them have theirs.
WAKE_NEXT = """
    UPDATE orders SET wake_at_s = ?1
    WHERE id IN (
            SELECT order_id FROM (
                SELECT order_id, sum(units) OVER (ORDER BY rank, placed_at_s, order_id, line) - units AS ahead FROM waiting
                WHERE sku = ?2)
            WHERE ahead < (
                SELECT coalesce(sum(max(0, on_hand - damaged - quarantined - safety - allocated - reserved)), 0)
                FROM stock WHERE sku = ?2))
        AND (wake_at_s IS NULL OR wake_at_s > ?1)"""
NEXT_LOOK = "SELECT min(look_at_s) FROM waiting WHERE look_at_s > ?"


def write_waiting(cursor: sqlite3.Cursor, steps: Sequence[Stepped], watched: set[Watch], now_s: int) -> None:
    """Write which lines wait after these last steps; `watched` is what their orders watched before."""
    before = who_waited(watched)
    known = cursor.execute(OF_ORDERS, (json.encode(before).decode(),)).fetchall() if before else []
    gone, changed = waiting_changes(steps, known, now_s)
    cursor.executemany(REMOVE, gone)
    add_rows(cursor, PUT, changed)
    cursor.executemany(REQUEUED, [(sku,) for sku in requeued(gone, changed, known)])


def wake_next(cursor: sqlite3.Cursor, steps: Sequence[Stepped], now_s: int) -> None:
    """Wake those whose turn it is in strict queues after these steps, when stock is as it is after them."""
    cursor.executemany(WAKE_NEXT, [(now_s, sku) for sku in passed(steps)])


def put_off_waiting(cursor: sqlite3.Cursor, orders: Mapping[str, int]) -> None:
    """Let these orders be looked at no sooner than at their instants."""
    cursor.executemany(PUT_OFF, [(at_s, order) for order, at_s in orders.items()])


def redate(cursor: sqlite3.Cursor, stocked: Stocked) -> None:
    """Write what waiting lines are to have now. Raises StaleOrder if others wait than when that was worked out."""
    for sku, mark in sorted(stocked.queued.items()):
        if cursor.execute(MARK, (sku,)).fetchone() != mark:
            raise StaleOrder(f"others wait for {sku} by now")
    change_rows(cursor, REDATE, stocked.redated)


def load_queued(cursor: sqlite3.Cursor, skus: frozenset[str], kept: KeptQueues | None = None) -> dict[str, Queue]:
    """Of each SKU, the orders that wait for it, in their turn. What is kept in the version that is stored is not read."""
    if not skus:
        return {}
    kept = KeptQueues() if kept is None else kept
    stored = cursor.execute(QUEUE_VERSIONS, (json.encode(sorted(skus)).decode(),)).fetchall()
    versions = dict.fromkeys(skus, 0) | dict(stored)
    found = kept.still(versions)
    if rest := skus - found.keys():
        queues = queues_of(rest, cursor.execute(QUEUED, (json.encode(sorted(rest)).decode(),)))
        kept.keep(queues, versions)
        found |= queues
    return found


def load_moved(cursor: sqlite3.Cursor, orders: frozenset[str]) -> dict[str, int | None]:
    """Since when supply was moved that these orders were told of; None: it was not."""
    if not orders:
        return {}
    rows = cursor.execute(MOVED, (json.encode(sorted(orders)).decode(),))
    return dict.fromkeys(orders) | dict(rows.fetchall())


def load_waiting(cursor: sqlite3.Cursor, skus: frozenset[str]) -> dict[str, tuple[Waiting, ...]]:
    """The lines that wait for each SKU."""
    return {sku: tuple([waiting_of(row) for row in cursor.execute(OF_SKU, (sku,))]) for sku in sorted(skus)}


def with_looks(cursor: sqlite3.Cursor, wakes: tuple[str, ...], now_s: int, limit: int) -> tuple[str, ...]:
    """The orders to wake, and those to be looked at because supply was moved."""
    return woken(wakes, [order for (order,) in cursor.execute(TO_LOOK_AT, (now_s, limit))], limit)
