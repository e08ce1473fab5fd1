"""Writing what carts have set aside; what is over is given back by whoever moves stock of the SKU next."""

import sqlite3
from collections.abc import Iterable

from msgspec import json

from segue.core.carts import Cart
from segue.ports import Batch
from segue.store.cart_rows import cart_changes, cart_rows, carts_of, check_cart, given_back, touched
from segue.store.fencing import write_shares
from segue.store.rows import add_rows
from segue.store.stocking import write_moves

TAKE_OVER = """
    DELETE FROM reservations WHERE sku IN (SELECT value FROM json_each(?)) AND expires_at_s <= ?
    RETURNING cart, sku, location, units, channel"""
LET_GO = "DELETE FROM reservations WHERE cart = ? RETURNING sku, location, units"
RESERVE = """
    INSERT INTO reservations (cart, sku, location, units, channel, reserved_at_s, expires_at_s) VALUES {rows}"""
CARTS = """
    SELECT cart, sku, location, units, channel, reserved_at_s, expires_at_s FROM reservations
    WHERE cart IN (SELECT value FROM json_each(?)) ORDER BY cart, sku, location"""


def with_what_is_over(cursor: sqlite3.Cursor, batch: Batch) -> Batch:
    """The batch with what carts give back that are over by now, of the SKUs that it moves."""
    skus = touched(batch)
    if not skus:
        return batch
    over = cursor.execute(TAKE_OVER, (json.encode(sorted(skus)).decode(), batch.now_s)).fetchall()
    return given_back(batch, over)


def sweep(cursor: sqlite3.Cursor, skus: Iterable[str], now_s: int) -> None:
    """Let carts give back what they have of these SKUs and are over by now, before their counters are set."""
    batch = with_what_is_over(cursor, Batch(now_s, swept=frozenset(skus)))
    if batch.stocked:
        write_shares(cursor, batch)
        write_moves(cursor, (), now_s, batch.stocked)


def write_carts(cursor: sqlite3.Cursor, batch: Batch) -> None:
    """Write what becomes of carts. Raises StaleOrder if one is not as it was when that was decided."""
    changes = cart_changes(batch)
    for change in changes:
        check_cart(change, cursor.execute(LET_GO, (change.id,)).fetchall())
    add_rows(cursor, RESERVE, cart_rows(changes))


def load_carts(cursor: sqlite3.Cursor, keys: frozenset[str]) -> dict[str, Cart | None]:
    """What each of these carts has set aside, whether or not it is over; or None."""
    if not keys:
        return {}
    found = carts_of(cursor.execute(CARTS, (json.encode(sorted(keys)).decode(),)).fetchall())
    return {key: found.get(key) for key in keys}
