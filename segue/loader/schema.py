"""The JSON Schema of workflow files, for editors: made from the commands, events, policies and words that there are."""

from collections.abc import Mapping
from fractions import Fraction
from inspect import getdoc
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from segue.core.policy import Policy
from segue.core.schedule import SET_ASIDE
from segue.core.sourcing import ALGORITHMS, PICKUPS
from segue.core.stock_effect import STOCK_EFFECTS
from segue.core.vocabulary import vocabulary
from segue.loader.arguments import Slot, Slots, slots_of_policy, slots_of_struct
from segue.loader.declared import NAME, Commands, Events, Registry
from segue.loader.goods import LOCATION_KINDS
from segue.loader.grace import AFTER_GRACE
from segue.loader.places import REFINED
from segue.loader.routing import CHOSEN, COMPLETE, OTHERWISE
from segue.loader.rules import ATTEMPTS_MAX, ONLY_ONE, POINTS_MAX, SOFTENED, WORDS

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
DURATION: Schema = {"type": "string", "pattern": "^[0-9]{1,9}[smhdw]$", "examples": ["90s", "30m", "4h", "2d"]}
TEXT: Schema = {"type": "string"}
POINTS: Schema = {"type": "integer", "minimum": -POINTS_MAX, "maximum": POINTS_MAX}
CONDITION: Schema = {"$ref": "#/$defs/condition"}
TURNS: Schema = {"anyOf": [{"const": "proportional"}, {"type": "array", "items": TEXT}]}
BY_NAME: Schema = {"type": "object", "additionalProperties": DURATION}
GRACE: dict[str, Schema] = {
    "for": DURATION, "by_channel": BY_NAME, "by_tier": BY_NAME, "reserve": {"type": "boolean"},
}  # fmt: skip
SCALARS: dict[Any, Schema] = {
    str: {"type": ["string", "number", "boolean"]},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    Fraction: {"type": "number"},
    dict[str, Fraction]: {"type": "object", "additionalProperties": {"type": "number"}},
}


def workflow_schema(registry: Registry, commands: Commands, events: Events) -> Schema:
    """The schema of a workflow file. Names that a workflow declares itself are checked by the loader, not by it."""
    command = {"$ref": "#/$defs/command"}
    reaction = mapping_of(
        {"do": command, "after": {"anyOf": [DURATION, {"const": AFTER_GRACE}]}, "when": CONDITION}, required=("do",)
    )
    folder = {"when": CONDITION, "owner": TEXT, "within": DURATION, "then": command}
    hold = {"blocks": list_of({"enum": list(commands)}), "lift_when": CONDITION, "expires": DURATION}
    properties: Schema = {
        "name": {"type": "string", "pattern": f"^{NAME.pattern}$"},
        "extends": {"type": "string", "description": "The workflow that this one starts from."},
        "policies": _policies(registry),
        "statuses": named_of(CONDITION, "Where an order is: the first that holds is shown; the last is `True`."),
        "item_states": named_of(mapping_of({"refines": {"enum": list(REFINED)}}), "States of units of the shop's own."),
        "holds": named_of(mapping_of(hold, ("blocks",)), "What can stand in an order's way."),
        "folders": named_of(mapping_of(folder, ("when", "owner")), "Where people look."),
        "messages": named_of(mapping_of({"subject": TEXT, "text": TEXT}, ("subject", "text")), "What customers read."),
        "routing": {**list_of(_strategy(registry)), "description": "Where goods come from: the first that fits."},
        "grace": {
            "anyOf": [DURATION, mapping_of(GRACE)],
            "description": "How long nothing happens that cannot be undone.",
        },
        "schedule": mapping_of({"stock": {"enum": list(SET_ASIDE)}}, ("stock",)),
        "on": _reactions(events, list_of(reaction)),
    }
    definitions = {"condition": _condition(), "command": _command(commands)}
    return {"$schema": DRAFT, "title": "A workflow of Segue", **mapping_of(properties, ("name",)), "$defs": definitions}


def _policies(registry: Registry) -> Schema:
    free = mapping_of({"when": CONDITION, "points": POINTS}, ("when", "points"))
    grades = {name: _graded(policy) for name, policy in registry.get("grade", {}).items()}
    properties = {kind: list_of(choice_of(registry.get(kind, {}), kind in SOFTENED)) for kind in ("validate", *CHOSEN)}
    properties |= {kind: choice_of(registry.get(kind, {})) for kind in ONLY_ONE}
    return mapping_of(
        properties
        | {
            "grade": {"type": "object", "properties": grades, "additionalProperties": free},
            "bands": named_of({"type": "integer"}, "From which score each band begins, ascending."),
            "capture_from": TURNS,
            "refund_to": TURNS,
            "deposit": mapping_of(
                {"percent": {"type": "integer", "minimum": 1, "maximum": 100}, "amount": {"type": "integer"}}
            ),
            "reauthorize": mapping_of({"before": DURATION}, ("before",)),
            "delays": mapping_of({"quiet": DURATION}, ("quiet",)),
            **{key: {"enum": list(words)} for key, words in WORDS.items()},
            "algorithm": {"enum": list(ALGORITHMS), "description": "How locations are chosen."},
            "sourcing_attempts": {"type": "integer", "minimum": 1, "maximum": ATTEMPTS_MAX},
            "stock_effects": named_of({"enum": list(STOCK_EFFECTS)}, "What a reason to fail says of stock."),
        }
    )


