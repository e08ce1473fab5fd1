"""Versions: workflow versions that the store has kept, compiled again by the policies of named modules, and by nothing else.

Who knows the modules need not look for plug-ins, nor read the shop's files.
"""

from collections.abc import Iterable
from importlib import import_module

from segue.core.decide import COMMANDS, EVENTS
from segue.core.policy import Policy, policies_in
from segue.core.workflow import Workflow
from segue.loader.archive import restored


def policies_of(modules: Iterable[str]) -> dict[str, dict[str, Policy]]:
    """The policies of these modules, by kind and name."""
    return policies_in(import_module(module) for module in modules)


def compiled(text: str, modules: Iterable[str]) -> Workflow:
    """The workflow of a text that the store has kept. Raises Broken if this Segue no longer understands it."""
    return restored(text, policies_of(modules), COMMANDS, EVENTS)
