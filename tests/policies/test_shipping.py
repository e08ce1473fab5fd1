"""Shipping: what of it is given back, by each policy."""

import pytest

from segue.core.moving import moved
from segue.core.policy import policies_in
from segue.policies import shipping
from tests.core.given import given
from tests.core.shop import draft, sold

# policy, given back of 5.00 with nothing canceled, with the cheap one of two lines, with both
GIVEN_BACK = (
    ("never", 0, 0, 0),
    ("with_first", 0, 5_00, 5_00),
    ("with_last", 0, 0, 5_00),
    ("by_value", 0, 1_25, 5_00),
)


@pytest.mark.parametrize(("name", "none", "one", "both"), GIVEN_BACK)
def test_shipping_goes_back_with_the_first_with_the_last_by_value_or_never(
    name: str, none: int, one: int, both: int
) -> None:
    order = given(draft(sold(), sold("CAP", 3, 10_00), shipping_minor=5_00)).order
    assert order is not None
    policy = getattr(shipping, name)
    assert policy(order) == none
    canceled = moved(order, "new", "canceled", {1: ((1, 1),)})
    assert policy(canceled) == one
    assert policy(moved(canceled, "new", "canceled", {2: ((1, 3),)})) == both


def test_of_goods_that_cost_nothing_each_unit_has_its_share_by_count() -> None:
    order = given(draft(sold(price_minor=0, quantity=2), sold("CAP", 3, 0), shipping_minor=5_00)).order
    assert order is not None
    assert shipping.by_value(moved(order, "new", "canceled", {1: ((1, 1),)})) == 1_00


def test_every_shipping_policy_is_in_the_table() -> None:
    assert {name for name, *_ in GIVEN_BACK} == set(policies_in([shipping])["shipping_refund"])
