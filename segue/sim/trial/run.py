"""One trial: a shop is opened, worked in, disturbed, killed and opened again until nothing is left; then it is judged."""

import gc
from collections import Counter
from heapq import heapify, heappop, heappush
from pathlib import Path

from msgspec import to_builtins
from msgspec.structs import replace

from segue.app import App, open_app
from segue.connectors.simulated.chance import Chance
from segue.core.base import MISTAKES
from segue.core.context import name_of
from segue.core.tasks import Task
from segue.engine.calls import answer_command
from segue.engine.limits import Limit
from segue.engine.worker import Worker
from segue.ports import Answer, Inbound, OutOfStock, StaleOrder, StaleTask, Store, Unwritable, UsedUp
from segue.sim.trial.death import BETWEEN, POINTS, Died, Fate, Mortal, WorkerDied
from segue.sim.trial.deed import Deed, Empty
from segue.sim.trial.deeds import deeds
from segue.sim.trial.doing import do
from segue.sim.trial.goods import FOLDER, library, shop_of
from segue.sim.trial.judging import Verdict, audited, closing, terms_of
from segue.sim.trial.outside import clock_of, profile_of, world_of
from segue.sim.trial.setting import ENDS_AFTER_S, HOUR_S, START_S, Setting
from segue.sim.trial.touching import WatchedStore, touched_ports
from segue.sim.trial.watch import Finding, Watch
from segue.store.database import Database, open_reader
from segue.store.dump import database_digest, event_log_digest

COME_BETWEEN_RATE = 0.03  # of commits and calls into which somebody comes
OFTEN = 4  # times as often, where it would hardly ever happen else
BROUGHT_FORWARD_S = 12 * HOUR_S  # a deed that comes between is due within so long
STALL_RATE = 0.1  # of a worker's turns after which it stands still for a while
STALLED_TURNS_MAX = 3
STALLED_S = 150  # longer than a lease
SET_FORWARD_RATE, SET_BACK_RATE = 0.03, 0.02  # of the times when nobody has anything to do
ROUNDS_MAX = 400  # at one instant: more than that is no progress
OURS = (*MISTAKES, StaleOrder, StaleTask, OutOfStock, UsedUp, Unwritable)


