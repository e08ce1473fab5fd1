"""The floor: how fast plain SQLite could write the very rows that a run has written, and nothing else.

In the floor: every row that the run inserted, as it stands at the end (the bodies of messages as they came in), and every
update, with the columns that the run changes and values of their real sizes; in batches of 500 orders, each batch one
transaction of `executemany`, into tables with the same columns and a primary key; WAL, synchronous=FULL, on the same disk.

Not in the floor: any other index, CHECK, trigger or STRICT typing; reading, deciding, encoding, sealing; claims, and
transactions smaller than a batch. It is a floor, not a rival: it knows before it starts all that is to be written.

How many rows were inserted is counted in the tables; SQLite's own `total_changes` says how many rows were written
altogether. The rest are updates: of orders one a later step, of tasks and messages one when they are settled; what is left
then are the counters of stock.
"""

import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from segue.store.database import CHECKPOINT_PAGES, PAGE_BYTES, Reader

BATCH_ORDERS = 500

INSERTED = ("people", "inbox", "orders", "steps", "ledger", "stock_moves", "tasks", "folders", "watches", "documents")
CHANGED = {  # the columns that updates write, and those by which they find their row
    "orders": (("version", "status", "open", "wake_at_s", "value"), ("number",)),
    "tasks": (("state", "detail", "due_at_s"), ("number",)),
    "inbox": (("state", "reason", "order_id", "body"), ("number",)),
    "stock": (("on_hand", "allocated"), ("sku", "location")),
}
OF_ORDERS = {"stock_moves": "order_id <> ''"}  # the rest of this table is the count that the shop began with
TOTAL_CHANGES = "SELECT total_changes()"
BODIES = "SELECT number, body FROM inbox"
STEPS = "SELECT count(*) FROM steps"
SETTLED_TASKS = "SELECT count(*) FROM tasks WHERE state NOT IN ('ready', 'claimed')"
SETTLED_MESSAGES = "SELECT count(*) FROM inbox WHERE state <> 'new'"

Row = tuple[Any, ...]
Written = dict[str, dict[str, int]]  # table -> {"inserted", "updated"}


class Floor(NamedTuple):
    """How long it took, and what was written."""

    seconds: float
    rows: Written


def changes_so_far(cursor: sqlite3.Cursor) -> int:
    """How many rows this connection has written since it was opened."""
    return _count(cursor, TOTAL_CHANGES)


def bodies_now(cursor: sqlite3.Cursor) -> dict[int, str]:
    """The bodies of the messages that wait, by number: they are cleared when they are handled."""
    return dict(cursor.execute(BODIES).fetchall())


def rows_written(connection: Reader, changes: int) -> Written:
    """How many rows of each table a run of so many changes has inserted and updated."""
    cursor = connection.cursor()
    rows = {
        table: {"inserted": _count(cursor, f"SELECT count(*) {_rows_of(table)}"), "updated": 0} for table in INSERTED
    }
    rows["orders"]["updated"] = _count(cursor, STEPS) - rows["orders"]["inserted"]
    rows["tasks"]["updated"] = _count(cursor, SETTLED_TASKS)
    rows["inbox"]["updated"] = _count(cursor, SETTLED_MESSAGES)
    known = sum(sum(counts.values()) for counts in rows.values())
    rows["stock"] = {"inserted": 0, "updated": max(0, changes - known)}
    return rows


