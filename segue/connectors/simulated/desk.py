"""The desk: what all simulated systems share, and how each of them works on a key once."""

from collections.abc import Callable
from threading import RLock

from msgspec.structs import replace

from segue.connectors.simulated.behavior import PortBehavior, Range
from segue.connectors.simulated.chance import Chance
from segue.connectors.simulated.faults import WELL, Call, Fault, Plan
from segue.connectors.simulated.journal import Done, Journal
from segue.connectors.simulated.post import Post
from segue.ports import Answer, Clock, Inbound, PortFailed

HOUR_S = 3600
DAY_S = 24 * HOUR_S
SECOND_DELIVERY_S_MAX = 2 * HOUR_S
LOST_AFTER = Fault("lost_after")


class Desk:
    """The clock, the dice, the journal and the post. Whoever changes something holds the lock."""

    def __init__(
        self,
        seed: int,
        clock: Clock,
        journal: Journal,
        pace: float,
        pause: Callable[[float], None],
        plan: Plan | None = None,
    ) -> None:
        self.chance = Chance(seed)
        self.clock = clock
        self.journal = journal
        self.post = Post()
        self.lock = RLock()
        self.pause = pause
        self.plan = plan
        self._pace = pace

    def wait_s(self, kind: str, key: str, span: Range, unit_s: int) -> int:
        """How long something takes, drawn from a range in hours or days, in seconds at the world's pace."""
        return int(self.chance.between(kind, key, *span) * unit_s * self._pace)

    def deliveries(self, message: Inbound, rate: float) -> tuple[Inbound, ...]:
        """A message, and in a share of all cases the same message again some time later."""
        name = f"{message.source}/{message.id}"
        if not self.chance.happens("duplicate", name, rate):
            return (message,)
        later_s = self.chance.whole("duplicate after", name, 1, max(1, int(SECOND_DELIVERY_S_MAX * self._pace)))
        return (message, replace(message, due_at_s=message.due_at_s + later_s))


class Faults:
    """Slow and lost answers of one system. Only these depend on the attempt: else nothing could ever be retried.

    A plan decides first; what it leaves alone meets the rates of the behavior.
    """

    def __init__(self, desk: Desk, port: str, behavior: PortBehavior) -> None:
        self._desk = desk
        self._port = port
        self._behavior = behavior
        self._calls: dict[str, int] = {}
        self._attempts: dict[tuple[str, str], int] = {}  # (operation, key) -> calls so far
        self._requests: dict[tuple[str, str], dict[str, int]] = {}  # (operation, order) -> key -> which request it is
        self._losing = behavior.lost_before_rate + behavior.lost_after_rate > 0
        self._slow = behavior.latency_s[1] > 0

    def meet(self, key: str, operation: str, order: str = "") -> Fault:
        """Let a request come in. Raises PortFailed if it got lost; returns what will become of its answer."""
        fault = self._planned(key, operation, order)
        if fault.what == "lost_before":
            self._wait(fault)
            raise PortFailed(f"{self._port}: no connection")
        return fault if fault.what else self._by_chance(key)

    def leave(self, fault: Fault) -> None:
        """Let an answer go out. Raises PortFailed if it gets lost."""
        self._wait(fault)
        if fault.is_lost:
            raise PortFailed(f"{self._port}: no answer in time")

    def _planned(self, key: str, operation: str, order: str) -> Fault:
        plan = self._desk.plan
        if plan is None:
            return WELL
        attempt = self._attempts[operation, key] = self._attempts.get((operation, key), 0) + 1
        requests = self._requests.setdefault((operation, order), {})
        nth = requests.setdefault(key, len(requests) + 1)
        return plan.of_call(Call(self._port, operation, order, key, nth, attempt, self._desk.clock.now_s()))

    def _wait(self, fault: Fault) -> None:
        if fault.late_s:
            self._desk.clock.sleep_until(self._desk.clock.now_s() + fault.late_s)

    def _by_chance(self, key: str) -> Fault:
        if self._slow:
            self._desk.pause(self._desk.chance.between(f"latency {self._port}", key, *self._behavior.latency_s))
        if not self._losing:
            return WELL
        call = self._calls[key] = self._calls.get(key, 0) + 1
        drawn = self._desk.chance.share(f"lost {self._port}", f"{key}#{call}")
        if drawn < self._behavior.lost_before_rate:
            raise PortFailed(f"{self._port}: no connection")
        lost_after = drawn < self._behavior.lost_before_rate + self._behavior.lost_after_rate
        return LOST_AFTER if lost_after else WELL


class SimulatedPort:
    """A system that works on each key once, and gives the same answer whenever it is asked again."""

    name = ""

    def __init__(self, desk: Desk, behavior: PortBehavior) -> None:
        self._desk = desk
        self._faults = Faults(desk, self.name, behavior)
        self.answers: dict[str, Answer] = {}

    def restore(self, done: Done) -> None:
        """Remember what was done before: now, or by a process that is gone."""
        self.answers[done.key] = done.answer
        for message in done.messages:
            self._desk.post.put(message)

    def once(self, key: str, work: Callable[[int], Done], operation: str, order: str) -> Answer:
        """The answer to a key; `work` is called with the time, for a new key only. On file before it is given."""
        fault = self._faults.meet(key, operation, order)
        with self._desk.lock:
            answer = self.answers.get(key)
            if answer is None:
                done = self._done(key, work, fault)
                self._desk.journal.append(done)
                self.restore(done)
                answer = done.answer
        self._faults.leave(fault)
        return answer

    def _done(self, key: str, work: Callable[[int], Done], fault: Fault) -> Done:
        """What is done for a new key, unless the plan decides the answer; its messages arrive as the plan says."""
        now_s = self._desk.clock.now_s()
        decided = fault.decided()
        done = Done(self.name, key, now_s, decided) if decided else work(now_s)
        if self._desk.plan is not None and done.messages:
            return replace(done, messages=self._desk.plan.of_messages(done.messages))
        return done
