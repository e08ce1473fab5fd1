"""What may be sold of single supplies before they are there, in SQLite. Each word of it is kept; the latest counts."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from msgspec import json

from segue.core.supply import Presale
from segue.ports import Stocked
from segue.store.batch import Row

SAY = "INSERT INTO presales (reference, sku, percent, most, actor, at_s) VALUES (?, ?, ?, ?, ?, ?)"
SAID = """
    SELECT sku, reference, percent, most FROM presales p WHERE sku IN (SELECT value FROM json_each(?))
        AND number = (SELECT max(number) FROM presales l WHERE l.sku = p.sku AND l.reference = p.reference)"""


def write_presales(cursor: sqlite3.Cursor, stocked: Stocked, now_s: int) -> None:
    """Keep what is said of supplies."""
    cursor.executemany(SAY, presale_rows(stocked, now_s))


def load_presales(cursor: sqlite3.Cursor, skus: frozenset[str]) -> dict[str, Mapping[str, Presale]]:
    """By SKU, what may be sold of each supply of which something is said."""
    return presales_of(skus, cursor.execute(SAID, (json.encode(sorted(skus)).decode(),)) if skus else ())


def presale_rows(stocked: Stocked, now_s: int) -> list[Row]:
    """What is said of supplies, as rows."""
    return [
        (each.reference, each.sku, each.presale.percent, each.presale.most, stocked.by, now_s)
        for each in stocked.presales
    ]


def presales_of(skus: Iterable[str], rows: Iterable[Row] | Iterator[Row]) -> dict[str, Mapping[str, Presale]]:
    """By SKU and supply what may be sold of it, from rows: SKU, reference, percent, most."""
    found: dict[str, dict[str, Presale]] = {sku: {} for sku in skus}
    for sku, reference, percent, most in rows:
        found[sku][reference] = Presale(percent, most)
    return dict(found)
