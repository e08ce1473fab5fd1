"""Waited: what was put off, by a hold or until a time, and what goes on."""

from collections.abc import Callable
from typing import Any

from segue.core import grace, hold
from segue.core.base import Event
from segue.core.explain.words import Tale, because


def blocked(event: hold.ReactionBlocked, tale: Tale) -> str:
    """What keeps something waiting."""
    if event.hold == grace.GRACE:
        return "The customer may still change their mind; what cannot be undone waits until the grace period is over"
    return f"The hold {tale.hold(event.hold)} keeps something waiting; it goes on when lifted"


def grace_ended(event: grace.GraceEnded, tale: Tale) -> str:
    """The grace period is over, and how that came."""
    return f"The grace period is ended early{because(event.reason)}" if event.early else "The grace period is over"


SENTENCES: dict[type[Event], Callable[[Any, Tale], str]] = {
    hold.ReactionBlocked: blocked,
    grace.GraceEnded: grace_ended,
}
