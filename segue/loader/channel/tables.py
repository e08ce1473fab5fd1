"""Tables: CSV files in which a mapping looks values up: country names, the places of postcodes."""

import csv
import gzip
import io
import zlib
from collections.abc import Sequence
from pathlib import Path

from segue.loader.problems import Problems, Spot
from segue.loader.tree import Node

BYTES_MAX = 100_000_000  # of one table, unpacked


class Table:
    """The rows of a CSV file by the text in their key column."""

    def __init__(self, columns: Sequence[str], rows: dict[str, dict[str, str]], raw: bytes = b"") -> None:
        self.columns = columns
        self.rows = rows
        self.raw = raw

    def column(self, name: str) -> dict[str, str]:
        """One column by key."""
        return {key: row.get(name) or "" for key, row in self.rows.items()}


def read_table(node: Node, folders: Sequence[Path], problems: Problems) -> Table | None:
    """The table of `{file: countries.csv, key: name}`; its file is looked for in each of the folders."""
    fields = node.fields(problems, ("file", "key", "optional"), required=("file", "key"))
    if "file" not in fields or "key" not in fields:
        return None
    name, key = fields["file"].text(problems), fields["key"].text(problems)
    path = find(name, folders)
    if path is None:
        if "optional" in fields and fields["optional"].boolean(problems):
            return Table((), {})
        problems.add(fields["file"], f"the table `{name}` is not there", f"looked in {_named(folders)}")
        return None
    return _read(path, fields, key, problems)


def find(name: str, folders: Sequence[Path]) -> Path | None:
    """The file of this name, or its packed form, in the first folder that has it. Never outside of the folders."""
    if Path(name).is_absolute() or ".." in Path(name).parts:
        return None
    candidates = (folder / each for folder in folders for each in (name, f"{name}.gz"))
    return next((path for path in candidates if path.is_file()), None)


def _named(folders: Sequence[Path]) -> str:
    return ", ".join(str(folder) for folder in folders) or "no folder"


def _read(path: Path, fields: dict[str, Node], key: str, problems: Problems) -> Table | None:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            raw = stream.read(BYTES_MAX + 1)
        if len(raw) > BYTES_MAX:
            problems.add(fields["file"], f"the table `{path.name}` is too big: it may have {BYTES_MAX} bytes")
            return None
        reader = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
        columns = tuple(reader.fieldnames or ())
        if key not in columns:
            problems.add_unknown(fields["key"], "column", key, columns)
            return None
        return Table(columns, _rows(reader, key, path, problems), raw)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        problems.add(fields["file"], f"the table `{path.name}` cannot be read: {error}")
        return None


def _rows(reader: "csv.DictReader[str]", key: str, path: Path, problems: Problems) -> dict[str, dict[str, str]]:
    rows: dict[str, dict[str, str]] = {}
    for row in reader:
        found = (row[key] or "").strip()
        if found in rows:
            problems.add(Spot(str(path.name), reader.line_num), f"`{found}` is in the table twice")
        rows[found] = row
    return rows
