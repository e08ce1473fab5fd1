"""Carts and shares where several write beside each other: each is taken over once, each unit promised once.

Covers E-2, E-3 and E-5.
"""

from msgspec.structs import replace

from segue.core.carts import Cart, Held
from segue.core.converting import CartTaken
from segue.core.facts import StockMove
from segue.core.fences import Fence
from segue.ports import Batch, CartChange, FenceChange, OutOfStock, ShopMove, StaleOrder, Stocked
from tests.store.shops import NOW, PostgresShop, a_step, an_order, rows
from tests.store.writers import Shops, Work, committing, kinds

END = NOW + 900
CART, SHARE = "reservations WHERE cart = 'C-1'", "fences WHERE sku = 'A'"


def taking(count: int) -> tuple[StockMove, ...]:
    return (StockMove("A", "BER", 0, count, "allocated"),)


def reserved(shop: PostgresShop, units: int) -> Cart:
    cart = Cart("C-1", "web", NOW, END, (Held("A", "BER", units),))
    moved = ShopMove(StockMove("A", "BER", 0, 0, "cart_reserved", reserved=units), "cart C-1", "web")
    shop.store.commit(Batch(NOW, stocked=Stocked("ann", (moved,), carts=(CartChange("C-1", (), cart),))))
    return cart


def fenced(shop: PostgresShop, *fences: Fence, before: int | None = None) -> None:
    changes = tuple(FenceChange("A", each, before) for each in fences)
    shop.store.commit(Batch(NOW, stocked=Stocked("ann", fences=changes), swept=frozenset("A")))


def test_a_cart_becomes_one_order_s_only(shops: Shops) -> None:
    first, second, *_ = shops.each
    cart = reserved(first, 6)
    back = StockMove("A", "BER", 0, 0, "cart_converted", reserved=-6)
    taken = CartTaken(cart="C-1", held=cart.held)
    steps = [a_step(an_order(f"web-{n}"), moves=(back, *taking(6)), taken=taken) for n in (1, 2)]
    results = shops.at_once(CART, committing(first, steps[0]), committing(second, steps[1]))
    assert kinds(results) == [StaleOrder.__name__, "list"]
    assert rows(first, "SELECT allocated, reserved FROM stock WHERE sku = 'A'") == [(6, 0)]


def test_what_is_over_is_given_back_once_by_whoever_is_quicker(shops: Shops) -> None:
    first, second, *_ = shops.each
    reserved(first, 7)

    def later(shop: PostgresShop, name: str) -> Work:
        return lambda: shop.store.commit(Batch(END, (a_step(an_order(name), moves=taking(5)),)))

    results = shops.at_once(CART, later(first, "web-1"), later(second, "web-2"))
    assert kinds(results) == ["list", "list"]
    assert rows(first, "SELECT allocated, reserved FROM stock WHERE sku = 'A'") == [(10, 0)]
    assert rows(first, "SELECT count(*) FROM stock_moves WHERE reason = 'cart_expired'") == [(1,)]


def test_what_is_common_is_promised_once(shops: Shops) -> None:
    first, second, *_ = shops.each
    fenced(first, Fence("", "market", 7))
    results = shops.at_once(
        SHARE,
        committing(first, a_step(an_order("web-1"), moves=taking(2))),
        committing(second, a_step(an_order("web-2"), moves=taking(2))),
    )
    assert kinds(results) == [OutOfStock.__name__, "list"]
    assert rows(first, "SELECT allocated FROM stock WHERE sku = 'A'") == [(2,)]


def test_two_channels_that_draw_on_their_shares_at_once_are_both_served(shops: Shops) -> None:
    first, second, *_ = shops.each
    fenced(first, Fence("", "market", 5), Fence("", "web", 5))
    theirs = replace(an_order("market-1"), channel="market", channel_order_id="1")
    results = shops.at_once(
        SHARE,
        committing(first, a_step(an_order("web-1"), moves=taking(5))),
        committing(second, a_step(theirs, moves=taking(5))),
    )
    assert kinds(results) == ["list", "list"]
    assert rows(first, "SELECT channel, taken FROM fences ORDER BY channel") == [("market", 5), ("web", 5)]


def test_units_that_two_take_from_one_share_at_once_are_not_lost(shops: Shops) -> None:
    first, second, *_ = shops.each
    fenced(first, Fence("", "web", 5))
    results = shops.at_once(
        SHARE,
        lambda: fenced(first, Fence("", "web", 3), before=5),
        lambda: fenced(second, Fence("", "web", 2), before=5),
    )
    assert kinds(results) == ["NoneType", StaleOrder.__name__]
