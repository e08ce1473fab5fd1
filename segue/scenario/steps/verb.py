"""A verb: one thing that can happen in a scenario, how it is written, and what it does."""

from collections.abc import Callable
from typing import Any, NamedTuple

from segue.core.base import Command
from segue.scenario.forms import Field, Form, Kind
from segue.scenario.kinds import ORDER
from segue.scenario.stage import Impossible, Stage, name_of_refusal

Values = dict[str, Any]

ABOUT: Form = {"order": Field(ORDER, "which order; the only one, if there is one only")}


class Refusal(Exception):
    """What a step asks for is refused; whether that was expected, the scenario says."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = name


class Verb(NamedTuple):
    """One thing that can happen."""

    meaning: str
    kind: Kind
    do: Callable[[Stage, Any], None]
    about_order: bool = False  # whose form has `order`, and which is about the only one if that is not given


def given(stage: Stage, order: str, command: Command, by: str, expects: str = "") -> None:
    """Give a command; one that goes by a preview says which. Raises Refusal."""
    result = stage.submit(order, command, by, expects)
    if result is not None and result.refused:
        name = name_of_refusal(result.refused)
        stage.refused.append((order, name))
        raise Refusal(name, result.refused)


def nothing_there(wanted: str, found: str) -> Impossible:
    """A step that finds nothing to act upon."""
    return Impossible(wanted, found)
