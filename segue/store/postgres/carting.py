"""Writing what carts have set aside; what is over is given back by whoever moves stock of the SKU next."""

from collections.abc import Iterable

from segue.core.carts import Cart
from segue.ports import Batch
from segue.store.cart_rows import cart_changes, cart_rows, carts_of, check_cart, given_back, touched
from segue.store.postgres.database import Cursor, write_each
from segue.store.postgres.fencing import write_shares
from segue.store.postgres.stocking import write_moves
from segue.store.postgres.writing import lock_orders

# Locked in one order, so that two writers never wait for each other in a ring.
OVER = """
    SELECT 1 FROM reservations WHERE sku = ANY(%s) AND expires_at_s <= %s ORDER BY cart, sku, location FOR UPDATE"""
TAKE_OVER = """
    DELETE FROM reservations WHERE sku = ANY(%s) AND expires_at_s <= %s
    RETURNING cart, sku, location, units, channel"""
LOCK_CART = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"  # also of a cart that has nothing yet
LET_GO = "DELETE FROM reservations WHERE cart = %s RETURNING sku, location, units"
RESERVE = """
    INSERT INTO reservations (cart, sku, location, units, channel, reserved_at_s, expires_at_s)
    VALUES (%s, %s, %s, %s, %s, %s, %s)"""
CARTS = """
    SELECT cart, sku, location, units, channel, reserved_at_s, expires_at_s FROM reservations
    WHERE cart = ANY(%s) ORDER BY cart, sku, location"""


def with_what_is_over(cursor: Cursor, batch: Batch) -> Batch:
    """The batch with what carts give back that are over by now, of the SKUs that it moves."""
    skus = sorted(touched(batch))
    if not skus or not cursor.execute(OVER, (skus, batch.now_s)).fetchall():
        return batch
    return given_back(batch, cursor.execute(TAKE_OVER, (skus, batch.now_s)).fetchall())


def sweep(cursor: Cursor, skus: Iterable[str], now_s: int) -> None:
    """Let carts give back what they have of these SKUs and are over by now, and lock who waits for them."""
    known = frozenset(skus)
    batch = with_what_is_over(cursor, Batch(now_s, swept=known))
    if batch.stocked:
        write_shares(cursor, batch)
    lock_orders(cursor, (), {f"stock:{sku}" for sku in known})
    if batch.stocked:
        write_moves(cursor, (), now_s, batch.stocked)


def write_carts(cursor: Cursor, batch: Batch) -> None:
    """Write what becomes of carts. Raises StaleOrder if one is not as it was when that was decided."""
    changes = cart_changes(batch)
    for change in changes:
        cursor.execute(LOCK_CART, (change.id,))
        check_cart(change, cursor.execute(LET_GO, (change.id,)).fetchall())
    write_each(cursor, RESERVE, cart_rows(changes))


def load_carts(cursor: Cursor, keys: frozenset[str]) -> dict[str, Cart | None]:
    """What each of these carts has set aside, whether or not it is over; or None."""
    if not keys:
        return {}
    found = carts_of(cursor.execute(CARTS, (sorted(keys),)).fetchall())
    return {key: found.get(key) for key in keys}
