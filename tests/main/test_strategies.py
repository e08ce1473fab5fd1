"""Strategies and hindsight from the command line: what they print, and what they ask for."""

import sys
from pathlib import Path

import pytest

from segue.main import run
from tests.main.calling import Call, caller

RATES = """
zones: {"*": {US: far}, S-NEW-YORK: {US: near}, W-COLUMBUS: {US: near}}
methods:
  standard: {near: [[500, 420], [9000, 690]], far: [[500, 620], [9000, 890]]}
  express: {near: [[9000, 990]], far: [[9000, 1490]]}
fallback: {parcel: 1500, per_kg: 100}
weight_g: 300
"""
ROUTING = """
routing:
  - {name: stores, trial: 40, rank: [store_first, closest]}
  - {name: usual}
  - {name: nearest, shadow: true, rank: [closest]}
"""


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month of a made-up shop with rates, in which a strategy is on trial and another is a shadow."""
    folder = tmp_path_factory.mktemp("tried") / "shop"
    assert run(["demo", "--orders", "60", "--folder", str(folder), "--json"]) == 0
    (folder / "segue.db").unlink()
    for rest in folder.glob("segue.db-*"):
        rest.unlink()
    (folder / "world.ndjson").unlink()
    (folder / "rates.yaml").write_text(RATES, encoding="utf-8")
    with (folder / "workflows/demo.yaml").open("a", encoding="utf-8") as file:
        file.write(f"policies: {{algorithm: rules}}\n{ROUTING}")
    assert run(["import", str(folder / "orders.ndjson"), "--channel", "webshop", "--shop", str(folder)]) == 0
    assert run(["work", "--until-idle", "--shop", str(folder)]) == 0
    return folder


@pytest.fixture
def tell(month: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    return caller(capsys, month)


def test_strategies_are_compared_by_the_orders_that_followed_them(tell: Call) -> None:
    """Covers F-17."""
    told = tell("strategies", "--json").json
    assert [each["strategy"] for each in told["followed"]] == ["stores", "usual"]
    stores, usual = (each["figures"] for each in told["followed"])
    assert 0.2 < stores["orders"] / (stores["orders"] + usual["orders"]) < 0.6
    assert stores["cost_mills"] > 0
    rows = [line.split() for line in tell("strategies").out.splitlines()]
    (row,) = (row for row in rows if row[:1] == ["stores"])
    assert row[1:3] == [str(stores["orders"]), f"{stores['parcels'] / stores['orders']:.3f}"]


def test_a_shadow_is_compared_with_what_was_done(tell: Call) -> None:
    """Covers F-17."""
    (shadow,) = tell("strategies", "--json").json["shadows"]
    assert shadow["strategy"] == "nearest"
    assert 0 < shadow["same"] < shadow["choices"]
    assert shadow["was"]["units"] == shadow["would_be"]["units"] > 0
    assert shadow["would_be"]["distance_km"] / shadow["would_be"]["parcels"] < (
        shadow["was"]["distance_km"] / shadow["was"]["parcels"]
    )
    line = f"The shadow nearest would have done the same in {shadow['same']} of {shadow['choices']} choices."
    assert line in tell("strategies").out.splitlines()


def test_what_was_on_trial_comes_out_again(tell: Call) -> None:
    """Covers F-16, F-17."""
    told = tell("backtest", "--strategy", "stores", "--json").json
    assert told["reproduced"] == told["choices"] > 50
    assert told["orders"]
    assert all(sent["because"][0].endswith("strategy stores") for sent in told["orders"][0]["would_be"]["sent"])


def test_without_strategies_there_is_nothing_to_compare(look: Call, tell: Call) -> None:
    """Covers F-17."""
    said = look("strategies")
    assert (said.code, said.err) == (1, "No strategy was followed so far: the workflow has no `routing:`.\n")
    assert tell("strategies", "--from", "2036-01-01").code == 1


def test_hindsight_says_what_was_lost_to_what(tell: Call) -> None:
    """Covers F-16."""
    told = tell("hindsight", "--json").json
    losses = [told[f"to_{name}_mills"] for name in ("foresight", "rules", "capacity", "position")]
    assert min(losses) >= 0
    assert told["paid_mills"] == sum(losses) + told["anywhere_mills"]
    assert losses[0] > 0
    said = tell("hindsight")
    rows = [line.split() for line in said.out.splitlines() if line]
    assert ["paid", f"{round(told['paid_mills'] / 1000) / 100:,.2f}", "USD", "100.00", "%"] in rows
    assert "With the same stock, rules and capacity no way of planning costs less than" in said.out


def test_hindsight_says_what_it_needs(look: Call, tell: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Covers F-16."""
    assert look("hindsight").err == (
        "This shop has no rates.yaml: without what parcels cost there is nothing to add up.\n"
    )
    assert tell("hindsight", "--from", "2036-01-01").err.endswith(
        "Nothing was wanted of any location since 2036-01-01.\n"
    )
    for name in [name for name in sys.modules if name.startswith("segue.planning.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "highspy", None)
    said = tell("hindsight")
    assert said.code == 1
    assert said.err.startswith("`segue hindsight` needs the extra `plan`, which is not installed (highspy is missing)")
