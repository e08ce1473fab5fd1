"""Tidy: what a machine can check of STYLE.md, checked in every file of the project.

The rules are in tests/tidy/; that each of them finds what it is for is tested in tests/tidy/test_rules.py.
"""

import pytest

from tests.tidy import purity, shape, words
from tests.tidy.source import Offense, Rule, own_files

RULES: tuple[Rule, ...] = (*shape.RULES, *purity.RULES, *words.RULES)
REFUSALS = "segue/core/base.py"


def assert_kept(rule: object, offenses: list[Offense]) -> None:
    """Fail with what the rule says and each place where it is broken."""
    if offenses:
        pytest.fail("\n".join([f"{rule.__doc__}", *map(str, offenses)]), pytrace=False)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_file_keeps_the_rule(rule: Rule) -> None:
    offenses = [offense for path, text in own_files().items() for offense in rule(path, text)]
    assert_kept(rule, offenses)


def test_every_refusal_is_mentioned_in_a_test() -> None:
    tests = "\n".join(
        text for path, text in own_files().items() if path.startswith("tests/") and not path.startswith("tests/tidy/")
    )
    offenses = list(words.untested_refusals(REFUSALS, own_files()[REFUSALS], tests))
    assert_kept(words.untested_refusals, offenses)


def test_the_files_of_the_project_are_found() -> None:
    assert {"segue/__init__.py", REFUSALS, "tests/test_tidy.py"} <= own_files().keys()
