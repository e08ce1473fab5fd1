"""Subscriptions as rows: what a batch writes of them. Alike for every database, without SQL."""

from collections.abc import Iterable, Iterator

from msgspec import json

from segue.core.tasks import Task
from segue.ports import Renewed
from segue.store.batch import Row


def last_of(steps: Iterable[Renewed]) -> list[tuple[int, Renewed]]:
    """For each subscription the version that it had before this batch, and its last step, by id as all writers go."""
    found: dict[str, tuple[int, Renewed]] = {}
    for step in steps:
        id = step.subscription.id
        before = found[id][0] if id in found else step.version_before
        found[id] = (before, step)
    return [found[id] for id in sorted(found)]


def standing(step: Renewed) -> Row:
    """A subscription's row: version, channel, person, state, when it is renewed, value; id."""
    now = step.subscription
    terms = now.terms
    return now.version, terms.channel, terms.person, now.state, step.wake_at_s, step.value.decode(), now.id


def step_rows(steps: Iterable[Renewed]) -> Iterator[Row]:
    """What is on record of these steps; one without events leaves nothing."""
    for step in steps:
        now = step.subscription
        if now.version != step.version_before:
            yield now.id, now.version, step.version_before, step.at_s, step.by, step.record.decode()


def cycle_rows(steps: Iterable[Renewed]) -> Iterator[Row]:
    """What became of days."""
    for step in steps:
        for each in step.settled:
            yield step.subscription.id, each.line, each.on_day, each.outcome, each.order, step.at_s


def notice_rows(steps: Iterable[Renewed]) -> Iterator[Row]:
    """The tasks that they ask for, to be claimed like all others."""
    for step in steps:
        for task in step.tasks:
            yield _task_row(task, step.subscription.version)


def _task_row(task: Task, version: int) -> Row:
    payload = json.encode(task.payload).decode()
    return task.id, task.order, version, task.kind, task.provider, payload, task.due_at_s
