"""Writing stock: each move is kept, each counter is changed once a batch, and a CHECK makes overselling impossible."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from msgspec import json

from segue.core.stocktaking import Counter
from segue.ports import OutOfStock, StaleOrder, Stepped, Stocked
from segue.ports.stockroom import Key
from segue.store.filling import counts_in, note_counts, write_days
from segue.store.presales import write_presales
from segue.store.rows import add_rows, change_rows
from segue.store.stock_rows import (
    Change,
    Deep,
    counter_changes,
    deep_moves,
    filed_rows,
    freed,
    moves,
    seen_otherwise,
    supply_changes,
    supply_rows,
)

ADD_MOVE = """
    INSERT INTO stock_moves (order_id, version, position, sku, location, on_hand, allocated, reason, at_s)
    VALUES {rows}"""
ADD_DEEP_MOVE = """
    INSERT INTO stock_moves (order_id, version, position, sku, location, on_hand, allocated, reason, at_s, reserved,
        damaged, quarantined, in_transit, actor, report)
    VALUES {rows}"""
LAST_RECEIPT = "SELECT coalesce(max(version), 0) FROM stock_moves WHERE order_id = ''"
OPEN_COUNTER = "INSERT OR IGNORE INTO stock (sku, location, on_hand, allocated) VALUES (?, ?, 0, 0)"
CHANGE_COUNTERS = """
    UPDATE stock SET on_hand = on_hand + column1, allocated = allocated + column2
    FROM (VALUES {rows}) WHERE sku = column3 AND location = column4"""
CHANGE_DEEP = """
    UPDATE stock SET on_hand = on_hand + ?, allocated = allocated + ?, reserved = reserved + ?, damaged = damaged + ?,
        quarantined = quarantined + ?, in_transit = in_transit + ?, safety = coalesce(?, safety)
    WHERE sku = ? AND location = ?"""
COUNTERS = """
    SELECT sku, location, on_hand, allocated, reserved, safety, damaged, quarantined, in_transit FROM stock
    WHERE sku IN (SELECT value FROM json_each(?))"""
FILE = """
    INSERT INTO stock_reports (source, id, sku, location, state, detail, received_at_s, value)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, id) DO UPDATE SET state = excluded.state,
        detail = excluded.detail, value = excluded.value"""
FORGET = "DELETE FROM stock_reports WHERE source = ? AND id = ?"
OPEN_SUPPLY = """
    INSERT OR IGNORE INTO supplies (reference, sku, location, expected_at_s, origin, units) VALUES (?, ?, ?, ?, ?, 0)"""
CHANGE_SUPPLY = """
    UPDATE supplies SET units = units + ?
    WHERE reference = ? AND sku = ? AND location = ? AND expected_at_s = ? AND origin = ?"""
ADD_SUPPLY_MOVE = """
    INSERT INTO supply_moves (reference, sku, location, expected_at_s, origin, units, reason, actor, at_s)
    VALUES {rows}"""
COUNTER_OF = "SELECT 1 FROM stock WHERE sku = ? AND location = ?"
WAKE_WATCHERS = """
    UPDATE orders SET wake_at_s = ?1
    WHERE id IN (SELECT order_id FROM watches WHERE fact IN (SELECT value FROM json_each(?2)))
        AND (wake_at_s IS NULL OR wake_at_s > ?1)"""


def write_moves(cursor: sqlite3.Cursor, steps: Sequence[Stepped], now_s: int, stocked: Stocked | None = None) -> None:
    """Write the moves of stock, of the steps and beside them, and what steps take of days; wake who waits for it.

    Raises OutOfStock or DayFull if a counter refuses, StaleOrder if one is not as it was when that was decided.
    """
    if stocked:
        found = counters_of(cursor, {sku for sku, _ in stocked.seen})
        if changed := seen_otherwise(stocked, found):
            raise StaleOrder(f"the stock of {changed} has moved on")
    add_rows(cursor, ADD_MOVE, moves(steps))
    changes, deep = counter_changes(steps, stocked)
    change_counters(cursor, changes)
    if deep or stocked:
        (last,) = cursor.execute(LAST_RECEIPT).fetchone()
        add_rows(cursor, ADD_DEEP_MOVE, deep_moves(steps, stocked, last + 1, now_s))
        _change_deep(cursor, deep, stocked.safety if stocked else {})
    if stocked:
        _write_stocked(cursor, stocked, now_s)
        write_presales(cursor, stocked, now_s)
    wake_watchers(cursor, freed(changes, deep, stocked) | write_days(cursor, steps), now_s)


def counters_of(cursor: sqlite3.Cursor, skus: Iterable[str]) -> dict[Key, Counter]:
    """What is where of these SKUs."""
    rows = cursor.execute(COUNTERS, (json.encode(sorted(skus)).decode(),))
    return {(sku, location): Counter(*parts) for sku, location, *parts in rows}


def _change_deep(cursor: sqlite3.Cursor, changes: Iterable[Deep], safety: Mapping[Key, int]) -> None:
    left = dict(safety)
    for *parts, sku, location in changes:
        _change(cursor, parts, left.pop((sku, location), None), (sku, location))
    for key, units in sorted(left.items()):
        _change(cursor, [0] * 6, units, key)


def _change(cursor: sqlite3.Cursor, parts: list[int], safety: int | None, key: Key) -> None:
    cursor.execute(OPEN_COUNTER, key)
    try:
        cursor.execute(CHANGE_DEEP, (*parts, safety, *key))
    except sqlite3.IntegrityError as error:
        raise OutOfStock(" at ".join(key)) from error


def _write_stocked(cursor: sqlite3.Cursor, stocked: Stocked, now_s: int) -> None:
    cursor.executemany(FORGET, stocked.forgotten)
    cursor.executemany(FILE, filed_rows(stocked, now_s))
    note_counts(cursor, counts_in(stocked))
    add_rows(cursor, ADD_SUPPLY_MOVE, supply_rows(stocked, now_s))
    for units, *key in supply_changes(stocked):
        cursor.execute(OPEN_SUPPLY, key)
        try:
            changed = cursor.execute(CHANGE_SUPPLY, (units, *key)).rowcount
        except sqlite3.IntegrityError as error:
            raise OutOfStock(f"{key[1]} of {key[0]}") from error
        if not changed:
            raise StaleOrder(f"{key[0]} has {key[1]} from elsewhere")


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