def write_floor(
    connection: Reader, path: Path, rows: Written, bodies: Mapping[int, str], growth: Sequence[float]
) -> Floor:
    """Write the rows of a run into a new database at `path`, and say how long it took.

    `growth`: how long an order's value is after each of its steps, as a share of how long it is at the end.
    """
    plain = sqlite3.connect(path, isolation_level=None)
    for pragma in (f"page_size = {PAGE_BYTES}", "journal_mode = WAL", "synchronous = FULL"):
        plain.execute(f"PRAGMA {pragma}")
    plain.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    plain.execute("BEGIN")
    tables = [_Table(connection, plain, name, counts) for name, counts in rows.items()]
    plain.execute("COMMIT")
    batches = -(-rows["orders"]["inserted"] // BATCH_ORDERS) or 1
    seconds = 0.0
    for number in range(batches):
        work = [(statement, list(each)) for t in tables for statement, each in t.batch(number, batches, bodies, growth)]
        began = time.perf_counter()
        plain.execute("BEGIN IMMEDIATE")
        for statement, values in work:
            plain.executemany(statement, values)
        plain.execute("COMMIT")
        seconds += time.perf_counter() - began
    plain.close()
    return Floor(seconds, rows)


class _Table:
    """A table of the run, read in slices, and how its rows are written again."""

    def __init__(self, source: Reader, plain: sqlite3.Connection, name: str, counts: Mapping[str, int]) -> None:
        about = source.execute(f"PRAGMA table_info({name})").fetchall()
        self.name = name
        self.counts = counts
        self.columns = [column for _, column, *_ in about]
        keys = [column for _, column, _, _, _, key in sorted(about, key=lambda each: each[5]) if key]
        plain.execute(f"CREATE TABLE {name} ({_typed(about)}, PRIMARY KEY ({', '.join(keys)})){_rowid(keys)}")
        self.rows = source.execute(f"SELECT * {_rows_of(name)} ORDER BY {', '.join(keys)}")
        self.size = _count(source.cursor(), f"SELECT count(*) {_rows_of(name)}")
        if name == "stock":  # its counters were there before the run
            plain.executemany(
                f"INSERT INTO stock VALUES ({_marks(self.columns)})", source.execute("SELECT * FROM stock")
            )

    def batch(
        self, number: int, batches: int, bodies: Mapping[int, str], growth: Sequence[float]
    ) -> Iterable[tuple[str, Iterable[Row]]]:
        """The statements of one batch, each with its rows: first the inserts, then one update of each row after another."""
        rows = self.rows.fetchmany(_share(self.size, number, batches))
        if self.counts["inserted"]:
            first = [self._as_inserted(row, bodies, growth) for row in rows]
            yield f"INSERT INTO {self.name} VALUES ({_marks(self.columns)})", first
        left = _share(self.counts["updated"], number, batches)
        times = 1
        while left > 0 and rows:
            yield self._updates(rows[:left], growth[min(times, len(growth) - 1)])
            left -= len(rows)
            times += 1

    def _updates(self, rows: Sequence[Row], share: float) -> tuple[str, Iterable[Row]]:
        changed, keys = CHANGED[self.name]
        settings = ", ".join(f"{column} = ?" for column in changed)
        found = " AND ".join(f"{key} = ?" for key in keys)
        places = [self.columns.index(column) for column in (*changed, *keys)]
        values = (tuple([_cut(row[place], self.columns[place], share) for place in places]) for row in rows)
        return f"UPDATE {self.name} SET {settings} WHERE {found}", values

    def _as_inserted(self, row: Row, bodies: Mapping[int, str], growth: Sequence[float]) -> Row:
        if self.name == "inbox":
            return (*row[:5], bodies.get(row[0], row[5]), *row[6:])
        if self.name == "orders":
            return tuple([_cut(cell, column, growth[0]) for column, cell in zip(self.columns, row, strict=True)])
        return row


def _rows_of(table: str) -> str:
    return f"FROM {table} WHERE {OF_ORDERS.get(table, 'true')}"


def _cut(cell: Any, column: str, share: float) -> Any:
    """An order's value as long as it was then."""
    return cell[: int(len(cell) * share)] if column == "value" else cell


def _share(count: int, number: int, batches: int) -> int:
    """How many of so many fall into this batch."""
    return count * (number + 1) // batches - count * number // batches


def _typed(about: Iterable[Row]) -> str:
    return ", ".join(f"{column} {kind}" for _, column, kind, *_ in about)


def _rowid(keys: Sequence[str]) -> str:
    return "" if keys == ["number"] else " WITHOUT ROWID"


def _marks(columns: Sequence[str]) -> str:
    return ", ".join("?" * len(columns))


def _count(cursor: sqlite3.Cursor, statement: str) -> int:
    (count,) = cursor.execute(statement).fetchone()
    return int(count)
