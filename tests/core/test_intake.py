"""Intake: a draft becomes an order once, with its cents where they belong and every failed check on record."""

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from segue.core.base import NeedFacts, Refusal
from segue.core.draft import Charge, Destination, Draft
from segue.core.facts import Item
from segue.core.hold import HoldLifted, HoldPlaced, LiftHold
from segue.core.intake import LINES_MAX, OrderPlaced, OrderValidated, PlaceOrder, Validate, basket_of
from segue.core.order import Failure, Order
from segue.core.wake import Wake
from segue.policies.validation import amounts_in_range, deliverable_address, known_skus, money_adds_up
from tests.core.given import Given, given
from tests.core.shop import draft, paid, rule, sold, workflow

UNLISTED = Failure("known_skus", "the catalog has no CAP", 2, facts=("item:CAP",))
CHECKS = (rule(known_skus), rule(deliverable_address))
HOLDS = {"known_skus": ("allocate",), "deliverable_address": ("release",)}
PLACED = OrderPlaced(id="web-1001", workflow="test@1", draft=draft(sold()))


def order_of(sent: Draft) -> Order:
    order = given(sent).order
    assert order is not None
    return order


def checked(*story: Draft) -> Given:
    return given(*story).knowing(validate=CHECKS, holds=HOLDS)


def test_a_draft_becomes_an_order() -> None:
    given().when(PlaceOrder("web-1001", PLACED.draft)).then(PLACED)


def test_the_same_order_is_not_placed_twice_and_is_not_another_one_either() -> None:
    given(draft(sold())).when(PlaceOrder("web-1001", PLACED.draft)).then()
    given(draft(sold())).when(PlaceOrder("web-1001", draft(sold("CAP")))).refused(Refusal.ORDER_EXISTS, "web-1001")


def test_nothing_else_can_be_asked_of_an_order_that_is_not_there() -> None:
    given().when(Validate()).refused(Refusal.ORDER_NOT_FOUND)


def test_an_order_needs_lines_but_not_too_many() -> None:
    given().when(PlaceOrder("x", draft(kind="gateway"))).refused(Refusal.LINES_MISSING)
    given().when(PlaceOrder("x", draft(*[sold()] * (LINES_MAX + 1)))).refused(Refusal.LINES_TOO_MANY)


def test_every_failed_check_is_recorded_and_places_its_hold_not_only_the_first() -> None:
    sent = draft(sold(), sold("CAP"), ship_to=Destination("US", missing=("street", "city")))
    no_street = Failure("deliverable_address", "missing: street, city")
    known = given().knowing(validate=CHECKS, items={"SHIRT": Item("SHIRT"), "CAP": None}, holds=HOLDS)
    known.when(PlaceOrder("web-1001", sent)).then(
        OrderPlaced(id="web-1001", workflow="test@1", draft=sent),
        OrderValidated(failures=(UNLISTED, no_street)),
        HoldPlaced(hold="known_skus:2", type="known_skus", line=2, reason="the catalog has no CAP"),
        HoldPlaced(hold="deliverable_address", type="deliverable_address", reason="missing: street, city"),
    )


def test_a_check_that_fails_twice_places_one_hold() -> None:
    sent = draft(sold(), tenders=[paid(1)], total_minor=2)
    known = given().knowing(validate=(rule(money_adds_up),), holds={"money_adds_up": ("capture",)})
    placed = known.when(PlaceOrder("web-1001", sent)).order
    assert placed is not None
    assert len(placed.failures) == 2
    assert placed.holds["money_adds_up"].reason == "; ".join(failure.detail for failure in placed.failures)


def test_a_check_that_only_informs_holds_nothing() -> None:
    told = Failure("told", "by the way", blocks=False)
    known = given(draft(sold())).knowing(validate=(rule(lambda order, facts: [told]),))
    known.when(Validate()).then(OrderValidated(failures=(told,)))


def test_checks_need_their_facts() -> None:
    known = given().knowing(validate=CHECKS, holds=HOLDS)
    with pytest.raises(NeedFacts, match="item: SHIRT"):
        known.when(PlaceOrder("web-1001", draft(sold())))


def test_what_fails_still_is_not_said_again() -> None:
    failing = checked(draft(sold(), sold("CAP"))).knowing(validate=CHECKS, holds=HOLDS, items={"CAP": None})
    once = failing._replace(order=failing.when(Validate()).order)
    once.when(Validate()).then()


def test_a_check_that_passes_now_lifts_its_hold_whether_asked_to_validate_or_woken() -> None:
    failing = checked(draft(sold(), sold("CAP"))).knowing(validate=CHECKS, holds=HOLDS, items={"CAP": None})
    held = failing._replace(order=failing.when(Validate()).order).knowing(validate=CHECKS, holds=HOLDS)
    for asked in (Validate(), Wake()):
        held.when(asked).then(
            OrderValidated(failures=()), HoldLifted(hold="known_skus:2", reason="the check passes now")
        )


def test_a_hold_that_a_person_has_lifted_is_not_placed_again_by_the_same_failure() -> None:
    sent = draft(sold(), sold("CAP"), ship_to=Destination("US", missing=("city",)))
    failing = checked(sent).knowing(validate=CHECKS, holds=HOLDS, items={"CAP": None})
    overridden = failing.after(Validate()).after(LiftHold("deliverable_address", "the customer called"))
    listed = overridden.knowing(validate=CHECKS, holds=HOLDS)
    still = Failure("deliverable_address", "missing: city")
    listed.when(Wake()).then(
        OrderValidated(failures=(still,)), HoldLifted(hold="known_skus:2", reason="the check passes now")
    )


