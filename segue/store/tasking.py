"""Writing tasks: added with the step that asks for them, claimed with a lease, settled once by who holds the claim."""

import sqlite3
from collections.abc import Iterable, Sequence

from msgspec import json
from msgspec.structs import replace

from segue.core.tasks import Task
from segue.ports import Batch, Settled, StaleTask, Stepped
from segue.store.rows import Row, add_rows, change_rows

ADD_TASK = """
    INSERT INTO tasks (id, order_id, version, kind, provider, payload, due_at_s, attempt, state)
    VALUES {rows}"""
SETTLE = """
    UPDATE tasks SET state = column1, detail = column2, due_at_s = coalesce(column3, due_at_s), failures = failures + column4
    FROM (VALUES {rows}) WHERE order_id = column5 AND id = column6 AND state = 'claimed' AND attempt = column7"""
STILL_OURS = "SELECT 1 FROM tasks WHERE order_id = ? AND id = ? AND state = 'claimed' AND attempt = ?"
TO_DO = """
    SELECT number, id, order_id, kind, payload, due_at_s, attempt, failures FROM tasks
    WHERE provider = ? AND state IN ('ready', 'claimed') AND due_at_s <= ?
    ORDER BY due_at_s, number LIMIT ?"""
CLAIM = "UPDATE tasks SET state = 'claimed', attempt = attempt + 1, due_at_s = ? WHERE number = ?"


def settle_tasks(cursor: sqlite3.Cursor, settled: Sequence[Settled]) -> None:
    """Write what became of claimed tasks; to be called first in a transaction.

    Raises StaleTask naming those that this attempt does not hold any more.
    """
    if change_rows(cursor, SETTLE, [_settling(answer) for answer in settled]) != len(settled):
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
    _add(cursor, batch, room, claimed)
    return claimed


def _claim(cursor: sqlite3.Cursor, provider: str, count: int, batch: Batch) -> list[Task]:
    rows = cursor.execute(TO_DO, (provider, batch.now_s, max(count, 0))).fetchall()
    lease_until_s = batch.now_s + batch.lease_s
    cursor.executemany(CLAIM, [(lease_until_s, row[0]) for row in rows])
    return [_task(provider, row) for row in rows]


def _add(cursor: sqlite3.Cursor, batch: Batch, room: dict[str, int], claimed: list[Task]) -> None:
    rows: list[Row] = []
    lease_until_s = batch.now_s + batch.lease_s
    for task, version in _asked(batch.steps):
        if task.due_at_s <= batch.now_s and room.get(task.provider, 0) > 0:
            room[task.provider] -= 1
            claimed.append(replace(task, attempt=1))
            rows.append(_row(task, version, lease_until_s, 1, "claimed"))
        else:
            rows.append(_row(task, version, task.due_at_s, 0, "ready"))
    add_rows(cursor, ADD_TASK, rows)


def _asked(steps: Iterable[Stepped]) -> Iterable[tuple[Task, int]]:
    return ((task, step.order.version) for step in steps for task in step.tasks)


def _row(task: Task, version: int, due_at_s: int, attempt: int, state: str) -> Row:
    payload = json.encode(task.payload).decode()
    return task.id, task.order, version, task.kind, task.provider, payload, due_at_s, attempt, state


def _is_ours(cursor: sqlite3.Cursor, answer: Settled) -> bool:
    return cursor.execute(STILL_OURS, (answer.order, answer.id, answer.attempt)).fetchone() is not None


def _settling(answer: Settled) -> Row:
    state, due_at_s = ("ready", answer.due_at_s) if answer.outcome == "retry" else (answer.outcome, None)
    return state, answer.detail, due_at_s, answer.failed, answer.order, answer.id, answer.attempt


def _task(provider: str, row: Row) -> Task:
    _, id, order, kind, payload, due_at_s, attempt, failures = row
    return Task(id, order, kind, provider, json.decode(payload), due_at_s, attempt + 1, failures)
