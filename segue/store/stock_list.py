"""Lists of stock: movements, what is expected, what a channel may sell. Never writes, needs no lock."""

import sqlite3
from collections.abc import Collection

from msgspec import json

from segue.core.base import Value
from segue.core.pegging import Demand
from segue.ports import Filed
from segue.store.stockroom import UNAPPLIED, filed_of

MOVEMENTS = """
    SELECT at_s, location, reason, on_hand, allocated, reserved, damaged, quarantined, in_transit, order_id,
        CASE WHEN order_id = '' THEN actor ELSE (
            SELECT s.actor FROM steps s WHERE s.order_id = stock_moves.order_id AND s.version = stock_moves.version) END,
        report
    FROM stock_moves WHERE sku = ?1 AND (?2 = '' OR location = ?2)
    ORDER BY at_s DESC, order_id = '', version DESC, position DESC LIMIT ?3"""
SUPPLIES = """
    SELECT reference, sku, location, expected_at_s, origin, units FROM supplies
    WHERE units > 0 AND (?1 = '' OR reference = ?1) AND (?2 = '' OR sku = ?2) AND (?3 = '' OR location = ?3)
    ORDER BY expected_at_s, reference, sku, location LIMIT ?4"""
NEXT_INBOUND = """
    SELECT sku, location, min(expected_at_s), units, sum(units) FROM supplies
    WHERE units > 0 AND sku IN (SELECT value FROM json_each(?)) GROUP BY sku, location"""
WAITING = "SELECT order_id, line, units, placed_at_s, rank FROM waiting WHERE sku = ?"
STANDING = """
    SELECT w.line, w.sku, w.units, 1 + count(q.sku), coalesce(sum(q.units), 0), w.told_s, w.due_s, w.look_at_s
    FROM waiting w LEFT JOIN waiting q ON q.sku = w.sku
        AND (q.rank, q.placed_at_s, q.order_id, q.line) < (w.rank, w.placed_at_s, w.order_id, w.line)
    WHERE w.order_id = ? GROUP BY w.sku, w.line ORDER BY w.line"""

KNOWS = """
    SELECT EXISTS (SELECT 1 FROM items WHERE sku = ?1) OR EXISTS (SELECT 1 FROM stock WHERE sku = ?1)
        OR EXISTS (SELECT 1 FROM supplies WHERE sku = ?1)"""
SKUS = "SELECT sku FROM items UNION SELECT sku FROM stock LIMIT ?"
LOCATIONS = "SELECT DISTINCT location FROM stock"
REFERENCES = "SELECT DISTINCT reference FROM supplies LIMIT ?"
NAMES_MAX = 20_000  # among which a close one is looked for


class Movement(Value):
    """A move of stock: what it changed, why, and whose it was."""

    at_s: int
    location: str
    reason: str
    on_hand: int
    allocated: int
    reserved: int
    damaged: int
    quarantined: int
    in_transit: int
    order: str
    by: str
    report: str


class Expected(Value):
    """What a supply still brings, and when."""

    reference: str
    sku: str
    location: str
    expected_at_s: int
    origin: str
    units: int


class Standing(Value):
    """A line that waits for stock, and where it stands in the queue."""

    line: int
    sku: str
    units: int
    position: int  # the first is 1
    units_ahead: int
    told_s: int | None  # when it is to be had, as the customer was told
    due_s: int | None  # as supply is now
    look_at_s: int | None  # when the customer hears of it, if that is another instant


class StockList:
    """Lists what happened to stock, and what will."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def movements(self, sku: str, location: str, limit: int) -> list[Movement]:
        """The moves of a SKU, the latest first."""
        return [Movement(*row) for row in self._connection.execute(MOVEMENTS, (sku, location, limit))]

    def expected(self, reference: str = "", sku: str = "", location: str = "", limit: int = -1) -> list[Expected]:
        """What is on order or on its way, the earliest first."""
        return [Expected(*row) for row in self._connection.execute(SUPPLIES, (reference, sku, location, limit))]

    def demands(self, sku: str) -> list[Demand]:
        """The units of a SKU that wait for stock."""
        return [Demand(*row) for row in self._connection.execute(WAITING, (sku,))]

    def standing(self, order: str) -> list[Standing]:
        """The lines of an order that wait for stock, each with its place in the queue."""
        return [Standing(*row) for row in self._connection.execute(STANDING, (order,))]

    def next_inbound(self, skus: Collection[str]) -> dict[tuple[str, str], tuple[int, int, int]]:
        """By SKU and location the next supply: when, how many units; and how many units all supplies bring."""
        rows = self._connection.execute(NEXT_INBOUND, (json.encode(sorted(skus)).decode(),))
        return {(sku, location): (at_s, units, total) for sku, location, at_s, units, total in rows}

    def knows(self, sku: str) -> bool:
        """Whether a SKU is in the catalog, or is or was expected anywhere."""
        (found,) = self._connection.execute(KNOWS, (sku,)).fetchone()
        return bool(found)

    def skus(self) -> list[str]:
        """SKUs that there are."""
        return [sku for (sku,) in self._connection.execute(SKUS, (NAMES_MAX,))]

    def locations(self) -> list[str]:
        """Where there is stock, or was."""
        return [location for (location,) in self._connection.execute(LOCATIONS)]

    def references(self) -> list[str]:
        """What supplies are called, those that have come too."""
        return [reference for (reference,) in self._connection.execute(REFERENCES, (NAMES_MAX,))]

    def unapplied(self, limit: int) -> list[Filed]:
        """The reports that wait or were refused, the oldest first."""
        return [filed_of(row) for row in self._connection.execute(f"{UNAPPLIED} LIMIT ?", (limit,))]
