"""The worker: the loop that gives due orders, messages and answers to waves, and claimed tasks to the world."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

from segue.core.base import snake
from segue.core.redating import FollowStreetDate
from segue.core.tasks import Task
from segue.core.wake import Wake
from segue.core.workflow import Workflow
from segue.engine.caller import Caller
from segue.engine.calls import Desk, Ports
from segue.engine.inbox import Meanings
from segue.engine.limits import Limit
from segue.engine.looking_ahead import EVERY_S, refresh
from segue.engine.news import NEWS
from segue.engine.outcomes import Request, Result
from segue.engine.renewing import Agreed, Renewing
from segue.engine.rules import Rules
from segue.engine.wave import run_wave
from segue.engine.waving import Planned
from segue.ports import Batch, Clock, Due, Handled, Inbound, Outlook, PortFailed, Settled, Store

WAVE_MAX = 500  # orders to wake, and messages, that go through one transaction
LEASE_S = 120  # longer than any call may take

FOLLOWING = snake(FollowStreetDate.__name__)


class Progress(NamedTuple):
    """What one round did."""

    steps: int
    calls: int
    received: int
    refused: int
    planned: tuple[Planned, ...] = ()  # what was planned together

    @property
    def any(self) -> bool:
        """Whether there was anything to do."""
        return bool(self.steps or self.calls or self.received or self.refused)


class Worker:
    """Does the work of one shop, round by round. A round is one transaction."""

    def __init__(
        self,
        store: Store,
        rules: Rules,
        ports: Ports,
        clock: Clock,
        limits: dict[str, Limit] | None = None,
        payment_link: str = "",
        outlook: Outlook | None = None,
        agreed: Agreed | None = None,
    ) -> None:
        self.store = store
        self.rules = rules
        self.ports = ports
        self.clock = clock
        self.outlook = outlook if "look_ahead" in rules.algorithms() else None
        self.looked_at_s: int | None = None  # when it was last worked out what units are worth where they lie
        self.renewing = Renewing(store, rules, agreed or Agreed())
        self.caller = Caller(Desk(ports, store.person, self._workflow, payment_link), clock, limits or {})
        self.answered: list[Request] = []  # answers of the last round's calls, for the next wave
        self.settled: list[Settled] = []

    def round(self) -> Progress:
        """One transaction: what is due, what was answered, what came in; then the calls that it claimed."""
        now_s = self.clock.now_s()
        self._look_ahead(now_s)
        due = self._due(now_s)
        if dated := [message for message in due.messages if message.kind == FOLLOWING]:
            return self._follow(dated, now_s)
        received = self._collect(now_s)
        news = [message for message in due.messages if message.kind == NEWS]
        told = self.renewing.round(now_s, due.renewals, news) if due.renewals or news else ()
        messages = [message for message in due.messages if message.kind != NEWS] if news else due.messages
        requests, handled = self._requests(messages, due.wakes)
        batch = Batch(
            now_s,
            handled=tuple(handled),
            settled=tuple(self.settled),
            received=tuple(received),
            claim=self.caller.room(now_s, WAVE_MAX),
            lease_s=LEASE_S,
        )
        wave = run_wave(self.store, self.rules, requests, batch)
        self.answered, self.settled = [], []
        taken = 0
        for source in self.ports.sources:
            with suppress(PortFailed):  # it sends them again, and then we know them
                source.settle(received)
                taken = len(received)
        for task in wave.claimed:
            self._call(task)
        refused = sum(bool(result.refused) for result in wave.results)
        steps = len(told) + len(wave.results) - refused
        return Progress(steps, len(wave.claimed), taken + len(handled), refused, wave.planned)

    def _follow(self, messages: Sequence[Inbound], now_s: int) -> Progress:
        """The catalog says other street dates: orders follow them before anything else of theirs goes on."""
        wave = Meanings(self.store, ())
        for message in messages:
            wave.add(message)
        results = run_wave(self.store, self.rules, wave.requests, Batch(now_s, handled=tuple(wave.handled))).results
        refused = sum(bool(result.refused) for result in results)
        return Progress(len(results) - refused, 0, len(wave.handled), refused)

    def _look_ahead(self, now_s: int) -> None:
        """Work out again what units are worth, if orders go by that and it was long ago."""
        if self.outlook is None:
            return
        if self.looked_at_s is None:
            self.looked_at_s = self.outlook.kept_at()
        if self.looked_at_s is None or now_s - self.looked_at_s >= EVERY_S:
            refresh(self.store, self.outlook, self.rules, now_s)
            self.looked_at_s = now_s

    def _due(self, now_s: int) -> Due:
        """What is due; orders that wait for what carts have that are over are woken first."""
        due = self.store.due(now_s, WAVE_MAX)
        if not due.over:
            return due
        self.store.commit(Batch(now_s, swept=due.over))
        return self.store.due(now_s, WAVE_MAX)

    def submit(self, requests: Sequence[Request], batch: Batch | None = None) -> Sequence[Result]:
        """Have somebody's requests decided and committed at once; each gets its own answer."""
        base = batch or Batch(self.clock.now_s())
        return run_wave(self.store, self.rules, requests, base).results

    def run(
        self, wait: Callable[[int | None], bool] | None = None, tell: Callable[[Progress], None] | None = None
    ) -> None:
        """Work until `wait` says that it is enough. It is asked whenever nothing is due, with when something will be.

        Without it: until nothing is left that time will bring; a virtual clock jumps there, a real one waits.
        """
        wait = wait or self._to_the_end
        while True:
            progress = self.round()
            if tell:
                tell(progress)
            if not (progress.any or self.answered or self.settled) and not wait(self.next_at_s()):
                return

    def _to_the_end(self, next_at_s: int | None) -> bool:
        if next_at_s is not None:
            self.clock.sleep_until(next_at_s)
        return next_at_s is not None

    def next_at_s(self) -> int | None:
        """The next instant at which there will be something to do."""
        now_s = self.clock.now_s()
        due = self.store.due(now_s, 1)
        instants = [due.next_at_s, *(source.next_at_s() for source in self.ports.sources)]
        known = [instant for instant in instants if instant is not None]
        if not known:
            return None
        soonest = min(known)
        return min([i for i in (soonest, *self.caller.opens_at_s(now_s)) if i > now_s], default=now_s + 1)

    def _collect(self, now_s: int) -> list[Inbound]:
        received: list[Inbound] = []
        for source in self.ports.sources:
            with suppress(PortFailed):  # what it has it keeps, and is asked for again in the next round
                received += source.collect(now_s, WAVE_MAX)
        return received

    def _requests(self, messages: Sequence[Inbound], wakes: Sequence[str]) -> tuple[list[Request], list[Handled]]:
        """Answers, then messages, then wakes; and the messages that lead to none."""
        woken = [Request(order, Wake(), "timer") for order in wakes]
        wave = Meanings(self.store, (*self.answered, *woken))
        for message in messages:
            wave.add(message)
        return [*self.answered, *wave.requests, *woken], wave.handled

    def _call(self, task: Task) -> None:
        """Do a task; its answer goes into the next wave."""
        answer = self.caller.call(task)
        if isinstance(answer, Settled):
            self.settled.append(answer)
        else:
            self.answered.append(answer)

    def _workflow(self, version: str) -> Workflow:
        return self.rules.version(version, self.store.workflow_text)
