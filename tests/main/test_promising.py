"""Promising from the command line: dates by method, why not sooner; nothing is kept."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.main.calling import Call

CALENDARS = """
calendars:
  always: {week: {mon-sun: 00:00-24:00}, cut_off: 24:00}
  sundays: {week: {sun: 08:00-18:00}, cut_off: 12:00}
transit:
  standard: {calendar: always, days: {US: 2-4, US-NY: 1, "*": 9}}
"""
CART = {"lines": [{"sku": "LAMP-1", "quantity": 18}], "customer": {"id": "ada"}}


def written(shop: Path, **fields: Any) -> Path:
    """A cart in a file."""
    path = shop / "cart.json"
    path.write_text(json.dumps(CART | fields), encoding="utf-8")
    return path


@pytest.fixture
def dated(shop: Path) -> Path:
    """A shop of one's own with calendars: the warehouse always works, the store on Sundays."""
    (shop / "calendars.yaml").write_text(CALENDARS, encoding="utf-8")
    path = shop / "locations.yaml"
    text = path.read_text(encoding="utf-8")
    for name, calendar in (("Main warehouse", "always"), ("The store", "sundays")):
        text = text.replace(f"name: {name}}}", f"name: {name}, calendar: {calendar}, time_zone: UTC}}")
    path.write_text(text, encoding="utf-8")
    return shop


def test_each_method_says_from_where_and_when(dated: Path, call: Call) -> None:
    said = call("promise", written(dated), "--to", "US-NY")
    assert said.code == 0
    rows = [line.split() for line in said.out.splitlines()]
    firsts = [row[:4] for row in rows if row and row[0] in ("standard", "express")]
    assert firsts == [[method, place, units, "LAMP-1"] for method in ("standard", "express") for place, units in
                      (("MAIN", "17"), ("SHOP", "1"))]  # fmt: skip
    assert "not known" in said.out  # nobody said how long express takes
    assert "standard: ordered before Sun " in said.out
    assert " 11:30 UTC" in said.out  # half an hour before the cut-off: an order is allocated after a pause


def test_json_has_every_instant_in_utc(dated: Path, call: Call) -> None:
    (near,) = call("promise", written(dated, ship_method="standard"), "--to", "US-NY", "--json").json
    (far,) = call("promise", written(dated, ship_method="standard"), "--to", "DE-10115", "--json").json
    assert [source["location"] for source in near["sources"]] == ["MAIN", "SHOP"]
    assert (near["missing"], near["sources"][1]["units"]) == ({}, {"LAMP-1": 1})
    leaves, arrives = (datetime.fromisoformat(near["sources"][0][key]) for key in ("leaves_at", "arrives_by"))
    assert (arrives - leaves).days == 2  # at midnight: that day does not count, the next one does, to its end
    late = datetime.fromisoformat(far["sources"][0]["arrives_by"])
    assert (late - arrives).days == 8
    missed = [each for each in near["sooner"] if each["location"] == "SHOP"]
    assert [each["change"] for each in missed] == ["cut_off"]
    assert missed[0]["leaves_at"] < near["sources"][1]["leaves_at"]


def test_what_nobody_has_is_said_and_what_safety_stock_would_do(dated: Path, call: Call) -> None:
    said = call("promise", written(dated, lines=[{"sku": "LAMP-1", "quantity": 500}]))
    assert ["standard", "nowhere", "481", "LAMP-1"] in [line.split() for line in said.out.splitlines()]
    assert call("stock", "set", "LAMP-1", "MAIN", "5", "--safety", "4").code == 0
    said = call("promise", written(dated, lines=[{"sku": "LAMP-1", "quantity": 4}], ship_method="standard"))
    assert "standard: with 3 units of LAMP-1 that MAIN keeps as safety stock, it would leave MAIN on " in said.out


def test_a_shop_without_calendars_knows_places_and_no_dates(shop: Path, call: Call) -> None:
    said = call("promise", written(shop, ship_method="standard"))
    rows = [line.split() for line in said.out.splitlines()]
    assert any(row[:4] == ["standard", "MAIN", "17", "LAMP-1"] and row[-4:] == ["not", "known"] * 2 for row in rows)


RATES = """
zones: {"*": {US: far, US 941: near}}
methods: {standard: {far: [[30_000, 950]], near: [[30_000, 420]]}}
fallback: 2000
"""


def test_it_says_what_it_costs_by_postcode_and_what_the_customer_pays(dated: Path, call: Call) -> None:
    (dated / "rates.yaml").write_text(RATES, encoding="utf-8")
    assert call("promise", written(dated, ship_method="standard"), "--json").json[0]["shipping_minor"] is None
    path = dated / "shop.yaml"
    methods = "shipping_methods: {standard: 490, express: 990}"
    text = path.read_text(encoding="utf-8").replace("shipping_methods: [standard, express]", methods)
    path.write_text(text, encoding="utf-8")
    path = written(dated, ship_method="standard", lines=[{"sku": "LAMP-1", "quantity": 1}])
    near, far = (call("promise", path, "--to", place, "--json").json[0] for place in ("US-94107", "US-NY"))
    assert (near["cost_mills"], far["cost_mills"]) == (420_000, 950_000)
    assert [source["cost_mills"] for source in near["sources"]] == [420_000]
    said = call("promise", path, "--to", "US-94107")
    assert "standard: the customer pays " in said.out
    assert " USD, sending it costs 4.20 USD." in said.out
    assert near["shipping_minor"] >= 490


def test_what_cannot_be_read_is_wrong_use(dated: Path, call: Call) -> None:
    said = call("promise", written(dated), "--to", "Germany")
    assert (said.code, said.err.strip()) == (2, "--to Germany: write it like DE, US-NY or DE-10115.")
    said = call("promise", written(dated, ship_method="by owl"))
    assert said.code == 2
    assert "no shipping method `by owl`; there is standard, express." in said.err
    said = call("promise", written(dated), "--to", "XX-12")
    assert (said.code, said.err.strip()) == (2, "--to XX-12: `XX` is no country of ISO 3166.")
    said = call(
        "promise", written(dated, lines=[{"sku": "LAMP-7", "quantity": 1}], customer={"ship_to": {"country": "XX"}})
    )
    assert said.code == 2
    assert "lines[0].sku: the catalog has no `LAMP-7`; did you mean `LAMP-" in said.err
    assert "customer.ship_to.country: `XX` is no country of ISO 3166." in said.err
