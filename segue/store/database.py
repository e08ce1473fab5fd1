"""The database file of one shop: how it is opened, brought up to date, and written in whole transactions."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

Connection = sqlite3.Connection  # so that who is handed one can name it without knowing the driver

IN_MEMORY = ":memory:"
DATABASE_FILE = "segue.db"  # in a shop's folder
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
PAGE_BYTES = 8192
CACHE_KIB = 131_072
CHECKPOINT_PAGES = 8_192  # of the write-ahead log; fewer would write the same pages to the file again and again
BUSY_MS = 10_000
STATEMENTS_CACHED = 256

# Set at each opening, in this order. FULL: what is acknowledged is on disk. secure_delete: erased is overwritten.
PRAGMAS = (
    f"PRAGMA page_size = {PAGE_BYTES}",
    f"PRAGMA busy_timeout = {BUSY_MS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA temp_store = MEMORY",
    f"PRAGMA cache_size = -{CACHE_KIB}",
    f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}",
)


DatabaseError = sqlite3.DatabaseError
# SQLite's codes that blame the file or the disk, such as SQLITE_IOERR_WRITE, by their second word
OUTSIDE = (["NOTADB"], ["CORRUPT"], ["FULL"], ["IOERR"], ["READONLY"], ["CANTOPEN"], ["BUSY"], ["PERM"])

Reader = sqlite3.Connection  # what reading and auditing need, by a name that others may import


class DatabaseTooNew(Exception):
    """The database was written by a later Segue than this one."""


class DatabaseTooOld(Exception):
    """The database was written by an earlier Segue, and no owner has opened it since: that brings it up to date."""


class WrongKey(Exception):
    """The shop's key is not the one that this database was written with, or its file is not a key."""


class StillInLog(Exception):
    """A reader keeps old pages in the write-ahead log: what was erased is not gone from disk yet. To be tried again."""


class Database:
    """One connection that writes. Threads may share it: each transaction is whole, one after the other.

    With `power_cuts=False` what is committed survives the death of the process, and no power cut: scenarios need not wait
    for the disk.
    """

    def __init__(self, path: str | Path, power_cuts: bool = True) -> None:
        self.path = str(path)
        self._turn = threading.RLock()
        self._connection = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS_CACHED
        )
        for pragma in PRAGMAS:
            self._connection.execute(pragma)
        if not power_cuts:
            self._connection.execute("PRAGMA synchronous = OFF")
        _migrate(self._connection)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Cursor]:
        """All that is written within is committed at its end; if anything is raised, nothing is."""
        with self._turn:
            cursor = self._connection.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            try:
                yield cursor
                cursor.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.rollback()

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Cursor]:
        """All that is read within is of one instant."""
        with self._turn:
            cursor = self._connection.cursor()
            cursor.execute("BEGIN")
            try:
                yield cursor
            finally:
                self._connection.rollback()

    def look_up(self, statement: str, parameters: tuple[Any, ...]) -> Any:
        """The first row that one statement finds, or None. One statement is of one instant without a snapshot."""
        with self._turn:
            return self._connection.execute(statement, parameters).fetchone()

    def reader(self) -> Reader:
        """A connection for reading. A database in memory has but one, so that it is given out itself."""
        return self._connection if self.path == IN_MEMORY else open_reader(self.path)

    def checkpoint(self) -> None:
        """Move all of the write-ahead log into the file and empty it. Raises StillInLog if a reader is in the way."""
        with self._turn:
            busy, _, _ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StillInLog(f"{self.path}: a reader is using the log")

    def close(self) -> None:
        """Close the connection; the last one to close empties the log."""
        with self._turn:
            self._connection.close()


def open_reader(path: str | Path) -> Reader:
    """A connection that can only read, while an owner may be writing."""
    place = f"file:{quote(str(Path(path).resolve()))}?mode=ro"
    connection = sqlite3.connect(place, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    return connection


def reading(folder: Path) -> sqlite3.Connection:
    """A connection for reading a shop's database, also while an owner works. Raises FileNotFoundError, DatabaseTooOld."""
    if not (folder / DATABASE_FILE).exists():
        raise FileNotFoundError(f"{folder / DATABASE_FILE}: no orders yet; `segue import` takes some in")
    connection = open_reader(folder / DATABASE_FILE)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version < len(MIGRATIONS):
        connection.close()
        raise DatabaseTooOld(f"{folder / DATABASE_FILE} has version {version}, this Segue knows {len(MIGRATIONS)}")
    return connection


def _migrate(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise DatabaseTooNew(f"the database has version {version}, this Segue knows {len(MIGRATIONS)}")
    for number, name in enumerate(MIGRATIONS[version:], start=version + 1):
        script = files("segue.store").joinpath(name).read_text("utf-8")
        connection.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;")
