"""Broken channel files: every mistake is found before any order, with its place and what was probably meant."""

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.loader.channels import FLAT, mistakes_in


class Case(NamedTuple):
    """A broken channel file and what is said about it."""

    name: str
    text: str
    mistakes: list[str]


def cases() -> list[Case]:
    """The cases of broken_channels.txt."""
    text = Path(__file__).with_name("broken_channels.txt").read_text(encoding="utf-8")
    found = []
    for part in text.split("### ")[1:]:
        name, _, rest = part.partition("\n")
        source, _, mistakes = rest.partition("\n---\n")
        found.append(Case(name, source + "\n", mistakes.strip().splitlines()))
    return found


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_every_mistake_is_found_with_its_place(case: Case, tmp_path: Path) -> None:
    found = [mistake.partition("; looked in")[0] for mistake in mistakes_in(case.text, tmp_path)]
    assert found == case.mistakes


@pytest.mark.parametrize(
    ("table", "mistake"),
    [
        ("b,c\n1,2\n", "web.yaml:5:32: unknown column `a`; there is b, c"),
        ("a,c\n1,2\n1,3\n", "t.csv:3:1: `1` is in the table twice"),
        ("a,c\n1,2\n", "web.yaml:4:64: unknown column `b`; there is a, c"),
    ],
)
def test_mistakes_in_a_table_are_found(table: str, mistake: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(table, encoding="utf-8")
    text = FLAT.replace("sku: sku", "sku: {from: a, lookup: {table: t, column: b}}")
    assert mistake in mistakes_in(text + "tables: {t: {file: t.csv, key: a}}\n", tmp_path)


def test_a_table_that_is_no_text_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "t.csv.gz").write_bytes(b"\x1f\x8bnot packed")
    found = mistakes_in(FLAT + "tables: {t: {file: t.csv, key: a}}\n", tmp_path)
    assert [mistake.startswith("web.yaml:5:20: the table `t.csv.gz` cannot be read") for mistake in found] == [True]


def test_an_optional_table_may_be_missing(tmp_path: Path) -> None:
    assert mistakes_in(FLAT + "tables: {t: {file: t.csv, key: a, optional: true}}\n", tmp_path) == []
