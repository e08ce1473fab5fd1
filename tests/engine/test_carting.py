"""Carts and shares through the engine: reserved, extended, converted, over; and what each channel may promise."""

import random
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from bench.buyers import Round, in_waves, one_round
from bench.checkouts import FLOW, NOW_S, draft, placing, rules
from segue.core.carts import CART_UNITS_MAX, Held
from segue.core.fences import Fence
from segue.core.order import count_in
from segue.engine.carting import NotReserved, extend, release, reserve
from segue.engine.fencing import fence, fences_of, reallocate
from segue.engine.outcomes import Result
from segue.engine.stocktaking import count
from segue.engine.taking import Desk
from segue.engine.wave import TRIES_MAX, run_wave
from segue.ports import Batch, Needs, Unwritable
from segue.store.audit import Terms, audit
from segue.store.audit_stock import RULES
from segue.store.shelf import Count
from tests.store.shops import Shop, open_shop, rows

MINUTES = 60
OF_STOCK = {rule.id for rule in RULES}


@pytest.fixture
def shop() -> Iterator[Shop]:
    """Five of A in Berlin and two in Munich."""
    shop = open_shop()
    shop.shelf.count_stock([Count("A", "BER", 5), Count("A", "MUC", 2)], NOW_S)
    yield shop
    found = audit(shop.database.reader(), terms=Terms({FLOW.version: ""}))
    assert [each for each in found if each.id in OF_STOCK] == []
    shop.database.close()


def desk(shop: Shop, now_s: int = NOW_S) -> Desk:
    return Desk(shop.store, shop.room, rules(), now_s, "person:ann")


def free(shop: Shop, channel: str = "web", now_s: int = NOW_S) -> int:
    facts = rules().facts()
    loaded = shop.store.load(Needs(stock=frozenset("A"), now_s=now_s))
    facts.learn_stock("A", loaded.stock["A"])
    for sku, fences in loaded.fences.items():
        facts.learn_fences(sku, fences)
    return sum(facts.free(frozenset("A"), channel)["A"].values())


def placed(
    shop: Shop, *wanted: tuple[str, int], channel: str = "web", cart: str = "", now_s: int = NOW_S
) -> list[Result]:
    requests = [placing(name, {"A": units}, channel, cart) for name, units in wanted]
    return list(run_wave(shop.store, rules(), requests, Batch(now_s)).results)


def given(result: Result) -> int:
    assert result.order is not None
    return count_in(result.order, "allocated")


def test_a_cart_is_reserved_where_its_order_would_be_given_it(shop: Shop) -> None:
    made = reserve(desk(shop), draft("C-1", {"A": 6, "B": 1}, cart="C-1"), 15 * MINUTES)
    assert made.cart.held == (Held("A", "BER", 5), Held("A", "MUC", 1))
    assert made.missing == {"B": 1}
    assert made.cart.expires_at_s == NOW_S + 900
    assert (free(shop), free(shop, now_s=NOW_S + 899), free(shop, now_s=NOW_S + 900)) == (1, 1, 7)


def test_a_cart_that_changes_is_reserved_anew(shop: Shop) -> None:
    reserve(desk(shop), draft("C-1", {"A": 6}, cart="C-1"), 900)
    made = reserve(desk(shop, NOW_S + 60), draft("C-1", {"A": 7}, cart="C-1"), 900)
    assert (made.cart.units, made.missing, made.cart.reserved_at_s) == (7, {}, NOW_S)
    assert reserve(desk(shop), draft("C-1", {"A": 1}, cart="C-1"), 900).cart.units == 1
    assert free(shop) == 6


class Contested:
    """A store in which somebody else reserves a unit before each commit, or before the first."""

    def __init__(self, shop: Shop, once: bool = False) -> None:
        self.shop = shop
        self.load = shop.store.load
        self.once = once
        self.carts = 0

    def commit(self, batch: Batch) -> object:
        if not (self.once and self.carts):
            self.carts += 1
            name = f"other-{self.carts}"
            reserve(desk(self.shop), draft(name, {"A": 1}, cart=name), 900)
        return self.shop.store.commit(batch)


def test_a_cart_for_which_others_are_quicker_each_time_is_told_so_and_has_nothing(shop: Shop) -> None:
    contested = replace(desk(shop), store=Contested(shop))
    with pytest.raises(NotReserved, match=r"others were quicker each time that cart C-1 tried, at last with A at"):
        reserve(contested, draft("C-1", {"A": 7}, cart="C-1"), 900)
    assert free(shop) == 7 - TRIES_MAX
    assert shop.store.load(Needs(carts=frozenset(("C-1",)))).carts["C-1"] is None


def test_a_cart_that_is_over_begins_again(shop: Shop) -> None:
    reserve(desk(shop), draft("C-1", {"A": 6}, cart="C-1"), 900)
    later = NOW_S + 900
    assert reserve(desk(shop, later), draft("C-1", {"A": 2}, cart="C-1"), 900).cart.reserved_at_s == later
    assert free(shop, now_s=later) == 5


