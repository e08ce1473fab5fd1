"""Writing shares of channels, and what is taken of them; where a SKU has none, nothing is done."""

import sqlite3
from collections.abc import Iterable

from msgspec import json

from segue.core.fences import Fence, objection
from segue.ports import Batch, Unwritable
from segue.store.cart_rows import Drawing, Shares, share_moves, shares_of, touched
from segue.store.loading import load_stock
from segue.store.rows import add_rows

SHARES = """
    SELECT sku, location, channel, units, taken, parent, safety FROM fences
    WHERE sku IN (SELECT value FROM json_each(?)) ORDER BY sku, location, channel"""
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
    _put(cursor, batch)
    shares = _shares(cursor, touched(batch))
    if not shares:
        return
    drawing = Drawing(shares, load_stock(cursor, frozenset(shares), 0))
    drawing.run(batch)
    cursor.executemany(TAKE, [(taken, *key) for *key, _, taken, _, _, _ in drawing.rows])
    add_rows(cursor, ADD_MOVE, drawing.rows)


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


def load_fences(cursor: sqlite3.Cursor, skus: frozenset[str]) -> dict[str, tuple[Fence, ...]]:
    """The shares that channels have of these SKUs; those of which none has any are left out."""
    return dict(_shares(cursor, skus))


def _shares(cursor: sqlite3.Cursor, skus: Iterable[str]) -> Shares:
    known = sorted(skus)
    return shares_of(cursor.execute(SHARES, (json.encode(known).decode(),)).fetchall()) if known else {}
