"""The JSON Schema of scenario files, for editors: made from the steps and expectations that there are."""

from collections.abc import Mapping

from segue.core.policy import Policy
from segue.loader.declared import Commands, Events
from segue.loader.schema import DRAFT, workflow_schema
from segue.scenario.expecting import orders as of_orders
from segue.scenario.expecting import outside as of_outside
from segue.scenario.expecting.promises import SCHEMA
from segue.scenario.forms import Schema, schema_of
from segue.scenario.given import GIVEN
from segue.scenario.kinds import DURATION
from segue.scenario.reading import EXPECT, REFUSALS, TITLE_MAX, VERBS

OFFSET: Schema = {"type": "string", "pattern": r"^\+[0-9]{1,9}[smhdw]$", "examples": ["+2h"]}
WORKFLOW: Schema = {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/workflow"}]}


def scenario_schema(registry: Mapping[str, Mapping[str, Policy]], commands: Commands, events: Events) -> Schema:
    """The schema of a scenario file. Names are checked when it is read, not by it."""
    whole = workflow_schema(registry, commands, events)
    given = schema_of(GIVEN)
    given["properties"]["workflow"] = {**WORKFLOW, "description": GIVEN["workflow"].meaning}
    given["properties"]["policies"] = whole["properties"]["policies"]
    expected = {"$ref": "#/$defs/expected"}
    properties: Schema = {
        "title": {"type": "string", "maxLength": TITLE_MAX, "description": "What it shows, in one sentence."},
        "covers": {"type": "array", "items": {"type": "string"}, "description": "The capabilities that it shows."},
        "given": given,
        "when": {"type": "array", "items": {"$ref": "#/$defs/step"}},
        "then": {**expected, "description": "What has to be when all is at rest."},
    }
    definitions = {
        **whole["$defs"],
        "workflow": _workflow(whole),
        "step": _step(expected, whole),
        "expected": _expected(),
        "order": of_orders.schema(),
    }
    top = {"type": "object", "properties": properties, "additionalProperties": False, "required": ["title"]}
    return {"$schema": DRAFT, "title": "A scenario of Segue", **top, "$defs": definitions}


def _workflow(whole: Schema) -> Schema:
    """A workflow that stands in a scenario: as in a file of its own, without a name."""
    own = {key: value for key, value in whole["properties"].items() if key != "name"}
    return {"type": "object", "properties": own, "additionalProperties": False}


def _step(expected: Schema, whole: Schema) -> Schema:
    """One thing that happens, with its time and what it is refused for."""
    verbs = {name: {**verb.kind.schema, "description": verb.meaning} for name, verb in VERBS.items()}
    verbs["workflow"] = {**WORKFLOW, "description": VERBS["workflow"].meaning}
    verbs["do"] = {
        "type": "object",
        "properties": {"command": {"enum": list(_commands(whole))}},
        "required": ["command"],
        "description": VERBS["do"].meaning,
    }
    beside: Schema = {
        "at": {**OFFSET, "description": "When, from the start."},
        "after": {**DURATION.schema, "description": "When, from the step before."},
        "refused": {"enum": list(REFUSALS), "description": "What it has to be refused for."},
        EXPECT: {**expected, "description": "What has to be now."},
    }
    return {"type": "object", "properties": {**beside, **verbs}, "additionalProperties": False}


def _commands(whole: Schema) -> list[str]:
    return [each["properties"]["command"]["const"] for each in whole["$defs"]["command"]["oneOf"]]


def _expected() -> Schema:
    order: Schema = {"$ref": "#/$defs/order"}
    properties: Schema = {
        "order": {**order, "description": "The only order of the scenario."},
        "orders": {"type": "object", "additionalProperties": order, "description": "Orders by name."},
        "promise": {**SCHEMA, "description": "From where and when a cart could be had now."},
        "stock": {**of_outside.STOCK_SCHEMA, "description": "Stock by SKU and location."},
    }
    for name, aspect in of_outside.ASPECTS.items():
        properties[name] = {**aspect.kind.schema, "description": aspect.meaning}
    return {"type": "object", "properties": properties, "additionalProperties": False}