def test_a_cart_is_extended_as_long_as_it_is_not_over(shop: Shop) -> None:
    reserve(desk(shop), draft("C-1", {"A": 6}, cart="C-1"), 900)
    assert extend(desk(shop, NOW_S + 899), "C-1", 600).expires_at_s == NOW_S + 1499
    with pytest.raises(NotReserved, match=r"its time is over"):
        extend(desk(shop, NOW_S + 1499), "C-1", 600)
    with pytest.raises(NotReserved, match=r"cart C-2 has nothing reserved$"):
        extend(desk(shop), "C-2", 600)


def test_a_cart_that_is_let_go_leaves_nothing(shop: Shop) -> None:
    reserve(desk(shop), draft("C-1", {"A": 6}, cart="C-1"), 900)
    assert release(desk(shop), "C-1").units == 6
    assert free(shop) == 7
    with pytest.raises(NotReserved):
        release(desk(shop), "C-1")


def test_an_order_takes_over_what_its_cart_has_and_frees_the_rest(shop: Shop) -> None:
    reserve(desk(shop), draft("C-1", {"A": 7}, cart="C-1"), 900)
    others, mine = placed(shop, ("web-1", 7)), placed(shop, ("web-2", 6), cart="C-1")
    assert (given(others[0]), given(mine[0])) == (0, 6)
    assert free(shop) == 1


def test_two_orders_of_one_cart_in_one_wave_get_it_once(shop: Shop) -> None:
    reserve(desk(shop), draft("C-1", {"A": 5}, cart="C-1"), 900)
    assert [given(result) for result in placed(shop, ("web-1", 5), ("web-2", 5), cart="C-1")] == [5, 2]


def test_what_is_over_is_not_taken_over_and_may_be_anybodys(shop: Shop) -> None:
    reserve(desk(shop), draft("C-1", {"A": 7}, cart="C-1"), 900)
    later = NOW_S + 900
    assert given(placed(shop, ("web-1", 5), now_s=later)[0]) == 5
    assert given(placed(shop, ("web-2", 7), cart="C-1", now_s=later)[0]) == 2


def test_another_channels_cart_is_not_taken_over(shop: Shop) -> None:
    reserve(desk(shop), draft("C-1", {"A": 7}, cart="C-1"), 900)
    assert given(placed(shop, ("x-1", 5), channel="market", cart="C-1")[0]) == 0
    with pytest.raises(NotReserved, match=r"is one of web"):
        reserve(desk(shop), draft("C-1", {"A": 1}, "market", "C-1"), 900)


def test_carts_give_way_to_a_count_before_orders_do_the_youngest_first(shop: Shop) -> None:
    placed(shop, ("web-1", 3))
    reserve(desk(shop), draft("C-1", {"A": 1}, cart="C-1"), 900)
    reserve(desk(shop, NOW_S + 1), draft("C-2", {"A": 3}, cart="C-2"), 900)
    assert count(desk(shop, NOW_S + 2), ("A", "BER"), 3).given_back == {}
    carts = shop.store.load(Needs(carts=frozenset(("C-1", "C-2")))).carts
    assert [cart and cart.units for _, cart in sorted(carts.items())] == [None, 2]
    assert free(shop) == 0
    assert count(desk(shop, NOW_S + 3), ("A", "BER"), 2).given_back == {"web-1": 1}


def test_a_cart_that_comes_while_a_count_is_taken_gives_way_too(shop: Shop) -> None:
    reserve(desk(shop), draft("C-1", {"A": 1}, cart="C-1"), 900)
    count(replace(desk(shop, NOW_S + 1), store=Contested(shop, once=True)), ("A", "BER"), 0)
    carts = shop.store.load(Needs(carts=frozenset(("C-1", "other-1")))).carts
    assert carts == {"C-1": None, "other-1": None}
    assert rows(shop, "SELECT on_hand, reserved FROM stock WHERE location = 'BER'") == [(0, 0)]


def test_a_count_is_not_kept_from_what_it_says_by_carts_that_are_over(shop: Shop) -> None:
    reserve(desk(shop), draft("C-1", {"A": 5}, cart="C-1"), 900)
    placed(shop, ("web-1", 2))
    assert count(desk(shop, NOW_S + 900), ("A", "BER"), 1).given_back == {}
    assert free(shop, now_s=NOW_S + 900) == 1


@pytest.mark.parametrize("for_s", [0, -5, 8 * 86_400])
def test_a_reservation_has_bounds(shop: Shop, for_s: int) -> None:
    with pytest.raises(NotReserved, match=r"lasts between"):
        reserve(desk(shop), draft("C-1", {"A": 1}, cart="C-1"), for_s)
    with pytest.raises(NotReserved, match=r"at most"):
        reserve(desk(shop), draft("C-1", {"A": CART_UNITS_MAX + 1}, cart="C-1"), 900)
    with pytest.raises(NotReserved, match=r"has no key"):
        reserve(desk(shop), draft("C-1", {"A": 1}), 900)


