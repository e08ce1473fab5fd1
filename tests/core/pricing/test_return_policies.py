"""Return policies: what a grant says of what becomes of it when a part comes back (M8)."""

from segue.core.draft import Grant
from segue.core.promotion import Bought, Goods, Needs
from tests.core.pricing.carts import cart, given, left, priced, promotion

BASKET = cart(("MUG", 4, 999), ("CAP", 1, 2_000))


def test_prorated_each_unit_of_the_group_carries_its_share() -> None:
    found = priced(BASKET, promotion("b", "buy_and_get", skus=("MUG",), times=1))
    assert left(found) == [("MUG", 2, 1_998), ("MUG", 2, 999), ("CAP", 1, 2_000)]
    assert found.draft.grants == (Grant("b", given={2: 999}, units={2: ((1, 2),)}),)


def test_prorated_over_other_goods_by_what_they_cost() -> None:
    found = priced(
        cart(("CAP", 1, 3_000), ("MUG", 2, 1_000)),
        promotion("b", "buy_and_get", skus=("CAP",), get_skus=("MUG",)),
    )
    assert given(found) == [("b", {1: 750, 3: 250}, 0)]
    assert left(found) == [("CAP", 1, 2_250), ("MUG", 1, 1_000), ("MUG", 1, 750)]


def test_reclaimed_it_says_what_the_group_would_cost_without_it() -> None:
    found = priced(BASKET, promotion("b", "buy_and_get", skus=("MUG",), on_return="reclaim"))
    assert found.draft.grants == (
        Grant("b", "", {2: 999}, 0, "reclaim", {1: ((2, 2),), 2: ((2, 2),)}, {1: 999, 2: 999}),
        Grant("b", "", {2: 999}, 0, "reclaim", {1: ((1, 1),), 2: ((1, 1),)}, {1: 999, 2: 999}),
    )


def test_kept_the_discount_lies_on_what_was_given() -> None:
    found = priced(BASKET, promotion("b", "buy_and_get", skus=("MUG",), times=1, on_return="keep"))
    assert found.draft.grants == (Grant("b", "", {2: 999}, 0, "keep", {1: ((3, 3),), 2: ((1, 1),)}),)


def test_a_threshold_is_named_in_terms_of_what_is_paid() -> None:
    needs = Needs(subtotal_from_minor=5_000)
    found = priced(BASKET, promotion("t", "percent_off_order", needs, percent=10, on_return="reclaim"))
    (grant,) = found.draft.grants
    assert (grant.units, grant.condition) == ({1: ((1, 4),), 2: ((1, 1),)}, {})
    assert grant.without == {1: 3_996, 2: 2_000}
    assert grant.from_minor == 4_500  # 5,000 of 5,996 at list prices, of which 5,396 are paid


def test_a_threshold_of_what_is_left_to_pay_as_well() -> None:
    needs = Needs(paid_from_minor=5_000)
    found = priced(
        BASKET,
        promotion("m", "amount_off_goods", skus=("CAP",), off_minor=500),
        promotion("t", "percent_off_order", needs, percent=10, on_return="reclaim"),
    )
    assert found.draft.grants[1].from_minor == 4_500
    assert found.draft.grants[1].without == {1: 3_996, 2: 1_500}


def test_a_threshold_of_some_goods_is_the_condition_for_the_others() -> None:
    needs = Needs(subtotal_from_minor=3_000, subtotal_of=Goods(tags=("kitchen",)))
    found = priced(BASKET, promotion("t", "percent_off_goods", needs, percent=50, skus=("CAP",), on_return="reclaim"))
    (grant,) = found.draft.grants
    assert grant.given == {2: 1_000}
    assert (grant.units, grant.condition) == ({1: ((1, 4),), 2: ((1, 1),)}, {1: ((1, 4),)})
    assert (grant.without, grant.from_minor) == ({1: 3_996, 2: 2_000}, 3_000)


def test_goods_that_had_to_be_bought_are_the_last_ones() -> None:
    needs = Needs(items=(Bought(Goods(("MUG",)), 3), Bought(Goods(("CAP",)), 1)))
    found = priced(BASKET, promotion("t", "amount_off_shipping", needs, off_minor=100, on_return="reclaim"))
    (grant,) = found.draft.grants
    assert grant.units == {1: ((2, 4),), 2: ((1, 1),)}
    assert (grant.shipping_minor, grant.condition, grant.without) == (100, {}, {1: 2_997, 2: 2_000})


def test_goods_on_several_lines_are_counted_together() -> None:
    needs = Needs(items=(Bought(Goods(tags=("kitchen",)), 4),))
    basket = cart(("MUG", 3, 1_000), ("CAP", 1, 1_000), ("CUP", 2, 1_000))
    found = priced(basket, promotion("t", "free_shipping", needs, on_return="reclaim"))
    assert found.draft.grants[0].units == {1: ((2, 3),), 3: ((1, 2),)}


def test_what_nothing_can_undo_is_not_reclaimed() -> None:
    found = priced(BASKET, promotion("t", "percent_off_goods", percent=10, skus=("CAP",), on_return="reclaim"))
    assert [grant.on_return for grant in found.draft.grants] == ["prorate"]
