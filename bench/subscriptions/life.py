"""The life of a shop with subscriptions: its scheduler works, dies, is away, and its clock jumps."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from bench.subscriptions.count import DAY_S, Gap
from bench.subscriptions.people import FIRST, PRICE_MINOR, Customer
from segue.app import App, open_app, open_world
from segue.connectors.clock import VirtualClock
from segue.connectors.simulated.world import World
from segue.core.draft import Destination
from segue.core.subscription.commands import Begin, NewLine
from segue.core.subscription.standing import Address, Terms
from segue.engine.calls import Ports
from segue.engine.renewing import Asked
from segue.ports import Batch, Store
from segue.settings import read_shop
from segue.store.database import Database

TICK_S = 21_600  # what falls due within six hours is done together
HOUR_S = 3_600
BEGUN_AT_ONCE = 500
COMMITS_BETWEEN_DEATHS = (200, 3_000)
SHOP = """\
name: boxes
currency: EUR
workflow: plain
channels: [canonical]
shipping_methods: [standard]
simulated: {seed: 1, behavior: calm}
"""
PLAIN = """\
name: plain
policies:
  capture: at_once
statuses: {open: due + authorizing + authorized > 0, paid: True}
folders: {to_be_sent: {when: captured > 0, owner: warehouse}}
on:
  order_placed:
    - do: {command: authorize}
  payment_authorized:
    - do: {command: capture}
