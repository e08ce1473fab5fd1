"""Writing the inbox: what comes from outside is kept once per (source, id), before anything is answered to it."""

import sqlite3
from collections.abc import Sequence

from segue.ports import TRIED_AGAIN, Handled, Inbound, StaleMessage, Stepped
from segue.store.batch import altered, arrived, handling, message_row
from segue.store.rows import add_rows, change_rows

RECEIVE = """
    INSERT OR IGNORE INTO inbox (source, id, kind, order_id, body, digest, received_at_s, due_at_s, state, reason)
    VALUES {rows}"""
DIGEST_OF = "SELECT digest FROM inbox WHERE source = ? AND id = ?"
HANDLE = f"""
    UPDATE inbox SET state = column1, reason = column2 || substr(reason, instr(reason || '{TRIED_AGAIN}', '{TRIED_AGAIN}')),
        order_id = iif(column3 = '', order_id, column3), body = iif(column1 = 'done', '', body),
        due_at_s = max(due_at_s, column7)
    FROM (VALUES {{rows}})
    WHERE source = column4 AND id = column5 AND state <> 'done' AND (state <> 'refused' OR column6)"""
TO_HANDLE = "SELECT 1 FROM inbox WHERE source = ? AND id = ? AND state <> 'done' AND (state <> 'refused' OR ?)"
PARKED_ORDERS = "SELECT DISTINCT order_id FROM inbox WHERE state = 'parked' AND order_id <> ''"
TRY_AGAIN = "UPDATE inbox SET state = 'new', due_at_s = 0 WHERE state = 'parked' AND order_id = ?"


def receive(cursor: sqlite3.Cursor, messages: Sequence[Inbound], now_s: int) -> None:
    """Keep messages. One that is here already is ignored; with other content it is kept beside the first."""
    rows = [message_row(message, now_s) for message in messages]
    if add_rows(cursor, RECEIVE, rows) == len(rows):
        return
    for row in rows:
        (known,) = cursor.execute(DIGEST_OF, row[:2]).fetchone()
        parked = altered(row, known)
        if parked is not None:
            add_rows(cursor, RECEIVE, [parked])


def handle(cursor: sqlite3.Cursor, handled: Sequence[Handled]) -> None:
    """Write what became of messages. Each is handled once; the body of one that is done is cleared.

    Raises StaleMessage naming those that somebody else has handled meanwhile.
    """
    if change_rows(cursor, HANDLE, map(handling, handled)) != len(handled):
        cursor.execute("ROLLBACK")
        cursor.execute("BEGIN")
        raise StaleMessage(frozenset((end.source, end.id) for end in handled if not _is_to_be_handled(cursor, end)))


def try_again(cursor: sqlite3.Cursor, steps: Sequence[Stepped]) -> None:
    """A parked message that names an order came too early for it: when the order takes a step, it is new again.

    So is one that names a person, when that person has a new order.
    """
    parked = {order for (order,) in cursor.execute(PARKED_ORDERS)} if steps else set()
    cursor.executemany(TRY_AGAIN, [(order,) for order in sorted(parked & arrived(steps))])


def _is_to_be_handled(cursor: sqlite3.Cursor, end: Handled) -> bool:
    return cursor.execute(TO_HANDLE, (end.source, end.id, end.by_hand)).fetchone() is not None
