"""Failing: each wrong use is one clear sentence and an exit code, never a traceback."""

import errno
import sqlite3
from pathlib import Path

import pytest

from segue.main import asking
from segue.main.commands import NAMES
from segue.main.examples import EXAMPLES
from segue.store.lock import OwnerLock
from tests.main.calling import Call


def test_a_folder_that_is_no_shop_says_how_to_make_one(anywhere: Call, tmp_path: Path) -> None:
    said = anywhere("orders", "--shop", tmp_path)
    assert (said.code, said.err) == (
        2, f"There is no shop in {tmp_path}: it has no shop.yaml. `segue init DIR` makes one, `--shop DIR` names it.\n",
    )  # fmt: skip


def test_a_shop_without_orders_says_how_to_get_some(anywhere: Call, tmp_path: Path) -> None:
    anywhere("init", tmp_path / "shop", "--yes")
    said = anywhere("orders", "--shop", tmp_path / "shop")
    assert (said.code, "segue import" in said.err) == (1, True)


def test_the_shop_is_taken_from_the_surroundings(anywhere: Call, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGUE_SHOP", str(made))
    assert anywhere("orders").code == 0
    monkeypatch.delenv("SEGUE_SHOP")
    monkeypatch.chdir(made)
    assert anywhere("orders").code == 0


@pytest.mark.parametrize(
    ("tokens", "sentence"),
    [
        (("imprt", "x"), "There is no command `imprt`; did you mean `import`?"),
        (("qqq",), "There is no command `qqq`."),
        (("orders", "--foldr", "x"), 'Unknown option: --foldr. Did you mean --folder?'),
        (("orders", "--limit", "many"), 'Invalid value for --limit'),
        (("hold", "1001"), 'Command "hold" parameter'),
        (("schema", "orders"), 'Invalid value "orders" for KIND'),
    ],
)  # fmt: skip
def test_wrong_use_is_explained(look: Call, tokens: tuple[str, ...], sentence: str) -> None:
    said = look(*tokens)
    assert said.code == 2
    assert said.err.startswith(sentence)
    assert "`segue --help` lists the commands" in said.err


def test_mistakes_in_the_shops_files_are_all_told_with_their_places(call: Call, shop: Path) -> None:
    path = shop / "shop.yaml"
    path.write_text(path.read_text().replace("currency:", "curency:").replace("behavior: calm", "behavior: clam"))
    said = call("check")
    assert said.code == 1
    assert "unknown key `curency`; did you mean `currency`?" in said.out
    said = call("work")
    assert said.code == 3
    assert said.err.startswith("shop.yaml:")
    assert "the shop's files have mistakes" in said.err


def test_a_workflow_file_that_is_no_yaml_is_one_mistake(call: Call, shop: Path) -> None:
    (shop / "workflows/lamps.yaml").write_text("name: lamps\n\textends: standard\n")
    said = call("check")
    assert said.code == 1
    assert said.out.startswith("workflows/lamps.yaml:2:1: this is not YAML")
    assert said.out.endswith("1 mistake in 1 file.\n"), "that shop.yaml names it is no mistake"


@pytest.mark.parametrize(
    ("file", "old", "new", "mistake"),
    [
        ("shop.yaml", "behavior: calm", "behavior: clam", "simulated: "),
        ("shop.yaml", "clock: virtual", "clock: wrong", "simulated: "),
        ("shop.yaml", "behavior: calm", "behavior: {gateway: {declines: 1}}", "simulated: "),
        ("channels/web.yaml", "extends: canonical", "extends: canonica", "unknown prebuilt channel `canonica`"),
    ],
)
def test_check_looks_into_channels_and_the_simulated_world_too(
    call: Call, shop: Path, file: str, old: str, new: str, mistake: str
) -> None:
    (shop / file).write_text((shop / file).read_text().replace(old, new))
    said = call("check")
    assert said.code == 1
    assert said.out.startswith(f"{file}:")
    assert mistake in said.out


@pytest.mark.parametrize("tokens", [("import", "no.json", "--channel", "web"), ("catalog", "put", "no.csv")])
def test_a_file_that_is_not_there_is_named(call: Call, tokens: tuple[str, ...]) -> None:
    said = call(*tokens)
    assert (said.code, "there is no such file" in said.err) == (2, True)


def test_an_import_of_which_everything_is_rejected_has_found_something(call: Call, made: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text('[{"lines": []}]')
    said = call("import", tmp_path / "bad.json", "--channel", "web")
    assert (said.code, "The rejected rows are in" in said.out) == (1, True)
    assert call("import", tmp_path / "bad.json", "--channel", "web", "--json").code == 1
    assert call("import", tmp_path / "bad.json", made / "orders/more.json", "--channel", "web").code == 0


def test_a_folder_where_files_are_needed_is_named(call: Call, tmp_path: Path) -> None:
    sentence = f"{tmp_path} is a folder; of web the files in it have to be named.\n"
    for tokens in (("import", tmp_path, "--channel", "web"), ("correct", "1001", tmp_path)):
        said = call(*tokens)
        assert (said.code, said.err) == (2, sentence)


def test_a_refusal_in_json_has_its_name_and_its_detail(call: Call) -> None:
    said = call("lift", "1001", "review", "--json")
    assert said.code == 1
    assert said.json == {
        "refusal": "HOLD_NOT_FOUND", "detail": "review; there: none", "sentence": said.err.rstrip("\n"), "code": 1,
    }  # fmt: skip
    assert call("lift", "1001", "review").out == ""
    assert call("lift", "9999", "review", "--json").out == ""


def test_a_channel_that_there_is_not_is_a_mistake(call: Call, made: Path) -> None:
    said = call("import", made / "orders/more.json", "--channel", "wep")
    assert (said.code, "channels/wep.yaml" in said.err) == (3, True)


def test_a_shop_that_somebody_else_owns_and_that_cannot_be_reached_is_left_alone(
    call: Call, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PATIENCE_S", 0.0)
    with OwnerLock(shop):
        said = call("hold", "1001", "service")
        assert (said.code, "cannot be reached" in said.err) == (4, True)
        assert call("work", "--until-idle").code == 4
        assert call("orders").code == 0


def test_every_command_has_an_example_and_its_help_tells_what_it_takes(anywhere: Call) -> None:
    assert set(EXAMPLES) == set(NAMES)
    for name in set(NAMES) - {"bench"}:
        said = anywhere(name, "--help")
        assert said.code == 0
        assert "For example:" in said.out
        assert "Exit codes:" in said.out


def test_the_help_lists_all_commands(anywhere: Call) -> None:
    said = anywhere("--help").out
    assert all(f" {name} " in said for name in NAMES)


@pytest.mark.parametrize("tokens", [("orders",), ("audit",), ("replay", "--verify"), ("work", "--until-idle")])
def test_a_file_that_is_no_database_is_told(call: Call, shop: Path, tokens: tuple[str, ...]) -> None:
    for path in shop.glob("segue.db*"):
        path.unlink()
    (shop / "segue.db").write_text("a letter to somebody, and certainly no database")
    said = call(*tokens)
    assert (said.code, said.err) == (3, "The shop's database cannot be used: file is not a database.\n")


def test_what_sqlite_raises_for_a_mistake_of_ours_is_not_smoothed_over(call: Call, shop: Path) -> None:
    connection = sqlite3.connect(shop / "segue.db")
    connection.execute("DROP TABLE ledger")
    connection.close()
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        call("audit")


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "checked.json.new"), 2, "checked.json.new: no space left"),
        (OSError(errno.ENOSPC, "No space left on device"), 2, "No space left on device."),
        (OSError(errno.EROFS, "Read-only file system", "segue.lock"), 2, "segue.lock: read-only file system."),
        (KeyboardInterrupt(), 130, "Interrupted. What was acknowledged is kept."),
    ],
)
def test_a_full_disk_and_ctrl_c_are_one_sentence_each(
    look: Call, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, sentence: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("segue.main.audit.folder_of", fail)
    said = look("audit")
    assert (said.code, said.err.startswith(sentence)) == (code, True)
