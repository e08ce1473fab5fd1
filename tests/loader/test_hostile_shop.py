"""Hostile files of a shop: in each of them bombs, tags, great sizes and conditions are refused at once (T47, T48)."""

from pathlib import Path

import pytest

from segue.app import problems_in
from tests.effort import CALLS_AT_ONCE, calls_of

SHOP = {
    "shop.yaml": "name: Lamps\ncurrency: EUR\nworkflow: mine\nchannels: [web]\n",
    "channels/web.yaml": "name: web\nextends: canonical\n",
    "workflows/mine.yaml": "name: mine\nextends: standard\n",
    "locations.yaml": "- {id: BER, country: DE}\n",
    "promotions.yaml": "promotions: {}\n",
}
LAUGHS = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True))
BOMBS = {
    "a billion laughs": (LAUGHS, "1:4: anchors (`&a`) are not allowed; write it out"),
    "an alias": ("a: *x\n", "1:4: aliases (`*x`) are not allowed; write it out"),
    "a tag": ("a: !!python/name:os.system\n", "1:4: tags (`!...`) are not allowed; put a text with `!` into quotes"),
    "ten megabytes": ("x" * 10_000_000, "1:1: the file is too big: it may have 1000000 bytes"),
    "great depth": ("[" * 15_000, "1:31: lists and mappings are nested at most 30 deep"),
    "the same key again and again": ("name: x\n" * 40_000, "2:1: key `name` is given twice; it stands in line 1 too"),
}
WORKFLOW = "name: mine\nextends: standard\nfolders:\n  deep: {{when: '{}', owner: ann}}\n"
CHANNEL = "name: web\nextends: canonical\ntags:\n  - {{tag: deep, when: '{}'}}\n"
CONDITIONS = {
    "of depth 1,000": ("-" * 1_000 + "total > 1", "a condition is nested at most"),
    "in 990 parentheses": ("(" * 990 + "total" + ")" * 990 + " > 1", "too many nested parentheses"),
    "that reaches out": ("total.__class__.__mro__ == 1", "a dot is only allowed in `line.NAME`"),
    "that calls": ('__import__("os").system("x") == 1', "only functions can be called, by their name"),
}


def written(folder: Path, **changes: str) -> Path:
    """A shop with other files."""
    for name, text in (SHOP | changes).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def usual(tmp_path: Path) -> int:
    """The calls that it takes to find that a shop's files are in order."""
    good = written(tmp_path / "good")
    assert problems_in(good) == []
    return calls_of(lambda: problems_in(good))


@pytest.mark.parametrize("file", SHOP)
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_hostile_file_costs_no_more_than_a_good_one(tmp_path: Path, usual: int, file: str, bomb: str) -> None:
    text, expected = BOMBS[bomb]
    bad = written(tmp_path / "bad", **{file: text})
    said: list[str] = []
    assert calls_of(lambda: said.extend(map(str, problems_in(bad)))) <= usual + CALLS_AT_ONCE
    assert f"{file}:{expected}" in said


@pytest.mark.parametrize(
    ("file", "form"), [("workflows/mine.yaml", WORKFLOW), ("channels/web.yaml", CHANNEL)], ids=("workflow", "channel")
)
@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_hostile_condition_costs_no_more_than_a_good_one(
    tmp_path: Path, usual: int, file: str, form: str, condition: str
) -> None:
    text, expected = CONDITIONS[condition]
    bad = written(tmp_path / "bad", **{file: form.format(text)})
    said: list[str] = []
    assert calls_of(lambda: said.extend(map(str, problems_in(bad)))) <= usual + CALLS_AT_ONCE
    assert len(said) == 1, said
    assert said[0].startswith(f"{file}:4:")
    assert expected in said[0]
