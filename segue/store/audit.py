"""The audit: each invariant is some queries that must return no rows. The last guard behind CHECKs and code."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from msgspec import json

from segue.core.base import Value
from segue.core.invoice import issued_at_once
from segue.core.workflow import Workflow
from segue.store.audit_amounts import RULES as AMOUNTS
from segue.store.audit_coupons import RULES as COUPONS
from segue.store.audit_days import RULES as DAYS
from segue.store.audit_digital import RULES as DIGITAL
from segue.store.audit_documents import RULES as DOCUMENTS
from segue.store.audit_effects import RULES as EFFECTS
from segue.store.audit_flow import RULES as FLOW
from segue.store.audit_grace import RULES as GRACE
from segue.store.audit_money import RULES as MONEY
from segue.store.audit_rules import COUNT, EMPTY, SUM_UP, TABLES, Check, Rule
from segue.store.audit_selling import RULES as SELLING
from segue.store.audit_stock import RULES as STOCK
from segue.store.audit_subscriptions import RULES as SUBSCRIPTIONS
from segue.store.audit_unfold import NEXT, SOME, unfold

EVERY = (
    *MONEY, *AMOUNTS, *COUPONS, *DAYS, *STOCK, *SELLING, *FLOW, *GRACE, *EFFECTS, *DOCUMENTS, *SUBSCRIPTIONS, *DIGITAL,
)  # fmt: skip
RULES = tuple(sorted(EVERY, key=lambda rule: rule.id))

VIOLATIONS_MAX = 1000  # of one check; a shop with more has other troubles than a longer list
BATCH = 250  # orders that are unfolded at once: their rows stay in the processor's cache
NUMBER_MAX = 2**63 - 1
LATE_S = 60  # how late a wake may be


class Violation(Value):
    """One row that breaks an invariant: the order or key that it is about, and what is wrong with it."""

    id: str
    sentence: str
    offender: str
    detail: str


class Terms(Value):
    """What the audit has to be told: what each workflow version promises, and how late a wake may be."""

    captures: Mapping[str, str] = {}
    late_s: int = LATE_S
    invoicing: Mapping[str, bool] = {}  # those that issue invoices: whether at once


USUAL = Terms()


def terms_of(workflows: Iterable[Workflow], late_s: int) -> Terms:
    """What these workflow versions promise."""
    captures, invoicing = {}, {}
    for workflow in workflows:
        promised = workflow.capture if workflow.deposit is None else None  # with a deposit money is taken before
        captures[workflow.version] = promised.name if promised else ""
        if (at_once := issued_at_once(workflow)) is not None:
            invoicing[workflow.version] = at_once
    return Terms(captures, late_s, invoicing)


def audit(connection: sqlite3.Connection, orders: Iterable[str] | None = None, terms: Terms = USUAL) -> list[Violation]:
    """Whatever breaks an invariant now, in the whole shop or in these orders; nothing if all is well.

    Reads one instant of the database, and writes temporary tables of the connection only, which are empty afterwards.
    """
    with auditing(connection, terms) as cursor:
        return by_rule(look_at_all(cursor) if orders is None else look_at_orders(cursor, orders))


@contextmanager
def auditing(connection: sqlite3.Connection, terms: Terms) -> Iterator[sqlite3.Cursor]:
    """One instant of the database, with the temporary tables that the checks read."""
    made = connection.execute("SELECT 1 FROM sqlite_temp_schema WHERE name = 'audited'").fetchone()
    for table in () if made else TABLES:  # once a connection: its statements need not be compiled again each time
        connection.execute(table)
    cursor = connection.cursor()
    cursor.execute("BEGIN")
    try:
        cursor.executemany("INSERT INTO captures VALUES (?, ?)", terms.captures.items())
        cursor.executemany("INSERT INTO invoicing VALUES (?, ?)", terms.invoicing.items())
        cursor.execute("INSERT INTO terms VALUES (?)", (terms.late_s,))
        yield cursor
    finally:
        cursor.close()
        connection.rollback()


def look_at_all(cursor: sqlite3.Cursor) -> list[Violation]:
    """What is wrong with the whole shop."""
    return look_at_range(cursor, -1, NUMBER_MAX) + look_at_shop(cursor)


def look_at_shop(cursor: sqlite3.Cursor) -> list[Violation]:
    """What is wrong with what belongs to no single order."""
    cursor.execute(COUNT)
    return _ask(cursor, OF_SHOP) + ask(cursor, "counters", "messages", "shop")


def look_at_range(cursor: sqlite3.Cursor, after: int, last: int) -> list[Violation]:
    """What is wrong with the orders of these numbers."""
    found = []
    while rows := cursor.execute(NEXT, (after, last, BATCH)).fetchall():
        after = rows[-1][-1]
        found += _look(cursor, rows, OF_ORDERS)
    return found


def look_at_orders(cursor: sqlite3.Cursor, orders: Iterable[str]) -> list[Violation]:
    """What is wrong with these orders."""
    wanted = sorted(set(orders))
    found = []
    for start in range(0, len(wanted), BATCH):
        some = json.encode(wanted[start : start + BATCH]).decode()
        found += _look(cursor, cursor.execute(SOME, (some,)).fetchall(), OF_ORDERS + ROWS_OF_ORDERS)
    return found


def ask(cursor: sqlite3.Cursor, *about: str) -> list[Violation]:
    """What the checks about these find."""
    return _ask(cursor, [(rule, check, check.query) for rule, check in CHECKS if check.about in about])


def by_rule(found: Collection[Violation]) -> list[Violation]:
    """In the order of the invariants."""
    return sorted(found, key=lambda violation: violation.id)


CHECKS = tuple((rule, check) for rule in RULES for check in rule.checks)
OF_ORDERS = [(rule, check, check.of_orders()) for rule, check in CHECKS if check.about == "orders"]
ROWS_OF_ORDERS = [(rule, check, check.of_orders()) for rule, check in CHECKS if check.about == "rows"]
OF_SHOP = [(rule, check, check.of_shop()) for rule, check in CHECKS if check.about == "rows"]


def _ask(cursor: sqlite3.Cursor, queries: Iterable[tuple[Rule, Check, str]]) -> list[Violation]:
    return [
        Violation(rule.id, rule.sentence, str(offender), check.words.format(*figures))
        for rule, check, query in queries
        for offender, *figures in cursor.execute(query).fetchmany(VIOLATIONS_MAX)
    ]


def _look(
    cursor: sqlite3.Cursor, batch: list[tuple[Any, ...]], queries: Iterable[tuple[Rule, Check, str]]
) -> list[Violation]:
    """What is wrong with some orders."""
    unfold(cursor, batch)
    for statement in SUM_UP:
        cursor.execute(statement)
    found = _ask(cursor, queries)
    for statement in EMPTY:
        cursor.execute(statement)
    return found
