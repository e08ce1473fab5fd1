"""Writing tasks: added with the step that asks for them, claimed with a lease, settled once by who holds the claim."""

import sqlite3
from collections.abc import Sequence

from segue.core.tasks import Task
from segue.ports import Batch, Settled, StaleTask
from segue.store.batch import added_tasks, claimed_task, settling
from segue.store.rows import add_rows, change_rows

ADD_TASK = """
    INSERT INTO tasks (id, order_id, version, kind, provider, payload, due_at_s, attempt, state)
    VALUES {rows}"""
SETTLE = """
    UPDATE tasks SET state = column1, detail = column2, due_at_s = coalesce(column3, due_at_s),
        failures = iif(column8, 0, failures + column4)
    FROM (VALUES {rows})
    WHERE order_id = column5 AND id = column6 AND attempt = column7
        AND (state = 'claimed' OR (column8 AND attempt > 0 AND state <> 'done'))"""
STILL_OURS = """
    SELECT 1 FROM tasks WHERE order_id = ? AND id = ? AND attempt = ?
        AND (state = 'claimed' OR (? AND attempt > 0 AND state <> 'done'))"""
TO_DO = """
    SELECT number, id, order_id, kind, payload, due_at_s, attempt, failures FROM tasks
    WHERE provider = ? AND state IN ('ready', 'claimed') AND due_at_s <= ?
    ORDER BY due_at_s, number LIMIT ?"""
CLAIM = "UPDATE tasks SET state = 'claimed', attempt = attempt + 1, due_at_s = ? WHERE number = ?"


def settle_tasks(cursor: sqlite3.Cursor, settled: Sequence[Settled]) -> None:
    """Write what became of claimed tasks, and of those that a person sees to; to be called first in a transaction.

    Raises StaleTask naming those that this attempt does not hold any more.
    """
    if change_rows(cursor, SETTLE, map(settling, settled)) != len(settled):
        cursor.execute("ROLLBACK")
        cursor.execute("BEGIN")
        raise StaleTask(frozenset(answer.id for answer in settled if not _is_ours(cursor, answer)))


def add_and_claim(cursor: sqlite3.Cursor, batch: Batch) -> list[Task]:
    """Claim what waits, those of a dead claim included, the earliest due first; then add what the steps ask for.

    Where a provider has room for more, its new tasks are claimed as they are added: one write instead of two.
    """
    claimed: list[Task] = []
    room: dict[str, int] = {}
    for provider, count in batch.claim.items():
        waiting = _claim(cursor, provider, count, batch)
        room[provider] = count - len(waiting)
        claimed += waiting
    add_rows(cursor, ADD_TASK, added_tasks(batch, room, claimed))
    return claimed


def _claim(cursor: sqlite3.Cursor, provider: str, count: int, batch: Batch) -> list[Task]:
    rows = cursor.execute(TO_DO, (provider, batch.now_s, max(count, 0))).fetchall()
    lease_until_s = batch.now_s + batch.lease_s
    cursor.executemany(CLAIM, [(lease_until_s, row[0]) for row in rows])
    return [claimed_task(provider, row) for row in rows]


def _is_ours(cursor: sqlite3.Cursor, answer: Settled) -> bool:
    return cursor.execute(STILL_OURS, (answer.order, answer.id, answer.attempt, answer.by_hand)).fetchone() is not None
