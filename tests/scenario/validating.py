"""Validating: as much of JSON Schema as ours use, to see that files which can be read are what the schema says."""

import re
from collections.abc import Iterator
from typing import Any

KINDS: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,),
    "null": (type(None),),
}  # fmt: skip
KNOWN = {
    "$schema", "$defs", "$ref", "title", "description", "examples", "type", "properties", "patternProperties",
    "additionalProperties", "required", "items", "anyOf", "oneOf", "enum", "const", "pattern", "maxLength", "minimum",
    "maximum", "minProperties", "maxProperties", "minItems",
}  # fmt: skip


def objections(value: Any, schema: dict[str, Any], root: dict[str, Any], path: str = "$") -> Iterator[str]:
    """What the schema has against a value."""
    assert schema.keys() <= KNOWN, schema.keys() - KNOWN
    if "$ref" in schema:
        yield from objections(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root, path)
        return
    for choices in (schema[key] for key in ("anyOf", "oneOf") if key in schema):
        if not any(not list(objections(value, choice, root, path)) for choice in choices):
            yield f"{path}: fits none of {len(choices)}"
    if "type" in schema and not _is_any(value, schema["type"]):
        yield f"{path}: {value!r} is no {schema['type']}"
    elif ("enum" in schema and value not in schema["enum"]) or ("const" in schema and value != schema["const"]):
        yield f"{path}: {value!r} is not among what may be"
    elif isinstance(value, dict):
        yield from _of_mapping(value, schema, root, path)
    elif isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            yield f"{path}: {len(value)} of them are too few"
        for number, item in enumerate(value):
            yield from objections(item, schema.get("items", {}), root, f"{path}[{number}]")
    elif isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{path}: {value} is out of range"
    elif isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{path}: {value!r} does not match"


def _of_mapping(value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], path: str) -> Iterator[str]:
    patterns = schema.get("patternProperties", {})
    for key, inner in value.items():
        of_pattern = [each for pattern, each in patterns.items() if re.search(pattern, key)]
        if key in schema.get("properties", {}):
            yield from objections(inner, schema["properties"][key], root, f"{path}.{key}")
        elif of_pattern:
            yield from objections(inner, of_pattern[0], root, f"{path}.{key}")
        elif schema.get("additionalProperties", True) is False:
            yield f"{path}: {key} is not known"
        elif isinstance(schema.get("additionalProperties"), dict):
            yield from objections(inner, schema["additionalProperties"], root, f"{path}.{key}")
    for key in schema.get("required", ()):
        if key not in value:
            yield f"{path}: {key} is missing"


def _is_any(value: Any, kinds: str | list[str]) -> bool:
    names = [kinds] if isinstance(kinds, str) else kinds
    is_boolean = isinstance(value, bool)
    return any(isinstance(value, KINDS[name]) and (name == "boolean" or not is_boolean) for name in names)
