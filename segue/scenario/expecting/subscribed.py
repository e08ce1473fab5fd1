"""Of subscriptions: what state they are in, and what became of their days."""

from segue.loader.tree import Node
from segue.scenario.forms import Kind, Words
from segue.scenario.kinds import TEXT, TEXTS
from segue.scenario.stage import Stage
from segue.store.subscription_list import days, subscriptions

LIMIT = 10_000


def _texts(node: Node, words: Words) -> dict[str, str]:
    return {id: TEXT.read(value, words) for id, value in node.entries(words.problems, "states by subscription").items()}


def _days(node: Node, words: Words) -> dict[str, list[str]]:
    return {id: TEXTS.read(value, words) for id, value in node.entries(words.problems, "days by subscription").items()}


STATES = Kind(_texts, {"type": "object", "additionalProperties": {"type": "string"}}, "`{S1: active}`")
DAYS = Kind(
    _days,
    {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    "`{S1: [2026-01-31 ordered, 2026-02-28 skipped]}`; with ` of line 2` where it is not the first",
)


def states(stage: Stage) -> dict[str, str]:
    """By id, the state of each subscription."""
    found = subscriptions(stage.app.reader(), "", "", LIMIT)
    return {each.subscription.id: each.subscription.state for each in found}


def cycles(stage: Stage) -> dict[str, list[str]]:
    """By id, what became of the days of each subscription, in their order."""
    reader = stage.app.reader()
    found = {}
    for id in states(stage):
        known = sorted(days(reader, id), key=lambda day: (day.on_day, day.line))
        found[id] = [f"{day.on_day} {day.outcome}{f' of line {day.line}' if day.line > 1 else ''}" for day in known]
    return found
