"""The list of what carts have set aside. Never writes, needs no lock."""

import sqlite3

from segue.core.carts import Cart
from segue.store.cart_rows import carts_of

LIVE = """
    SELECT cart, sku, location, units, channel, reserved_at_s, expires_at_s FROM reservations
    WHERE cart IN (
        SELECT DISTINCT cart FROM reservations WHERE expires_at_s > ?1 AND (?2 = '' OR cart = ?2)
        ORDER BY expires_at_s, cart LIMIT ?3)
    ORDER BY expires_at_s, cart, sku, location"""


def live_carts(connection: sqlite3.Connection, now_s: int, key: str, limit: int) -> list[Cart]:
    """The carts that have units set aside by now, those that end first at the top; one, or as many as the limit."""
    return list(carts_of(connection.execute(LIVE, (now_s, key, limit)).fetchall()).values())
