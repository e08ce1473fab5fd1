"""Writing what orders take of locations' days: each counter is changed once a batch, and a CHECK keeps each limit."""

import sqlite3
from collections.abc import Iterable, Sequence

from segue.core.days import Capacity, LoadChange
from segue.ports import DayFull, Stepped, Stocked
from segue.store.batch import Row, day_changes, day_holders, emptied

OPEN_DAY = "INSERT OR IGNORE INTO location_days (location, day, orders, lines, units) VALUES (?, ?, 0, 0, 0)"
CHANGE = "UPDATE location_days SET orders = orders + ?, lines = lines + ?, units = units + ?"
WHERE = " WHERE location = ? AND day = ?"
TAKE = f"{CHANGE}, most_orders = ?, most_lines = ?, most_units = ?{WHERE}"
GIVE_BACK = CHANGE + WHERE  # whatever the limits are by now
LET_GO = "DELETE FROM order_days WHERE order_id = ?"
HOLD = "INSERT INTO order_days (order_id, location, day, lines, units) VALUES (?, ?, ?, ?, ?)"
NOTE_COUNT = """
    INSERT INTO location_counts (location, at_s) VALUES (?, ?)
    ON CONFLICT (location) DO UPDATE SET at_s = max(at_s, excluded.at_s)"""
WAITING_FOR = """
    SELECT DISTINCT w.fact FROM watches w JOIN stock s ON s.sku = substr(w.fact, 7)
    WHERE w.fact LIKE 'stock:%' AND s.location = ?"""


def write_days(cursor: sqlite3.Cursor, steps: Sequence[Stepped]) -> set[str]:
    """Write what the steps take of days. Raises DayFull naming one without room.

    Returns the facts whose watchers may find room now: `stock:SKU`.
    """
    changes = day_changes(steps)
    for change in changes:
        key = (change.location, change.day)
        cursor.execute(OPEN_DAY, key)
        try:
            cursor.execute(TAKE if is_taking(change) else GIVE_BACK, (*figures(change), *key))
        except sqlite3.IntegrityError as error:
            raise DayFull(f"{change.location} on its day {change.day}") from error
    for order, held in day_holders(steps).items():
        cursor.execute(LET_GO, (order,))
        cursor.executemany(HOLD, [(order, *row) for row in held])
    return waiting_for(cursor, emptied(changes))


def is_taking(change: LoadChange) -> bool:
    """Whether anything more is taken, so that the limits of now count."""
    return max(change.by.orders, change.by.lines, change.by.units) > 0


def figures(change: LoadChange) -> Row:
    """What a counter is changed by, and its limits if they count."""
    by, most = change.by, change.most or Capacity()
    limits = (most.orders, most.lines, most.units) if is_taking(change) else ()
    return (by.orders, by.lines, by.units, *limits)


def waiting_for(cursor: sqlite3.Cursor, locations: Sequence[str]) -> set[str]:
    """The facts that orders watch of which these locations have stock."""
    return {fact for location in locations for (fact,) in cursor.execute(WAITING_FOR, (location,)).fetchall()}


def note_counts(cursor: sqlite3.Cursor, counts: Iterable[tuple[str, int]]) -> None:
    """Remember that the stock of these locations was counted, and when."""
    cursor.executemany(NOTE_COUNT, sorted(set(counts)))


def counts_in(stocked: Stocked) -> list[tuple[str, int]]:
    """The locations whose stock was counted by a report that counts, and when."""
    return [
        (each.report.location, each.report.at_s)
        for each in stocked.filed
        if each.state == "applied" and each.report.kind == "snapshot"
    ]
