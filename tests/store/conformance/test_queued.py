"""Queues: who waits for a SKU, the oldest first, as either store finds it."""

from msgspec.structs import replace

from segue.core.order import Order
from segue.ports import Needs
from tests.store.shops import NOW, AnyShop, a_step, an_order, stepped

WAITING = frozenset(("stock:A",))


def waiting(id: str, placed_at_s: int, units: int) -> Order:
    """An order of which the last units wait for stock."""
    order = an_order(id, quantity=5, placed_at_s=placed_at_s)
    tally = {"allocated": ((1, 5 - units),), "backordered": ((6 - units, 5),)}
    return replace(order, lines=(replace(order.lines[0], tally=tally),))


def test_who_waits_for_a_sku_is_found_by_age_with_its_units(shop: AnyShop) -> None:
    orders = (waiting("web-1", NOW, 2), waiting("web-2", NOW - 60, 3), waiting("web-3", NOW - 60, 1))
    others = (a_step(an_order("web-4")), a_step(an_order("web-5", sku="B"), watches=frozenset(("item:B",))))
    stepped(shop, *(a_step(order, watches=WAITING) for order in orders), *others)
    found = shop.store.load(Needs(queued=frozenset(("A", "B")))).queued
    assert found == {"A": ((NOW - 60, "web-2", 3), (NOW - 60, "web-3", 1), (NOW, "web-1", 2)), "B": ()}
    assert shop.store.load(Needs()).queued == {}
