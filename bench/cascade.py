"""The promise cascade: how long it takes to see, and to do, what a supply that slips does to all who wait for it.

    python -m bench.cascade --orders 100000 [--postgres CONNINFO]

One order of each kind is played through the engine until it waits; the others are copies of it with a name and a place
in the queue of their own, history included. Ten purchase orders are put on order for them, and all are told their date.
Then the first is moved behind all others, three times within the quiet time, and the quiet time ends. Prints one JSON:
seconds (`cpu`: those of this process alone, for when others use the machine too), and whether each order whose date
changed, and no other, had one message.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec.structs import replace

from segue.app import App, open_app
from segue.connectors.clock import VirtualClock
from segue.core.draft import Destination, Draft, DraftLine, DraftTender
from segue.core.intake import PlaceOrder
from segue.core.order import Order
from segue.core.wake import Wake
from segue.engine.outcomes import Request
from segue.engine.supplying import Change, expect, foreseen, put_off, putting_off
from segue.engine.taking import Desk
from segue.engine.wave import run_wave
from segue.ports import Batch, Needs, Stepped, Stockroom, Store
from segue.settings import read_shop
from segue.store.database import DATABASE_FILE
from segue.store.loading import ORDER
from segue.store.postgres.database import PostgresDatabase
from segue.store.postgres.stockroom import PostgresStockroom
from segue.store.postgres.store import PostgresStore
from segue.store.stockroom import SqliteStockroom

NOW_S = 1_790_000_000
DAY_S = 86_400
SOON_S, LATER_S, LATEST_S = NOW_S + 20 * DAY_S, NOW_S + 35 * DAY_S, NOW_S + 40 * DAY_S
SUPPLIES = 10  # purchase orders that bring what is waited for, a day after one another
WAVE = 500
QUIET_S = 1_800
SHOP = """\
name: bench
currency: EUR
workflow: waiting
channels: [web]
shipping_methods: [standard]
time_zone: UTC
simulated: {seed: 1, tick_s: 60, behavior: calm}
"""
WORKFLOW = "name: waiting\nextends: standard\npolicies:\n  delays: {quiet: 30m}\n"
LOCATIONS = """\
- {id: BER, name: Berlin, kind: warehouse, country: DE, latitude: 52.5, longitude: 13.4}
- {id: MUC, name: Munich, kind: store, country: DE, latitude: 48.1, longitude: 11.6}
"""
CITIES = ((52.5, 13.4), (48.1, 11.6), (53.6, 10.0), (50.9, 7.0), (51.3, 12.4))


def main() -> None:
    """Measure, and print it as one JSON."""
    parser = argparse.ArgumentParser(description="The promise cascade over many waiting orders for one SKU.")
    parser.add_argument("--orders", type=int, default=100_000)
    parser.add_argument("--postgres", default="", help="a connection to an empty database; without it SQLite in a file")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder, opened(Path(folder), asked.postgres) as (app, store, room):
        print(json.dumps(measured(app, store, room, asked.orders)))


@contextmanager
def opened(folder: Path, postgres: str) -> Iterator[tuple[App, Store, Stockroom]]:
    """A shop in a folder, without a unit of what everybody wants, and where its orders are."""
    app = open_app(write_shop(folder), read_shop(folder), folder / DATABASE_FILE, VirtualClock(NOW_S, 60))
    if not postgres:
        yield app, app.store, SqliteStockroom(app.database)
    else:
        database = PostgresDatabase(postgres)
        yield app, PostgresStore(database, app.seal), PostgresStockroom(database)
        database.close()
    app.world.close()
    app.database.close()


def write_shop(folder: Path) -> Path:
    """The shop's files."""
    (folder / "channels").mkdir()
    (folder / "workflows").mkdir()
    for name, text in (
        ("channels/web.yaml", "name: web\nextends: canonical\n"), ("workflows/waiting.yaml", WORKFLOW),
        ("shop.yaml", SHOP), ("locations.yaml", LOCATIONS),
        ("catalog.csv", "sku,title,price_minor,weight_g\nMUG,Mug,1200,400\n"),
        ("stock.csv", "sku,location,units\nMUG,BER,0\nMUG,MUC,0\n"),
    ):  # fmt: skip
        (folder / name).write_text(text, encoding="utf-8")
    return folder


