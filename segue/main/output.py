"""Output: tables for people, JSON for programs, and nothing that could take over a terminal."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

WIDTH_OF_FILES = 200  # columns, where the output is no terminal and nothing has to be cut short
CONTROLS = (*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
VISIBLE = dict.fromkeys(CONTROLS, "\ufffd")


@cache
def _made(stderr: bool) -> "Console":
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if made.is_terminal:
        return made
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, width=WIDTH_OF_FILES)


def console() -> "Console":
    """Where results go."""
    return _made(False)


def errors() -> "Console":
    """Where progress goes."""
    return _made(True)


def clean(text: object) -> str:
    """Somebody's text without characters that steer a terminal."""
    return str(text).translate(VISIBLE)


def say(text: str = "") -> None:
    """Print a sentence as it stands."""
    print(clean(text))


def heading(text: str) -> None:
    """Print what the following is about."""
    from rich.text import Text

    say()
    console().print(Text(clean(text), style="bold"))


def draw(what: "RenderableType") -> None:
    """Print something that rich lays out; in a file without the blanks at the ends of its lines."""
    here = console()
    if here.is_terminal:
        here.print(what)
        return
    with here.capture() as captured:
        here.print(what)
    print("\n".join(line.rstrip() for line in captured.get().splitlines()))


def facts(rows: Iterable[tuple[str, str]]) -> None:
    """Print what is known, name by name; what is not known is left out."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in rows:
        if value:
            grid.add_row(Text(f"  {name}", style="dim"), Text(clean(value)))
    draw(grid)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table. A column whose name starts with `>` is for numbers: they stand at its right."""
    from rich.text import Text

    drawn = _drawn(columns)
    for row in rows:
        drawn.add_row(*(cell if isinstance(cell, Text) else Text(clean(cell)) for cell in row))
    say()
    draw(drawn)
    say()


def _drawn(columns: Sequence[str]) -> "Table":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
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


def print_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table that programs read."""
    import csv
    import sys

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