"""


Say = Callable[[int], None]  # who follows it is told how far it is


class Dead(BaseException):
    """The process was killed."""


class Trouble(NamedTuple):
    """What goes wrong, and when by the clock of the world."""

    at_s: int
    what: str  # down, ahead, back
    lasts_s: int


class Jumping(VirtualClock):
    """A clock that somebody sets."""

    def set_to(self, now_s: int) -> None:
        """It is this late now, whatever it was."""
        self._now_s = now_s


class Mortal:
    """A store whose process dies at a commit now and then: before it, or after it."""

    def __init__(self, store: Store, dice: Random) -> None:
        self._store, self._dice = store, dice
        self.deaths = 0
        self._left = 0
        self.live_on()

    def live_on(self) -> None:
        """It will die after some commits more."""
        self._left = self._dice.randint(*COMMITS_BETWEEN_DEATHS)

    def commit(self, batch: Batch) -> Any:
        """Write it, and die before or after that, or not."""
        self._left -= 1
        if self._left > 0:
            return self._store.commit(batch)
        self.live_on()
        self.deaths += 1
        if self._dice.random() < 0.5:
            raise Dead
        self._store.commit(batch)
        raise Dead

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class Life:
    """A shop at work in a folder, its database on disk or in memory; killed, it is opened again."""

    def __init__(self, folder: Path, start_s: int, seed: int, in_memory: bool = True) -> None:
        _write(folder)
        self.folder, self.dice = folder, Random(f"life {seed}")
        self.shop, self.clock = read_shop(folder), Jumping(start_s, TICK_S)
        self.database = Database(":memory:" if in_memory else folder / "segue.db", power_cuts=False)
        self.world: World = open_world(self.shop, self.clock)
        self.mortal: Mortal | None = None
        self.deaths = 0
        self.app = self._opened()

    def begin(self, customers: Sequence[Customer]) -> None:
        """They all subscribe."""
        renewing, now_s = self.app.worker.renewing, self.clock.now_s()
        for start in range(0, len(customers), BEGUN_AT_ONCE):
            some = customers[start : start + BEGUN_AT_ONCE]
            told = renewing.take([Asked(each.id, _begin(each), "bench") for each in some], Batch(now_s))
            assert not any(each.refused for each in told), [each.refused for each in told if each.refused][:3]

    def live(self, until_s: int, troubles: Sequence[Trouble], say: Say = lambda _: None) -> list[Gap]:
        """Work until an instant, through all that goes wrong. Returns the times that nobody saw."""
        gaps = []
        for trouble in troubles:
            self._work(trouble.at_s)
            say(trouble.at_s)
            now_s = self.clock.now_s()
            if trouble.what == "back":  # time that was seen comes again
                self.clock.set_to(now_s - trouble.lasts_s)
                continue
            gaps.append(Gap(now_s, now_s + trouble.lasts_s))
            self._die(trouble.lasts_s)
            if trouble.what == "ahead":  # its work done, somebody sets the clock right
                self._work(now_s + trouble.lasts_s)
                self.clock.set_to(now_s + HOUR_S)
        self._work(until_s)
        return gaps

    def _work(self, until_s: int) -> None:
        """Work until an instant, and see all that is due then."""
        while True:
            try:
                self.app.worker.run(lambda next_at_s: self._wait(next_at_s, until_s))
                if self.clock.now_s() >= until_s:
                    return
                self.clock.set_to(until_s)
            except Dead:
                self._die(0)

    def _wait(self, next_at_s: int | None, until_s: int) -> bool:
        if next_at_s is None or next_at_s > until_s:
            return False
        self.clock.sleep_until(next_at_s)
        if self.clock.now_s() > until_s:  # not further than a whole tick allows
            self.clock.set_to(until_s)
        return True

    def _die(self, away_s: int) -> None:
        self.clock.set_to(self.clock.now_s() + away_s)
        self.app = self._opened()

    def _opened(self) -> App:
        return open_app(
            self.folder, self.shop, None, self.clock, world=self.world, database=self.database, wired=self._wired
        )

    def _wired(self, store: Store, ports: Ports) -> tuple[Store, Ports]:
        if self.mortal is None:
            self.mortal = Mortal(store, self.dice)
        self.mortal._store = store
        return self.mortal, ports


def troubles(start_s: int, until_s: int, seed: int) -> list[Trouble]:
    """Some each year: nights and weeks without anybody at work, clocks an hour, a day, a month ahead or back."""
    dice, found, at_s = Random(f"troubles {seed}"), [], start_s
    while (at_s := at_s + dice.randint(10, 50) * DAY_S + dice.randrange(DAY_S)) < until_s - 100 * DAY_S:
        what = dice.choice(("down", "down", "ahead", "back"))
        lasts_s = dice.choice((HOUR_S, DAY_S, dice.randint(2, 9) * DAY_S, dice.randint(20, 45) * DAY_S))
        found.append(Trouble(at_s, what, lasts_s))
        at_s += lasts_s
    return found


def start_of(years: int) -> tuple[int, int]:
    """When it begins, and when so many years are over."""
    first = int(datetime(FIRST.year, 1, 1, tzinfo=UTC).timestamp()) - DAY_S
    return first, int(datetime(FIRST.year + years, 1, 1, tzinfo=UTC).timestamp())


def _begin(customer: Customer) -> Begin:
    lines = tuple(NewLine("BOX", 1, plan.rule, plan.starts_on, PRICE_MINOR) for plan in customer.plans)
    terms = Terms(
        "canonical",
        "EUR",
        time_zone=customer.zone,
        at=customer.at,
        address=Address(Destination("DE")),
        ship_method="standard",
        catch_up=customer.catch_up,  # type: ignore[arg-type]
        ends_on=customer.ends_on,
    )
    return Begin(customer.id, terms, lines)


def _write(folder: Path) -> None:
    for name in ("channels", "workflows"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "channels" / "canonical.yaml").write_text("name: canonical\nextends: canonical\n", encoding="utf-8")
    (folder / "workflows" / "plain.yaml").write_text(PLAIN, encoding="utf-8")
    (folder / "shop.yaml").write_text(SHOP, encoding="utf-8")
    (folder / "locations.yaml").write_text(
        "- {id: BER, name: Berlin, kind: warehouse, country: DE}\n", encoding="utf-8"
    )
    (folder / "catalog.csv").write_text(f"sku,title,price_minor\nBOX,Box,{PRICE_MINOR}\n", encoding="utf-8")
    (folder / "stock.csv").write_text("sku,location,units\nBOX,BER,1\n", encoding="utf-8")
