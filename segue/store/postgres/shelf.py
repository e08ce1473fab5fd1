"""The shelf: what a shop has and knows, put in from outside: catalog, stock, workflows. It wakes who waits."""

from collections.abc import Callable, Iterable, Sequence

from msgspec import json
from psycopg import errors

from segue.core.facts import Item, StockMove
from segue.core.order import Order
from segue.ports import OutOfStock
from segue.store.postgres.carting import sweep
from segue.store.postgres.database import Cursor, PostgresDatabase, write_each
from segue.store.postgres.filling import note_counts
from segue.store.postgres.inbox import receive
from segue.store.postgres.stocking import ADD_DEEP_MOVE, NEXT_RECEIPT, OPEN_COUNTER, change_counters, wake_watchers
from segue.store.postgres.writing import lock_orders
from segue.store.redating import messages_to, redated_in
from segue.store.shelf import COUNTED, ORDER, Count, WorkflowDiffers
from segue.store.stock_rows import row_of

KNOWN_ITEMS = "SELECT sku, value FROM items WHERE sku = ANY(%s)"
PUT_ITEM = "INSERT INTO items (sku, value) VALUES (%s, %s) ON CONFLICT (sku) DO UPDATE SET value = excluded.value"
ORDERED = """
    SELECT DISTINCT o.number, o.id, l ->> 'sku' FROM orders o, jsonb_array_elements(o.value::jsonb -> 'lines') l
    WHERE o.open AND l ->> 'sku' = ANY(%s) ORDER BY 1, 3"""
TRANSACTION = "SELECT pg_current_xact_id()::text"
COUNTER = "SELECT on_hand, safety FROM stock WHERE sku = %s AND location = %s FOR UPDATE"
COUNT_STOCK = "UPDATE stock SET on_hand = %s, safety = %s WHERE sku = %s AND location = %s"
PUT_WORKFLOW = "INSERT INTO workflows (version, text) VALUES (%s, %s) ON CONFLICT (version) DO NOTHING"
WORKFLOW = "SELECT text FROM workflows WHERE version = %s"
KNOWN_NEWS = "SELECT value FROM meta WHERE name = %s"
REMEMBER = """
    INSERT INTO meta (name, value) VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value"""
ANY_STOCK = "SELECT EXISTS (SELECT 1 FROM stock)"
WAITING = """
    SELECT value FROM orders WHERE id IN (SELECT order_id FROM watches WHERE fact LIKE 'stock:%')
    ORDER BY id FOR UPDATE"""
RANK = "UPDATE orders SET rank = %s, wake_at_s = least(wake_at_s, %s) WHERE id = %s"
RANK_LINES = "UPDATE waiting SET rank = %s WHERE order_id = %s"
REQUEUED = "UPDATE queues SET version = version + 1"
LATEST = """
    SELECT coalesce((SELECT at_s FROM steps ORDER BY number DESC LIMIT 1),
        (SELECT min(due_at_s) FROM inbox WHERE state = 'new'), 0)"""
RELEASE_CLAIMS = "UPDATE tasks SET state = 'ready', due_at_s = least(due_at_s, %s) WHERE state = 'claimed'"


