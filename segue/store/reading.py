"""Reading for people: find an order, tell its story, list what is in a status or folder. Never writes."""

import sqlite3
from collections.abc import Iterator
from typing import Any

from msgspec import json

from segue.core.base import Value
from segue.core.order import Order
from segue.ports import Recorded, Story
from segue.store.loading import ORDER

LIMIT = 100  # rows, where the caller names no other

FOUND = """
    SELECT id, channel, channel_order_id, placed_at_s, status, open, total_minor, currency, wake_at_s,
        (SELECT json_group_array(folder) FROM folders WHERE order_id = orders.id)
    FROM orders """
BY_ID = FOUND + "WHERE id = ?1 OR channel_order_id = ?1 ORDER BY id = ?1 DESC, placed_at_s DESC LIMIT ?2"
IN_FOLDER = FOUND + (
    "WHERE id IN (SELECT order_id FROM folders WHERE folder = ?1)"
    " AND (?2 IS NULL OR status = ?2) AND (?3 IS NULL OR open = ?3) ORDER BY placed_at_s, number LIMIT ?4"
)
IN_STATUS = FOUND + "WHERE status = ?1 AND (?2 IS NULL OR open = ?2) ORDER BY placed_at_s, number LIMIT ?3"
LATEST = FOUND + "WHERE ?1 IS NULL OR open = ?1 ORDER BY number DESC LIMIT ?2"
VALUE = "SELECT value FROM orders WHERE id = ?"
WORKFLOW = "SELECT text FROM workflows WHERE version = ?"
STORY = "SELECT version_before, version, at_s, actor, record FROM steps WHERE order_id = ? ORDER BY version"
TASKS = """
    SELECT id, order_id, kind, provider, state, attempt, due_at_s, detail FROM tasks
    WHERE order_id = ? ORDER BY number"""
LEDGER = """
    SELECT version, debit, credit, amount_minor, currency, at_s FROM ledger
    WHERE order_id = ? ORDER BY version, position"""

EVERY_VALUE = "SELECT value FROM orders ORDER BY id"
EVERY_OPEN_VALUE = "SELECT value FROM orders WHERE open = 1 ORDER BY id"
SOME_VALUES = "SELECT number, id, CAST(value AS BLOB) FROM orders WHERE number > ? ORDER BY number LIMIT ?"
ONE_VALUE = "SELECT number, id, CAST(value AS BLOB) FROM orders WHERE id = ?"
STEPS_OF = """
    SELECT order_id, version, at_s, CAST(record AS BLOB) FROM steps
    WHERE order_id IN (SELECT value FROM json_each(?)) ORDER BY order_id, version"""
DOCUMENTS_OF = """
    SELECT order_id, CAST(content AS BLOB) FROM documents
    WHERE order_id IN (SELECT value FROM json_each(?)) ORDER BY order_id, version, rowid"""
STORIES = 500  # that are read at once
EVERY_STEP = "SELECT order_id, at_s, record FROM steps ORDER BY number"


class Found(Value):
    """An order, as short as a list shows it."""

    id: str
    channel: str
    channel_order_id: str
    placed_at_s: int
    status: str
    open: bool
    total_minor: int
    currency: str
    wake_at_s: int | None
    folders: tuple[str, ...]


class Told(Value):
    """One step of an order's story."""

    version_before: int
    version: int
    at_s: int
    by: str
    record: Any  # what the engine recorded, decoded from JSON


class TaskFound(Value):
    """A task, as a list shows it. A claimed one is due when its lease ends."""

    id: str
    order: str
    kind: str
    provider: str
    state: str
    attempt: int
    due_at_s: int
    detail: str


class Booked(Value):
    """One entry of an order's ledger."""

    version: int
    debit: str
    credit: str
    amount_minor: int
    currency: str
    at_s: int


