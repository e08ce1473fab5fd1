"""What is in trouble: tasks without an outcome that their orders know of, messages that were not done.

Listing them reads only rows that partial indexes have: they are few, however big the shop is.
"""

import sqlite3
from typing import Any

from msgspec import json

from segue.core.base import Value
from segue.core.tasks import Task
from segue.store.reading import LIMIT

HANDLED = "SELECT kind, state, count(*) FROM inbox GROUP BY kind, state ORDER BY kind, state"
REASONS = """
    SELECT state, reason, count(*), min(received_at_s) FROM inbox
    WHERE state IN ('refused', 'parked') GROUP BY state, reason ORDER BY state, reason"""
TASKS = """
    SELECT id, order_id, kind, provider, payload, due_at_s, attempt, failures, state, detail,
        (SELECT at_s FROM steps WHERE order_id = tasks.order_id AND version = tasks.version),
        (SELECT json_group_array(folder) FROM folders WHERE order_id = tasks.order_id)
    FROM tasks WHERE (?1 = '' OR id = ?1) AND """
UNKNOWN = TASKS + "state = 'unknown' ORDER BY due_at_s, number LIMIT ?2"
DECLINED = TASKS + "state = 'declined' AND kind IN ('tell', 'track') ORDER BY number LIMIT ?2"
TRIED_AGAIN = TASKS + (
    "state IN ('ready', 'claimed') AND attempt > iif(state = 'ready', 0, 1) ORDER BY attempt DESC, number LIMIT ?2"
)
REPORTS = "SELECT count(*) FROM stock_reports WHERE state <> 'applied'"
MESSAGES = """
    SELECT number, source, id, kind, order_id, state, reason, received_at_s, body <> '' FROM inbox
    WHERE state IN ('refused', 'parked') AND (?1 = 0 OR number = ?1) ORDER BY number LIMIT ?2"""


class ReasonCount(Value):
    """How many messages were refused or parked for one reason, and since when the oldest."""

    state: str
    reason: str
    messages: int
    since_s: int


class TaskInTrouble(Value):
    """A task whose outcome is unknown, which was declined without its order hearing of it, or which is tried again."""

    task: Task
    state: str
    detail: str  # the last answer, or why there is none
    asked_at_s: int
    folders: tuple[str, ...]  # of its order


class MessageInTrouble(Value):
    """A message from outside that was refused or parked."""

    number: int  # how people name it
    source: str
    id: str
    kind: str
    order: str
    state: str
    reason: str
    received_at_s: int
    has_content: bool  # or it was erased


class Trouble:
    """Finds what is in trouble, the oldest first; and counts what became of messages."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def reports(self) -> int:
        """How many reports of stock wait, or were refused."""
        (number,) = self._connection.execute(REPORTS).fetchone()
        return int(number)

    def handled(self) -> list[tuple[str, str, int]]:
        """How many messages of each kind are in each state: done, refused, parked, or new."""
        return [(kind, state, count) for kind, state, count in self._connection.execute(HANDLED)]

    def reasons(self) -> list[ReasonCount]:
        """How many messages were refused or parked, by reason."""
        return [ReasonCount(*row) for row in self._connection.execute(REASONS)]

    def tasks(self, limit: int = LIMIT) -> list[TaskInTrouble]:
        """Those whose outcome is unknown, then those that were declined, then those tried again."""
        return self._tasks("", limit)

    def task(self, id: str) -> TaskInTrouble | None:
        """The task with this id, if it is in trouble."""
        return next(iter(self._tasks(id, 1)), None)

    def messages(self, limit: int = LIMIT) -> list[MessageInTrouble]:
        """The messages that were refused or parked."""
        return self._messages(0, limit)

    def message(self, number: int) -> MessageInTrouble | None:
        """The message with this number, if it was refused or parked."""
        return next(iter(self._messages(number, 1)), None)

    def _tasks(self, id: str, limit: int) -> list[TaskInTrouble]:
        found: list[TaskInTrouble] = []
        for query in (UNKNOWN, DECLINED, TRIED_AGAIN):
            found += map(_task, self._connection.execute(query, (id, limit - len(found))))
        return found

    def _messages(self, number: int, limit: int) -> list[MessageInTrouble]:
        rows = self._connection.execute(MESSAGES, (number, limit))
        return [_message(row) for row in rows]


def _task(row: tuple[Any, ...]) -> TaskInTrouble:
    id, order, kind, provider, payload, due_at_s, attempt, failures, state, detail, asked_at_s, folders = row
    task = Task(id, order, kind, provider, json.decode(payload), due_at_s, attempt, failures)
    return TaskInTrouble(task, state, detail, asked_at_s, tuple(sorted(json.decode(folders))))


def _message(row: tuple[Any, ...]) -> MessageInTrouble:
    number, source, id, kind, order, state, reason, received_at_s, has_content = row
    return MessageInTrouble(number, source, id, kind, order, state, reason, received_at_s, bool(has_content))
