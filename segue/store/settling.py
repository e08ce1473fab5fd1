"""Reading for settlements: which of our transactions a report's lines are of, and which of ours no report has named."""

from collections.abc import Iterable, Iterator

from msgspec import json

from segue.store.database import Reader

AT_ONCE = 20_000  # keys that one statement looks for: each reads all tasks, or all orders
WITH_KEYS = """
    SELECT id, order_id, json_extract(payload, '$.transaction') FROM tasks
    WHERE kind IN ('capture', 'refund') AND id IN (SELECT value FROM json_each(?))"""
ORDERS = "SELECT id FROM orders WHERE id IN (SELECT value FROM json_each(?))"
WITH_REFERENCES = """
    SELECT json_extract(t.value, '$.reference'), o.id, t.key FROM orders o, json_each(o.value, '$.transactions') t
    WHERE json_extract(t.value, '$.kind') IN ('capture', 'refund')
        AND json_extract(t.value, '$.reference') IN (SELECT value FROM json_each(?))"""
UNSETTLED = """
    SELECT t.order_id, json_extract(t.payload, '$.transaction') AS name
    FROM tasks t CROSS JOIN steps s ON s.order_id = t.order_id AND s.version = t.version
    CROSS JOIN orders o ON o.id = t.order_id
    WHERE t.kind IN ('capture', 'refund') AND t.state = 'done' AND t.provider = ? AND s.at_s >= ? AND s.at_s < ?
        AND json_extract(o.value, '$.settlements.' || name) IS NULL
        AND json_extract(o.value, '$.transactions.' || name || '.outcome') = 'done'
    ORDER BY t.number"""
OPEN = """
    SELECT o.id, d.key, json_extract(d.value, '$.difference') FROM orders o, json_each(o.value, '$.differences') d
    WHERE o.id IN (SELECT value FROM json_each(?))"""
HANDLED = """
    SELECT id, digest FROM inbox
    WHERE source = ? AND state IN ('done', 'refused') AND id IN (SELECT value FROM json_each(?))"""

Found = dict[str, tuple[str, str]]  # key or id -> order, transaction


def with_keys(connection: Reader, keys: Iterable[str]) -> Found:
    """The transactions that we asked a gateway for with these keys."""
    return {key: (order, name) for some in _listed(keys) for key, order, name in connection.execute(WITH_KEYS, (some,))}


def known_orders(connection: Reader, orders: Iterable[str]) -> set[str]:
    """Those of these orders that are here."""
    return {id for some in _listed(orders) for (id,) in connection.execute(ORDERS, (some,))}


def with_references(connection: Reader, ids: Iterable[str]) -> Found:
    """The transactions that a gateway knows by these ids. Reads every order: for lines that nothing else finds."""
    return {
        id: (order, name) for some in _listed(ids) for id, order, name in connection.execute(WITH_REFERENCES, (some,))
    }


def unsettled(connection: Reader, provider: str, from_s: int, until_s: int) -> list[tuple[str, str]]:
    """What a provider was asked for in this time, has done, and has not settled: orders and transactions."""
    return list(connection.execute(UNSETTLED, (provider, from_s, until_s)))


def open_differences(connection: Reader, orders: Iterable[str]) -> dict[tuple[str, str], str]:
    """What is still open of these orders: what differs, by order and line of a report."""
    rows = (row for some in _listed(orders) for row in connection.execute(OPEN, (some,)))
    return {(order, line): difference for order, line, difference in rows}


def handled(connection: Reader, source: str, ids: Iterable[str]) -> dict[str, str]:
    """Those of these messages that were handled before, each with the digest of what it said."""
    return {id: digest for some in _listed(ids) for id, digest in connection.execute(HANDLED, (source, some))}


def _listed(keys: Iterable[str]) -> Iterator[str]:
    wanted = sorted(set(keys))
    for start in range(0, len(wanted), AT_ONCE):
        yield json.encode(wanted[start : start + AT_ONCE]).decode()
