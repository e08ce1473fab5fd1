"""The audit: each invariant is a query that must return no rows. The last guard behind CHECKs and code."""

import sqlite3
from collections.abc import Iterable

from msgspec import json

from segue.core.base import Value
from segue.store.audit_flow import RULES as FLOW
from segue.store.audit_money import RULES as MONEY
from segue.store.audit_rules import PREPARE, SCOPED, UNSCOPED
from segue.store.audit_stock import RULES as STOCK

RULES = tuple(sorted((*MONEY, *STOCK, *FLOW), key=lambda rule: rule.id))

VIOLATIONS_MAX = 1000  # of one invariant; a shop with more has other troubles than a longer list


class Violation(Value):
    """One row that breaks an invariant: the order or key that it is about, and what is wrong with it."""

    id: str
    sentence: str
    offender: str
    detail: str


def audit(connection: sqlite3.Connection, orders: Iterable[str] | None = None) -> list[Violation]:
    """Whatever breaks an invariant now, in the whole shop or in these orders; nothing if all is well.

    Reads one instant of the database, and writes temporary tables of the connection only.
    """
    cursor = connection.cursor()
    cursor.execute("BEGIN")
    try:
        _prepare(cursor, orders)
        return [
            Violation(rule.id, rule.sentence, str(offender), str(detail))
            for rule in RULES
            if orders is None or not rule.whole
            for offender, detail in cursor.execute(rule.query).fetchmany(VIOLATIONS_MAX)
        ]
    finally:
        cursor.close()
        connection.rollback()


def _prepare(cursor: sqlite3.Cursor, orders: Iterable[str] | None) -> None:
    """Unfold the orders' values once, into tables that every rule reads. They go with the rollback."""
    scope = None if orders is None else json.encode(sorted(set(orders))).decode()
    for statement in UNSCOPED if scope is None else SCOPED:
        cursor.execute(statement, () if "?" not in statement else (scope,))
    for statement in PREPARE:
        cursor.execute(statement)
