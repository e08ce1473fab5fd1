"""The shelf: what a shop has and knows, put in from outside: catalog, stock, workflows. It wakes who waits.

To be called between waves, on the engine's thread: a wave that has loaded older facts would overwrite the wake.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence

from msgspec import json

from segue.core.base import Value
from segue.core.facts import Item, StockMove
from segue.core.order import Order
from segue.ports import OutOfStock
from segue.store.carting import sweep
from segue.store.database import Database
from segue.store.filling import note_counts
from segue.store.inbox import receive
from segue.store.overview import LATEST_DONE
from segue.store.redating import messages_to, redated_in
from segue.store.rows import add_rows
from segue.store.stock_rows import Change, row_of
from segue.store.stocking import ADD_DEEP_MOVE, change_counters, wake_watchers

KNOWN_ITEMS = "SELECT sku, value FROM items WHERE sku IN (SELECT value FROM json_each(?))"
PUT_ITEM = "INSERT INTO items (sku, value) VALUES (?, ?) ON CONFLICT (sku) DO UPDATE SET value = excluded.value"
ORDERED = """
    SELECT DISTINCT o.id, json_extract(l.value, '$.sku') FROM orders o, json_each(o.value, '$.lines') l
    WHERE o.open = 1 AND json_extract(l.value, '$.sku') IN (SELECT value FROM json_each(?)) ORDER BY o.number, 2"""
LAST_MESSAGE = "SELECT coalesce(max(number), 0) FROM inbox"
KNOWN_STOCK = "SELECT sku, location, on_hand, safety FROM stock WHERE sku IN (SELECT value FROM json_each(?))"
COUNT_STOCK = """
    INSERT INTO stock (sku, location, on_hand, allocated, safety) VALUES (?, ?, ?, 0, ?)
    ON CONFLICT (sku, location) DO UPDATE SET on_hand = excluded.on_hand, safety = excluded.safety"""
LAST_RECEIPT = "SELECT max(version) FROM stock_moves WHERE order_id = ''"
PUT_WORKFLOW = "INSERT OR IGNORE INTO workflows (version, text) VALUES (?, ?)"
WORKFLOW = "SELECT text FROM workflows WHERE version = ?"
REMEMBER = "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
WAITING = """
    SELECT value FROM orders WHERE id IN (SELECT order_id FROM watches WHERE fact >= 'stock:' AND fact < 'stock;')"""
RANK = "UPDATE orders SET rank = ?1, wake_at_s = min(coalesce(wake_at_s, ?2), ?2) WHERE id = ?3"
RANK_LINES = "UPDATE waiting SET rank = ? WHERE order_id = ?"
REQUEUED = "UPDATE queues SET version = version + 1"
LATEST = f"""
    SELECT coalesce(nullif(({LATEST_DONE}), 0), (SELECT min(due_at_s) FROM inbox WHERE state = 'new'))"""
RELEASE_CLAIMS = "UPDATE tasks SET state = 'ready', due_at_s = min(due_at_s, ?) WHERE state = 'claimed'"


ORDER = json.Decoder(Order)
COUNTED = "count"  # no move of ours: a snapshot takes its place, whenever it is from


class WorkflowDiffers(Exception):
    """This workflow version is here already with another text. Versions never change; name a new one."""


class Count(Value):
    """What a location has of a SKU, counted. `safety` units of it are never promised."""

    sku: str
    location: str
    on_hand: int
    safety: int = 0


class Shelf:
    """Puts in what a shop has and knows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_items(self, items: Iterable[Item], now_s: int) -> frozenset[str]:
        """Add or replace catalog entries; returns the facts that changed (`item:SKU`), whose watchers are awake.

        Open orders that have something with another street date now are sent word of it.
        """
        wanted = {item.sku: json.encode(item).decode() for item in items}
        with self._database.transaction() as cursor:
            known = dict(cursor.execute(KNOWN_ITEMS, (_listed(wanted),)))
            changed = [(sku, value) for sku, value in wanted.items() if known.get(sku) != value]
            cursor.executemany(PUT_ITEM, changed)
            facts = frozenset(f"item:{sku}" for sku, _ in changed)
            wake_watchers(cursor, facts, now_s)
            if redated := redated_in(known, changed):
                orders = cursor.execute(ORDERED, (_listed(redated),)).fetchall()
                (last,) = cursor.execute(LAST_MESSAGE).fetchone()
                receive(cursor, messages_to(orders, str(last)), now_s)
        return facts

    def count_stock(self, counts: Iterable[Count], now_s: int, reason: str = "counted") -> frozenset[str]:
        """Set what locations have; the difference is kept as a move. Returns the facts that changed (`stock:SKU`).

        Carts that are over give back first. Raises OutOfStock if less would be there than is held; then nothing is written.
        """
        wanted = {(count.sku, count.location): (count.on_hand, count.safety) for count in counts}
        with self._database.transaction() as cursor:
            sweep(cursor, {sku for sku, _ in wanted}, now_s)
            rows = cursor.execute(KNOWN_STOCK, (_listed({sku for sku, _ in wanted}),)).fetchall()
            known = {(sku, location): (on_hand, safety) for sku, location, on_hand, safety in rows}
            changed = {key: value for key, value in wanted.items() if known.get(key) != value}
            _count(cursor, [(*key, *changed[key]) for key in sorted(changed)])
            note_counts(cursor, [(location, now_s) for _, location in wanted])
            gained = {key: on_hand - known.get(key, (0, 0))[0] for key, (on_hand, _) in changed.items()}
            moves = [StockMove(*key, gain, 0, reason) for key, gain in gained.items() if gain]
            return _told(cursor, {sku for sku, _ in changed}, moves, now_s, COUNTED)

    def receive_stock(self, moves: Sequence[StockMove], now_s: int) -> frozenset[str]:
        """Add moves that belong to no order: receipts, damage. Returns the facts that changed (`stock:SKU`).

        Carts that are over give back first. Raises OutOfStock if less would be there than is held; then nothing is written.
        """
        sums: dict[tuple[str, str], int] = {}
        for move in moves:
            assert not move.allocated, "only an order allocates"
            sums[(move.sku, move.location)] = sums.get((move.sku, move.location), 0) + move.on_hand
        changes: list[Change] = [(sums[key], 0, *key) for key in sorted(sums)]
        with self._database.transaction() as cursor:
            sweep(cursor, {sku for sku, _ in sums}, now_s)
            change_counters(cursor, changes)
            return _told(cursor, {sku for sku, _ in sums}, moves, now_s)

    def put_workflow(self, version: str, text: str) -> None:
        """Keep a workflow version for ever. Raises WorkflowDiffers if it is here with another text."""
        with self._database.transaction() as cursor:
            cursor.execute(PUT_WORKFLOW, (version, text))
            (known,) = cursor.execute(WORKFLOW, (version,)).fetchone()
            if known != text:
                raise WorkflowDiffers(version)

    def is_empty(self) -> bool:
        """Whether no stock was ever counted."""
        with self._database.snapshot() as cursor:
            return cursor.execute("SELECT 1 FROM stock LIMIT 1").fetchone() is None

    def is_news(self, name: str, digest: str) -> bool:
        """Whether something differs from the last time that it was asked about; it is remembered for the next time."""
        with self._database.transaction() as cursor:
            known = cursor.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
            cursor.execute(REMEMBER, (name, digest))
        return known is None or known[0] != digest

    def rank(self, rank_of: Callable[[Order], str], now_s: int) -> None:
        """Rank the orders that wait for stock, and wake them: the shop says another thing now of who is served first."""
        with self._database.transaction() as cursor:
            waiting = [ORDER.decode(value) for (value,) in cursor.execute(WAITING).fetchall()]
            ranks = [(rank_of(order), order.id) for order in waiting]
            cursor.executemany(RANK, [(rank, now_s, id) for rank, id in ranks])
            cursor.executemany(RANK_LINES, ranks)
            cursor.execute(REQUEUED)

    def latest_s(self) -> int:
        """When something was done last in this shop, else its first message is due; 0 if there is nothing."""
        with self._database.snapshot() as cursor:
            (latest,) = cursor.execute(LATEST).fetchone()
        return latest or 0

    def wake(self, facts: Iterable[str], now_s: int) -> int:
        """Wake the orders that watch one of these facts; returns how many were not due already."""
        with self._database.transaction() as cursor:
            return wake_watchers(cursor, facts, now_s)

    def release_claims(self, now_s: int) -> int:
        """After a crash whoever held a claim is gone: their tasks are due at once. Only for the owner, at start."""
        with self._database.transaction() as cursor:
            return cursor.execute(RELEASE_CLAIMS, (now_s,)).rowcount


def _count(cursor: sqlite3.Cursor, rows: Sequence[tuple[str, str, int, int]]) -> None:
    before = cursor.connection.total_changes
    try:
        cursor.executemany(COUNT_STOCK, rows)
    except sqlite3.IntegrityError as error:
        sku, location, *_ = rows[cursor.connection.total_changes - before]
        raise OutOfStock(f"{sku} at {location}") from error


def _told(
    cursor: sqlite3.Cursor, skus: Iterable[str], moves: Sequence[StockMove], now_s: int, report: str = ""
) -> frozenset[str]:
    """Keep these moves under the next receipt's number, and wake who watches these SKUs."""
    (last,) = cursor.execute(LAST_RECEIPT).fetchone()
    add_rows(
        cursor,
        ADD_DEEP_MOVE,
        [row_of(move, ("", (last or 0) + 1, position), now_s, "", report) for position, move in enumerate(moves)],
    )
    facts = frozenset(f"stock:{sku}" for sku in skus)
    wake_watchers(cursor, facts, now_s)
    return facts


def _listed(skus: Iterable[str]) -> str:
    return json.encode(sorted(skus)).decode()
