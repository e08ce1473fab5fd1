"""The JSON Schema of scenario files: it takes what can be read, and knows every step and expectation."""

import json
from pathlib import Path
from typing import Any

import pytest

from segue.core.decide import COMMANDS, EVENTS
from segue.loader.problems import Problems
from segue.loader.reading import read_tree
from segue.scenario.expecting import orders, outside
from segue.scenario.finding import Found, shipped
from segue.scenario.reading import VERBS
from segue.scenario.schema import scenario_schema
from segue.settings import registry
from tests.scenario.validating import objections


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The schema as an editor reads it."""
    read: dict[str, Any] = json.loads(json.dumps(scenario_schema(registry(), COMMANDS, EVENTS)))
    return read


def plain(path: Path) -> Any:
    tree = read_tree(path, path.name, Problems())
    assert tree is not None
    return tree.plain_value()


@pytest.mark.parametrize("found", shipped(), ids=lambda found: found.name)
def test_every_shipped_scenario_is_what_the_schema_says(found: Found, schema: dict[str, Any]) -> None:
    assert list(objections(plain(found.path), schema, schema)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"when": []},
        {"title": "t", "wen": []},
        {"title": "t", "when": [{"ordr": "1 MUG"}]},
        {"title": "t", "when": [{"after": "soon"}]},
        {"title": "t", "when": [{"at": "2h"}]},
        {"title": "t", "when": [{"gateway": {"capture": "decline"}}]},
        {"title": "t", "then": {"order": {"stauts": "delivered"}}},
        {"title": "t", "given": {"workflow": {"holds": {"mine": {"blocks": ["alocate"]}}}}},
    ],
)
def test_what_is_misspelt_is_not_what_the_schema_says(wrong: dict[str, Any], schema: dict[str, Any]) -> None:
    assert list(objections(wrong, schema, schema))


def test_it_has_every_step_and_every_expectation(schema: dict[str, Any]) -> None:
    definitions = schema["$defs"]
    assert set(definitions["step"]["properties"]) == {*VERBS, "expect", "at", "after", "refused"}
    assert set(definitions["order"]["properties"]) == set(orders.ASPECTS)
    assert set(definitions["expected"]["properties"]) == {"order", "orders", "stock", "promise", *outside.ASPECTS}


def test_every_reference_leads_somewhere(schema: dict[str, Any]) -> None:
    for part in json.dumps(schema).split('"$ref": "#/$defs/')[1:]:
        assert part.partition('"')[0] in schema["$defs"]
