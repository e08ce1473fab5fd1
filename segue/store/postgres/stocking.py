"""Writing stock: each move is kept, each counter is changed once a batch, and a CHECK makes overselling impossible."""

from collections.abc import Iterable, Sequence

from psycopg import errors

from segue.ports import OutOfStock, Stepped
from segue.store.batch import Change, counter_changes, day_changes, emptied, freed, moves
from segue.store.postgres.database import Cursor, write_each
from segue.store.postgres.filling import waiting_for, write_days

ADD_MOVE = """
    INSERT INTO stock_moves (order_id, version, position, sku, location, on_hand, allocated, reason, at_s)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"""
OPEN_COUNTER = """
    INSERT INTO stock (sku, location, on_hand, allocated) VALUES (%s, %s, 0, 0) ON CONFLICT (sku, location) DO NOTHING"""
CHANGE_COUNTER = """
    UPDATE stock SET on_hand = on_hand + %s, allocated = allocated + %s WHERE sku = %s AND location = %s"""
WAKE_WATCHERS = """
    UPDATE orders SET wake_at_s = now.at_s FROM (VALUES (%s::bigint)) AS now (at_s)
    WHERE id IN (SELECT order_id FROM watches WHERE fact = ANY(%s))
        AND (wake_at_s IS NULL OR wake_at_s > now.at_s)"""


def write_moves(cursor: Cursor, steps: Sequence[Stepped], now_s: int) -> None:
    """Write the steps' moves of stock and what they take of days, and wake the orders that wait for what became free.

    Raises OutOfStock or DayFull if a counter refuses.
    """
    write_each(cursor, ADD_MOVE, moves(steps))
    changes = counter_changes(steps)
    change_counters(cursor, changes)
    write_days(cursor, steps)
    wake_watchers(cursor, freed(changes) | waiting_for(cursor, emptied(day_changes(steps))), now_s)


def change_counters(cursor: Cursor, changes: Sequence[Change]) -> None:
    """Change these counters, in their order; one that gains stock is opened if it is new.

    Raises OutOfStock naming who refuses. Each counter stays locked until the transaction ends.
    """
    unknown = []
    for on_hand, allocated, sku, location in changes:
        if on_hand > 0:
            cursor.execute(OPEN_COUNTER, (sku, location))
        try:
            cursor.execute(CHANGE_COUNTER, (on_hand, allocated, sku, location))
        except errors.CheckViolation as error:
            raise OutOfStock(f"{sku} at {location}") from error
        if not cursor.rowcount:
            unknown.append(f"{sku} at {location}")
    if unknown:
        raise OutOfStock(", ".join(unknown))


def wake_watchers(cursor: Cursor, facts: Iterable[str], now_s: int) -> int:
    """Wake the orders that watch one of these facts; returns how many were not due already. They are locked by now."""
    known = sorted(facts)
    return cursor.execute(WAKE_WATCHERS, (now_s, known)).rowcount if known else 0
