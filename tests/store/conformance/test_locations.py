"""Locations: a day of one is never taken beyond its capacity; who is closed, by whom and why; when stock was counted."""

import pytest
from msgspec.structs import replace

from segue.core.days import Capacity, Closure, Load, LoadChange
from segue.core.order import Fulfillment, Order
from segue.core.tally import Units
from segue.ports import DayFull, Needs, UsedUp
from segue.store.closing import Closing, ClosureChange
from segue.store.postgres.closing import PostgresClosing
from segue.store.shelf import Count
from tests.store.shops import NOW, AnyShop, PostgresShop, a_step, an_order, order_in, rows, stepped

COUNTERS = (
    "SELECT location, day, orders, lines, units, most_orders, most_units FROM location_days ORDER BY location, day"
)
HELD = "SELECT order_id, location, day, lines, units FROM order_days ORDER BY order_id, location, day"
MOST = Capacity(orders=2, units=3)


def at_berlin(id: str = "web-1", version: int = 2, units: int = 2) -> Order:
    """An order of which so many units come from Berlin, on its seventh day."""
    held: dict[int, Units] = {1: ((1, units),)} if units else {}
    return replace(an_order(id), version=version, fulfillments={"F1": Fulfillment("BER", held, day=7)})


def taking(orders: int, lines: int, units: int, most: Capacity | None = MOST) -> tuple[LoadChange, ...]:
    return (LoadChange("BER", 7, Load(orders, lines, units), most),)


def closing_of(shop: AnyShop) -> Closing | PostgresClosing:
    if isinstance(shop, PostgresShop):
        return PostgresClosing(shop.database)
    return Closing(shop.database)


def test_a_day_counts_orders_lines_and_units_and_who_takes_them(shop: AnyShop) -> None:
    first = a_step(at_berlin(units=1), loads=taking(1, 1, 1))
    stepped(shop, first, a_step(at_berlin("web-2"), loads=taking(1, 1, 2)))
    assert rows(shop, COUNTERS) == [("BER", 7, 2, 2, 3, 2, 3)]
    assert rows(shop, HELD) == [("web-1", "BER", 7, 1, 1), ("web-2", "BER", 7, 1, 2)]
    wanted = frozenset(("BER|7", "BER|8", "A|B|7"))
    assert shop.store.load(Needs(loads=wanted)).loads == {"BER|7": Load(2, 2, 3), "BER|8": Load(), "A|B|7": Load()}


@pytest.mark.parametrize("more", [(1, 1, 1), (0, 1, 2)])
def test_one_too_many_is_refused_by_name_and_nothing_is_written(shop: AnyShop, more: tuple[int, int, int]) -> None:
    stepped(shop, a_step(at_berlin(), loads=taking(2, 1, 2)))
    with pytest.raises(DayFull, match=r"^BER on its day 7$"):
        stepped(shop, a_step(at_berlin("web-2"), loads=taking(*more)))
    assert issubclass(DayFull, UsedUp), "a wave treats both alike"
    assert order_in(shop, "web-2") is None
    assert rows(shop, COUNTERS) == [("BER", 7, 2, 1, 2, 2, 3)]


def test_what_is_given_back_has_room_for_another_in_the_same_batch(shop: AnyShop) -> None:
    stepped(shop, a_step(at_berlin(units=3), loads=taking(2, 1, 3)))
    back = a_step(at_berlin(version=3, units=0), 2, loads=taking(-2, -1, -3))
    stepped(shop, back, a_step(at_berlin("web-2"), loads=taking(1, 1, 2)))
    assert rows(shop, COUNTERS) == [("BER", 7, 1, 1, 2, 2, 3)]
    assert rows(shop, HELD) == [("web-2", "BER", 7, 1, 2)]


def test_a_lowered_limit_refuses_more_and_takes_back_what_was(shop: AnyShop) -> None:
    stepped(shop, a_step(at_berlin(), loads=taking(2, 1, 2)))
    lower = Capacity(orders=1)
    with pytest.raises(DayFull):
        stepped(shop, a_step(at_berlin("web-2"), loads=taking(1, 1, 1, lower)))
    stepped(shop, a_step(at_berlin(version=3, units=1), 2, loads=taking(-1, 0, -1, lower)))
    assert rows(shop, COUNTERS) == [("BER", 7, 1, 1, 1, 2, 3)]


