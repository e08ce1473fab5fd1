"""Taxes: what taxes.yaml becomes. Its mistakes are in broken_shops.txt."""

from pathlib import Path
from zoneinfo import ZoneInfo

from segue.core.price_list import Shipping
from segue.core.pricing.rates import RateTable, TaxRule, Zone
from segue.loader.problems import Problems
from segue.loader.shop import load_shop
from segue.loader.taxes import taxes
from tests.loader.offer import COMMANDS, EVENTS, REGISTRY
from tests.loader.test_shop import SHOP, write

TAXES = """
prices_include_tax: true
zones:
  DE:
    shipping: as_goods
    taxes:
      - {name: VAT, rate: 0.16, classes: {reduced: 0.05}, from: 2020-07-01, until: 2020-12-31}
      - {name: VAT, rate: 0.19, classes: {reduced: 0.07}, from: 2021-01-01}
  NO: {taxes: [{name: MVA, rate: "0.25"}]}
  US-NY:
    prices_include_tax: false
    shipping: untaxed
    taxes:
      - {name: NY STATE TAX, rate: 0.04}
      - {name: NYC TAX, rate: 0.045, classes: {clothing: 0}}
"""
START_OF_2021_S = 1_609_455_600  # in Berlin


def read(folder: Path, text: str) -> tuple[RateTable, int]:
    write(folder, {"taxes.yaml": text})
    problems = Problems()
    return taxes(folder, ZoneInfo("Europe/Berlin"), {}, problems), len(problems)


def test_a_table_has_what_its_file_says(tmp_path: Path) -> None:
    table, mistakes = read(tmp_path, TAXES)
    assert mistakes == 0
    assert table.classes == {"standard", "reduced", "clothing"}
    assert table.zones["NO"] == Zone("NO", "", (TaxRule("MVA", "0.25"),), "standard", True)
    city = TaxRule("NYC TAX", "0.045", {"clothing": "0"})
    assert table.zones["US-NY"] == Zone("US", "NY", (TaxRule("NY STATE TAX", "0.04"), city), "untaxed", False)


def test_days_begin_at_midnight_in_the_shops_time_zone_and_the_last_one_counts(tmp_path: Path) -> None:
    table, _ = read(tmp_path, TAXES)
    before, after = table.zones["DE"].taxes
    assert (before.until_s, after.from_s, after.until_s) == (START_OF_2021_S, START_OF_2021_S, None)


def test_a_shop_without_the_file_has_no_taxes(tmp_path: Path) -> None:
    assert read(tmp_path, "") == (RateTable(), 0)


def test_shipping_methods_may_have_prices_and_items_tax_classes(tmp_path: Path) -> None:
    methods = "shipping_methods: {standard: 490, express: {price: 990, free_from: 9900, tax_class: reduced}}\n"
    catalog = "sku,price_minor,tax_class\nA-1,100,reduced\nB-2,,\n"
    text = SHOP["shop.yaml"].replace("shipping_methods: [standard]\n", methods)
    write(tmp_path, SHOP | {"shop.yaml": text, "taxes.yaml": TAXES, "catalog.csv": catalog})
    shop = load_shop(tmp_path, REGISTRY, COMMANDS, EVENTS)
    assert shop.shipping_methods == ("standard", "express")
    assert shop.shipping == {"standard": Shipping(490), "express": Shipping(990, 9900, "reduced")}
    assert (shop.items["A-1"].tax_class, shop.items["B-2"].tax_class) == ("reduced", "")
    assert list(shop.taxes.zones) == ["DE", "NO", "US-NY"]
