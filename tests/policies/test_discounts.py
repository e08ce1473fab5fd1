"""Discounts: what each mechanism offers to a basket, and what it lacks."""

from fractions import Fraction

import pytest

from segue.core.draft import Draft
from segue.core.pricing.basket import Basket, Offer
from segue.core.promotion import Goods, Lack
from segue.policies.discounts import (
    amount_off_goods,
    amount_off_order,
    amount_off_shipping,
    bundle_price,
    buy_and_get,
    free_shipping,
    percent_by_tier,
    percent_off_goods,
    percent_off_order,
    percent_off_shipping,
)
from tests.core.pricing.carts import TAGS, cart


def basket(*lines: tuple[str, int, int], **fields: object) -> Basket:
    """A basket of lines (SKU, quantity, list price)."""
    made: Draft = cart(*lines, **fields)
    return Basket(made, TAGS)


def off(offer: Offer) -> list[dict[int, int]]:
    """What each gift takes off, by the position of the part."""
    return [{share.part: share.off_minor for share in gift.given} for gift in offer.gifts]


def units(offer: Offer) -> list[tuple[list[tuple[int, int, int]], list[tuple[int, int, int]]]]:
    """For each gift the units that are given, and those that are bought: part, first, last."""
    return [([share[:3] for share in gift.given], [share[:3] for share in gift.bought]) for gift in offer.gifts]


THREE = basket(("MUG", 2, 1_005), ("CAP", 1, 2_000), ("BAG", 3, 50))


def test_a_percentage_off_goods_is_rounded_once_a_line() -> None:
    assert off(percent_off_goods(THREE, percent=Fraction(10), skus=("MUG",), tags=("wear",))) == [{0: 201, 1: 200}]
    assert off(percent_off_goods(THREE, percent=Fraction(1, 10))) == [
        {0: 2, 1: 2}
    ]  # a tenth of a percent of 150: nothing
    assert percent_off_goods(THREE, percent=Fraction(1), skus=("TEE",)) == Offer(
        lacks=(Lack("goods", 1, Goods(("TEE",))),)
    )


def test_an_amount_is_off_each_unit_and_at_most_what_it_costs() -> None:
    assert off(amount_off_goods(THREE, off_minor=60, skus=("MUG", "BAG"))) == [{0: 120, 2: 150}]
    assert amount_off_goods(THREE, off_minor=60, tags=("food",)).lacks == (Lack("goods", 1, Goods((), ("food",))),)


def test_the_cheapest_of_the_goods_are_free_and_taken_from_the_end_of_their_line() -> None:
    offer = buy_and_get(basket(("CAP", 2, 2_000), ("TEE", 3, 1_500), ("MUG", 9, 1)), tags=("wear",))
    assert off(offer) == [{1: 1_500}, {1: 1_500}]
    assert units(offer) == [([(1, 3, 3)], [(1, 1, 1)]), ([(1, 2, 2)], [(0, 2, 2)])]


@pytest.mark.parametrize(("count", "gifts"), [(2, 0), (3, 1), (5, 1), (6, 2), (9, 3)])
def test_it_is_given_as_often_as_the_goods_are_enough(count: int, gifts: int) -> None:
    offer = buy_and_get(basket(("MUG", count, 1_000)), buy=2, get=1, percent=Fraction(50), skus=("MUG",))
    assert off(offer) == [{0: 500}] * gifts
    assert offer.lacks == (() if gifts else (Lack("goods", 1, Goods(("MUG",))),))
    once = buy_and_get(basket(("MUG", count, 1_000)), buy=2, get=1, skus=("MUG",), times=1)
    assert len(once.gifts) == min(gifts, 1)


def test_a_gift_may_be_of_several_lines() -> None:
    offer = buy_and_get(basket(("CAP", 1, 901), ("TEE", 1, 900), ("CAP", 2, 1_500)), buy=2, get=2, percent=Fraction(50))
    assert off(offer) == [{1: 450, 0: 451}]
    assert units(offer) == [([(1, 1, 1), (0, 1, 1)], [(2, 1, 2)])]


