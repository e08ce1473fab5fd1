"""The stockroom: stock beside the orders, looked up: counters, reports, who holds what, what is expected."""

from collections.abc import Collection, Iterator, Sequence

from segue.ports import Filed, Standing, SupplyMove
from segue.ports.stockroom import Key
from segue.store.postgres.database import Cursor, PostgresDatabase
from segue.store.postgres.stocking import counters_of
from segue.store.stockroom import REPORT, filed_of, named_in, standings

REPORTS = "SELECT value FROM stock_reports WHERE state = 'applied' AND sku = ANY(%s) ORDER BY number"
FILED = "SELECT number, state, detail, value FROM stock_reports "
SOME_FILED = FILED + "WHERE source = %s AND id = ANY(%s)"
UNAPPLIED = FILED + "WHERE state <> 'applied' ORDER BY number"
# What Segue has moved by itself since an instant: the newest steps and receipts, as far back as that.
LAST_STEP = "SELECT number FROM steps WHERE at_s <= %s ORDER BY number DESC LIMIT 1"
OF_ORDERS = """
    SELECT m.sku, m.location, s.at_s, m.on_hand, m.damaged, m.quarantined
    FROM steps s JOIN stock_moves m ON m.order_id = s.order_id AND m.version = s.version
    WHERE s.number > %s AND s.at_s > %s"""
CARTS_AT = """
    SELECT sku, location, cart FROM reservations WHERE sku = ANY(%s) ORDER BY reserved_at_s DESC, cart DESC"""
LAST_RECEIPT = "SELECT version FROM stock_moves WHERE order_id = '' AND at_s <= %s ORDER BY version DESC LIMIT 1"
OF_SHOP = """
    SELECT sku, location, at_s, on_hand, damaged, quarantined FROM stock_moves
    WHERE order_id = '' AND version > %s AND at_s > %s AND report = ''"""
HOLDERS = """
    SELECT id FROM orders WHERE open AND strpos(value, %s) > 0 AND strpos(value, %s) > 0
    ORDER BY placed_at_s DESC, number DESC"""
ANY_ITEM = "SELECT EXISTS (SELECT 1 FROM items)"
SUPPLIES = """
    SELECT reference, sku, location, expected_at_s, units, '', origin FROM supplies
    WHERE units > 0 AND reference = %s AND (%s = '' OR sku = %s) ORDER BY expected_at_s, location, sku"""


class PostgresStockroom:
    """Looks up stock beside the orders."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    def standing(self, keys: Collection[Key], since_s: int) -> dict[Key, Standing]:
        """What is known of each of these, with Segue's own moves after an instant."""
        wanted = sorted({sku for sku, _ in keys})
        with self._database.snapshot() as cursor:
            counters = counters_of(cursor, wanted)
            reports = [REPORT.decode(value) for (value,) in cursor.execute(REPORTS, (wanted,)).fetchall()]
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
            rows = cursor.execute(SOME_FILED, (source, sorted(ids))).fetchall()
        return {each.report.id: each for each in map(filed_of, rows)}

    def unapplied(self) -> Sequence[Filed]:
        """The reports that wait for something, or were refused, the oldest first."""
        with self._database.snapshot() as cursor:
            return [filed_of(row) for row in cursor.execute(UNAPPLIED).fetchall()]

    def has_catalog(self) -> bool:
        """Whether the shop has a catalog here. One without has it elsewhere, and any SKU may be real."""
        return self._database.look_up(ANY_ITEM, ()) == (True,)

    def supplies(self, reference: str, sku: str) -> Sequence[SupplyMove]:
        """What is still expected by a supply: of one SKU, or of all."""
        with self._database.snapshot() as cursor:
            rows = cursor.execute(SUPPLIES, (reference, sku, sku)).fetchall()
        return [SupplyMove(*row) for row in rows]


def _own(cursor: Cursor, since_s: int) -> Iterator[tuple[str, str, int, int, int, int]]:
    for last, moved in ((LAST_STEP, OF_ORDERS), (LAST_RECEIPT, OF_SHOP)):
        (begin,) = cursor.execute(last, (since_s,)).fetchone() or (0,)
        rows: list[tuple[str, str, int, int, int, int]] = cursor.execute(moved, (begin, since_s)).fetchall()
        yield from rows
