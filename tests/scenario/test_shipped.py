"""The scenarios that come with Segue: every one of them holds."""

import re
from collections import Counter

import pytest

from segue.loader.library import PREBUILT
from segue.scenario import read_file, run_file
from segue.scenario.finding import Found, shipped

SCENARIOS = shipped()
# What part 1 has built of the capabilities that the project set out with; those with no number here are still to come.
BUILT = (
    "A-1 A-2 A-3 A-4 A-6 B-1 B-2 B-3 B-4 B-6 C-1 C-2 C-3 C-5 C-6 C-7 D-1 D-2 D-3 D-4 D-7 D-8 D-9 D-10 D-11 E-1 E-2 E-3 E-4 "
    "E-8 E-11 F-1 F-2 F-3 F-4 F-7 F-11 F-12 F-14 G-1 G-4 G-5 G-6 G-7 H-1 H-2 H-7 J-1 J-5 K-1 L-2 L-4 M-2 N-1 N-4"
).split()


@pytest.mark.parametrize("found", SCENARIOS, ids=lambda found: found.name)
def test_a_scenario_that_comes_with_segue_holds(found: Found) -> None:
    verdict = run_file(found.path, found.name)
    assert verdict.passed, verdict.told()


def test_there_are_many_each_with_a_sentence_of_its_own() -> None:
    titles = Counter(read_file(found.path).title for found in SCENARIOS)
    assert len(SCENARIOS) >= 60
    assert [title for title, count in titles.items() if count > 1 or not title.endswith(".")] == []


def test_every_prebuilt_workflow_has_one() -> None:
    played = "\n".join(found.path.read_text("utf-8") for found in SCENARIOS)
    named = set(re.findall(r"\b(?:workflow|extends): ([a-z_]+)", played))
    unplayed = {path.stem for path in PREBUILT.glob("*.yaml")} - named
    assert unplayed == set()


def test_every_capability_that_is_built_has_one() -> None:
    covered = {row for found in SCENARIOS for row in read_file(found.path).covers}
    assert set(BUILT) - covered == set()
