"""Reading subscriptions: a list of them, one with its history, and what is on record of all."""

import sqlite3
from collections.abc import Iterator

from msgspec import json

from segue.core.base import Value
from segue.core.subscription.decide import Taken
from segue.core.subscription.standing import Subscription
from segue.ports import Recorded, Story
from segue.store.renewing import SUBSCRIPTION

LISTED = """
    SELECT value, wake_at_s FROM subscriptions
    WHERE (?1 = '' OR state = ?1) AND (?2 = '' OR person = ?2) ORDER BY number LIMIT ?3"""
ONE = "SELECT value, wake_at_s FROM subscriptions WHERE id = ?"
STEPS = "SELECT version, at_s, actor, record FROM subscription_steps WHERE subscription_id = ? ORDER BY version"
DAYS = "SELECT on_day, line, outcome, order_id, at_s FROM cycles WHERE subscription_id = ? ORDER BY at_s, on_day, line"
VALUES = "SELECT number, id, CAST(value AS BLOB) FROM subscriptions WHERE number > ? ORDER BY number LIMIT ?"
RECORDS = """
    SELECT version, at_s, CAST(record AS BLOB) FROM subscription_steps WHERE subscription_id = ? ORDER BY version"""
STORIES = 250

TAKEN = json.Decoder(Taken)


class Listed(Value):
    """A subscription, and when it is renewed next."""

    subscription: Subscription
    renewed_at_s: int | None


class Day(Value):
    """What became of a day on which a line was due."""

    on_day: str
    line: int
    outcome: str
    order: str
    at_s: int


class Told(Value):
    """A step of its history."""

    version: int
    at_s: int
    by: str
    taken: Taken


def subscriptions(connection: sqlite3.Connection, state: str, person: str, limit: int) -> list[Listed]:
    """Those in a state and of a person, or all; the oldest first."""
    rows = connection.execute(LISTED, (state, person, limit))
    return [Listed(SUBSCRIPTION.decode(value), at_s) for value, at_s in rows]


def subscription(connection: sqlite3.Connection, id: str) -> Listed | None:
    """One of them."""
    row = connection.execute(ONE, (id,)).fetchone()
    return Listed(SUBSCRIPTION.decode(row[0]), row[1]) if row else None


def history(connection: sqlite3.Connection, id: str) -> list[Told]:
    """What happened to it, the oldest first."""
    return [Told(version, at_s, by, TAKEN.decode(text)) for version, at_s, by, text in connection.execute(STEPS, (id,))]


def days(connection: sqlite3.Connection, id: str) -> list[Day]:
    """What became of its days."""
    return [Day(*row) for row in connection.execute(DAYS, (id,))]


def subscription_stories(connection: sqlite3.Connection) -> Iterator[Story]:
    """All of them, each with all that is on record of it."""
    last = -1
    while rows := connection.execute(VALUES, (last, STORIES)).fetchall():
        last = rows[-1][0]
        for _, id, value in rows:
            steps = tuple(Recorded(*row) for row in connection.execute(RECORDS, (id,)).fetchall())
            yield Story(id, value, steps)
