"""Kept orders: what was written lately is not decoded again, and never believed if the database says otherwise."""

import pytest
from msgspec.structs import replace

from segue.ports import Batch, StaleOrder
from segue.store import kept
from segue.store.kept import Kept
from tests.store.shops import NOW, AnyShop, a_step, an_order, order_in, stepped


def test_an_order_is_loaded_as_a_store_that_keeps_nothing_would_load_it(shop: AnyShop) -> None:
    order = an_order()
    stepped(shop, a_step(order))
    other = shop._replace(store=shop.another_store())
    assert order_in(shop) == order_in(other) == order


def test_an_order_that_another_store_changed_is_loaded_as_it_is_now(shop: AnyShop) -> None:
    first = an_order()
    stepped(shop, a_step(first))
    second = replace(first, version=3, tags=("vip",))
    shop.another_store().commit(Batch(NOW, (a_step(second, before=2),)))
    assert order_in(shop) == second
    with pytest.raises(StaleOrder):
        stepped(shop, a_step(replace(first, version=4), before=2))
    assert order_in(shop) == second, "what was not written is not kept"


def test_those_not_written_for_the_longest_time_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "KEPT_MAX", 2)
    orders = Kept()
    a, b, c = an_order("web-a"), an_order("web-b"), an_order("web-c")
    orders.keep([a, b, replace(a, version=3)])
    orders.keep([c])
    assert orders == {"web-a": replace(a, version=3), "web-c": c}
