"""Writing subscriptions: each step once, for the version that it was decided for. And reading them."""

import sqlite3
from collections.abc import Mapping

from msgspec import json

from segue.core.subscription.standing import Subscription
from segue.ports import Batch, StaleOrder
from segue.store.renewal_rows import cycle_rows, last_of, notice_rows, standing, step_rows
from segue.store.rows import add_rows, change_rows

BEGIN = """
    INSERT INTO subscriptions (version, channel, person, state, wake_at_s, value, id) VALUES {rows}
    ON CONFLICT (id) DO NOTHING"""
GO_ON = """
    UPDATE subscriptions SET version = column1, channel = column2, person = column3, state = column4,
        wake_at_s = column5, value = column6
    FROM (VALUES {rows}) WHERE id = column7 AND version = column8"""
ADD_STEP = """
    INSERT INTO subscription_steps (subscription_id, version, version_before, at_s, actor, record) VALUES {rows}"""
SETTLE = "INSERT INTO cycles (subscription_id, line, on_day, outcome, order_id, at_s) VALUES {rows}"
TELL = "INSERT INTO tasks (id, order_id, version, kind, provider, payload, due_at_s) VALUES {rows}"
LATER = "UPDATE subscriptions SET wake_at_s = ? WHERE id = ?"
FIND = "SELECT id, value FROM subscriptions WHERE id IN (SELECT value FROM json_each(?))"
DUE = """
    SELECT id FROM subscriptions WHERE wake_at_s IS NOT NULL AND wake_at_s <= ? ORDER BY wake_at_s, number LIMIT ?"""
NEXT_DUE = "SELECT min(wake_at_s) FROM subscriptions WHERE wake_at_s IS NOT NULL AND wake_at_s > ?"

SUBSCRIPTION = json.Decoder(Subscription)


def write_renewed(cursor: sqlite3.Cursor, batch: Batch) -> None:
    """Write steps of subscriptions. Raises StaleOrder if one has moved on since it was loaded."""
    cursor.executemany(LATER, [(at_s, id) for id, at_s in sorted(batch.renew_later.items())])
    steps = batch.renewed
    if not steps:
        return
    last = last_of(steps)
    begun = [standing(step) for before, step in last if not before]
    known = [(*standing(step), before) for before, step in last if before]
    if add_rows(cursor, BEGIN, begun) + change_rows(cursor, GO_ON, known) != len(last):
        raise StaleOrder(f"one of these subscriptions: {', '.join(step.subscription.id for _, step in last[:10])}")
    add_rows(cursor, ADD_STEP, step_rows(steps))
    add_rows(cursor, SETTLE, cycle_rows(steps))
    add_rows(cursor, TELL, notice_rows(steps))


def load_subscriptions(cursor: sqlite3.Cursor, ids: frozenset[str]) -> dict[str, Subscription | None]:
    """The subscriptions with these ids, or None."""
    found: Mapping[str, Subscription] = {}
    if ids:
        rows = cursor.execute(FIND, (json.encode(sorted(ids)).decode(),)).fetchall()
        found = {id: SUBSCRIPTION.decode(value) for id, value in rows}
    return {id: found.get(id) for id in ids}


def due_subscriptions(cursor: sqlite3.Cursor, now_s: int, limit: int) -> tuple[str, ...]:
    """Those to be renewed now."""
    return tuple([id for (id,) in cursor.execute(DUE, (now_s, limit))])
