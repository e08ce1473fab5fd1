"""The stockroom: stock beside the orders, looked up: counters, reports, who holds what, what is expected."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from msgspec import json

from segue.core.stocktaking import Counter, Moved, Report
from segue.ports import Filed, Standing, SupplyMove
from segue.ports.stockroom import Key
from segue.store.database import Database
from segue.store.stocking import counters_of

REPORTS = """
    SELECT value FROM stock_reports WHERE state = 'applied' AND sku IN (SELECT value FROM json_each(?)) ORDER BY number"""
FILED = "SELECT number, state, detail, value FROM stock_reports "
SOME_FILED = FILED + "WHERE source = ? AND id IN (SELECT value FROM json_each(?))"
UNAPPLIED = FILED + "WHERE state <> 'applied' ORDER BY number"
# What Segue has moved by itself since an instant: the newest steps and receipts, as far back as that.
LAST_STEP = "SELECT number FROM steps WHERE at_s <= ? ORDER BY number DESC LIMIT 1"
OF_ORDERS = """
    SELECT m.sku, m.location, s.at_s, m.on_hand, m.damaged, m.quarantined
    FROM steps s CROSS JOIN stock_moves m ON m.order_id = s.order_id AND m.version = s.version
    WHERE s.number > ? AND s.at_s > ?"""
CARTS_AT = """
    SELECT sku, location, cart FROM reservations WHERE sku IN (SELECT value FROM json_each(?))
    ORDER BY reserved_at_s DESC, cart DESC"""
LAST_RECEIPT = "SELECT version FROM stock_moves WHERE order_id = '' AND at_s <= ? ORDER BY version DESC LIMIT 1"
OF_SHOP = """
    SELECT sku, location, at_s, on_hand, damaged, quarantined FROM stock_moves
    WHERE order_id = '' AND version > ? AND at_s > ? AND report = ''"""
# An index has which orders are open; of those, the values are read.
HOLDERS = """
    SELECT id FROM orders
    WHERE number IN (SELECT number FROM orders INDEXED BY orders_by_status WHERE open = 1)
        AND instr(value, ?) > 0 AND instr(value, ?) > 0
    ORDER BY placed_at_s DESC, number DESC"""
ANY_ITEM = "SELECT EXISTS (SELECT 1 FROM items)"
SUPPLIES = """
    SELECT reference, sku, location, expected_at_s, units, '', origin FROM supplies
    WHERE units > 0 AND reference = ?1 AND (?2 = '' OR sku = ?2) ORDER BY expected_at_s, location, sku"""

REPORT = json.Decoder(Report)


class SqliteStockroom:
    """Looks up stock beside the orders."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def standing(self, keys: Collection[Key], since_s: int) -> dict[Key, Standing]:
        """What is known of each of these, with Segue's own moves after an instant."""
        wanted = json.encode(sorted({sku for sku, _ in keys})).decode()
        with self._database.snapshot() as cursor:
            counters = counters_of(cursor, {sku for sku, _ in keys})
            reports = [REPORT.decode(value) for (value,) in cursor.execute(REPORTS, (wanted,))]
            own = list(_own(cursor, since_s))
            carts = cursor.execute(CARTS_AT, (wanted,)).fetchall()
        return standings(keys, counters, reports, own, carts)

    def holders(self, key: Key) -> Sequence[str]:
        """The orders under way that may hold stock there, the youngest first."""
        with self._database.snapshot() as cursor:
            return [id for (id,) in cursor.execute(HOLDERS, named_in(key)).fetchall()]

    def filed(self, source: str, ids: Collection[str]) -> dict[str, Filed]:
        """Those of these reports of a source that are here already, by id."""
        with self._database.snapshot() as cursor:
            rows = cursor.execute(SOME_FILED, (source, json.encode(sorted(ids)).decode())).fetchall()
        return {each.report.id: each for each in map(filed_of, rows)}

    def unapplied(self) -> Sequence[Filed]:
        """The reports that wait for something, or were refused, the oldest first."""
        with self._database.snapshot() as cursor:
            return [filed_of(row) for row in cursor.execute(UNAPPLIED).fetchall()]

    def has_catalog(self) -> bool:
        """Whether the shop has a catalog here. One without has it elsewhere, and any SKU may be real."""
        return bool(self._database.look_up(ANY_ITEM, ()) == (1,))

    def supplies(self, reference: str, sku: str) -> Sequence[SupplyMove]:
        """What is still expected by a supply: of one SKU, or of all."""
        with self._database.snapshot() as cursor:
            return [SupplyMove(*row) for row in cursor.execute(SUPPLIES, (reference, sku)).fetchall()]


def named_in(key: Key) -> tuple[str, str]:
    """How the value of an order names a SKU and a location."""
    sku, location = (json.encode(name).decode() for name in key)
    return f'"sku":{sku}', f'"location":{location}'


def filed_of(row: tuple[Any, ...]) -> Filed:
    """A report as it is filed."""
    number, state, detail, value = row
    return Filed(REPORT.decode(value), state, detail, number)


def standings(
    keys: Collection[Key],
    counters: dict[Key, Counter],
    reports: Iterable[Report],
    own: Iterable[tuple[str, str, int, int, int, int]],
    carts: Iterable[tuple[str, str, str]],
) -> dict[Key, Standing]:
    """What was found, by key."""
    held: dict[Key, list[str]] = {}
    for sku, location, cart in carts:
        held.setdefault((sku, location), []).append(cart)
    found: dict[Key, tuple[list[Report], list[Moved]]] = {key: ([], []) for key in keys}
    for report in reports:
        if known := found.get((report.sku, report.location)):
            known[0].append(report)
    for sku, location, *moved in own:
        if known := found.get((sku, location)):
            known[1].append(Moved(*moved))
    return {
        key: Standing(counters.get(key, Counter()), tuple(reports), tuple(moved), tuple(held.get(key, ())))
        for key, (reports, moved) in found.items()
    }


def _own(cursor: sqlite3.Cursor, since_s: int) -> Iterator[tuple[str, str, int, int, int, int]]:
    for last, moved in ((LAST_STEP, OF_ORDERS), (LAST_RECEIPT, OF_SHOP)):
        (begin,) = cursor.execute(last, (since_s,)).fetchone() or (0,)
        yield from cursor.execute(moved, (begin, since_s)).fetchall()
