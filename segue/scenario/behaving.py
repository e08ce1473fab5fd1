"""Behaving: how a scenario says that the world outside works, in the words of `simulated.behavior`."""

from typing import Any

import msgspec
from msgspec import to_builtins

from segue.connectors.simulated.behavior import Behavior, WarehouseBehavior
from segue.loader.tree import Node
from segue.scenario.forms import Kind, Schema, Words
from segue.scenario.setting import STEADY

SYSTEMS: dict[str, Any] = {
    field.name: field.type for field in msgspec.structs.fields(Behavior) if field.name not in ("locations", "pace")
}


def _keys(system: Any) -> tuple[str, ...]:
    return tuple(field.name for field in msgspec.structs.fields(system))


def _behavior(node: Node, words: Words) -> Behavior:
    """What is said, over what is steady."""
    before = len(words.problems)
    for name, inner in node.fields(words.problems, (*SYSTEMS, "locations", "pace")).items():
        if name == "locations":
            for location, own in inner.entries(words.problems).items():
                if location not in words.names["location"]:
                    words.problems.add_unknown(own.place, "location", location, words.names["location"])
                own.fields(words.problems, _keys(WarehouseBehavior))
        elif name != "pace":
            inner.fields(words.problems, _keys(SYSTEMS[name]))
    return _converted(node, words) if len(words.problems) == before else STEADY


def _converted(node: Node, words: Words) -> Behavior:
    steady = to_builtins(STEADY)
    value = _laid_over(_whole(steady), node.plain_value() or {})
    usual = _whole(steady)["warehouse"]
    value["locations"] = {name: usual | own for name, own in value.get("locations", {}).items()}
    try:
        return msgspec.convert(value, Behavior)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$.")
        words.problems.add(_at(node, path.rstrip("`").split(".")), f"{message[:1].lower()}{message[1:]}")
        return STEADY


def _whole(steady: dict[str, Any]) -> dict[str, Any]:
    return {name: dict(steady.get(name, {})) for name in SYSTEMS}


def _laid_over(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    return base | {
        key: _laid_over(base[key], value) if isinstance(value, dict) and isinstance(base.get(key), dict) else value
        for key, value in over.items()
    }


def _at(node: Node, path: list[str]) -> Node:
    for key in path:
        if node.kind != "mapping" or key not in node.content:
            break
        node = node.content[key]
    return node


def _schema() -> Schema:
    rates = {"type": ["number", "string", "array", "boolean", "object", "null"]}

    def system(kind: Any) -> Schema:
        return {"type": "object", "properties": dict.fromkeys(_keys(kind), rates), "additionalProperties": False}

    properties = {name: system(kind) for name, kind in SYSTEMS.items()} | {
        "locations": {"type": "object", "additionalProperties": system(WarehouseBehavior)},
        "pace": {"type": "number"},
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}


BEHAVIOR = Kind(_behavior, _schema(), "how its systems behave: `{carrier: {lost_rate: 1}}`")
