"""Writers beside each other: one shop that several have opened, and work that they do at the same moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import psycopg

from segue.ports import Stepped
from tests.store.cluster import Cluster
from tests.store.shops import PostgresShop, stepped

WRITERS = 4
Work = Callable[[], object]


class Shops(NamedTuple):
    """One shop, opened by several writers."""

    each: list[PostgresShop]
    cluster: Cluster
    database: str

    def at_once(self, held: str, *works: Work) -> list[object]:
        """Do these while a row is held, each in a thread, and let go when all wait: what each returned or raised."""
        with ThreadPoolExecutor(len(works)) as pool:
            with psycopg.connect(self.cluster.conninfo(self.database)) as holder:
                assert holder.execute(f"SELECT 1 FROM {held} FOR UPDATE").fetchall()
                began = [pool.submit(work) for work in works]
                self.cluster.wait_until_waiting(self.database, len(works))
            return [work.exception() or work.result() for work in began]


def committing(shop: PostgresShop, *steps: Stepped, **more: object) -> Work:
    """Work that commits these steps."""
    return lambda: stepped(shop, *steps, **more)


def kinds(results: Sequence[object]) -> list[str]:
    """What came of each, by name: `list` where it was committed."""
    return sorted(type(result).__name__ for result in results)
