"""Scenarios that programs make: what is written can be read, and is the same."""

import json
from typing import Any

import pytest

from segue.loader.problems import Problems
from segue.loader.reading import parse_tree, read_tree
from segue.scenario import run_data, written
from segue.scenario.finding import Found, shipped

DATA: dict[str, Any] = {
    "title": "A counterexample.",
    "given": {"workflow": {"extends": "standard", "policies": {"capture": "at_once"}}, "by_hand": ["warehouse"]},
    "when": [
        {"order": {"id": "7", "lines": "2 MUG", "pay": {"card": "20.00", "account": "rest"}}},
        {"after": "1h", "short_picks": "1 MUG"},
        {"customer_cancels": None, "refused": "nothing_to_cancel"},
    ],
    "then": {"order": {"status": "delivered", "why": ["a: b", "- c", "#d", "yes"]}},
}


def read(text: str) -> Any:
    tree = parse_tree(text, "s.yaml", Problems())
    assert tree is not None
    return tree.plain_value()


def test_data_are_the_same_after_they_were_written_and_read() -> None:
    assert read(written(DATA)) == DATA


@pytest.mark.parametrize("found", shipped(), ids=lambda found: found.name)
def test_every_shipped_scenario_is_the_same_after_it_was_written(found: Found) -> None:
    tree = read_tree(found.path, found.name, Problems())
    assert tree is not None
    data = tree.plain_value()
    assert read(written(data)) == data


def test_what_is_the_same_twice_is_written_out_twice() -> None:
    same = ["delivered"]
    assert "&" not in written({"title": "t", "then": {"mails": same, "folders": same}})


def test_data_are_run_as_a_file_is() -> None:
    good = {"title": "t", "when": [{"order": "1 MUG"}], "then": {"order": {"status": "delivered"}}}
    assert run_data(good).passed
    bad = run_data(json.loads(json.dumps(good).replace("delivered", "deliverd")), "made.yaml")
    assert bad.mistakes == ("made.yaml:5:19: unknown status `deliverd`; did you mean `delivered`?",)
    assert not bad.passed
