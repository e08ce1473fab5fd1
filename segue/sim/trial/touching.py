"""Touching: the store and the ports as a worker of a trial has them: where it may die, where others may come between.

What is done is done by the real store and the simulated world; here it is only watched and disturbed.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from segue.connectors.simulated.world import World
from segue.core.order import Order
from segue.core.tasks import Task
from segue.engine.calls import Ports
from segue.ports import (
    Answer,
    Batch,
    Due,
    Inbound,
    Loaded,
    Needs,
    OutOfStock,
    Person,
    StaleMessage,
    StaleOrder,
    StaleTask,
    Store,
    UsedUp,
)
from segue.sim.trial.death import Fate, Mortal
from segue.sim.trial.watch import Watch

Named = Iterable[tuple[str, str]]  # tasks: key and kind


class Surroundings(Protocol):
    """What a worker is surrounded by, and may be disturbed by."""

    fate: Fate
    watch: Watch
    connection: Mortal
    world: World

    @property
    def store(self) -> Store:
        """The real store, as it is now."""
        ...

    def come_between(self, key: str, worker: int, order: str = "", goods: tuple[str, str] | None = None) -> None:
        """Let somebody else do something now, if it is so drawn."""
        ...

    def hear_again(self, answer: Answer, task: Task) -> None:
        """What a provider has answered comes once more, as a message."""
        ...


class WatchedStore:
    """The store of one worker."""

    def __init__(self, around: Surroundings, number: int) -> None:
        self._around = around
        self._number = number  # of the worker
        self._tries = 0

    def load(self, needs: Needs) -> Loaded:
        """What the next steps may look at."""
        return self._around.store.load(needs)

    def due(self, now_s: int, limit: int) -> Due:
        """What waits to be done."""
        return self._around.store.due(now_s, limit)

    def person(self, id: str) -> Person | None:
        """A customer's personal data."""
        return self._around.store.person(id)

    def matching(self, person: str, sku: str) -> Sequence[Order]:
        """The person's orders that have a line of this SKU."""
        return self._around.store.matching(person, sku)

    def workflow_text(self, version: str) -> str | None:
        """The text of a workflow version."""
        return self._around.store.workflow_text(version)

    def commit(self, batch: Batch) -> Sequence[Task]:
        """Write a batch; somebody may come before it, or die before it, within it or after it."""
        around, self._tries = self._around, self._tries + 1
        fate, watch = around.fate, around.watch
        asked = [(task.id, task.kind) for step in batch.steps for task in step.tasks]
        answered = [(f"{end.id}#{end.attempt}", watch.kinds.get(end.id, "")) for end in batch.settled]
        fate.meet("before_intent", asked)
        fate.meet("before_commit", answered)
        if batch.steps or batch.settled:
            moves = [move for step in batch.steps for move in step.moves if move.allocated > 0]
            goods = (moves[0].sku, moves[0].location) if moves else None
            around.come_between(f"commit {_name(batch)} {self._tries}", self._number, goods=goods)
        try:
            claimed = self._written(batch)
        except (StaleOrder, StaleTask, StaleMessage, OutOfStock, UsedUp) as error:
            watch.collision(type(error).__name__)
            raise
        watch.committed(batch, claimed, self._number)
        fate.meet("after_intent", asked)
        fate.meet("after_commit", answered)
        return claimed

    def _written(self, batch: Batch) -> Sequence[Task]:
        around, key = self._around, f"{_name(batch)} {self._tries}"
        statements = around.fate.statement(key) if batch.steps else 0
        if not statements:
            return around.store.commit(batch)
        connection = around.connection
        connection.doom(statements, lambda: around.fate.between_statements(key))
        try:
            return around.store.commit(batch)
        finally:
            connection.spare()


def _name(batch: Batch) -> str:
    """What tells a batch from others: its first step, or its first answer."""
    if batch.steps:
        return f"{batch.steps[0].order.id}@{batch.steps[0].version_before}"
    return batch.settled[0].id if batch.settled else ""


class TouchedPort:
    """A port as a worker has it."""

    def __init__(self, inner: Any, around: Surroundings, number: int) -> None:
        self._inner = inner
        self._around = around
        self._number = number  # of the worker

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)
        setattr(self, name, made := _touched(name, method, self._around, self._number))
        return made


def _touched(operation: str, method: Callable[..., Any], around: Surroundings, number: int) -> Callable[..., Any]:
    def touched(key: str, *given: Any) -> Answer | None:
        fate, watch = around.fate, around.watch
        name, kind = f"{key}#{watch.attempts.get(key, 0)}", watch.kinds.get(key, operation)
        fate.meet("before_send", ((name, kind),))
        around.come_between(f"call {operation} {name}", number, watch.orders.get(key, ""))
        met, so_far = watch.met, len(watch.met)
        answer: Answer | None = method(key, *given)
        watch.called(operation, key, answer, around.world.gateway)
        if answer is not None and any(each.what == "doubled" for each in met[so_far:]):
            around.hear_again(answer, watch.claimed[key])
        fate.meet("after_send", ((name, kind),))
        fate.doom("after_answer", name, kind)
        return answer

    return touched


class TouchedSource:
    """A source of messages as a worker has it."""

    def __init__(self, inner: Any, around: Surroundings) -> None:
        self._inner = inner
        self._around = around

    def collect(self, now_s: int, limit: int) -> Sequence[Inbound]:
        """The messages that are due."""
        found: Sequence[Inbound] = self._inner.collect(now_s, limit)
        return found

    def settle(self, messages: Iterable[Inbound]) -> None:
        """They are safely stored; who dies before this gets them again."""
        known = list(messages)
        self._around.fate.meet("before_settle", [(f"{each.source} {each.id}", each.kind) for each in known])
        self._inner.settle(known)

    def next_at_s(self) -> int | None:
        """When the next message is due."""
        instant: int | None = self._inner.next_at_s()
        return instant


def touched_ports(world: Any, around: Surroundings, number: int) -> Ports:
    """The ports of one worker."""
    ports = {name: TouchedPort(getattr(world, name), around, number) for name in Ports._fields if name != "sources"}
    return Ports(**ports, sources=(TouchedSource(world, around),))
