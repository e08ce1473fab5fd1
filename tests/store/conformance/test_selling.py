"""Selling: the counter of what is sold beyond what is there is what orders wait for, and never more than there is."""

import pytest
from msgspec.structs import replace

from segue.core.facts import StockMove
from segue.core.selling import Sale, Terms
from segue.ports import Batch, Needs, Stocked, SupplyMove, UsedUp
from tests.store.shops import NOW, AnyShop, a_step, an_order, order_in, rows, stepped

COUNTERS = "SELECT sku, promised FROM selling ORDER BY sku"
SALES = "SELECT order_id, sku, person, placed_at_s, units, waiting FROM sales ORDER BY order_id, sku"
MADE = "SELECT sku, units, promised, most FROM sales_made ORDER BY number"


def sold(units: int, sku: str = "A", **terms: object) -> tuple[Sale, ...]:
    """So many units more are sold."""
    return (Sale(sku, units, units, units, Terms(**terms)),)  # type: ignore[arg-type]


def expecting(shop: AnyShop, units: int, sku: str = "A", reference: str = "PO-1") -> None:
    """So many units are to come."""
    supply = SupplyMove(reference, sku, "BER", NOW + 90, units, "ordered")
    shop.store.commit(Batch(NOW, stocked=Stocked("person:eve", supplies=(supply,))))


def test_what_is_sold_is_counted_and_kept_by_order(shop: AnyShop) -> None:
    expecting(shop, 5)
    stepped(shop, a_step(an_order(), sales=sold(2)), a_step(an_order("web-2"), sales=sold(3)))
    assert rows(shop, COUNTERS) == [("A", 5)]
    assert rows(shop, SALES) == [("web-1", "A", "ada", NOW, 2, 2), ("web-2", "A", "ada", NOW, 3, 3)]
    assert rows(shop, MADE) == [("A", 5, 5, 5)]
    loaded = shop.store.load(Needs(selling=frozenset("AB"), bought=frozenset(("ada|A", "bob|A", "|A"))))
    assert loaded.selling == {"A": 5, "B": 0}
    bought = {"ada|A": [("web-1", NOW, 2), ("web-2", NOW, 3)], "bob|A": [], "|A": []}
    assert {key: sorted(map(tuple, found)) for key, found in loaded.bought.items()} == bought


def test_one_unit_too_many_is_refused_by_name_and_nothing_is_written(shop: AnyShop) -> None:
    expecting(shop, 4)
    stepped(shop, a_step(an_order(), sales=sold(2)))
    with pytest.raises(UsedUp, match=r"^A$"):
        stepped(shop, a_step(an_order("web-2"), sales=sold(3)))
    assert order_in(shop, "web-2") is None
    assert (rows(shop, COUNTERS), rows(shop, MADE)) == ([("A", 2)], [("A", 2, 2, 4)])


def test_the_strictest_rule_of_a_batch_counts(shop: AnyShop) -> None:
    expecting(shop, 10)
    with pytest.raises(UsedUp, match="A"):
        stepped(shop, a_step(an_order(), sales=sold(3)), a_step(an_order("web-2"), sales=sold(3, percent=50)))
    stepped(shop, a_step(an_order(), sales=sold(3)), a_step(an_order("web-2"), sales=sold(2, percent=50)))
    assert rows(shop, MADE) == [("A", 5, 5, 5)]


def test_what_is_there_may_be_sold_too_and_what_comes_for_the_safety_stock_may_not(shop: AnyShop) -> None:
    expecting(shop, 4)
    shop.shelf.receive_stock([StockMove("A", "BER", 1, 0, "received")], NOW)
    stepped(shop, a_step(an_order(), sales=sold(5)))
    with pytest.raises(UsedUp):
        stepped(shop, a_step(an_order("web-2"), sales=sold(1)))
    shop.store.commit(Batch(NOW, stocked=Stocked("person:eve", safety={("A", "BER"): 3})))
    stepped(shop, a_step(an_order(version=3), 2, sales=(Sale("A", 0, 0, -5, gone=True),)))
    with pytest.raises(UsedUp):
        stepped(shop, a_step(an_order("web-2"), sales=sold(3)))
    stepped(shop, a_step(an_order("web-2"), sales=sold(2)))


def test_what_has_stock_now_waits_no_longer_but_was_bought(shop: AnyShop) -> None:
    expecting(shop, 4)
    stepped(shop, a_step(an_order(), sales=sold(4)))
    stepped(shop, a_step(an_order(version=3), 2, sales=(Sale("A", 4, 1, -3),)))
    assert (rows(shop, COUNTERS), rows(shop, SALES)) == ([("A", 1)], [("web-1", "A", "ada", NOW, 4, 1)])
    assert len(rows(shop, MADE)) == 1


def test_a_customer_has_no_more_than_they_may(shop: AnyShop) -> None:
    expecting(shop, 50)
    old = replace(an_order(), placed_at_s=NOW - 100)
    stepped(shop, a_step(old, sales=sold(2)))
    with pytest.raises(UsedUp, match="A for one customer"):
        stepped(shop, a_step(an_order("web-2"), sales=sold(1, per_customer=2)))
    stepped(shop, a_step(an_order("web-2"), sales=sold(2, per_customer=2, within_s=99)))
    stepped(shop, a_step(replace(an_order("web-3"), person="bob"), sales=sold(2, per_customer=2)))
    nobody = replace(an_order("web-4"), person="")
    stepped(shop, a_step(nobody, sales=sold(3, per_customer=2)))


def test_what_is_canceled_wakes_who_waits_for_it(shop: AnyShop) -> None:
    expecting(shop, 4)
    stepped(shop, a_step(an_order(), sales=sold(4)))
    stepped(shop, a_step(an_order("web-2"), watches=frozenset(("selling:A",))))
    stepped(shop, a_step(an_order(version=3), 2, sales=(Sale("A", 4, 1, -3),)))
    assert list(shop.store.due(NOW, 10).wakes) == []
    stepped(shop, a_step(an_order(version=4), 3, sales=(Sale("A", 3, 0, -1, gone=True),)))
    assert list(shop.store.due(NOW, 10).wakes) == ["web-2"]
