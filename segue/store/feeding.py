"""Feeds: what a channel may sell of each SKU: the very figures that its orders are allocated by. Never writes."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from segue.core.base import Value
from segue.core.bundle_supply import available, sold_of
from segue.core.bundles import Recipes, only_in
from segue.core.contents import skus_in
from segue.core.facts import Stock
from segue.core.fences import promisable
from segue.store.closing import load_closed
from segue.store.fencing import load_fences
from segue.store.loading import load_stock

AT_ONCE = 5_000  # SKUs
NO_RECIPES: Recipes = {}
# How far a feed has come: the last step, receipt, move of a share, change of a location; the instant stands last.
REACHED = """
    SELECT coalesce((SELECT max(number) FROM steps), 0),
        coalesce((SELECT max(version) FROM stock_moves WHERE order_id = ''), 0),
        coalesce((SELECT max(number) FROM fence_moves), 0), coalesce((SELECT max(number) FROM closure_changes), 0)"""
SKUS = "SELECT DISTINCT sku FROM stock"
MOVED = """
    SELECT DISTINCT m.sku FROM (
        SELECT s.order_id, s.version FROM steps s WHERE s.number > ?1
        UNION ALL SELECT DISTINCT '', r.version FROM stock_moves r WHERE r.order_id = '' AND r.version > ?2
    ) x CROSS JOIN stock_moves m ON m.order_id = x.order_id AND m.version = x.version
    UNION SELECT sku FROM fence_moves WHERE number > ?3
    UNION SELECT sku FROM reservations WHERE expires_at_s > ?4 AND expires_at_s <= ?5"""
CLOSURES = """
    SELECT EXISTS (SELECT 1 FROM closure_changes WHERE number > ?1)
        OR EXISTS (SELECT 1 FROM closures WHERE until_s > ?2 AND until_s <= ?3)"""


class Reached(NamedTuple):
    """How far a feed has come; the next one goes on there."""

    step: int
    receipt: int
    share: int
    closure: int
    at_s: int

    def __str__(self) -> str:
        """As people hand it on: `17.3.0.0.1772442000`."""
        return ".".join(map(str, self))


class Feed(Value):
    """What can be promised of each SKU, and where the next feed goes on."""

    available: dict[str, int]
    cursor: str


def feed(
    connection: sqlite3.Connection,
    channel: str,
    locations: Collection[str],
    now_s: int,
    since: Reached | None,
    recipes: Recipes = NO_RECIPES,
) -> Feed:
    """What a channel may promise from these locations, but for those that are closed now; of SKUs that changed, or of all.

    Of a bundle it is what there is of its parts, and those that lie ready packed; a part that is not sold alone has none.
    How far it has come is read first: what changes meanwhile is in the next feed once more.
    """
    step, receipt, share, closure = connection.execute(REACHED).fetchone()
    reached = Reached(step, receipt, share, closure, now_s)
    closed = load_closed(connection.cursor())
    open_now = [name for name in locations if name not in closed or not closed[name].objection(now_s)]
    found = {}
    changed = _skus(connection, since, now_s)
    for sku, stock in promised(connection, channel, changed, now_s):
        found[sku] = sum(max(0, stock.get(name, 0)) for name in open_now)
    if recipes:
        sold = sold_of(recipes, changed if since else recipes)
        free = dict(promised(connection, channel, {part for sku in sold for part in skus_in(sku, recipes)}, now_s))
        found |= dict.fromkeys(found.keys() & only_in(recipes).keys(), 0)
        found |= {sku: available(sku, recipes, free, open_now).total for sku in sold}
    return Feed(dict(sorted(found.items())) if recipes else found, str(reached))


def promised(
    connection: sqlite3.Connection, channel: str, skus: Iterable[str], now_s: int
) -> Iterator[tuple[str, Stock]]:
    """By SKU, what a channel may promise at each location."""
    known, cursor = sorted(skus), connection.cursor()
    for start in range(0, len(known), AT_ONCE):
        some = frozenset(known[start : start + AT_ONCE])
        stock, fences = load_stock(cursor, some, now_s), load_fences(cursor, some, now_s)
        for sku in sorted(some):
            yield sku, promisable(stock[sku], fences.get(sku, ()), channel)


def _skus(connection: sqlite3.Connection, since: Reached | None, now_s: int) -> list[str]:
    """Those that have changed since; all where a location was closed or opened, which changes whatever it has."""
    if since is None or connection.execute(CLOSURES, (since.closure, since.at_s, now_s)).fetchone() == (1,):
        return [sku for (sku,) in connection.execute(SKUS)]
    return [sku for (sku,) in connection.execute(MOVED, (*since[:3], since.at_s, now_s))]