class PostgresShelf:
    """Puts in what a shop has and knows."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    def put_items(self, items: Iterable[Item], now_s: int) -> frozenset[str]:
        """Add or replace catalog entries; returns the facts that changed (`item:SKU`), whose watchers are awake.

        Open orders that have something with another street date now are sent word of it.
        """
        wanted = {item.sku: json.encode(item).decode() for item in items}

        def put(cursor: Cursor) -> frozenset[str]:
            known: dict[str, str] = dict(cursor.execute(KNOWN_ITEMS, (list(wanted),)).fetchall())
            changed = [(sku, wanted[sku]) for sku in sorted(wanted) if known.get(sku) != wanted[sku]]
            write_each(cursor, PUT_ITEM, changed)
            facts = frozenset(f"item:{sku}" for sku, _ in changed)
            _wake(cursor, facts, now_s)
            if redated := redated_in(known, changed):
                _tell(cursor, redated, now_s)
            return facts

        return self._database.transact(put)

    def count_stock(self, counts: Iterable[Count], now_s: int, reason: str = "counted") -> frozenset[str]:
        """Set what locations have; the difference is kept as a move. Returns the facts that changed (`stock:SKU`).

        Carts that are over give back first. Raises OutOfStock if less would be there than is held; then nothing is written.
        """
        wanted = {(count.sku, count.location): count for count in counts}

        def count_all(cursor: Cursor) -> frozenset[str]:
            sweep(cursor, {sku for sku, _ in wanted}, now_s)
            gained = {key: gain for key in sorted(wanted) if (gain := _count(cursor, wanted[key])) is not None}
            moves = [StockMove(*key, gain, 0, reason) for key, gain in gained.items() if gain]
            note_counts(cursor, [(location, now_s) for _, location in wanted])
            return _told(cursor, {sku for sku, _ in gained}, moves, now_s, COUNTED)

        return self._database.transact(count_all)

    def receive_stock(self, moves: Sequence[StockMove], now_s: int) -> frozenset[str]:
        """Add moves that belong to no order: receipts, damage. Returns the facts that changed (`stock:SKU`).

        Carts that are over give back first. Raises OutOfStock if less would be there than is held; then nothing is written.
        """
        sums: dict[tuple[str, str], int] = {}
        for move in moves:
            assert not move.allocated, "only an order allocates"
            sums[(move.sku, move.location)] = sums.get((move.sku, move.location), 0) + move.on_hand

        def receive(cursor: Cursor) -> frozenset[str]:
            sweep(cursor, {sku for sku, _ in sums}, now_s)
            change_counters(cursor, [(sums[key], 0, *key) for key in sorted(sums)])
            return _told(cursor, {sku for sku, _ in sums}, moves, now_s)

        return self._database.transact(receive)

    def put_workflow(self, version: str, text: str) -> None:
        """Keep a workflow version for ever. Raises WorkflowDiffers if it is here with another text."""

        def put(cursor: Cursor) -> None:
            cursor.execute(PUT_WORKFLOW, (version, text))
            if cursor.execute(WORKFLOW, (version,)).fetchone() != (text,):
                raise WorkflowDiffers(version)

        self._database.transact(put)

    def is_empty(self) -> bool:
        """Whether no stock was ever counted."""
        return self._database.look_up(ANY_STOCK, ()) == (False,)

    def is_news(self, name: str, digest: str) -> bool:
        """Whether something differs from the last time that it was asked about; it is remembered for the next time."""

        def ask(cursor: Cursor) -> bool:
            known = cursor.execute(KNOWN_NEWS, (name,)).fetchone()
            cursor.execute(REMEMBER, (name, digest))
            return known != (digest,)

        return self._database.transact(ask)

    def rank(self, rank_of: Callable[[Order], str], now_s: int) -> None:
        """Rank the orders that wait for stock, and wake them: the shop says another thing now of who is served first."""

        def rank_all(cursor: Cursor) -> None:
            waiting = [ORDER.decode(value) for (value,) in cursor.execute(WAITING).fetchall()]
            ranks = [(rank_of(order), order.id) for order in waiting]
            write_each(cursor, RANK, [(rank, now_s, id) for rank, id in ranks])
            write_each(cursor, RANK_LINES, ranks)
            cursor.execute(REQUEUED)

        self._database.transact(rank_all)

    def latest_s(self) -> int:
        """The latest instant that this shop knows of: of its last step, else of its first message; 0 if there is none."""
        row = self._database.look_up(LATEST, ())
        assert row is not None
        return int(row[0])

    def wake(self, facts: Iterable[str], now_s: int) -> int:
        """Wake the orders that watch one of these facts; returns how many were not due already."""
        known = frozenset(facts)
        return self._database.transact(lambda cursor: _wake(cursor, known, now_s))

    def release_claims(self, now_s: int) -> int:
        """After a crash whoever held a claim is gone: their tasks are due at once. Only where no other worker is."""
        return self._database.transact(lambda cursor: cursor.execute(RELEASE_CLAIMS, (now_s,)).rowcount)


def _wake(cursor: Cursor, facts: frozenset[str], now_s: int) -> int:
    lock_orders(cursor, (), facts)
    return wake_watchers(cursor, facts, now_s)


def _tell(cursor: Cursor, redated: list[str], now_s: int) -> None:
    """Send word to the open orders that have these SKUs."""
    orders = [(id, sku) for _, id, sku in cursor.execute(ORDERED, (redated,)).fetchall()]
    (name,) = cursor.execute(TRANSACTION).fetchone() or ("",)
    receive(cursor, messages_to(orders, name), now_s)


def _count(cursor: Cursor, count: Count) -> int | None:
    """Set one counter; returns what it gained, or None if it was here and is as it was."""
    key = (count.sku, count.location)
    is_new = cursor.execute(OPEN_COUNTER, key).rowcount == 1
    known = cursor.execute(COUNTER, key).fetchone()
    assert known is not None, "it was opened just now"
    if not is_new and known == (count.on_hand, count.safety):
        return None
    try:
        cursor.execute(COUNT_STOCK, (count.on_hand, count.safety, *key))
    except errors.CheckViolation as error:
        raise OutOfStock(f"{count.sku} at {count.location}") from error
    return count.on_hand - int(known[0])


def _told(
    cursor: Cursor, skus: Iterable[str], moves: Sequence[StockMove], now_s: int, report: str = ""
) -> frozenset[str]:
    """Keep these moves under the next receipt's number, and wake who watches these SKUs."""
    if moves:
        (number,) = cursor.execute(NEXT_RECEIPT).fetchone() or (0,)
        write_each(
            cursor,
            ADD_DEEP_MOVE,
            [row_of(move, ("", number, position), now_s, "", report) for position, move in enumerate(moves)],
        )
    facts = frozenset(f"stock:{sku}" for sku in skus)
    wake_watchers(cursor, facts, now_s)
    return facts
