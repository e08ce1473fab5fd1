"""The command `segue test`: plays scenarios of the shop, of a path, or those that come with Segue."""

from pathlib import Path

import pytest

from segue.scenario.finding import shipped
from tests.main.calling import caller

GOOD = "title: A mug arrives.\nwhen:\n  - order: 1 MUG\nthen: {order: {status: delivered}}\n"
BAD = GOOD.replace("{status: delivered}", "{status: canceled}")


def test_scenarios_of_a_path_are_played(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "b.yaml").write_text(GOOD)
    call = caller(capsys)
    said = call("test", tmp_path)
    assert said.code == 0
    assert said.out.startswith("2 scenarios passed, in ")
    assert call("test", tmp_path / "a.yaml", tmp_path).out.startswith("2 scenarios passed, in ")


def test_one_that_fails_is_shown_and_is_the_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "b.yaml").write_text(BAD)
    (tmp_path / "c.yaml").write_text("title: t\nwen: []\nthen: {}\n")
    said = caller(capsys)("test", tmp_path)
    assert said.code == 1
    assert f"FAILED  {tmp_path}/b.yaml  A mug arrives." in said.out
    assert f"  {tmp_path}/b.yaml:4:24: order 1: status\n    expected  canceled\n    found     delivered\n" in said.out
    assert "The story of web-1 up to there:" in said.out
    assert f"  {tmp_path}/c.yaml:2:1: unknown key `wen`; did you mean `when`?" in said.out
    assert "\n1 scenario passed, 2 failed, in " in said.out


def test_as_json_every_scenario_has_its_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "b.yaml").write_text(BAD)
    said = caller(capsys)("test", tmp_path, "--json")
    assert said.code == 1
    assert (said.json["passed"], said.json["failed"]) == (1, 1)
    good, bad = said.json["scenarios"]
    assert (good["passed"], good["failures"], good["stories"]) == (True, [], {})
    assert bad["failures"][0]["found"] == "delivered"
    assert list(bad["stories"]) == ["web-1"]


def test_a_shops_own_scenarios_are_played_on_its_own_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop = tmp_path / "my-shop"
    call = caller(capsys)
    assert call("init", shop, "--yes").code == 0
    (shop / "scenarios").mkdir()
    (shop / "scenarios" / "lamp.yaml").write_text(
        "title: A lamp arrives.\nwhen:\n  - order: 1 LAMP-1\n"
        "then: {order: {status: delivered}, stock: {LAMP-1: {MAIN: {allocated: 0}}}}\n"
    )
    (shop / "scenarios" / "deeper").mkdir()
    (shop / "scenarios" / "deeper" / "lamp.yml").write_text(
        "title: A lamp is named.\ngiven: {shop: ../..}\nwhen:\n  - order: 1 LAMP-1\n"
    )
    said = caller(capsys, shop)("test")
    assert said.out.startswith("2 scenarios passed, in "), said.out
    assert not (shop / "segue.db").exists()


def test_where_no_shop_is_those_that_come_with_segue_are_played(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = caller(capsys)("test")
    assert said.code == 0
    assert said.out.startswith(f"{len(shipped())} scenarios passed, in ")


def test_a_shop_that_is_named_and_is_none_is_not_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = caller(capsys, tmp_path)("test")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("There is no shop in ")


@pytest.mark.parametrize(
    ("path", "sentence"), [("no", "no: there is no such file or folder."), (".", "There are no scenarios")]
)
def test_where_there_is_nothing_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, path: str, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    said = caller(capsys)("test", path)
    assert said.code == 2
    assert said.err.startswith(sentence)
