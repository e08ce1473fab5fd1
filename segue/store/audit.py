"""The audit: each invariant is some queries that must return no rows. The last guard behind CHECKs and code."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import json

from segue.core.base import Value
from segue.store.audit_effects import RULES as EFFECTS
from segue.store.audit_flow import RULES as FLOW
from segue.store.audit_money import RULES as MONEY
from segue.store.audit_rules import EMPTY, SUM_UP, SUM_UP_WHOLE, TABLES, Check, Rule
from segue.store.audit_stock import RULES as STOCK
from segue.store.audit_unfold import NEXT, SOME, unfold

RULES = tuple(sorted((*MONEY, *STOCK, *FLOW, *EFFECTS), key=lambda rule: rule.id))

VIOLATIONS_MAX = 1000  # of one check; a shop with more has other troubles than a longer list
BATCH = 2000  # orders that are unfolded at once
LATE_S = 60  # how late a wake may be


class Violation(Value):
    """One row that breaks an invariant: the order or key that it is about, and what is wrong with it."""

    id: str
    sentence: str
    offender: str
    detail: str


class Terms(Value):
    """What the audit has to be told: the capture policy of each workflow version, and how late a wake may be."""

    captures: Mapping[str, str] = {}
    late_s: int = LATE_S


USUAL = Terms()


def audit(connection: sqlite3.Connection, orders: Iterable[str] | None = None, terms: Terms = USUAL) -> list[Violation]:
    """Whatever breaks an invariant now, in the whole shop or in these orders; nothing if all is well.

    Reads one instant of the database, and writes temporary tables of the connection only, which are empty afterwards.
    """
    _make_tables(connection)
    cursor = connection.cursor()
    cursor.execute("BEGIN")
    try:
        cursor.executemany("INSERT INTO captures VALUES (?, ?)", terms.captures.items())
        cursor.execute("INSERT INTO terms VALUES (?)", (terms.late_s,))
        found = [each for batch in _batches(cursor, orders) for each in _look(cursor, batch)]
        if orders is None:
            _all(cursor, SUM_UP_WHOLE)
            found += _ask(cursor, WHOLE)
        return sorted(found, key=lambda violation: violation.id)
    finally:
        cursor.close()
        connection.rollback()


def _checks(whole: bool) -> tuple[tuple[Rule, Check], ...]:
    return tuple((rule, check) for rule in RULES for check in rule.checks if check.whole == whole)


OF_ORDERS, WHOLE = _checks(False), _checks(True)


def _make_tables(connection: sqlite3.Connection) -> None:
    """Make the temporary tables, once a connection: so its statements need not be compiled again for each audit."""
    made = connection.execute("SELECT 1 FROM sqlite_temp_schema WHERE name = 'audited'").fetchone()
    if made is None:
        for table in TABLES:
            connection.execute(table)


def _batches(cursor: sqlite3.Cursor, orders: Iterable[str] | None) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of the orders, some at a time."""
    if orders is not None:
        wanted = sorted(set(orders))
        for start in range(0, len(wanted), BATCH):
            yield cursor.execute(SOME, (json.encode(wanted[start : start + BATCH]).decode(),)).fetchall()
        return
    last = -1
    while rows := cursor.execute(NEXT, (last, BATCH)).fetchall():
        last = rows[-1][-1]
        yield rows


def _look(cursor: sqlite3.Cursor, batch: list[tuple[Any, ...]]) -> list[Violation]:
    """What is wrong with some orders."""
    unfold(cursor, batch)
    _all(cursor, SUM_UP)
    found = _ask(cursor, OF_ORDERS)
    _all(cursor, EMPTY)
    return found


def _ask(cursor: sqlite3.Cursor, checks: Iterable[tuple[Rule, Check]]) -> list[Violation]:
    return [
        Violation(rule.id, rule.sentence, str(offender), check.words.format(*figures))
        for rule, check in checks
        for offender, *figures in cursor.execute(check.query).fetchmany(VIOLATIONS_MAX)
    ]


def _all(cursor: sqlite3.Cursor, statements: Iterable[str]) -> None:
    for statement in statements:
        cursor.execute(statement)
