"""Hostile workflow files (T47, T48): what could cost much or reach out is refused with a clear error, and bounded work."""

import pytest

from segue.core.decide import COMMANDS, EVENTS
from segue.loader.problems import Problems
from segue.loader.reading import SIZE_MAX, parse_tree
from segue.loader.workflow import load_workflow
from tests.effort import CALLS_AT_ONCE, calls_of
from tests.loader.test_prebuilt import REGISTRY

DEEP = "a condition is nested at most 20 deep"
PARENTHESES = "this is not an expression: too many nested parentheses"
HOSTILE: dict[str, tuple[str, str]] = {
    "a condition of depth 1,000": ("when: " + "not " * 999 + "True", "a condition has at most 2000 characters"),
    "a short condition of depth 900": ("when: " + "-" * 900 + "1 > 0", DEEP),
    "brackets of depth 900": (f"when: {'(' * 900}holds > 0{')' * 900}", PARENTHESES),
    "a way to Python's classes": ("when: holds.__class__ == 1", "a dot is only allowed in `line.NAME`"),
    "all classes": ("when: ().__class__.__bases__[0].__subclasses__()", "only functions can be called"),
    "a line's class": ("when: any(line.__class__ for line in lines)", "unknown name `line.__class__`"),
    "what Python brings along": ("when: __import__('os').system('true')", "only functions can be called"),
    "a power of powers": ("when: 9 ** 9 ** 9 ** 9 > holds", "`**` is not allowed in a condition"),
    "an alias": ("when: &a holds > 0", "anchors (`&a`) are not allowed; write it out"),
    "a tag": ("when: !!python/name:os.system holds", "tags (`!...`) are not allowed"),
    "two conditions": ("when: holds > 0\n    when: True", "key `when` is given twice; it stands in line 4 too"),
}


def mistakes_of(text: str) -> list[str]:
    """The problems of a workflow file."""
    problems = Problems()
    tree = parse_tree(text, "w.yaml", problems)
    if tree is not None:
        load_workflow(tree, REGISTRY, COMMANDS, EVENTS, problems)
    return [str(problem) for problem in problems.sorted()]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_condition_is_refused_where_it_stands_and_at_once(name: str) -> None:
    when, expected = HOSTILE[name]
    text = f"name: w\nfolders:\n  odd:\n    {when}\n    owner: service\n"
    assert any(expected in mistake for mistake in mistakes_of(text)), mistakes_of(text)
    assert all(mistake.startswith("w.yaml:") for mistake in mistakes_of(text))
    assert calls_of(lambda: mistakes_of(text)) <= CALLS_AT_ONCE


@pytest.mark.parametrize("place", ["statuses:\n  s: {}", "holds:\n  h: {{blocks: [], lift_when: {}}}"])
def test_wherever_a_condition_may_stand_it_is_bounded(place: str) -> None:
    text = "name: w\n" + place.format("'" + "not " * 480 + "True'") + "\n"
    assert any(DEEP in mistake for mistake in mistakes_of(text))
    assert calls_of(lambda: mistakes_of(text)) <= CALLS_AT_ONCE


def test_a_workflow_of_ten_megabytes_is_refused_without_being_read() -> None:
    text = "name: w\n" + "# so much to say\n" * 600_000
    assert mistakes_of(text) == [f"w.yaml:1:1: the file is too big: it may have {SIZE_MAX} bytes"]
    assert calls_of(lambda: mistakes_of(text)) <= CALLS_AT_ONCE


def test_a_thousand_mistakes_cost_no_more_than_a_thousand_times_one() -> None:
    one = calls_of(lambda: mistakes_of("name: w\nfolders:\n  f0: {when: hols > 0, owner: x}\n"))
    many = "".join(f"  f{number}: {{when: hols > 0, owner: x}}\n" for number in range(1_000))
    assert calls_of(lambda: mistakes_of("name: w\nfolders:\n" + many)) <= 1_000 * one
