"""Loading: what the next steps may look at, and what is due. Each kind is one statement, however many keys."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from msgspec import json

from segue.core.facts import Apart, Item, Stock
from segue.core.order import Order
from segue.core.past import PAST_MAX, Past
from segue.core.supply import Inbound, KeptApart
from segue.ports import Due
from segue.ports import Inbound as Message
from segue.store.renewing import NEXT_DUE, due_subscriptions
from segue.store.waiting import NEXT_LOOK, with_looks

ORDERS = "SELECT id, value FROM orders WHERE id IN (SELECT value FROM json_each(?))"
VERSIONS = "SELECT id, version FROM orders WHERE id IN (SELECT value FROM json_each(?))"
ITEMS = "SELECT sku, value FROM items WHERE sku IN (SELECT value FROM json_each(?))"
STOCK = """
    SELECT sku, location, max(on_hand - damaged - quarantined - safety, 0) - allocated - reserved FROM stock
    WHERE sku IN (SELECT value FROM json_each(?))"""
OVER = """
    SELECT sku, location, sum(units) FROM reservations
    WHERE sku IN (SELECT value FROM json_each(?)) AND expires_at_s <= ? GROUP BY sku, location"""
PAST = """
    SELECT id, placed_at_s, basket, ship_to_digest, total_minor FROM orders
    WHERE person = ? AND person <> '' ORDER BY placed_at_s DESC, number DESC LIMIT ?"""
APART = """
    SELECT sku, location, min(safety, on_hand - damaged - quarantined), allocated + reserved,
        max(safety - on_hand + damaged + quarantined, 0) FROM stock
    WHERE sku IN (SELECT value FROM json_each(?))"""
INBOUND = """
    SELECT sku, expected_at_s, location, units, reference FROM supplies
    WHERE units > 0 AND sku IN (SELECT value FROM json_each(?)) ORDER BY expected_at_s, location, reference"""
USES = "SELECT key, used FROM coupons WHERE key IN (SELECT value FROM json_each(?))"
MATCHING = """
    SELECT value FROM orders
    WHERE person = ? AND person <> ''
        AND (EXISTS (
            SELECT 1 FROM json_each(orders.value, '$.lines') l
            WHERE ? IN (json_extract(l.value, '$.sku'), json_extract(l.value, '$.was')))
        OR EXISTS (
            SELECT 1 FROM json_each(orders.value, '$.bundles') b WHERE json_extract(b.value, '$.sku') = ?))
    ORDER BY placed_at_s DESC, number DESC LIMIT ?"""

WAKES = """
    SELECT id FROM orders WHERE wake_at_s IS NOT NULL AND wake_at_s <= ?
    ORDER BY wake_at_s, rank, placed_at_s, number LIMIT ?"""
MESSAGES = """
    SELECT source, id, kind, body, order_id, due_at_s FROM inbox WHERE state = 'new' AND due_at_s <= ?
    ORDER BY due_at_s, number LIMIT ?"""
NEXT_WAKE = "SELECT min(wake_at_s) FROM orders WHERE wake_at_s IS NOT NULL AND wake_at_s > ?"
NEXT_MESSAGE = "SELECT min(due_at_s) FROM inbox WHERE state = 'new' AND due_at_s > ?"
NEXT_END = "SELECT min(expires_at_s) FROM reservations WHERE expires_at_s > ?"
SWEPT = "SELECT DISTINCT sku FROM reservations WHERE expires_at_s <= ? ORDER BY sku LIMIT ?"
# One look into the index for each provider, instead of reading every task that waits.
NEXT_TASK = """
    WITH RECURSIVE provider (name) AS (
        SELECT min(provider) FROM tasks WHERE state IN ('ready', 'claimed')
        UNION ALL
        SELECT (SELECT min(provider) FROM tasks WHERE state IN ('ready', 'claimed') AND provider > name)
        FROM provider WHERE name IS NOT NULL
    )
    SELECT min((SELECT min(due_at_s) FROM tasks WHERE state IN ('ready', 'claimed') AND provider = name))
    FROM provider WHERE name IS NOT NULL"""

MATCHING_MAX = 50  # a person's latest orders that a cancellation may be about

ORDER = json.Decoder(Order)
ITEM = json.Decoder(Item)


def load_orders(cursor: sqlite3.Cursor, ids: frozenset[str], kept: Mapping[str, Order]) -> dict[str, Order | None]:
    """The orders with these ids, or None. One that is kept in the version that is stored is not decoded again."""
    found: dict[str, Order] = {}
    for id, version in _each(cursor, VERSIONS, ids) if kept else ():
        order = kept.get(id)
        if order is not None and order.version == version:
            found[id] = order
    for id, value in _each(cursor, ORDERS, ids - found.keys()):
        found[id] = ORDER.decode(value)
    return {id: found.get(id) for id in ids}


def load_items(cursor: sqlite3.Cursor, skus: frozenset[str]) -> dict[str, Item | None]:
    """The catalog's entries, or None."""
    found = {sku: ITEM.decode(value) for sku, value in _each(cursor, ITEMS, skus)}
    return {sku: found.get(sku) for sku in skus}


