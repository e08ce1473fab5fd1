"""Queues: who waits for a SKU, the oldest first, as either store finds it."""

from msgspec.structs import replace

from segue.core.order import Order
from segue.ports import Needs
from segue.store.shelf import Count
from tests.store.shops import NOW, AnyShop, a_step, an_order, stepped

WAITING = frozenset(("stock:A",))


def waiting(id: str, placed_at_s: int, units: int) -> Order:
    """An order of which the last units wait for stock."""
    order = an_order(id, quantity=5, placed_at_s=placed_at_s)
    tally = {"allocated": ((1, 5 - units),), "backordered": ((6 - units, 5),)}
    return replace(order, lines=(replace(order.lines[0], tally=tally),))


def test_who_waits_for_a_sku_is_found_in_turn_with_its_units(shop: AnyShop) -> None:
    orders = (waiting("web-1", NOW, 2), waiting("web-2", NOW - 60, 3), waiting("web-3", NOW - 60, 1))
    others = (a_step(an_order("web-4")), a_step(an_order("web-5", sku="B"), watches=frozenset(("item:B",))))
    first = a_step(waiting("web-6", NOW + 60, 4), watches=WAITING, rank="")
    stepped(shop, *(a_step(order, watches=WAITING, rank="b") for order in orders), *others, first)
    found = shop.store.load(Needs(queued=frozenset(("A", "B")))).queued
    assert tuple(found["A"]) == (
        (("", NOW + 60), "web-6", 4),
        (("b", NOW - 60), "web-2", 3),
        (("b", NOW - 60), "web-3", 1),
        (("b", NOW), "web-1", 2),
    )
    assert tuple(found["B"]) == ()
    assert shop.store.load(Needs()).queued == {}


def test_who_is_woken_at_the_same_instant_is_served_in_turn(shop: AnyShop) -> None:
    ranks = {"web-1": "b 9", "web-2": "b 10", "web-3": "B 99", "web-4": "", "web-5": "b 9"}
    orders = [a_step(waiting(id, NOW - int(id[-1]), 1), watches=WAITING, rank=rank) for id, rank in ranks.items()]
    stepped(shop, *orders)
    assert shop.store.due(NOW + 3600, 10).wakes == ("web-4", "web-3", "web-2", "web-5", "web-1")
    order = waiting("web-1", NOW, 1)
    stepped(shop, a_step(replace(order, version=order.version + 1), order.version, watches=WAITING, rank="a"))
    assert shop.store.due(NOW + 3600, 2).wakes == ("web-4", "web-3")
    assert shop.store.due(NOW + 3600, 3).wakes[-1] == "web-1"


def test_orders_that_wait_are_ranked_anew_when_the_shop_says_another_thing(shop: AnyShop) -> None:
    orders = [a_step(waiting(f"web-{n}", NOW - n, 1), watches=WAITING) for n in (1, 2, 3)]
    stepped(shop, *orders, a_step(an_order("web-4", placed_at_s=NOW - 9)))
    shop.shelf.rank(lambda order: f"z {order.id}", NOW + 3600)
    assert shop.store.due(NOW + 3600, 10).wakes == ("web-4", "web-1", "web-2", "web-3")


def test_those_are_woken_for_whom_something_is_free_when_all_before_have_theirs(shop: AnyShop) -> None:
    shop.shelf.count_stock([Count("A", "BER", 5), Count("A", "MUC", 1), Count("B", "BER", 9)], NOW)
    orders = [waiting(f"web-{n}", NOW + n, 3) for n in (1, 2, 3, 4)]
    first, second, *_ = (replace(order, version=order.version + 1) for order in orders)
    stepped(shop, *(a_step(order, watches=WAITING, wake_at_s=None) for order in orders))
    stepped(shop, a_step(second, second.version - 1, watches=WAITING, wake_at_s=None))
    assert shop.store.due(NOW, 10).wakes == ()
    stepped(shop, a_step(first, first.version - 1, wake_at_s=None, passed=("A",)))
    # the first waits no longer; of the six that are free the second and the third want all
    assert shop.store.due(NOW, 10).wakes == ("web-2", "web-3")
