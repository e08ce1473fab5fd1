"""Price: an order that came without prices is priced from the catalog, waits for what is missing, and goes on by itself."""

from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from typing import Any

import pytest
from msgspec import json
from msgspec.structs import replace

from segue.core.actions import allowed_actions
from segue.core.base import NeedFacts, Refusal
from segue.core.cancel import UnitsCanceled
from segue.core.draft import Charge, Destination, Draft, DraftLine, DraftTender, Tax
from segue.core.facts import Facts, Item
from segue.core.hold import HoldLifted, HoldPlaced, LiftHold
from segue.core.intake import OrderPlaced, OrderValidated, PlaceOrder, Validate
from segue.core.order import Failure, Order
from segue.core.price import OrderPriced, Price
from segue.core.price_list import PriceList, Shipping
from segue.core.pricing.pricing import Priced, coupon_uses, priced
from segue.core.pricing.rates import RateTable, TaxRule, Zone, quoted
from segue.core.promotion import CouponUse, Needs, Promotion, compiled
from segue.core.taxes import TaxAnswer, TaxRequest
from segue.policies.discounts import buy_and_get, percent_off_order
from tests.core.given import Given, given
from tests.core.shop import hold, workflow

NOW_S = 1_780_000_000
ITEMS = {"MUG": Item("MUG", "Mug", 1190), "BOOK": Item("BOOK", "Book", 1070, tax_class="reduced"), "NEW": Item("NEW")}
VAT = RateTable(
    {"DE": Zone("DE", "", (TaxRule("VAT", "0.19", {"reduced": "0.07"}),), included=True),
     "US": Zone("US", "", (TaxRule("TAX", "0.1"),))},
    frozenset(("standard", "reduced")),
)  # fmt: skip
TENTH = Promotion(
    "a_tenth", "order", "percent_off_order", partial(percent_off_order, percent=Fraction(10)), Needs(codes=("TENTH",)),
    per_code=2, per_customer=1,
)  # fmt: skip
ONE_FREE = Promotion("one_free", "goods", "buy_and_get", partial(buy_and_get, skus=("MUG",)), on_return="reclaim")
HOLDS = {"priced": hold("authorize"), "money_adds_up": hold("authorize")}


def phone(*lines: DraftLine, codes: tuple[str, ...] = (), to: str = "DE", **more: Any) -> Draft:
    """An order that somebody took down at the telephone: goods and quantities."""
    usual: dict[str, Any] = {"tenders": (DraftTender("gateway", 0),), "ship_method": "standard", "person": "ann"}
    ship_to = Destination(to)
    return Draft("phone", "1", NOW_S, "EUR", lines, more.pop("total", 0), codes=codes, ship_to=ship_to, priced=False,
        **usual | more)  # fmt: skip


def units(sku: str, quantity: int = 1) -> DraftLine:
    """Some units, without a price."""
    return DraftLine(sku, quantity, 0)


class Telling(Facts):
    """Facts that know the taxes, whatever is asked."""

    def tax(self, request: TaxRequest) -> TaxAnswer:
        return quoted(VAT, json.decode(json.encode(request), type=TaxRequest))


def facts(*promotions: Promotion, uses: Mapping[str, int] | None = None, **shipping: Shipping) -> Facts:
    """What is known: the catalog, these promotions and shipping methods."""
    known = Telling(price_list=PriceList(compiled(promotions), {"standard": Shipping(490), **shipping}))
    known.items |= {**ITEMS, "NONE": None}
    known.learn_uses(uses if uses is not None else dict.fromkeys(("TENTH", "TENTH|ann"), 0))
    return known


def waiting(draft: Draft, known: Facts, *missing: Failure) -> Given:
    """An order that was placed and waits for its prices."""
    placed = OrderPlaced("phone-1", "test@1", draft)
    held = [HoldPlaced(failure.check, failure.check) for failure in missing]
    return given(placed, OrderValidated(missing), *held)._replace(facts=known, workflow=workflow(holds=HOLDS))


