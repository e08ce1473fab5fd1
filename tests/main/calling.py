"""Calling: the command line as people type it, in this process, and what it says."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from segue.main import run

EXAMPLE = "orders/example-web.json"


class Said(NamedTuple):
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its output, decoded."""
        return json.loads(self.out)


Call = Callable[..., Said]


def caller(capsys: pytest.CaptureFixture[str], shop: Path | None = None) -> Call:
    """A function that runs a command, in a shop if one is given."""

    def call(*tokens: object) -> Said:
        capsys.readouterr()
        where = ["--shop", str(shop)] if shop else []
        code = run([*map(str, tokens), *where])
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return call


def an_order(number: str, **fields: Any) -> dict[str, Any]:
    """An order of the new shop's goods in Segue's own document; with `fields` in place of its own."""
    address = {"name": "Ada", "street": "1 Example Street", "city": "New York", "postcode": "10001", "country": "US"}
    order = {
        "channel_order_id": number,
        "placed_at": "2026-03-02T09:00:00Z",
        "currency": "USD",
        "lines": [{"sku": "LAMP-1", "quantity": 2, "price_minor": 4900}],
        "total_minor": 9800,
        "ship_method": "standard",
        "tenders": [{"kind": "gateway", "method": "card", "amount_minor": 9800}],
        "customer": {"id": f"C-{number}", "name": "Ada", "email": f"{number}@example.com", "ship_to": address},
    }
    return order | fields
