"""A gateway's settlement report: a CSV file with a line for each capture and refund that was paid out.

The columns that are needed have names of ours; a report calls them as it likes, and the mapping says how.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from segue.connectors.rows import Row, read_rows
from segue.core.amounts import CURRENCIES, exponent
from segue.core.mapping import Layout, Reject

# Ours -> what it says. Those of NEEDED must be there, and one of `key` and `id`.
COLUMNS = {
    "line": "the line's own id; without it a digest of the line",
    "key": "what we called it: the key of our request, or the reference of the authorization",
    "id": "the gateway's id of it",
    "kind": "capture or refund",
    "amount": "the amount, without fee",
    "currency": "ISO 4217",
    "fee": "what the gateway keeps for it; nothing is 0",
    "settled": "the day or instant on which it was settled",
}
NEEDED = ("kind", "amount", "currency", "settled")
KINDS = {
    "capture": "capture", "charge": "capture", "payment": "capture", "sale": "capture", "refund": "refund",
}  # fmt: skip
FIRST_YEAR, LAST_YEAR = 2000, 2099  # what is settled on other days is a slip of somebody's
AMOUNT = re.compile(r"([+-]?)(\d{1,15})(?:\.(\d*))?")


class SettlementLine(NamedTuple):
    """A line of a report: what the gateway has settled."""

    number: int  # in the file
    line: str
    key: str
    id: str
    kind: str
    amount_minor: int
    currency: str
    fee_minor: int
    settled_at_s: int


class Unreadable(Exception):
    """A cell is not what it should be."""


def read_report(path: Path, called: Mapping[str, str]) -> Iterator[SettlementLine | Reject]:
    """The lines of a report; what is wrong is a reject with its line and column. `called`: our columns -> the report's."""
    names = {ours: called.get(ours, ours) for ours in COLUMNS}
    seen: dict[str, int] = {}
    is_first = True
    for row in read_rows(Layout(), path, names["amount"]):
        if isinstance(row, Reject):
            yield row
            continue
        if is_first and (missing := _missing(row, names)):
            yield Reject(path.name, 1, "", missing, f"the file has no column {missing}; it has {', '.join(row.cells)}")
            return
        is_first = False
        yield from _read(row, names, seen)


def _missing(row: Row, names: Mapping[str, str]) -> str:
    lacking = [names[ours] for ours in NEEDED if names[ours] not in row.cells]
    if not lacking and names["key"] not in row.cells and names["id"] not in row.cells:
        lacking = [f"{names['key']} or {names['id']}"]
    return lacking[0] if lacking else ""


def _read(row: Row, names: Mapping[str, str], seen: dict[str, int]) -> list[SettlementLine | Reject]:
    """The line, or all that is wrong with it. An amount of an unknown kind or currency is not looked at."""
    cells = {ours: row.cells.get(theirs, "").strip() for ours, theirs in names.items()}
    found: dict[str, Any] = {}
    wrong: list[SettlementLine | Reject] = []
    for ours, (reader, needs) in READERS.items():
        if not found.keys() >= {*needs}:
            continue
        try:
            found[ours] = reader(cells[ours], cells)
        except Unreadable as error:
            wrong.append(Reject(row.file, row.number, "", names[ours], str(error), cells[ours]))
    if not cells["key"] and not cells["id"]:
        wrong.append(Reject(row.file, row.number, "", names["id"], "names neither our key nor the gateway's id"))
    return wrong or [
        SettlementLine(
            row.number, _line_id(cells, seen), cells["key"], cells["id"], found["kind"], found["amount"],
            found["currency"], found["fee"], found["settled"],
        )
    ]  # fmt: skip


def _line_id(cells: Mapping[str, str], seen: dict[str, int]) -> str:
    """The line's own id; else a digest of it, numbered where a file has the same line more than once."""
    if cells["line"]:
        return cells["line"]
    digest = blake2b("\x1f".join(cells.values()).encode(), digest_size=12).hexdigest()
    seen[digest] = seen.get(digest, 0) + 1
    return digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"


def _kind(text: str, cells: Mapping[str, str]) -> str:
    if text.lower() not in KINDS:
        raise Unreadable(f"is neither capture nor refund, but {text or 'empty'}")
    return KINDS[text.lower()]


def _currency(text: str, cells: Mapping[str, str]) -> str:
    if text.upper() not in CURRENCIES:
        raise Unreadable("is no currency of ISO 4217")
    return text.upper()


def _amount(text: str, cells: Mapping[str, str]) -> int:
    """Of a refund either sign is usual."""
    amount = _minor(text, cells["currency"].upper())
    if amount == 0 or (amount < 0 and KINDS[cells["kind"].lower()] != "refund"):
        raise Unreadable("is not more than nothing")
    return abs(amount)


def _fee(text: str, cells: Mapping[str, str]) -> int:
    return _minor(text, cells["currency"].upper()) if text else 0


def _minor(text: str, currency: str) -> int:
    found = AMOUNT.fullmatch(text)
    if found is None:
        raise Unreadable("is no amount such as 12.50")
    digits, fraction = exponent(currency), (found[3] or "").rstrip("0")
    if len(fraction) > digits:
        raise Unreadable(f"has more digits than {currency} has")
    amount = int(found[2] + fraction.ljust(digits, "0"))
    return -amount if found[1] == "-" else amount


def _instant(text: str, cells: Mapping[str, str]) -> int:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unreadable("is no day such as 2026-03-02") from error
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise Unreadable(f"is no day between {FIRST_YEAR} and {LAST_YEAR}, such as 2026-03-02")
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


# How a cell is read, and which cells have to be right for that.
READERS: dict[str, tuple[Callable[[str, Mapping[str, str]], Any], tuple[str, ...]]] = {
    "kind": (_kind, ()),
    "currency": (_currency, ()),
    "amount": (_amount, ("kind", "currency")),
    "fee": (_fee, ("currency",)),
    "settled": (_instant, ()),
}
