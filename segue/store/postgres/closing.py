"""Closing: locations that nothing is sent to for a while, without a change of any file; who said so, why and when."""

from segue.core.days import Closure, Load
from segue.store.closing import CLOSED, COUNTED, NOTED, ClosureChange
from segue.store.postgres.database import Cursor, PostgresDatabase
from segue.store.postgres.filling import waiting_for
from segue.store.postgres.stocking import wake_watchers
from segue.store.postgres.writing import lock_orders

DAYS = "SELECT orders, lines, units FROM location_days WHERE location = %s AND day = %s"
CLOSE = """
    INSERT INTO closures (location, until_s, reason, actor, since_s) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (location) DO UPDATE
    SET until_s = excluded.until_s, reason = excluded.reason, actor = excluded.actor, since_s = excluded.since_s"""
OPEN = "DELETE FROM closures WHERE location = %s"
NOTE = """
    INSERT INTO closure_changes (location, change, until_s, reason, actor, at_s) VALUES (%s, %s, %s, %s, %s, %s)"""


class PostgresClosing:
    """Closes locations, and opens them again."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    def close(self, closure: Closure) -> None:
        """Send nothing to a location any more: until its end, or until it is opened."""
        change = "off" if closure.until_s is None else "freeze"
        row = (closure.until_s, closure.reason, closure.by, closure.since_s)

        def write(cursor: Cursor) -> None:
            cursor.execute(CLOSE, (closure.location, *row))
            cursor.execute(NOTE, (closure.location, change, *row))

        self._database.transact(write)

    def open(self, location: str, reason: str, by: str, now_s: int) -> bool:
        """Send goods from it again, and wake the orders that wait for what it has. False if it was not closed."""

        def write(cursor: Cursor) -> bool:
            if not cursor.execute(OPEN, (location,)).rowcount:
                return False
            cursor.execute(NOTE, (location, "on", None, reason, by, now_s))
            facts = waiting_for(cursor, [location])
            lock_orders(cursor, (), facts)
            wake_watchers(cursor, facts, now_s)
            return True

        return self._database.transact(write)

    def closed(self) -> dict[str, Closure]:
        """The locations that are closed, those whose time is over included."""
        with self._database.snapshot() as cursor:
            return load_closed(cursor)

    def story(self) -> list[ClosureChange]:
        """All that was ever done, the first first."""
        with self._database.snapshot() as cursor:
            return [ClosureChange(*row) for row in cursor.execute(NOTED).fetchall()]


def load_closed(cursor: Cursor) -> dict[str, Closure]:
    """The locations that are closed, those whose time is over included."""
    return {row[0]: Closure(*row) for row in cursor.execute(CLOSED).fetchall()}


def load_days(cursor: Cursor, keys: frozenset[str]) -> dict[str, Load]:
    """What is taken of locations' days, each named `W1|20780`."""
    found = {}
    for key in sorted(keys):
        location, _, day = key.rpartition("|")
        row = cursor.execute(DAYS, (location, int(day))).fetchone()
        found[key] = Load(*row) if row else Load()
    return found


def load_counted(cursor: Cursor, is_asked: bool) -> dict[str, int] | None:
    """When the stock of locations was last counted, if that is asked."""
    return dict(cursor.execute(COUNTED).fetchall()) if is_asked else None
