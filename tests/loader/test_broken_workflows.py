"""Broken workflow files: every mistake is found, with its place and what was probably meant."""

import random
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.loader.offer import library_of, mistakes_in
from tests.loader.test_workflow import WHOLE

BASES = library_of(standard="name: standard\n")


class Case(NamedTuple):
    """A broken file and what is said about it."""

    name: str
    text: str
    mistakes: list[str]


def cases() -> list[Case]:
    """The cases of broken_workflows.txt."""
    text = Path(__file__).with_name("broken_workflows.txt").read_text(encoding="utf-8")
    found = []
    for part in text.split("### ")[1:]:
        name, _, rest = part.partition("\n")
        source, _, mistakes = rest.partition("\n---\n")
        found.append(Case(name, source + "\n", mistakes.strip().splitlines()))
    return found


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_every_mistake_is_found_with_its_place(case: Case) -> None:
    assert mistakes_in(case.text, library=BASES) == case.mistakes


def test_there_are_many_cases_and_each_has_a_mistake() -> None:
    assert len(cases()) >= 60
    assert all(case.mistakes for case in cases())


def test_a_mistake_in_a_base_is_told_where_it_stands() -> None:
    bases = library_of(standard="name: standard\nfolders: {late: {when: hols > 0, owner: ann}}\n")
    text = "name: w\nextends: standard\non: {order_plaecd: []}\n"
    assert mistakes_in(text, library=bases) == [
        "standard.yaml:2:24: unknown name `hols`; did you mean `holds`?",
        "w.yaml:3:6: unknown event `order_plaecd`; did you mean `order_placed`?",
    ]


def test_what_the_base_does_not_have_cannot_be_taken_away() -> None:
    bases = library_of(standard="name: standard\nfolders: {late: {when: holds > 0, owner: ann}}\n")
    text = "name: w\nextends: standard\nfolders: {lat: }\n"
    assert mistakes_in(text, library=bases) == [
        "w.yaml:3:11: there is no `lat` to take away; `standard.yaml` has none under `folders`"
    ]


def test_workflows_that_extend_each_other_in_a_circle_are_refused() -> None:
    bases = library_of(one="name: one\nextends: two\n", two="name: two\nextends: one\n")
    assert mistakes_in("name: w\nextends: one\n", library=bases) == [
        "two.yaml:2:10: more than 5 workflows extend each other; is it a circle?"
    ]


def mutated(text: str, chance: random.Random) -> str:
    """The text with a few characters changed, taken out or put in."""
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(text))
        end = start + chance.choice((0, 1, 1, 1, 40))
        put_in = chance.choice(
            [*"{}[]:,-'|>#&*!%@ \n\tz09$._(=\u2028é", "", "", "", ": ", "- ", "null", "True", "1e9", "6_"]
        )
        text = text[:start] + put_in + text[end:]
    return text


def test_whatever_stands_in_a_file_the_loader_does_not_fail() -> None:
    chance = random.Random(48)
    for _ in range(300):
        text = mutated(WHOLE, chance)
        assert all(mistake.startswith("w.yaml:") for mistake in mistakes_in(text)), text
