"""What a workflow may refer to: what Segue offers, and what the workflow itself declares."""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

import msgspec

from segue.core.base import Command, Event
from segue.core.conditions import Condition, ConditionError, Vocabulary, compile_condition
from segue.core.draft import TENDER_KINDS
from segue.core.policy import Policy
from segue.core.vocabulary import vocabulary
from segue.loader.problems import Problems, shortened
from segue.loader.tree import BOOLEANS, Node

Registry = Mapping[str, Mapping[str, Policy]]  # kind -> name -> policy
Commands = Mapping[str, type[Command]]
Events = Mapping[str, type[Event]]

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
SCREENINGS = ("", "asked", "pending", "accepted", "review", "rejected", "timed_out")
NEVER = compile_condition("False", Vocabulary({}))  # stands for a condition that has a mistake


class Offered(NamedTuple):
    """What Segue and its plug-ins offer to workflows."""

    registry: Registry
    commands: Commands
    events: Events


class Declared(NamedTuple):
    """The names that a workflow declares, the words of its conditions, and where its mistakes are collected."""

    offered: Offered
    problems: Problems
    words: Vocabulary
    holds: Collection[str]
    messages: Collection[str]
    item_states: Collection[str]
    fact_kinds: set[str]  # kinds of facts that its conditions depend on, gathered while they are compiled

    def condition(self, node: Node) -> Condition:
        """A condition, compiled; one that never holds if it has a mistake."""
        text = node.text(self.problems, "a condition")
        if node.plain and text in BOOLEANS:
            text = str(BOOLEANS[text])
        if not text:
            return NEVER
        try:
            condition = compile_condition(text, self.words)
        except ConditionError as error:
            self.problems.add(node.spot_of(error.line, error.column), error.message, error.hint or "")
            return NEVER
        self.fact_kinds.update(condition.facts)
        return condition

    def in_grace(self) -> Condition:
        """The condition that an order is in its grace period."""
        return compile_condition("in_grace", self.words)


def words_of(item_states: Collection[str], bands: Collection[str], holds: Collection[str]) -> Vocabulary:
    """The vocabulary of a workflow, with the texts that its names can be wherever they are known."""
    words = vocabulary(tuple(item_states), tuple(bands))
    choices = {"tender_kinds": TENDER_KINDS, "screening": SCREENINGS}
    if holds:
        choices["hold_types"] = tuple(holds)
    return msgspec.structs.replace(words, choices=words.choices | choices)


def named_entries(node: Node | None, what: str, problems: Problems) -> dict[str, Node]:
    """The entries of a mapping whose keys are names that the shop gives; those with a bad name are left out."""
    if node is None:
        return {}
    entries = node.entries(problems, f"a mapping of {what}s by name")
    for name, entry in entries.items():
        if not NAME.fullmatch(name):
            problems.add(entry.place, f"`{shortened(name)}` cannot be the name of a {what}", "write it like `on_hold`")
    return {name: entry for name, entry in entries.items() if NAME.fullmatch(name)}
