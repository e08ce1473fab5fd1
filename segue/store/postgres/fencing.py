"""Writing shares of channels, and what is taken of them; where a SKU has none, nothing is done."""

from collections.abc import Iterable

from segue.core.fences import Fence, objection, taken_more
from segue.ports import Batch, Unwritable
from segue.store.cart_rows import Drawing, Shares, share_moves, shares_of, touched
from segue.store.postgres.database import Cursor, write_each
from segue.store.postgres.loading import load_stock

SHARES = """
    SELECT sku, location, channel, units, taken, parent, safety FROM fences
    WHERE sku = ANY(%s) ORDER BY sku, location, channel"""
# Who takes of a SKU that has shares waits for others who do: the shares are locked until the transaction ends.
LOCKED = SHARES + " FOR UPDATE"
OVER = "SELECT sku, location, channel, units FROM reservations WHERE sku = ANY(%s) AND expires_at_s <= %s"
PUT = """
    INSERT INTO fences (sku, location, channel, units, parent, safety) VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (sku, location, channel) DO UPDATE SET units = excluded.units, parent = excluded.parent,
        safety = excluded.safety"""
TAKE = "UPDATE fences SET taken = taken + %s WHERE sku = %s AND location = %s AND channel = %s"
ADD_MOVE = """
    INSERT INTO fence_moves (sku, location, channel, units, taken, order_id, actor, at_s)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"""


def write_shares(cursor: Cursor, batch: Batch) -> None:
    """Write which shares there are, and what the batch takes of them. Before its moves, which are not counted yet.

    Raises OutOfStock if a channel takes more than it may promise, Unwritable if shares contradict each other.
    """
    shares = _shares(cursor, touched(batch), LOCKED)
    if shares:
        drawing = Drawing(shares, load_stock(cursor, frozenset(shares), 0))
        drawing.run(batch)
        taken = [(units, *key) for *key, _, units, _, _, _ in drawing.rows]
        write_each(cursor, TAKE, taken)
        write_each(cursor, ADD_MOVE, drawing.rows)
    _put(cursor, batch)


def _put(cursor: Cursor, batch: Batch) -> None:
    changes = batch.stocked.fences if batch.stocked else ()
    if not changes:
        return
    skus = {change.sku for change in changes}
    moves = share_moves(_shares(cursor, skus, LOCKED), batch)
    write_each(
        cursor,
        PUT,
        [(c.sku, c.fence.location, c.fence.channel, c.fence.units, c.fence.parent, c.fence.safety) for c in changes],
    )
    write_each(cursor, ADD_MOVE, moves)
    for sku, fences in _shares(cursor, skus).items():
        if wrong := objection(fences):
            raise Unwritable(f"{sku}: {wrong}")


def load_fences(cursor: Cursor, skus: frozenset[str], now_s: int) -> dict[str, tuple[Fence, ...]]:
    """The shares that channels have of these SKUs; those of which none has any are left out.

    What carts took that are over is not taken any more.
    """
    found = _shares(cursor, skus)
    if found:
        for sku, location, channel, units in cursor.execute(OVER, (sorted(found), now_s)).fetchall():
            found[sku] = taken_more(found[sku], location, channel, -units)
    return found


def _shares(cursor: Cursor, skus: Iterable[str], statement: str = SHARES) -> Shares:
    known = sorted(skus)
    return shares_of(cursor.execute(statement, (known,)).fetchall()) if known else {}