class Counting:
    """A store that counts what customers are told."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.messages: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def commit(self, batch: Batch) -> Any:
        """Write the batch, and count its messages of delays."""
        claimed = self.store.commit(batch)
        tasks = [task for step in batch.steps for task in step.tasks]
        self.messages.update(task.order for task in tasks if task.payload.get("message") == "delayed")
        return claimed


def measured(app: App, store: Store, room: Stockroom, orders: int) -> dict[str, Any]:
    """What everything takes."""
    figures: dict[str, Any] = {"orders": orders, "store": type(store).__name__}
    counting = Counting(store)

    def timed(name: str, work: Callable[[], Any]) -> Any:
        begun, begun_cpu = time.perf_counter(), time.process_time()
        made = work()
        figures[f"{name}_seconds"] = round(time.perf_counter() - begun, 3)
        figures[f"{name}_cpu_seconds"] = round(time.process_time() - begun_cpu, 3)
        return made

    def desk() -> Desk:
        return Desk(store, room, app.worker.rules, app.clock.now_s(), "person:bench")

    def moving(to_s: int) -> Change:
        return putting_off(desk(), "PO-0", "MUG", 0, to_s)

    units = timed("build", lambda: build(app, store, orders))
    timed("on_order", lambda: put_on_order(desk(), units))
    app.clock.sleep_until(app.clock.now_s() + QUIET_S)
    timed("first_dates", lambda: tell(app, counting))
    seen = timed("preview", lambda: foreseen(desk(), moving(LATER_S)))
    hits = {each.order: each for cascade in seen for each in cascade.hits}
    figures |= {"hit": len(hits), "later": sum(each.is_later for each in hits.values())}
    figures["kinds_asked"] = sum(len(cascade.messages) for cascade in seen)
    timed("apply", lambda: put_off(desk(), "PO-0", "MUG", 0, LATER_S))
    timed("apply_again", lambda: put_off(desk(), "PO-0", "MUG", 0, LATEST_S))
    timed("apply_back", lambda: put_off(desk(), "PO-0", "MUG", 0, LATER_S))
    figures["as_previewed"] = dates(store) == {id: hit.due_s for id, hit in hits.items()}
    figures["looked_at_in_quiet_time"] = tell(app, counting)
    app.clock.sleep_until(app.clock.now_s() + QUIET_S)
    figures["looked_at"] = timed("told", lambda: tell(app, counting))
    figures["messages"] = sum(counting.messages.values())
    figures["one_message_each"] = counting.messages == {id: 1 for id, hit in hits.items() if hit.is_later}
    return figures


def dates(store: Store) -> dict[str, int | None]:
    """Of the orders that are to have their units at another instant than they were told: at which."""
    return {
        each.order: each.due_s
        for each in store.load(Needs(waiting=frozenset(("MUG",)))).waiting["MUG"]
        if each.since_s is not None
    }


def put_on_order(desk: Desk, units: int) -> None:
    """The supplies that bring so many units together."""
    for number in range(SUPPLIES):
        share = units * (number + 1) // SUPPLIES - units * number // SUPPLIES
        expect(desk, f"PO-{number}", ("MUG", "BER"), share, SOON_S + number * DAY_S)


def tell(app: App, store: Any) -> int:
    """Look at all orders that are due to be looked at, in waves; returns how many."""
    count, now_s = 0, app.clock.now_s()
    while wakes := store.due(now_s, WAVE).wakes:
        run_wave(store, app.worker.rules, [Request(id, Wake(), "timer") for id in wakes], Batch(now_s))
        count += len(wakes)
    return count


def build(app: App, store: Store, orders: int) -> int:
    """Play one order of each kind, and copy it; returns how many units they wait for."""
    models = [played(app, number) for number in range(len(CITIES) * 3)]
    units = 0
    for start in range(0, orders, WAVE):
        numbers = range(start, min(start + WAVE, orders))
        steps = [step for number in numbers for step in copied(models[number % len(models)], number)]
        units += sum(models[number % len(models)][0].lines[0].quantity for number in numbers)
        store.commit(Batch(NOW_S, tuple(steps)))
    return units


Model = tuple[Order, list[Stepped]]


def played(app: App, number: int) -> Model:
    """An order that waits, and its steps."""
    quantity = number // len(CITIES) + 1
    draft = Draft(
        "web", f"model{number}", NOW_S, "EUR", (DraftLine("MUG", quantity, 12_00),), quantity * 12_00,
        (DraftTender("account", quantity * 12_00),), person=f"p{number}", ship_method="standard",
        ship_to=Destination("DE", "", *CITIES[number % len(CITIES)]),
    )  # fmt: skip
    made: list[Stepped] = []

    class Keeping(Counting):
        def commit(self, batch: Batch) -> Any:
            made.extend(batch.steps)
            return self.store.commit(batch)

    name = f"web-model{number}"
    keeping: Any = Keeping(app.store)
    run_wave(keeping, app.worker.rules, [Request(name, PlaceOrder(name, draft), "channel:web")], Batch(NOW_S))
    while made[-1].order.lines[0].tally.keys() != {"backordered"}:
        app.clock.sleep_until(made[-1].wake_at_s or 0)
        run_wave(keeping, app.worker.rules, [Request(name, Wake(), "timer")], Batch(app.clock.now_s()))
    return made[-1].order, made


def copied(model: Model, number: int) -> list[Stepped]:
    """The steps of an order under another name, placed a second after the one before."""
    order, steps = model
    names = (
        (order.channel_order_id.encode(), f"{number:07}".encode()),
        (str(NOW_S).encode(), str(NOW_S + number).encode()),
    )
    return [_renamed(step, names) for step in steps]


def _renamed(step: Stepped, names: tuple[tuple[bytes, bytes], ...]) -> Stepped:
    value, record = step.value, step.record
    for before, after in names:
        value, record = value.replace(before, after), record.replace(before, after)
    return replace(step, order=ORDER.decode(value), value=value, record=record, tasks=())


if __name__ == "__main__":
    main()
