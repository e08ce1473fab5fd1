"""Shares of channels in every store: written and read alike, drawn on by orders and carts, never beyond what is promisable.

Covers E-4 and E-5.
"""

import pytest
from msgspec.structs import replace

from segue.core.carts import Cart, Held
from segue.core.facts import StockMove
from segue.core.fences import Fence
from segue.ports import Batch, CartChange, FenceChange, Needs, OutOfStock, ShopMove, StaleOrder, Stocked, Unwritable
from segue.store.shelf import Count
from tests.store.shops import NOW, AnyShop, a_step, an_order, rows, stepped

END = NOW + 900
WEB, MARKET = Fence("", "web", 4), Fence("", "market", 3)


def share(shop: AnyShop, *fences: Fence, before: int | None = None, now_s: int = NOW) -> None:
    changes = tuple(FenceChange("A", each, before) for each in fences)
    shop.store.commit(Batch(now_s, stocked=Stocked("ann", fences=changes), swept=frozenset("A")))


def shares(shop: AnyShop, now_s: int = NOW) -> dict[str, tuple[Fence, ...]]:
    return dict(shop.store.load(Needs(stock=frozenset(("A", "B")), now_s=now_s)).fences)


def taking(count: int, location: str = "BER") -> StockMove:
    return StockMove("A", location, 0, count, "allocated")


def order(shop: AnyShop, *moves: StockMove, name: str = "web-1", channel: str = "web", now_s: int = NOW) -> None:
    bought = replace(an_order(name), channel=channel, channel_order_id=name)
    shop.store.commit(Batch(now_s, (a_step(bought, moves=moves),)))


def carted(shop: AnyShop, units: int, channel: str = "web", key: str = "C-1", now_s: int = NOW) -> None:
    made = Cart(key, channel, now_s, now_s + END - NOW, (Held("A", "BER", units),))
    move = ShopMove(StockMove("A", "BER", 0, 0, "cart_reserved", reserved=units), f"cart {key}", channel)
    shop.store.commit(Batch(now_s, stocked=Stocked("ann", (move,), carts=(CartChange(key, (), made),))))


@pytest.fixture
def stocked(shop: AnyShop) -> AnyShop:
    """Ten of A: eight in Berlin, two in Munich."""
    shop.shelf.count_stock([Count("A", "BER", 8), Count("A", "MUC", 2)], NOW)
    return shop


def test_shares_are_read_as_they_were_written_and_none_are_none(stocked: AnyShop) -> None:
    assert shares(stocked) == {}
    pool = Fence("", "europe", 6)
    german = Fence("", "web", 4, parent="europe", safety=1)
    share(stocked, pool, german)
    assert shares(stocked) == {"A": (pool, german)}
    share(stocked, Fence("", "web", 2))
    assert shares(stocked) == {"A": (pool, Fence("", "web", 2))}
    assert rows(stocked, "SELECT channel, units, taken, actor FROM fence_moves ORDER BY number") == [
        ("europe", 6, 0, "ann"), ("web", 4, 0, "ann"), ("web", -2, 0, "ann"),
    ]  # fmt: skip


def test_who_has_no_share_takes_what_is_common_and_no_more(stocked: AnyShop) -> None:
    share(stocked, WEB, MARKET)
    with pytest.raises(OutOfStock, match=r"^A for shop$"):
        order(stocked, taking(4), channel="shop")
    order(stocked, taking(3), channel="shop")
    assert shares(stocked) == {"A": (MARKET, WEB)}


def test_what_a_channel_takes_counts_against_its_share_wherever_it_is(stocked: AnyShop) -> None:
    share(stocked, WEB, MARKET)
    order(stocked, taking(3), taking(2, "MUC"))
    assert shares(stocked)["A"] == (MARKET, replace(WEB, taken=5))
    with pytest.raises(OutOfStock, match=r"^A for web$"):
        order(stocked, taking(3), name="web-2")
    order(stocked, taking(5), name="m-1", channel="market")
    assert shares(stocked)["A"] == (replace(MARKET, taken=5), replace(WEB, taken=5))
    assert rows(stocked, "SELECT channel, taken, order_id FROM fence_moves WHERE units = 0 ORDER BY number") == [
        ("web", 5, "web-1"), ("market", 5, "m-1"),
    ]  # fmt: skip


def test_a_share_at_one_location_counts_only_what_is_taken_there(stocked: AnyShop) -> None:
    share(stocked, Fence("BER", "web", 6))
    with pytest.raises(OutOfStock, match=r"^A at BER for shop$"):
        order(stocked, taking(3), channel="shop")
    order(stocked, taking(2), taking(2, "MUC"), channel="shop")
    order(stocked, taking(6), name="web-2")
    assert shares(stocked)["A"] == (Fence("BER", "web", 6, 6),)


