"""Watching: what happens in a trial is seen where it is written, and kept as far as the goals ask for it."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from segue.connectors.simulated.faults import Met
from segue.connectors.simulated.gateway import SimulatedGateway
from segue.core.base import Refusal
from segue.core.order import Order
from segue.core.preview import Preview, totals
from segue.core.tasks import Task
from segue.engine.outcomes import Result
from segue.ports import Answer, Batch, Handled, Settled, Stepped
from segue.sim.trial.glimpse import Glimpse
from segue.sim.trial.goals import reached
from segue.sim.trial.halving import halved

EVENTS = re.compile(rb'"event":"(\w+)"')
QUIET_S = 3600  # in which orders are not told that a supply was moved again
PUT_OUT = "put out of the wave"
REFUSALS = {refusal.value: refusal.name for refusal in Refusal}
# After these an answer is settled: that it was lost once is over.
SETTLES = {
    "authorize": ("payment_authorized", "authorization_declined"),
    "capture": ("payment_captured", "capture_declined"),
    "void": ("payment_voided", "void_declined"),
    "refund": ("payment_refunded", "refund_declined"),
}


class Finding(NamedTuple):
    """Something that must not be."""

    id: str  # of the invariant, or what kind of thing it is
    offender: str
    detail: str


class Watch:
    """Sees what is written and what is called; finds what must not be written, and which goals are reached."""

    def __init__(self, met: Sequence[Met]) -> None:
        self.events = self.steps = 0
        self.findings: list[Finding] = []
        self.touched: set[str] = set()  # orders since the last audit
        self.kinds: dict[str, str] = {}  # task -> its kind
        self.orders: dict[str, str] = {}  # task -> its order
        self.keys: dict[tuple[str, str], str] = {}  # (order, transaction) -> its task
        self.attempts: dict[str, int] = {}  # task -> the attempt that it was claimed for last
        self.claimed: dict[str, Task] = {}  # as they were claimed last
        self.claimed_by: dict[str, list[int]] = {}  # task -> the workers that claimed it
        self.settled: set[str] = set()  # tasks that are over
        self.died: set[str] = set()  # tasks at which somebody died
        self.parked: set[tuple[str, str]] = set()  # messages that were parked
        self.before: dict[str, Order] = {}  # order -> as it stood last
        self.marks: dict[str, set[str]] = {}  # order -> what was seen about it
        self.reached: Counter[str] = Counter()
        self.moved_at: dict[str, int] = {}  # supply -> when it was put off last
        self.met = met
        self._met_so_far = 0

    def committed(self, batch: Batch, claimed: Sequence[Task], worker: int) -> None:
        """A batch is on disk."""
        self._mark_faults()
        for end in batch.settled:
            self._settled(end, worker)
        for handled in batch.handled:
            self._handled(handled)
        for step in batch.steps:
            self._step(step)
        for task in claimed:
            self.attempts[task.id] = task.attempt
            self.claimed[task.id] = task
            self.kinds[task.id], self.orders[task.id] = task.kind, task.order
            self.claimed_by.setdefault(task.id, []).append(worker)

    def moved(self, reference: str, at_s: int) -> None:
        """A supply was put off; maybe not for the first time."""
        before_s = self.moved_at.get(reference)
        self.reached["stock:moved again"] += before_s is not None and at_s < before_s + QUIET_S
        self.moved_at[reference] = at_s

    def collision(self, name: str) -> None:
        """A batch was refused because others were faster."""
        self.reached[f"commit:{name}"] += 1

    def called(self, operation: str, key: str, answer: Answer | None, gateway: SimulatedGateway) -> None:
        """A provider was called and has answered."""
        if operation == "look_up":
            self.reached["call:look_up:no keys"] += not gateway.has_keys
            self.reached["call:look_up:forgotten"] += answer is not None and gateway.has_keys and gateway.forgets(key)
        elif operation in SETTLES:
            self.reached["call:sent again"] += self.attempts[key] > 1

    def asked(self, result: Result, preview: Preview | None) -> None:
        """Somebody was told what became of what they asked for; maybe after they had seen what it would come to."""
        if result.refused:
            self.reached[f"asked:refused:{_refusal(result.refused)}"] += 1
        elif preview is not None and result.order is not None:
            self.reached["asked:as previewed"] += 1
            came_to = totals(result.order)
            if came_to.worth_minor != preview.after.worth_minor or not (preview.awaited or came_to == preview.after):
                told = f"{preview.command} came to {came_to}, and {preview.after} was shown"
                self.findings.append(Finding("preview", result.request.order, told))

    def died_at(self, point: str, key: str, kind: str, alone: bool) -> None:
        """Somebody died."""
        self.reached[f"death:{point}"] += 1
        self.reached[f"death:{point}:{kind}"] += bool(kind)
        self.reached["death:alone"] += alone
        self.died.add(key.partition("#")[0])

    def task_of(self, order: str, transaction: str) -> str:
        """The task that asked for a transaction."""
        return self.keys[order, transaction]

    def _mark_faults(self) -> None:
        """Remember with each order what it met."""
        for met in self.met[self._met_so_far :]:
            marks = self.marks.setdefault(met.order, set())
            if met.what == "dead":
                marks.add(f"dead:{met.port}")
            marks.add(f"{'lost' if met.what == 'lost_after' else met.what}:{met.operation}")
        self._met_so_far = len(self.met)

    def _step(self, step: Stepped) -> None:
        order = step.order
        self.steps += 1
        self.events += order.version - step.version_before
        self.touched.add(order.id)
        for task in step.tasks:
            self.kinds[task.id], self.orders[task.id] = task.kind, task.order
            if transaction := task.payload.get("transaction"):
                self.keys[task.order, transaction] = task.id
        if order.version == step.version_before:
            return
        marks = self.marks.setdefault(order.id, set())
        events = frozenset(name.decode() for name in EVENTS.findall(step.record))
        self.reached.update(reached(Glimpse(self.before.get(order.id), order, events, step.record, step.by, marks)))
        before = self.before.get(order.id)
        halves = halved(before, order) if before is not None else ()
        self.findings += [Finding("I18", order.id, detail) for detail in halves]
        self.before[order.id] = order
        marks.update(f"had:{event}" for event in events)
        for operation, ends in SETTLES.items():
            if not events.isdisjoint(ends):
                marks.discard(f"lost:{operation}")

    def _settled(self, end: Settled, worker: int) -> None:
        """Only who holds the claim may settle a task, and only once."""
        order = self.orders.get(end.id, "")
        if end.id in self.settled and not end.by_hand:
            self.findings.append(Finding("fence", order, f"task {end.id} was settled twice"))
        if end.attempt != self.attempts.get(end.id):
            told = f"task {end.id} was settled by attempt {end.attempt}, and claimed for {self.attempts.get(end.id)}"
            self.findings.append(Finding("fence", order, told))
        if end.detail.startswith(PUT_OUT):
            self.findings.append(Finding("mistake", order, end.detail))
        if end.detail.startswith("not asked"):
            self.reached["settled:not asked"] += 1
        if end.outcome != "retry":
            self._over(end, worker)
        elif end.by_hand:
            self.settled.discard(end.id)
            self.reached["settled:asked again"] += 1

    def _over(self, end: Settled, worker: int) -> None:
        self.settled.add(end.id)
        self.reached["settled:unknown"] += end.outcome == "unknown"
        self.reached["settled:after death"] += end.id in self.died
        self.reached["settled:taken over"] += self.claimed_by.get(end.id, [worker])[0] != worker
        self.reached["settled:refused"] += _refusal(end.detail) in ("TRANSACTION_SETTLED", "SCREENING_NOT_ASKED")

    def _handled(self, handled: Handled) -> None:
        if handled.reason.startswith(PUT_OUT):
            self.findings.append(Finding("mistake", handled.order, f"{handled.id}: {handled.reason}"))
        message = (handled.source, handled.id)
        if handled.outcome == "parked":
            self.parked.add(message)
        elif handled.outcome == "done" and message in self.parked:
            self.reached["handled:done:after parked"] += 1
        if handled.source == "gateway" and handled.outcome == "done":
            self.reached["handled:done:heard first"] += 1
        self.reached[f"handled:{handled.outcome}:{_refusal(handled.reason)}"] += 1


def _refusal(reason: str) -> str:
    """The name of the refusal that a reason begins with."""
    if reason.startswith("unmatched"):
        return "unmatched"
    return REFUSALS.get(reason.partition(": ")[0], "unreadable" if reason else "")
