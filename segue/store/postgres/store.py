"""The store of one shop in PostgreSQL: the port `Store`, each batch one transaction beside those of other writers.

Locks are taken in one order everywhere: what carts have that are over, subscriptions by id, tasks by id, messages, people,
carts by key, shares of channels by SKU, orders by id,
lines that wait by SKU and order, counters of stock by SKU and
location, counters of coupons by key, numbers of documents.
"""

from collections.abc import Sequence

import psycopg
from psycopg.errors import ProgramLimitExceeded

from segue.core.order import Order
from segue.core.tasks import Task
from segue.ports import Batch, Due, Loaded, Needs, Person, StaleOrder, Unwritable
from segue.store.batch import day_changes, emptied, let_go, passed
from segue.store.database import WrongKey
from segue.store.kept import Kept, KeptQueues
from segue.store.people import Seal
from segue.store.postgres.carting import load_carts, with_what_is_over, write_carts
from segue.store.postgres.closing import load_closed, load_counted, load_days
from segue.store.postgres.couponing import write_uses
from segue.store.postgres.database import GAVE_WAY, Cursor, PostgresDatabase, write_each
from segue.store.postgres.documenting import write_documents
from segue.store.postgres.fencing import load_fences, write_shares
from segue.store.postgres.filling import waiting_for
from segue.store.postgres.inbox import handle, receive, try_again
from segue.store.postgres.loading import (
    load_apart,
    load_due,
    load_inbound,
    load_items,
    load_matching,
    load_orders,
    load_past,
    load_stock,
    load_uses,
)
from segue.store.postgres.outlook import load_prices
from segue.store.postgres.presales import load_presales
from segue.store.postgres.renewing import load_subscriptions, write_renewed
from segue.store.postgres.selling import load_bought, load_selling, write_sales
from segue.store.postgres.stocking import write_moves
from segue.store.postgres.tasking import add_and_claim, settle_tasks
from segue.store.postgres.waiting import load_moved, load_queued, load_waiting, redate, wake_next
from segue.store.postgres.writing import lock_orders, put_off, write_steps
from segue.store.stock_rows import counter_changes, freed

# A CHECK or another constraint, a text too long for an index, a number too large, a NUL or half a character.
UNWRITABLE = (psycopg.IntegrityError, psycopg.DataError, ProgramLimitExceeded, OverflowError, UnicodeError)

KEEP = """
    INSERT INTO people (id, key, sealed) VALUES (%s, %s, %s)
    ON CONFLICT (id) DO UPDATE SET key = excluded.key, sealed = excluded.sealed"""
FIND_PERSON = "SELECT key, sealed FROM people WHERE id = %s"
REMEMBER_KEY = "INSERT INTO meta (name, value) VALUES ('key', %s) ON CONFLICT (name) DO NOTHING"
KEY_OF_SHOP = "SELECT value FROM meta WHERE name = 'key'"
WORKFLOW = "SELECT text FROM workflows WHERE version = %s"


class PostgresStore:
    """Where everything lives. Threads may share it. Raises WrongKey if the database was written with another key."""

    def __init__(self, database: PostgresDatabase, seal: Seal) -> None:
        self._database = database
        self._seal = seal
        self._kept = Kept()
        self._queues = KeptQueues()
        database.transact(self._check_key)

    def load(self, needs: Needs) -> Loaded:
        """What the next steps may look at, all of one instant."""
        with self._database.snapshot() as cursor:
            return Loaded(
                load_orders(cursor, needs.orders, self._kept),
                load_items(cursor, needs.items),
                load_stock(cursor, needs.stock, needs.now_s),
                load_past(cursor, needs.past),
                load_uses(cursor, needs.uses),
                load_inbound(cursor, needs.inbound),
                load_apart(cursor, needs.apart),
                load_closed(cursor),
                load_days(cursor, needs.loads),
                load_counted(cursor, needs.counted),
                load_queued(cursor, needs.queued, self._queues),
                load_carts(cursor, needs.carts),
                load_fences(cursor, needs.stock, needs.now_s),
                load_prices(cursor, needs.prices),
                load_subscriptions(cursor, needs.subscriptions),
                load_selling(cursor, needs.selling),
                load_bought(cursor, needs.bought),
                load_moved(cursor, needs.moved),
                load_waiting(cursor, needs.waiting),
                load_presales(cursor, needs.presales),
            )

    def commit(self, batch: Batch) -> Sequence[Task]:
        """Write a batch; returns the tasks that it claimed.

        Raises StaleOrder, StaleTask, StaleMessage, OutOfStock, UsedUp, DayFull or Unwritable, and then nothing is written.
        """
        try:
            claimed = self._database.transact(lambda cursor: self._write(cursor, batch))
        except UNWRITABLE as error:
            raise Unwritable(f"{type(error).__name__}: {error}") from error
        except GAVE_WAY as error:
            raise StaleOrder(f"other writers were always in the way: {error}") from error
        self._kept.keep([step.order for step in batch.steps])
        return claimed

    def due(self, now_s: int, limit: int) -> Due:
        """The orders to wake and the messages to handle, at most `limit` of each, and when something is next due."""
        with self._database.snapshot() as cursor:
            return load_due(cursor, now_s, limit)

    def person(self, id: str) -> Person | None:
        """A customer's personal data, or None if it was erased."""
        row = self._database.look_up(FIND_PERSON, (id,))
        return self._seal.open(id, *row) if row else None

    def matching(self, person: str, sku: str) -> Sequence[Order]:
        """The person's orders that have a line of this SKU, the latest first."""
        with self._database.snapshot() as cursor:
            return load_matching(cursor, person, sku)

    def workflow_text(self, version: str) -> str | None:
        """The text of a workflow version that orders are pinned to."""
        row = self._database.look_up(WORKFLOW, (version,))
        return row[0] if row else None

    def _write(self, cursor: Cursor, asked: Batch) -> list[Task]:
        batch = with_what_is_over(cursor, asked)
        write_renewed(cursor, batch)
        settle_tasks(cursor, batch.settled)
        receive(cursor, batch.received, batch.now_s)
        handle(cursor, batch.handled)
        write_each(cursor, KEEP, sorted(map(self._seal.seal, batch.people)))
        write_carts(cursor, batch)
        write_shares(cursor, batch)
        written = {step.order.id for step in batch.steps} | batch.put_off.keys()
        room = waiting_for(cursor, emptied(day_changes(batch.steps)))
        room |= freed(*counter_changes(batch.steps, batch.stocked), batch.stocked) | let_go(batch.steps)
        room |= {f"stock:{sku}" for sku in passed(batch.steps)}
        lock_orders(cursor, written, room)
        if batch.stocked:
            redate(cursor, batch.stocked)
        write_steps(cursor, batch.steps, batch.now_s)
        put_off(cursor, batch.put_off)
        write_moves(cursor, batch.steps, batch.now_s, batch.stocked)
        wake_next(cursor, batch.steps, batch.now_s)
        write_uses(cursor, batch.steps)
        write_sales(cursor, batch.steps, batch.now_s)
        try_again(cursor, batch.steps)
        write_documents(cursor, batch.steps)  # last: who needs a number waits for whoever has taken one
        return add_and_claim(cursor, batch)

    def _check_key(self, cursor: Cursor) -> None:
        mark = self._seal.mark()
        cursor.execute(REMEMBER_KEY, (mark,))
        if cursor.execute(KEY_OF_SHOP).fetchone() != (mark,):
            raise WrongKey("this database was written with another key: people in it could never be read again")