def test_a_location_that_takes_on_any_number_is_counted_without_a_limit(shop: AnyShop) -> None:
    stepped(shop, a_step(at_berlin(units=2), loads=taking(900, 900, 900, None)))
    assert rows(shop, COUNTERS) == [("BER", 7, 900, 900, 900, None, None)]


def test_room_that_is_given_back_wakes_who_waits_for_what_the_location_has(shop: AnyShop) -> None:
    shop.shelf.count_stock([Count("A", "BER", 5), Count("B", "MUC", 5)], NOW)
    stepped(
        shop,
        a_step(at_berlin(), loads=taking(1, 1, 2)),
        a_step(an_order("web-2"), watches=frozenset(("stock:A",)), wake_at_s=None),
        a_step(an_order("web-3"), watches=frozenset(("stock:B",)), wake_at_s=None),
        a_step(an_order("web-4"), watches=frozenset(("item:A",)), wake_at_s=None),
    )
    stepped(shop, a_step(at_berlin(version=3, units=0), 2, loads=taking(-1, -1, -2)))
    assert [id for id in shop.store.due(NOW, 10).wakes if id != "web-1"] == ["web-2"]


def test_a_location_is_closed_frozen_and_opened_and_all_of_it_is_remembered(shop: AnyShop) -> None:
    closing = closing_of(shop)
    flood, stocktaking = (
        Closure("BER", None, "flood", "person:ann", NOW),
        Closure("MUC", NOW + 9, "count", "person:eve", NOW),
    )
    closing.close(flood)
    closing.close(stocktaking)
    assert closing.closed() == {"BER": flood, "MUC": stocktaking}
    assert shop.store.load(Needs()).closed == {"BER": flood, "MUC": stocktaking}, "whatever is asked for"
    closing.close(replace(flood, until_s=NOW + 5))
    assert closing.open("MUC", "done", "person:eve", NOW + 1) is True
    assert closing.open("MUC", "again", "person:eve", NOW + 1) is False
    assert closing.closed() == {"BER": replace(flood, until_s=NOW + 5)}
    assert closing.story() == [
        ClosureChange("BER", "off", None, "flood", "person:ann", NOW),
        ClosureChange("MUC", "freeze", NOW + 9, "count", "person:eve", NOW),
        ClosureChange("BER", "freeze", NOW + 5, "flood", "person:ann", NOW),
        ClosureChange("MUC", "on", None, "done", "person:eve", NOW + 1),
    ]


def test_who_waits_for_what_a_location_has_is_woken_when_it_opens(shop: AnyShop) -> None:
    shop.shelf.count_stock([Count("A", "BER", 5)], NOW)
    stepped(shop, a_step(an_order(), watches=frozenset(("stock:A",)), wake_at_s=None))
    closing = closing_of(shop)
    closing.close(Closure("BER", None, "", "person:ann", NOW))
    assert shop.store.due(NOW + 5, 10).wakes == ()
    closing.open("BER", "", "person:ann", NOW + 5)
    assert shop.store.due(NOW + 5, 10).wakes == ("web-1",)


def test_it_is_remembered_when_the_stock_of_a_location_was_last_counted(shop: AnyShop) -> None:
    shop.shelf.count_stock([Count("A", "BER", 5), Count("A", "MUC", 5)], NOW)
    shop.shelf.count_stock([Count("A", "BER", 5)], NOW + 7)
    assert shop.store.load(Needs(counted=True)).counted == {"BER": NOW + 7, "MUC": NOW}
    assert shop.store.load(Needs()).counted is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE location_days SET orders = 3",
        "UPDATE location_days SET units = 4",
        "UPDATE location_days SET lines = -1",
        "UPDATE order_days SET units = 0",
        "INSERT INTO location_days (location, day, orders, lines, units) VALUES ('BER', 7, 0, 0, 0)",
    ],
)
def test_the_database_itself_refuses_what_cannot_be(shop: AnyShop, change: str) -> None:
    stepped(shop, a_step(at_berlin(), loads=taking(2, 1, 2)))
    with pytest.raises(shop.refused), shop.database.transaction() as cursor:
        cursor.execute(change)
