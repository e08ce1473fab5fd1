"""Output: tables for people, JSON for programs, and nothing that could take over a terminal."""

import sys
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

WIDTH_OF_FILES = 200  # columns, where the output is no terminal and nothing has to be cut short
CONTROLS = (*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
VISIBLE = dict.fromkeys(CONTROLS, "\ufffd")


@cache
def _console_of(stream_id: int, stderr: bool) -> "Console":
    from rich.console import Console

    console = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console = Console(stderr=stderr, highlight=False, markup=False, emoji=False, width=WIDTH_OF_FILES)
    return console


def console() -> "Console":
    """Where results go."""
    return _console_of(id(sys.stdout), False)


def errors() -> "Console":
    """Where progress goes."""
    return _console_of(id(sys.stderr), True)


def clean(text: object) -> str:
    """Somebody's text without characters that steer a terminal."""
    return str(text).translate(VISIBLE)


def say(text: str = "") -> None:
    """Print a sentence as it stands."""
    print(clean(text))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
    """Print a table. A column whose name starts with `>` is for numbers: they stand at its right."""
    from rich.text import Text

    drawn = _drawn(columns, title)
    for row in rows:
        drawn.add_row(*(cell if isinstance(cell, Text) else Text(clean(cell)) for cell in row))
    console().print(drawn)


def _drawn(columns: Sequence[str], title: str) -> "Table":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    heading = Text(title, style="bold") if title else None
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=heading, title_justify="left")
    for name in columns:
        right = name.startswith(">")
        drawn.add_column(Text(name.lstrip(">")), justify="right" if right else "left", no_wrap=right, overflow="fold")
    return drawn


def plain(value: Any) -> Any:
    """A value as JSON can have it, every field included, so that the keys are always the same."""
    fields = getattr(type(value), "__struct_fields__", None)
    if fields is not None:
        return {name: plain(getattr(value, name)) for name in fields}
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    return value


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    import json

    print(json.dumps(plain(value), indent=2, ensure_ascii=False))
