"""Forms: how the parts of a scenario are written. One declaration gives the reading, the JSON Schema and the reference."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from msgspec import Struct

from segue.loader.problems import Problems
from segue.loader.tree import Node

Schema = dict[str, Any]


class Words(Struct, frozen=True):
    """The names that a scenario may use, what its amounts and instants are relative to, and where its mistakes go."""

    problems: Problems
    currency: str = "EUR"
    start_s: int = 0
    names: Mapping[str, Collection[str]] = {}  # SKU, location, hold ... -> what there is
    orders: Mapping[str, str] = {}  # the scenario's name of an order -> its id
    file: str = ""


class Kind(NamedTuple):
    """How a value is written: how it is read, its JSON Schema, and how the reference calls it."""

    read: Callable[[Node, Words], Any]
    schema: Schema
    called: str


class Field(NamedTuple):
    """One key of a form."""

    kind: Kind
    meaning: str
    required: bool = False


Form = Mapping[str, Field]


def read_form(form: Form, node: Node, words: Words) -> dict[str, Any]:
    """The values by key; unknown keys, missing ones and wrong values are problems."""
    required = [key for key, field in form.items() if field.required]
    fields = node.fields(words.problems, form, required)
    return {key: form[key].kind.read(value, words) for key, value in fields.items()}


def schema_of(form: Form) -> Schema:
    """The JSON Schema of a mapping with these keys."""
    properties = {key: {**field.kind.schema, "description": field.meaning} for key, field in form.items()}
    required = [key for key, field in form.items() if field.required]
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**schema, "required": required} if required else schema


def filled(form: Form, called: str = "") -> Kind:
    """The kind of a mapping with these keys."""
    called = called or f"`{{{', '.join(form)}}}`"
    return Kind(lambda node, words: read_form(form, node, words), schema_of(form), called)


def list_of(kind: Kind) -> Kind:
    """A list of values of one kind."""

    def read(node: Node, words: Words) -> list[Any]:
        return [kind.read(item, words) for item in node.items(words.problems)]

    return Kind(read, {"type": "array", "items": kind.schema}, f"a list: {kind.called}")


def by_name(what: str, kind: Kind) -> Kind:
    """A mapping whose keys are names of a sort: SKUs, locations."""

    def read(node: Node, words: Words) -> dict[str, Any]:
        found = {}
        for name, value in node.entries(words.problems).items():
            if name not in words.names[what]:
                words.problems.add_unknown(value.place, what, name, words.names[what])
            found[name] = kind.read(value, words)
        return found

    return Kind(read, {"type": "object", "additionalProperties": kind.schema}, f"by {what}: {kind.called}")


def either(short: Kind, full: Kind) -> Kind:
    """A mapping in full, or something shorter."""

    def read(node: Node, words: Words) -> Any:
        return (full if node.kind == "mapping" else short).read(node, words)

    return Kind(read, {"anyOf": [short.schema, full.schema]}, f"{short.called}, or {full.called}")


def brief(key: str, kind: Kind, form: Form) -> Kind:
    """A form, or only the value of one of its keys, or nothing at all if no key is required."""
    is_needed = any(field.required for field in form.values())

    def read(node: Node, words: Words) -> dict[str, Any]:
        if node.kind == "mapping":
            return read_form(form, node, words)
        return {} if node.is_nothing and not is_needed else {key: kind.read(node, words)}

    schemas = [kind.schema, schema_of(form), *([] if is_needed else [{"type": "null"}])]
    ways = [*([] if is_needed else ["nothing"]), *([] if kind.called == "nothing" else [f"`{key}` alone"])]
    return Kind(read, {"anyOf": schemas}, f"{', '.join(ways)}, or `{{{', '.join(form)}}}`")
