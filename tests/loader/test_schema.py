"""The JSON Schema of workflow files: it knows what the loader knows."""

import json
from typing import Any

from segue.core.vocabulary import vocabulary
from segue.loader.schema import workflow_schema
from segue.loader.workflow import WORKFLOW_KEYS
from tests.loader.offer import COMMANDS, EVENTS, REGISTRY


def schema() -> dict[str, Any]:
    """The schema as an editor reads it."""
    read: dict[str, Any] = json.loads(json.dumps(workflow_schema(REGISTRY, COMMANDS, EVENTS)))
    return read


def test_it_has_every_key_event_and_command() -> None:
    properties = schema()["properties"]
    assert set(properties) == set(WORKFLOW_KEYS)
    assert set(properties["on"]["properties"]) == set(EVENTS)
    commands = schema()["$defs"]["command"]["oneOf"]
    assert [each["properties"]["command"]["const"] for each in commands] == list(COMMANDS)


def test_it_has_the_policies_with_their_parameters() -> None:
    policies = schema()["properties"]["policies"]["properties"]
    name, with_parameters = policies["split"]["items"]["anyOf"]
    assert name == {"const": "shipments_at_most", "description": "So many parcels."}
    assert with_parameters["properties"]["shipments_at_most"]["properties"] == {
        "count": {"type": "integer"},
        "strict": {"type": "boolean"},
        "soft": {"type": "boolean", "description": "Broken only if nothing else is found."},
    }
    assert "within" in json.dumps(policies["validate"])
    assert list(policies["grade"]["properties"]) == ["high_value", "country_mismatch"]


def test_it_explains_every_word_of_conditions() -> None:
    explained = schema()["$defs"]["condition"]["description"]
    assert all(f"\n{word}: " in explained for word in vocabulary().names)


def test_every_reference_leads_somewhere() -> None:
    text = json.dumps(schema())
    for part in text.split('"$ref": "#/$defs/')[1:]:
        assert part.partition('"')[0] in schema()["$defs"]