def test_others_are_given_than_those_that_are_bought() -> None:
    lines = (("CAP", 3, 2_000), ("MUG", 1, 700), ("CUP", 4, 500))
    offer = buy_and_get(basket(*lines), skus=("CAP",), get_tags=("kitchen",), get=2)
    assert off(offer) == [{2: 1_000}, {2: 1_000}]
    assert units(offer)[0] == ([(2, 3, 4)], [(0, 3, 3)])
    offer = buy_and_get(basket(*lines), buy=4, skus=("CAP",), get_skus=("TEE",), get=2)
    assert offer.lacks == (Lack("goods", 1, Goods(("CAP",))), Lack("goods", 2, Goods(("TEE",))))


def test_what_is_given_does_not_count_as_bought() -> None:
    offer = buy_and_get(basket(("CAP", 3, 2_000)), tags=("wear",), get_skus=("CAP",))
    assert offer.lacks == (Lack("goods", 1, Goods((), ("wear",))),)


def test_each_sku_for_itself_if_they_have_to_be_the_same() -> None:
    lines = (("CAP", 2, 2_000), ("TEE", 3, 1_000), ("CAP", 1, 1_900))
    offer = buy_and_get(basket(*lines), tags=("wear",), same_sku=True)
    assert off(offer) == [{2: 1_900}, {1: 1_000}]
    assert len(buy_and_get(basket(*lines), tags=("wear",), same_sku=True, times=1).gifts) == 1
    offer = buy_and_get(basket(*lines), tags=("wear",), buy=4, same_sku=True)
    assert offer.lacks == (Lack("goods", 2, Goods(("CAP",))),)
    assert buy_and_get(basket(), tags=("wear",), same_sku=True).lacks == (Lack("goods", 2, Goods((), ("wear",))),)


def test_a_bundle_costs_its_price_dearest_units_first() -> None:
    lines = (("MUG", 2, 1_000), ("CAP", 3, 2_000), ("MUG", 1, 1_200))
    offer = bundle_price(basket(*lines), skus=("MUG", "CAP"), price_minor=2_400)
    assert [sum(gift.values()) for gift in off(offer)] == [800, 600, 600]
    assert off(offer)[0] == {2: 300, 1: 500}
    assert all(gift.together for gift in offer.gifts)
    offer = bundle_price(basket(*lines), skus=("MUG", "CAP"), price_minor=3_100)
    assert [sum(gift.values()) for gift in off(offer)] == [100]
    assert bundle_price(basket(*lines), skus=("MUG", "CAP"), price_minor=3_200) == Offer()


def test_a_bundle_may_need_one_sku_twice_and_says_what_lacks() -> None:
    offer = bundle_price(basket(("MUG", 1, 1_000)), skus=("CAP", "MUG", "MUG"), price_minor=1)
    assert offer.lacks == (Lack("goods", 1, Goods(("CAP",))), Lack("goods", 1, Goods(("MUG",))))
    offer = bundle_price(
        basket(("MUG", 5, 1_000), ("CAP", 5, 1_000)), skus=("MUG", "CAP", "MUG"), price_minor=2_000, times=1
    )
    assert off(offer) == [{0: 667, 1: 333}]


def test_discounts_on_the_order_are_amounts() -> None:
    assert percent_off_order(THREE, percent=Fraction("12.5")).off_minor == 520
    assert amount_off_order(THREE, off_minor=500).off_minor == 500


def test_a_tier_has_its_percentage() -> None:
    percents = {"gold": Fraction(5), "vip": Fraction(10)}
    assert percent_by_tier(basket(("MUG", 1, 1_000), tier="vip"), percents=percents).off_minor == 100
    assert percent_by_tier(basket(("MUG", 1, 1_000)), percents=percents).lacks == (Lack("tier", names=("gold", "vip")),)


def test_discounts_on_the_shipping_are_amounts() -> None:
    assert free_shipping(THREE).off_minor == 500
    assert percent_off_shipping(THREE, percent=Fraction(50)).off_minor == 250
    assert amount_off_shipping(THREE, off_minor=99).off_minor == 99
