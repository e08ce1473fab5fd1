"""The ledger of a shop, step by step in the order in which it was written; some rows at a time, however long it is."""

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from msgspec import Struct, json

from segue.core.ledger import LedgerEntry
from segue.ports.bookings import Balance, Booking, Span
from segue.store.database import Reader

FROM_STEPS = """
    FROM steps s CROSS JOIN ledger e ON e.order_id = s.order_id AND e.version = s.version
    WHERE s.at_s >= ?1 AND s.at_s < ?2 """
ROWS = (
    "SELECT s.number, s.order_id, s.version, s.at_s, iif(e.position = 0, s.record, ''), e.debit, e.credit,"
    " e.amount_minor, e.currency " + FROM_STEPS
)
OF_SHOP = ROWS + "ORDER BY s.number, e.position"  # neither needs sorting: both are read along an index
OF_ORDER = ROWS + "AND s.order_id = ?3 ORDER BY s.version, e.position"
SIDES = """
    SELECT {side}, currency, sum(amount_minor), min(at_s), max(at_s) FROM ledger
    WHERE at_s >= ?1 AND at_s < ?2 AND (?3 = '' OR order_id = ?3) GROUP BY {side}, currency"""
DEBITED, CREDITED = SIDES.format(side="debit"), SIDES.format(side="credit")
ASTRAY = """
    SELECT count(*) FROM ledger e WHERE e.at_s >= ?1 AND e.at_s < ?2 AND (?3 = '' OR e.order_id = ?3)
    AND NOT EXISTS (SELECT 1 FROM steps s WHERE s.order_id = e.order_id AND s.version = e.version AND s.at_s = e.at_s)"""


class _Event(Struct):
    event: str


class _Decision(Struct):
    events: tuple[_Event, ...] = ()


_record = json.Decoder(tuple[_Decision, ...]).decode


def bookings(connection: Reader, span: Span) -> Iterator[Booking]:
    """All that was booked, one step after the other."""
    asked = (span.from_s, span.until_s, span.order) if span.order else (span.from_s, span.until_s)
    rows = connection.execute(OF_ORDER if span.order else OF_SHOP, asked)
    for _, step in groupby(rows, itemgetter(0)):
        yield from _booked(list(step))


def balances(connection: Reader, span: Span) -> list[Balance]:
    """What each account adds up to, as the database sums it; those included that come to nothing."""
    found: dict[tuple[str, str], Balance] = {}
    for statement, sign in ((DEBITED, 1), (CREDITED, -1)):
        for account, currency, amount, first_s, last_s in _asked(connection, statement, span):
            known = found.get((account, currency), Balance(account, currency, 0, first_s, last_s))
            found[account, currency] = Balance(
                account, currency, known.amount_minor + sign * amount, min(known.first_s, first_s),
                max(known.last_s, last_s),
            )  # fmt: skip
    return [found[key] for key in sorted(found)]


def astray(connection: Reader, span: Span) -> int:
    """How many entries belong to no step of their order at their time: `bookings` does not have them."""
    ((count,),) = _asked(connection, ASTRAY, span)
    return int(count)


def _asked(connection: Reader, statement: str, span: Span) -> sqlite3.Cursor:
    return connection.execute(statement, (span.from_s, span.until_s, span.order))


def _booked(rows: list[tuple[Any, ...]]) -> Iterator[Booking]:
    _, order, version, at_s, record, *_ = rows[0]
    kinds = (event.event for decision in _record(record or "[]") for event in decision.events)
    events = tuple(dict.fromkeys(kinds))
    for currency in dict.fromkeys(row[-1] for row in rows):
        entries = tuple(LedgerEntry(*row[5:8]) for row in rows if row[-1] == currency)
        yield Booking(order, version, at_s, currency, events, entries)
