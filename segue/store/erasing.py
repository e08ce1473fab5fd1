"""Erasing a person: their key, their sealed data, and the messages that still name them, on disk too."""

from collections.abc import Iterator

from msgspec import json

from segue.ports import Person
from segue.store.database import Database
from segue.store.people import Seal, find_person

FORGET = "DELETE FROM people WHERE id = ?"
# Those that are new are business that has yet to be done, and are cleared when it is.
CLEAR_OF_ORDERS = """
    UPDATE inbox SET body = '', state = 'refused', reason = 'erased'
    WHERE state IN ('refused', 'parked') AND order_id IN (
        SELECT id FROM orders WHERE person = ?1 AND person <> '' UNION ALL SELECT 'person:' || ?1)"""
CLEAR_THAT_NAME = """
    UPDATE inbox SET body = '', state = 'refused', reason = 'erased'
    WHERE state IN ('refused', 'parked') AND instr(body, ?) > 0"""

TRACE_MIN = 6  # characters; shorter texts stand in messages of others too


def erase(database: Database, seal: Seal, id: str) -> None:
    """Erase a person's data. Done again, it changes nothing.

    Raises StillInLog if a reader kept the disk from being cleared: the data is deleted, the call is to be made again.
    """
    with database.transaction() as cursor:
        person = find_person(cursor, seal, id)
        if person is not None:
            cursor.executemany(CLEAR_THAT_NAME, [(trace,) for trace in sorted(set(_traces(person)))])
        cursor.execute(CLEAR_OF_ORDERS, (id,))
        cursor.execute(FORGET, (id,))
    database.checkpoint()


def _traces(person: Person) -> Iterator[str]:
    """What a message that is about this person has in it, as it stands within JSON."""
    addresses = (person.ship_to, person.bill_to)
    for text in (person.name, person.email, person.phone, *(address.get("street", "") for address in addresses)):
        if len(text) >= TRACE_MIN:
            yield json.encode(text).decode()[1:-1]
