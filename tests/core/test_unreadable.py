"""Unreadable amounts: they count as nothing, hold their order until it is corrected, and are told alone."""

from fractions import Fraction

import pytest

from segue.core.base import Refusal
from segue.core.draft import DraftLine, Mistake, Tax
from segue.core.hold import LiftHold
from segue.core.intake import CorrectOrder, PlaceOrder
from segue.core.mistakes import meant, rate_of
from segue.policies.validation import money_adds_up, taxes_add_up
from tests.core.shop import draft, paid, rule, sold
from tests.core.test_correct import BLOCKING, CHECKS, HOLDS, RIGHT, UNREADABLE, order_of, shop, waiting


def test_amounts_that_nobody_could_read_hold_the_order_until_they_are_corrected() -> None:
    unreadable = draft(sold(price_minor=0), total_minor=10_00, mistakes=(UNREADABLE,))
    here = waiting(unreadable)
    (failure,) = order_of(here).failures  # that the total is another one only follows
    assert (list(order_of(here).holds), failure.code) == (["well_formed"], UNREADABLE.code)
    here.when(LiftHold("well_formed")).refused(Refusal.AMOUNTS_UNREADABLE, "when the order's document is corrected")
    assert order_of(here.after(CorrectOrder(RIGHT))).failures == ()


def test_what_could_be_read_and_is_wrong_a_person_may_let_go() -> None:
    here = waiting(draft(sold(), taxes=(Tax("VAT", 3, "1.2"),), tax_minor=3, total_minor=10_03))
    assert [failure.code for failure in order_of(here).failures] == ["tax_rate_too_high"]
    assert order_of(here.after(LiftHold("well_formed"))).holds == {}


@pytest.mark.parametrize(
    ("sent", "codes"),
    [
        (sold(quantity=0), []),  # as it counts where it could not be read
        (sold(quantity=-1), ["quantity_not_positive"]),
        (sold(price_minor=-1), ["price_negative"]),
        (sold(price_minor=0, discount_minor=5), []),
        (sold(price_minor=0, discount_minor=-5), []),
    ],
)
def test_what_only_follows_from_something_unreadable_is_not_told(sent: DraftLine, codes: list[str]) -> None:
    mistakes = (UNREADABLE, Mistake("lines[1].quantity", "quantity_unreadable", "x"))
    here = waiting(draft(sent, total_minor=7, tenders=[paid(9)], mistakes=mistakes))
    found = [failure.code for failure in order_of(here).failures]
    assert found == ["too_many_digits", "quantity_unreadable", *codes]


def test_a_workflow_that_would_not_hold_unreadable_amounts_does_not_get_them() -> None:
    unreadable = draft(sold(), mistakes=(UNREADABLE,))
    careless = shop(validate=(rule(money_adds_up),))
    careless.when(PlaceOrder("web-1001", unreadable)).refused(
        Refusal.AMOUNTS_UNREADABLE, "lines[0].price is 10.001; expected: 10.00"
    )


@pytest.mark.parametrize(
    ("rate", "amount", "gross", "right"),
    [("1.19", 7_82, 49_00, "0.19"), ("19", 7_82, 49_00, "0.19"), ("1.2", 1_07, 10_00, "0.12"), ("1.2", 7, 7, "0.12")],
)
def test_a_rate_is_told_by_the_tax_within_an_amount_too(rate: str, amount: int, gross: int, right: str) -> None:
    read = rate_of(rate)
    assert read is not None
    assert meant(read, amount, gross, included=True) == rate_of(right)
    assert meant(Fraction("1.19"), 9_31, 49_00) == Fraction("0.19")


def test_the_check_of_taxes_tells_the_rate_that_was_meant_within_an_amount() -> None:
    line = sold(taxes=(Tax("VAT", 1_60, "1.19"),), tax_minor=1_60)
    sent = draft(line, taxes_included=True, total_minor=10_00)
    here = waiting(sent, validate=(*CHECKS, rule(taxes_add_up)), holds=HOLDS | {"taxes_add_up": BLOCKING})
    details = [failure.detail for failure in order_of(here).failures]
    assert "lines[0].taxes[0].rate is 1.19; expected: 0.19" in details
