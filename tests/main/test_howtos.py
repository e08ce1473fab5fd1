"""How-tos: every command that they show is one that there is, and those about stock are played in a new shop."""

import json
import re
import shlex
from pathlib import Path

import pytest
from cyclopts import MissingArgumentError

from segue.main.commands import app
from tests.main.calling import EXAMPLE, Call, caller
from tests.tidy.source import ROOT

SHOWN = re.compile(r"^(?:    |)(?:\$ )?segue (.+)$|`segue ([^`\n]+)`", re.MULTILINE)
EXPLAINED = re.compile(r" {3,}\S.*$|  #.*$")  # what stands beside a command
A_FORM = re.compile(r"\b[A-Z]{4,}\b(?!-)|\.\.\.|\||\[")  # ORDER, a|b, [--seed 1]: how it is written, not what is typed
REDIRECTED = re.compile(r" > \S+$")
TO_BE_TYPED = ("    ", "|")  # how lines begin with what is to be typed; elsewhere commands are only mentioned
ROWS = "sku,location,on_hand\nLAMP-1,MAIN,5\n"
CART = {"cart": "C-1077", "lines": [{"sku": "LAMP-1", "quantity": 2}], "customer": {"ship_to": {"country": "US"}}}
CHANNELS = ("market", "web_de")


def shown_in(path: Path, beginnings: tuple[str, ...] = ("",)) -> list[list[str]]:
    """The commands of a page, as words, in their sequence; of the lines that begin so."""
    lines = [line for line in path.read_text("utf-8").splitlines() if line.startswith(beginnings)]
    found = (match[1] or match[2] for match in SHOWN.finditer("\n".join(lines)))
    plain = (REDIRECTED.sub("", EXPLAINED.sub("", text)).rstrip(".,;:") for text in found)
    return [shlex.split(text) for text in plain if not A_FORM.search(text.replace("MAIN", "").replace("SHOP", ""))]


@pytest.mark.parametrize("page", sorted(path.name for path in (ROOT / "docs/howto").glob("*.md")))
def test_every_command_of_a_how_to_is_one_that_there_is(page: str) -> None:
    for words in shown_in(ROOT / "docs/howto" / page):
        try:
            app.parse_args(words, exit_on_error=False, print_error=False)
        except MissingArgumentError:  # its name stands for it
            assert len(words) <= 2, words


@pytest.mark.parametrize("page", ["receive-and-count-stock.md", "reserve-and-fence-stock.md"])
def test_a_how_to_can_be_followed_in_a_new_shop(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = tmp_path / "shop"
    call = caller(capsys)
    assert call("init", shop, "--yes").code == 0
    monkeypatch.chdir(shop)
    prepare(shop, call)
    typed = shown_in(ROOT / "docs/howto" / page, TO_BE_TYPED)
    assert len(typed) > 10
    for words in typed:
        said = call(*words)
        assert said.code == 0, (words, said)


def prepare(shop: Path, call: Call) -> None:
    """What the pages take for granted: files of systems, a cart, channels beside the first one."""
    (shop / "counted.csv").write_text(ROWS, "utf-8")
    (shop / "changes.csv").write_text(ROWS, "utf-8")
    (shop / "cart.json").write_text(json.dumps(CART), "utf-8")
    text = (shop / "shop.yaml").read_text("utf-8")
    (shop / "shop.yaml").write_text(text.replace("[web]", f"[{', '.join(('web', *CHANNELS))}]"), "utf-8")
    for name in CHANNELS:
        (shop / f"channels/{name}.yaml").write_text(f"name: {name}\nextends: canonical\n", "utf-8")
    assert call("import", EXAMPLE, "--channel", "web").code == 0
