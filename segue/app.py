"""The composition root: the only place that knows what is plugged into what."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from segue.connectors.clock import SystemClock, VirtualClock
from segue.connectors.importing import Counts, Intake, Received, RejectsFile
from segue.connectors.rate_table import TableTaxes
from segue.connectors.simulated.behavior import CALM, LIFELIKE, Behavior
from segue.connectors.simulated.faults import Plan
from segue.connectors.simulated.world import World
from segue.core.base import Command
from segue.core.decide import COMMANDS, EVENTS
from segue.core.draft import Draft
from segue.core.preview import Preview
from segue.core.price_list import PriceList
from segue.core.pricing.pricing import OF_THE_SHOP, Priced
from segue.core.turns import rank_of
from segue.engine.calls import Ports
from segue.engine.inbox import order_id
from segue.engine.limits import Limit
from segue.engine.outcomes import OURSELVES, Request, Result
from segue.engine.previewing import previewed
from segue.engine.quoting import quoted
from segue.engine.renewing import Agreed
from segue.engine.rules import Rules
from segue.engine.stocktaking import take_waiting
from segue.engine.taking import Desk
from segue.engine.worker import Worker
from segue.loader.archive import archived
from segue.loader.channel import load_channel
from segue.loader.check import check
from segue.loader.library import Library, read_library
from segue.loader.problems import Broken, Problem, Problems
from segue.loader.shop import Shop
from segue.loader.time_zones import zone_of
from segue.ports import Batch, CarrierRates, Clock, Inbound, Person, Store
from segue.settings import (
    KEY_FILE,
    MAIL_FOLDER,
    WORLD_FILE,
    Simulation,
    channel_mapping,
    converted,
    kept_workflow,
    outlined,
    read_shop,
    registry,
    simulation_of,
)
from segue.store.audit import LATE_S, Terms, Violation, audit, terms_of
from segue.store.database import DATABASE_FILE, IN_MEMORY, Connection, Database
from segue.store.lock import OwnerLock
from segue.store.outline import OUTLINE, encoded
from segue.store.outlook import SqliteOutlook
from segue.store.people import Seal, shop_key
from segue.store.reading import every_workflow
from segue.store.shelf import Count, Shelf
from segue.store.sqlite import SqliteStore
from segue.store.stockroom import SqliteStockroom

RECEIVED_AT_ONCE = 1_000  # documents that one transaction takes in
COLLECTED_AFTER = (100_000, 50, 1_000)  # of many values hardly any are in cycles: looking for those is what costs

Tell = Callable[[int, int], None]  # rows read so far, orders among them
Wired = Callable[[Store, Ports], tuple[Store, Ports]]


class App(NamedTuple):
    """An opened shop: what its owner process works with."""

    folder: Path
    shop: Shop
    database: Database
    store: SqliteStore
    shelf: Shelf
    seal: Seal
    clock: Clock
    world: World
    worker: Worker

    def submit(self, order: str, command: Command, by: str, expects: str = "") -> Result:
        """Have one command decided and committed; the answer says what became of it.

        With a preview that it `expects` it leads to just that, or is refused.
        """
        return self.worker.submit([Request(order, command, by, expects=expects)])[0]

    def preview(self, order: str, command: Command, by: str) -> Preview:
        """What a command would come to; nothing is written. Raises Refused if there is no such order."""
        return previewed(self.store, self.worker.rules, Request(order, command, by), self.clock.now_s())

    def quote(self, cart: Draft) -> Priced:
        """What a cart would cost as an order now; nothing is kept. Raises PortFailed if the tax service does not answer."""
        return quoted(self.store, self.worker.rules, cart, self.clock.now_s())

    def receive(self, paths: Sequence[Path], channel: str, rejects: Path | None, tell: Tell | None = None) -> Counts:
        """Take in a channel's files. Kept safely when this returns; what was taken in before is not taken in again."""
        mapping = channel_mapping(self.folder, channel)
        intake = Intake(mapping, self.seal.digest, at_their_time=isinstance(self.clock, VirtualClock))
        with RejectsFile(rejects or self.folder / f"rejects-{channel}.csv") as file:
            messages: list[Inbound] = []
            people: dict[str, Person] = {}
            for received in intake.read(paths, file):
                messages += received.messages
                if received.person is not None:
                    people[received.person.id] = received.person
                if len(messages) >= RECEIVED_AT_ONCE:
                    self.keep(messages, people)
                    messages, people = [], {}
                    if tell:
                        tell(intake.counts.read, intake.counts.orders)
            self.keep(messages, people)
        return intake.counts

    def read(self, path: Path, channel: str) -> list[Received]:
        """What a file of a channel gives. Nothing of it is taken in."""
        return list(Intake(channel_mapping(self.folder, channel), self.seal.digest).read([path]))

    def stock_desk(self, by: str) -> Desk:
        """What stock is taken with, by somebody."""
        return Desk(self.worker.store, SqliteStockroom(self.database), self.worker.rules, self.clock.now_s(), by)

    def reader(self) -> Connection:
        """A connection that only reads."""
        return self.database.reader()

    def audit(self, orders: Iterable[str] | None = None) -> list[Violation]:
        """What breaks an invariant now, in the whole shop or in these orders."""
        return audit(self.database.reader(), orders, self.audit_terms())

    def audit_terms(self) -> Terms:
        """What the audit has to be told of this shop: what its workflows promise, and the ticks of a virtual clock."""
        workflows = []
        for version, _ in every_workflow(self.database.reader()):
            with suppress(Broken):  # a version that this Segue no longer understands promises nothing
                workflows.append(self.worker.rules.version(version, self.store.workflow_text))
        is_virtual = isinstance(self.clock, VirtualClock)
        return terms_of(workflows, LATE_S + (simulation_of(self.shop).tick_s if is_virtual else 0))

    def keep(self, messages: Sequence[Inbound], people: dict[str, Person]) -> None:
        """Take in messages and the people that they are about. Kept safely when this returns."""
        batch = Batch(self.clock.now_s(), received=tuple(messages), people=tuple(people.values()))
        self.store.commit(batch)
        for message in messages:
            self._introduce(message)

    def _introduce(self, message: Inbound) -> None:
        """Tell the simulated gateway of the authorizations that the channel's checkout made there."""
        draft = message.body.get("draft", {})
        for number, tender in enumerate(draft.get("tenders", ()), 1):
            if tender["kind"] == "adopted" and tender.get("reference"):
                ours = f"{order_id(draft['channel'], draft['channel_order_id'])}/P{number}"
                self.world.gateway.adopt(
                    tender["reference"], ours, tender["amount_minor"], draft["currency"], tender.get("method", "card")
                )


