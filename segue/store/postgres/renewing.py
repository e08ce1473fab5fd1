"""Writing subscriptions: each step once, for the version that it was decided for. And reading them."""

from segue.core.subscription.standing import Subscription
from segue.ports import Batch, StaleOrder
from segue.store.postgres.database import Cursor, write_each
from segue.store.renewal_rows import cycle_rows, last_of, notice_rows, standing, step_rows
from segue.store.renewing import SUBSCRIPTION

BEGIN = """
    INSERT INTO subscriptions (version, channel, person, state, wake_at_s, value, id)
    VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING"""
GO_ON = """
    UPDATE subscriptions SET version = %s, channel = %s, person = %s, state = %s, wake_at_s = %s, value = %s
    WHERE id = %s AND version = %s"""
ADD_STEP = """
    INSERT INTO subscription_steps (subscription_id, version, version_before, at_s, actor, record)
    VALUES (%s, %s, %s, %s, %s, %s)"""
SETTLE = """
    INSERT INTO cycles (subscription_id, line, on_day, outcome, order_id, at_s) VALUES (%s, %s, %s, %s, %s, %s)"""
TELL = """
    INSERT INTO tasks (id, order_id, version, kind, provider, payload, due_at_s) VALUES (%s, %s, %s, %s, %s, %s, %s)"""
LATER = "UPDATE subscriptions SET wake_at_s = %s WHERE id = %s"
FIND = "SELECT id, value FROM subscriptions WHERE id = ANY(%s)"
DUE = "SELECT id FROM subscriptions WHERE wake_at_s <= %s ORDER BY wake_at_s, number LIMIT %s"


def write_renewed(cursor: Cursor, batch: Batch) -> None:
    """Write steps of subscriptions, by id. Raises StaleOrder if one has moved on since it was loaded."""
    write_each(cursor, LATER, [(at_s, id) for id, at_s in sorted(batch.renew_later.items())])
    steps = batch.renewed
    if not steps:
        return
    last = last_of(steps)
    begun = [standing(step) for before, step in last if not before]
    known = [(*standing(step), before) for before, step in last if before]
    if write_each(cursor, BEGIN, begun) + write_each(cursor, GO_ON, known) != len(last):
        raise StaleOrder(f"one of these subscriptions: {', '.join(step.subscription.id for _, step in last[:10])}")
    write_each(cursor, ADD_STEP, step_rows(steps))
    write_each(cursor, SETTLE, cycle_rows(steps))
    write_each(cursor, TELL, notice_rows(steps))


def load_subscriptions(cursor: Cursor, ids: frozenset[str]) -> dict[str, Subscription | None]:
    """The subscriptions with these ids, or None."""
    rows = cursor.execute(FIND, (sorted(ids),)).fetchall() if ids else []
    found = {id: SUBSCRIPTION.decode(value) for id, value in rows}
    return {id: found.get(id) for id in ids}


def due_subscriptions(cursor: Cursor, now_s: int, limit: int) -> tuple[str, ...]:
    """Those to be renewed now."""
    return tuple(id for (id,) in cursor.execute(DUE, (now_s, limit)))
