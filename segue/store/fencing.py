"""Writing shares of channels, and what is taken of them; where a SKU has none, nothing is done."""

import sqlite3
from collections.abc import Iterable

from msgspec import json

from segue.core.fences import Fence, objection, taken_more
from segue.ports import Batch, Unwritable
from segue.store.cart_rows import Drawing, Shares, share_moves, shares_of, touched
from segue.store.loading import load_stock
from segue.store.rows import add_rows

SHARES = """
    SELECT sku, location, channel, units, taken, parent, safety FROM fences
    WHERE sku IN (SELECT value FROM json_each(?)) ORDER BY sku, location, channel"""
OVER = """
    SELECT sku, location, channel, units FROM reservations
    WHERE sku IN (SELECT value FROM json_each(?)) AND expires_at_s <= ?"""
PUT = """
    INSERT INTO fences (sku, location, channel, units, parent, safety) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (sku, location, channel) DO UPDATE SET units = excluded.units, parent = excluded.parent,
        safety = excluded.safety"""
TAKE = "UPDATE fences SET taken = taken + ? WHERE sku = ? AND location = ? AND channel = ?"
ADD_MOVE = """
    INSERT INTO fence_moves (sku, location, channel, units, taken, order_id, actor, at_s) VALUES {rows}"""


def write_shares(cursor: sqlite3.Cursor, batch: Batch) -> None:
    """Write which shares there are, and what the batch takes of them. Before its moves, which are not counted yet.

    Raises OutOfStock if a channel takes more than it may promise, Unwritable if shares contradict each other.
    """
    shares = _shares(cursor, touched(batch))
    if shares:
        drawing = Drawing(shares, load_stock(cursor, frozenset(shares), 0))
        drawing.run(batch)
        taken = [(units, *key) for *key, _, units, _, _, _ in drawing.rows]
        cursor.executemany(TAKE, taken)
        add_rows(cursor, ADD_MOVE, drawing.rows)
    _put(cursor, batch)


def _put(cursor: sqlite3.Cursor, batch: Batch) -> None:
    changes = batch.stocked.fences if batch.stocked else ()
    if not changes or not batch.stocked:
        return
    known = _shares(cursor, {change.sku for change in changes})
    rows = share_moves(known, batch)
    cursor.executemany(
        PUT,
        [(c.sku, c.fence.location, c.fence.channel, c.fence.units, c.fence.parent, c.fence.safety) for c in changes],
    )
    add_rows(cursor, ADD_MOVE, rows)
    for sku, fences in _shares(cursor, {change.sku for change in changes}).items():
        if wrong := objection(fences):
            raise Unwritable(f"{sku}: {wrong}")


def load_fences(cursor: sqlite3.Cursor, skus: frozenset[str], now_s: int) -> dict[str, tuple[Fence, ...]]:
    """The shares that channels have of these SKUs; those of which none has any are left out.

    What carts took that are over is not taken any more.
    """
    found = _shares(cursor, skus)
    if found:
        for sku, location, channel, units in cursor.execute(
            OVER, (json.encode(sorted(found)).decode(), now_s)
        ).fetchall():
            found[sku] = taken_more(found[sku], location, channel, -units)
    return found


def _shares(cursor: sqlite3.Cursor, skus: Iterable[str]) -> Shares:
    known = sorted(skus)
    return shares_of(cursor.execute(SHARES, (json.encode(known).decode(),)).fetchall()) if known else {}
