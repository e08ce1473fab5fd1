"""Writing what is sold beyond what is there: a counter for each SKU, which never goes beyond what is there and to come."""

from collections.abc import Iterable, Sequence

from segue.core.selling import Terms, most_of
from segue.core.supply import AS_ALL
from segue.ports import Stepped, UsedUp
from segue.store.batch import let_go, limited, sale_changes, sale_rows
from segue.store.postgres.database import Cursor, write_each
from segue.store.postgres.loading import load_apart, load_inbound, load_stock
from segue.store.postgres.presales import load_presales
from segue.store.postgres.stocking import wake_watchers

OPEN = "INSERT INTO selling (sku, promised) VALUES (%s, 0) ON CONFLICT (sku) DO NOTHING"
CHANGE = "UPDATE selling SET promised = promised + %s WHERE sku = %s RETURNING promised"
KEEP = """
    INSERT INTO sales (order_id, sku, person, placed_at_s, units, waiting) VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (order_id, sku) DO UPDATE SET person = excluded.person, placed_at_s = excluded.placed_at_s,
        units = excluded.units, waiting = excluded.waiting"""
MADE = "INSERT INTO sales_made (sku, units, promised, most, at_s) VALUES (%s, %s, %s, %s, %s)"
PROMISED = "SELECT sku, promised FROM selling WHERE sku = ANY(%s)"
BOUGHT = "SELECT order_id, placed_at_s, units FROM sales WHERE person = %s AND sku = %s AND person <> ''"
BOUGHT_SINCE = "SELECT coalesce(sum(units), 0) FROM sales WHERE person = %s AND sku = %s AND placed_at_s >= %s"


def write_sales(cursor: Cursor, steps: Sequence[Stepped], now_s: int) -> None:
    """Write what orders count with; wake who waits for what was canceled. Raises UsedUp naming what is short.

    Each counter stays locked until the transaction ends: who sells the same at the same time looks at what there is after.
    """
    changes = sale_changes(steps)
    if not changes:
        return
    for sku, (change, after, terms) in changes.items():
        cursor.execute(OPEN, (sku,))
        (promised,) = cursor.execute(CHANGE, (change, sku)).fetchone() or (0,)
        if terms:
            most = _most(cursor, sku, terms, now_s)
            if promised - after > most:
                raise UsedUp(sku)
            cursor.execute(MADE, (sku, change - after, promised - after, most, now_s))
    write_each(cursor, KEEP, sale_rows(steps))
    for person, sku, since_s, by in limited(steps):
        (units,) = cursor.execute(BOUGHT_SINCE, (person, sku, since_s)).fetchone() or (0,)
        if units > by.per_customer:
            raise UsedUp(f"{sku} for one customer")
    wake_watchers(cursor, let_go(steps), now_s)


def _most(cursor: Cursor, sku: str, terms: Iterable[Terms], now_s: int) -> int:
    """The most that may be promised of a SKU, as it is at this moment, by the strictest of these rules."""
    skus = frozenset((sku,))
    free, inbound = load_stock(cursor, skus, now_s)[sku], load_inbound(cursor, skus)[sku]
    apart = load_apart(cursor, skus)[sku]
    presales = load_presales(cursor, skus)[sku] if inbound else AS_ALL
    return min(most_of(free, inbound, apart, each, presales) for each in terms)


def load_selling(cursor: Cursor, skus: frozenset[str]) -> dict[str, int]:
    """How many units of each SKU orders count with that have no stock yet."""
    found = cursor.execute(PROMISED, (sorted(skus),)).fetchall() if skus else []
    return dict.fromkeys(skus, 0) | dict(found)


def load_bought(cursor: Cursor, keys: frozenset[str]) -> dict[str, list[tuple[str, int, int]]]:
    """What people have bought of SKUs, `p-17|BOOK`: the order, when it was placed, how many units."""
    return {key: _bought(cursor, *key.split("|", 1)) for key in keys}


def _bought(cursor: Cursor, person: str, sku: str) -> list[tuple[str, int, int]]:
    return [(order, at_s, units) for order, at_s, units in cursor.execute(BOUGHT, (person, sku)).fetchall()]
