"""The composition root: the only file that knows what is plugged into what."""

from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from segue.core.decide import COMMANDS, EVENTS
from segue.core.policy import Policy, policies_in

PLUGINS = "segue.policies"


def registry() -> dict[str, dict[str, Policy]]:
    """All policies: the built-in modules and those of plug-ins, found in the same way."""
    modules: list[ModuleType] = [entry.load() for entry in entry_points(group=PLUGINS)]
    return policies_in(modules)
