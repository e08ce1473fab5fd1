"""Stock: counters are the sum of their moves, and cannot be oversold, whatever the code above believes."""

import pytest

from segue.core.facts import StockMove
from segue.ports import OutOfStock
from segue.store.shelf import Count
from tests.store.shops import NOW, AnyShop, a_step, an_order, free, order_in, rows, stepped


def taking(count: int, location: str = "BER", sku: str = "A") -> tuple[StockMove, ...]:
    return (StockMove(sku, location, 0, count, "allocated"),)


def shipping(count: int) -> tuple[StockMove, ...]:
    return (StockMove("A", "BER", -count, -count, "shipped"),)


@pytest.fixture
def stocked(shop: AnyShop) -> AnyShop:
    """Ten of A in Berlin, of which two are safety stock, and three in Paris."""
    shop.shelf.count_stock([Count("A", "BER", 10, safety=2), Count("A", "PAR", 3)], NOW)
    return shop


def test_what_is_free_is_on_hand_less_safety_less_allocated(stocked: AnyShop) -> None:
    stepped(stocked, a_step(an_order(), moves=taking(5)))
    assert free(stocked) == {"BER": 3, "PAR": 3}


def test_shipping_takes_from_both_counters(stocked: AnyShop) -> None:
    stepped(stocked, a_step(an_order(), moves=taking(5)))
    stepped(stocked, a_step(an_order(version=3), 2, moves=shipping(5)))
    assert free(stocked) == {"BER": 3, "PAR": 3}
    assert rows(stocked, "SELECT on_hand, allocated FROM stock WHERE location = 'BER'") == [(5, 0)]


def test_the_moves_of_a_batch_add_up_by_counter(stocked: AnyShop) -> None:
    stepped(stocked, *(a_step(an_order(f"web-{n}"), moves=taking(2)) for n in range(4)))
    assert free(stocked) == {"BER": 0, "PAR": 3}


def test_overselling_is_refused_by_name_and_nothing_is_written(stocked: AnyShop) -> None:
    with pytest.raises(OutOfStock, match=r"^A at PAR$"):
        stepped(stocked, a_step(an_order(), moves=taking(1)), a_step(an_order("web-2"), moves=taking(4, "PAR")))
    assert free(stocked) == {"BER": 8, "PAR": 3}
    assert order_in(stocked) is None


def test_stock_that_was_never_there_is_refused_by_name(stocked: AnyShop) -> None:
    with pytest.raises(OutOfStock, match=r"^B at BER$"):
        stepped(stocked, a_step(an_order(), moves=taking(1, sku="B")))


def test_goods_may_come_back_to_a_location_that_never_had_them(stocked: AnyShop) -> None:
    stepped(stocked, a_step(an_order(), moves=(StockMove("B", "PAR", 1, 0, "returned"),)))
    assert free(stocked, "B") == {"PAR": 1}


def test_stock_that_becomes_free_wakes_those_who_wait_for_it(stocked: AnyShop) -> None:
    stepped(stocked, a_step(an_order(), moves=taking(5)))
    stepped(stocked, a_step(an_order("web-2"), watches=frozenset(("stock:A",))))
    stepped(stocked, a_step(an_order(version=3), 2, moves=shipping(2)))
    assert stocked.store.due(NOW, 10).wakes == ()
    stepped(stocked, a_step(an_order(version=4), 3, moves=(StockMove("A", "BER", 0, -1, "canceled"),)))
    assert stocked.store.due(NOW, 10).wakes == ("web-2",)


def test_a_recount_keeps_the_difference_as_a_move(stocked: AnyShop) -> None:
    stocked.shelf.count_stock([Count("A", "BER", 7), Count("A", "PAR", 3)], NOW, "recount")
    assert free(stocked) == {"BER": 7, "PAR": 3}
    assert rows(stocked, "SELECT location, on_hand FROM stock_moves WHERE reason = 'recount'") == [("BER", -3)]


def test_a_recount_tells_which_facts_changed_and_wakes_those_who_wait(stocked: AnyShop) -> None:
    stepped(stocked, a_step(an_order(), watches=frozenset(("stock:A",))))
    assert stocked.shelf.count_stock([Count("A", "PAR", 3)], NOW) == frozenset()
    assert stocked.store.due(NOW, 10).wakes == ()
    assert stocked.shelf.count_stock([Count("A", "PAR", 4), Count("B", "PAR", 1)], NOW) == {"stock:A", "stock:B"}
    assert stocked.store.due(NOW, 10).wakes == ("web-1",)


def test_a_recount_below_what_is_promised_is_refused_by_name(stocked: AnyShop) -> None:
    stepped(stocked, a_step(an_order(), moves=taking(8)))
    with pytest.raises(OutOfStock, match=r"^A at BER$"):
        stocked.shelf.count_stock([Count("A", "AMS", 5), Count("A", "BER", 9, safety=2)], NOW)
    assert free(stocked) == {"BER": 0, "PAR": 3}


def test_where_less_is_there_than_the_safety_stock_nothing_is_free(stocked: AnyShop) -> None:
    stocked.shelf.count_stock([Count("A", "BER", 1, safety=2)], NOW)
    assert free(stocked)["BER"] == 0
    with pytest.raises(OutOfStock):
        stepped(stocked, a_step(an_order(), moves=taking(1)))


def test_a_receipt_adds_to_what_is_there(stocked: AnyShop) -> None:
    moves = [StockMove("A", "BER", 5, 0, "received"), StockMove("B", "BER", 2, 0, "received")]
    assert stocked.shelf.receive_stock(moves, NOW) == {"stock:A", "stock:B"}
    assert (free(stocked), free(stocked, "B")) == ({"BER": 13, "PAR": 3}, {"BER": 2})
    with pytest.raises(OutOfStock, match=r"^B at BER$"):
        stocked.shelf.receive_stock([StockMove("B", "BER", -3, 0, "damaged")], NOW)
