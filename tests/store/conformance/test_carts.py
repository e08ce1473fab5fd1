"""Carts: what a checkout has set aside counts until its time is over, once, and never more than there is."""

import pytest
from msgspec.structs import replace

from segue.core.carts import Cart, Held
from segue.core.converting import CartTaken
from segue.core.facts import StockMove
from segue.ports import Batch, CartChange, Needs, OutOfStock, ShopMove, StaleOrder, Stocked
from segue.store.shelf import Count
from tests.store.shops import NOW, AnyShop, a_step, an_order, rows, stepped

END = NOW + 900
TWO = (Held("A", "BER", 2),)


def cart(units: int = 2, key: str = "C-1", end_s: int = END) -> Cart:
    return Cart(key, "web", NOW, end_s, (Held("A", "BER", units),))


def moved(change: int, key: str = "C-1") -> ShopMove:
    return ShopMove(StockMove("A", "BER", 0, 0, "cart_reserved", reserved=change), f"cart {key}", "web")


def reserve(shop: AnyShop, made: Cart, now_s: int = NOW) -> None:
    changes = Stocked("ann", (moved(made.units, made.id),), carts=(CartChange(made.id, (), made),))
    shop.store.commit(Batch(now_s, stocked=changes))


def free(shop: AnyShop, now_s: int = NOW) -> int:
    return shop.store.load(Needs(stock=frozenset("A"), now_s=now_s)).stock["A"]["BER"]


def cart_in(shop: AnyShop, key: str = "C-1") -> Cart | None:
    return shop.store.load(Needs(carts=frozenset((key,)))).carts[key]


def taking(count: int) -> tuple[StockMove, ...]:
    return (StockMove("A", "BER", 0, count, "allocated"),)


@pytest.fixture
def stocked(shop: AnyShop) -> AnyShop:
    """Ten of A in Berlin."""
    shop.shelf.count_stock([Count("A", "BER", 10)], NOW)
    return shop


def test_what_a_cart_has_is_not_free_until_its_time_is_over(stocked: AnyShop) -> None:
    reserve(stocked, cart(4))
    assert cart_in(stocked) == cart(4)
    assert (free(stocked), free(stocked, END - 1), free(stocked, END)) == (6, 6, 10)


def test_carts_cannot_be_given_more_than_there_is(stocked: AnyShop) -> None:
    reserve(stocked, cart(7))
    with pytest.raises(OutOfStock, match=r"^A at BER$"):
        reserve(stocked, cart(4, "C-2"))
    assert cart_in(stocked, "C-2") is None
    assert free(stocked) == 3


def test_an_order_cannot_take_what_a_cart_has(stocked: AnyShop) -> None:
    reserve(stocked, cart(7))
    with pytest.raises(OutOfStock, match=r"^A at BER$"):
        stepped(stocked, a_step(an_order(), moves=taking(4)))


def test_who_takes_of_a_sku_clears_away_what_is_over(stocked: AnyShop) -> None:
    reserve(stocked, cart(7))
    reserve(stocked, cart(2, "C-2", END + 1))
    stocked.store.commit(Batch(END, (a_step(an_order(), moves=taking(8)),)))
    assert cart_in(stocked) is None
    assert rows(stocked, "SELECT allocated, reserved FROM stock") == [(8, 2)]
    assert free(stocked, END) == 0
    assert rows(stocked, "SELECT actor, report, reserved FROM stock_moves WHERE reason = 'cart_expired'") == [
        ("clock", "cart C-1", -7)
    ]


def test_what_is_over_is_due_and_wakes_those_who_wait_for_it(stocked: AnyShop) -> None:
    reserve(stocked, cart(10))
    stepped(stocked, a_step(an_order(), watches=frozenset(("stock:A",)), wake_at_s=END + 3600))
    assert stocked.store.due(NOW, 10).next_at_s == END
    assert stocked.store.due(END - 1, 10).over == frozenset()
    due = stocked.store.due(END, 10)
    assert (due.over, due.wakes) == (frozenset("A"), ())
    stocked.store.commit(Batch(END, swept=due.over))
    due = stocked.store.due(END, 10)
    assert (due.over, due.wakes) == (frozenset(), ("web-1",))


def test_a_cart_is_extended_and_let_go(stocked: AnyShop) -> None:
    reserve(stocked, cart())
    longer = replace(cart(), expires_at_s=END + 600)
    stocked.store.commit(Batch(NOW, stocked=Stocked("ann", carts=(CartChange("C-1", TWO, longer),))))
    assert (cart_in(stocked), free(stocked, END)) == (longer, 8)
    stocked.store.commit(Batch(NOW, stocked=Stocked("ann", (moved(-2),), carts=(CartChange("C-1", TWO),))))
    assert (cart_in(stocked), free(stocked)) == (None, 10)


def test_a_cart_that_has_moved_on_is_not_changed(stocked: AnyShop) -> None:
    reserve(stocked, cart())
    with pytest.raises(StaleOrder, match=r"cart C-1"):
        reserve(stocked, cart(3))
    assert (cart_in(stocked), free(stocked)) == (cart(), 8)


def test_an_order_takes_over_what_its_cart_has_in_one_transaction(stocked: AnyShop) -> None:
    reserve(stocked, cart(8))
    back = StockMove("A", "BER", 0, 0, "cart_converted", reserved=-8)
    taken = CartTaken(cart="C-1", held=cart(8).held)
    stepped(stocked, a_step(an_order(), moves=(back, *taking(5)), taken=taken))
    assert cart_in(stocked) is None
    assert rows(stocked, "SELECT allocated, reserved FROM stock") == [(5, 0)]
    with pytest.raises(StaleOrder, match=r"cart C-1"):
        stepped(stocked, a_step(an_order("web-2"), moves=(back, *taking(5)), taken=taken))


def test_two_carts_of_one_sku_are_each_their_own(stocked: AnyShop) -> None:
    reserve(stocked, cart(3))
    reserve(stocked, cart(4, "C-2", END + 60))
    assert (free(stocked), free(stocked, END), free(stocked, END + 60)) == (3, 6, 10)


def test_a_count_is_not_refused_for_what_carts_had_that_are_over(stocked: AnyShop) -> None:
    reserve(stocked, cart(7))
    reserve(stocked, cart(2, "C-2", END + 1))
    with pytest.raises(OutOfStock, match=r"^A at BER$"):
        stocked.shelf.count_stock([Count("A", "BER", 4)], END - 1)
    stocked.shelf.count_stock([Count("A", "BER", 4)], END)
    assert rows(stocked, "SELECT on_hand, reserved FROM stock") == [(4, 2)]
    assert (cart_in(stocked), free(stocked, END)) == (None, 2)
    assert rows(stocked, "SELECT sum(on_hand), sum(reserved) FROM stock_moves") == [(4, 2)]


def test_what_is_lost_is_taken_from_what_carts_had_that_are_over(stocked: AnyShop) -> None:
    reserve(stocked, cart(7))
    with pytest.raises(OutOfStock, match=r"^A at BER$"):
        stocked.shelf.receive_stock([StockMove("A", "BER", -6, 0, "damaged")], END - 1)
    assert stocked.shelf.receive_stock([StockMove("A", "BER", -6, 0, "damaged")], END) == {"stock:A"}
    assert (cart_in(stocked), free(stocked, END)) == (None, 4)