def problems_in(folder: Path) -> list[Problem]:
    """Every mistake in a shop's files, those of its channels and of its simulated world included."""
    found = check(folder, registry(), COMMANDS, EVENTS)
    if found:
        return found
    shop = read_shop(folder)
    try:
        _behavior(shop, simulation_of(shop))
    except Broken as broken:
        found += broken.problems
    problems = Problems()
    for channel in shop.channels.values():
        places = [folder, folder / "channels"]
        load_channel(folder / channel.file, channel.file, problems, places)
    return sorted([*found, *problems.sorted()])


@contextmanager
def owned(folder: Path, at_work: bool = True, shop: Shop | None = None) -> Iterator[App]:
    """Open a shop as its one owner. Raises Broken for mistakes in its files, ShopIsOwned if another process has it.

    Who is not `at_work` only takes in, submits and receives: the world's journal is not read. `shop`, if it is known.
    """
    shop = shop or read_shop(folder)
    gc.set_threshold(*COLLECTED_AFTER)
    with OwnerLock(folder):
        app = open_app(folder, shop, folder / DATABASE_FILE, at_work=at_work)
        try:
            yield app
        finally:
            app.world.close()
            app.database.close()


def open_app(
    folder: Path,
    shop: Shop,
    path: Path | None,
    clock: Clock | None = None,
    at_work: bool = True,
    world: World | None = None,
    database: Database | None = None,
    library: Library | None = None,
    wired: Wired | None = None,
) -> App:
    """Plug everything together. Without a path all of it is in memory, for tests and benchmarks.

    A `world` that is given goes on where it was: so a process that died finds the outside again as it left it. A
    `database` and a `library` of workflows that are given are used instead of those of the folder. What is `wired`
    between the worker and its store and ports sees all that passes.
    """
    simulation = simulation_of(shop)
    database = database or Database(path or IN_MEMORY)
    seal = Seal(shop_key(folder / KEY_FILE) if path else sha256(shop.name.encode()).digest())
    store = SqliteStore(database, seal)
    shelf = Shelf(database)
    if clock is None:
        is_virtual = simulation.clock == "virtual"
        clock = VirtualClock(shelf.latest_s(), simulation.tick_s) if is_virtual else SystemClock()
    world = world or open_world(shop, clock, folder if at_work and path is not None else None)
    rules = _rules(shop, shelf, store, library or read_library(folder, Problems()), world.carrier)
    desks = (world.gateway, world.fraud, world.warehouse, world.carrier, world.mailer, world.channel, world.issuer)
    ports = Ports(*desks, (world,))
    limits = {name: Limit(at.per_second, at.burst, at.attempts) for name, at in shop.limits.items()}
    shelf.release_claims(clock.now_s())
    _stock_up(shop, shelf, clock.now_s())
    at, asking = wired(store, ports) if wired else (store, ports)
    agreed = Agreed(zone_of, seal.digest, *msgspec.structs.astuple(shop.subscribing))
    worker = Worker(at, rules, asking, clock, limits, shop.payment_link, SqliteOutlook(database), agreed)
    app = App(folder, shop, database, store, shelf, seal, clock, world, worker)
    take_waiting(app.stock_desk(OURSELVES))  # for a SKU or a location that the shop's files know by now
    return app


