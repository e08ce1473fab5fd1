"""A shop's database in PostgreSQL: how it is connected to, brought up to date, and written in whole transactions.

Nothing here leans on an isolation level: the server's default may be any of them. What has to give way to another
writer (a deadlock, a refused serialization) wrote nothing, and is simply done again.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.resources import files
from typing import Any, TypeVar

import psycopg
from psycopg import errors

from segue.store.database import DatabaseTooNew

Connection = psycopg.Connection[tuple[Any, ...]]
Cursor = psycopg.Cursor[tuple[Any, ...]]
Written = TypeVar("Written")

MIGRATIONS = (
    "schema.sql",
    "documents.sql",
    "coupons.sql",
    "stock.sql",
    "locations.sql",
    "shares.sql",
    "opportunity.sql",
    "turns.sql",
    "subscriptions.sql",
    "selling.sql",
    "waiting.sql",
    "queues.sql",
    "presales.sql",
)  # the n-th brings a database from version n - 1 to n
MIGRATING = 5_363_671_943  # the advisory lock that keeps two workers from bringing one database up to date at once
TRIES_MAX = 5
LOCK_WAIT_MS = 10_000  # for a row that another writer holds
ENCODING = "UTF8"

GAVE_WAY = (errors.DeadlockDetected, errors.SerializationFailure)

# Set at each connecting, whatever the server's default is. What is acknowledged is on disk.
SETTINGS = ("SET synchronous_commit TO on", f"SET lock_timeout TO {LOCK_WAIT_MS}")

READ_ONE_INSTANT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
TAKE_TURN = "SELECT pg_advisory_lock(%s)"
END_TURN = "SELECT pg_advisory_unlock(%s)"
IS_NEW = "SELECT to_regclass('meta') IS NULL"
VERSION = "SELECT value FROM meta WHERE name = 'schema'"
SET_VERSION = """
    INSERT INTO meta (name, value) VALUES ('schema', %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value"""


class WrongEncoding(Exception):
    """The database keeps texts in another encoding than UTF-8, and could not keep every name."""


class PostgresDatabase:
    """One connection. Threads may share it and take turns; others connect to the same database by one of their own.

    A connection that broke is replaced at the next use. Whether what was under way when it broke is written, the version
    of the order, the state of the task or message tells.
    """

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._turn = threading.RLock()
        self._connection = _connect(conninfo)
        with ExitStack() as otherwise:
            otherwise.callback(self.close)
            self._connection.execute(TAKE_TURN, (MIGRATING,))
            self.transact(_migrate)
            self._connection.execute(END_TURN, (MIGRATING,))
            otherwise.pop_all()

    def transact(self, work: Callable[[Cursor], Written]) -> Written:
        """Do this in a transaction; if it has to give way to another writer, do it again.

        Raises what `work` raises, or DeadlockDetected or SerializationFailure after too many tries.
        """
        for _ in range(TRIES_MAX - 1):
            try:
                with self.transaction() as cursor:
                    return work(cursor)
            except GAVE_WAY:
                continue
        with self.transaction() as cursor:
            return work(cursor)

    @contextmanager
    def transaction(self) -> Iterator[Cursor]:
        """All that is written within is committed at its end; if anything is raised, nothing is."""
        with self._turn:
            connection = self._connected()
            with connection.transaction(), connection.cursor() as cursor:
                yield cursor

    @contextmanager
    def snapshot(self) -> Iterator[Cursor]:
        """All that is read within is of one instant."""
        with self._turn:
            connection = self._connected()
            with connection.cursor() as cursor:
                cursor.execute(READ_ONE_INSTANT)
                try:
                    yield cursor
                finally:
                    connection.rollback()

    def look_up(self, statement: str, parameters: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """The first row that one statement finds, or None."""
        with self._turn, self._connected().cursor() as cursor:
            return cursor.execute(statement, parameters).fetchone()

    def close(self) -> None:
        """Close the connection."""
        with self._turn:
            self._connection.close()

    def _connected(self) -> Connection:
        if self._connection.broken:
            self._connection = _connect(self._conninfo)
        return self._connection


def write_each(cursor: Cursor, statement: str, rows: Iterable[tuple[Any, ...]]) -> int:
    """Run a statement for each of these rows, if there are any; returns how many rows of its table that changed."""
    known = list(rows)
    if not known:
        return 0
    cursor.executemany(statement, known)
    return cursor.rowcount


def _connect(conninfo: str) -> Connection:
    connection = psycopg.connect(conninfo, autocommit=True)
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != ENCODING:
        connection.close()
        raise WrongEncoding(f"the database is in {encoding}: create it with ENCODING '{ENCODING}'")
    for setting in SETTINGS:
        connection.execute(setting)
    return connection


def _migrate(cursor: Cursor) -> None:
    version = _version(cursor)
    if version > len(MIGRATIONS):
        raise DatabaseTooNew(f"the database has version {version}, this Segue knows {len(MIGRATIONS)}")
    for number, name in enumerate(MIGRATIONS[version:], start=version + 1):
        cursor.execute(files("segue.store.postgres").joinpath(name).read_bytes())
        cursor.execute(SET_VERSION, (str(number),))


def _version(cursor: Cursor) -> int:
    row = cursor.execute(IS_NEW).fetchone()
    assert row is not None
    if row[0]:
        return 0
    known = cursor.execute(VERSION).fetchone()
    return int(known[0]) if known else 0
