"""Backtests from the command line: what they print, and what they refuse."""

import sqlite3
from pathlib import Path

import pytest

from segue.main import run
from tests.main.calling import Call, caller

RATES = """
zones: {"*": {US: far}, S-NEW-YORK: {US: near}}
methods:
  standard: {near: [[500, 420], [5000, 690]], far: [[500, 620], [5000, 890]]}
fallback: {parcel: 1500, per_kg: 100}
weight_g: 300
"""


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up shop and what happened to its orders in a month; nobody may change it."""
    folder = tmp_path_factory.mktemp("month") / "shop"
    assert run(["demo", "--orders", "150", "--folder", str(folder), "--json"]) == 0
    (folder / "nearest.yaml").write_text("policies:\n  rank: [closest]\n", encoding="utf-8")
    (folder / "wrong.yaml").write_text("policies:\n  rank: [closset]\nfolders: {}\n", encoding="utf-8")
    return folder


@pytest.fixture
def tell(month: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    return caller(capsys, month)


def test_every_choice_is_reproduced(tell: Call) -> None:
    """Covers F-16."""
    said = tell("backtest")
    assert said.code == 0
    (line,) = said.out.splitlines()
    words = line.split()
    assert line.startswith("By the rules of the time: reproduced ")
    assert words[7] == words[9]
    assert int(words[7]) > 100


def test_another_strategy_is_compared_and_the_orders_that_differ_are_listed(tell: Call, month: Path) -> None:
    """Covers F-16."""
    nearest = str(month / "nearest.yaml")
    said = tell("backtest", "--strategy", nearest)
    assert said.code == 0
    rows = [line.split() for line in said.out.splitlines()]
    (parcels,) = (row for row in rows if row[:1] == ["parcels"])
    told = tell("backtest", "--strategy", nearest, "--json").json
    assert parcels[1:3] == [str(told["was"]["parcels"]), str(told["would_be"]["parcels"])]
    each_km = [told[world]["distance_km"] / told[world]["parcels"] for world in ("was", "would_be")]
    assert each_km[1] < each_km[0]
    assert told["reproduced"] == told["choices"] > 100
    first = told["orders"][0]
    assert first["was"]["sent"] != first["would_be"]["sent"]
    assert first["would_be"]["sent"][0]["because"][0].startswith("because closest: chosen (")
    assert f"{len(told['orders'])} orders would have gone another way." in said.out
    assert any(row[:1] == [first["order"]] and "closest" in " ".join(row) for row in rows)


def test_costs_are_compared_where_the_shop_has_rates(tell: Call, month: Path) -> None:
    """Covers F-16."""
    (month / "rates.yaml").write_text(RATES, encoding="utf-8")
    try:
        told = tell("backtest", "--strategy", "exact", "--json").json
        said = tell("backtest", "--strategy", "exact")
    finally:
        (month / "rates.yaml").unlink()
    assert told["would_be"]["cost_mills"] < told["was"]["cost_mills"]
    assert told["reproduced"] == told["choices"], "past orders go by the rules of their time"
    assert "cost" in said.out.split()


def test_a_period_is_kept_to(tell: Call) -> None:
    """Covers F-16."""
    whole = tell("backtest", "--json").json["choices"]
    first = tell("backtest", "--to", "2026-03-10", "--json").json["choices"]
    rest = tell("backtest", "--from", "2026-03-11", "--json").json["choices"]
    assert (first + rest, first > 0, rest > 0) == (whole, True, True)


def test_what_cannot_be_done_is_said(tell: Call, month: Path, tmp_path: Path, anywhere: Call) -> None:
    """Covers F-16."""
    unknown = tell("backtest", "--strategy", "nope")
    assert (unknown.code, unknown.err) == (
        2,
        "The workflows have no strategy nope; there is rules, exact, wave, look_ahead, or name a YAML file.\n",
    )
    wrong = tell("backtest", "--strategy", str(month / "wrong.yaml"))
    assert wrong.code == 3
    assert "wrong.yaml:3:1: unknown key `folders`" in wrong.err
    assert tell("backtest", "--strategy", str(tmp_path / "none.yaml")).code == 3
    early = tell("backtest", "--to", "2020-01-01")
    assert early.err.startswith("The first step on record is of 2026-0")
    late = tell("backtest", "--from", "2036-01-01")
    assert late.err.endswith(
        "Nothing was sent anywhere since 2036-01-01: there is no choice of a location to compare.\n"
    )
    turned = tell("backtest", "--from", "2026-03-02", "--to", "2026-03-01")
    assert (turned.code, turned.err) == (2, "--from 2026-03-02 is after --to 2026-03-01.\n")
    assert "There is no shop in" in anywhere("backtest", tmp_path / "nowhere").err


def test_a_shop_whose_records_are_gone_is_told_so(shop: Path, call: Call) -> None:
    """Covers F-16."""
    assert call("backtest", shop).code == 0
    database = sqlite3.connect(shop / "segue.db")
    database.execute("DROP TRIGGER steps_are_not_deleted")
    database.execute("DELETE FROM steps WHERE version_before = 0")
    database.commit()
    said = call("backtest")
    assert said.code == 1
    assert "The record of this shop is not whole, so its past cannot be replayed: web-1002: its record" in said.err
    database.execute("DELETE FROM steps")
    database.commit()
    assert call("backtest").err == "Nothing is on record of this shop: none of its orders has taken a step.\n"


def test_a_choice_that_files_of_today_do_not_explain_is_listed(shop: Path, call: Call) -> None:
    """Covers F-16."""
    places = shop / "locations.yaml"
    text = places.read_text(encoding="utf-8")
    places.write_text(text.replace("name: Main warehouse", "ships_to: [CA]"), encoding="utf-8")
    said = call("backtest", "--json")
    assert said.code == 1
    assert said.json["reproduced"] < said.json["choices"]
    assert "the shop's files, its catalog or safety stock were others then" in call("backtest").out
