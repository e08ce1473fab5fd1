"""The command line as a page: every command with what it takes, from its own signature."""

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

from cyclopts import App, Parameter

from docs.tables import code, table
from segue.main.commands import GROUPS
from segue.main.examples import EXAMPLES
from segue.main.failing import EXIT_CODES


def every_command() -> str:
    """Every command, in the groups of `segue --help`."""
    parts = []
    for title, commands in GROUPS.items():
        parts.append(f"## {title}")
        for name, place, sentence in commands:
            parts += [f"### segue {name}", sentence, *_taken(name, place), _examples(name)]
    return "\n\n".join([*parts, "## Exit codes", " ".join(EXIT_CODES.split())])


def _examples(name: str) -> str:
    """The examples of the help; a line that is not indented is a sentence."""
    lines = EXAMPLES[name].splitlines()[1:]  # the first says that these are examples
    shown = "\n".join(f"    {line.strip()}" for line in lines if line.startswith("  "))
    said = " ".join(line for line in lines if not line.startswith("  "))
    return f"{shown}\n\n{said}" if said else shown


def _taken(name: str, place: str) -> Iterator[str]:
    module, _, attribute = place.partition(":")
    found = getattr(import_module(f"segue.main.{module}"), attribute)
    if not isinstance(found, App):
        yield _parameters(found)
        return
    if found.default_command:
        yield _parameters(found.default_command)
    inside: dict[Callable[..., Any], list[str]] = {}  # by function: its names, the usual one first
    for inner in found:
        function = None if inner.startswith("-") else found[inner].default_command
        if function is not None:
            inside.setdefault(function, []).append(inner)
    for function, names in inside.items():
        yield f"#### segue {name} {names[0]}"
        also = "".join(f" Also called `segue {name} {other}`." for other in names[1:])
        yield f"{(inspect.getdoc(function) or '').splitlines()[0]}{also}"
        yield _parameters(function)


def _parameters(function: Callable[..., Any]) -> str:
    rows = [_row(each) for each in inspect.signature(function, eval_str=True).parameters.values()]
    return table(("takes", "what it is", "without it"), rows)


def _row(parameter: inspect.Parameter) -> tuple[str, str, str]:
    told = next((each for each in get_args(parameter.annotation) if isinstance(each, Parameter)), Parameter())
    names = [told.name] if isinstance(told.name, str) else list(told.name or ())
    is_place = parameter.kind in (parameter.POSITIONAL_ONLY, parameter.VAR_POSITIONAL)
    own = names[0] if names else parameter.name.upper() if is_place else f"--{parameter.name.replace('_', '-')}"
    return code(own), told.help or "", _default(parameter)


def _default(parameter: inspect.Parameter) -> str:
    if parameter.default is parameter.empty:
        return "needed"
    if parameter.default in (None, False, "", (), 0):
        return ""
    default = parameter.default
    return code(default.as_posix() if isinstance(default, Path) else default)
