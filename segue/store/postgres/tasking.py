"""Writing tasks: added with the step that asks for them, claimed with a lease, settled once by who holds the claim."""

from collections.abc import Sequence

from segue.core.tasks import Task
from segue.ports import Batch, Settled, StaleTask
from segue.store.batch import added_tasks, claimed_task, settling
from segue.store.postgres.database import Cursor, write_each

ADD_TASK = """
    INSERT INTO tasks (id, order_id, version, kind, provider, payload, due_at_s, attempt, state)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"""
OURS = """
    SELECT order_id, id, attempt, state FROM tasks
    WHERE (order_id, id) IN (SELECT * FROM unnest(%s::text[], %s::text[])) AND state <> 'done' AND attempt > 0
    ORDER BY order_id, id FOR UPDATE OF tasks"""
SETTLE = """
    UPDATE tasks SET state = %s, detail = %s, due_at_s = coalesce(%s, due_at_s),
        failures = CASE WHEN state = 'claimed' THEN failures + %s::boolean::integer ELSE 0 END
    WHERE order_id = %s AND id = %s AND attempt = %s AND (state = 'claimed' OR (%s AND state <> 'done'))"""
# What another worker is claiming or settling at this moment is left to it.
TO_DO = """
    SELECT number, id, order_id, kind, payload, due_at_s, attempt, failures FROM tasks
    WHERE provider = %s AND state IN ('ready', 'claimed') AND due_at_s <= %s
    ORDER BY due_at_s, number LIMIT %s FOR UPDATE SKIP LOCKED"""
CLAIM = "UPDATE tasks SET state = 'claimed', attempt = attempt + 1, due_at_s = %s WHERE number = %s"


def settle_tasks(cursor: Cursor, settled: Sequence[Settled]) -> None:
    """Write what became of claimed tasks, and of those that a person sees to.

    Raises StaleTask naming those that this attempt does not hold any more.
    """
    if not settled:
        return
    named = [answer.order for answer in settled], [answer.id for answer in settled]
    states = {(order, id, attempt): state for order, id, attempt, state in cursor.execute(OURS, named)}
    ours = ((answer, states.get((answer.order, answer.id, answer.attempt))) for answer in settled)
    stale = frozenset(answer.id for answer, state in ours if not (state == "claimed" or (state and answer.by_hand)))
    if stale:
        raise StaleTask(stale)
    if write_each(cursor, SETTLE, map(settling, settled)) != len(settled):
        raise StaleTask(frozenset())


def add_and_claim(cursor: Cursor, batch: Batch) -> list[Task]:
    """Claim what waits, those of a dead claim included, the earliest due first; then add what the steps ask for.

    Where a provider has room for more, its new tasks are claimed as they are added: one write instead of two.
    """
    claimed: list[Task] = []
    room: dict[str, int] = {}
    for provider, count in batch.claim.items():
        waiting = _claim(cursor, provider, count, batch)
        room[provider] = count - len(waiting)
        claimed += waiting
    write_each(cursor, ADD_TASK, added_tasks(batch, room, claimed))
    return claimed


def _claim(cursor: Cursor, provider: str, count: int, batch: Batch) -> list[Task]:
    rows = cursor.execute(TO_DO, (provider, batch.now_s, max(count, 0))).fetchall()
    lease_until_s = batch.now_s + batch.lease_s
    write_each(cursor, CLAIM, [(lease_until_s, row[0]) for row in rows])
    return [claimed_task(provider, row) for row in rows]
