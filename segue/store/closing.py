"""Closing: locations that nothing is sent to for a while, without a change of any file; who said so, why and when.

To be called between waves, on the engine's thread, as the shelf is.
"""

import sqlite3

from segue.core.base import Value
from segue.core.days import Closure, Load
from segue.store.database import Database
from segue.store.filling import waiting_for
from segue.store.stocking import wake_watchers

CLOSED = "SELECT location, until_s, reason, actor, since_s FROM closures"
DAYS = "SELECT orders, lines, units FROM location_days WHERE location = ? AND day = ?"
COUNTED = "SELECT location, at_s FROM location_counts"
CLOSE = """
    INSERT INTO closures (location, until_s, reason, actor, since_s) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (location) DO UPDATE
    SET until_s = excluded.until_s, reason = excluded.reason, actor = excluded.actor, since_s = excluded.since_s"""
OPEN = "DELETE FROM closures WHERE location = ?"
NOTE = """
    INSERT INTO closure_changes (location, change, until_s, reason, actor, at_s) VALUES (?, ?, ?, ?, ?, ?)"""
NOTED = "SELECT location, change, until_s, reason, actor, at_s FROM closure_changes ORDER BY number"


class ClosureChange(Value):
    """Something that was done to a location."""

    location: str
    change: str  # off, freeze, on
    until_s: int | None
    reason: str
    by: str
    at_s: int


class Closing:
    """Closes locations, and opens them again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def close(self, closure: Closure) -> None:
        """Send nothing to a location any more: until its end, or until it is opened."""
        change = "off" if closure.until_s is None else "freeze"
        row = (closure.until_s, closure.reason, closure.by, closure.since_s)
        with self._database.transaction() as cursor:
            cursor.execute(CLOSE, (closure.location, *row))
            cursor.execute(NOTE, (closure.location, change, *row))

    def open(self, location: str, reason: str, by: str, now_s: int) -> bool:
        """Send goods from it again, and wake the orders that wait for what it has. False if it was not closed."""
        with self._database.transaction() as cursor:
            if not cursor.execute(OPEN, (location,)).rowcount:
                return False
            cursor.execute(NOTE, (location, "on", None, reason, by, now_s))
            wake_watchers(cursor, waiting_for(cursor, [location]), now_s)
        return True

    def closed(self) -> dict[str, Closure]:
        """The locations that are closed, those whose time is over included."""
        with self._database.snapshot() as cursor:
            return load_closed(cursor)

    def story(self) -> list[ClosureChange]:
        """All that was ever done, the first first."""
        with self._database.snapshot() as cursor:
            return load_story(cursor)


def load_story(cursor: sqlite3.Cursor) -> list[ClosureChange]:
    """All that was ever done to locations, the first first."""
    return [ClosureChange(*row) for row in cursor.execute(NOTED)]


def load_closed(cursor: sqlite3.Cursor) -> dict[str, Closure]:
    """The locations that are closed, those whose time is over included."""
    return {row[0]: Closure(*row) for row in cursor.execute(CLOSED)}


def load_days(cursor: sqlite3.Cursor, keys: frozenset[str]) -> dict[str, Load]:
    """What is taken of locations' days, each named `W1|20780`."""
    found = {}
    for key in sorted(keys):
        location, _, day = key.rpartition("|")
        row = cursor.execute(DAYS, (location, int(day))).fetchone()
        found[key] = Load(*row) if row else Load()
    return found


def load_counted(cursor: sqlite3.Cursor, is_asked: bool) -> dict[str, int] | None:
    """When the stock of locations was last counted, if that is asked."""
    return dict(cursor.execute(COUNTED).fetchall()) if is_asked else None
