"""Amounts: no cent is lost or made. The rules M1-M7, and the worked examples of the money rules."""

from fractions import Fraction

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from segue.core.amounts import CURRENCIES, EXPONENTS, decimal, exponent, half_up, move_money, of_units, spread
from segue.core.base import Refusal
from tests.core.given import refuse

WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=30).filter(any)

# amount, weights, shares
SPREADS = (
    (10_00, [1, 1, 1], [334, 333, 333]),
    (10_00, [7000, 3001], [700, 300]),
    (1_00, [0, 500, 500], [0, 50, 50]),
    (1000, [1, 1, 1], [334, 333, 333]),  # yen
    (30_00, [20_00, 20_00], [15_00, 15_00]),
    (40_00, [20_00, 60_00], [10_00, 30_00]),
    (-10_00, [1, 1, 1], [-334, -333, -333]),
    (2, [1, 1, 1], [1, 1, 0]),
    (0, [0, 0], [0, 0]),
)


@pytest.mark.parametrize(("amount", "weights", "shares"), SPREADS)
def test_an_amount_is_spread_by_largest_remainder(amount: int, weights: list[int], shares: list[int]) -> None:
    assert spread(amount, weights) == shares


@forall(st.integers(-(10**12), 10**12), WEIGHTS)
def test_the_shares_add_up_and_none_is_a_cent_away_from_its_exact_part(amount: int, weights: list[int]) -> None:
    shares = spread(amount, weights)
    assert sum(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(amount * weight, sum(weights))) < 1
        assert share == 0 or weight > 0


def test_an_amount_that_nothing_can_carry_is_our_own_mistake() -> None:
    with pytest.raises(AssertionError):
        spread(1, [0, 0])


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        (Fraction(1005, 10), 101),  # 10 % of 1005
        (Fraction(1200 * 20, 120), 200),  # 20 % included in 1200
        (Fraction(1, 2), 1),
        (Fraction(-1, 2), -1),
        (Fraction(49, 100), 0),
        (Fraction(-49, 100), 0),
    ],
)
def test_halves_are_rounded_away_from_zero(exact: Fraction, rounded: int) -> None:
    assert half_up(exact) == rounded


@forall(st.integers(-(10**9), 10**9), st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_the_units_of_a_line_add_up_to_the_line_however_it_is_cut(amount: int, cuts: list[int]) -> None:
    first, shares = 1, []
    for count in cuts:
        shares.append(of_units(amount, sum(cuts), ((first, first + count - 1),)))
        first += count
    assert sum(shares) == amount


@forall(st.integers(0, 10**6), st.integers(1, 40))
def test_the_extra_cents_lie_on_the_lowest_unit_numbers(amount: int, quantity: int) -> None:
    units = [of_units(amount, quantity, ((number, number),)) for number in range(1, quantity + 1)]
    assert units == spread(amount, [1] * quantity)
    assert of_units(amount, quantity, tuple((n, n) for n in range(1, quantity + 1, 2))) == sum(units[::2])


def test_currencies_have_their_digits() -> None:
    assert [exponent(code) for code in ("USD", "JPY", "KWD")] == [2, 0, 3]
    assert set(EXPONENTS) <= CURRENCIES
    assert {len(code) for code in CURRENCIES} == {3}


def test_money_moves_from_state_to_state_and_the_total_stays() -> None:
    assert move_money({"due": 90_00}, "due", "authorizing", 90_00) == {"authorizing": 90_00}
    assert move_money({"captured": 60_00, "refunded": 5_00}, "captured", "refunded", 10_00) == {
        "captured": 50_00,
        "refunded": 15_00,
    }


def test_more_than_is_there_is_never_moved() -> None:
    with refuse(Refusal.UNITS_NOT_THERE):
        move_money({"authorized": 1}, "authorized", "capturing", 2)
    with refuse(Refusal.REFUND_TOO_LARGE):
        move_money({"captured": 1}, "captured", "refunding", 2)


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(12_50, "EUR", "12.50"), (-5, "USD", "-0.05"), (1250, "JPY", "1250"), (-5, "KWD", "-0.005"), (0, "EUR", "0.00")],
)
def test_an_amount_is_written_with_all_its_digits(amount: int, currency: str, text: str) -> None:
    assert decimal(amount, currency) == text
