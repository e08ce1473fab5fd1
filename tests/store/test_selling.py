"""What is to come is sold once: many orders at once, over several connections, for more than there will be.

Covers J-6.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

from segue.core.draft import Draft, DraftLine, DraftTender
from segue.core.facts import Item
from segue.core.intake import PlaceOrder
from segue.engine.outcomes import Request
from segue.engine.rules import Rules
from segue.engine.wave import run_wave
from segue.ports import Batch, Stocked, Store, SupplyMove
from segue.scenario.setting import prebuilt_workflow
from tests.store.cluster import Cluster
from tests.store.shops import NOW, AnyShop, open_postgres_shop, open_shop, rows

ORDERS, WRITERS, TO_COME = 60, 4, 25
SIZES = (1, 3, 7)  # of waves

Opened = Callable[[], AnyShop]


@pytest.fixture(params=["sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:
    """Opens one shop again and again, each time by a connection of its own."""
    shops: list[AnyShop] = []
    if request.param == "sqlite":
        path = str(tmp_path / "segue.db")
        open_one: Opened = lambda: open_shop(path)  # noqa: E731
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        conninfo = cluster.conninfo(request.getfixturevalue("database_name"))
        open_one = lambda: open_postgres_shop(conninfo)  # noqa: E731

    def open_another() -> AnyShop:
        shops.append(open_one())
        return shops[-1]

    yield open_another
    for shop in shops:
        shop.database.close()


def preorder(number: int, units: int) -> Request:
    """An order for some books."""
    total = units * 1000
    draft = Draft(
        "web", str(number), NOW, "EUR", (DraftLine("BOOK", units, 1000),), total, (DraftTender("account", total),),
        person=f"p{number}",
    )  # fmt: skip
    return Request(f"web-{number}", PlaceOrder(f"web-{number}", draft), "channel:web")


def write(store: Store, requests: list[Request]) -> None:
    """Place orders in waves of several sizes."""
    flow = prebuilt_workflow("preorder")
    rules = Rules("shop", {flow.name: flow}, {}, flow.name, lambda _: flow, {})
    sizes = count()
    while requests:
        size = SIZES[next(sizes) % len(SIZES)]
        for result in run_wave(store, rules, requests[:size], Batch(NOW)).results:
            assert result.order is not None, result
        requests = requests[size:]


def test_no_more_is_sold_than_is_to_come_however_many_order_at_once(opened: Opened) -> None:
    shops = [opened() for _ in range(WRITERS)]
    first = shops[0]
    first.shelf.put_items([Item("BOOK", "Novel", 1000, street_date="2033-01-01")], NOW)
    supply = SupplyMove("PO-1", "BOOK", "BER", NOW + 90, TO_COME, "ordered")
    first.store.commit(Batch(NOW, stocked=Stocked("person:eve", supplies=(supply,))))
    requests = [preorder(number, 1 + number % 2) for number in range(ORDERS)]
    with ThreadPoolExecutor(WRITERS) as pool:
        work = [pool.submit(write, shop.store, requests[at::WRITERS]) for at, shop in enumerate(shops)]
        for each in work:
            each.result()
    assert rows(first, "SELECT promised FROM selling") == [(TO_COME,)]
    assert rows(first, "SELECT sum(waiting) FROM sales") == [(TO_COME,)]
    assert rows(first, "SELECT max(promised - most) FROM sales_made") == [(0,)]
    ((held,),) = rows(first, "SELECT count(*) FROM folders WHERE folder = 'sold_out'")
    ((counted,),) = rows(first, "SELECT count(*) FROM sales")
    assert held + counted == ORDERS
