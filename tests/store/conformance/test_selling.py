"""Selling: the counter of what is sold beyond what is there is what orders wait for, and never more than there is."""

import pytest
from msgspec.structs import replace

from segue.core.facts import StockMove
from segue.core.selling import Sale, Terms
from segue.core.supply import Presale
from segue.ports import Batch, Needs, PresaleChange, Stocked, SupplyMove, UsedUp
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


def test_what_is_sold_unchecked_counts_against_what_is_sold_after_it(shop: AnyShop) -> None:
    """Covers J-6."""
    expecting(shop, 5)
    unchecked = (Sale("A", 4, 4, 4, unchecked=True),)
    with pytest.raises(UsedUp, match=r"^A$"):
        stepped(shop, a_step(an_order("web-2"), sales=unchecked), a_step(an_order(), sales=sold(3)))
    stepped(shop, a_step(an_order(), sales=sold(3)), a_step(an_order("web-2"), sales=unchecked))
    assert (rows(shop, COUNTERS), rows(shop, MADE)) == ([("A", 7)], [("A", 3, 3, 5)])
    with pytest.raises(UsedUp):
        stepped(shop, a_step(an_order("web-3"), sales=sold(1)))
    stepped(shop, a_step(an_order("web-3"), sales=unchecked))
    assert (rows(shop, COUNTERS), len(rows(shop, MADE))) == ([("A", 11)], 1)


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


def selling(shop: AnyShop, reference: str, *presale: int | None, sku: str = "A") -> None:
    """So much of a supply may be sold before it is there: percent, most."""
    changes = (PresaleChange(reference, sku, Presale(*presale)),)
    shop.store.commit(Batch(NOW, stocked=Stocked("person:eve", presales=changes)))


def test_of_a_supply_no_more_is_sold_than_its_own_share(shop: AnyShop) -> None:
    """Covers J-6 and J-7."""
    expecting(shop, 10)
    expecting(shop, 10, reference="PO-2")
    selling(shop, "PO-1", 90, 9)
    selling(shop, "PO-1", 50)
    selling(shop, "PO-2", None, 3)
    selling(shop, "PO-1", 0, sku="B")
    assert shop.store.load(Needs(presales=frozenset("ABC"))).presales == {
        "A": {"PO-1": Presale(50), "PO-2": Presale(None, 3)}, "B": {"PO-1": Presale(0)}, "C": {},
    }  # fmt: skip
    stepped(shop, a_step(an_order(), sales=sold(8)))
    with pytest.raises(UsedUp, match=r"^A$"):
        stepped(shop, a_step(an_order("web-2"), sales=sold(1)))
    assert rows(shop, MADE) == [("A", 8, 8, 8)]
    stepped(shop, a_step(an_order("web-3"), watches=frozenset(("selling:A",)), wake_at_s=None))
    selling(shop, "PO-2", None, None)
    assert shop.store.due(NOW, 5).wakes == ("web-3",)
    stepped(shop, a_step(an_order("web-2"), sales=sold(7)))
    assert rows(shop, MADE) == [("A", 8, 8, 8), ("A", 7, 15, 15)]
    said = "SELECT reference, sku, percent, most, actor, at_s FROM presales ORDER BY number"
    assert rows(shop, said)[0] == ("PO-1", "A", 90, 9, "person:eve", NOW)
    assert len(rows(shop, said)) == 5


def test_a_lower_share_takes_nothing_back_of_what_is_sold(shop: AnyShop) -> None:
    expecting(shop, 10)
    stepped(shop, a_step(an_order(), sales=sold(8)))
    selling(shop, "PO-1", None, 2)
    assert rows(shop, COUNTERS) == [("A", 8)]
    with pytest.raises(UsedUp):
        stepped(shop, a_step(an_order("web-2"), sales=sold(1)))
