"""The audit of a big shop in parts, by several processes at once: each order is whole, so each may have its own instant.

No check about orders looks at two of them, and what belongs to no order is one part, of one instant.
"""

import gc
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from itertools import chain, pairwise, repeat
from multiprocessing import get_context
from pathlib import Path

from segue.store.audit import Terms, Violation, audit, auditing, by_rule, look_at_range, look_at_shop
from segue.store.database import open_reader

ORDERS_MIN = 20_000  # below this, starting another process costs more than it saves
PARTS_EACH = 4  # of each process, so that none waits long for the other at the end

RANGE = "SELECT count(*), coalesce(min(number), 0), coalesce(max(number), 0) FROM orders"


def audit_in_parts(
    connection: sqlite3.Connection, path: Path, terms: Terms, processes: int, orders_min: int = ORDERS_MIN
) -> list[Violation]:
    """Whatever breaks an invariant in the shop in this file; with so many processes if it is big."""
    count, first, last = connection.execute(RANGE).fetchone()
    if processes < 2 or count < orders_min:
        return audit(connection, terms=terms)
    step = max(1, -(-(last - first + 1) // (processes * PARTS_EACH)))
    ranges = list(pairwise(range(first - 1, last + step, step)))
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        shop = pool.submit(_shop, path, terms)
        orders = pool.map(_orders, repeat(path), repeat(terms), ranges)
        return by_rule([*chain.from_iterable(orders), *shop.result()])


def _orders(path: Path, terms: Terms, numbers: tuple[int, int]) -> list[Violation]:
    gc.disable()  # this process makes rows and nothing else: none of them is in a cycle
    with closing(open_reader(path)) as connection, auditing(connection, terms) as cursor:
        return look_at_range(cursor, *numbers)


def _shop(path: Path, terms: Terms) -> list[Violation]:
    with closing(open_reader(path)) as connection, auditing(connection, terms) as cursor:
        return look_at_shop(cursor)
