"""Activating: orders do not follow a workflow that breaks, unless somebody has accepted that, by name and with a reason."""

import json
from pathlib import Path

import pytest

from segue.main.activating import activated
from segue.main.failing import MISTAKES, WRONG_USE, Failed
from tests.main.calling import EXAMPLE, Call, caller

BROKEN = """\
name: lamps
extends: standard
folders: {on_request: }
"""
ACCEPTED = ("--accept-risk", "unanswered", "--accept-risk", "waiting")
HIDING = "statuses: {in_trouble: holds >= 1}\n"


@pytest.fixture
def broken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Call, Path]:
    """A shop whose workflow shows a hold to nobody, and its command line."""
    shop = tmp_path / "lamps"
    caller(capsys)("init", shop, "--yes")
    (shop / "workflows/lamps.yaml").write_text(BROKEN)
    return caller(capsys, shop), shop


def test_a_broken_workflow_is_not_worked_by(broken: tuple[Call, Path]) -> None:
    call, shop = broken
    for tokens in (("import", shop / EXAMPLE, "--channel", "web"), ("work", "--until-idle")):
        said = call(*tokens)
        assert said.code == MISTAKES
        assert "is broken. unanswered: authorization_expired: no reaction follows" in said.err
        assert "waiting: it is open as on_hold, and nothing will happen by itself" in said.err
        assert "segue check --accept-risk unanswered --accept-risk waiting --reason WHY" in said.err
    assert not (shop / "segue.db").exists()


def test_check_shows_how_it_breaks_and_keeps_what_it_found(broken: tuple[Call, Path], tmp_path: Path) -> None:
    call, shop = broken
    said = call("check", "--quick", "--save", tmp_path / "found")
    assert said.code == 1
    assert call("check", "--quick", "--save", tmp_path / "found", "--json").json["mistakes"] == []
    assert "waiting: Every wait has a timer or a folder with an owner." in said.out
    played = call("test", tmp_path / "found", "--json").json["scenarios"]
    assert [each["mistakes"] for each in played] == [[], []]
    failures = [(failure["what"], failure["found"]) for each in played for failure in each["failures"]]
    assert ("audit", "I27") in failures
    kept = json.loads((shop / "checked.json").read_text())
    assert [list(verdict["broken"]) for verdict in kept.values()] == [["unanswered", "waiting"]]
    again = call("check", "--quick")
    assert "  As a scenario, which `segue test` plays:" in again.out
    assert "Exploring" not in again.err, "what is known of a version is not explored again"
    assert "waiting" in call("check", "--quick", "--json").json["workflows"][0]["broken"]


def test_a_risk_is_accepted_by_name_with_a_reason(broken: tuple[Call, Path]) -> None:
    call, shop = broken
    assert call("check", "--quick", "--accept-risk", "waiting").code == WRONG_USE
    assert (
        "No workflow of this shop breaks `cover`; broken: unanswered, waiting."
        in call("check", "--quick", "--accept-risk", "cover", "--reason", "we like it").err
    )
    accepting = call("check", "--quick", *ACCEPTED, "--reason", "Ann looks daily", "--by", "ann")
    assert accepting.code == 0
    assert "is broken, and that is accepted; " in accepting.out
    assert "Accepted by person:ann: Ann looks daily" in accepting.out
    assert call("import", shop / EXAMPLE, "--channel", "web").code == 0
    assert call("work", "--until-idle").code == 0


def test_an_acceptance_is_of_one_version_only(broken: tuple[Call, Path]) -> None:
    call, shop = broken
    assert call("check", "--quick", *ACCEPTED, "--reason", "for now").code == 0
    activated(shop, quiet=True)
    (shop / "workflows/lamps.yaml").write_text(BROKEN + HIDING)
    with pytest.raises(Failed, match="is broken"):
        activated(shop, quiet=True)


def test_a_file_of_verdicts_that_is_not_ours_is_refused(broken: tuple[Call, Path]) -> None:
    call, shop = broken
    (shop / "checked.json").write_text("{not ours")
    said = call("work", "--until-idle")
    assert (said.code, "checked.json" in said.err) == (MISTAKES, True)
