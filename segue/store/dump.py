"""Dumping: what a database holds as one digest, the same for the same content, so that two runs can be compared.

Personal data is sealed with random numbers: what counts is what it opens to. All else counts as it is stored, in the order
of its rows.
"""

import sqlite3
from hashlib import blake2b

from msgspec import json

from segue.store.people import Seal

DIGEST_BYTES = 16
TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
PRIMARY_KEY = "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk"
PEOPLE = "SELECT id, key, sealed FROM people ORDER BY id"
EVENT_LOG = "SELECT order_id, version, version_before, at_s, actor, record FROM steps ORDER BY number"


def database_digest(connection: sqlite3.Connection, seal: Seal) -> str:
    """A digest of all tables."""
    digest = blake2b(digest_size=DIGEST_BYTES)
    for (table,) in connection.execute(TABLES).fetchall():
        digest.update(f"\n{table}\n".encode())
        if table == "people":
            for row in connection.execute(PEOPLE):
                digest.update(json.encode(seal.open(*row)))
            continue
        keys = ", ".join(name for (name,) in connection.execute(PRIMARY_KEY, (table,)))
        _add(digest, connection.execute(f"SELECT * FROM {table} ORDER BY {keys}"))
    return digest.hexdigest()


def event_log_digest(connection: sqlite3.Connection) -> str:
    """A digest of all that ever happened, in the order in which it was recorded."""
    digest = blake2b(digest_size=DIGEST_BYTES)
    _add(digest, connection.execute(EVENT_LOG))
    return digest.hexdigest()


def _add(digest: blake2b, rows: sqlite3.Cursor) -> None:
    while several := rows.fetchmany(1000):
        digest.update(repr(several).encode())
