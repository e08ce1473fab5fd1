"""Discounting: what promotions give to a cart, line by line, and why the others do not apply."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from segue.core.pricing.basket import Basket, Gift, Offer, Share, percent_of
from segue.core.pricing.discounting import Discounted, discounted
from segue.core.pricing.judging import keys_of
from segue.core.promotion import Bought, Goods, Lack, Needs, Promotion, compiled
from tests.core.pricing.carts import NOW_S, cart, given, left, priced, promotion, told_of

SPRING = promotion("spring", "percent_off_order", Needs(codes=("SPRING",)), percent=10, per_code=100, per_customer=1)
SHIP = promotion("ship", "free_shipping", Needs(subtotal_from_minor=5_000, methods=("standard",)))


def lacks(found: Discounted, name: str) -> tuple[Lack, ...]:
    """Why a promotion did not apply."""
    return told_of(found, name).lacks


@pytest.mark.parametrize(
    ("amount", "percent", "off"),
    [(1_005, "10", 101), (1_004, "10", 100), (1, "50", 1), (999, "33.3", 333), (7, "100", 7)],
)
def test_percentages_are_exact_then_half_up(amount: int, percent: str, off: int) -> None:
    assert percent_of(amount, Fraction(percent)) == off


def test_without_promotions_a_cart_stays_as_it_is() -> None:
    basket = cart(("MUG", 2, 1_000))
    found = priced(basket)
    assert (found.draft, found.told, found.uses) == (basket, (), {})


def test_goods_come_before_the_order_and_the_order_before_the_shipping_whatever_the_file_says() -> None:
    found = priced(
        cart(("MUG", 1, 1_000), ("CAP", 1, 3_001)),
        SHIP.__class__(
            "ship", "shipping", "percent_off_shipping", promotion("s", "percent_off_shipping", percent=50).give
        ),
        promotion("order", "amount_off_order", off_minor=1_000),
        promotion("mugs", "amount_off_goods", skus=("MUG",), off_minor=300),
    )
    assert given(found) == [("mugs", {1: 300}, 0), ("order", {1: 189, 2: 811}, 0), ("ship", {}, 250)]
    assert left(found) == [("MUG", 1, 511), ("CAP", 1, 2_190)]
    assert found.draft.shipping_minor == 250
    assert [told.promotion for told in found.told] == ["ship", "order", "mugs"]


def test_of_two_order_discounts_the_second_takes_of_what_the_first_leaves() -> None:
    found = priced(
        cart(("MUG", 1, 10_000)),
        promotion("ten", "percent_off_order", percent=10),
        promotion("five", "percent_off_order", percent=5),
    )
    assert given(found) == [("ten", {1: 1_000}, 0), ("five", {1: 450}, 0)]


def test_a_percentage_is_rounded_once_a_line_even_where_the_line_is_cut() -> None:
    found = priced(
        cart(("MUG", 3, 333)),
        promotion("one_free", "buy_and_get", buy=2, skus=("MUG",), percent=50, on_return="keep"),
        promotion("ten", "percent_off_goods", skus=("MUG",), percent=10),
    )
    assert given(found) == [("one_free", {2: 167}, 0), ("ten", {1: 66, 2: 17}, 0)]
    assert left(found) == [("MUG", 2, 600), ("MUG", 1, 149)]


def test_a_second_cut_leaves_every_unit_at_what_it_cost() -> None:
    found = priced(
        cart(("MUG", 7, 1_000)),
        promotion("ten", "amount_off_order", off_minor=1),
        promotion("thirds", "percent_off_goods", skus=("MUG",), percent="33.3"),
        promotion("pairs", "buy_and_get", skus=("MUG",), times=1, on_return="reclaim"),
        promotion("triples", "buy_and_get", skus=("MUG",), buy=2, times=1, percent=50, on_return="keep"),
    )
    assert [(line.quantity, line.discount_minor) for line in found.draft.lines] == [(5, 1_666), (1, 667), (1, 1_000)]
    assert sum(line.discount_minor for line in found.draft.lines) == 1 + 2_331 + 667 + 334


def test_a_plug_in_s_discount_may_lie_on_any_units() -> None:
    def second_free(basket: Basket) -> Offer:
        return Offer((Gift((Share(0, 2, 2, 1_000, 1_000),)),))

    found = priced(cart(("MUG", 3, 1_000)), Promotion("second", "goods", "second_free", second_free))
    assert left(found) == [("MUG", 1, 1_000), ("MUG", 1, 0), ("MUG", 1, 1_000)]
    assert found.draft.grants[0].units == {2: ((1, 1),)}


def test_a_discount_of_more_than_there_is_to_pay_is_a_mistake_of_the_plug_in() -> None:
    def too_much(basket: Basket) -> Offer:
        return Offer((Gift((Share(0, 1, 1, 1_000, 1_001),)),))

    with pytest.raises(AssertionError, match="at most what is left to pay"):
        priced(cart(("MUG", 1, 1_000)), Promotion("much", "goods", "too_much", too_much))


class TestWhyNot:
    """Why a promotion does not apply."""

    def test_what_the_order_is_and_where_it_goes(self) -> None:
        needs = Needs(tiers=("gold", "vip"), methods=("express",), channels=("app",), countries=("DE",))
        found = priced(cart(("MUG", 1, 1_000)), promotion("p", "free_shipping", needs))
        assert lacks(found, "p") == (
            Lack("tier", names=("gold", "vip")),
            Lack("method", names=("express",)),
            Lack("channel", names=("app",)),
            Lack("country", names=("DE",)),
        )

    def test_what_has_to_be_bought(self) -> None:
        goods = Goods(tags=("wear",))
        needs = Needs(subtotal_from_minor=5_000, subtotal_of=goods, items=(Bought(goods, 3),))
        found = priced(cart(("MUG", 9, 1_000), ("CAP", 1, 1_500)), promotion("p", "free_shipping", needs))
        assert lacks(found, "p") == (Lack("value", 3_500, goods), Lack("goods", 2, goods))

    def test_what_is_left_to_pay_is_judged_at_its_turn(self) -> None:
        needs = Needs(paid_from_minor=1_000)
        ship = promotion("ship", "free_shipping", needs)
        basket = cart(("MUG", 1, 1_000))
        assert told_of(priced(basket, ship), "ship").times == 1
        found = priced(basket, ship, promotion("off", "amount_off_order", off_minor=1))
        assert lacks(found, "ship") == (Lack("paid", 1),)

    @pytest.mark.parametrize(
        ("now_s", "kind"), [(NOW_S - 1, "from"), (NOW_S, ""), (NOW_S + 9, ""), (NOW_S + 10, "over")]
    )
    def test_from_when_until_when(self, now_s: int, kind: str) -> None:
        found = priced(
            cart(("MUG", 1, 1_000)), promotion("p", "free_shipping", from_s=NOW_S, until_s=NOW_S + 10), now_s=now_s
        )
        assert [lack.kind for lack in lacks(found, "p")] == ([kind] if kind else [])

    def test_codes_are_found_in_any_letters_and_an_unknown_one_is_said_to_be(self) -> None:
        found = priced(cart(("MUG", 1, 1_000), codes=(" sPring ", "SPRING", "", "winter"), person="ada"), SPRING)
        assert [(told.promotion, told.code, told.times) for told in found.told] == [
            ("spring", "SPRING", 1),
            ("", "WINTER", 0),
        ]
        assert found.draft.grants[0].code == "SPRING"
        assert lacks(priced(cart(("MUG", 1, 1_000), person="ada"), SPRING), "spring") == (
            Lack("code", names=("SPRING",)),
        )

    @pytest.mark.parametrize(
        ("uses", "kinds"),
        [
            ({}, []),
            ({"SPRING": 99}, []),
            ({"SPRING": 100}, ["used_up"]),
            ({"SPRING": 100, "SPRING|ada": 1}, ["used_up", "used_by_customer"]),
            ({"SPRING|bob": 1}, []),
        ],
    )
    def test_limits_of_a_code(self, uses: dict[str, int], kinds: list[str]) -> None:
        basket = cart(("MUG", 1, 1_000), codes=("SPRING",), person="ada")
        found = priced(basket, SPRING, uses=uses)
        assert [lack.kind for lack in lacks(found, "spring")] == kinds
        assert found.uses == ({} if kinds else {"SPRING": 100, "SPRING|ada": 1})

    def test_who_is_not_known_cannot_have_what_each_customer_has_once(self) -> None:
        found = priced(cart(("MUG", 1, 1_000), codes=("SPRING",)), SPRING)
        assert lacks(found, "spring") == (Lack("customer"),)

    def test_without_codes_a_promotion_counts_under_its_own_name(self) -> None:
        once = replace(SHIP, per_customer=1, per_code=5)
        basket = cart(("MUG", 1, 9_000), person="ada", ship_method="standard")
        assert priced(basket, once).uses == {"ship": 5, "ship|ada": 1}
        assert [lack.kind for lack in lacks(priced(basket, once, uses={"ship|ada": 1}), "ship")] == ["used_by_customer"]

    def test_where_two_share_a_code_the_lower_limit_holds(self) -> None:
        other = replace(SPRING, name="other", per_code=7, per_customer=None)
        basket = cart(("MUG", 1, 1_000), codes=("SPRING",), person="ada")
        assert priced(basket, SPRING, other).uses == {"SPRING": 7, "SPRING|ada": 1}

    def test_the_counters_that_are_looked_at_are_those_of_the_codes_given_and_of_automatic_limits(self) -> None:
        once = replace(SHIP, per_customer=1)
        listed = compiled((SPRING, once, replace(SHIP, name="free")))
        assert keys_of(cart(person="ada"), listed) == {"ship|ada"}
        assert keys_of(cart(person="ada", codes=("spring",)), listed) == {"ship|ada", "SPRING", "SPRING|ada"}

    def test_amounts_are_of_the_shop_s_currency(self) -> None:
        found = discounted(cart(("MUG", 1, 9_000), currency="USD"), compiled((SHIP, SPRING), "EUR"), {}, NOW_S)
        assert [told.lacks for told in found.told] == [(Lack("currency", names=("EUR",)),)] * 2

    def test_free_goods_and_free_shipping_leave_nothing_to_give(self) -> None:
        found = priced(
            cart(("MUG", 1, 1_000), shipping_minor=0),
            promotion("all", "percent_off_order", percent=100),
            promotion("more", "amount_off_order", off_minor=5),
            promotion("ship", "free_shipping"),
        )
        assert lacks(found, "more") == lacks(found, "ship") == (Lack("nothing_left"),)


class TestTogether:
    """What goes together with what."""

    BASKET = cart(("MUG", 1, 10_000), ship_method="standard")
    TEN = promotion("ten", "percent_off_order", percent=10)
    FIVE = promotion("five", "percent_off_order", percent=5)

    def applied(self, *promotions: Promotion) -> list[str]:
        return [told.promotion for told in priced(self.BASKET, *promotions).told if told.times]

    def test_what_stands_first_keeps_off_what_it_does_not_go_with(self) -> None:
        assert self.applied(self.FIVE, replace(self.TEN, excludes=("five",)), SHIP) == ["five", "ship"]
        assert self.applied(replace(self.TEN, excludes=("five",)), self.FIVE, SHIP) == ["ten", "ship"]
        found = priced(self.BASKET, self.FIVE, replace(self.TEN, excludes=("five",)))
        assert lacks(found, "ten") == (Lack("excluded", names=("five",)),)

    def test_one_that_stands_alone_takes_part_in_nothing_else(self) -> None:
        assert self.applied(replace(self.TEN, alone=True), self.FIVE, SHIP) == ["ten"]
        assert self.applied(self.FIVE, replace(self.TEN, alone=True), SHIP) == ["five", "ship"]

    def test_one_that_goes_with_some_only(self) -> None:
        assert self.applied(replace(self.TEN, only_with=("ship",)), self.FIVE, SHIP) == ["ten", "ship"]

    def test_of_a_group_the_one_that_gives_most_applies_and_of_equals_the_first(self) -> None:
        ten, five = replace(self.TEN, group="g"), replace(self.FIVE, group="g")
        assert self.applied(five, SHIP, ten) == ["ship", "ten"]
        assert self.applied(replace(five, name="six"), five) == ["six"]
        found = priced(self.BASKET, five, ten)
        assert lacks(found, "five") == (Lack("excluded", names=("ten",)),)

    def test_of_a_group_goods_order_and_shipping_are_compared_by_what_they_take_off(self) -> None:
        mug = promotion("mug", "percent_off_goods", percent=7, skus=("MUG",), group="g")
        ship = promotion("s", "free_shipping", Needs(paid_from_minor=1), group="g")
        assert self.applied(ship, mug, replace(self.FIVE, group="g")) == ["mug"]
        never = replace(self.TEN, needs=Needs(paid_from_minor=99_999), group="g")
        assert self.applied(never, ship) == ["s"]

    def test_the_next_best_applies_where_the_best_is_kept_off(self) -> None:
        ten, five = replace(self.TEN, group="g", excludes=("ship",)), replace(self.FIVE, group="g")
        assert self.applied(SHIP, ten, five) == ["ship", "five"]

    def test_what_gives_nothing_keeps_nothing_off(self) -> None:
        nothing = promotion("nothing", "amount_off_goods", off_minor=5, skus=("CAP",), alone=True)
        assert self.applied(nothing, self.FIVE) == ["five"]
        late = promotion("late", "percent_off_order", Needs(paid_from_minor=9_501), percent=1, excludes=("ship",))
        assert self.applied(self.FIVE, late, SHIP) == ["five", "ship"]
        found = priced(self.BASKET, self.FIVE, late, SHIP)
        assert lacks(found, "late") == (Lack("paid", 1),)

    def test_what_lacks_something_says_also_who_would_keep_it_off(self) -> None:
        found = priced(self.BASKET, self.FIVE, replace(SPRING, excludes=("five",), per_customer=None))
        assert lacks(found, "spring") == (Lack("code", names=("SPRING",)), Lack("excluded", names=("five",)))
        found = priced(self.BASKET, replace(SPRING, excludes=("five",), per_customer=None), self.FIVE)
        assert lacks(found, "spring") == (Lack("code", names=("SPRING",)),)
