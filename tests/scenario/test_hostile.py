"""Hostile files: bombs, tags, files of ten megabytes, conditions of great depth are refused at once (T47, T48)."""

from pathlib import Path

import pytest

from segue.loader.problems import Broken
from segue.scenario import read_text, run_file
from tests.effort import CALLS_AT_ONCE, calls_of

LAUGHS = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True))
BOMBS = {
    "a billion laughs": (LAUGHS, "s.yaml:1:4: anchors (`&a`) are not allowed; write it out"),
    "a tag": (
        "title: !!python/object/apply:os.system [x]\n",
        "s.yaml:1:8: tags (`!...`) are not allowed; put a text with `!` into quotes",
    ),
    "ten megabytes": ("x" * 10_000_000, "s.yaml:1:1: the file is too big: it may have 1000000 bytes"),
    "great depth": ("[" * 15_000, "s.yaml:1:31: lists and mappings are nested at most 30 deep"),
    "a key that is given twice": (
        "title: t\n" * 40_000,
        "s.yaml:2:1: key `title` is given twice; it stands in line 1 too",
    ),
}
CONDITION = "title: t\ngiven: {{workflow: {{folders: {{mine: {{when: '{}', owner: ann}}}}}}}}\nthen: {{}}\n"
DEEP = "-" * 1_000 + "total > 1"
PARENTHESES = "(" * 990 + "total" + ")" * 990 + " > 1"


def refused(text: str) -> list[str]:
    with pytest.raises(Broken) as broken:
        read_text(text, "s.yaml")
    return [str(problem) for problem in broken.value.problems]


@pytest.mark.parametrize("name", BOMBS)
def test_what_could_be_hostile_is_refused_at_once(name: str) -> None:
    text, expected = BOMBS[name]
    said: list[str] = []
    read_text("title: warm\nthen: {}\n")  # what is compiled once
    assert calls_of(lambda: said.extend(refused(text))) <= CALLS_AT_ONCE
    assert said[0] == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (DEEP, "a condition is nested at most"),
        (PARENTHESES, "this is not an expression: too many nested parentheses"),
        ("().__class__.__mro__", "a dot is only allowed in `line.NAME`"),
        ("total.__class__.__mro__ == 1", "a dot is only allowed in `line.NAME`"),
    ],
)
def test_a_hostile_condition_costs_no_more_than_a_good_one(condition: str, expected: str) -> None:
    good = CONDITION.format("total > 1")
    read_text(good)  # what is compiled once
    usual = calls_of(lambda: read_text(good))
    said: list[str] = []
    assert calls_of(lambda: said.extend(refused(CONDITION.format(condition)))) <= usual + CALLS_AT_ONCE
    assert len(said) == 1
    assert expected in said[0]


@pytest.mark.parametrize(
    "text",
    [
        "title: t\nwhen:\n  - order: " + "1 MUGG, " * 2_000 + "1 MUG\n",
        "title: t\nwhen:\n" + "  - order: {lines: 1 MUG, copies: 99999999}\n" * 5_000,
        "title: t\nwhen:\n" + "  - order: 1 MUGG\n" * 5_000,
        "title: t\nwhen:\n" + "  - order: {lines: 1 MUG, copies: " + "9" * 15_000 + "}\n",
    ],
)
def test_a_file_of_many_orders_takes_no_more_than_its_size(text: str) -> None:
    read_text("title: warm\nthen: {}\n")
    assert calls_of(lambda: refused(text)) <= 200 * len(text) + CALLS_AT_ONCE


def test_a_file_of_a_gigabyte_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    with path.open("wb") as stream:
        stream.truncate(1_000_000_000)
    assert calls_of(lambda: run_file(path)) <= CALLS_AT_ONCE
    assert run_file(path).mistakes == (f"{path}:1:1: the file is too big: it may have 1000000 bytes",)
