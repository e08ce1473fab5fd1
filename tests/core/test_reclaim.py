"""Reclaiming: what is withheld when a promotion's condition is broken, against a model that tries every way there."""

from itertools import chain, combinations
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.core import reclaim
from segue.core.aftersale import Adjustment
from segue.core.draft import Grant
from segue.core.moving import moved
from segue.core.order import Order, value_of
from segue.core.reclaim import Kept, discount_of, is_met, net_of, withheld_of
from segue.core.tally import Units, union
from tests.core.given import given
from tests.core.shop import draft, sold

Unit = tuple[int, int]  # line, number


def bought(*lines: Any, grants: tuple[Grant, ...] = (), **more: Any) -> Order:
    """An order of these lines, with these promotions."""
    order = given(draft(*lines, grants=grants, **more)).order
    assert order is not None
    return order


def kept(*units: Unit) -> Kept:
    """These units, by line."""
    found: dict[int, Units] = {}
    for number, unit in units:
        found[number] = union(found.get(number, ()), ((unit, unit),))
    return found


# Two for one: a shirt at 20.00, and another for nothing. What each costs without it is 20.00.
GIFT = Grant("two_for_one", given={2: 20_00}, on_return="reclaim", units={1: ((1, 1),), 2: ((1, 1),)},
             without={1: 20_00, 2: 20_00})  # fmt: skip
SHIRTS = (sold(price_minor=20_00), sold(price_minor=20_00, discount_minor=20_00))


def test_a_gift_that_stays_is_charged_for_and_never_with_more_than_came_back() -> None:
    order = bought(*SHIRTS, grants=(GIFT,))
    assert withheld_of(order, kept((1, 1), (2, 1))) == 0
    assert withheld_of(order, kept((2, 1))) == 20_00
    assert withheld_of(order, kept((1, 1))) == 0
    assert withheld_of(order, {}) == 0
    dear = replace(GIFT, without={1: 20_00, 2: 50_00})
    assert withheld_of(bought(*SHIRTS, grants=(dear,)), kept((2, 1))) == 20_00


@pytest.mark.parametrize("on_return", ["prorate", "keep"])
def test_only_a_promotion_that_reclaims_withholds_anything(on_return: Any) -> None:
    order = bought(*SHIRTS, grants=(replace(GIFT, on_return=on_return),))
    assert withheld_of(order, kept((2, 1))) == 0


def test_below_a_threshold_what_is_kept_costs_what_it_would_have_cost() -> None:
    ten_off = Grant("ten_off", given={1: 10_00}, on_return="reclaim", units={1: ((1, 10),)}, without={1: 110_00},
                    from_minor=91_00)  # fmt: skip
    order = bought(sold(quantity=10, price_minor=11_00, discount_minor=10_00), grants=(ten_off,))
    assert withheld_of(order, {1: ((2, 10),)}) == 9_00
    assert withheld_of(order, {1: ((10, 10),)}) == 1_00


def test_what_was_given_back_while_the_threshold_was_reached_is_not_charged_again() -> None:
    half = Grant("half", given={1: 100_00}, on_return="reclaim", units={1: ((1, 10),)}, without={1: 200_00},
                 from_minor=50_00)  # fmt: skip
    order = bought(sold(quantity=10, price_minor=20_00, discount_minor=100_00), grants=(half,))
    assert withheld_of(order, {1: ((6, 10),)}) == 0
    assert withheld_of(order, {1: ((7, 10),)}) == 10_00
    assert withheld_of(order, {1: ((9, 10),)}) == 20_00


def test_only_the_goods_that_had_to_be_bought_have_to_be_kept() -> None:
    lamps = Grant("lamps", given={1: 4_00, 2: 1_00}, on_return="reclaim", units={1: ((1, 2),), 2: ((1, 1),)},
                  without={1: 40_00, 2: 10_00}, condition={1: ((1, 2),)})  # fmt: skip
    order = bought(
        sold(quantity=2, price_minor=20_00, discount_minor=4_00), sold(price_minor=10_00, discount_minor=1_00),
        grants=(lamps,),
    )  # fmt: skip
    assert is_met(order, lamps, kept((1, 1), (1, 2)))
    assert withheld_of(order, kept((1, 1), (1, 2))) == 0
    assert withheld_of(order, kept((1, 1), (2, 1))) == 3_00
    assert withheld_of(order, kept((2, 1))) == 1_00


