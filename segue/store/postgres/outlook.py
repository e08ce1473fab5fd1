"""Outlook: what was sold lately, and what units are worth where they lie: looked up and kept."""

from collections.abc import Mapping

from segue.core.opportunity import Prices
from segue.ports import Sold
from segue.store.outlook import DROP, KEPT_AT, added_up, prices_of, rows_of
from segue.store.postgres.database import Cursor, PostgresDatabase, write_each

PLACED = "SELECT value FROM orders WHERE placed_at_s >= %s"
PRICES = "SELECT sku, at_s, mills FROM opportunity WHERE sku = ANY(%s)"
KEEP = "INSERT INTO opportunity (sku, at_s, mills) VALUES (%s, %s, %s)"
TURN = "LOCK TABLE opportunity IN SHARE ROW EXCLUSIVE MODE"  # who keeps prices at the same time waits; readers do not


class PostgresOutlook:
    """What was sold lately, and the prices that are kept."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    def sold(self, since_s: int) -> Mapping[Sold, int]:
        """How many units were ordered since then."""
        with self._database.snapshot() as cursor:
            return added_up(value for (value,) in cursor.execute(PLACED, (since_s,)))

    def keep(self, prices: Mapping[str, Prices]) -> None:
        """Keep these prices by SKU, and no others."""

        def write(cursor: Cursor) -> None:
            cursor.execute(TURN)
            cursor.execute(DROP)
            write_each(cursor, KEEP, rows_of(prices))

        self._database.transact(write)

    def kept_at(self) -> int | None:
        """When the prices that are kept were worked out; None if there are none."""
        row = self._database.look_up(KEPT_AT, ())
        return row[0] if row else None


def load_prices(cursor: Cursor, skus: frozenset[str]) -> dict[str, Prices | None]:
    """What units of these SKUs are worth, or None."""
    found = prices_of(cursor.execute(PRICES, (sorted(skus),)).fetchall()) if skus else {}
    return {sku: found.get(sku) for sku in skus}
