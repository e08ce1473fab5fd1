"""Writing the uses of coupons: each counter is changed once a batch, and a CHECK makes one use too many impossible."""

from collections.abc import Sequence

from psycopg import errors

from segue.ports import Stepped, UsedUp
from segue.store.batch import holders, use_changes
from segue.store.postgres.database import Cursor, write_each

OPEN_COUNTER = "INSERT INTO coupons (key, used, most) VALUES (%s, 0, %s) ON CONFLICT (key) DO NOTHING"
USE = "UPDATE coupons SET used = used + %s, most = %s WHERE key = %s"
GIVE_BACK = "UPDATE coupons SET used = used + %s WHERE key = %s"  # whatever the limit is by now
HOLD = "INSERT INTO coupon_uses (key, order_id) VALUES (%s, %s)"
LET_GO = "DELETE FROM coupon_uses WHERE key = %s AND order_id = %s"


def write_uses(cursor: Cursor, steps: Sequence[Stepped]) -> None:
    """Write which coupons the steps used and gave back, counters in the order of their keys.

    Raises UsedUp naming one that has no use left. Each counter stays locked until the transaction ends.
    """
    changes = use_changes(steps)
    if not changes:
        return
    for key, change, most in changes:
        cursor.execute(OPEN_COUNTER, (key, most))
        try:
            if change > 0:
                cursor.execute(USE, (change, most, key))
            else:
                cursor.execute(GIVE_BACK, (change, key))
        except errors.CheckViolation as error:
            raise UsedUp(key) from error
    write_each(cursor, HOLD, holders(steps, 1))
    write_each(cursor, LET_GO, holders(steps, -1))
