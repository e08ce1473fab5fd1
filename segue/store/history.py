"""Reading history: all steps in the order in which they were taken, and what happened to stock beside them. Never writes."""

import re
import sqlite3
from collections.abc import Iterator

from segue.core.days import Closure
from segue.core.facts import Item, StockMove
from segue.core.fences import Fence
from segue.engine.backtest import History, ShopEvent, Step
from segue.store.closing import load_story
from segue.store.loading import load_items
from segue.store.outlook import load_prices

STEPS = """
    SELECT number, order_id, version_before, version, at_s, CAST(record AS BLOB) FROM steps
    WHERE number > ? ORDER BY number LIMIT ?"""
AT_ONCE = 2_000
COUNT = "SELECT count(*), (SELECT at_s FROM steps ORDER BY number LIMIT 1) FROM steps"
MOVES = """
    SELECT at_s, sku, location, on_hand, allocated, reason, reserved, damaged, quarantined, in_transit FROM stock_moves
    WHERE order_id = '' ORDER BY version, position"""
SAFETY = "SELECT sku, location, safety FROM stock WHERE safety > 0"
NEW_SAFETY = re.compile(r"safety (\d+)")  # the reason of a move by which nothing but the safety stock changes
SHARES = "SELECT sku, location, channel, parent, safety FROM fences"
SHARE_MOVES = """
    SELECT at_s, sku, location, channel, units, taken FROM fence_moves WHERE order_id = '' ORDER BY number"""


class Catalog:
    """The catalog as it is now, each entry read once."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor
        self._known: dict[str, Item | None] = {}

    def __call__(self, skus: frozenset[str]) -> dict[str, Item | None]:
        """The entries of these SKUs, or None."""
        if missing := skus - self._known.keys():
            self._known.update(load_items(self._cursor, frozenset(missing)))
        return {sku: self._known[sku] for sku in skus}


def history_of(connection: sqlite3.Connection) -> History:
    """All that is on record. To be read within one transaction, so that it is all of one instant."""
    cursor = connection.cursor()
    count, first_s = cursor.execute(COUNT).fetchone()
    events = _events(cursor)
    changed = {(each.move.sku, each.move.location) for each in events if each.move and each.safety is not None}
    safety = {(sku, place): units for sku, place, units in cursor.execute(SAFETY) if (sku, place) not in changed}
    return History(
        _steps(connection), events, safety, Catalog(cursor), lambda skus: load_prices(cursor, skus), count, first_s
    )


def _steps(connection: sqlite3.Connection) -> Iterator[Step]:
    last = 0
    while found := connection.execute(STEPS, (last, AT_ONCE)).fetchall():
        last = found[-1][0]
        for _, *row in found:
            yield Step(*row)


def _events(cursor: sqlite3.Cursor) -> list[ShopEvent]:
    """What happened beside the orders, by instant; at one instant stock first."""
    events = []
    for at_s, sku, location, on_hand, allocated, reason, *parts in cursor.execute(MOVES):
        changed = NEW_SAFETY.fullmatch(reason)
        move = StockMove(sku, location, on_hand, allocated, reason, *parts)
        events.append(ShopEvent(at_s, move, int(changed[1]) if changed else None))
    known = {(sku, location, channel): rest for sku, location, channel, *rest in cursor.execute(SHARES)}
    for at_s, sku, location, channel, units, taken in cursor.execute(SHARE_MOVES):
        parent, safety = known[sku, location, channel]
        events.append(ShopEvent(at_s, share=Fence(location, channel, units, taken, parent, safety), sku=sku))
    for change in load_story(cursor):
        if change.change == "on":
            events.append(ShopEvent(change.at_s, opened=change.location))
        else:
            closure = Closure(change.location, change.until_s, change.reason, change.by, change.at_s)
            events.append(ShopEvent(change.at_s, closure=closure))
    return sorted(events, key=lambda event: event.at_s)