def test_what_fails_newly_is_held() -> None:
    order = given(draft(sold(), sold("CAP"))).knowing(validate=CHECKS, holds=HOLDS, items={"CAP": None})
    order.when(Validate()).then(
        OrderValidated(failures=(UNLISTED,)),
        HoldPlaced(hold="known_skus:2", type="known_skus", line=2, reason="the catalog has no CAP"),
    )


def test_the_discount_of_the_order_is_spread_by_what_the_lines_own_discounts_leave() -> None:
    order = order_of(draft(sold(price_minor=80_00, discount_minor=10_00), sold("CAP", 1, 30_01), discount_minor=10_00))
    assert [line.discount_minor for line in order.lines] == [17_00, 3_00]
    assert [line.paid_minor for line in order.lines] == [63_00, 27_01]


def test_a_tax_on_the_order_is_spread_over_the_lines_after_discounts() -> None:
    order = order_of(draft(sold(price_minor=60_00), sold("CAP", 1, 40_00, discount_minor=10_00), tax_minor=9_00))
    assert [line.tax_minor for line in order.lines] == [6_00, 3_00]
    assert [line.paid_minor for line in order.lines] == [66_00, 33_00]


def test_a_tax_on_goods_that_are_free_is_spread_evenly() -> None:
    order = order_of(draft(sold(price_minor=0), sold("CAP", 1, 0), tax_minor=3))
    assert [line.tax_minor for line in order.lines] == [2, 1]


def test_a_discount_that_no_line_can_carry_is_left_for_the_money_check_to_find() -> None:
    order = order_of(draft(sold(price_minor=0), discount_minor=5_00))
    assert order.lines[0].discount_minor == 0
    assert list(money_adds_up(order, given().facts))


def test_an_included_tax_is_in_the_price_already() -> None:
    sent = draft(
        sold(price_minor=12_00, tax_minor=2_00), shipping_minor=6_00, shipping_tax_minor=1_00, total_minor=18_00
    )
    included, beside = order_of(sent_with(sent, True)), order_of(sent_with(sent, False))
    assert (included.lines[0].paid_minor, included.shipping_minor) == (12_00, 6_00)
    assert (beside.lines[0].paid_minor, beside.shipping_minor) == (14_00, 7_00)


def sent_with(sent: Draft, included: bool) -> Draft:
    return draft(*sent.lines, shipping_minor=6_00, shipping_tax_minor=1_00, taxes_included=included)


@forall(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 99_99)), min_size=1, max_size=6),
    st.integers(0, 50_00),
    st.integers(0, 20_00),
)
def test_lines_and_shipping_always_add_up_to_the_order(bought: list[tuple[int, int]], discount: int, tax: int) -> None:
    lines = [sold(f"S{number}", quantity, price) for number, (quantity, price) in enumerate(bought)]
    discount = min(discount, sum(quantity * price for quantity, price in bought))
    sent = draft(*lines, discount_minor=discount, tax_minor=tax, shipping_minor=4_99, charges=(Charge("wrap", 1_00),))
    order = order_of(sent)
    assert sum(line.paid_minor for line in order.lines) + order.shipping_minor + 1_00 == order.total_minor
    assert list(money_adds_up(order, given().facts)) == []
    for line in order.lines:
        assert line.paid_minor == line.price_minor * line.quantity - line.discount_minor + line.tax_minor


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("gateway", "due"),
        ("adopted", "authorized"),
        ("prepaid", "captured"),
        ("account", "due"),
        ("on_delivery", "due"),
    ],
)
def test_money_that_the_channel_has_brought_along_is_there_from_the_start(kind: str, state: str) -> None:
    assert order_of(draft(sold(), kind=kind)).tenders["P1"].tally == {state: 10_00}


def test_a_tender_of_nothing_has_nothing_in_any_state() -> None:
    assert order_of(draft(sold(price_minor=0))).tenders["P1"].tally == {}


def test_a_line_without_units_has_nothing_to_do_and_is_held() -> None:
    known = given().knowing(validate=(rule(amounts_in_range),), holds={"amounts_in_range": ("capture",)})
    order = known.when(PlaceOrder("x", draft(sold(quantity=0), sold(quantity=-1)))).order
    assert order is not None
    assert [line.tally for line in order.lines] == [{}, {}]
    assert order.holds["amounts_in_range"].reason.startswith("lines[0].quantity: quantity 0; lines[1].quantity: quant")


def test_the_same_goods_are_the_same_basket_in_whatever_order() -> None:
    some = order_of(draft(sold(), sold("CAP", 2)))
    same = order_of(draft(sold("CAP", 2), sold(price_minor=1)))
    other = order_of(draft(sold(), sold("CAP", 3)))
    assert basket_of(some) == basket_of(same) != basket_of(other)


def test_an_order_is_pinned_to_the_version_that_placed_it() -> None:
    placed = given().knowing(flow=workflow(capture=None)).step(PlaceOrder("x", PLACED.draft))
    assert placed.order.workflow == "test@1"