def load_stock(cursor: sqlite3.Cursor, skus: frozenset[str], now_s: int) -> dict[str, Stock]:
    """How many units of each SKU are free to promise, by location. What carts have that are over is free."""
    found: dict[str, Stock] = {sku: {} for sku in skus}
    for sku, location, free in _each(cursor, STOCK, skus):
        found[sku][location] = free
    for sku, location, units in cursor.execute(OVER, (json.encode(sorted(skus)).decode(), now_s)) if skus else ():
        found[sku][location] += units
    return found


def load_apart(cursor: sqlite3.Cursor, skus: frozenset[str]) -> dict[str, Apart]:
    """By SKU and location the safety stock that is there, and how many units are held."""
    found: dict[str, Apart] = {sku: {} for sku in skus}
    for sku, location, *kept in _each(cursor, APART, skus):
        found[sku][location] = KeptApart(*kept)
    return found


def load_past(cursor: sqlite3.Cursor, people: frozenset[str]) -> dict[str, tuple[Past, ...]]:
    """Each person's latest orders, newest first."""
    return {
        person: tuple(Past(*row) for row in cursor.execute(PAST, (person, PAST_MAX)).fetchall()) for person in people
    }


def load_uses(cursor: sqlite3.Cursor, keys: frozenset[str]) -> dict[str, int]:
    """How often each coupon was used."""
    return dict.fromkeys(keys, 0) | dict(_each(cursor, USES, keys))


def load_inbound(cursor: sqlite3.Cursor, skus: frozenset[str]) -> dict[str, Inbound]:
    """What is on order or on its way of each SKU, the earliest first."""
    found: dict[str, list[tuple[int, str, int, str]]] = {sku: [] for sku in skus}
    for sku, *expected in _each(cursor, INBOUND, skus):
        found[sku].append((expected[0], expected[1], expected[2], expected[3]))
    return {sku: tuple(supplies) for sku, supplies in found.items()}


def load_matching(cursor: sqlite3.Cursor, person: str, sku: str) -> list[Order]:
    """The person's latest orders that have a line or a bundle of this SKU, newest first."""
    rows = cursor.execute(MATCHING, (person, sku, sku, MATCHING_MAX)).fetchall()
    return [ORDER.decode(value) for (value,) in rows]


def load_due(cursor: sqlite3.Cursor, now_s: int, limit: int) -> Due:
    """What waits, and when something is next due: orders and messages after now; tasks now or later, claims too."""
    wakes = with_looks(cursor, tuple(id for (id,) in cursor.execute(WAKES, (now_s, limit))), now_s, limit)
    rows = cursor.execute(MESSAGES, (now_s, limit)).fetchall()
    messages = tuple(Message(source, id, kind, json.decode(body), *rest) for source, id, kind, body, *rest in rows)
    instants = [
        _first(cursor.execute(NEXT_WAKE, (now_s,))),
        _first(cursor.execute(NEXT_LOOK, (now_s,))),
        _first(cursor.execute(NEXT_MESSAGE, (now_s,))),
        _first(cursor.execute(NEXT_END, (now_s,))),
        _first(cursor.execute(NEXT_TASK)),
        _first(cursor.execute(NEXT_DUE, (now_s,))),
    ]
    known = [max(instant, now_s) for instant in instants if instant is not None]
    over = frozenset(sku for (sku,) in cursor.execute(SWEPT, (now_s, limit)))
    return Due(wakes, messages, min(known, default=None), over, due_subscriptions(cursor, now_s, limit))


def _each(cursor: sqlite3.Cursor, statement: str, keys: frozenset[str]) -> list[tuple[Any, ...]]:
    if not keys:
        return []
    return cursor.execute(statement, (json.encode(sorted(keys)).decode(),)).fetchall()


def _first(cursor: sqlite3.Cursor) -> int | None:
    row: tuple[int | None] = cursor.fetchone()
    return row[0]
