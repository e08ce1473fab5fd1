"""The outside: what others may say to an order and ask of it, and what events do, as each subject declares it.

These are the tables at the feet of the subjects, beside the decisions: who explores what could happen (the workflow
checker) reads them here, so that a new command or request cannot be forgotten.
"""

from collections.abc import Callable, Iterable, Iterator

from segue.core.base import Command, Event
from segue.core.context import name_of
from segue.core.cover import cover_of
from segue.core.decide import SUBJECTS, Decision
from segue.core.lapse import AuthorizationExpired
from segue.core.order import Order, count_in, money_in, units_in
from segue.core.screen import ScreeningRecorded
from segue.core.tally import AT_REST, LEFT
from segue.core.worth import earned

Saying = Callable[[Order], list[Command]]

ANSWERS: dict[type[Event], Saying] = {}  # a request -> what may come of it, as the order is now
UNPROMPTED: dict[str, tuple[Saying, ...]] = {}  # who -> what they may ask for of their own accord
EFFECTS: dict[
    type[Event], dict[str, tuple[str, ...]]
] = {}  # an event -> state of units or cents -> where they come from
TROUBLES: tuple[type[Event], ...] = ()  # events after which somebody has to do something
for subject in SUBJECTS:
    ANSWERS |= getattr(subject, "ANSWERS", {})
    EFFECTS |= getattr(subject, "EFFECTS", {})
    TROUBLES += getattr(subject, "TROUBLES", ())
    for who, saying in getattr(subject, "UNPROMPTED", {}).items():
        UNPROMPTED[who] = (*UNPROMPTED.get(who, ()), saying)


def unanswered(order: Order, decisions: Iterable[Decision]) -> Iterator[str]:
    """The troubles that a step tells of, by name, and to which no reaction of the workflow answers; `order` is after it."""
    step = tuple(decisions)
    answered = {decision.reaction for decision in step}
    events = [event for decision in step for event in decision.events]
    answered |= {getattr(event, "reaction", "") for event in events}
    for event in events:
        name = name_of(event)
        if _is_trouble(order, event) and not any(reaction.startswith(f"on.{name}.") for reaction in answered):
            yield name


def _is_trouble(order: Order, event: Event) -> bool:
    """Of verdicts two are, while something can be done; an end of an authorization is, if nothing takes its place."""
    if isinstance(event, ScreeningRecorded):
        is_under_way = count_in(order, *AT_REST) < sum(line.quantity for line in order.lines)
        return event.verdict in ("review", "rejected") and is_under_way
    if isinstance(event, AuthorizationExpired):
        return money_in(order, "due") > 0
    return isinstance(event, TROUBLES)


def uncovered(order: Order) -> int:
    """How much of what has left was neither authorized nor captured nor agreed when it left. Minor units.

    An authorization may end while the goods are on their way: that is nobody's fault, and another trouble.
    """
    if not units_in(order, *LEFT[:3]):
        return 0
    ended = sum(done.lapsed_minor for done in order.transactions.values())
    return max(0, earned(order, LEFT[:3]) - cover_of(order) - ended)


def reachable_states() -> frozenset[str]:
    """The states that some chain of events leads units or cents into; a state of the table that nothing enters is not."""
    moves = [move for effect in EFFECTS.values() for move in effect.items()]
    found = {""}
    while new := {target for target, sources in moves if not found.isdisjoint(sources)} - found:
        found |= new
    return frozenset(found - {""})
