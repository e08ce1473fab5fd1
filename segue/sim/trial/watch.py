"""Watching: what happens in a trial is seen where it is written, and kept as far as the goals ask for it."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from segue.connectors.simulated.faults import Met
from segue.core.base import Command
from segue.core.order import Order
from segue.core.tasks import Task
from segue.ports import Batch, Handled, Stepped

EVENTS = re.compile(rb'"event":"(\w+)"')
REFUSALS = re.compile(rb'"refused":"([^":]+)')
PUT_OUT = "put out of the wave"


class Finding(NamedTuple):
    """Something that must not be."""

    id: str  # of the invariant, or what kind of thing it is
    offender: str
    detail: str


class Glimpse(NamedTuple):
    """One step of one order, as the goals see it."""

    before: Order | None
    after: Order
    events: frozenset[str]
    refusals: frozenset[str]  # of what the workflow asked for
    by: str
    marks: frozenset[str]  # what was seen about this order before
    at_s: int


class Watch:
    """Sees what is written and what is called; finds what must not be written, and whose goals are reached."""

    def __init__(self) -> None:
        self.events = self.steps = 0
        self.findings: list[Finding] = []
        self.touched: set[str] = set()  # orders since the last audit
        self.kinds: dict[str, str] = {}  # task -> its kind
        self.orders: dict[str, str] = {}  # task -> its order
        self.keys: dict[tuple[str, str], str] = {}  # (order, transaction) -> its task
        self.attempts: dict[str, int] = {}  # task -> the attempt that it was claimed for last
        self.settled: set[str] = set()  # tasks that are over
        self.before: dict[str, Order] = {}  # order -> as it stood last
        self.marks: dict[str, set[str]] = {}  # order -> what was seen about it
        self.reached: Counter[str] = Counter()

    def committed(self, batch: Batch, claimed: Sequence[Task]) -> None:
        """A batch is on disk."""
        for end in batch.settled:
            self._settled(end.id, end.attempt, end.outcome, end.detail)
        for handled in batch.handled:
            self._handled(handled)
        for step in batch.steps:
            self._step(step)
        for task in claimed:
            self.attempts[task.id] = task.attempt
            self.kinds[task.id], self.orders[task.id] = task.kind, task.order

    def collision(self, name: str, batch: Batch) -> None:
        """A batch was refused because others were faster."""
        self.reached[f"commit:{name}"] += 1

    def calling(self, key: str, operation: str) -> None:
        """A provider is about to be asked."""

    def called(self, key: str, operation: str) -> None:
        """A provider was asked, and has answered or not."""

    def answered(self, order: str, command: Command, refused: str) -> None:
        """Somebody was told what became of what they asked for."""

    def task_of(self, order: str, transaction: str) -> str:
        """The task that asked for a transaction."""
        return self.keys[order, transaction]

    def met(self, met: Met) -> None:
        """A fault was met."""

    def _step(self, step: Stepped) -> None:
        self.steps += 1
        self.events += step.order.version - step.version_before
        self.touched.add(step.order.id)
        for task in step.tasks:
            self.kinds[task.id], self.orders[task.id] = task.kind, task.order
            self.keys[task.order, task.payload.get("transaction", "")] = task.id
        self.before[step.order.id] = step.order

    def _settled(self, id: str, attempt: int, outcome: str, detail: str) -> None:
        """Only who holds the claim may settle a task, and only once."""
        if id in self.settled:
            self.findings.append(Finding("fence", self.orders.get(id, ""), f"task {id} was settled twice"))
        if attempt != self.attempts.get(id):
            told = f"task {id} was settled by attempt {attempt}, and claimed for {self.attempts.get(id)}"
            self.findings.append(Finding("fence", self.orders.get(id, ""), told))
        if outcome != "retry":
            self.settled.add(id)
        if detail.startswith(PUT_OUT):
            self.findings.append(Finding("mistake", self.orders.get(id, ""), detail))

    def _handled(self, handled: Handled) -> None:
        if handled.reason.startswith(PUT_OUT):
            self.findings.append(Finding("mistake", handled.order, f"{handled.id}: {handled.reason}"))
