"""Coupon limits under concurrency: many orders at once, over several connections, and a code that ten of them may use."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from segue.connectors.rate_table import TableTaxes
from segue.core.draft import Draft, DraftLine, DraftTender
from segue.core.facts import Item
from segue.core.intake import PlaceOrder
from segue.core.price_list import PriceList
from segue.core.pricing.rates import RateTable
from segue.core.promotion import Needs, Promotion, compiled
from segue.engine.outcomes import Request
from segue.engine.rules import Rules
from segue.engine.wave import run_wave
from segue.policies.discounts import percent_off_order
from segue.ports import Batch, Store
from segue.scenario.setting import prebuilt_workflow
from tests.store.cluster import Cluster
from tests.store.shops import NOW, AnyShop, open_postgres_shop, open_shop, rows

ORDERS, WRITERS, MOST = 100, 4, 10
OFF = partial(percent_off_order, percent=Fraction(10))
SPRING = Promotion("spring", "order", "percent_off_order", OFF, Needs(codes=("SPRING",)), per_code=MOST, per_customer=1)
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


def rules() -> Rules:
    flow = prebuilt_workflow("standard")
    prices, taxes = PriceList(compiled((SPRING,))), TableTaxes(RateTable())
    return Rules("shop", {flow.name: flow}, {}, flow.name, lambda _: flow, {}, price_list=prices, taxes=taxes)


def phone(number: int, person: str) -> Request:
    """An order by telephone, with the code."""
    tender = DraftTender("account", 0)
    draft = Draft(
        "phone", str(number), NOW, "EUR", (DraftLine("A", 1, 0),), 0, (tender,), codes=("SPRING",), priced=False,
        person=person,
    )  # fmt: skip
    return Request(f"phone-{number}", PlaceOrder(f"phone-{number}", draft), "channel:phone")


def write(store: Store, requests: list[Request]) -> None:
    """Place orders in waves of several sizes."""
    known, sizes = rules(), count()
    while requests:
        size = SIZES[next(sizes) % len(SIZES)]
        run_wave(store, known, requests[:size], Batch(NOW))
        requests = requests[size:]


def placed(opened: Opened, requests: list[Request]) -> AnyShop:
    """Place these orders by several writers at once, each its share of them."""
    shops = [opened() for _ in range(WRITERS)]
    shops[0].shelf.put_items([Item("A", "Shirt", 1000)], NOW)
    with ThreadPoolExecutor(WRITERS) as pool:
        work = [pool.submit(write, shop.store, requests[at::WRITERS]) for at, shop in enumerate(shops)]
        for each in work:
            each.result()
    return shops[0]


def totals(shop: AnyShop) -> list[int]:
    return sorted(total for (total,) in rows(shop, "SELECT total_minor FROM orders"))


def test_a_code_for_ten_orders_is_used_by_exactly_ten_of_a_hundred_at_once(opened: Opened) -> None:
    shop = placed(opened, [phone(number, f"p{number}") for number in range(ORDERS)])
    assert totals(shop) == [900] * MOST + [1000] * (ORDERS - MOST)
    assert rows(shop, "SELECT used, most FROM coupons WHERE key = 'SPRING'") == [(MOST, MOST)]
    assert rows(shop, "SELECT count(*) FROM coupon_uses WHERE key = 'SPRING'") == [(MOST,)]


def test_a_customer_who_orders_twenty_times_at_once_uses_it_once(opened: Opened) -> None:
    shop = placed(opened, [phone(number, "ada") for number in range(20)])
    assert totals(shop) == [900] + [1000] * 19
    assert rows(shop, "SELECT key, used, most FROM coupons ORDER BY key") == [("SPRING", 1, MOST), ("SPRING|ada", 1, 1)]