def new(known: Facts) -> Given:
    """No order yet."""
    return Given(None, known, workflow(holds=HOLDS), NOW_S, "channel:phone")


def test_an_order_without_prices_gets_those_of_the_catalog_with_their_tax() -> None:
    found = priced(phone(units("MUG", 2), units("BOOK")), facts(), NOW_S).draft
    assert [(line.price_minor, line.title, line.tax_minor) for line in found.lines] == [
        (1190, "Mug", 380),
        (1070, "Book", 70),
    ]
    assert (found.shipping_minor, found.shipping_tax_minor, found.taxes_included) == (490, 78, True)
    assert (found.total_minor, found.tenders[0].amount_minor, found.priced) == (2380 + 1070 + 490, 3940, True)


def test_where_prices_are_without_tax_it_comes_on_top() -> None:
    found = priced(phone(units("MUG"), to="US", charges=(Charge("wrap", 110),)), facts(), NOW_S).draft
    assert (found.lines[0].taxes, found.shipping_tax_minor) == ((Tax("TAX", 119, "0.1"),), 49)
    assert found.charges == (Charge("wrap", 110, 10),)
    assert found.total_minor == 1190 + 119 + 490 + 49 + 110


def test_what_a_draft_says_of_prices_itself_is_left_aside() -> None:
    plain = priced(phone(units("MUG")), facts(), NOW_S).draft
    said = phone(DraftLine("MUG", 1, 77, 5, 9, taxes=(Tax("X", 9),)), discount_minor=3, tax_minor=2, shipping_minor=1)
    assert priced(said, facts(), NOW_S).draft == plain


@pytest.mark.parametrize(("quantity", "shipping"), [(2, 900), (3, 0)])
def test_shipping_is_free_from_an_amount_of_goods(quantity: int, shipping: int) -> None:
    known = facts(express=Shipping(900, free_from_minor=3570))
    found = priced(phone(units("MUG", quantity), ship_method="express"), known, NOW_S).draft
    assert found.shipping_minor == shipping


def test_the_shipping_of_a_method_without_a_price_is_what_the_channel_says() -> None:
    found = priced(phone(units("MUG"), ship_method="pigeon", shipping_minor=300), facts(), NOW_S).draft
    assert (found.shipping_minor, found.total_minor) == (300, 1490)


@pytest.mark.parametrize(
    ("tenders", "amounts"),
    [
        ((), []),
        ((DraftTender("account", 0),), [1680]),
        ((DraftTender("gateway", 500),), [500]),
        ((DraftTender("prepaid", 0),), [0]),  # what was taken already is not for us to say
        ((DraftTender("gateway", 0), DraftTender("account", 0)), [0, 0]),
    ],
)
def test_a_tender_alone_and_without_an_amount_pays_all(tenders: tuple[DraftTender, ...], amounts: list[int]) -> None:
    found = priced(phone(units("MUG"), tenders=tenders), facts(), NOW_S).draft
    assert [tender.amount_minor for tender in found.tenders] == amounts


def test_a_coupon_is_given_and_its_uses_are_told() -> None:
    found = priced(phone(units("MUG"), codes=("tenth",)), facts(TENTH), NOW_S)
    assert (found.draft.lines[0].discount_minor, found.draft.grants[0].code) == (119, "TENTH")
    assert found.coupons == {"TENTH": 2, "TENTH|ann": 1}


def test_uses_that_are_not_known_are_asked_for() -> None:
    with pytest.raises(NeedFacts) as need:
        priced(phone(units("MUG"), codes=("TENTH",)), facts(TENTH, uses={}), NOW_S)
    assert (need.value.kind, need.value.keys) == ("uses", frozenset(("TENTH", "TENTH|ann")))


