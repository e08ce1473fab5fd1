"""What the tests of the stores are written with: a shop in a database, and short words for orders, steps and batches."""

import sqlite3
from typing import Any, NamedTuple

import psycopg
from msgspec import json
from msgspec.structs import replace

from segue.core.documents import Document, DocumentLine
from segue.core.facts import StockMove
from segue.core.ledger import LedgerEntry
from segue.core.order import Fulfillment, Line, Order, Shipment, Tender, Transaction
from segue.core.tally import Units
from segue.core.tasks import Task
from segue.ports import Batch, Inbound, Needs, Stepped, Stockroom, Store
from segue.store.database import IN_MEMORY, Database
from segue.store.people import Seal
from segue.store.postgres.database import PostgresDatabase
from segue.store.postgres.shelf import PostgresShelf
from segue.store.postgres.stockroom import PostgresStockroom
from segue.store.postgres.store import PostgresStore
from segue.store.shelf import Count, Shelf
from segue.store.sqlite import SqliteStore
from segue.store.stockroom import SqliteStockroom

NOW = 1_700_000_000
SHOP_KEY = b"k" * 32


class Shop(NamedTuple):
    """A store in SQLite and what belongs to it."""

    store: Store
    shelf: Shelf
    database: Database
    seal: Seal
    refused: type[Exception] = sqlite3.IntegrityError  # what the database itself says to what breaks a rule

    @property
    def room(self) -> Stockroom:
        """Its stockroom."""
        return SqliteStockroom(self.database)

    def another_store(self, key: bytes = SHOP_KEY) -> Store:
        """A second store on the same database."""
        return SqliteStore(self.database, Seal(key))


class PostgresShop(NamedTuple):
    """A store in PostgreSQL and what belongs to it."""

    store: Store
    shelf: PostgresShelf
    database: PostgresDatabase
    seal: Seal
    refused: type[Exception] = psycopg.IntegrityError

    @property
    def room(self) -> Stockroom:
        """Its stockroom."""
        return PostgresStockroom(self.database)

    def another_store(self, key: bytes = SHOP_KEY) -> Store:
        """A second store on the same database."""
        return PostgresStore(self.database, Seal(key))


AnyShop = Shop | PostgresShop


def open_shop(path: str = IN_MEMORY, power_cuts: bool = True) -> Shop:
    """A shop in this file, or in memory. Without power cuts to be feared nothing waits for the disk."""
    database, seal = Database(path, power_cuts), Seal(SHOP_KEY)
    return Shop(SqliteStore(database, seal), Shelf(database), database, seal)


def open_postgres_shop(conninfo: str) -> PostgresShop:
    """A shop in this database, by a connection of its own."""
    database, seal = PostgresDatabase(conninfo), Seal(SHOP_KEY)
    return PostgresShop(PostgresStore(database, seal), PostgresShelf(database), database, seal)


def an_order(id: str = "web-1", quantity: int = 2, sku: str = "A", **changes: Any) -> Order:
    """A new order with one line, 10.00 a unit, paid by card."""
    paid = quantity * 1000
    line = Line(1, sku, quantity, 1000, 0, 0, paid, {"new": ((1, quantity),)})
    order = Order(
        id=id, version=2, channel="web", channel_order_id=id.removeprefix("web-"), workflow="standard@1",
        placed_at_s=NOW, currency="EUR", lines=(line,), total_minor=paid, shipping_minor=0, person="ada",
        tenders={"P1": Tender("gateway", "card", paid, {"due": paid})},
    )  # fmt: skip
    return replace(order, **changes)


def a_step(order: Order, before: int = 0, **changes: Any) -> Stepped:
    """A step that made this order of its version before; it stays open and is woken in an hour."""
    step = Stepped(
        order=order, version_before=before, at_s=NOW, by="channel:web", record=b'[{"event":"order_placed"}]',
        value=changes.get("value") or json.encode(order), basket="b1" if not before else "",
        status="pending", folders=(), open=True, wake_at_s=NOW + 3600,
        watches=frozenset(),
    )  # fmt: skip
    return replace(step, **changes)


def a_task(id: str = "T-1", order: str = "web-1", **changes: Any) -> Task:
    """A task for the gateway, due now."""
    return replace(Task(id, order, "authorize", "gateway", {"transaction": "A1", "currency": "EUR"}, NOW), **changes)


