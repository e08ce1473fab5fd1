"""What the tests of the engine are written with: a shop with its simulated world, orders that come in, and what is left."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from segue.app import App, open_app
from segue.connectors.clock import VirtualClock
from segue.connectors.simulated.witness import unmatched
from segue.core.draft import Destination, Draft, DraftLine, DraftTender
from segue.core.intake import PlaceOrder
from segue.core.order import Order
from segue.engine.outcomes import Request
from segue.engine.replay import deviations
from segue.ports import Batch, Inbound
from segue.settings import read_shop
from segue.store.reading import Finder, TaskFound, every_order, stories

NOW = 1_780_000_000
DATABASE = "segue.db"
SHOP = """\
name: corner shop
currency: EUR
workflow: {workflow}
channels: [{channels}]
shipping_methods: [{methods}]
tenders: {tenders}
simulated:
  seed: {seed}
  tick_s: 60
  behavior: {behavior}
"""
LOCATIONS = """\
- {id: BER, name: Berlin warehouse, kind: warehouse, country: DE, latitude: 52.5, longitude: 13.4}
- {id: MUC, name: Munich store, kind: store, country: DE, latitude: 48.1, longitude: 11.6}
"""
CATALOG = "sku,title,price_minor,weight_g\nMUG,Mug,1200,400\nTEA,Tea,850,100\n"
WITHOUT_NUMBERS = {
    "orders": "*", "steps": "*", "folders": "*", "watches": "*", "stock": "*", "stock_moves": "*", "ledger": "*",
    "documents": "*", "document_numbers": "*", "waiting": "*",
    "tasks": "*", "inbox": "source, id, state, reason, order_id, body",
}  # fmt: skip


def write_shop(folder: Path, mug: int = 1000, tea: int = 1000, **words: Any) -> Path:
    """Write a shop's files; `behavior`, `workflow`, `methods`, `tenders` and `seed` are those of its shop.yaml."""
    usual = {"workflow": "standard", "methods": "standard", "seed": 4, "behavior": "calm", "tenders": "{}"}
    usual["channels"] = "canonical"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "channels").mkdir(exist_ok=True)
    (folder / "channels" / "canonical.yaml").write_text("name: canonical\nextends: canonical\n", encoding="utf-8")
    (folder / "channels" / "presale.yaml").write_text("name: presale\nextends: canonical\n", encoding="utf-8")
    (folder / "channels" / "codes.yaml").write_text("name: codes\nextends: canonical\n", encoding="utf-8")
    (folder / "shop.yaml").write_text(SHOP.format(**usual | words), encoding="utf-8")
    (folder / "locations.yaml").write_text(LOCATIONS, encoding="utf-8")
    (folder / "catalog.csv").write_text(CATALOG, encoding="utf-8")
    (folder / "stock.csv").write_text(f"sku,location,units\nMUG,BER,{mug}\nTEA,MUC,{tea}\n", encoding="utf-8")
    return folder


def open_shop(folder: Path, **words: Any) -> App:
    """A shop in memory that was just set up."""
    return _opened(write_shop(folder, **words), None, NOW)


def reopen_shop(folder: Path, now_s: int = NOW) -> App:
    """The shop of a folder, its database and its world's journal on disk, as a process that has just started sees it."""
    return _opened(folder, folder / DATABASE, now_s)


def _opened(folder: Path, path: Path | None, now_s: int) -> App:
    return open_app(folder, read_shop(folder), path, VirtualClock(now_s, 60))


def leave(app: App) -> None:
    """The process is gone: what it held in memory too."""
    app.world.close()
    app.database.close()


def bought(
    number: int | str, sku: str = "MUG", quantity: int = 1, *, person: str = "", kind: str = "gateway", **more: Any
) -> Draft:
    """A draft of one line; `lines` takes its place. Every order is placed a minute after the one before."""
    lines = more.pop("lines", (DraftLine(sku, quantity, 1000),))
    total = sum(line.quantity * line.price_minor for line in lines)
    placed_at_s = more.pop("placed_at_s", NOW + 60 * int(number) if str(number).isdigit() else NOW)
    usual: dict[str, Any] = {
        "person": person or f"p{number}",
        "ship_to": Destination("DE", "", 52.5, 13.4),
        "ship_method": "standard",
    }
    tenders = (DraftTender(kind, total),)
    return Draft("canonical", str(number), placed_at_s, "EUR", lines, total, tenders, **usual | more)


def placing(draft: Draft) -> Request:
    """The request to take a draft in."""
    name = f"canonical-{draft.channel_order_id}"
    return Request(name, PlaceOrder(name, draft), "channel:canonical")


def message_of(draft: Draft, id: str = "") -> Inbound:
    """The channel's message with an order."""
    body = {"draft": to_builtins(draft, str_keys=True)}
    return Inbound("canonical", id or draft.channel_order_id, "order", body)


def arrive(app: App, *messages: Inbound) -> None:
    """Messages come in, and are on disk."""
    app.store.commit(Batch(app.clock.now_s(), received=messages))


def order_of(app: App, number: int | str) -> Order:
    """An order as it stands."""
    order = Finder(app.reader()).order(f"canonical-{number}")
    assert order is not None
    return order


def tasks_of(app: App, number: int | str, kind: str = "") -> list[TaskFound]:
    """What was asked of the world for an order."""
    return [task for task in Finder(app.reader()).tasks(f"canonical-{number}") if kind in ("", task.kind)]


def task_of(app: App, number: int | str, kind: str) -> TaskFound:
    """The only task of a kind."""
    (task,) = tasks_of(app, number, kind)
    return task


def states_of(app: App) -> dict[str, tuple[str, str]]:
    """What became of each message, and why."""
    rows = app.reader().execute("SELECT id, state, reason FROM inbox").fetchall()
    return {id: (state, reason) for id, state, reason in rows}


def rows_of(app: App, apart: Iterable[str] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """All that the store holds, but for the running numbers of its rows."""
    found = {}
    for table, columns in WITHOUT_NUMBERS.items():
        cursor = app.reader().execute(f"SELECT {columns} FROM {table}")
        names = [column[0] for column in cursor.description]
        kept = [position for position, name in enumerate(names) if name != "number" and name not in apart]
        found[table] = sorted(tuple(row[position] for position in kept) for row in cursor)
    return found


def rounds(app: App, count: int) -> None:
    """So many rounds, each at the time at which there is something to do."""
    for _ in range(count):
        app.worker.round()
        next_at_s = app.worker.next_at_s()
        if next_at_s is not None and not (app.worker.answered or app.worker.settled):
            app.clock.sleep_until(next_at_s)


def well(app: App) -> None:
    """Nothing breaks an invariant; the gateway did once what we believe; every story folds to its order."""
    connection = app.reader()
    assert app.audit() == []
    assert unmatched(app.world.gateway.ledger(), every_order(connection)) == ([], [])
    assert deviations(stories(connection)) == []
