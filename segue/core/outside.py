"""The outside: what others may say to an order and ask of it, and what events do, as each subject declares it.

These are the tables at the feet of the subjects, beside the decisions: who explores what could happen (the workflow
checker) reads them here, so that a new command or request cannot be forgotten.
"""

from collections.abc import Callable

from segue.core.base import Command, Event
from segue.core.decide import SUBJECTS
from segue.core.order import Order

Saying = Callable[[Order], list[Command]]

ANSWERS: dict[type[Event], Saying] = {}  # a request -> what may come of it, as the order is now
UNPROMPTED: dict[str, tuple[Saying, ...]] = {}  # who -> what they may ask for of their own accord
EFFECTS: dict[type[Event], dict[str, tuple[str, ...]]] = {}  # an event -> state of units or cents -> where they come from
TROUBLES: tuple[type[Event], ...] = ()  # events after which somebody has to do something
for subject in SUBJECTS:
    ANSWERS |= getattr(subject, "ANSWERS", {})
    EFFECTS |= getattr(subject, "EFFECTS", {})
    TROUBLES += getattr(subject, "TROUBLES", ())
    for who, saying in getattr(subject, "UNPROMPTED", {}).items():
        UNPROMPTED[who] = (*UNPROMPTED.get(who, ()), saying)


def reachable_states() -> frozenset[str]:
    """The states that some chain of events leads units or cents into; a state of the table that nothing enters is not."""
    moves = [move for effect in EFFECTS.values() for move in effect.items()]
    found = {""}
    while new := {target for target, sources in moves if not found.isdisjoint(sources)} - found:
        found |= new
    return frozenset(found - {""})
