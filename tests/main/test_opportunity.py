"""What units are worth where they lie, from the command line: shown, and worked out again. Covers F-8."""

from pathlib import Path

from segue.core.opportunity import Prices
from segue.store.database import DATABASE_FILE, Database
from segue.store.outlook import SqliteOutlook
from tests.main.calling import Call

RATES = "zones: {'*': {US: near}}\nmethods: {standard: {near: [[5000, 420]]}}\nfallback: {parcel: 1500}\n"


def test_without_rates_nothing_is_worked_out_and_it_is_said_why(shop: Path, call: Call) -> None:
    said = call("opportunity", "refresh")
    assert said.code == 1
    assert "Nothing was worked out: the shop has no rates.yaml." in said.err


def test_what_is_kept_is_shown_and_worked_out_again(shop: Path, call: Call) -> None:
    (shop / "rates.yaml").write_text(RATES, encoding="utf-8")
    assert call("opportunity", "refresh", "--json").json == {"skus": 2, "unit_prices": 0, "reason": ""}  # those sold
    database = Database(shop / DATABASE_FILE)
    SqliteOutlook(database).keep({"LAMP-1": Prices(1_800_000_000, {"MAIN": 1_250_001}), "GONE": Prices(1_800_000_000)})
    database.close()
    said = call("opportunity")
    assert ["LAMP-1", "MAIN", "12.51", "USD"] in [line.split()[:4] for line in said.out.splitlines()]
    assert "2 SKUs looked at" in said.out
    known = {"at_s": 1_800_000_000, "mills": {"MAIN": 1_250_001}}
    assert call("opportunity", "--json").json["LAMP-1"] == known
    assert "2 SKUs looked at" in call("opportunity", "refresh").out
    assert "GONE" not in call("opportunity", "--json").json