class Trial:
    """A shop on trial."""

    def __init__(self, setting: Setting, folder: Path) -> None:
        self.setting = setting
        self.chance = Chance(setting.seed)
        self.shop = shop_of(setting)
        self.clock = clock_of(setting)
        self.world = world_of(setting, self.clock)
        assert self.world.plan is not None
        self.watch = Watch(self.world.plan.met)
        self.fate = Fate(setting.seed, setting.orders, setting.workers, setting.without, self.watch.died_at)
        self.path = folder / f"{setting.seed}.db"
        self.terms = terms_of(self.shop, at_rest=False)
        self.planned = deeds(setting)
        heapify(self.planned)
        self.done: set[str] = set()  # deeds that were brought forward
        self.of_order: dict[str, list[Deed]] = {}
        for deed in sorted(self.planned):
            self.of_order.setdefault(deed.about, []).append(deed)
        self.turn = self.depth = 0
        self.was_idle = False
        self.is_overtaken = False  # an answer comes as a message before who asked has written it down
        self.stalled: dict[int, int] = {}  # worker -> the turn in which it goes on
        self._open()
        self.reader = open_reader(self.path)

    @property
    def store(self) -> Store:
        """The store as it is now."""
        return self.app.store

    def _open(self) -> None:
        """A process starts."""
        database = Database(self.path)
        self.connection = Mortal(database._connection)
        database._connection = self.connection  # type: ignore[assignment]

        self.app: App = open_app(
            FOLDER, self.shop, None, self.clock, world=self.world, database=database, library=library()
        )
        limits = {name: Limit(at.per_second, at.burst, at.attempts) for name, at in self.shop.limits.items()}
        self.limits = limits | {"gateway": replace(limits["gateway"], attempts_max=profile_of(self.setting).attempts)}
        self.workers = [self._worker(number) for number in range(self.setting.workers)]
        self.desk = self._worker(-1)  # through which people ask

    def _worker(self, number: int) -> Worker:
        ports = touched_ports(self.world, self, number)
        return Worker(WatchedStore(self, number), self.app.worker.rules, ports, self.clock, self.limits)

    def _restart(self) -> None:
        """The process is gone, and a new one starts: nothing but the database and the world is left."""
        self.app.database.close()
        self.depth = 0
        self.stalled.clear()
        self._open()

    def run(self) -> Verdict:
        """Work until nothing is left, and judge."""
        try:
            self._work(START_S + ENDS_AFTER_S)
            self.watch.findings += audited(self.reader, None, terms_of(self.shop, at_rest=True))
            closed = closing(self.reader, self.world, self.watch)
            self.watch.findings += () if self.watch.findings else closed.findings
            return self._verdict(closed.figures)
        finally:
            self.reader.close()
            self.app.database.close()

    def _work(self, until_s: int) -> None:
        rounds = 0
        while not self.watch.findings:
            worked = self._one_turn()
            rounds = rounds + 1 if worked else 0
            if rounds > ROUNDS_MAX:
                self.watch.findings.append(self._no_progress(rounds))
            if worked:
                continue
            next_at_s = self._next_at_s()
            if next_at_s is None or next_at_s > until_s:
                return
            self.clock.sleep_until(next_at_s)
            self._set_clock()

    def _no_progress(self, rounds: int) -> Finding:
        due = self.store.due(self.clock.now_s(), 1)
        about = (*due.wakes, *(message.order for message in due.messages), "")[0]
        return Finding("progress", about, f"{rounds} turns in a row, and there is still something due")

    def _one_turn(self) -> bool:
        """What people do now, then a round of each worker. Whether anything was done."""
        self.turn += 1
        try:
            due = self._due_deeds(self.clock.now_s())
            worked = bool(due)
            do(due, self)
            worked |= self._round(self._whose_turn())
        except Died:
            self._restart()
            return True
        except OURS as error:
            self.watch.findings.append(Finding("mistake", "", f"{type(error).__name__}: {error}"))
        self._look()
        return worked

    def _whose_turn(self) -> int:
        """Anybody who does not stand still; when there is nothing else to do, who still has answers to write."""
        numbers = range(len(self.workers))
        awake = [number for number in numbers if self.stalled.get(number, 0) <= self.turn] or list(numbers)
        left = [number for number in awake if self.workers[number].answered or self.workers[number].settled]
        among = left if left and self.was_idle else awake
        return among[self.chance.whole("whose turn", f"{self.turn}", 0, len(among) - 1)]

    def _round(self, number: int) -> bool:
        """A round of one worker. Whether there was anything to do, or is left to do."""
        worker = self.workers[number]
        try:
            progress = worker.round()
        except WorkerDied:
            self.workers[number] = self._worker(number)
            return True
        self.was_idle = not progress.any
        left = bool(worker.answered or worker.settled)
        rate, self.is_overtaken = (1.0 if self.is_overtaken else STALL_RATE), False
        if left and self._may_stall() and self.chance.happens("stall", f"{self.turn} {number}", rate):
            self.stalled[number] = self.turn + 1 + self.chance.whole("turns", f"{self.turn}", 1, STALLED_TURNS_MAX)
            self.clock.sleep_until(self.clock.now_s() + STALLED_S)
        return progress.any or any(each.answered or each.settled for each in self.workers)

    def come_between(self, key: str, worker: int, order: str = "", goods: tuple[str, str] | None = None) -> None:
        """Let somebody else do something now, if it is so drawn.

        That is a deed about this order, a round of another worker, or somebody who takes these goods away.
        """
        if self.depth or "between" in self.setting.without:
            return
        rate = COME_BETWEEN_RATE * (OFTEN if goods or "refund" in key or "void" in key else 1)
        if not self.chance.happens("come between", key, rate):
            return
        self.depth += 1
        try:
            self._between(key, worker, order, goods)
        except WorkerDied as died:
            raise Died(*died.args) from died  # who came between takes the process along
        finally:
            self.depth -= 1

    def _between(self, key: str, worker: int, order: str, goods: tuple[str, str] | None) -> None:
        if goods and self.chance.happens("taken away", key, 0.5):
            do([Deed(0, key, "taken", Empty(*goods))], self)
            return
        others = [number for number in range(len(self.workers)) if number != worker]
        if others and not order and self.chance.happens("another worker", key, 0.5):
            self.workers[others[self.chance.whole("which worker", key, 0, len(others) - 1)]].round()
            return
        deed = self._brought_forward(order) if order else self._next_deed(self.clock.now_s() + BROUGHT_FORWARD_S)
        if deed is not None:
            do([deed], self)

    def hear_again(self, answer: Answer, task: Task) -> None:
        """What a provider has answered comes once more, as a message."""
        command = answer_command(task, answer)
        assert command is not None, f"nothing follows of {task.kind}"
        key = f"{task.id}#{task.attempt}"
        self.is_overtaken = self.chance.happens("heard soon", key, 0.5)
        after_s = 0 if self.is_overtaken else self.chance.whole("heard again", key, 0, 2 * HOUR_S)
        due_at_s = self.clock.now_s() + after_s
        body = to_builtins(command)
        self.world.post(Inbound(task.provider, key, name_of(command), body, task.order, due_at_s))

    def _may_stall(self) -> bool:
        return self.setting.workers > 1 and "stall" not in self.setting.without

    def plan(self, deed: Deed) -> None:
        """Have something done later."""
        heappush(self.planned, deed)

    def _due_deeds(self, until_s: int) -> list[Deed]:
        due: list[Deed] = []
        while (deed := self._next_deed(until_s)) is not None:
            due.append(deed)
        return due

    def _next_deed(self, until_s: int) -> Deed | None:
        while self.planned and self.planned[0].at_s <= until_s:
            deed = heappop(self.planned)
            if deed.key not in self.done:
                return deed
        return None

    def _brought_forward(self, order: str) -> Deed | None:
        """The next deed about an order, done sooner than it was planned."""
        for deed in self.of_order.get(order, ()):
            if deed.key not in self.done and self.clock.now_s() < deed.at_s <= self.clock.now_s() + BROUGHT_FORWARD_S:
                self.done.add(deed.key)
                return deed
        return None

    def _next_at_s(self) -> int | None:
        instants = [worker.next_at_s() for worker in self.workers]
        if self.planned:
            instants.append(self.planned[0].at_s)
        return min((instant for instant in instants if instant is not None), default=None)

    def _set_clock(self) -> None:
        """Now and then somebody sets the clock, or the machine was asleep."""
        key = f"{self.turn}"
        if "clock" in self.setting.without:
            return
        if self.chance.happens("forward", key, SET_FORWARD_RATE):
            self.clock.set_by(self.chance.whole("by", key, 60, 10 * HOUR_S))
            self.watch.reached["clock:forward"] += 1
        elif self.chance.happens("back", key, SET_BACK_RATE):
            self.clock.set_by(-self.chance.whole("by", key, 60, HOUR_S))
            self.watch.reached["clock:back"] += 1

    def _look(self) -> None:
        """The invariants of all that was touched."""
        if self.watch.touched:
            self.watch.findings += audited(self.reader, self.watch.touched, self.terms)
            self.watch.touched.clear()

    def _verdict(self, gateway: Counter[str]) -> Verdict:
        watch = self.watch
        faults = Counter(f"{met.port}.{met.what}" for met in watch.met)
        seen = watch.reached + Counter({f"fault:{name}": count for name, count in faults.items()})
        return Verdict(
            self.setting,
            len(watch.before),
            watch.events,
            watch.steps,
            tuple(watch.findings),
            seen,
            faults,
            Counter({point: n for point in (*POINTS, BETWEEN) if (n := watch.reached[f"death:{point}"])}),
            gateway,
            database_digest(self.reader, self.app.seal),
            event_log_digest(self.reader),
        )


def run_trial(setting: Setting, folder: Path) -> Verdict:
    """Run one trial; its database is made in the folder, and deleted."""
    gc.collect()  # what the trial before has left behind would be kept for ever
    gc.freeze()
    trial = Trial(setting, folder)
    try:
        return trial.run()
    finally:
        for path in folder.glob(f"{trial.path.name}*"):
            path.unlink()
