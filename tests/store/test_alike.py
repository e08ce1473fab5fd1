"""The same work on every store leads to the same rows, byte for byte: no habit of one database is in the design."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from segue.app import App
from segue.connectors.simulated.witness import unmatched
from segue.core.draft import DraftLine
from segue.core.facts import StockMove
from segue.core.order import count_in, is_open
from segue.engine.replay import deviations
from segue.engine.worker import Worker
from segue.ports import Batch, Inbound, Person
from segue.store.audit import audit
from segue.store.reading import every_order, stories
from segue.store.shelf import Count
from tests.engine.shops import NOW, bought, leave, message_of
from tests.engine.shops import open_shop as open_world
from tests.store.shops import SHOP_KEY, AnyShop, PostgresShop, Shop, open_shop, rows

DAY_S = 86_400
ORDERS = 40
LIFELIKE = {
    "behavior": "lifelike",
    "seed": 5,
}  # answers are lost, come twice or late; cards are declined; picks come up short
COLUMNS = {
    "people": "id",
    "orders": "id, version, channel, channel_order_id, person, workflow, placed_at_s, basket, ship_to_digest, total_minor,"
    " currency, status, CAST(open AS INTEGER), wake_at_s, value",
    "steps": "order_id, version, version_before, at_s, actor, record",
    "folders": "order_id, folder, since_s",
    "watches": "order_id, fact",
    "waiting": "sku, order_id, line, units, rank, placed_at_s, kind, quiet_s, told_s, due_s, since_s, look_at_s,"
    " secured_until_s, secured_minor",
    "items": "sku, value",
    "stock": "sku, location, on_hand, allocated, safety, reserved, damaged, quarantined, in_transit",
    "stock_moves": "order_id, version, position, sku, location, on_hand, allocated, reason, at_s, reserved, damaged,"
    " quarantined, in_transit, actor, report",
    "stock_reports": "source, id, sku, location, state, detail, received_at_s, value",
    "supplies": "reference, sku, location, expected_at_s, origin, units",
    "supply_moves": "reference, sku, location, expected_at_s, origin, units, reason, actor, at_s",
    "reservations": "cart, sku, location, units, channel, reserved_at_s, expires_at_s",
    "fences": "sku, location, channel, units, taken, parent, safety",
    "fence_moves": "sku, location, channel, units, taken, order_id, actor, at_s",
    "ledger": "order_id, version, position, debit, credit, amount_minor, currency, at_s",
    "tasks": "id, order_id, version, kind, provider, payload, due_at_s, attempt, failures, state, detail",
    "inbox": "source, id, kind, order_id, body, digest, received_at_s, due_at_s, state, reason",
    "workflows": "version, text",
    "documents": "order_id, name, version, kind, series, number, total_minor, currency, at_s, content",
    "document_numbers": "kind, series, last",
    "coupons": "key, used, most",
    "coupon_uses": "key, order_id",
    "selling": "sku, promised",
    "sales": "order_id, sku, person, placed_at_s, units, waiting",
    "sales_made": "sku, units, promised, most, at_s",
    "presales": "reference, sku, percent, most, actor, at_s",
    "location_days": "location, day, orders, lines, units, most_orders, most_lines, most_units",
    "order_days": "order_id, location, day, lines, units",
    "closures": "location, until_s, reason, actor, since_s",
    "closure_changes": "location, change, until_s, reason, actor, at_s",
    "location_counts": "location, at_s",
    "subscriptions": "id, version, channel, person, state, wake_at_s, value",
    "subscription_steps": "subscription_id, version, version_before, at_s, actor, record",
    "cycles": "subscription_id, line, on_day, outcome, order_id, at_s",
}
EVENTS = {  # what happens in these lives, among others: the hard parts
    "authorization_declined", "units_backordered", "stock_arrived", "units_short_picked", "fulfillment_rejected",
    "units_canceled", "payment_captured", "shipment_delivered",
}  # fmt: skip
IN_SEQUENCE = (
    "orders",
    "steps",
    "tasks",
    "inbox",
    "stock_reports",
    "supply_moves",
    "fence_moves",
    "subscriptions",
    "subscription_steps",
)  # their running numbers say in which order they came

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def sqlite_shop() -> Iterator[Shop]:
    shop = open_shop()
    yield shop
    shop.database.close()


def all_rows(shop: AnyShop) -> Rows:
    """All that a store holds but for running numbers, whose order is kept."""
    found = {}
    for table, columns in COLUMNS.items():
        order = "number" if table in IN_SEQUENCE else "1, 2, 3, 4" if columns.count(",") > 2 else "1"
        found[table] = rows(shop, f"SELECT {columns} FROM {table} ORDER BY {order}")
    for table in ("folders", "watches"):
        found[table].sort()
    return found


def stock_up(shop: AnyShop, app: App) -> None:
    """Put in what the shop has: fewer mugs than will be ordered."""
    for workflow in app.shop.workflows.values():
        text = app.store.workflow_text(workflow.version)
        assert text is not None
        shop.shelf.put_workflow(workflow.version, text)
    shop.shelf.put_items(app.shop.items.values(), NOW)
    shop.shelf.count_stock([Count("MUG", "BER", 20), Count("TEA", "MUC", 200, safety=5)], NOW)


def messages() -> list[Inbound]:
    """Orders, some of them twice, one of them altered; cancellations, one of them of nothing."""
    drafts = [
        bought(n, lines=(DraftLine("MUG", 1 + n % 3, 1000), DraftLine("TEA", 1 + n % 2, 1000)), person=f"p{n % 9}")
        for n in range(1, ORDERS + 1)
    ]
    orders = [message_of(draft) for draft in drafts]
    altered = message_of(bought(3, quantity=7))
    canceling = [
        Inbound(
            "canonical", f"C{n}", "cancellation", {"person": f"p{n}", "sku": "TEA", "quantity": 1, "document": f"C{n}"}
        )
        for n in (4, 7, 77)
    ]
    return [*orders, *orders[5:9], altered, *canceling]


def work(shop: AnyShop, app: App, until_s: int) -> None:
    """A worker that has just started works until there is nothing to do before an instant."""

    def wait(next_at_s: int | None) -> bool:
        if next_at_s is None or next_at_s > until_s:
            return False
        app.clock.sleep_until(next_at_s)
        return True

    Worker(shop.another_store(SHOP_KEY), app.worker.rules, app.worker.ports, app.clock).run(wait)


def live(shop: AnyShop, folder: Path) -> Iterator[tuple[Rows, App]]:
    """The shop's life in a world of its own; what it holds after each part of it."""
    app = open_world(folder, **LIFELIKE)
    stock_up(shop, app)
    people = tuple(Person(f"p{n}", f"Person {n}", f"{n}@shop.example") for n in range(9))
    shop.store.commit(Batch(NOW, received=tuple(messages()), people=people))
    yield all_rows(shop), app
    work(shop, app, NOW + 2 * DAY_S)
    yield all_rows(shop), app
    shop.shelf.receive_stock([StockMove("MUG", "BER", 100, 0, "received")], app.clock.now_s())
    work(shop, app, NOW + 60 * DAY_S)
    yield all_rows(shop), app
    leave(app)


