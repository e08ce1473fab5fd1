"""Adjusting: a price lowered after the sale, an apology in money; each bounded by what is left, and given only once."""

from typing import Any

import pytest

from segue.core.adjust import AdjustPrice, GiveGoodwill, GoodwillGiven, PriceAdjusted
from segue.core.base import Because, Refusal
from segue.core.cancel import Cancel
from segue.core.draft import Charge
from segue.core.refund import Refund, RefundCapped
from segue.core.returns import RecordReturn
from segue.core.void import Void
from segue.core.worth import keeps
from tests.core.given import Given
from tests.core.shop import sold
from tests.core.test_worth import delivered, order_of

REACTIONS = {
    what: [Void(), Refund()] for what in ("price_adjusted", "goodwill_given", "units_returned", "units_canceled")
}


def shirts(quantity: int = 3, price_minor: int = 10_00, **more: Any) -> Given:
    """Shirts that were paid in advance and have arrived."""
    line = sold(quantity=quantity, price_minor=price_minor, **more)
    return delivered(line, kind="prepaid").knowing(on=REACTIONS)


def refunded(known: Given) -> int:
    return order_of(known).tenders["P1"].tally.get("refunded", 0)


def test_a_price_is_lowered_for_some_units_and_the_difference_is_given_back() -> None:
    because = Because("adjusted", {"left": 20_00, "amount": 5_00})
    lowered = PriceAdjusted(line=1, units=((1, 2),), amount_minor=5_00, reason="found cheaper", because=because)
    shirts().when(AdjustPrice(1, 5_00, 2, "found cheaper")).then(lowered, because=True)
    assert refunded(shirts().after(AdjustPrice(1, 5_00, 2))) == 5_00


def test_what_a_price_was_lowered_by_is_not_given_back_again_when_the_unit_returns() -> None:
    known = shirts().after(AdjustPrice(1, 5_01, 2)).after(RecordReturn(1, 1))
    assert refunded(known) == 5_01 + 10_00 - 2_51
    known = known.after(RecordReturn(1, 2))
    assert refunded(known) == 30_00
    assert keeps(order_of(known)) == 0


def test_a_price_may_be_lowered_of_all_units_that_are_kept_and_of_none_twice_below_nothing() -> None:
    known = shirts().after(RecordReturn(1, 1)).after(AdjustPrice(1, 19_00))
    assert [each.units for each in order_of(known).adjustments] == [((2, 3),)]
    known.when(AdjustPrice(1, 1_01)).refused(Refusal.AMOUNT_TOO_LARGE)
    known.when(AdjustPrice(1, 51, 1)).refused(
        Refusal.AMOUNT_TOO_LARGE, "0.51 USD off unit 2, 0.50 USD is left of what was paid for it"
    )
    assert keeps(order_of(known.after(AdjustPrice(1, 1_00)))) == 0


def test_the_tax_in_all_that_a_price_is_lowered_by_is_never_more_than_its_line_has() -> None:
    known = shirts(1, 1, tax_minor=1)
    for _ in range(2):
        known = known.after(AdjustPrice(1, 1))
    assert [each.tax_minor for each in order_of(known).adjustments] == [1, 0]


def test_the_tax_in_what_a_price_is_lowered_by_is_rounded_half_up() -> None:
    event = shirts(1, 10_00, tax_minor=83).when(AdjustPrice(1, 5_00)).events[0]
    assert isinstance(event, PriceAdjusted)
    assert event.tax_minor == 38
    free = delivered(sold("GIFT", price_minor=0), sold(), kind="prepaid").when(AdjustPrice(1, 1))
    free.refused(Refusal.AMOUNT_TOO_LARGE)


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (AdjustPrice(2, 1_00), Refusal.LINE_NOT_FOUND),
        (AdjustPrice(1, 1_00, 4), Refusal.UNITS_NOT_THERE),
        (AdjustPrice(1, 0), Refusal.AMOUNT_MISSING),
        (AdjustPrice(1, 30_01), Refusal.AMOUNT_TOO_LARGE),
        (GiveGoodwill(0, "late"), Refusal.AMOUNT_MISSING),
        (GiveGoodwill(-5, "late"), Refusal.AMOUNT_MISSING),
        (GiveGoodwill(30_01, "late"), Refusal.AMOUNT_TOO_LARGE),
    ],
)
def test_more_than_is_left_is_refused(command: Any, refusal: Refusal) -> None:
    shirts().when(command).refused(refusal)


def test_units_that_are_not_kept_have_no_price_to_lower() -> None:
    shirts().after(RecordReturn(1, 3)).when(AdjustPrice(1, 1_00)).refused(Refusal.UNITS_NOT_THERE)


def test_goodwill_is_given_and_counts_when_all_comes_back() -> None:
    known = shirts().after(GiveGoodwill(4_00, "late"))
    assert refunded(known) == 4_00
    known = known.after(RecordReturn(1, 2))
    assert refunded(known) == 24_00
    last = known.step(RecordReturn(1, 1))
    events = [event for decision in last.decisions for event in decision.events]
    because = Because("capped", {"amount": 4_00})
    assert RefundCapped(amount_minor=4_00, since="goodwill", because=because) in events
    assert last.order.tenders["P1"].tally == {"refunded": 30_00}
    known._replace(order=last.order).when(Refund()).then()


def test_goodwill_may_be_given_before_anything_is_sent() -> None:
    event = GoodwillGiven(
        amount_minor=4_00, reason="late", because=Because("goodwill", {"left": 30_00, "amount": 4_00})
    )
    shirts().when(GiveGoodwill(4_00, "late")).then(event, because=True)


def test_what_charges_below_zero_took_off_is_not_given_back_with_the_goods() -> None:
    known = delivered(sold(quantity=2), charges=(Charge("voucher", -5_00),), kind="prepaid").knowing(on=REACTIONS)
    back = known.after(RecordReturn(1, 2))
    assert order_of(back).tenders["P1"].tally == {"refunded": 15_00}
    assert order_of(back).capped == {"charges": 5_00}
    canceled = known.when(Cancel())
    canceled.refused(Refusal.NOTHING_TO_CANCEL)
