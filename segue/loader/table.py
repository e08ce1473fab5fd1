"""Tables: CSV files with a header, read row by row, so that a catalog of a million items is no burden.

In messages about a table the column is the cell's number, counted from 1, and the message begins with its name.
"""

import csv
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from segue.loader.problems import Problems, Spot, listed, shortened

INT_MAX = 2**53 - 1
WHOLE = re.compile(r"-?[0-9]{1,16}")


class Row(NamedTuple):
    """One row: its cells by the name of their column."""

    file: str
    line: int
    cells: dict[str, str]
    columns: list[str]

    def spot(self, column: str) -> Spot:
        """Where a cell stands."""
        return Spot(self.file, self.line, self.columns.index(column) + 1 if column in self.columns else 1)

    def text(self, column: str) -> str:
        """A cell without the blanks around it; "" if the table has no such column."""
        return self.cells.get(column, "").strip()

    def required(self, column: str, problems: Problems) -> str:
        """A cell that must not be empty."""
        text = self.text(column)
        if not text:
            problems.add(self.spot(column), f"{column}: the cell is empty")
        return text

    def integer(self, column: str, problems: Problems, default: int | None = 0, least: int = 0) -> int | None:
        """A whole number; the default for an empty cell."""
        text = self.text(column)
        if not text:
            return default
        if not WHOLE.fullmatch(text):
            problems.add(self.spot(column), f"{column}: expected a whole number, found `{shortened(text)}`")
            return default
        number = int(text)
        if not least <= number <= INT_MAX:
            problems.add(self.spot(column), f"{column}: {text} is out of range", f"it has to be at least {least}")
        return number


def rows(path: Path, file: str, known: Collection[str], required: Collection[str], problems: Problems) -> Iterator[Row]:
    """The rows of a table; mistakes of its form become problems, and bad rows are left out."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            columns = _header(next(reader, []), file, known, required, problems)
            if columns is not None:
                yield from _rows(reader, file, columns, problems)
    except OSError as error:
        problems.add(Spot(file), f"the file cannot be read: {(error.strerror or 'no reason is known').lower()}")
    except UnicodeDecodeError:
        problems.add(Spot(file), "the file is not UTF-8", "save it as CSV in UTF-8")


def _header(
    header: list[str], file: str, known: Collection[str], required: Collection[str], problems: Problems
) -> list[str] | None:
    """The columns; None if a required one is missing, since then no row can be right."""
    columns = [name.strip().lower() for name in header]
    for number, name in enumerate(columns, 1):
        if name not in known:
            problems.add_unknown(Spot(file, 1, number), "column", name, known)
        elif name in columns[: number - 1]:
            problems.add(Spot(file, 1, number), f"column `{name}` is given twice")
    missing = [name for name in required if name not in columns]
    if missing:
        hint = "separate the cells with commas" if any(";" in name or "\t" in name for name in columns) else ""
        problems.add(Spot(file), f"the header lacks {listed(missing)}", hint)
    return None if missing else columns


def _rows(reader: Iterator[list[str]], file: str, columns: list[str], problems: Problems) -> Iterator[Row]:
    line = 1
    while True:
        line = reader.line_num + 1  # type: ignore[attr-defined]
        try:
            cells = next(reader, None)
        except csv.Error as error:
            problems.add(Spot(file, line), f"this is not CSV: {error}")
            return
        if cells is None:
            return
        if cells and len(cells) != len(columns):
            problems.add(Spot(file, line), f"the row has {len(cells)} cells and the header {len(columns)}")
        elif cells:
            yield Row(file, line, dict(zip(columns, cells, strict=True)), columns)