def _strategy(registry: Registry) -> Schema:
    """A way of choosing locations."""
    policies = {kind: list_of(choice_of(registry.get(kind, {}), kind in SOFTENED)) for kind in CHOSEN}
    groups = {"ids": list_of(TEXT), "kinds": list_of({"enum": list(LOCATION_KINDS)}), "groups": list_of(TEXT)}
    own: Schema = {
        "name": {"type": "string", "pattern": f"^{NAME.pattern}$"},
        "when": CONDITION,
        "from": {"type": "string", "description": "From when on, in UTC: 2026-12-01 or 2026-12-01T18:00."},
        "until": {"type": "string", "description": "Until when; a day is the last one."},
        "locations": {"anyOf": [list_of(TEXT), mapping_of(groups)]},
        "complete": {"anyOf": [{"enum": list(COMPLETE)}, mapping_of({"property": TEXT}, ("property",))]},
        "pickup": {"enum": list(PICKUPS), "description": "What customers collect at the store that their order names."},
        "algorithm": {"enum": list(ALGORITHMS)},
        "else": {"enum": list(OTHERWISE)},
        "trial": {"type": "integer", "minimum": 1, "maximum": 99, "description": "For so many per cent of the orders."},
        "shadow": {"type": "boolean", "description": "Worked out and recorded, never followed."},
    }
    return mapping_of(own | policies, ("name",))


def choice_of(policies: Mapping[str, Policy], is_softened: bool = False) -> Schema:
    """One policy: its name, or its name with parameters."""
    names = [{"const": name, "description": policy.sentence} for name, policy in policies.items()]
    bound = {name: _parameters(policy) for name, policy in policies.items()}
    if is_softened:
        for each in bound.values():
            each["properties"]["soft"] = {"type": "boolean", "description": "Broken only if nothing else is found."}
    with_parameters = {**mapping_of(bound), "minProperties": 1, "maxProperties": 1}
    return {"anyOf": [*names, with_parameters]}


def _graded(policy: Policy) -> Schema:
    parameters = _parameters(policy)
    parameters["properties"] = {"points": POINTS, **parameters["properties"]}
    return {"description": policy.sentence, "anyOf": [POINTS, {**parameters, "required": ["points"]}]}


def _parameters(policy: Policy) -> Schema:
    return {**mapping_of(_properties(slots_of_policy(policy.function))), "description": policy.sentence}


def _properties(slots: Slots) -> dict[str, Schema]:
    """Each slot, under its own name and under the one without the unit."""
    return {name: _slot(slot) for slot in slots.values() for name in (slot.name, slot.short)}


def _slot(slot: Slot) -> Schema:
    if slot.type is int and slot.name.endswith("_s"):
        return {"anyOf": [DURATION, {"type": "integer"}]}
    return _type(slot.type)


def _type(kind: Any) -> Schema:
    """The schema of an annotation; anything goes where it is not a plain one."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, UnionType):
        return {"anyOf": [_type(each) for each in arguments]}
    if origin is tuple:
        return list_of(_type(arguments[0]))
    return SCALARS.get(kind, {})


def _reactions(events: Events, reactions: Schema) -> Schema:
    either = {"anyOf": [reactions, {"type": "null"}]}  # nothing takes away what an extended workflow has
    properties = {name: {**either, "description": getdoc(event) or ""} for name, event in events.items()}
    return {
        "type": "object",
        "properties": properties,
        "patternProperties": {f"^(entered|left) {NAME.pattern}$": either},
        "additionalProperties": False,
    }


def _command(commands: Commands) -> Schema:
    """A command and what it takes, chosen by its name."""
    kinds = []
    for name, command in commands.items():
        slots = slots_of_struct(command)
        properties = {"command": {"const": name}, **_properties(slots)}
        kinds.append({**mapping_of(properties, ("command",)), "description": getdoc(command) or ""})
    return {"oneOf": kinds}


def _condition() -> Schema:
    words = vocabulary()
    lines = [f"{word}: {name.meaning}" for word, name in words.names.items()]
    lines += [f"line.{word}: {name.meaning}" for word, name in words.line_names.items()]
    text = "A condition, such as `grade >= 40 and holds > 0`. Its words:\n" + "\n".join(lines)
    return {"type": ["string", "boolean"], "description": text}


def named_of(values: Schema, description: str) -> Schema:
    """A mapping whose keys are names of the shop's own; an empty value takes away what an extended workflow has."""
    either = {"anyOf": [values, {"type": "null"}]}
    return {
        "type": "object",
        "description": description,
        "patternProperties": {f"^{NAME.pattern}$": either},
        "additionalProperties": False,
    }


def list_of(items: Schema) -> Schema:
    """A list of these."""
    return {"type": "array", "items": items}


def mapping_of(properties: Mapping[str, Schema], required: tuple[str, ...] = ()) -> Schema:
    """A mapping with these keys, and no other."""
    schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    return {**schema, "required": list(required)} if required else schema