@pytest.mark.parametrize(
    ("skus", "details"),
    [
        (["NEW"], ["the catalog has no price of NEW"]),
        (["NONE", "MUG", "NONE"], ["the catalog has no price of NONE"]),
        (["NONE", "NEW"], ["the catalog has no price of NONE", "the catalog has no price of NEW"]),
    ],
)
def test_goods_without_a_price_cannot_be_priced(skus: list[str], details: list[str]) -> None:
    draft = phone(*map(units, skus))
    found = priced(draft, facts(), NOW_S)
    assert (found.draft, [lack.detail for lack in found.lacks]) == (draft, details)


def test_an_empty_sku_has_no_price() -> None:
    known = facts()
    known.items[""] = None
    assert priced(phone(units("")), known, NOW_S).lacks[0].detail == "the catalog has no price of an empty SKU"


def test_what_the_tax_service_does_not_know_is_a_reason_to_wait() -> None:
    found = priced(phone(units("MUG"), to=""), facts(), NOW_S)
    assert found == Priced(
        found.draft,
        lacks=(Failure("priced", "taxes depend on the country, and the order names none", facts=("prices",)),),
    )


def test_it_is_placed_with_its_prices_and_why() -> None:
    events = new(facts(TENTH)).when(PlaceOrder("phone-1", phone(units("MUG"), codes=("TENTH",)))).events
    (placed,) = events
    assert isinstance(placed, OrderPlaced)
    assert (placed.draft.total_minor, placed.draft.priced, placed.coupons) == (1561, True, {"TENTH": 2, "TENTH|ann": 1})
    assert placed.because is not None
    assert placed.because.figures == {
        "goods": 1190, "discounts": 119, "shipping": 490, "tax": 249, "total": 1561,
        "given": {"a_tenth": 119},
    }  # fmt: skip


def test_one_whose_goods_have_no_price_waits_for_them() -> None:
    draft = phone(units("MUG"), units("NEW"))
    lack = Failure("priced", "the catalog has no price of NEW", facts=("item:NEW",))
    placed = OrderPlaced("phone-1", "test@1", draft)
    order = new(facts()).when(PlaceOrder("phone-1", draft)).then(
        placed, OrderValidated((lack,)), HoldPlaced("priced", "priced", reason=lack.detail)
    )  # fmt: skip
    assert order is not None
    assert (order.unpriced, order.total_minor, [line.paid_minor for line in order.lines]) == (draft, 0, [0, 0])


DISPUTE = Failure(
    "money_adds_up", "quoted 5200, priced 1680 now", 0, True, ("item:MUG", "prices"), "total_minor", "total_differs"
)


def test_one_that_was_quoted_another_total_waits_with_both_figures() -> None:
    order = new(facts()).when(PlaceOrder("phone-1", phone(units("MUG"), total=5200))).order
    assert order is not None
    assert order.failures == (DISPUTE,)
    assert (list(order.holds), order.total_minor) == (["money_adds_up"], 5200)


def test_one_that_was_quoted_the_same_total_goes_on() -> None:
    order = new(facts()).when(PlaceOrder("phone-1", phone(units("MUG"), total=1680))).order
    assert order is not None
    assert (order.holds, order.unpriced) == ({}, None)


def test_without_a_hold_to_wait_in_it_is_refused() -> None:
    nowhere = Given(None, facts(), workflow(holds={"priced": hold()}), NOW_S, "channel:phone")
    nowhere.when(PlaceOrder("phone-1", phone(units("MUG")))).refused(Refusal.PRICE_UNKNOWN, "money_adds_up")


LACK = Failure("priced", "the catalog has no price of NEW", facts=("item:NEW",))


def test_it_is_priced_as_soon_as_the_catalog_has_the_price() -> None:
    known = facts()
    known.items["NEW"] = Item("NEW", "New", 1190)
    order = waiting(phone(units("NEW")), known, LACK)
    done = order.when(Validate())
    assert [type(event) for event in done.events] == [OrderPriced, OrderValidated, HoldLifted]
    assert done.order is not None
    assert (done.order.unpriced, done.order.total_minor, done.order.holds) == (None, 1680, {})
    assert done.order.tenders["P1"].tally == {"due": 1680}


