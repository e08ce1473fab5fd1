"""The audit of what changed since the last one that found nothing wrong.

How far that one came is in a small database of its own beside the shop's, so that auditing needs no owner's lock. It has
the counters of stock too: then only new moves have to be added up. Deleting the file makes the next audit a whole one.

Seen again are: orders that took a step; those whose task or message was under way last time, since an answer may change a
task without a step; those that should have been woken by now; counters that moved. Not seen is what is changed in old rows
behind the store's back, and the next wake of an order that was looked at and took no step: that is what whole audits find.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from segue.store.audit import Terms, Violation, ask, auditing, by_rule, look_at_all, look_at_orders

MARK_FILE = "audit.db"  # in a shop's folder
SCHEMA = """
    DROP TABLE IF EXISTS mark; -- of an earlier Segue, which did not keep all parts of the counters
    DROP TABLE IF EXISTS counters;
    CREATE TABLE IF NOT EXISTS marked (
        step INTEGER NOT NULL, order_id TEXT NOT NULL, version INTEGER NOT NULL, receipt INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS stock (
        sku TEXT NOT NULL, location TEXT NOT NULL, on_hand INTEGER NOT NULL, allocated INTEGER NOT NULL,
        reserved INTEGER NOT NULL, damaged INTEGER NOT NULL, quarantined INTEGER NOT NULL, in_transit INTEGER NOT NULL,
        PRIMARY KEY (sku, location)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS under_way (order_id TEXT NOT NULL) STRICT;"""

NOW = """
    SELECT number, order_id, version,
        coalesce((SELECT max(m.version) FROM main.stock_moves m WHERE m.order_id = ''), 0)
    FROM main.steps ORDER BY number DESC LIMIT 1"""
KNOWN = "SELECT 1 FROM main.steps WHERE number = ? AND order_id = ? AND version = ?"
CHANGED = "SELECT order_id FROM main.steps WHERE number > ?"
LATE = """
    SELECT id FROM main.orders WHERE wake_at_s IS NOT NULL AND wake_at_s < (
        SELECT at_s FROM main.steps ORDER BY number DESC LIMIT 1) - (SELECT late_s FROM terms)"""
UNDER_WAY = """
    SELECT order_id FROM main.tasks WHERE state IN ('ready', 'claimed')
    UNION SELECT order_id FROM main.inbox WHERE state = 'new' AND order_id <> ''"""
NEW_MOVES = """
    SELECT m.sku, m.location, sum(m.on_hand), sum(m.allocated), sum(m.reserved), sum(m.damaged), sum(m.quarantined),
        sum(m.in_transit)
    FROM (
        SELECT s.order_id, s.version FROM main.steps s WHERE s.number > ?1
        UNION ALL SELECT DISTINCT '', r.version FROM main.stock_moves r WHERE r.order_id = '' AND r.version > ?2
    ) x CROSS JOIN main.stock_moves m WHERE m.order_id = x.order_id AND m.version = x.version
    GROUP BY m.sku, m.location"""
PARTS = "on_hand, allocated, reserved, damaged, quarantined, in_transit"
COUNTER = f"SELECT {PARTS} FROM stock WHERE sku = ? AND location = ?"
COUNTERS = f"SELECT sku, location, {PARTS} FROM main.stock"
KEEP_COUNTER = "INSERT OR REPLACE INTO stock VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
ADD_COUNTED = "INSERT INTO counted VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
NONE = (0,) * 6

Kept = tuple[str | int, ...]  # a counter: SKU, location, its parts


class Mark(NamedTuple):
    """How far an audit came: the last step, and the last receipt of stock."""

    step: int
    order_id: str
    version: int
    receipt: int


class Since(NamedTuple):
    """What an audit of the changes found, and how many orders it looked at; none if it was a whole audit."""

    violations: list[Violation]
    orders: int | None


def audit_since(connection: sqlite3.Connection, path: Path, terms: Terms) -> Since:
    """Whatever breaks an invariant in what changed since the last audit that found nothing; the first is a whole one."""
    with closing(sqlite3.connect(path, isolation_level=None)) as marks:
        marks.executescript(SCHEMA)
        row = marks.execute("SELECT * FROM marked").fetchone()
        mark = Mark(*row) if row else None
        if mark is None or connection.execute(KNOWN, mark[:3]).fetchone() is None:
            return _whole(connection, marks, terms)
        return _changes(connection, marks, mark, terms)


def _whole(connection: sqlite3.Connection, marks: sqlite3.Connection, terms: Terms) -> Since:
    with auditing(connection, terms) as cursor:
        now = cursor.execute(NOW).fetchone()
        counters = cursor.execute(COUNTERS).fetchall()
        under_way = cursor.execute(UNDER_WAY).fetchall()
        violations = by_rule(look_at_all(cursor))
    if now and not violations:
        with _writing(marks):
            marks.execute("DELETE FROM stock")
            _keep(marks, Mark(*now), counters, under_way)
    return Since(violations, None)


def _changes(connection: sqlite3.Connection, marks: sqlite3.Connection, mark: Mark, terms: Terms) -> Since:
    with auditing(connection, terms) as cursor:
        now = Mark(*cursor.execute(NOW).fetchone())
        orders = {id for (id,) in cursor.execute(CHANGED, (mark.step,))}
        orders |= {id for (id,) in cursor.execute(LATE)}
        orders |= {id for (id,) in marks.execute("SELECT order_id FROM under_way")}
        counters = []
        for sku, location, *parts in cursor.execute(NEW_MOVES, (mark.step, mark.receipt)):
            before = marks.execute(COUNTER, (sku, location)).fetchone() or NONE
            counters.append((sku, location, *(then + more for then, more in zip(before, parts, strict=True))))
        cursor.executemany(ADD_COUNTED, counters)
        violations = by_rule(look_at_orders(cursor, orders) + ask(cursor, "counters", "messages"))
        under_way = cursor.execute(UNDER_WAY).fetchall()
    if not violations:
        with _writing(marks):
            _keep(marks, now, counters, under_way)
    return Since(violations, len(orders))


def _keep(
    marks: sqlite3.Connection,
    mark: Mark,
    counters: list[Kept],
    under_way: list[tuple[str]],
) -> None:
    marks.execute("DELETE FROM marked")
    marks.execute("INSERT INTO marked VALUES (?, ?, ?, ?)", mark)
    marks.executemany(KEEP_COUNTER, counters)
    marks.execute("DELETE FROM under_way")
    marks.executemany("INSERT INTO under_way VALUES (?)", under_way)


@contextmanager
def _writing(marks: sqlite3.Connection) -> Iterator[None]:
    """All that is written within, or nothing."""
    marks.execute("BEGIN IMMEDIATE")
    try:
        yield
        marks.execute("COMMIT")
    finally:
        if marks.in_transaction:
            marks.rollback()
