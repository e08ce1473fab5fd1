"""Writing the uses of coupons: each counter is changed once a batch, and a CHECK makes one use too many impossible."""

import sqlite3
from collections.abc import Iterable, Sequence

from segue.ports import Stepped, UsedUp
from segue.store.batch import holders, use_changes
from segue.store.rows import add_rows

OPEN_COUNTER = "INSERT OR IGNORE INTO coupons (key, used, most) VALUES (?, 0, ?)"
USE = "UPDATE coupons SET used = used + ?, most = ? WHERE key = ?"
GIVE_BACK = "UPDATE coupons SET used = used + ? WHERE key = ?"  # whatever the limit is by now
HOLD = "INSERT INTO coupon_uses (key, order_id) VALUES {rows}"
LET_GO = "DELETE FROM coupon_uses WHERE key = ? AND order_id = ?"


def write_uses(cursor: sqlite3.Cursor, steps: Sequence[Stepped]) -> None:
    """Write which coupons the steps used and gave back. Raises UsedUp naming one that has no use left."""
    changes = use_changes(steps)
    if not changes:
        return
    _change_counters(cursor, changes)
    add_rows(cursor, HOLD, holders(steps, 1))
    cursor.executemany(LET_GO, holders(steps, -1))


def _change_counters(cursor: sqlite3.Cursor, changes: Iterable[tuple[str, int, int]]) -> None:
    for key, change, most in changes:
        cursor.execute(OPEN_COUNTER, (key, most))
        try:
            if change > 0:
                cursor.execute(USE, (change, most, key))
            else:
                cursor.execute(GIVE_BACK, (change, key))
        except sqlite3.IntegrityError as error:
            raise UsedUp(key) from error
