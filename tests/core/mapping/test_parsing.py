"""Parsing: what a document holds becomes a value of ours, or it is said why not."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.core.mapping import parsing
from segue.core.mapping.parsing import Unreadable

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("raw", "digits", "minor"),
    [
        ("99.00", 2, 9900),
        ("2.5", 2, 250),
        ("7", 2, 700),
        ("-1.25", 2, -125),
        (" 10.00 ", 2, 1000),
        ("5.500", 2, 550),  # zeros beyond the currency's digits lose nothing
        ("1000", 0, 1000),
        ("1000.00", 0, 1000),
        ("1.234", 3, 1234),
        (13.5, 2, 1350),
        (0.1, 2, 10),
        (1999, 2, 199900),
        ("0.00", 2, 0),
        (".5", 2, None),
        ("0.001", 2, None),
        ("10.5", 0, None),
        (0.30000000000000004, 2, None),
        ("1,50", 2, None),
        ("1 000", 2, None),
        ("1e3", 2, None),
        (1e300, 2, None),
        (float("inf"), 2, None),
        ("", 2, None),
        ("١٢", 2, None),  # Arabic digits
        (True, 2, None),
        (["1"], 2, None),
        ("9" * 16, 2, None),
        ("9" * 15, 2, None),
        (10**40, 2, None),
    ],
)
def test_money_is_exact_or_refused(raw: Any, digits: int, minor: int | None) -> None:
    assert outcome(parsing.money, raw, digits) == minor


@pytest.mark.parametrize(
    ("raw", "digits", "minor"),
    [
        ("199.9900055", 2, 19999),
        ("49.97999954", 2, 4998),
        ("0.005", 2, 1),
        ("-0.005", 2, -1),
        ("0.0049", 2, 0),
        ("2.5", 0, 3),
        ("12.50", 2, 1250),
        ("1e3", 2, None),
    ],
)
def test_money_is_rounded_half_up_where_a_mapping_says_so(raw: Any, digits: int, minor: int | None) -> None:
    assert outcome(parsing.rounded_money, raw, digits) == minor


@given(st.integers(-(10**12), 10**12), st.sampled_from([0, 2, 3]))
def test_any_amount_comes_back_as_it_was_written(minor: int, digits: int) -> None:
    whole, part = divmod(abs(minor), 10**digits)
    written = f"{'-' if minor < 0 else ''}{whole}" + (f".{part:0{digits}d}" if digits else "")
    assert parsing.money(written, digits) == minor
    assert parsing.rounded_money(written, digits) == minor


@pytest.mark.parametrize(
    ("parse", "raw", "reason", "code", "expected"),
    [
        (parsing.minor, "x", "is not a whole number", "amount_unreadable", "a whole number of minor units"),
        (parsing.minor, "19.5", "is not a whole number", "too_many_digits", "a whole number of minor units"),
        *(
            (parse, raw, "is too big for an amount", "amount_unreadable", "at most 999999999999999 minor units")
            for parse in (parsing.minor, parsing.money)
            for raw in (10**15, -(10**40), "-1000000000000000.00", "0" * 20 + "9" * 16, 1e15, float("-inf"))
        ),
        (
            parsing.money, "10000000000000.00", "is too big for an amount", "amount_unreadable",
            "at most 999999999999999 minor units",
        ),
        (parsing.count, "1.5", "is not a whole number", "quantity_unreadable", "a whole number"),
        *(
            (parsing.count, raw, "is more than 1000000 units", "quantity_unreadable", "1 to 1000000")
            for raw in (10**6 + 1, 10**12, -(10**12), 10**40, "1000001", 1e300)
        ),
        (parsing.whole, "1" * 16, "is too big", "", ""),
    ],
)  # fmt: skip
def test_a_number_that_is_too_big_is_told_so(
    parse: Callable[[Any, int], Any], raw: Any, reason: str, code: str, expected: str
) -> None:
    with pytest.raises(Unreadable, match=reason) as error:
        parse(raw, 2)
    assert (error.value.code, error.value.expected) == (code, expected)


@pytest.mark.parametrize(
    ("parse", "raw", "value"),
    [
        (parsing.whole, "17850.0", 17850),
        (parsing.whole, 3, 3),
        (parsing.whole, 3.0, 3),
        (parsing.whole, "-12", -12),
        (parsing.whole, "3.5", None),
        (parsing.whole, "", None),
        (parsing.whole, None, None),
        (parsing.whole, True, None),
        (parsing.whole, 10**20, None),
        (parsing.count, "74215", 74215),
        (parsing.count, "1000001", None),
        (parsing.minor, 1999, 1999),
        (parsing.minor, "19.99", None),
        (parsing.minor, 10**15 + 1, None),
        (parsing.boolean, True, True),
        (parsing.boolean, "Yes", True),
        (parsing.boolean, "false", False),
        (parsing.boolean, 0, False),
        (parsing.boolean, "maybe", None),
        (parsing.boolean, {}, None),
        (parsing.country, "de", "DE"),
        (parsing.country, "Germany", None),
        (parsing.currency, "gbp", "GBP"),
        (parsing.currency, "XXX", None),
        (parsing.text, " a ", "a"),
        (parsing.text, 7, "7"),
        (parsing.text, False, "false"),
        (parsing.text, {"a": 1}, None),
        (parsing.text, "x" * 2001, None),
        (parsing.text, "a\0b", None),
        (parsing.text, 10**40, None),
        (parsing.latitude, "-23.55022", -23.6),
        (parsing.longitude, -46.633, -46.6),
        (parsing.latitude, "91", None),
        (parsing.latitude, "north", None),
        (parsing.latitude, None, None),
        (parsing.longitude, "nan", None),
        (parsing.rate, 0.0825, "0.0825"),
        (parsing.rate, "a fifth", "a fifth"),
        (parsing.percentage, 19, "0.19"),
        (parsing.percentage, "8.25", "0.0825"),
        (parsing.percentage, "7 %", "0.07"),
        (parsing.percentage, "0", "0"),
        (parsing.percentage, "120.50", "1.205"),
        (parsing.percentage, "-5", "-0.05"),
        (parsing.percentage, "some", "some"),
        (parsing.texts, ["a", "", None, "b"], ("a", "b")),
        (parsing.texts, "a", ("a",)),
        (parsing.one_of(("a", "b")), "a", "a"),
        (parsing.one_of(("a", "b")), "c", None),
    ],
)
def test_values_are_what_they_should_be_or_refused(parse: Callable[[Any, int], Any], raw: Any, value: Any) -> None:
    assert outcome(parse, raw, 2) == value


@pytest.mark.parametrize(
    ("raw", "form", "at_s"),
    [
        ("2025-01-23T22:16:37-05:00", "iso", 1737688597),
        ("2025-01-24T03:16:37Z", "iso", 1737688597),
        ("2025-01-24 03:16:37.9", "iso", 1737688597),  # London, in winter
        ("2023-11-04 12:19:55 -0700", "%Y-%m-%d %H:%M:%S %z", 1699125595),
        ("31/12/2023 22:36", "%d/%m/%Y %H:%M", 1704062160),
        ("2011-06-01 07:37:00", "%Y-%m-%d %H:%M:%S", 1306910220),  # in summer: an hour earlier in UTC
        ("2011-10-30 01:30:00", "%Y-%m-%d %H:%M:%S", 1319934600),  # exists twice: the first is meant
        (1737688597, "epoch_s", 1737688597),
        ("1737688597", "epoch_s", None),
        ("2023-13-04", "iso", None),
        (20231104, "iso", None),
        ("1969-12-31T00:00:00Z", "iso", None),
        ("0001-01-01T00:00:00+14:00", "iso", None),
        (10**12, "epoch_s", None),
    ],
)
def test_times_become_epoch_seconds(raw: Any, form: str, at_s: int | None) -> None:
    assert outcome(parsing.instant((form,), LONDON), raw, 2) == at_s


def test_the_first_format_that_fits_is_taken() -> None:
    parse = parsing.instant(("epoch_s", "%d/%m/%Y %H:%M", "iso"), LONDON)
    assert parse("01/02/2023 00:00", 2) == parse("2023-02-01T00:00:00Z", 2) == 1675209600


def test_a_local_time_without_a_declared_zone_is_refused() -> None:
    with pytest.raises(Unreadable, match="declares no time_zone"):
        parsing.instant(("iso",), None)("2023-11-04 12:19:55", 2)


@pytest.mark.parametrize(
    ("raw", "chosen"),
    [
        ([], {}),
        ({}, {}),
        ([{"name": "Engraving", "value": "For Ada"}], {"Engraving": "For Ada"}),
        ([{"name": "n", "value": 2}, {"name": "m", "value": None}], {"n": "2", "m": ""}),
        ([{"name": "n", "value": "a"}, {"name": "n", "value": "b"}], {"n": "a; b"}),
        ({"name": "property 1", "value": 3}, {"property 1": "3"}),
        ({"Engraving": "For Ada"}, {"Engraving": "For Ada"}),
        ({"name": 2}, None),
        ([{"name": 2}], None),
        ([{"value": "x"}], None),
        (["x"], None),
        ("x", None),
    ],
)
def test_what_a_customer_chose_comes_in_several_shapes(raw: Any, chosen: dict[str, str] | None) -> None:
    assert outcome(parsing.pairs, raw, 2) == chosen


def outcome(parse: Callable[[Any, int], Any], raw: Any, digits: int) -> Any:
    """The value, None if it is refused."""
    try:
        return parse(raw, digits)
    except Unreadable:
        return None
