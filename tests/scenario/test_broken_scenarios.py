"""Broken scenario files: every mistake is found, with its place and what was probably meant."""

import random
from pathlib import Path
from typing import NamedTuple

import pytest

from segue.loader.problems import Broken
from segue.scenario import read_file, read_text
from segue.scenario.finding import shipped


class Case(NamedTuple):
    """A broken file and what is said about it."""

    name: str
    text: str
    mistakes: list[str]


def cases() -> list[Case]:
    """The cases of broken_scenarios.txt."""
    text = Path(__file__).with_name("broken_scenarios.txt").read_text(encoding="utf-8")
    found = []
    for part in text.split("### ")[1:]:
        name, _, rest = part.partition("\n")
        source, _, mistakes = rest.partition("---\n")
        found.append(Case(name, source, mistakes.strip().splitlines()))
    return found


def mistakes_in(text: str, here: Path | None = None) -> list[str]:
    """What is said about a text; nothing if it can be read."""
    try:
        read_text(text, "s.yaml", here)
    except Broken as broken:
        return [str(problem) for problem in broken.problems]
    return []


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_every_mistake_is_found_with_its_place(case: Case) -> None:
    assert mistakes_in(case.text) == case.mistakes


def test_there_are_many_cases_and_each_has_a_mistake() -> None:
    assert len(cases()) >= 50
    assert all(case.mistakes for case in cases())


def test_all_mistakes_of_its_shop_are_told(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    assert mistakes_in("title: t\ngiven: {shop: shop}\nthen: {}\n", tmp_path) == [
        f"{tmp_path}/shop/{file}:1:1: the file cannot be read: no such file or directory"
        for file in ("locations.yaml", "shop.yaml")
    ]


def test_a_file_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(Broken, match=r"no\.yaml:1:1: the file cannot be read: no such file or directory"):
        read_file(tmp_path / "no.yaml", "no.yaml")


def mutated(text: str, chance: random.Random) -> str:
    """The text with a few characters changed, taken out or put in."""
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(text))
        end = start + chance.choice((0, 1, 1, 1, 30))
        put_in = chance.choice(
            [*"{}[]:,-'|>#&*!%@ \n\tz09$._(=+\u2028é", "", "", "", ": ", "- ", "null", "True", "1e9"]
        )
        text = text[:start] + put_in + text[end:]
    return text


def test_whatever_stands_in_a_file_reading_does_not_fail() -> None:
    chance = random.Random(48)
    texts = [found.path.read_text("utf-8") for found in shipped()]
    for _ in range(400):
        text = mutated(chance.choice(texts), chance)
        assert all(mistake.startswith("s.yaml:") for mistake in mistakes_in(text)), text