def test_free_shipping_is_charged_once_too_little_is_kept_and_not_if_nothing_is() -> None:
    free = Grant("free_shipping", shipping_minor=4_99, on_return="reclaim", from_minor=25_00)
    order = bought(sold(quantity=3), grants=(free,))
    assert withheld_of(order, {1: ((1, 3),)}) == 0
    assert withheld_of(order, {1: ((2, 3),)}) == 4_99
    assert withheld_of(order, {}) == 0


def test_a_promotion_of_a_channel_is_about_the_lines_it_gave_to_and_costs_what_it_gave() -> None:
    named = Grant("channel", given={2: 5_00}, on_return="reclaim")
    order = bought(sold(), sold(quantity=2, discount_minor=5_00), grants=(named,))
    assert withheld_of(order, kept((2, 1), (2, 2))) == 0
    assert withheld_of(order, kept((1, 1), (2, 2))) == 2_50


def test_units_that_the_order_does_not_have_are_nobodys() -> None:
    strange = Grant("strange", given={9: 5_00}, on_return="reclaim", units={1: ((1, 4),), 9: ((1, 1),)})
    other = Grant("another", on_return="reclaim", units={1: ((1, 1),), 9: ((1, 1),)}, shipping_minor=1_00)
    order = bought(sold(quantity=2), grants=(strange, other))
    assert withheld_of(order, kept((1, 1), (1, 2))) == 0
    assert withheld_of(order, kept((1, 2))) == 1_00


def test_promotions_about_different_goods_withhold_each_for_itself() -> None:
    other = Grant("another", given={4: 20_00}, on_return="reclaim", units={3: ((1, 1),), 4: ((1, 1),)})
    order = bought(*SHIRTS, *SHIRTS, grants=(GIFT, other))
    assert withheld_of(order, kept((2, 1), (4, 1))) == 40_00
    assert withheld_of(order, kept((2, 1), (3, 1), (4, 1))) == 20_00


def test_a_promotion_that_never_was_met_withholds_nothing_as_long_as_all_is_kept() -> None:
    never = Grant("never", given={1: 1_00}, on_return="reclaim", from_minor=1_000_00)
    order = bought(sold(quantity=2, discount_minor=1_00), grants=(never,))
    assert withheld_of(order, {1: ((1, 2),)}) == 0


def test_of_many_promotions_on_the_same_goods_the_one_that_withholds_most_does() -> None:
    many = tuple(
        Grant(f"number_{n}", given={1: 10}, on_return="reclaim", units={1: ((1, 2),)}, without={1: 20_00 + 2 * n})
        for n in range(reclaim.SHARED_MAX + 1)
    )
    order = bought(sold(quantity=2), grants=many)
    assert withheld_of(order, kept((1, 2))) == reclaim.SHARED_MAX


def test_units_that_reach_one_threshold_do_not_reach_a_higher_one_for_nothing() -> None:
    low = Grant("low", given={1: 32}, on_return="reclaim", units={1: ((1, 4),)}, without={1: 72}, from_minor=20)
    high = Grant("high", given={1: 12}, on_return="reclaim", units={1: ((1, 4),)}, without={1: 52}, from_minor=30)
    order = bought(sold(quantity=4, price_minor=21, discount_minor=44), grants=(low, high))
    assert [withheld_of(order, {1: ((count, 4),)}) for count in (1, 2, 3, 4)] == [0, 0, 6, 11]  # 40, 30, 26, 21


def test_a_group_that_is_worth_less_than_its_threshold_is_whole_or_nothing() -> None:
    high = Grant("high", on_return="reclaim", units={2: ((1, 1),)}, from_minor=10_76, shipping_minor=5_26)
    low = Grant(
        "low", on_return="reclaim", units={2: ((1, 2),)}, without={2: 20_10}, from_minor=5_88, shipping_minor=4_96
    )
    order = bought(sold(price_minor=0), sold(quantity=2, price_minor=8_04), grants=(high, low))
    assert withheld_of(order, kept((1, 1))) == 8_04  # with one shirt both were met, and it was worth that


