"""Writing the inbox: what comes from outside is kept once per (source, id), before anything is answered to it."""

from collections.abc import Sequence

from segue.ports import TRIED_AGAIN, Handled, Inbound, StaleMessage, Stepped
from segue.store.batch import altered, arrived, handling, message_row
from segue.store.postgres.database import Cursor, write_each

RECEIVE = """
    INSERT INTO inbox (source, id, kind, order_id, body, digest, received_at_s, due_at_s, state, reason)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (source, id) DO NOTHING"""
DIGEST_OF = "SELECT digest FROM inbox WHERE source = %s AND id = %s"
HANDLE = f"""
    UPDATE inbox SET state = ended.state,
        reason = ended.reason || substr(inbox.reason, strpos(inbox.reason || '{TRIED_AGAIN}', '{TRIED_AGAIN}')),
        order_id = CASE WHEN ended.order_id = '' THEN inbox.order_id ELSE ended.order_id END,
        body = CASE WHEN ended.state = 'done' THEN '' ELSE inbox.body END,
        due_at_s = greatest(inbox.due_at_s, ended.due_at_s)
    FROM (VALUES (%s, %s, %s, %s, %s, %s, %s::bigint)) AS ended (state, reason, order_id, source, id, by_hand, due_at_s)
    WHERE inbox.source = ended.source AND inbox.id = ended.id AND inbox.state <> 'done'
        AND (inbox.state <> 'refused' OR ended.by_hand)"""
TO_HANDLE = """
    SELECT source, id FROM inbox
    JOIN unnest(%s::text[], %s::text[], %s::boolean[]) AS ended (source, id, by_hand) USING (source, id)
    WHERE state <> 'done' AND (state <> 'refused' OR by_hand) ORDER BY source, id FOR UPDATE OF inbox"""
PARKED_ORDERS = "SELECT DISTINCT order_id FROM inbox WHERE state = 'parked' AND order_id <> ''"
TRY_AGAIN = "UPDATE inbox SET state = 'new', due_at_s = 0 WHERE state = 'parked' AND order_id = %s"


def receive(cursor: Cursor, messages: Sequence[Inbound], now_s: int) -> None:
    """Keep messages. One that is here already is ignored; with other content it is kept beside the first."""
    rows = [message_row(message, now_s) for message in messages]
    if write_each(cursor, RECEIVE, rows) == len(rows):
        return
    for row in rows:
        known = cursor.execute(DIGEST_OF, row[:2]).fetchone()
        assert known is not None, "it was here, and messages are never deleted"
        parked = altered(row, known[0])
        if parked is not None:
            cursor.execute(RECEIVE, parked)


def handle(cursor: Cursor, handled: Sequence[Handled]) -> None:
    """Write what became of messages. Each is handled once; the body of one that is done is cleared.

    Raises StaleMessage naming those that somebody else has handled meanwhile.
    """
    if not handled:
        return
    ended = sorted(handled, key=lambda end: (end.source, end.id))
    keys = [(end.source, end.id) for end in ended]
    named = [source for source, _ in keys], [id for _, id in keys], [end.by_hand for end in ended]
    here = set(cursor.execute(TO_HANDLE, named).fetchall())
    stale = frozenset(key for key in keys if key not in here)
    if stale or write_each(cursor, HANDLE, map(handling, ended)) != len(handled):
        raise StaleMessage(stale)


def try_again(cursor: Cursor, steps: Sequence[Stepped]) -> None:
    """A parked message that names an order came too early for it: when the order takes a step, it is new again.

    So is one that names a person, when that person has a new order.
    """
    parked = {order for (order,) in cursor.execute(PARKED_ORDERS)} if steps else set()
    write_each(cursor, TRY_AGAIN, [(order,) for order in sorted(parked & arrived(steps))])
