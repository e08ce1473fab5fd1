"""Lines that wait for stock, in PostgreSQL: written with the steps of their orders, and together when supply is moved."""

from collections.abc import Mapping, Sequence

from segue.core.queue import Queue
from segue.core.waiting import Waiting
from segue.ports import StaleOrder, Stepped, Stocked
from segue.store.batch import Watch, passed
from segue.store.kept import KeptQueues
from segue.store.postgres.database import Cursor, write_each
from segue.store.waiting_rows import COLUMNS, queues_of, requeued, waiting_changes, waiting_of, who_waited, woken

OF_ORDERS = f"SELECT {COLUMNS} FROM waiting WHERE order_id = ANY(%s)"
OF_SKU = f"SELECT {COLUMNS} FROM waiting WHERE sku = %s"
PUT = f"""
    INSERT INTO waiting ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (sku, order_id, line) DO UPDATE SET units = excluded.units, rank = excluded.rank,
        placed_at_s = excluded.placed_at_s, kind = excluded.kind, quiet_s = excluded.quiet_s, told_s = excluded.told_s,
        due_s = excluded.due_s, since_s = excluded.since_s, look_at_s = excluded.look_at_s,
        secured_until_s = excluded.secured_until_s, secured_minor = excluded.secured_minor"""
# In an order that all writers keep: two never wait for each other in a ring.
LOCK = "SELECT 1 FROM waiting WHERE sku = ANY(%s) ORDER BY sku, order_id, line FOR UPDATE"
REMOVE = "DELETE FROM waiting WHERE sku = %s AND order_id = %s AND line = %s"
REDATE = """
    UPDATE waiting SET due_s = new.due_s, since_s = new.since_s, look_at_s = new.look_at_s
    FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
        AS new (sku, order_id, line, due_s, since_s, look_at_s)
    WHERE waiting.sku = new.sku AND waiting.order_id = new.order_id AND waiting.line = new.line"""
MARK = """
    SELECT count(*), coalesce(sum(units), 0)::bigint, coalesce(sum(placed_at_s), 0)::bigint FROM waiting
    WHERE sku = %s"""
PUT_OFF = "UPDATE waiting SET look_at_s = greatest(%s, since_s) WHERE order_id = %s AND look_at_s IS NOT NULL"
QUEUED = """
    SELECT sku, rank, placed_at_s, order_id, units FROM waiting WHERE sku = ANY(%s)"""
QUEUE_VERSIONS = "SELECT sku, version FROM queues WHERE sku = ANY(%s)"
REQUEUED = """
    INSERT INTO queues (sku, version) VALUES (%s, 1) ON CONFLICT (sku) DO UPDATE SET version = queues.version + 1"""
MOVED = """
    SELECT order_id, min(since_s) FROM waiting WHERE order_id = ANY(%s) GROUP BY order_id"""
TO_LOOK_AT = """
    SELECT order_id FROM waiting WHERE look_at_s <= %s ORDER BY look_at_s, rank, placed_at_s, order_id LIMIT %s"""

# Those of a strict queue that something is free for, when all before them have theirs.
WAKE_NEXT = """
    UPDATE orders SET wake_at_s = %(now_s)s
    WHERE id IN (
            SELECT order_id FROM (
                SELECT order_id, sum(units) OVER (ORDER BY rank, placed_at_s, order_id, line) - units AS ahead FROM waiting
                WHERE sku = %(sku)s) AS queue
            WHERE ahead < (
                SELECT coalesce(sum(greatest(0, on_hand - damaged - quarantined - safety - allocated - reserved)), 0)
                FROM stock WHERE sku = %(sku)s))
        AND (wake_at_s IS NULL OR wake_at_s > %(now_s)s)"""


def write_waiting(cursor: Cursor, steps: Sequence[Stepped], watched: set[Watch], now_s: int) -> None:
    """Write which lines wait after these last steps; `watched` is what their orders watched before."""
    before = who_waited(watched)
    known = cursor.execute(OF_ORDERS, (before,)).fetchall() if before else []
    gone, changed = waiting_changes(steps, known, now_s)
    write_each(cursor, REMOVE, gone)
    write_each(cursor, PUT, changed)
    write_each(cursor, REQUEUED, [(sku,) for sku in requeued(gone, changed, known)])


def wake_next(cursor: Cursor, steps: Sequence[Stepped], now_s: int) -> None:
    """Wake those whose turn it is in strict queues after these steps, when stock is as it is after them; they are locked."""
    for sku in passed(steps):
        cursor.execute(WAKE_NEXT, {"now_s": now_s, "sku": sku})


def put_off_waiting(cursor: Cursor, orders: Mapping[str, int]) -> None:
    """Let these orders be looked at no sooner than at their instants."""
    write_each(cursor, PUT_OFF, [(at_s, order) for order, at_s in orders.items()])


def redate(cursor: Cursor, stocked: Stocked) -> None:
    """Write what waiting lines are to have now. Raises StaleOrder if others wait than when that was worked out."""
    if stocked.queued:
        cursor.execute(LOCK, (sorted(stocked.queued),))
    for sku, mark in sorted(stocked.queued.items()):
        if cursor.execute(MARK, (sku,)).fetchone() != mark:
            raise StaleOrder(f"others wait for {sku} by now")
    if stocked.redated:
        cursor.execute(REDATE, [list(column) for column in zip(*stocked.redated, strict=True)])


def load_queued(cursor: Cursor, skus: frozenset[str], kept: KeptQueues | None = None) -> dict[str, Queue]:
    """Of each SKU, the orders that wait for it, in their turn. What is kept in the version that is stored is not read."""
    if not skus:
        return {}
    kept = KeptQueues() if kept is None else kept
    stored = cursor.execute(QUEUE_VERSIONS, (sorted(skus),)).fetchall()
    versions = dict.fromkeys(skus, 0) | dict(stored)
    found = kept.still(versions)
    if rest := skus - found.keys():
        queues = queues_of(rest, cursor.execute(QUEUED, (sorted(rest),)))
        kept.keep(queues, versions)
        found |= queues
    return found


def load_moved(cursor: Cursor, orders: frozenset[str]) -> dict[str, int | None]:
    """Since when supply was moved that these orders were told of; None: it was not."""
    if not orders:
        return {}
    rows = cursor.execute(MOVED, (sorted(orders),))
    return dict.fromkeys(orders) | dict(rows.fetchall())


def load_waiting(cursor: Cursor, skus: frozenset[str]) -> dict[str, tuple[Waiting, ...]]:
    """The lines that wait for each SKU."""
    return {sku: tuple([waiting_of(row) for row in cursor.execute(OF_SKU, (sku,))]) for sku in sorted(skus)}


def with_looks(cursor: Cursor, wakes: tuple[str, ...], now_s: int, limit: int) -> tuple[str, ...]:
    """The orders to wake, and those to be looked at because supply was moved."""
    return woken(wakes, [order for (order,) in cursor.execute(TO_LOOK_AT, (now_s, limit))], limit)
