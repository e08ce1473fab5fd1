"""Notes: what people want to remember about an order. Nothing follows from a note. No personal data belongs in one."""

from segue.core.base import Command, Event, Refusal, Refused
from segue.core.context import Context
from segue.core.order import Order


class Note(Command):
    """Write something down."""

    text: str


class NoteAdded(Event):
    """Something was written down."""

    text: str


def note(order: Order, command: Note, context: Context) -> list[Event]:
    """Refused without a text."""
    if not command.text.strip():
        raise Refused(Refusal.NOTE_EMPTY)
    return [NoteAdded(command.text)]


def evolve_added(order: Order, event: NoteAdded, at_s: int) -> Order:
    """Notes live in the order's story, not in its state."""
    return order


DECISIONS = {Note: note}
EVOLUTIONS = {NoteAdded: evolve_added}
