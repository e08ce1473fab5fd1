"""Writing stock: each move is kept, each counter is changed once a batch, and a CHECK makes overselling impossible."""

from collections.abc import Iterable, Mapping, Sequence

from psycopg import errors

from segue.core.stocktaking import Counter
from segue.ports import OutOfStock, StaleOrder, Stepped, Stocked
from segue.ports.stockroom import Key
from segue.store.batch import day_changes, emptied
from segue.store.filling import counts_in
from segue.store.postgres.database import Cursor, write_each
from segue.store.postgres.filling import note_counts, waiting_for, write_days
from segue.store.postgres.presales import write_presales
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
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"""
ADD_DEEP_MOVE = """
    INSERT INTO stock_moves (order_id, version, position, sku, location, on_hand, allocated, reason, at_s, reserved,
        damaged, quarantined, in_transit, actor, report)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
# The row of this number is locked until the transaction ends: receipts are numbered one after the other.
NEXT_RECEIPT = """
    INSERT INTO meta (name, value) VALUES ('receipts', '1')
    ON CONFLICT (name) DO UPDATE SET value = (meta.value::bigint + 1)::text RETURNING value::bigint"""
OPEN_COUNTER = """
    INSERT INTO stock (sku, location, on_hand, allocated) VALUES (%s, %s, 0, 0) ON CONFLICT (sku, location) DO NOTHING"""
CHANGE_COUNTER = """
    UPDATE stock SET on_hand = on_hand + %s, allocated = allocated + %s WHERE sku = %s AND location = %s"""
CHANGE_DEEP = """
    UPDATE stock SET on_hand = on_hand + %s, allocated = allocated + %s, reserved = reserved + %s, damaged = damaged + %s,
        quarantined = quarantined + %s, in_transit = in_transit + %s, safety = coalesce(%s, safety)
    WHERE sku = %s AND location = %s"""
COUNTERS = """
    SELECT sku, location, on_hand, allocated, reserved, safety, damaged, quarantined, in_transit FROM stock
    WHERE sku = ANY(%s)"""
LOCK_COUNTERS = """
    SELECT 1 FROM stock WHERE (sku, location) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
    ORDER BY sku, location FOR UPDATE"""
FILE = """
    INSERT INTO stock_reports (source, id, sku, location, state, detail, received_at_s, value)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (source, id) DO UPDATE SET state = excluded.state,
        detail = excluded.detail, value = excluded.value"""
FORGET = "DELETE FROM stock_reports WHERE source = %s AND id = %s"
OPEN_SUPPLY = """
    INSERT INTO supplies (reference, sku, location, expected_at_s, origin, units) VALUES (%s, %s, %s, %s, %s, 0)
    ON CONFLICT (reference, sku, location, expected_at_s) DO NOTHING"""
CHANGE_SUPPLY = """
    UPDATE supplies SET units = units + %s
    WHERE reference = %s AND sku = %s AND location = %s AND expected_at_s = %s AND origin = %s"""
ADD_SUPPLY_MOVE = """
    INSERT INTO supply_moves (reference, sku, location, expected_at_s, origin, units, reason, actor, at_s)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"""
WAKE_WATCHERS = """
    UPDATE orders SET wake_at_s = now.at_s FROM (VALUES (%s::bigint)) AS now (at_s)
    WHERE id IN (SELECT order_id FROM watches WHERE fact = ANY(%s))
        AND (wake_at_s IS NULL OR wake_at_s > now.at_s)"""


def write_moves(cursor: Cursor, steps: Sequence[Stepped], now_s: int, stocked: Stocked | None = None) -> None:
    """Write the moves of stock, of the steps and beside them, and what steps take of days; wake who waits for it.

    Raises OutOfStock or DayFull if a counter refuses, StaleOrder if one is not as it was when that was decided.
    """
    changes, deep = counter_changes(steps, stocked)
    if stocked or deep:  # else the changes are in order as they are
        _lock(cursor, {each[-2:] for each in changes} | {each[-2:] for each in deep}, stocked)
    if stocked:
        found = counters_of(cursor, {sku for sku, _ in stocked.seen})
        if changed := seen_otherwise(stocked, found):
            raise StaleOrder(f"the stock of {changed} has moved on")
    write_each(cursor, ADD_MOVE, moves(steps))
    change_counters(cursor, changes)
    if deep or stocked:
        _change_deep(cursor, deep, stocked.safety if stocked else {})
        write_each(cursor, ADD_DEEP_MOVE, deep_moves(steps, stocked, _receipt(cursor, stocked), now_s))
    if stocked:
        _write_stocked(cursor, stocked, now_s)
        write_presales(cursor, stocked, now_s)
    write_days(cursor, steps)
    room = waiting_for(cursor, emptied(day_changes(steps)))
    wake_watchers(cursor, freed(changes, deep, stocked) | room, now_s)


def counters_of(cursor: Cursor, skus: Iterable[str]) -> dict[Key, Counter]:
    """What is where of these SKUs."""
    rows = cursor.execute(COUNTERS, (sorted(skus),))
    return {(sku, location): Counter(*parts) for sku, location, *parts in rows}


def _lock(cursor: Cursor, keys: set[Key], stocked: Stocked | None) -> None:
    """Lock the counters that are changed or were seen, in their order; those that are new are opened."""
    changed = keys | stocked.safety.keys() if stocked else keys
    write_each(cursor, OPEN_COUNTER, sorted(changed))
    wanted = sorted(changed | stocked.seen.keys() if stocked else changed)
    cursor.execute(LOCK_COUNTERS, ([sku for sku, _ in wanted], [location for _, location in wanted]))


def _receipt(cursor: Cursor, stocked: Stocked | None) -> int:
    if not stocked or not stocked.moves:
        return 0
    (number,) = cursor.execute(NEXT_RECEIPT).fetchone() or (0,)
    return int(number)


def _change_deep(cursor: Cursor, changes: Iterable[Deep], safety: Mapping[Key, int]) -> None:
    left = dict(safety)
    for *parts, sku, location in changes:
        _change(cursor, parts, left.pop((sku, location), None), (sku, location))
    for key, units in sorted(left.items()):
        _change(cursor, [0] * 6, units, key)


def _change(cursor: Cursor, parts: list[int], safety: int | None, key: Key) -> None:
    cursor.execute(OPEN_COUNTER, key)
    try:
        cursor.execute(CHANGE_DEEP, (*parts, safety, *key))
    except errors.CheckViolation as error:
        raise OutOfStock(" at ".join(key)) from error


def _write_stocked(cursor: Cursor, stocked: Stocked, now_s: int) -> None:
    write_each(cursor, FORGET, sorted(stocked.forgotten))
    write_each(cursor, FILE, filed_rows(stocked, now_s))
    note_counts(cursor, counts_in(stocked))
    for units, *key in supply_changes(stocked):
        cursor.execute(OPEN_SUPPLY, key)
        try:
            cursor.execute(CHANGE_SUPPLY, (units, *key))
        except errors.CheckViolation as error:
            raise OutOfStock(f"{key[1]} of {key[0]}") from error
        if not cursor.rowcount:
            raise StaleOrder(f"{key[0]} has {key[1]} from elsewhere")
    write_each(cursor, ADD_SUPPLY_MOVE, supply_rows(stocked, now_s))


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
