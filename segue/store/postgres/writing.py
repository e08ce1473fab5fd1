"""Writing the steps of a batch: orders, records, ledger, folders and watches. Whose order is written is locked first."""

from collections.abc import Iterable, Mapping, Sequence, Set

from psycopg import errors

from segue.ports import StaleOrder, Stepped
from segue.store.batch import (
    Row,
    changes_of,
    corrected,
    entries,
    lasting,
    moving,
    places,
    records,
    still_due_s,
    watching,
)
from segue.store.postgres.database import Cursor, write_each
from segue.store.postgres.waiting import put_off_waiting, write_waiting

LOCK_ORDERS = """
    SELECT id FROM orders
    WHERE id = ANY(%s) OR id IN (SELECT order_id FROM watches WHERE fact = ANY(%s))
    ORDER BY id FOR UPDATE"""
ADD_ORDER = """
    INSERT INTO orders (total_minor, status, open, wake_at_s, version, value, basket, ship_to_digest, workflow, rank,
        id, channel, channel_order_id, person, placed_at_s, currency)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
CHANGE_ORDER = """
    UPDATE orders SET total_minor = step.total_minor, status = step.status, open = step.open,
        wake_at_s = CASE WHEN orders.wake_at_s <= step.still_due_s THEN orders.wake_at_s ELSE step.wake_at_s END,
        version = step.version, value = step.value, basket = coalesce(nullif(step.basket, ''), orders.basket),
        ship_to_digest = step.ship_to_digest, workflow = step.workflow, rank = step.rank
    FROM (VALUES (%s::bigint, %s::bigint, %s, %s::boolean, %s::bigint, %s::bigint, %s, %s, %s, %s, %s, %s, %s::bigint))
        AS step (still_due_s, total_minor, status, open, wake_at_s, version, value, basket, ship_to_digest, workflow, rank,
            id, version_before)
    WHERE orders.id = step.id AND orders.version = step.version_before"""
CORRECT_ORDER = "UPDATE orders SET person = %s, placed_at_s = %s, currency = %s WHERE id = %s"
PUT_OFF = "UPDATE orders SET wake_at_s = %s WHERE id = %s"
ADD_STEP = """
    INSERT INTO steps (order_id, version, version_before, at_s, actor, record) VALUES (%s, %s, %s, %s, %s, %s)"""
ADD_ENTRY = """
    INSERT INTO ledger (order_id, version, position, debit, credit, amount_minor, currency, at_s)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"""

FOLDERS_OF = "SELECT order_id, folder, since_s FROM folders WHERE order_id = ANY(%s)"
ENTER_FOLDER = "INSERT INTO folders (order_id, folder, since_s) VALUES (%s, %s, %s)"
LEAVE_FOLDER = "DELETE FROM folders WHERE order_id = %s AND folder = %s AND since_s = %s"
WATCHES_OF = "SELECT order_id, fact FROM watches WHERE order_id = ANY(%s)"
WATCH = "INSERT INTO watches (order_id, fact) VALUES (%s, %s)"
UNWATCH = "DELETE FROM watches WHERE order_id = %s AND fact = %s"


def lock_orders(cursor: Cursor, ids: Iterable[str], facts: Iterable[str]) -> None:
    """Lock these orders and those that watch these facts, by id: two writers never wait for each other in a ring.

    Orders are locked before counters of stock are, everywhere.
    """
    known = list(ids), list(facts)
    if any(known):
        cursor.execute(LOCK_ORDERS, known)


def write_steps(cursor: Cursor, steps: Sequence[Stepped], now_s: int) -> None:
    """Write what the steps made of their orders. Raises StaleOrder if one has moved on meanwhile."""
    changes = changes_of(steps)
    _write_orders(cursor, changes.values(), now_s)
    write_each(cursor, ADD_STEP, records(steps))
    write_each(cursor, ADD_ENTRY, entries(steps))
    last = [step for _, step in changes.values()]
    known = [step.order.id for before, step in changes.values() if before]
    _replace(cursor, places(last), _stored(cursor, FOLDERS_OF, known), LEAVE_FOLDER, ENTER_FOLDER)
    watched = _stored(cursor, WATCHES_OF, known)
    _replace(cursor, watching(last), watched, UNWATCH, WATCH)
    write_waiting(cursor, last, watched, now_s)


def put_off(cursor: Cursor, orders: Mapping[str, int]) -> None:
    """Let these orders be woken no sooner than at their instants."""
    write_each(cursor, PUT_OFF, [(wake_at_s, order) for order, wake_at_s in orders.items()])
    put_off_waiting(cursor, orders)


def _write_orders(cursor: Cursor, changes: Iterable[tuple[int, Stepped]], now_s: int) -> None:
    added, changed = [], []
    for before, step in changes:
        if before:
            changed.append((still_due_s(step, now_s), *moving(step), step.order.id, before))
        else:
            added.append((*moving(step), *lasting(step)))
    try:
        write_each(cursor, ADD_ORDER, added)
    except errors.UniqueViolation as error:
        raise StaleOrder(f"an order of this batch is here already: {error}") from error
    if write_each(cursor, CHANGE_ORDER, changed) != len(changed):
        raise StaleOrder(f"one of {len(changed)} orders has moved on since it was loaded")
    write_each(cursor, CORRECT_ORDER, corrected(changes))


def _stored(cursor: Cursor, statement: str, orders: list[str]) -> set[Row]:
    return set(cursor.execute(statement, (orders,))) if orders else set()


def _replace(cursor: Cursor, wanted: Set[Row], stored: Set[Row], remove: str, add: str) -> None:
    write_each(cursor, remove, sorted(stored - wanted))
    write_each(cursor, add, sorted(wanted - stored))
