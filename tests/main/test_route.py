"""Routing from the command line: the plan of an order or a cart, its cost, and why not from elsewhere; nothing is kept.

Covers F-14 and F-15.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.main.calling import Call

RATES = """
zones: {"*": {US: far}, MAIN: {"US 100": near}}
methods:
  standard:
    near: [[500, 420], [5000, 690]]
    far: [[500, 620], [5000, 890]]
fallback: {parcel: 1500, per_kg: 100}
handling: {"*": {parcel: 100, unit: 20}}
"""
TO = {"region": "NY", "country": "US", "street": "1 Main Street", "city": "New York", "postcode": "10001"}
CART = {
    "lines": [{"sku": "BULB-E27", "quantity": 2}, {"sku": "LAMP-1", "quantity": 1}],
    "ship_method": "standard",
    "customer": {"id": "ada", "ship_to": TO},
}


@pytest.fixture
def rated(shop: Path) -> Path:
    """A shop of one's own that knows what parcels cost, and a cart in it."""
    (shop / "rates.yaml").write_text(RATES, encoding="utf-8")
    (shop / "cart.json").write_text(json.dumps(CART), encoding="utf-8")
    return shop


def rows(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_a_cart_is_routed_and_every_location_is_told_of(rated: Path, call: Call) -> None:
    said = call("route", rated / "cart.json")
    assert said.code == 0
    assert [
        "MAIN", "2", "BULB-E27,", "1", "LAMP-1", "near", "5000", "g", "6.90", "USD", "1.60", "USD", "8.50", "USD"
    ] in rows(said.out)  # fmt: skip
    assert "because cost" in said.out
    assert "SHOP       2.00 USD dearer; 2.01 USD cheaper it would win" in said.out


def test_pretended_stock_and_closures_change_the_answer_and_nothing_else(rated: Path, call: Call) -> None:
    told = call("route", rated / "cart.json", "--what-if", "off:MAIN", "--json").json
    assert [each["location"] for each in told["parcels"]] == ["SHOP"]
    assert told["passed_over"] == {"MAIN": "off: pretended (what if)"}
    nowhere = ("--what-if", "stock:LAMP-1@MAIN=0", "--what-if", "stock:LAMP-1@SHOP=0")
    told = call("route", rated / "cart.json", *nowhere, "--json").json
    assert (told["missing"], told["cost_mills"]) == ({"LAMP-1": 1}, 560_000)


def test_an_order_that_waits_is_routed_and_the_database_stays_as_it_is(rated: Path, call: Call) -> None:
    before = digests(rated)
    by_its_version = as_told(call, "1003")
    assert (by_its_version["cost_mills"], by_its_version["missing"]) == (None, {"LAMP-2": 3})
    told = as_told(call, "1003", "--what-if", "stock:LAMP-2@SHOP=3", "--strategy", "exact")
    assert (told["missing"], told["parcels"][0]["location"]) == ({}, "SHOP")
    assert told["passed_over"] == {"MAIN": "has nothing of it"}
    assert digests(rated) == before


def digests(folder: Path) -> dict[str, str]:
    """Of all that is kept; the -shm file is only memory that readers of a moment share."""
    kept = [folder / name for name in ("segue.db", "segue.db-wal", "world.ndjson") if (folder / name).exists()]
    assert folder / "segue.db" in kept, "the shop has a database"
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in kept}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--what-if", "MAIN=5"), "write it as stock:SKU@LOCATION=5 or off:LOCATION"),
        (("--what-if", "off:MIAN"), "There is no location `MIAN`; did you mean `MAIN`?"),
        (("--strategy", "dearest"), "There is no strategy `dearest`; there is rules, exact, wave, look_ahead."),
    ],
)
def test_what_is_not_understood_is_said(rated: Path, call: Call, arguments: tuple[str, ...], complaint: str) -> None:
    said = call("route", rated / "cart.json", *arguments)
    assert said.code == 2
    assert complaint in said.err


def as_told(call: Call, *arguments: Any) -> Any:
    return call("route", *arguments, "--json").json


def test_by_the_rules_there_are_no_costs(rated: Path, call: Call) -> None:
    told = as_told(call, rated / "cart.json", "--strategy", "rules")
    assert (told["rule"], told["cost_mills"], told["parcels"][0]["cost"]) == (
        "ship_complete > warehouse_first > fewest_shipments > closest",
        None,
        None,
    )


def test_carriers_and_what_comes_beside_a_rate_are_shown(rated: Path, call: Call) -> None:
    more = """
carriers:
  swift: {asked: true, methods: {standard: {near: [[5000, 610]], far: [[5000, 640]]}}}
markdown: {SHOP: {"*": 20}}
"""
    calm = "simulated: {behavior: {carrier: {lost_before_rate: 1}}}\n"
    kept = (rated / "shop.yaml").read_text(encoding="utf-8")
    (rated / "rates.yaml").write_text(RATES + more, encoding="utf-8")
    shown = call("route", rated / "cart.json")
    assert "swift, its own rate" in shown.out
    told = as_told(call, rated / "cart.json")
    assert (told["parcels"][0]["cost"]["carrier"], told["parcels"][0]["cost"]["by_carrier"]) == ("swift", True)
    (rated / "shop.yaml").write_text(_without_simulated(kept) + calm, encoding="utf-8")
    alone = call("route", rated / "cart.json", "--what-if", "off:MAIN")
    assert "The card of swift counts: carrier: no connection" in alone.out
    assert ["SHOP", "2", "BULB-E27,", "1", "LAMP-1", "swift,", "far", "5000", "g", "6.40", "USD", "1.60", "USD",
            "-0.60", "USD", "7.40", "USD"] in rows(alone.out)  # fmt: skip


def _without_simulated(text: str) -> str:
    """A shop's file without what it says of the simulated world."""
    kept, skipping = [], False
    for line in text.splitlines():
        skipping = line.startswith("simulated:") or (skipping and line.startswith(" "))
        if not skipping:
            kept.append(line)
    return "\n".join(kept) + "\n"
