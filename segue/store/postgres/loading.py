"""Loading: what the next steps may look at, and what is due. Each kind is one statement, however many keys."""

from collections.abc import Mapping
from typing import Any

from msgspec import json

from segue.core.facts import Apart, Item, Stock
from segue.core.order import Order
from segue.core.past import PAST_MAX, Past
from segue.core.supply import Inbound, KeptApart
from segue.ports import Due
from segue.ports import Inbound as Message
from segue.store.loading import ITEM, MATCHING_MAX, ORDER
from segue.store.postgres.database import Cursor
from segue.store.postgres.renewing import due_subscriptions
from segue.store.postgres.waiting import with_looks

ORDERS = "SELECT id, value FROM orders WHERE id = ANY(%s)"
VERSIONS = "SELECT id, version FROM orders WHERE id = ANY(%s)"
ITEMS = "SELECT sku, value FROM items WHERE sku = ANY(%s)"
STOCK = """
    SELECT s.sku, s.location, greatest(on_hand - damaged - quarantined - safety, 0) - allocated - reserved + coalesce(
        (SELECT sum(units)::bigint FROM reservations r
        WHERE r.sku = s.sku AND r.expires_at_s <= %s AND r.location = s.location), 0)
    FROM stock s WHERE s.sku = ANY(%s) ORDER BY s.sku, s.location"""
PAST = """
    SELECT id, placed_at_s, basket, ship_to_digest, total_minor FROM orders
    WHERE person = %s AND person <> '' ORDER BY placed_at_s DESC, number DESC LIMIT %s"""
APART = """
    SELECT sku, location, least(safety, on_hand - damaged - quarantined), allocated + reserved,
        greatest(safety - on_hand + damaged + quarantined, 0) FROM stock
    WHERE sku = ANY(%s)"""
INBOUND = """
    SELECT sku, expected_at_s, location, units, reference FROM supplies
    WHERE units > 0 AND sku = ANY(%s) ORDER BY expected_at_s, location, reference"""
USES = "SELECT key, used FROM coupons WHERE key = ANY(%s)"
ORDERS_OF = """
    SELECT value FROM orders WHERE person = %s AND person <> '' ORDER BY placed_at_s DESC, number DESC"""

WAKES = """
    SELECT id FROM orders WHERE wake_at_s <= %s ORDER BY wake_at_s, rank, placed_at_s, number LIMIT %s"""
MESSAGES = """
    SELECT source, id, kind, body, order_id, due_at_s FROM inbox WHERE state = 'new' AND due_at_s <= %s
    ORDER BY due_at_s, number LIMIT %s"""
NEXT = """
    SELECT (SELECT min(wake_at_s) FROM orders WHERE wake_at_s > %s),
        (SELECT min(due_at_s) FROM inbox WHERE state = 'new' AND due_at_s > %s),
        (SELECT min(expires_at_s) FROM reservations WHERE expires_at_s > %s),
        (SELECT min(due_at_s) FROM tasks WHERE state IN ('ready', 'claimed')),
        (SELECT min(wake_at_s) FROM subscriptions WHERE wake_at_s > %s),
        (SELECT min(look_at_s) FROM waiting WHERE look_at_s > %s)"""
SWEPT = "SELECT DISTINCT sku FROM reservations WHERE expires_at_s <= %s ORDER BY sku LIMIT %s"


def load_orders(cursor: Cursor, ids: frozenset[str], kept: Mapping[str, Order]) -> dict[str, Order | None]:
    """The orders with these ids, or None. One that is kept in the version that is stored is not decoded again."""
    found: dict[str, Order] = {}
    for id, version in _each(cursor, VERSIONS, ids) if kept else ():
        order = kept.get(id)
        if order is not None and order.version == version:
            found[id] = order
    for id, value in _each(cursor, ORDERS, ids - found.keys()):
        found[id] = ORDER.decode(value)
    return {id: found.get(id) for id in ids}


def load_items(cursor: Cursor, skus: frozenset[str]) -> dict[str, Item | None]:
    """The catalog's entries, or None."""
    found = {sku: ITEM.decode(value) for sku, value in _each(cursor, ITEMS, skus)}
    return {sku: found.get(sku) for sku in skus}


def load_stock(cursor: Cursor, skus: frozenset[str], now_s: int) -> dict[str, Stock]:
    """How many units of each SKU are free to promise, by location. What carts have that are over is free."""
    found: dict[str, Stock] = {sku: {} for sku in skus}
    for sku, location, free in cursor.execute(STOCK, (now_s, sorted(skus))) if skus else ():
        found[sku][location] = free
    return found


def load_apart(cursor: Cursor, skus: frozenset[str]) -> dict[str, Apart]:
    """By SKU and location the safety stock that is there, and how many units are held."""
    found: dict[str, Apart] = {sku: {} for sku in skus}
    for sku, location, *kept in _each(cursor, APART, skus):
        found[sku][location] = KeptApart(*kept)
    return found


def load_past(cursor: Cursor, people: frozenset[str]) -> dict[str, tuple[Past, ...]]:
    """Each person's latest orders, newest first."""
    return {
        person: tuple(Past(*row) for row in cursor.execute(PAST, (person, PAST_MAX)).fetchall()) for person in people
    }


def load_uses(cursor: Cursor, keys: frozenset[str]) -> dict[str, int]:
    """How often each coupon was used."""
    return dict.fromkeys(keys, 0) | dict(_each(cursor, USES, keys))


def load_inbound(cursor: Cursor, skus: frozenset[str]) -> dict[str, Inbound]:
    """What is on order or on its way of each SKU, the earliest first."""
    found: dict[str, list[tuple[int, str, int, str]]] = {sku: [] for sku in skus}
    for sku, *expected in _each(cursor, INBOUND, skus):
        found[sku].append((expected[0], expected[1], expected[2], expected[3]))
    return {sku: tuple(supplies) for sku, supplies in found.items()}


def load_matching(cursor: Cursor, person: str, sku: str) -> list[Order]:
    """The person's latest orders that have a line or a bundle of this SKU, newest first."""
    found: list[Order] = []
    for (value,) in cursor.execute(ORDERS_OF, (person,)):
        order = ORDER.decode(value)
        bundles = [bundle.sku for bundle in order.bundles.values()]
        if sku in bundles or any(sku in (line.sku, line.was) for line in order.lines):
            found.append(order)
        if len(found) == MATCHING_MAX:
            break
    return found


def load_due(cursor: Cursor, now_s: int, limit: int) -> Due:
    """What waits, and when something is next due: orders and messages after now; tasks now or later, claims too."""
    wakes = with_looks(cursor, tuple(id for (id,) in cursor.execute(WAKES, (now_s, limit))), now_s, limit)
    rows = cursor.execute(MESSAGES, (now_s, limit)).fetchall()
    messages = tuple(Message(source, id, kind, json.decode(body), *rest) for source, id, kind, body, *rest in rows)
    instants = cursor.execute(NEXT, (now_s,) * 5).fetchone() or ()
    known = [max(instant, now_s) for instant in instants if instant is not None]
    over = frozenset(sku for (sku,) in cursor.execute(SWEPT, (now_s, limit)))
    return Due(wakes, messages, min(known, default=None), over, due_subscriptions(cursor, now_s, limit))


def _each(cursor: Cursor, statement: str, keys: frozenset[str]) -> list[tuple[Any, ...]]:
    return cursor.execute(statement, (sorted(keys),)).fetchall() if keys else []