def test_orders_live_alike_on_sqlite_and_on_postgresql(
    sqlite_shop: Shop, postgres_shop: PostgresShop, tmp_path: Path
) -> None:
    kinds = set()
    lives = zip(live(sqlite_shop, tmp_path / "sqlite"), live(postgres_shop, tmp_path / "postgres"), strict=True)
    for (sqlite_rows, sqlite_app), (postgres_rows, postgres_app) in lives:
        for table in COLUMNS:
            assert postgres_rows[table] == sqlite_rows[table], table
        assert postgres_app.world.gateway.ledger() == sqlite_app.world.gateway.ledger()
        assert postgres_app.world.mailer.sent == sqlite_app.world.mailer.sent
        kinds |= {word for *_, record in sqlite_rows["steps"] for word in record.split('"')}
        reader = sqlite_shop.database.reader()
        assert audit(reader) == []
        assert deviations(stories(reader)) == []
        assert unmatched(sqlite_app.world.gateway.ledger(), every_order(reader)) == ([], [])
    orders = list(every_order(reader))
    assert len(orders) == ORDERS
    assert sum(not is_open(order) for order in orders) > ORDERS / 2
    assert sum(count_in(order, "delivered") for order in orders) > ORDERS
    assert kinds >= EVENTS
    assert {state for *_, state, _ in sqlite_rows["inbox"]} == {"done", "parked"}