@pytest.mark.parametrize("units", [reclaim.UNITS_MAX + 5, 60])
def test_where_too_many_ways_lead_to_a_threshold_it_is_taken_to_be_reached_to_the_cent(units: int) -> None:
    prices = [sold(f"S{n}", price_minor=2**n + 10_000, discount_minor=5_000) for n in range(14)]
    big = Grant("big", on_return="reclaim", from_minor=70_000 + 2**14 - 1, shipping_minor=10**9)
    order = bought(*prices, sold("LAST", units, 0), grants=(big,))
    assert withheld_of(order, kept((1, 1))) == 70_000 + 2**14 - 1 - 5_001


def model(order: Order, these: set[Unit]) -> int:
    """What the kept units cost if no refund had been made before: by unit, without any of the arithmetic of ranges."""
    amount = net_of(order, kept(*these))
    for grant in order.grants:
        if grant.on_return == "reclaim" and not is_met(order, grant, kept(*these)):
            amount += grant.shipping_minor + sum(discount_of(order, grant, kept(unit)) for unit in these)
    return amount


def subsets(units: list[Unit]) -> Any:
    return chain.from_iterable(combinations(units, count) for count in range(len(units) + 1))


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Three lines of one to three units, and up to three promotions that reclaim, on any of them."""
    lines, paid = [], []
    for _ in range(3):
        quantity, price = draw(st.integers(1, 3)), draw(st.integers(0, 30))
        off = draw(st.integers(0, quantity * price))
        lines.append(sold(quantity=quantity, price_minor=price, discount_minor=off))
        paid.append(quantity * price - off)
    grants = tuple(draw(st.lists(_grants(lines, paid), max_size=3)))
    order = bought(*lines, grants=grants)
    adjusted = Adjustment(1, ((1, lines[0].quantity),), draw(st.integers(0, paid[0])))
    return replace(order, adjustments=(adjusted,)) if draw(st.booleans()) else order


@st.composite
def _grants(draw: st.DrawFn, lines: list[Any], paid: list[int]) -> Grant:
    units: dict[int, Units] = {}
    for number, line in enumerate(lines, 1):
        first = draw(st.integers(1, line.quantity))
        if draw(st.booleans()):
            units[number] = ((first, draw(st.integers(first, line.quantity))),)
    without = {number: paid[number - 1] + draw(st.integers(0, 30)) for number in units}
    from_minor = draw(st.sampled_from((0, 0, 10, 25, 60)))
    needed = draw(st.sampled_from([{}, {}, *({number: ranges} for number, ranges in units.items())]))
    return Grant("one", shipping_minor=draw(st.integers(0, 9)), on_return="reclaim", units=units,
                 without=without, from_minor=from_minor, given={1: 1}, condition=needed)  # fmt: skip


def everything(order: Order) -> list[Unit]:
    return [(line.number, unit) for line in order.lines for unit in range(1, line.quantity + 1)]


@forall(orders(), st.randoms(use_true_random=False))
def test_what_is_withheld_is_the_least_of_all_ways_to_where_the_order_is(order: Order, chance: Any) -> None:
    units = everything(order)
    here = {unit for unit in units if chance.random() < 0.5}
    if not here:
        return
    rest = [unit for unit in units if unit not in here]
    ways = [model(order, here | set(more)) for more in subsets(rest)]
    least = min(ways) - net_of(order, kept(*here))
    found = withheld_of(order, kept(*here))
    assert 0 <= found <= least
    if sum(grant.from_minor > 0 for grant in order.grants) < 2:
        assert found == least


@forall(orders(), st.randoms(use_true_random=False))
def test_whatever_comes_back_an_order_is_never_worth_more_than_before(order: Order, chance: Any) -> None:
    units = everything(order)
    chance.shuffle(units)
    before = value_of(order, kept(*units))
    while units:
        units.pop()
        worth = net_of(order, kept(*units)) + withheld_of(order, kept(*units))
        assert 0 <= worth <= before
        before = worth


def test_what_units_cost_follows_them_from_state_to_state() -> None:
    order = bought(*SHIRTS, grants=(GIFT,))
    assert withheld_of(moved(order, "new", "canceled", {1: ((1, 1),)}), kept((2, 1))) == 20_00
