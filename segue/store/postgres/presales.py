"""What may be sold of single supplies before they are there, in PostgreSQL. Each word of it is kept; the latest counts."""

from collections.abc import Mapping

from segue.core.supply import Presale
from segue.ports import Stocked
from segue.store.postgres.database import Cursor, write_each
from segue.store.presales import presale_rows, presales_of

SAY = "INSERT INTO presales (reference, sku, percent, most, actor, at_s) VALUES (%s, %s, %s, %s, %s, %s)"
SAID = """
    SELECT DISTINCT ON (sku, reference) sku, reference, percent, most FROM presales
    WHERE sku = ANY(%s) ORDER BY sku, reference, number DESC"""


def write_presales(cursor: Cursor, stocked: Stocked, now_s: int) -> None:
    """Keep what is said of supplies."""
    write_each(cursor, SAY, presale_rows(stocked, now_s))


def load_presales(cursor: Cursor, skus: frozenset[str]) -> dict[str, Mapping[str, Presale]]:
    """By SKU, what may be sold of each supply of which something is said."""
    return presales_of(skus, cursor.execute(SAID, (sorted(skus),)) if skus else ())
