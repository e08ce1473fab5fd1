"""Outlook: what was sold lately, and what units are worth where they lie: looked up and kept."""

import sqlite3
from collections.abc import Iterable, Mapping

from msgspec import Struct, json

from segue.core.draft import Destination
from segue.core.opportunity import Prices
from segue.ports import Sold
from segue.store.database import Database

PLACED = "SELECT value FROM orders WHERE placed_at_s >= ?"
PRICES = "SELECT sku, at_s, mills FROM opportunity WHERE sku IN (SELECT value FROM json_each(?))"
EVERY_PRICE = "SELECT sku, at_s, mills FROM opportunity ORDER BY sku"
KEPT_AT = "SELECT min(at_s) FROM opportunity"
DROP = "DELETE FROM opportunity"
KEEP = "INSERT INTO opportunity (sku, at_s, mills) VALUES (?, ?, ?)"

MILLS = json.Decoder(dict[str, int])


class Line(Struct):
    """What counts of a line here."""

    sku: str
    quantity: int
    was: str = ""  # what was wanted, where another article took its place


class Bought(Struct):
    """What counts of an order here."""

    lines: tuple[Line, ...]
    ship_to: Destination = Destination()
    ship_method: str = ""


BOUGHT = json.Decoder(Bought)


class SqliteOutlook:
    """What was sold lately, and the prices that are kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sold(self, since_s: int) -> Mapping[Sold, int]:
        """How many units were ordered since then."""
        with self._database.snapshot() as cursor:
            return added_up(value for (value,) in cursor.execute(PLACED, (since_s,)))

    def keep(self, prices: Mapping[str, Prices]) -> None:
        """Keep these prices by SKU, and no others."""
        with self._database.transaction() as cursor:
            cursor.execute(DROP)
            cursor.executemany(KEEP, rows_of(prices))

    def kept_at(self) -> int | None:
        """When the prices that are kept were worked out; None if there are none."""
        found: int | None = self._database.look_up(KEPT_AT, ())[0]
        return found


def added_up(orders: Iterable[str | bytes]) -> dict[Sold, int]:
    """The units of orders by SKU and where they went."""
    found: dict[Sold, int] = {}
    for value in orders:
        bought = BOUGHT.decode(value)
        to = bought.ship_to
        for line in bought.lines:
            key = Sold(line.was or line.sku, to.country, to.region, to.postcode_area, bought.ship_method)
            found[key] = found.get(key, 0) + line.quantity
    return found


def rows_of(prices: Mapping[str, Prices]) -> list[tuple[str, int, str]]:
    """Prices as they are written."""
    return [(sku, known.at_s, json.encode(known.mills).decode()) for sku, known in sorted(prices.items())]


def prices_of(rows: Iterable[tuple[str, int, str]]) -> dict[str, Prices]:
    """Prices as they are read."""
    return {sku: Prices(at_s, MILLS.decode(mills)) for sku, at_s, mills in rows}


def load_prices(cursor: sqlite3.Cursor, skus: frozenset[str]) -> dict[str, Prices | None]:
    """What units of these SKUs are worth, or None."""
    found = prices_of(cursor.execute(PRICES, (json.encode(sorted(skus)).decode(),))) if skus else {}
    return {sku: found.get(sku) for sku in skus}


def every_price(cursor: sqlite3.Cursor) -> dict[str, Prices]:
    """All prices that are kept, by SKU."""
    return prices_of(cursor.execute(EVERY_PRICE))
