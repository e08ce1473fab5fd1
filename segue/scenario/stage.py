"""The stage: a whole shop at work. The engine may be killed and started again; the world outside goes on."""

import tempfile
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from segue.app import App, open_app
from segue.connectors.clock import VirtualClock
from segue.connectors.importing import Intake
from segue.connectors.simulated.faults import CallFault, MessageFault
from segue.connectors.simulated.world import World
from segue.core.base import Command, Refusal
from segue.core.mapping import Document, Mapping, Reject
from segue.core.order import Order
from segue.engine.calls import Ports
from segue.engine.outcomes import Result
from segue.loader.problems import Broken
from segue.ports import Batch, Inbound, Store
from segue.scenario.plot import Killed, Mortal, Plot, deadly
from segue.scenario.setting import Setting
from segue.settings import channel_mapping
from segue.store.database import DATABASE_FILE, IN_MEMORY, Database
from segue.store.reading import Finder, Found
from segue.store.shelf import Count

ROUNDS_MAX = 20_000  # of one scenario; one that needs more goes in circles
YEARS_S_MAX = 5 * 366 * 86_400  # what is due later than this is never waited for
SEED = 1
MAPPINGS_KEPT = 50


class Impossible(Exception):
    """A step cannot be taken, or does not come to an end: what was expected, and what is."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"{expected}, {found}")
        self.expected = expected
        self.found = found


class Seen(NamedTuple):
    """What was previewed last."""

    order: str
    command: Command
    by: str
    expects: str


class Stage:
    """What steps act upon, and expectations look at. To be used in a `with`."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.plot = Plot()
        self.clock = VirtualClock(setting.start_s)
        self.world = self._world()
        self.orders: list[str] = []  # ids, as they were placed
        self.refused: list[tuple[str, str]] = []  # (order, name of the refusal) of commands that people gave
        self.rounds = 0
        self.messages = 0
        self.seen: Seen | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._database: Database | None = None
        if setting.on_disk:
            self._folder = tempfile.TemporaryDirectory(prefix="segue-scenario-")
        self.app = self._opened()
        if setting.safety:
            counts = [Count(*key, setting.shop.stock[key], units) for key, units in setting.safety.items()]
            self.app.shelf.count_stock(counts, self.clock.now_s())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.app.database.close()
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def now_s(self) -> int:
        """The virtual time."""
        return self.clock.now_s()

    def work(self, until_s: int | None = None) -> None:
        """Do all that is due, and go on to an instant; without one until nothing is left that time will bring."""
        while True:
            try:
                self._rounds(self.setting.start_s + YEARS_S_MAX if until_s is None else until_s)
                break
            except Killed:
                self.kill(self.plot.die())
        if until_s is not None:
            self.clock.sleep_until(until_s)

    def submit(self, order: str, command: Command, by: str, expects: str = "") -> Result | None:
        """Somebody gives a command; None if the engine was killed before it could answer."""
        try:
            return self.app.submit(order, command, by, expects)
        except Killed:
            self.kill(self.plot.die())
            return None

    def receive(self, *messages: Inbound) -> None:
        """Messages come in from outside, and are kept."""
        self.app.store.commit(Batch(self.now_s, received=messages))

    def message_id(self, what: str) -> str:
        """An id for a message that the scenario sends."""
        self.messages += 1
        return f"{what}-{self.messages}"

    def take_in(self, mapping: Mapping, documents: list[Document]) -> list[Reject]:
        """Documents come in through a channel's mapping; returns what it rejects."""
        intake = Intake(mapping, self.app.seal.digest)
        rejects: list[Reject] = []
        for document in documents:
            received = intake.take(document)
            self.app.keep(received.messages, {received.person.id: received.person} if received.person else {})
            rejects += received.mapped.rejects
        return rejects

    def mapping(self, name: str) -> Mapping:
        """The mapping of a channel: the shop's own, or the prebuilt one. Raises Impossible if it has mistakes."""
        try:
            return _mapping(self.setting.folder or Path(), name)
        except Broken as broken:
            raise Impossible("a mapping without mistakes", str(broken.problems[0])) from broken

    def kill(self, down_s: int = 0) -> None:
        """The engine's process is gone with all that it held in memory; after a while it is started again."""
        if self._folder is not None:
            self.app.database.close()
        self.clock.sleep_until(self.now_s + down_s)
        self.app = self._opened()

    def change(self, setting: Setting) -> None:
        """The shop's files have changed; the engine is started again with them."""
        self.setting = setting
        self.kill()

    def order(self, id: str) -> Order:
        """An order as it stands. Raises Impossible if it is not there."""
        found = Finder(self.app.reader()).order(id)
        if found is None:
            raise Impossible(f"the order {id}", "it has not come in")
        return found

    def found(self, id: str) -> Found:
        """An order as people find it: its status and its folders."""
        self.order(id)
        return Finder(self.app.reader()).find(id)[0]

    def _rounds(self, until_s: int) -> None:
        worker = self.app.worker
        while True:
            self.rounds += 1
            if self.rounds > ROUNDS_MAX:
                raise Impossible("that it comes to rest", f"it goes on after {ROUNDS_MAX} rounds of work")
            progress = worker.round()
            if progress.any or worker.answered or worker.settled:
                continue
            next_at_s = worker.next_at_s()
            if next_at_s is None or next_at_s > until_s:
                return
            self.clock.sleep_until(next_at_s)

    def _opened(self) -> App:
        """The engine, started. Its database is a file that is opened again, or stays in memory while nobody is killed."""
        setting, folder = self.setting, Path(self._folder.name) if self._folder else None
        path = folder / DATABASE_FILE if folder else None
        if path is not None or self._database is None:
            self._database = Database(path or IN_MEMORY, power_cuts=False)
        return open_app(
            folder or setting.folder or Path(),
            setting.shop,
            path,
            self.clock,
            world=self.world,
            database=self._database,
            library=setting.library,
            wired=self._mortal if setting.on_disk else None,
        )

    def _mortal(self, store: Store, ports: Ports) -> tuple[Store, Ports]:
        """Between the worker and what it works with: whatever may kill it on the way."""
        return Mortal(store, self.plot), deadly(ports, self.plot)

    def _world(self) -> World:
        stores = [place.id for place in self.setting.shop.locations.values() if place.kind == "store"]
        for system in ("warehouse", "carrier"):
            if system in self.setting.by_hand:
                self.plot.messages.append(MessageFault("never", system))
        if "fraud" in self.setting.by_hand:
            self.plot.faults.append(CallFault("verdict", "fraud", attempt=0, outcome="pending"))
        return World(SEED, self.setting.behavior, clock=self.clock, stores=stores, plan=self.plot)


@lru_cache(MAPPINGS_KEPT)
def _mapping(folder: Path, name: str) -> Mapping:
    return channel_mapping(folder, name)


def name_of_refusal(text: str) -> str:
    """The name of the refusal that a text tells of, as scenarios write it; the text itself if it is none."""
    for refusal in Refusal:
        if text == refusal.value or text.startswith(f"{refusal.value}: "):
            return refusal.name.lower()
    return text
