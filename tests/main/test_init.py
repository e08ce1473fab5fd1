"""The command `segue init`: whatever is answered, the files are in order, and the example order is delivered."""

import io
from itertools import product
from pathlib import Path

import pytest

from segue.app import problems_in
from segue.core.notify import TellChannel
from segue.loader.library import read_library
from segue.loader.problems import Problems
from segue.main.init.answers import CAPTURES, ROUTES, SOURCES, UPDATES, Answers, Choice
from segue.main.init.files import PREBUILT, files_of, workflow_name, write
from segue.settings import read_shop
from tests.main.calling import Call, caller

NOW_S = 1_790_000_000


def test_a_shop_is_made_checked_and_its_example_order_delivered(anywhere: Call, tmp_path: Path) -> None:
    shop = tmp_path / "my lamps"
    said = anywhere("init", shop, "--yes")
    assert said.code == 0
    typed = [line.strip() for line in said.out.splitlines() if line.startswith("  segue ")]
    assert typed[0] == "segue check"
    for line in typed:
        tokens = [str(shop / token) if token.startswith("orders/") else token for token in line.split()[1:]]
        quickly = ["--quick"] if tokens == ["check"] else []
        assert anywhere(*tokens, *quickly, "--shop", shop).code == 0, line
    assert anywhere("order", "web-1001", "--shop", shop, "--json").json["status"] == "delivered"


@pytest.mark.parametrize(
    ("route", "capture", "review", "sources", "updates"),
    list(product(ROUTES, CAPTURES, (True, False), SOURCES, UPDATES))[::7],
    ids=lambda value: getattr(value, "word", str(value)),
)
def test_whatever_is_answered_the_order_of_each_channel_is_delivered(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, route: object, capture: object, review: bool, sources: object,
    updates: object,
) -> None:  # fmt: skip
    answers = Answers("Lamps", "JP", "JPY", (), route, capture, review, sources, updates)  # type: ignore[arg-type]
    write(tmp_path, files_of(answers, NOW_S))
    assert problems_in(tmp_path) == []
    call = caller(capsys, tmp_path)
    for channel in answers.sources.values:
        assert call("import", tmp_path / f"orders/example-{channel}.json", "--channel", channel).code == 0
    assert call("work", "--until-idle", "--json").json["statuses"] == {"delivered": len(answers.sources.values)}


def test_the_questions_decide_what_is_written(anywhere: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = "Lamps\nde\n\ny\nn\ny\nmaybe\nno\n9\n2\n3\nn\n2\n2\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(answers))
    said = anywhere("init", tmp_path / "shop")
    assert said.code == 0
    assert "A number from 1 to 4." in said.out
    shop = (tmp_path / "shop/shop.yaml").read_text()
    assert "currency: EUR" in shop
    assert "channels: [shopify]" in shop
    workflow = (tmp_path / "shop/workflows/lamps.yaml").read_text()
    assert "extends: standard" in workflow
    assert "- known_skus" in workflow
    assert "- known_shipping_method" not in workflow
    assert "capture: at_once" in workflow
    assert "update: delivered" not in workflow
    assert problems_in(tmp_path / "shop") == []


def test_nobody_who_answers_is_told_of_the_usual_answers(
    anywhere: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    said = anywhere("init", tmp_path / "shop")
    assert (said.code, said.err) == (2, "Nobody answers. `--yes` takes the usual answers.\n")
    assert not (tmp_path / "shop").exists()


def test_a_file_that_is_there_is_never_overwritten(anywhere: Call, tmp_path: Path) -> None:
    (tmp_path / "stock.csv").write_text("mine")
    said = anywhere("init", tmp_path, "--yes")
    assert (said.code, said.err) == (1, f"{tmp_path} has a file stock.csv already; nothing was written.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["stock.csv"]


@pytest.mark.parametrize(
    ("shop", "name"),
    [
        ("Lamps", "lamps"),
        ("Café 24", "caf_24"),
        ("24 lamps", "shop_24_lamps"),
        ("standard", "own_standard"),
        ("日本", "shop"),
    ],
)
def test_a_workflow_has_a_name_that_files_may_have(shop: str, name: str) -> None:
    assert workflow_name(shop) == name


@pytest.mark.parametrize("updates", UPDATES, ids=lambda value: value.word)
def test_channels_are_told_what_was_answered_and_nothing_else(tmp_path: Path, updates: Choice) -> None:
    write(tmp_path, files_of(Answers("Lamps", updates=updates), NOW_S))
    reactions = [each for found in read_shop(tmp_path).workflows["lamps"].reactions.values() for each in found]
    told = {each.command.update for each in reactions if isinstance(each.command, TellChannel)}
    assert told == set(updates.values)
    usual = read_shop(_usual(tmp_path / "usual")).workflows["lamps"].reactions
    assert len(reactions) == sum(map(len, usual.values())) - len(UPDATES[0].values) + len(updates.values)


def _usual(folder: Path) -> Path:
    write(folder, files_of(Answers("Lamps"), NOW_S))
    return folder


def test_init_knows_which_workflows_are_prebuilt() -> None:
    assert sorted(read_library(None, Problems()).prebuilt) == sorted(PREBUILT)
