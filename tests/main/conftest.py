"""Shops for the command line: made by `segue init`, with orders that were delivered and one that waits."""

import json
import shutil
from pathlib import Path

import pytest

from segue.main import run
from tests.main.calling import EXAMPLE, Call, an_order, caller


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEGUE_SHOP", raising=False)
    monkeypatch.setenv("USER", "eve")
    monkeypatch.setenv("LOGNAME", "eve")
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that nobody may change: web-1001 and web-1002 are delivered, web-1003 waits for stock, web-1004 is held."""
    shop = tmp_path_factory.mktemp("made") / "lamps"
    assert run(["init", str(shop), "--yes"]) == 0
    late = an_order("1003", lines=[{"sku": "LAMP-2", "quantity": 9, "price_minor": 12900}], total_minor=116100)
    late["tenders"][0]["amount_minor"] = 116100
    unknown = an_order("1004", lines=[{"sku": "LAMP-9", "quantity": 2, "price_minor": 4900}])
    orders = [an_order("1002"), late, unknown]
    (shop / "orders/more.json").write_text(json.dumps(orders))
    assert (
        run(["import", str(shop / EXAMPLE), str(shop / "orders/more.json"), "--channel", "web", "--shop", str(shop)])
        == 0
    )
    assert run(["work", "--until-idle", "--shop", str(shop)]) == 0
    return shop


@pytest.fixture
def shop(made: Path, tmp_path: Path) -> Path:
    """A shop of one's own, as `made` is."""
    copy = tmp_path / "lamps"
    shutil.copytree(made, copy)
    return copy


@pytest.fixture
def look(made: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Commands that only look, in the shop that nobody may change."""
    return caller(capsys, made)


@pytest.fixture
def call(shop: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Commands in a shop of one's own."""
    return caller(capsys, shop)


@pytest.fixture
def anywhere(capsys: pytest.CaptureFixture[str]) -> Call:
    """Commands that name no shop."""
    return caller(capsys)
