"""Worth: what an order is worth and what of it is earned, whatever was canceled or came back, in whichever order."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.core.aftersale import Adjustment
from segue.core.base import Because, Command
from segue.core.cancel import Cancel, UnitsCanceled
from segue.core.draft import Charge, Grant
from segue.core.moving import moved
from segue.core.order import Order
from segue.core.returns import RecordReturn, UnitsReturned
from segue.core.tally import Units
from segue.core.worth import balance_of, earned, keeps
from segue.policies.fees import per_return, restocking
from segue.policies.shipping import by_value, never, with_first, with_last
from tests.core.given import Given, given
from tests.core.shop import draft, rule, sold

GIFT = Grant("two_for_one", given={2: 20_00}, on_return="reclaim", units={1: ((1, 1),), 2: ((1, 1),)})
SHIRTS = (sold(price_minor=20_00), sold(price_minor=20_00, discount_minor=20_00))


def order_of(known: Given) -> Order:
    assert known.order is not None
    return known.order


def delivered(*lines: Any, **more: Any) -> Given:
    """An order that has arrived, all of it."""
    known = given(draft(*lines, **more))
    order = order_of(known)
    for line in order.lines:
        units: dict[int, Units] = {line.number: ((1, line.quantity),)}
        for source, target in (("new", "allocated"), ("allocated", "released"), ("released", "shipped")):
            order = moved(order, source, target, units)
        order = moved(order, "shipped", "delivered", units)
    return known._replace(order=order)


def test_an_order_is_worth_its_goods_and_all_that_is_charged_beside_them() -> None:
    order = order_of(given(draft(sold(quantity=3), shipping_minor=4_99, charges=(Charge("wrap", 2_00),))))
    assert keeps(order) == earned(order, ("new",)) == 36_99
    assert earned(order, ("shipped",)) == 0


def test_fees_goodwill_and_lowered_prices_count() -> None:
    order = order_of(given(draft(sold(quantity=3), shipping_minor=4_99)))
    known = replace(order, fees_minor=1_50, goodwill_minor=3_00, adjustments=(Adjustment(1, ((2, 3),), 5_01),))
    assert keeps(known) == 34_99 + 1_50 - 3_00 - 5_01
    canceled = moved(known, "new", "canceled", {1: ((2, 2),)})
    assert keeps(canceled) == 24_99 + 1_50 - 3_00 - 2_50


def test_what_cannot_be_given_back_leaves_a_balance_below_zero_and_a_worth_of_nothing() -> None:
    known = delivered(sold())
    order = replace(order_of(known), goodwill_minor=4_00)
    back = moved(order, "delivered", "returned", {1: ((1, 1),)})
    assert (balance_of(back), keeps(back), earned(back, ("delivered",))) == (-4_00, 0, 0)


def test_a_gift_that_stays_when_its_shirt_is_canceled_costs_what_the_shirt_did() -> None:
    known = given(draft(*SHIRTS, grants=(GIFT,)))
    because = Because("given_back", {"withheld": 20_00, "promotions": ["two_for_one"]})
    event = UnitsCanceled(units={1: ((1, 1),)}, withheld_minor=20_00, because=because)
    order = known.when(Cancel("", 1)).then(event, because=True)
    assert order is not None
    assert keeps(order) == earned(order, ("new",)) == 20_00
    assert earned(order, ("shipped",)) == 0


def test_a_gift_that_comes_back_too_gives_back_what_was_withheld() -> None:
    known = delivered(*SHIRTS, grants=(GIFT,))
    first = UnitsReturned(units={1: ((1, 1),)}, location="", withheld_minor=20_00)
    one_back = known.when(RecordReturn(1, 1)).then(first)
    assert one_back is not None
    assert keeps(one_back) == 20_00
    last = UnitsReturned(units={2: ((1, 1),)}, location="", withheld_minor=-20_00)
    both_back = known._replace(order=one_back).when(RecordReturn(2, 1)).then(last)
    assert both_back is not None
    assert keeps(both_back) == 0


def test_what_is_withheld_is_earned_with_the_goods_that_cost_it() -> None:
    known = given(draft(*SHIRTS, sold("CAP"), grants=(GIFT,))).after(Cancel("", 1))
    order = moved(order_of(known), "new", "allocated", {2: ((1, 1),)})
    assert earned(order, ("allocated",)) == 20_00
    assert earned(order, ("new",)) == 10_00
    assert earned(order, ("new", "allocated")) == keeps(order) == 30_00


# policy, what is worth with the first of four shirts canceled, with two returned as well, with the last one back too
SHIPPING = (
    (never, 34_99, 14_99, 4_99),
    (with_first, 30_00, 10_00, 0),
    (with_last, 34_99, 14_99, 0),
    (by_value, 33_74, 11_24, 0),
)


@pytest.mark.parametrize(("policy", "one_canceled", "two_back", "all_back"), SHIPPING)
def test_shipping_is_given_back_as_the_policy_says(
    policy: Any, one_canceled: int, two_back: int, all_back: int
) -> None:
    known = given(draft(sold(quantity=4), shipping_minor=4_99)).knowing(shipping_refund=rule(policy))
    known = known.after(Cancel("", 1, 1))
    assert keeps(order_of(known)) == one_canceled
    sent = order_of(known)
    for source, target in (("new", "allocated"), ("allocated", "released"), ("released", "shipped")):
        sent = moved(sent, source, target, {1: ((2, 4),)})
    known = known._replace(order=sent).after(RecordReturn(1, 2))
    assert keeps(order_of(known)) == two_back
    assert keeps(order_of(known.after(RecordReturn(1, 1)))) == all_back


@pytest.mark.parametrize("policy", [never, with_first, with_last, by_value])
def test_an_order_of_which_nothing_was_ever_sent_costs_nothing(policy: Any) -> None:
    known = given(draft(sold(quantity=4), shipping_minor=4_99)).knowing(shipping_refund=rule(policy))
    assert keeps(order_of(known.after(Cancel("", 1, 1)).after(Cancel()))) == 0


def test_a_fee_is_withheld_of_what_comes_back_and_never_more_than_that() -> None:
    known = delivered(sold(quantity=2), sold("GIFT", price_minor=1_00), shipping_minor=4_99)
    fee = known.knowing(return_fee=rule(per_return, fee_minor=3_00))
    order = fee.when(RecordReturn(1, 1, reason="does not fit")).then(
        UnitsReturned(units={1: ((1, 1),)}, location="", reason="does not fit", fee_minor=3_00)
    )
    assert order is not None
    assert keeps(order) == 10_00 + 1_00 + 4_99 + 3_00
    assert order_of(fee.after(RecordReturn(2, 1))).fees_minor == 1_00


@pytest.mark.parametrize("policy", [rule(restocking, percent=-5.0), rule(per_return, fee_minor=-100)])
def test_a_fee_is_never_a_gift(policy: Any) -> None:
    known = delivered(sold()).knowing(return_fee=policy)
    assert order_of(known.after(RecordReturn(1, 1))).fees_minor == 0


@st.composite
def stories(draw: st.DrawFn) -> tuple[Given, list[Command]]:
    """An order with promotions of every kind, one half of it sent; and what is canceled and what comes back of it."""
    lines, grants = [], []
    for number in range(1, 4):
        quantity, price = draw(st.integers(1, 3)), draw(st.integers(0, 2000))
        off = draw(st.integers(0, quantity * price))
        lines.append(sold(f"S{number}", quantity, price, discount_minor=off))
    policies: Any = draw(st.lists(st.sampled_from(("prorate", "reclaim", "reclaim", "keep")), max_size=3))
    for policy in policies:
        on: Any = draw(st.lists(st.integers(1, 3), min_size=1, unique=True))
        group: dict[int, Units] = {number: ((1, lines[number - 1].quantity),) for number in on}
        grants.append(
            Grant("any", given=dict.fromkeys(on, 7), on_return=policy, units=group,
                  shipping_minor=draw(st.sampled_from((0, 300))), from_minor=draw(st.sampled_from((0, 1500))))
        )  # fmt: skip
    shipping: Any = draw(st.sampled_from((never, with_first, with_last, by_value)))
    sent = draft(*lines, shipping_minor=draw(st.integers(0, 999)), grants=tuple(grants))
    known = given(sent).knowing(shipping_refund=rule(shipping))
    order = order_of(known)
    for line in order.lines[:2]:
        units: dict[int, Units] = {line.number: ((1, line.quantity),)}
        for source, target in (("new", "allocated"), ("allocated", "released"), ("released", "shipped")):
            order = moved(order, source, target, units)
    wishes: list[Command] = [RecordReturn(number, 1) for number in (1, 2) if draw(st.booleans())]
    wishes += [Cancel("", 3, draw(st.integers(1, order.lines[2].quantity))) for _ in range(1) if draw(st.booleans())]
    return known._replace(order=order), wishes


@forall(stories())
def test_in_whichever_order_goods_are_canceled_and_come_back_the_money_is_the_same(
    story: tuple[Given, list[Command]],
) -> None:
    known, wishes = story
    ends = set()
    for turn in permutations(wishes):
        here, before = known, keeps(order_of(known))
        for wish in turn:
            here = here.after(wish)
            assert keeps(order_of(here)) <= before, "nothing that comes back makes it dearer"
            before = keeps(order_of(here))
        ends.add(replace(order_of(here), version=0).withheld_minor)
        ends.add(-1 - keeps(order_of(here)))
    assert len(ends) == 2


@forall(stories(), st.data())
def test_what_is_earned_of_some_goods_is_within_what_the_order_is_worth(
    story: tuple[Given, list[Command]], data: Any
) -> None:
    known, wishes = story
    for wish in wishes:
        known = known.after(wish)
    order = order_of(known)
    every = ("new", "shipped", "delivered")
    some = tuple(data.draw(st.lists(st.sampled_from(every), unique=True)))
    assert 0 <= earned(order, some) <= earned(order, every) == keeps(order)
