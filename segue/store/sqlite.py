"""The store of one shop in SQLite: the port `Store`, each batch one transaction of one connection."""

import sqlite3
from collections.abc import Sequence

from segue.core.order import Order
from segue.core.tasks import Task
from segue.ports import Batch, Due, Loaded, Needs, Person, Unwritable
from segue.store.carting import load_carts, with_what_is_over, write_carts
from segue.store.closing import load_closed, load_counted, load_days
from segue.store.couponing import write_uses
from segue.store.database import Database
from segue.store.documenting import write_documents
from segue.store.fencing import load_fences, write_shares
from segue.store.inbox import handle, receive, try_again
from segue.store.kept import Kept, KeptQueues
from segue.store.loading import (
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
from segue.store.outlook import load_prices
from segue.store.people import FIND_PERSON, Seal, check_key, write_people
from segue.store.presales import load_presales
from segue.store.renewing import load_subscriptions, write_renewed
from segue.store.selling import load_bought, load_selling, write_sales
from segue.store.stocking import write_moves
from segue.store.tasking import add_and_claim, settle_tasks
from segue.store.waiting import load_moved, load_queued, load_waiting, redate, wake_next
from segue.store.writing import put_off, write_steps

# A CHECK or another constraint, a text too long, a number too large, half a character.
UNWRITABLE = (sqlite3.IntegrityError, sqlite3.DataError, OverflowError, UnicodeError)

WORKFLOW = "SELECT text FROM workflows WHERE version = ?"


class SqliteStore:
    """Where everything lives. Threads may share it. Raises WrongKey if the database was written with another key."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database = database
        self._seal = seal
        self._kept = Kept()
        self._queues = KeptQueues()
        with database.transaction() as cursor:
            check_key(cursor, seal)

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
            with self._database.transaction() as cursor:
                batch = with_what_is_over(cursor, batch)
                write_renewed(cursor, batch)
                settle_tasks(cursor, batch.settled)
                receive(cursor, batch.received, batch.now_s)
                handle(cursor, batch.handled)
                write_people(cursor, self._seal, batch.people)
                if batch.stocked:
                    redate(cursor, batch.stocked)
                write_steps(cursor, batch.steps, batch.now_s)
                put_off(cursor, batch.put_off)
                write_carts(cursor, batch)
                write_shares(cursor, batch)
                write_moves(cursor, batch.steps, batch.now_s, batch.stocked)
                wake_next(cursor, batch.steps, batch.now_s)
                write_uses(cursor, batch.steps)
                write_sales(cursor, batch.steps, batch.now_s)
                write_documents(cursor, batch.steps)
                try_again(cursor, batch.steps)
                claimed = add_and_claim(cursor, batch)
        except UNWRITABLE as error:
            raise Unwritable(f"{type(error).__name__}: {error}") from error
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
