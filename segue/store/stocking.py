"""Writing stock: each move is kept, each counter is changed once a batch, and a CHECK makes overselling impossible."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import json

from segue.ports import OutOfStock, Stepped

ADD_MOVE = """
    INSERT INTO stock_moves (order_id, version, position, sku, location, on_hand, allocated, reason, at_s)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
OPEN_COUNTER = "INSERT OR IGNORE INTO stock (sku, location, on_hand, allocated) VALUES (?, ?, 0, 0)"
CHANGE_COUNTER = "UPDATE stock SET on_hand = on_hand + ?, allocated = allocated + ? WHERE sku = ? AND location = ?"
COUNTER_OF = "SELECT 1 FROM stock WHERE sku = ? AND location = ?"
WAKE_WATCHERS = """
    UPDATE orders SET wake_at_s = ?1
    WHERE id IN (SELECT order_id FROM watches WHERE fact IN (SELECT value FROM json_each(?2)))
        AND (wake_at_s IS NULL OR wake_at_s > ?1)"""

Change = tuple[int, int, str, str]  # on hand, allocated, SKU, location


def write_moves(cursor: sqlite3.Cursor, steps: Sequence[Stepped], now_s: int) -> None:
    """Write the steps' moves of stock, and wake the orders that wait for what became free.

    Raises OutOfStock if a counter refuses.
    """
    cursor.executemany(ADD_MOVE, _rows(steps))
    changes = _changes(steps)
    change_counters(cursor, changes)
    wake_watchers(cursor, {f"stock:{sku}" for on_hand, allocated, sku, _ in changes if on_hand > allocated}, now_s)


def change_counters(cursor: sqlite3.Cursor, changes: Sequence[Change]) -> None:
    """Change these counters; one that gains stock is opened if it is new. Raises OutOfStock naming who refuses."""
    opened = [(sku, location) for on_hand, _, sku, location in changes if on_hand > 0]
    cursor.executemany(OPEN_COUNTER, opened)
    before = cursor.connection.total_changes
    try:
        cursor.executemany(CHANGE_COUNTER, changes)
    except sqlite3.IntegrityError as error:
        _, _, sku, location = changes[cursor.connection.total_changes - before]
        raise OutOfStock(f"{sku} at {location}") from error
    if cursor.connection.total_changes - before != len(changes):
        raise OutOfStock(_without_counter(cursor, changes))


def wake_watchers(cursor: sqlite3.Cursor, facts: Iterable[str], now_s: int) -> int:
    """Wake the orders that watch one of these facts; returns how many were not due already."""
    known = sorted(facts)
    return cursor.execute(WAKE_WATCHERS, (now_s, json.encode(known).decode())).rowcount if known else 0


def _rows(steps: Iterable[Stepped]) -> Iterator[tuple[Any, ...]]:
    for step in steps:
        for position, move in enumerate(step.moves):
            yield (
                step.order.id, step.order.version, position, move.sku, move.location, move.on_hand, move.allocated,
                move.reason, step.at_s,
            )  # fmt: skip


def _changes(steps: Iterable[Stepped]) -> list[Change]:
    """The moves summed by counter, in (SKU, location) order: two writers never wait for each other in a ring."""
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for step in steps:
        for move in step.moves:
            key = (move.sku, move.location)
            on_hand, allocated = sums.get(key, (0, 0))
            sums[key] = (on_hand + move.on_hand, allocated + move.allocated)
    return [(*sums[key], *key) for key in sorted(sums)]


def _without_counter(cursor: sqlite3.Cursor, changes: Iterable[Change]) -> str:
    unknown = [change[2:] for change in changes if cursor.execute(COUNTER_OF, change[2:]).fetchone() is None]
    return ", ".join(f"{sku} at {location}" for sku, location in unknown)