def test_a_share_is_kept_for_its_channel(shop: Shop) -> None:
    fence(desk(shop), "A", [Fence("", "web", 4)])
    assert (free(shop, "web"), free(shop, "market")) == (7, 3)
    assert given(placed(shop, ("x-1", 5), channel="market")[0]) == 3
    assert (free(shop, "web"), free(shop, "market")) == (4, 0)
    assert given(placed(shop, ("web-1", 4))[0]) == 4
    assert fences_of(desk(shop), "A") == (Fence("", "web", 4, 4),)


def test_what_comes_back_is_the_channels_again(shop: Shop) -> None:
    fence(desk(shop), "A", [Fence("", "web", 4)])
    reserve(desk(shop), draft("C-1", {"A": 4}, cart="C-1"), 900)
    assert (free(shop, "web"), free(shop, "market")) == (3, 3)
    release(desk(shop), "C-1")
    assert (free(shop, "web"), free(shop, "market")) == (7, 3)


def test_what_carts_took_of_a_share_is_its_own_again_once_they_are_over(shop: Shop) -> None:
    fence(desk(shop), "A", [Fence("", "web", 4)])
    reserve(desk(shop), draft("C-1", {"A": 4}, cart="C-1"), 900)
    later = NOW_S + 900
    assert (free(shop, "web", later), free(shop, "market", later)) == (7, 3)
    assert given(placed(shop, ("x-1", 7), channel="market", now_s=later)[0]) == 3


def test_a_channel_takes_from_its_pool_before_what_is_common(shop: Shop) -> None:
    shares = [Fence("", "web", 4), Fence("", "web-de", 1, parent="web"), Fence("", "web-fr", 0, parent="web")]
    fence(desk(shop), "A", shares)
    assert [free(shop, name) for name in ("web-de", "web-fr", "web", "market")] == [7, 6, 6, 3]
    assert given(placed(shop, ("fr-1", 3), channel="web-fr")[0]) == 3
    assert [free(shop, name) for name in ("web-de", "web-fr", "market")] == [4, 3, 3]


def test_a_share_at_one_place_says_nothing_of_others(shop: Shop) -> None:
    fence(desk(shop), "A", [Fence("BER", "web", 5)])
    assert (free(shop, "web"), free(shop, "market")) == (7, 2)


def test_units_of_a_share_become_anothers(shop: Shop) -> None:
    fence(desk(shop), "A", [Fence("", "web", 4), Fence("", "market", 1)])
    assert (free(shop, "web"), free(shop, "market")) == (6, 3)
    reallocate(desk(shop), "A", 3, ("web", "market"))
    assert (free(shop, "web"), free(shop, "market")) == (3, 6)


def test_safety_stock_of_a_channel_is_not_promised_to_it(shop: Shop) -> None:
    fence(desk(shop), "A", [Fence("", "market", 0, safety=2)])
    assert (free(shop, "web"), free(shop, "market")) == (7, 5)
    assert given(placed(shop, ("x-1", 7), channel="market")[0]) == 5
    assert given(placed(shop, ("web-1", 7))[0]) == 2


def test_more_shares_than_stock_serve_who_comes_first_of_those_who_have_one(shop: Shop) -> None:
    fence(desk(shop), "A", [Fence("", "web", 6), Fence("", "market", 6)])
    assert [free(shop, name) for name in ("web", "market", "shop")] == [6, 6, 0]
    assert given(placed(shop, ("web-1", 6))[0]) == 6
    assert [free(shop, name) for name in ("web", "market", "shop")] == [0, 1, 0]


@pytest.mark.parametrize(
    ("shares", "why"),
    [
        ([Fence("", "web", 1), Fence("BER", "web", 1)], "either over all locations or each at one"),
        ([Fence("", "web", 1, parent="europe")], "no share of europe"),
        ([Fence("", "a", 1, parent="b"), Fence("", "b", 1, parent="a")], "would lie within itself"),
        ([Fence("", "a", 3), Fence("", "b", 2, parent="a"), Fence("", "c", 2, parent="a")], "within a come to 4 units"),
        ([Fence("", str(n), 0, parent=str(n - 1) if n else "") for n in range(10)], "pools deep"),
    ],
)
def test_shares_that_contradict_each_other_are_refused(shop: Shop, shares: list[Fence], why: str) -> None:
    with pytest.raises(Unwritable, match=why):
        fence(desk(shop), "A", shares)
    assert fences_of(desk(shop), "A") == ()


def test_ten_of_a_hundred_get_one_of_ten(shop: Shop) -> None:
    dice = random.Random(7)
    for number in range(3):
        made = one_round(shop, f"S{number}", lambda each: in_waves(shop, f"S{number}", each, dice), dice)  # noqa: B023
        assert made == Round(10, 10, 10)