def open_world(shop: Shop, clock: Clock, folder: Path | None = None, plan: Plan | None = None) -> World:
    """The simulated world that a shop asks for. With a folder it keeps its journal and the mail there."""
    simulation = simulation_of(shop)
    return World(
        simulation.seed,
        _behavior(shop, simulation),
        folder / WORLD_FILE if folder else None,
        clock=clock,
        mail_folder=folder / MAIL_FOLDER if folder else None,
        stores=[location.id for location in shop.locations.values() if location.kind == "store"],
        plan=plan,
        secret=shop_key(folder / KEY_FILE) if folder else b"",
    )


def _behavior(shop: Shop, simulation: Simulation) -> Behavior:
    named, behavior = {"lifelike": LIFELIKE, "calm": CALM}, simulation.behavior
    return named[behavior] if isinstance(behavior, str) else converted(shop, behavior, Behavior)


def _rules(shop: Shop, shelf: Shelf, store: SqliteStore, library: Library, carriers: CarrierRates) -> Rules:
    for workflow in shop.workflows.values():
        if store.workflow_text(workflow.version) is None:
            shelf.put_workflow(workflow.version, archived(workflow.name, library))
    return rules_of(shop, carriers)


def rules_of(shop: Shop, carriers: CarrierRates | None = None) -> Rules:
    """What every decision of a shop is made with. Without `carriers` those of a world that keeps nothing are asked."""
    return Rules(
        shop.name,
        shop.workflows,
        {name: channel.workflow for name, channel in shop.channels.items()},
        shop.workflow,
        kept_workflow,
        shop.locations,
        frozenset(shop.shipping_methods),
        shop.means,
        PriceList(shop.promotions, shop.shipping, shop.currency, shop.rates),
        TableTaxes(shop.taxes),
        ZoneInfo(shop.time_zone),
        shop.timing,
        carriers or open_world(shop, SystemClock()).carrier,
        shop.turns,
        shop.recipes,
    )


def _stock_up(shop: Shop, shelf: Shelf, now_s: int) -> None:
    """Take in a catalog file that has changed, count the stock once, and wake whoever waited for what is known now."""
    catalog = sha256(msgspec.json.encode(tuple(shop.items.values()))).hexdigest()
    if shelf.is_news("catalog.csv", catalog):
        shelf.put_items(shop.items.values(), now_s)
    if shelf.is_empty():
        shelf.count_stock([Count(sku, location, count) for (sku, location), count in shop.stock.items()], now_s)
    if shelf.is_news("scarce_stock", msgspec.json.encode(shop.turns).decode()):
        shelf.rank(partial(rank_of, turns=shop.turns), now_s)
    shelf.wake({OF_THE_SHOP, *(f"method:{method}" for method in shop.shipping_methods)}, now_s)
    shelf.is_news(OUTLINE, encoded(outlined(shop)))  # for those who only look
