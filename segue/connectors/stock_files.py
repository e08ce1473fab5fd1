"""Stock files: what a location's system writes of its stock, a snapshot or deltas, as reports. No row is lost.

Columns: `sku`, `location`, and of a snapshot what is there: `on_hand`, `damaged`, `quarantined`, `safety`; of deltas what
came or went: `on_hand`, `damaged`, `quarantined`, with a `reason`. Also `at` (ISO 8601), `sequence` and `id`, where rows
differ in them. An empty cell says nothing.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

from segue.connectors.rows import Row, open_bytes, read_rows
from segue.core.base import Value
from segue.core.mapping import Layout, Reject
from segue.core.stocktaking import Report

COUNTS = ("on_hand", "damaged", "quarantined", "safety")
COLUMNS = ("sku", "location", *COUNTS, "at", "sequence", "id", "reason")
SHOWN_MAX = 500  # characters of a row that cannot be read


class Said(Value):
    """What is said of a whole file."""

    kind: Literal["snapshot", "delta"]
    source: str
    at_s: int
    sequence: int = 0


class Unreadable(ValueError):
    """A cell, or a whole row, is not what it should be."""


def read_reports(path: Path, said: Said) -> Iterator[Report]:
    """The rows of a file. One that cannot be read is a report too, with the row and the reason why not."""
    with open_bytes(path) as stream:
        mark = sha256(stream.read()).hexdigest()[:16]
    for row in read_rows(Layout(format="csv"), path, "sku"):
        if isinstance(row, Reject):
            yield _unreadable(said, f"{mark}:{row.row}", row.reason, row.value or path.name)
            continue
        try:
            yield _report(row, said, f"{mark}:{row.number}")
        except Unreadable as error:
            yield _unreadable(said, f"{mark}:{row.number}", str(error), _shown(row))


def instant_s(text: str) -> int:
    """An instant in ISO 8601; one without an offset is UTC. Raises Unreadable."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unreadable(f"`{text[:40]}` is no instant: write it like 2026-03-02T09:00:00Z") from error
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def _report(row: Row, said: Said, id: str) -> Report:
    cells = {name: cell.strip() for name, cell in row.cells.items() if name in COLUMNS and cell.strip()}
    for needed in ("sku", "location"):
        if needed not in cells:
            raise Unreadable(f"line {row.number} names no {needed}")
    units = {name: _whole(cells[name], name) for name in COUNTS if name in cells}
    return Report(
        said.source, cells.get("id", id), said.kind, cells["sku"], cells["location"],
        instant_s(cells["at"]) if "at" in cells else said.at_s,
        _whole(cells["sequence"], "sequence") if "sequence" in cells else said.sequence,
        units.get("on_hand"), units.get("damaged"), units.get("quarantined"), units.get("safety"), cells.get("reason", ""),
    )  # fmt: skip


def _whole(text: str, name: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise Unreadable(f"{name}: `{text[:40]}` is no whole number") from error


def _unreadable(said: Said, id: str, why: str, row: str) -> Report:
    return Report(said.source, id, said.kind, "", "", said.at_s, said.sequence, reason=why, row=row[:SHOWN_MAX])


def _shown(row: Row) -> str:
    return f"{row.file} line {row.number}: " + ", ".join(f"{name}={cell}" for name, cell in row.cells.items())
