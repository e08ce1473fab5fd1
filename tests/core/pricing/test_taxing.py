"""Taxing: exclusive and inclusive, several taxes to a line, and only what an edit changes is taxed again."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.core.draft import Charge, Destination, Draft, DraftLine, Grant, Tax
from segue.core.order import Line, Order
from segue.core.pricing.taxing import (
    Edited,
    Rate,
    merged,
    request_again,
    request_of,
    taxed,
    taxed_again,
    taxes_of,
    total_of,
)
from segue.core.proration import taxes_of as booked_taxes
from segue.core.taxes import Taxable, TaxAnswer

STATE, CITY = Rate("STATE", "0.04"), Rate("CITY", "0.045")
RATES = st.lists(st.decimals("0", "0.4", places=4).map(lambda rate: Rate("T", str(rate))), max_size=4)


def draft(*lines: DraftLine, **other: object) -> Draft:
    return Draft("phone", "1", 0, "EUR", lines, 0, **other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount", "rates", "included", "parts"),
    [
        (1200, ["0.2"], True, [200]),  # the worked example of the money rules
        (1005, ["0.1"], False, [101]),  # half a cent goes up
        (1005, ["0.1"], True, [91]),
        (10_00, ["0.04", "0.045"], False, [40, 45]),
        (1, ["0.5", "0.5"], False, [1, 0]),  # the sum is rounded; of equal ones the first has the cent
        (9, ["0.05", "0.05"], False, [1, 0]),
        (-1005, ["0.1"], False, [-101]),  # away from zero
        (100, ["0", "0.19"], False, [0, 19]),
        (100, ["0", "0.0"], False, [0, 0]),
        (100, [], False, []),
        (0, ["0.19"], True, [0]),
    ],
)
def test_the_sum_of_the_taxes_is_rounded_once_and_spread(
    amount: int, rates: list[str], included: bool, parts: list[int]
) -> None:
    named = [Rate("T", rate) for rate in rates]
    assert [tax.amount_minor for tax in taxes_of(amount, named, included)] == parts


@given(st.integers(0, 10**9), RATES, st.booleans())
def test_the_line_is_never_off_by_more_than_half_a_cent_and_no_tax_by_a_whole_one(
    amount: int, rates: list[Rate], included: bool
) -> None:
    whole = sum((Fraction(rate.fraction) for rate in rates), Fraction(0))
    base = Fraction(amount) / (1 + whole) if included else Fraction(amount)
    taxes = taxes_of(amount, rates, included)
    assert abs(total_of(taxes) - base * whole) <= Fraction(1, 2)
    for tax in taxes:
        assert abs(tax.amount_minor - base * Fraction(tax.rate)) < Fraction(3, 2)


@given(st.integers(0, 10**9), RATES)
def test_what_is_included_and_what_is_left_come_to_the_price(amount: int, rates: list[Rate]) -> None:
    inside = total_of(taxes_of(amount, rates, included=True))
    assert 0 <= inside <= amount


def test_taxes_of_one_name_and_rate_are_one() -> None:
    taxes = (Tax("VAT", 3, "0.19"), Tax("VAT", 2, "0.07"), Tax("VAT", 4, "0.19"))
    assert merged(taxes) == (Tax("VAT", 7, "0.19"), Tax("VAT", 2, "0.07"))


def test_what_is_asked_is_what_is_left_after_discounts() -> None:
    cart = draft(
        DraftLine("BOOK", 2, 1000, discount_minor=300), DraftLine("MUG", 1, 500),
        charges=(Charge("gift_wrap", 300),), shipping_minor=490, ship_to=Destination("US", "NY"),
    )  # fmt: skip
    asked = request_of(cart, {"BOOK": "reduced"}, "", 7)
    assert asked.lines == (Taxable(1700, "reduced", 2), Taxable(500))
    assert (asked.country, asked.region, asked.shipping_minor, asked.at_s) == ("US", "NY", 490, 7)
    assert (asked.charges, asked.included) == ((Taxable(300),), None)


def test_taxes_go_on_lines_shipping_and_charges() -> None:
    cart = draft(DraftLine("MUG", 1, 1000), charges=(Charge("gift_wrap", 1190),), shipping_minor=500, tax_minor=9)
    vat = (Tax("VAT", 190, "0.19"),)
    done = taxed(cart, TaxAnswer((vat,), (Tax("VAT", 95, "0.19"),), (vat,), included=False))
    assert (done.lines[0].tax_minor, done.lines[0].taxes) == (190, vat)
    assert (done.shipping_tax_minor, done.shipping_taxes) == (95, (Tax("VAT", 95, "0.19"),))
    assert (done.charges, done.tax_minor, done.taxes_included) == ((Charge("gift_wrap", 1190, 190),), 0, False)


@pytest.mark.parametrize(("included", "without"), [(False, {1: 1190}), (True, {1: 1000})])
def test_what_a_line_would_cost_without_a_grant_is_said_with_its_tax(included: bool, without: dict[int, int]) -> None:
    grant = Grant("bogo", given={1: 500}, on_return="reclaim", without={1: 1000})
    cart = draft(DraftLine("MUG", 1, 1000, discount_minor=500), grants=(grant,))
    done = taxed(cart, TaxAnswer(((Tax("VAT", 95, "0.19"),),), included=included))
    assert done.grants[0].without == without


@pytest.mark.parametrize(("included", "from_minor"), [(False, 5_356), (True, 4_500)])
def test_a_threshold_is_said_with_the_tax_on_what_counts_for_it(included: bool, from_minor: int) -> None:
    grant = Grant(
        "ten", on_return="reclaim", units={1: ((1, 2),), 2: ((1, 1),)}, from_minor=4_500, condition={1: ((1, 2),)}
    )
    cart = draft(DraftLine("MUG", 2, 3_000, discount_minor=600), DraftLine("TEA", 1, 900), grants=(grant,))
    vat = ((Tax("VAT", 1_027, "0.19"),), (Tax("VAT", 63, "0.07"),))
    assert taxed(cart, TaxAnswer(vat, included=included)).grants[0].from_minor == from_minor


TWO_TAXES = (Tax("STATE", 120, "0.04"), Tax("CITY", 135, "0.045"))
ORDER = Order(
    "web-1", 1, "web", "1", "w@1", 0, "USD",
    (Line(1, "MUG", 3, 1000, 0, 255, 3255, {}, taxes=TWO_TAXES), Line(2, "TEA", 1, 500, 0, 20, 520, {})),
    3775, 0, ship_to=Destination("US", "NY"), taxes_included=True,
)  # fmt: skip


def test_only_what_an_edit_changes_is_taxed_again() -> None:
    edits = (Edited(1, 2, 2000), Edited(2, 1, 400, replaced=((1, 1),), tax_class="food"))
    asked = request_again(ORDER, edits, 9)
    assert asked.lines == (Taxable(2000, quantity=2), Taxable(400, "food"))
    assert (asked.country, asked.included, asked.shipping_minor, asked.at_s) == ("US", True, 0, 9)


def test_units_that_an_edit_leaves_alone_keep_their_tax_to_the_cent() -> None:
    added = (Tax("STATE", 81, "0.0405"), Tax("CITY", 90, "0.045"))
    found = taxed_again(ORDER, (Edited(1, 2, 2000),), TaxAnswer((added,)))
    assert found == {1: (Tax("STATE", 120, "0.04"), Tax("CITY", 225, "0.045"), Tax("STATE", 81, "0.0405"))}


def test_units_that_are_replaced_lose_theirs_and_the_others_keep_their_cents() -> None:
    edits = (Edited(1, 1, 900, replaced=((1, 1),)), Edited(1, 1, 800, replaced=((3, 3),)))
    answer = TaxAnswer(((Tax("STATE", 36, "0.04"),), (Tax("STATE", 32, "0.04"),)))
    (taxes,) = taxed_again(ORDER, edits, answer).values()
    assert taxes == (Tax("STATE", 40 + 36 + 32, "0.04"), Tax("CITY", 45, "0.045"))


def test_a_line_whose_taxes_nobody_named_keeps_their_sum() -> None:
    assert taxed_again(ORDER, (Edited(2, 1, 500),), TaxAnswer(((Tax("VAT", 95, "0.19"),),))) == {
        2: (Tax("", 20), Tax("VAT", 95, "0.19"))
    }


def test_the_taxes_of_units_that_stay_are_those_that_the_ledger_books_for_them() -> None:
    gst_and_qst = (Tax("GST", 1, "0.05"), Tax("QST", 1, "0.09975"))
    order = Order("o", 1, "web", "1", "w", 0, "CAD", (Line(1, "A", 2, 10, 0, 2, 22, {}, taxes=gst_and_qst),), 22, 0)
    for replaced, stays in (((1, 1), (2, 2)), ((2, 2), (1, 1))):
        (kept,) = taxed_again(order, (Edited(1, 1, 10, replaced=(replaced,)),), TaxAnswer(((),))).values()
        assert {tax.name: tax.amount_minor for tax in kept} == booked_taxes(order, {1: (stays,)})
