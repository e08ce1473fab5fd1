"""Reactions: what a workflow does when something has happened; commands on paper."""

from collections.abc import Collection, Mapping
from typing import Any

from msgspec.structs import replace

from segue.core.base import Command
from segue.core.conditions import Condition
from segue.core.workflow import Reaction
from segue.loader.arguments import arguments, slots_of_struct
from segue.loader.declared import Declared
from segue.loader.grace import AFTER_GRACE
from segue.loader.tree import Node

REACTION_KEYS = ("do", "after", "when")
MOMENTS = ("entered", "left")


def reactions(node: Node | None, places: Collection[str], declared: Declared) -> dict[str, tuple[Reaction, ...]]:
    """What follows each event, and each status or folder that is entered or left. What stands first happens first."""
    if node is None:
        return {}
    found: dict[str, tuple[Reaction, ...]] = {}
    for trigger, entry in node.entries(declared.problems, "a mapping of reactions by event").items():
        _check_trigger(trigger, entry, places, declared)
        items = entry.items(declared.problems, "a list of reactions")
        made = [_reaction(f"on.{trigger}.{number}", item, declared) for number, item in enumerate(items)]
        found[trigger] = tuple(each for each in made if each is not None)
    return found


def _check_trigger(trigger: str, node: Node, places: Collection[str], declared: Declared) -> None:
    moment, blank, place = trigger.partition(" ")
    if blank and moment in MOMENTS:
        if place not in places:
            declared.problems.add_unknown(node.place, "status or folder", place, places)
    elif trigger in places and trigger not in declared.offered.events:
        declared.problems.add(
            node.place, f"`{trigger}` is a status or folder", f"write `entered {trigger}` or `left {trigger}`"
        )
    elif trigger not in declared.offered.events:
        declared.problems.add_unknown(node.place, "event", trigger, declared.offered.events)


def _reaction(identity: str, node: Node, declared: Declared) -> Reaction | None:
    fields = node.fields(declared.problems, REACTION_KEYS, required=("do",))
    after = fields.get("after")
    after_grace = after is not None and after.kind == "scalar" and after.content == AFTER_GRACE
    after_s = after.duration_s(declared.problems) if after is not None and not after_grace else 0
    when = declared.condition(fields["when"]) if "when" in fields else None
    made = reaction(identity, fields["do"], declared, after_s, when) if "do" in fields else None
    return replace(made, after_grace=True) if made is not None and after_grace else made


def reaction(
    identity: str, node: Node, declared: Declared, after_s: int = 0, when: Condition | None = None
) -> Reaction | None:
    """The reaction that gives the command of a node; None if that cannot be made."""
    command = command_of(node, declared)
    return None if command is None else Reaction(identity, command, after_s, when)


def command_of(node: Node, declared: Declared) -> Command | None:
    """A command such as `{command: cancel, reason: no_answer}`; None if it has a mistake."""
    problems = declared.problems
    before = len(problems)
    given = node.entries(problems, "a command such as {command: authorize}")
    name = given.pop("command", None)
    if name is None:
        if len(problems) == before:
            problems.add(node.place, "`command` is missing", "write it as in {command: authorize}")
        return None
    kind = declared.offered.commands.get(name.choice(problems, "command", declared.offered.commands))
    if kind is None:
        return None
    bound = arguments(name, given, slots_of_struct(kind), name.content, problems)
    _check_names(given, bound, declared)
    return kind(**bound) if len(problems) == before else None


def _check_names(given: Mapping[str, Node], bound: Mapping[str, Any], declared: Declared) -> None:
    """Holds, messages and item states that a command names have to be declared. A hold on a line is `name:line`."""
    known = {"hold": declared.holds, "message": declared.messages, "state": declared.item_states}
    for argument, names in known.items():
        value = bound.get(argument)
        if isinstance(value, str) and value and value.partition(":")[0] not in names:
            what = "item state" if argument == "state" else argument
            declared.problems.add_unknown(given[argument], what, value, names)
