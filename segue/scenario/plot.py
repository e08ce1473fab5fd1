"""The plot: what a scenario says will go wrong with the next calls, and at which point the engine will be killed."""

from collections.abc import Iterator, Sequence
from typing import Any

from segue.connectors.simulated.faults import Call, CallFault, Fault, Met, Script
from segue.core.order import Order
from segue.core.tasks import Task
from segue.engine.calls import Ports
from segue.ports import Batch, Due, Loaded, Needs, Person, Store

POINTS = {
    "before_asking": "the task is decided, and not written yet",
    "after_asking": "the task is written and claimed, and the provider is not called yet",
    "before_call": "the provider is being called, and has not heard it",
    "after_call": "the provider has done it, and its answer is not written yet",
    "before_answer": "the answer is decided upon, and not written yet",
    "after_answer": "the answer is written",
}
PORT_OF = {
    "authorize": "gateway", "capture": "gateway", "void": "gateway", "refund": "gateway", "screen": "fraud",
    "release": "warehouse", "track": "carrier", "mail": "mailer", "tell": "channel",
    "issue": "issuer", "take_back": "issuer",
}  # fmt: skip
OPERATION_OF = {"mail": "send"}  # what a port calls a task, where that is another word


class Killed(BaseException):
    """The engine's process is gone at this point."""


class Coming:
    """A fault that the next calls will meet, so many of them."""

    def __init__(self, fault: CallFault, times: int) -> None:
        self.fault = fault
        self.times = times
        self.left = times


class Kill:
    """A point at which the engine will be killed, once."""

    def __init__(self, point: str, task: str, order: str, down_s: int) -> None:
        self.point = point
        self.task = task
        self.order = order
        self.down_s = down_s  # how long nobody starts it again


class Plot(Script):
    """A script whose faults are used up."""

    def __init__(self) -> None:
        super().__init__()
        self.coming: list[Coming] = []
        self.kills: list[Kill] = []
        self.kinds: dict[str, tuple[str, str]] = {}  # task -> its kind and its order

    def meet(self, fault: CallFault, times: int) -> None:
        """The next calls that this fault fits will meet it, so many of them."""
        self.coming.append(Coming(fault, times))

    def of_call(self, call: Call) -> Fault:
        """The first fault that is coming for such a call; else what the script says."""
        for planned in self.coming:
            if planned.left and planned.fault.fits(call):
                planned.left -= 1
                self.met.append(
                    Met(call.port, planned.fault.what, call.operation, call.order, call.key, call.attempt, call.at_s)
                )
                fault = planned.fault
                return Fault(fault.what, fault.late_s, fault.detail, fault.outcome, fault.amount_minor)
        return super().of_call(call)

    def never(self) -> Iterator[str]:
        """What was scripted and has not happened: then the scenario does not show what it says."""
        for coming in self.coming:
            if coming.left == coming.times:
                yield f"{coming.fault.port}: {coming.fault.operation} {coming.fault.outcome or coming.fault.what}"
        for kill in self.kills:
            yield f"kill: {kill.point} of {kill.task}"

    def reach(self, point: str, tasks: Sequence[str]) -> None:
        """The engine is at a point with these tasks. Raises Killed if the plot says so."""
        for kill in self.kills:
            for task in tasks:
                kind, order = self.kinds.get(task, ("", ""))
                if kill.point == point and kill.task == kind and kill.order in ("", order):
                    raise Killed

    def die(self) -> int:
        """The kill that has just happened will not happen again; returns for how long the engine is down."""
        return self.kills.pop(0).down_s if self.kills else 0


class Mortal:
    """A store whose process may be killed just before or just after a commit."""

    def __init__(self, store: Store, plot: Plot) -> None:
        self._store = store
        self._plot = plot

    def commit(self, batch: Batch) -> Sequence[Task]:
        """Write a batch, or be killed before or after it."""
        asked = [task for step in batch.steps for task in step.tasks]
        self._plot.kinds |= {task.id: (task.kind, task.order) for task in asked}
        answered = [settled.id for settled in batch.settled]
        self._plot.reach("before_asking", [task.id for task in asked])
        self._plot.reach("before_answer", answered)
        claimed = self._store.commit(batch)
        self._plot.reach("after_answer", answered)
        self._plot.reach("after_asking", [task.id for task in asked])
        return claimed

    def load(self, needs: Needs) -> Loaded:
        """What the next steps may look at."""
        return self._store.load(needs)

    def due(self, now_s: int, limit: int) -> Due:
        """The orders to wake and the messages to handle."""
        return self._store.due(now_s, limit)

    def person(self, id: str) -> Person | None:
        """A customer's personal data."""
        return self._store.person(id)

    def matching(self, person: str, sku: str) -> Sequence[Order]:
        """The person's orders that have a line of this SKU."""
        return self._store.matching(person, sku)

    def workflow_text(self, version: str) -> str | None:
        """The text of a workflow version."""
        return self._store.workflow_text(version)


class Deadly:
    """A port at whose calls the process may be killed, before the provider hears of them or after it has acted."""

    def __init__(self, port: Any, plot: Plot) -> None:
        self._port = port
        self._plot = plot

    def __getattr__(self, operation: str) -> Any:
        call = getattr(self._port, operation)

        def called(key: str, *given: Any) -> Any:
            self._plot.reach("before_call", [key])
            answer = call(key, *given)
            self._plot.reach("after_call", [key])
            return answer

        return called


def deadly(ports: Ports, plot: Plot) -> Ports:
    """All ports, each deadly."""
    own: dict[str, Any] = {name: Deadly(getattr(ports, name), plot) for name in set(PORT_OF.values())}
    return ports._replace(**own)
