"""What the tests of channel files are written with."""

from functools import cache
from pathlib import Path
from typing import Any

from segue.core.mapping import Document, Mapped, Mapping, map_document
from segue.loader.channel import load_channel, prebuilt_channels
from segue.loader.problems import Problems

FLAT = """\
name: web
format: json
order: {id: id, placed_at: at, currency: currency, total: total}
lines: {each: lines, sku: sku, quantity: quantity, price: price}
"""

ROWS = """\
name: web
format: csv
group_by: Order
time_zone: UTC
order: {id: Order, placed_at: At, currency: {constant: EUR}, total: {computed: true}}
lines: {sku: SKU, quantity: Quantity, price: Price}
"""


@cache
def prebuilt(name: str, *folders: Path) -> Mapping:
    """One of the channels that Segue brings along."""
    problems = Problems()
    mapping = load_channel(prebuilt_channels()[name], f"{name}.yaml", problems, folders)
    assert mapping is not None, "\n".join(map(str, problems.sorted()))
    return mapping


def compiled(text: str, folder: Path) -> Mapping:
    """A channel file that is right."""
    path = folder / "web.yaml"
    path.write_text(text, encoding="utf-8")
    problems = Problems()
    mapping = load_channel(path, "web.yaml", problems)
    assert mapping is not None, "\n".join(map(str, problems.sorted()))
    return mapping


def mistakes_in(text: str, folder: Path) -> list[str]:
    """What is said about a channel file."""
    path = folder / "web.yaml"
    path.write_text(text, encoding="utf-8")
    problems = Problems()
    assert load_channel(path, "web.yaml", problems) is None or not problems.sorted()
    return [str(problem) for problem in problems.sorted()]


def order(**changes: Any) -> dict[str, Any]:
    """A document for FLAT."""
    lines = [{"sku": "A-1", "quantity": 2, "price": "10.00"}]
    return {"id": 7, "at": "2025-01-24T03:16:37Z", "currency": "EUR", "total": "20.00", "lines": lines, **changes}


def rows(*cells: str) -> Document:
    """A group of rows for ROWS: order, time, SKU, quantity and price, separated by blanks."""
    names = ("Order", "At", "SKU", "Quantity", "Price")
    group = [dict(zip(names, each.split(" "), strict=True)) for each in cells]
    return Document({**group[0], "rows": group}, "web.csv", tuple(range(2, len(group) + 2)), len(group))


def mapped(mapping: Mapping, fields: Any) -> Mapped:
    """What a JSON document becomes."""
    return map_document(mapping, Document(fields))


def told(result: Mapped) -> list[str]:
    """The rejects of a document as `path: reason`."""
    return [f"{reject.path}: {reject.reason}" for reject in result.rejects]