def test_as_long_as_it_has_none_nothing_happens() -> None:
    waiting(phone(units("NEW")), facts(), LACK).when(Validate()).then()


def test_it_goes_where_the_order_goes_by_now() -> None:
    known = facts()
    order = waiting(phone(units("MUG"), to=""), known, Failure("priced", "no country"))
    assert order.order is not None
    moved = order._replace(order=replace(order.order, ship_to=Destination("US")))
    assert moved.when(Validate()).order.lines[0].tax_minor == 119  # type: ignore[union-attr]


def test_a_person_can_have_it_priced_whatever_it_was_quoted() -> None:
    order = waiting(phone(units("MUG"), total=5200), facts(), DISPUTE)
    order.when(Validate()).then()
    done = order.when(Price()).order
    assert done is not None
    assert (done.total_minor, done.holds, done.unpriced) == (1680, {}, None)


def test_pricing_is_refused_while_a_price_is_missing_and_once_it_is_done() -> None:
    waiting(phone(units("NEW")), facts(), LACK).when(Price()).refused(Refusal.PRICE_UNKNOWN, "no price of NEW")
    order = new(facts()).when(PlaceOrder("phone-1", phone(units("MUG")))).order
    new(facts())._replace(order=order).when(Price()).refused(Refusal.PRICED_ALREADY)


def test_units_stay_in_their_states_where_pricing_cuts_a_line() -> None:
    known = facts(ONE_FREE)
    order = waiting(phone(units("MUG", 4), units("BOOK")), known, Failure("priced", "it was missing"))
    assert order.order is not None
    canceled = UnitsCanceled({1: ((1, 1), (4, 4))})
    done = given(OrderPlaced("phone-1", "test@1", phone(units("MUG", 4), units("BOOK"))), canceled)
    priced_now = done._replace(facts=known, workflow=workflow(holds=HOLDS)).when(Validate()).order
    assert priced_now is not None
    assert [(line.sku, line.quantity) for line in priced_now.lines] == [("MUG", 2), ("MUG", 2), ("BOOK", 1)]
    assert [line.tally for line in priced_now.lines] == [
        {"new": ((2, 2),), "canceled": ((1, 1),)}, {"new": ((1, 1),), "canceled": ((2, 2),)}, {"new": ((1, 1),)},
    ]  # fmt: skip


def held_by(*canceled: int) -> Order:
    """An order of two units that holds a coupon, with these units canceled."""
    placed = OrderPlaced("phone-1", "test@1", phone(units("MUG", 2)), coupons={"TENTH": 2})
    events = [UnitsCanceled({1: ((unit, unit),)}) for unit in canceled]
    order = given(placed, *events).order
    assert order is not None
    return order


def test_a_coupon_is_used_when_it_is_priced_and_given_back_with_the_last_unit() -> None:
    assert coupon_uses(None, held_by()) == (CouponUse("TENTH", 1, 2),)
    assert coupon_uses(held_by(), held_by(2)) == ()
    assert coupon_uses(held_by(2), held_by(1, 2)) == (CouponUse("TENTH", -1, 2),)
    assert coupon_uses(None, held_by(1, 2)) == ()
    assert coupon_uses(None, replace(held_by(), coupons={})) == ()


def test_its_hold_is_not_lifted_by_hand_and_pricing_it_is_offered() -> None:
    known = facts()
    known.learn_stock("NEW", {})
    order = waiting(phone(units("NEW")), known, LACK)
    order.when(LiftHold("priced")).refused(Refusal.PRICE_UNKNOWN, "priced is lifted when the order is priced")
    assert order.order is not None
    offered = [action.command for action in allowed_actions(order.order, order.workflow, order.facts, NOW_S)]
    assert Price() in offered
    assert LiftHold("priced") not in offered
