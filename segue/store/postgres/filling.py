"""Writing what orders take of locations' days: each counter is changed once a batch, and a CHECK keeps each limit."""

from collections.abc import Iterable, Sequence

from psycopg import errors

from segue.ports import DayFull, Stepped
from segue.store.batch import day_changes, day_holders
from segue.store.filling import figures, is_taking
from segue.store.postgres.database import Cursor, write_each

OPEN_DAY = """
    INSERT INTO location_days (location, day, orders, lines, units) VALUES (%s, %s, 0, 0, 0)
    ON CONFLICT (location, day) DO NOTHING"""
CHANGE = "UPDATE location_days SET orders = orders + %s, lines = lines + %s, units = units + %s"
WHERE = " WHERE location = %s AND day = %s"
TAKE = f"{CHANGE}, most_orders = %s, most_lines = %s, most_units = %s{WHERE}"
GIVE_BACK = CHANGE + WHERE  # whatever the limits are by now
LET_GO = "DELETE FROM order_days WHERE order_id = %s"
HOLD = "INSERT INTO order_days (order_id, location, day, lines, units) VALUES (%s, %s, %s, %s, %s)"
NOTE_COUNT = """
    INSERT INTO location_counts (location, at_s) VALUES (%s, %s)
    ON CONFLICT (location) DO UPDATE SET at_s = greatest(location_counts.at_s, excluded.at_s)"""
WAITING_FOR = """
    SELECT DISTINCT w.fact FROM watches w JOIN stock s ON s.sku = substr(w.fact, 7)
    WHERE w.fact LIKE 'stock:%%' AND s.location = ANY(%s)"""


def write_days(cursor: Cursor, steps: Sequence[Stepped]) -> None:
    """Write what the steps take of days, in the order of these. Raises DayFull naming one without room.

    Each counter stays locked until the transaction ends.
    """
    for change in day_changes(steps):
        key = (change.location, change.day)
        cursor.execute(OPEN_DAY, key)
        try:
            cursor.execute(TAKE if is_taking(change) else GIVE_BACK, (*figures(change), *key))
        except errors.CheckViolation as error:
            raise DayFull(f"{change.location} on its day {change.day}") from error
    for order, held in day_holders(steps).items():
        cursor.execute(LET_GO, (order,))
        write_each(cursor, HOLD, [(order, *row) for row in held])


def waiting_for(cursor: Cursor, locations: Sequence[str]) -> set[str]:
    """The facts that orders watch of which these locations have stock."""
    return {fact for (fact,) in cursor.execute(WAITING_FOR, (list(locations),)).fetchall()} if locations else set()


def note_counts(cursor: Cursor, counts: Iterable[tuple[str, int]]) -> None:
    """Remember that the stock of these locations was counted, and when."""
    write_each(cursor, NOTE_COUNT, sorted(set(counts)))
