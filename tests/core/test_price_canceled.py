"""Price: what becomes of promotions and shipping when units of an order are canceled before it has its prices, or after."""

import pytest

from segue.core.cancel import Cancel
from segue.core.intake import PlaceOrder, Validate
from segue.core.pricing.pricing import priced
from segue.core.pricing.telling import why_not
from segue.core.promotion import Needs, Promotion
from segue.core.worth import keeps
from segue.policies.discounts import free_shipping
from segue.policies.shipping import by_value
from tests.core.given import given
from tests.core.shop import rule, workflow
from tests.core.test_price import HOLDS, LACK, NOW_S, ONE_FREE, TENTH, facts, new, phone, units, waiting


@pytest.mark.parametrize("to", ["DE", "US"])
def test_units_canceled_before_it_has_its_prices_cost_what_they_would_cost_if_canceled_after(to: str) -> None:
    known = facts(ONE_FREE)
    sent = phone(units("MUG", 2), units("BOOK"), to=to)
    flow = workflow(holds=HOLDS, shipping_refund=rule(by_value))
    placed = waiting(sent, known, LACK)._replace(workflow=flow)
    for number, cut in ((1, 1), (2, 3)):  # the mugs are cut into the one that is paid and the one that is free
        before = placed.after(Cancel(line=number, quantity=1)).after(Validate()).order
        after = placed.after(Validate()).after(Cancel(line=cut, quantity=1)).order
        assert before is not None
        assert after is not None
        assert keeps(before) == keeps(after)
        assert (before.withheld_minor, before.shipping_back_minor) == (after.withheld_minor, after.shipping_back_minor)
        assert (before.withheld_minor > 0) == (number == 1)  # the one that is kept costs its price
        assert before.shipping_back_minor > 0


def test_free_shipping_that_is_taken_back_costs_its_tax_as_well() -> None:
    free = Promotion(
        "free", "shipping", "free_shipping", free_shipping, Needs(subtotal_from_minor=2000), on_return="reclaim"
    )
    known = facts(free)
    order = new(known).after(PlaceOrder("phone-1", phone(units("MUG", 2), to="US"))).order
    assert order is not None
    (grant,) = order.grants
    assert (grant.shipping_minor, grant.shipping_tax_minor, order.shipping_minor) == (490, 49, 0)
    paid_for_two = keeps(order)
    one = (
        given()
        ._replace(order=order, facts=known, workflow=workflow(holds=HOLDS))
        .after(Cancel(line=1, quantity=1))
        .order
    )
    assert one is not None
    assert (paid_for_two, keeps(one)) == (2618, 1309 + 490 + 49)
    inclusive = new(known).after(PlaceOrder("phone-1", phone(units("MUG", 2)))).order
    assert inclusive is not None
    assert inclusive.grants[0].shipping_tax_minor == 0


def test_a_code_that_is_limited_by_customer_is_not_given_to_a_cart_without_one_and_that_is_said() -> None:
    known = facts(TENTH, uses={"TENTH": 0, "TENTH|": 0, "TENTH|ann": 0})
    nobodys = priced(phone(units("MUG"), codes=("TENTH",), person=""), known, NOW_S)
    anns = priced(phone(units("MUG"), codes=("TENTH",)), known, NOW_S)
    assert [why_not(told, "EUR") for told in nobodys.told] == ["it takes a customer who is known"]
    assert (nobodys.draft.grants, [grant.given for grant in anns.draft.grants]) == ((), [{1: 119}])
