"""Rates: the table by country and region, by tax class and time, and how shipping is taxed."""

import pytest

from segue.core.draft import Tax
from segue.core.pricing.rates import RateTable, TaxRule, Zone, quoted
from segue.core.pricing.taxing import total_of
from segue.core.taxes import Taxable, TaxAnswer, TaxRequest

VAT = TaxRule("VAT", "0.19", {"reduced": "0.07"}, until_s=100)
VAT_LATER = TaxRule("VAT", "0.2", {"reduced": "0.07"}, from_s=100)
TABLE = RateTable(
    {
        "DE": Zone("DE", "", (VAT, VAT_LATER), "as_goods", included=True),
        "US": Zone("US", "", (), "untaxed"),
        "US-NY": Zone("US", "NY", (TaxRule("STATE", "0.04"), TaxRule("CITY", "0.045", {"reduced": "0"}))),
    },
    frozenset(("standard", "reduced")),
)


def ask(country: str, region: str = "", *lines: Taxable, at_s: int = 0, **other: object) -> TaxAnswer:
    request = TaxRequest(country, region, "EUR", at_s, lines, **other)  # type: ignore[arg-type]
    return quoted(TABLE, request)


def test_a_region_takes_the_place_of_its_country() -> None:
    assert ask("US", "NY", Taxable(1000)).lines == ((Tax("STATE", 40, "0.04"), Tax("CITY", 45, "0.045")),)
    assert ask("US", "OR", Taxable(1000)).lines == ((),)


def test_a_tax_class_has_its_own_rate_and_others_the_usual_one() -> None:
    answer = ask("DE", "", Taxable(1190), Taxable(1070, "reduced"))
    assert [total_of(taxes) for taxes in answer.lines] == [190, 70]
    assert answer.included


@pytest.mark.parametrize(("at_s", "rate"), [(99, "0.19"), (100, "0.2"), (101, "0.2")])
def test_a_rate_is_levied_from_its_first_day_to_its_last(at_s: int, rate: str) -> None:
    assert [tax.rate for tax in ask("DE", "", Taxable(100), at_s=at_s).lines[0]] == [rate]


def test_where_there_is_no_zone_there_is_no_tax() -> None:
    answer = ask("JP", "", Taxable(1000), shipping_minor=500, charges=(Taxable(100),))
    assert answer == TaxAnswer(((),), (), ((),))


def test_whether_prices_include_tax_is_the_zones_word_unless_it_is_said() -> None:
    assert total_of(ask("DE", "", Taxable(1000), included=False).lines[0]) == 190
    assert total_of(ask("US", "NY", Taxable(1085), included=True).lines[0]) == 85


def test_a_charge_always_includes_its_tax() -> None:
    assert [total_of(taxes) for taxes in ask("US", "NY", charges=(Taxable(1085),)).charges] == [85]


@pytest.mark.parametrize(
    ("country", "region", "shipping_class", "taxes"),
    [
        ("US", "", "", ()),
        ("US", "NY", "", (Tax("STATE", 40, "0.04"), Tax("CITY", 45, "0.045"))),
        ("US", "NY", "reduced", (Tax("STATE", 40, "0.04"), Tax("CITY", 0, "0"))),
        ("US", "NY", "untaxed", ()),
        ("DE", "", "standard", (Tax("VAT", 160, "0.19"),)),
        ("DE", "", "", (Tax("VAT", 80, "0.19"), Tax("VAT", 33, "0.07"))),
    ],
)
def test_shipping_is_taxed_by_class_or_as_the_goods_are(
    country: str, region: str, shipping_class: str, taxes: tuple[Tax, ...]
) -> None:
    goods = (Taxable(500), Taxable(1000, "reduced"), Taxable(500))
    answer = ask(country, region, *goods, shipping_minor=1000, shipping_class=shipping_class)
    assert answer.shipping == taxes


def test_shipping_of_goods_that_cost_nothing_is_taxed_as_usual() -> None:
    assert total_of(ask("DE", "", Taxable(0, "reduced"), shipping_minor=1190).shipping) == 190


def test_what_the_table_cannot_know_is_said() -> None:
    assert "names none" in ask("", "", Taxable(1)).unknown
    assert "tax class luxury, toys" in ask("DE", "", Taxable(1, "toys"), charges=(Taxable(1, "luxury"),)).unknown
    assert quoted(RateTable(), TaxRequest("", "", "EUR", 0, (Taxable(1, "toys"),))) == TaxAnswer(((),))