def test_what_is_given_back_is_in_the_share_again(stocked: AnyShop) -> None:
    share(stocked, WEB)
    order(stocked, taking(4))
    order(stocked, StockMove("A", "BER", 0, -3, "canceled"), name="web-2")
    assert shares(stocked)["A"] == (replace(WEB, taken=1),)


def test_what_is_shipped_stays_taken(stocked: AnyShop) -> None:
    share(stocked, WEB)
    order(stocked, taking(4))
    order(stocked, StockMove("A", "BER", -4, -4, "shipped"), name="web-2")
    assert shares(stocked)["A"] == (replace(WEB, taken=4),)


def test_what_a_cart_takes_of_a_share_is_not_taken_any_more_once_it_is_over(stocked: AnyShop) -> None:
    share(stocked, WEB)
    carted(stocked, 4)
    assert shares(stocked)["A"] == (replace(WEB, taken=4),)
    assert shares(stocked, END)["A"] == (WEB,)
    with pytest.raises(OutOfStock, match=r"for shop$"):
        order(stocked, taking(7), channel="shop")
    with pytest.raises(OutOfStock, match=r"for shop$"):  # the share is kept again
        order(stocked, taking(7), channel="shop", now_s=END)
    order(stocked, taking(6), channel="shop", now_s=END)
    assert shares(stocked, END)["A"] == (WEB,)


def test_a_cart_may_take_what_carts_of_all_channels_had_that_are_over(stocked: AnyShop) -> None:
    share(stocked, WEB)
    carted(stocked, 2, key="C-1")
    carted(stocked, 6, "market", key="C-2")
    carted(stocked, 8, key="C-3", now_s=END)
    assert rows(stocked, "SELECT cart, units FROM reservations") == [("C-3", 8)]
    assert shares(stocked, END)["A"] == (replace(WEB, taken=8),)


def test_steps_of_one_batch_are_each_held_against_what_the_ones_before_leave(stocked: AnyShop) -> None:
    share(stocked, WEB, MARKET)
    mine, theirs = an_order("web-1"), replace(an_order("s-1"), channel="shop", channel_order_id="s-1")
    steps = (a_step(mine, moves=(taking(5),)), a_step(theirs, moves=(taking(3),)))
    with pytest.raises(OutOfStock, match=r"^A for shop$"):
        stocked.store.commit(Batch(NOW, steps))
    assert shares(stocked)["A"] == (MARKET, WEB)
    assert rows(stocked, "SELECT sum(allocated) FROM stock") == [(0,)]


def test_safety_stock_of_a_channel_is_kept_from_it_and_from_nobody_else(stocked: AnyShop) -> None:
    share(stocked, replace(WEB, safety=2))
    with pytest.raises(OutOfStock, match=r"for web$"):
        order(stocked, taking(7), taking(2, "MUC"))
    order(stocked, taking(6), taking(2, "MUC"))
    order(stocked, taking(2), name="s-1", channel="shop")


def test_shares_that_contradict_each_other_are_not_written(stocked: AnyShop) -> None:
    share(stocked, WEB)
    for wrong, why in (
        (Fence("BER", "market", 1), "either over all locations"),
        (Fence("", "market", 1, parent="europe"), "no share of europe"),
        (Fence("", "market", 5, parent="web"), "come to 5 units, and it has 4"),
    ):
        with pytest.raises(Unwritable, match=f"^A: .*{why}"):
            share(stocked, wrong)
    assert shares(stocked)["A"] == (WEB,)


def test_a_share_that_has_moved_on_is_not_changed(stocked: AnyShop) -> None:
    share(stocked, WEB, before=0)
    with pytest.raises(StaleOrder, match=r"the share of web in A has moved on"):
        share(stocked, replace(WEB, units=9), before=3)
    share(stocked, replace(WEB, units=9), before=4)
    assert shares(stocked)["A"] == (replace(WEB, units=9),)


def test_the_database_itself_takes_no_share_below_nothing(stocked: AnyShop) -> None:
    with pytest.raises(Unwritable):
        share(stocked, Fence("", "web", -1))
    share(stocked, WEB)
    assert shares(stocked)["A"] == (WEB,)


def test_who_waits_for_a_sku_is_woken_when_its_shares_change(stocked: AnyShop) -> None:
    stepped(stocked, a_step(an_order(), watches=frozenset(("stock:A",)), wake_at_s=NOW + 3600))
    assert stocked.store.due(NOW, 10).wakes == ()
    share(stocked, WEB)
    assert stocked.store.due(NOW, 10).wakes == ("web-1",)
