"""What never ends by itself: subscriptions without an end, which always have a next order. And what there is beside them.

Whoever lets time jump until nothing is left to do would let it jump for ever from one of their orders to the next.
"""

import sqlite3

# An order of each is due until a time; it has a line that comes, and neither its terms nor the line's rule end it.
IS_ENDLESS = """
    s.value ->> '$.terms.ends_on' IS NULL AND s.value ->> '$.terms.orders_max' IS NULL AND s.state <> 'ended' AND EXISTS (
        SELECT 1 FROM json_each(s.value, '$.lines') l WHERE l.value ->> '$.next_on' IS NOT NULL
        AND upper(l.value ->> '$.rule') NOT LIKE '%COUNT=%' AND upper(l.value ->> '$.rule') NOT LIKE '%UNTIL=%')"""
DUE = f"""
    SELECT EXISTS (SELECT 1 FROM subscriptions s WHERE s.wake_at_s IS NOT NULL AND s.wake_at_s <= ? AND {IS_ENDLESS})"""
# Orders that subscriptions have made since then.
MADE = "SELECT order_id FROM cycles WHERE order_id <> '' AND at_s > :since_s"
OTHERS = f"""
    SELECT EXISTS (SELECT 1 FROM orders WHERE wake_at_s IS NOT NULL AND id NOT IN ({MADE}))
    OR EXISTS (
        SELECT 1 FROM tasks WHERE state IN ('ready', 'claimed') AND order_id NOT IN ({MADE})
        AND order_id NOT IN (SELECT id FROM subscriptions))
    OR EXISTS (SELECT 1 FROM inbox WHERE state = 'new' AND source <> 'subscription' AND order_id NOT IN ({MADE}))
    OR EXISTS (SELECT 1 FROM reservations)
    OR EXISTS (SELECT 1 FROM waiting WHERE look_at_s IS NOT NULL AND order_id NOT IN ({MADE}))
    OR EXISTS (SELECT 1 FROM subscriptions s WHERE s.wake_at_s IS NOT NULL AND NOT ({IS_ENDLESS}))
    OR EXISTS (
        SELECT 1 FROM subscriptions s, json_each(s.value, '$.unpaid') u
        WHERE u.value ->> '$.retry_at_s' IS NOT NULL AND u.value ->> '$.order' NOT IN ({MADE}))"""
IS_MADE = "SELECT EXISTS (SELECT 1 FROM cycles WHERE order_id = ? AND at_s > ?)"


def is_endless_due(connection: sqlite3.Connection, until_s: int) -> bool:
    """Whether by then a subscription is due that has no end."""
    return bool(connection.execute(DUE, (until_s,)).fetchone()[0])


def is_anything_else_left(connection: sqlite3.Connection, since_s: int) -> bool:
    """Whether time will bring anything beside subscriptions without an end, and their orders that were made since then."""
    return bool(connection.execute(OTHERS, {"since_s": since_s}).fetchone()[0])


def is_made_since(connection: sqlite3.Connection, order: str, since_s: int) -> bool:
    """Whether a subscription has made this order since then."""
    return bool(connection.execute(IS_MADE, (order, since_s)).fetchone()[0])
