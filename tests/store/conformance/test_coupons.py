"""Coupons: a counter is the number of orders that hold a use, and never goes beyond its limit."""

import pytest

from segue.core.promotion import CouponUse
from segue.ports import Needs, UsedUp
from tests.store.shops import AnyShop, a_step, an_order, order_in, rows, stepped

COUNTERS = "SELECT key, used, most FROM coupons ORDER BY key"
HOLDERS = "SELECT key, order_id FROM coupon_uses ORDER BY key, order_id"


def using(*keys: str, most: int = 2) -> tuple[CouponUse, ...]:
    return tuple(CouponUse(key, 1, most) for key in keys)


def giving_back(*keys: str, most: int = 2) -> tuple[CouponUse, ...]:
    return tuple(CouponUse(key, -1, most) for key in keys)


def test_uses_are_counted_by_key(shop: AnyShop) -> None:
    stepped(
        shop, a_step(an_order(), uses=using("SPRING", "SPRING|ada")), a_step(an_order("web-2"), uses=using("SPRING"))
    )
    assert rows(shop, COUNTERS) == [("SPRING", 2, 2), ("SPRING|ada", 1, 2)]
    assert rows(shop, HOLDERS) == [("SPRING", "web-1"), ("SPRING", "web-2"), ("SPRING|ada", "web-1")]
    wanted = frozenset(("SPRING", "SPRING|ada", "AUTUMN"))
    assert shop.store.load(Needs(uses=wanted)).uses == {"SPRING": 2, "SPRING|ada": 1, "AUTUMN": 0}
    assert shop.store.load(Needs()).uses == {}


def test_one_use_too_many_is_refused_by_name_and_nothing_is_written(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order(), uses=using("SPRING")))
    with pytest.raises(UsedUp, match=r"^SPRING$"):
        stepped(shop, *(a_step(an_order(f"web-{n}"), uses=using("SPRING")) for n in (2, 3)))
    assert order_in(shop, "web-2") is None
    assert rows(shop, COUNTERS) == [("SPRING", 1, 2)]


def test_what_is_given_back_can_be_used_by_another(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order(), uses=using("SPRING", most=1)))
    taken = a_step(an_order("web-2"), uses=using("SPRING", most=1))
    stepped(shop, a_step(an_order(version=3), 2, uses=giving_back("SPRING", most=1)), taken)
    assert (rows(shop, COUNTERS), rows(shop, HOLDERS)) == ([("SPRING", 1, 1)], [("SPRING", "web-2")])


def test_a_use_may_be_taken_and_given_back_in_one_batch(shop: AnyShop) -> None:
    back = a_step(an_order(version=3), 2, uses=giving_back("SPRING"))
    stepped(shop, a_step(an_order(), uses=using("SPRING")), back)
    assert (rows(shop, COUNTERS), rows(shop, HOLDERS)) == ([("SPRING", 0, 2)], [])


def test_a_use_may_be_given_back_and_taken_again_in_one_batch(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order(), uses=using("SPRING")))
    back = a_step(an_order(version=3), 2, uses=giving_back("SPRING"))
    stepped(shop, back, a_step(an_order(version=4), 3, uses=using("SPRING")))
    assert (rows(shop, COUNTERS), rows(shop, HOLDERS)) == ([("SPRING", 1, 2)], [("SPRING", "web-1")])


def test_a_lowered_limit_refuses_further_uses_and_takes_back_old_ones(shop: AnyShop) -> None:
    stepped(shop, *(a_step(an_order(f"web-{n}"), uses=using("SPRING", most=5)) for n in (1, 2, 3)))
    with pytest.raises(UsedUp):
        stepped(shop, a_step(an_order("web-4"), uses=using("SPRING", most=2)))
    stepped(shop, a_step(an_order("web-1", version=3), 2, uses=giving_back("SPRING", most=2)))
    assert rows(shop, COUNTERS) == [("SPRING", 2, 5)]


def test_a_raised_limit_holds_from_the_next_use_on(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order(), uses=using("SPRING", most=1)))
    stepped(shop, a_step(an_order("web-2"), uses=using("SPRING", most=2)))
    assert rows(shop, COUNTERS) == [("SPRING", 2, 2)]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE coupons SET used = 3",
        "UPDATE coupons SET used = -1",
        "UPDATE coupons SET most = 0, used = 0",
        "INSERT INTO coupon_uses (key, order_id) VALUES ('SPRING', 'web-1')",
        "INSERT INTO coupon_uses (key, order_id) VALUES ('', 'web-2')",
    ],
)
def test_the_database_itself_refuses_what_cannot_be(shop: AnyShop, change: str) -> None:
    stepped(shop, a_step(an_order(), uses=using("SPRING")))
    with pytest.raises(shop.refused), shop.database.transaction() as cursor:
        cursor.execute(change)
