"""Writing the inbox: what comes from outside is kept once per (source, id), before anything is answered to it."""

import hashlib
import sqlite3
from collections.abc import Sequence

from msgspec import json

from segue.ports import PERSON, Handled, Inbound, StaleMessage, Stepped
from segue.store.rows import Row, add_rows, change_rows

RECEIVE = """
    INSERT OR IGNORE INTO inbox (source, id, kind, order_id, body, digest, received_at_s, due_at_s, state, reason)
    VALUES {rows}"""
DIGEST_OF = "SELECT digest FROM inbox WHERE source = ? AND id = ?"
HANDLE = """
    UPDATE inbox SET state = column1, reason = column2, order_id = iif(column3 = '', order_id, column3),
        body = iif(column1 = 'done', '', body)
    FROM (VALUES {rows}) WHERE source = column4 AND id = column5 AND state IN ('new', 'parked')"""
TO_HANDLE = "SELECT 1 FROM inbox WHERE source = ? AND id = ? AND state IN ('new', 'parked')"
PARKED_ORDERS = "SELECT DISTINCT order_id FROM inbox WHERE state = 'parked' AND order_id <> ''"
TRY_AGAIN = "UPDATE inbox SET state = 'new', due_at_s = 0 WHERE state = 'parked' AND order_id = ?"

ALTERED = "came again under the same id with other content"


def receive(cursor: sqlite3.Cursor, messages: Sequence[Inbound], now_s: int) -> None:
    """Keep messages. One that is here already is ignored; with other content it is parked for a person to look at."""
    rows = [_row(message, now_s) for message in messages]
    if add_rows(cursor, RECEIVE, rows) == len(rows):
        return
    for row in rows:
        source, id, kind, _, body, digest = row[:6]
        (known,) = cursor.execute(DIGEST_OF, (source, id)).fetchone()
        if known != digest:
            altered = f"{id} altered {digest[:16]}"
            add_rows(cursor, RECEIVE, [(source, altered, kind, "", body, digest, now_s, 0, "parked", ALTERED)])


def handle(cursor: sqlite3.Cursor, handled: Sequence[Handled]) -> None:
    """Write what became of messages. Each is handled once; the body of one that is done is cleared.

    Raises StaleMessage naming those that somebody else has handled meanwhile.
    """
    rows = [(end.outcome, end.reason, end.order, end.source, end.id) for end in handled]
    if change_rows(cursor, HANDLE, rows) != len(rows):
        cursor.execute("ROLLBACK")
        cursor.execute("BEGIN")
        keys = [(end.source, end.id) for end in handled]
        raise StaleMessage(frozenset(key for key in keys if cursor.execute(TO_HANDLE, key).fetchone() is None))


def try_again(cursor: sqlite3.Cursor, steps: Sequence[Stepped]) -> None:
    """A parked message that names an order came too early for it: when the order takes a step, it is new again.

    So is one that names a person, when that person has a new order.
    """
    parked = {order for (order,) in cursor.execute(PARKED_ORDERS)} if steps else set()
    moved = {step.order.id for step in steps if step.order.version != step.version_before}
    moved |= {f"{PERSON}{step.order.person}" for step in steps if not step.version_before}
    cursor.executemany(TRY_AGAIN, [(order,) for order in sorted(parked & moved)])


def _row(message: Inbound, now_s: int) -> Row:
    body = json.encode(message.body, order="deterministic")
    digest = hashlib.sha256(f"{message.kind} {message.order} ".encode() + body).hexdigest()
    return (
        message.source, message.id, message.kind, message.order, body.decode(), digest, now_s, message.due_at_s,
        "new", "",
    )  # fmt: skip
