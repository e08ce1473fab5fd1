"""Arguments: what commands and policies take, read from their own signatures and converted strictly from YAML.

A parameter whose name ends in its unit may be written without it: `within: 10m` for `within_s`, `from: 50000` for
`from_minor`. Seconds are written as durations, `30m`, or as a bare number.
"""

import re
import types
from collections.abc import Callable, Mapping
from fractions import Fraction
from inspect import Parameter, signature
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

import msgspec

from segue.core.conditions.mistakes import closest
from segue.loader.problems import Problems, listed
from segue.loader.tree import WHOLE, Node

UNIT = re.compile(r"(?<=.)_(s|minor|units|km|g|max|min)$")


class Slot(NamedTuple):
    """One thing that a command or policy takes."""

    name: str
    type: Any
    required: bool

    @property
    def short(self) -> str:
        """Its name without the unit."""
        return UNIT.sub("", self.name)


Slots = Mapping[str, Slot]


def slots_of_policy(function: Callable[..., Any]) -> Slots:
    """The keyword-only parameters of a policy."""
    parameters = signature(function, eval_str=True).parameters.values()
    found = [Slot(p.name, p.annotation, p.default is p.empty) for p in parameters if p.kind is Parameter.KEYWORD_ONLY]
    return {slot.name: slot for slot in found}


def slots_of_struct(struct: type[msgspec.Struct]) -> Slots:
    """The fields of a command or another value."""
    fields = msgspec.structs.fields(struct)
    return {field.name: Slot(field.name, field.type, field.required) for field in fields}


def arguments(node: Node, given: Mapping[str, Node], slots: Slots, who: str, problems: Problems) -> dict[str, Any]:
    """The given values by slot, each of its type. `who` takes them; `node` is where a missing one is shown."""
    found: dict[str, Any] = {}
    unknown = [key for key in given if _slot(key, slots) is None]
    for key, value in given.items():
        slot = _slot(key, slots)
        if slot is None:
            problems.add(value.place, f"`{who}` has no argument `{key}`", _advice(key, slots, who))
        elif slot.name in found:
            problems.add(value.place, f"`{who}` is given `{slot.short}` twice")
        else:
            found[slot.name] = typed(value, slot, problems)
    for slot in slots.values():
        if slot.required and slot.name not in found and not unknown:  # an unknown one was probably meant for it
            problems.add(node.place, f"`{who}` needs `{slot.short}`", f"it takes {listed(slots)}")
    return found


def _slot(key: str, slots: Slots) -> Slot | None:
    return slots.get(key) or next((slot for slot in slots.values() if slot.short == key), None)


def _advice(key: str, slots: Slots, who: str) -> str:
    close = closest(key, [name for slot in slots.values() for name in (slot.name, slot.short)])
    takes = f"`{who}` takes {listed(slots)}"
    return f"did you mean `{close}`? {takes}" if close else takes


def typed(node: Node, slot: Slot, problems: Problems) -> Any:
    """The value of a node as a slot's type."""
    if get_origin(slot.type) in (Union, types.UnionType) and type(None) in get_args(slot.type):
        (inner,) = [each for each in get_args(slot.type) if each is not type(None)]
        return None if node.is_nothing else typed(node, slot._replace(type=inner), problems)
    if slot.type is int and slot.name.endswith("_s") and not WHOLE.fullmatch(str(node.content)):
        return node.duration_s(problems)
    if get_origin(slot.type) is Literal:
        return node.choice(problems, slot.name, get_args(slot.type))
    if slot.type in READERS:
        return READERS[slot.type](node, problems)
    return _converted(node, slot.type, problems)


def _converted(node: Node, wanted: Any, problems: Problems) -> Any:
    try:
        return msgspec.convert(node.plain_value(), wanted, strict=True, str_keys=True)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        within = f" at `{path.rstrip('`').lstrip('.')}`" if path else ""
        problems.add(node, f"{message[:1].lower()}{message[1:]}{within}")
        return None


READERS: dict[Any, Callable[[Node, Problems], Any]] = {
    str: lambda node, problems: node.text(problems),
    int: lambda node, problems: node.integer(problems),
    float: lambda node, problems: node.number(problems),
    bool: lambda node, problems: node.boolean(problems),
    tuple[str, ...]: lambda node, problems: node.texts(problems),
    Fraction: lambda node, problems: node.fraction(problems),
    dict[str, Fraction]: lambda node, problems: {
        name: value.fraction(problems) for name, value in node.entries(problems).items()
    },
}
