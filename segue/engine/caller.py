"""The caller: does claimed tasks, within the limits of their providers, and says what the next wave is to write of them."""

from collections.abc import Mapping

from segue.core.base import MISTAKES, Command
from segue.core.tasks import Task
from segue.engine.calls import Desk, answer_command, call, objection_to, unknown_command
from segue.engine.limits import Gate, Limit
from segue.engine.outcomes import Request
from segue.ports import Answer, Clock, PortFailed, Settled

BACK_OFF_S = 5  # before the second attempt; twice as long before each further one
BACK_OFF_MAX_S = 3600
PROVIDERS = ("gateway", "fraud", "warehouse", "carrier", "mailer", "channel", "issuer")


class Caller:
    """Asks the world. Each task that it is given is settled, or has a request that settles it."""

    def __init__(self, desk: Desk, clock: Clock, limits: Mapping[str, Limit]) -> None:
        self.desk = desk
        self.clock = clock
        now_s = clock.now_s()
        self.gates = {name: Gate(limits.get(name, Limit()), now_s) for name in PROVIDERS}

    def room(self, now_s: int, most: int) -> dict[str, int]:
        """How many tasks of each provider may be claimed now."""
        return {name: room for name, gate in self.gates.items() if (room := min(most, gate.room(now_s)))}

    def opens_at_s(self, now_s: int) -> list[int]:
        """When the providers that have no room now will have some."""
        return [instant for gate in self.gates.values() if (instant := gate.opens_at_s(now_s)) is not None]

    def call(self, task: Task) -> Request | Settled:
        """Do a task; its answer is guarded by this attempt."""
        gate = self.gates[task.provider]
        if gate.closed_until_s > self.clock.now_s():  # since it was claimed: it has not been asked, and has not failed
            detail = "not asked: the provider does not answer others"
            return Settled(task.order, task.id, task.attempt, "retry", detail, gate.closed_until_s)
        gate.called(1)
        try:
            answer = call(task, self.desk)
        except PortFailed as error:
            gate.failed(self.clock.now_s())
            return self._failed(task, str(error))
        except MISTAKES as error:  # of ours or of a connector: nobody knows how far it came
            return self._failed(task, f"{type(error).__name__}: {error}")
        gate.answered()
        return _answered(task, answer)

    def _failed(self, task: Task, detail: str) -> Request | Settled:
        """Try again later, under the same key; when the attempts are used up, the outcome is unknown, never failed."""
        if task.failures + 1 < self.gates[task.provider].limit.attempts_max:
            due_at_s = self.clock.now_s() + min(BACK_OFF_MAX_S, BACK_OFF_S * 2**task.failures)
            return Settled(task.order, task.id, task.attempt, "retry", detail, due_at_s, failed=True)
        return _settled(task, "unknown", detail, unknown_command(task, detail))


def _answered(task: Task, answer: Answer) -> Request | Settled:
    """Take the answer in, if it answers what was asked; else a person has to see to it."""
    if objection := objection_to(task, answer):
        return _settled(task, "unknown", objection, unknown_command(task, objection))
    outcome = "declined" if answer.outcome == "declined" else "done"
    return _settled(task, outcome, answer.detail, answer_command(task, answer))


def _settled(task: Task, outcome: str, detail: str, command: Command | None) -> Request | Settled:
    """What the next wave writes of a task: with the command that its order hears of it by, if there is one."""
    settled = Settled(task.order, task.id, task.attempt, outcome, detail)
    return settled if command is None else Request(task.order, command, task.provider, settles=settled)