def an_invoice(name: str = "I1", order: str = "web-1", kind: str = "invoice", series: str = "2023") -> dict[str, Any]:
    """What a step says that issues a document of 20.00."""
    issued = Document(kind, name, order, "EUR", NOW, "S1", 20_00, (DocumentLine(1, "A", ((1, 2),), 20_00, 10_00),))
    return {"documents": (issued,), "series": series}


def a_message(id: str = "M-1", **changes: Any) -> Inbound:
    """A message from the warehouse."""
    return replace(Inbound("warehouse", id, "record_shipment", {"fulfillment": "F1"}, "web-1"), **changes)


def stepped(shop: AnyShop, *steps: Stepped, **more: Any) -> list[Task]:
    """Commit these steps; returns the tasks that were claimed."""
    return list(shop.store.commit(Batch(NOW, steps, **more)))


def order_in(shop: AnyShop, id: str = "web-1") -> Order | None:
    """The order as it is stored."""
    return shop.store.load(Needs(orders=frozenset((id,)))).orders[id]


def free(shop: AnyShop, sku: str = "A") -> dict[str, int]:
    """What is free to promise of a SKU, by location."""
    return shop.store.load(Needs(stock=frozenset((sku,)))).stock[sku]


def rows(shop: AnyShop, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query, for what the port does not show."""
    with shop.database.snapshot() as cursor:
        return cursor.execute(query).fetchall()


def _grown(order: Order, version: int, state: str, money: str, **changes: Any) -> Order:
    """The order at a later version: all of its units in one state, all of its money in another."""
    lines = (replace(order.lines[0], tally={state: ((1, 2),)}),)
    tenders = {"P1": Tender("gateway", "card", 2000, {money: 2000})}
    return replace(order, version=version, lines=lines, tenders=tenders, **changes)


def a_life(id: str = "web-1") -> list[Stepped]:
    """An order's whole life with everything in order: placed, authorized, released, shipped, captured, delivered."""
    order = an_order(id)
    units: dict[int, Units] = {1: ((1, 2),)}
    asked = {"A1": Transaction("authorize", "P1", 2000)}
    done = {"A1": Transaction("authorize", "P1", 2000, "done")}
    taken = done | {"C1": Transaction("capture", "P1", 2000, "done", units, reference_of="A1")}
    placed = _grown(order, 2, "new", "authorizing", transactions=asked, places={"pending": NOW})
    secured = _grown(placed, 3, "new", "authorized", transactions=done)
    given = _grown(secured, 5, "released", "authorized", fulfillments={"F1": Fulfillment("BER", units, NOW)})
    sent = _grown(
        given, 8, "shipped", "capturing", shipments={"S1": Shipment("F1", units, NOW)},
        transactions=done | {"C1": Transaction("capture", "P1", 2000, units=units, reference_of="A1")},
    )  # fmt: skip
    paid = _grown(sent, 9, "shipped", "captured", transactions=taken)
    here = _grown(paid, 10, "delivered", "captured", places={"delivered": NOW})
    asking = {"transaction": "A1", "amount_minor": 2000, "currency": "EUR"}
    authorize = a_task(f"{id} authorize", id, payload=asking)
    capture = a_task(f"{id} capture", id, kind="capture", payload=asking | {"transaction": "C1"})
    mail = a_task(f"{id} mail", id, kind="mail", provider="mailer", payload={"message": "on_its_way"})
    return [
        a_step(placed, tasks=(authorize,)),
        a_step(secured, 2, entries=(LedgerEntry("authorized:P1", "authorizable:P1", 2000),), by="gateway"),
        a_step(given, 3, moves=(StockMove("A", "BER", 0, 2, "allocated"),), by="timer"),
        a_step(
            sent, 5, moves=(StockMove("A", "BER", -2, -2, "shipped"),), by="warehouse", tasks=(capture, mail),
            entries=(LedgerEntry("customer", "sales", 2000),),
        ),
        a_step(
            paid, 8, by="gateway",
            entries=(
                LedgerEntry("authorizable:P1", "authorized:P1", 2000), LedgerEntry("cash:gateway", "customer", 2000),
            ),
        ),
        a_step(here, 9, by="carrier", open=False, wake_at_s=None, status="delivered"),
    ]  # fmt: skip


def live(shop: AnyShop, *ids: str, steps: int = 6) -> None:
    """Let orders live, whole or up to a step, in a shop that has ten of A in Berlin."""
    shop.shelf.count_stock([Count("A", "BER", 10)], NOW)
    shop.shelf.put_workflow("standard@1", "{}")
    for id in ids:
        for step in a_life(id)[:steps]:
            stepped(shop, step)
