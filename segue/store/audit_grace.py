"""The invariant of grace: nothing that cannot be undone happens while the customer may still change their mind."""

import sqlite3
from typing import Any

from segue.store.audit_orders import Order, read_record
from segue.store.audit_rules import Check, Rule

RECORDS = "SELECT record FROM main.steps WHERE order_id = ? ORDER BY version"
LASTING = ("capture_requested", "payment_captured", "fulfillment_released")  # events that nobody can take back

RULES = (
    Rule(
        "I29",
        "nothing that cannot be undone happens within an order's grace period",
        (
            Check(
                "{} was at {}, and the grace period lasts until {}",
                "SELECT order_id, what, at_s, ends_s FROM hasty",
            ),
        ),
    ),
)


def hasty_of(cursor: sqlite3.Cursor, id: str, order: Order) -> list[tuple[Any, ...]]:
    """The captures and releases of an order before its grace period was over.

    A clock may be put back after it was over: then the order in which things are on record counts.
    """
    ends_s = order.grace_ends_s
    if ends_s is None:
        return []
    done = [(name, each.at_s) for name, each in order.transactions.items() if each.kind == "capture"]
    done += [(name, each.released_at_s) for name, each in order.fulfillments.items() if each.released_at_s is not None]
    found = [(id, name, at_s, ends_s) for name, at_s in done if at_s < ends_s]
    return found if found and not (order.grace_over and _waited(cursor, id)) else []


def _waited(cursor: sqlite3.Cursor, id: str) -> bool:
    """Whether by the record the grace period was over before anything happened that cannot be undone."""
    for (record,) in cursor.execute(RECORDS, (id,)).fetchall():
        for event in [event.event for decision in read_record(record) for event in decision.events]:
            if event == "grace_ended":
                return True
            if event in LASTING:
                return False
    return False