class Finder:
    """Finds orders and what belongs to them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def find(self, id: str, limit: int = LIMIT) -> list[Found]:
        """The orders with this id or channel order id: two channels may use the same number."""
        return _found(self._connection.execute(BY_ID, (id, limit)))

    def order(self, id: str) -> Order | None:
        """The order with this id, or None."""
        row = self._connection.execute(VALUE, (id,)).fetchone()
        return ORDER.decode(row[0]) if row else None

    def workflow_text(self, version: str) -> str | None:
        """The text of a workflow version that orders are pinned to."""
        row = self._connection.execute(WORKFLOW, (version,)).fetchone()
        return row[0] if row else None

    def story(self, id: str) -> list[Told]:
        """What happened to an order, step by step."""
        rows = self._connection.execute(STORY, (id,))
        return [Told(before, version, at_s, by, json.decode(record)) for before, version, at_s, by, record in rows]

    def orders(
        self, folder: str | None = None, status: str | None = None, open: bool | None = None, limit: int = LIMIT
    ) -> list[Found]:
        """The orders in a folder, in a status, open or closed: the oldest first, or of all orders the latest."""
        if folder is not None:
            return _found(self._connection.execute(IN_FOLDER, (folder, status, open, limit)))
        if status is not None:
            return _found(self._connection.execute(IN_STATUS, (status, open, limit)))
        return _found(self._connection.execute(LATEST, (open, limit)))

    def tasks(self, id: str) -> list[TaskFound]:
        """What was asked of the outside world for an order, in the order in which it was asked."""
        return [TaskFound(*row) for row in self._connection.execute(TASKS, (id,))]

    def ledger(self, id: str) -> list[Booked]:
        """The entries of an order's ledger."""
        return [Booked(*row) for row in self._connection.execute(LEDGER, (id,))]


def _found(rows: sqlite3.Cursor) -> list[Found]:
    return [
        Found(
            id, channel, channel_order_id, placed_at_s, status, bool(open), total_minor, currency, wake_at_s,
            tuple(sorted(json.decode(folders))),
        )
        for id, channel, channel_order_id, placed_at_s, status, open, total_minor, currency, wake_at_s, folders in rows
    ]  # fmt: skip


def every_order(connection: sqlite3.Connection) -> Iterator[Order]:
    """All orders as they stand, by id. One at a time, so that memory is not the limit."""
    for (value,) in connection.execute(EVERY_VALUE):
        yield ORDER.decode(value)


def open_orders(connection: sqlite3.Connection) -> Iterator[Order]:
    """All orders to which something can still happen, by id, one at a time."""
    for (value,) in connection.execute(EVERY_OPEN_VALUE):
        yield ORDER.decode(value)


def stories(connection: sqlite3.Connection, order: str | None = None) -> Iterator[Story]:
    """All orders, or one, each with all that is on record of it; some at a time, so that memory is not the limit."""
    if order is not None:
        yield from _stories(connection, connection.execute(ONE_VALUE, (order,)).fetchall())
        return
    last = -1
    while rows := connection.execute(SOME_VALUES, (last, STORIES)).fetchall():
        last = rows[-1][0]
        yield from _stories(connection, rows)


def _stories(connection: sqlite3.Connection, rows: list[tuple[int, str, bytes]]) -> Iterator[Story]:
    steps: dict[str, list[Recorded]] = {id: [] for _, id, _ in rows}
    documents: dict[str, list[bytes]] = {id: [] for id in steps}
    wanted = (json.encode(list(steps)).decode(),)
    for id, *step in connection.execute(STEPS_OF, wanted):
        steps[id].append(Recorded(*step))
    for id, content in connection.execute(DOCUMENTS_OF, wanted):
        documents[id].append(content)
    for _, id, value in rows:
        yield Story(id, value, tuple(steps[id]), tuple(documents[id]))


def every_workflow(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Each workflow version that is kept, and its text."""
    return connection.execute("SELECT version, text FROM workflows ORDER BY version").fetchall()


def count_orders(connection: sqlite3.Connection) -> int:
    """How many orders there are."""
    (count,) = connection.execute("SELECT count(*) FROM orders").fetchone()
    return int(count)


def every_story(connection: sqlite3.Connection) -> Iterator[tuple[str, int, bytes]]:
    """All steps of all orders, in the order in which they were taken: order, instant, record."""
    yield from connection.execute(EVERY_STEP)
