"""Going: one move from one situation to the next, by a step of the real engine."""

from collections.abc import Iterable, Iterator

from segue.checker.moves import TIME, Move
from segue.checker.situation import Around, Situation
from segue.core.base import Event
from segue.core.context import Context
from segue.core.decide import Decision
from segue.core.facts import Facts, Stock
from segue.core.notify import MessageRequested
from segue.core.queue import Queue
from segue.core.selling import holding
from segue.core.step import Outcome

ALWAYS_S = 2**53  # stock that is never old


def go(around: Around, here: Situation, move: Move, now_s: int | None = None) -> tuple[Outcome, Situation]:
    """What a move leads to, at once or at a given instant. Raises what `step` raises."""
    if now_s is None:
        now_s = max(here.now_s, here.wake_at_s or 0) if move.kind == TIME else here.now_s
    facts = facts_of(around, _with(here.free, move.arrives))
    facts.selling |= holding(here.order)
    context = Context(now_s, around.workflow, facts, move.actor, "check")
    outcome = around.step(here.order, move.command, context)
    held = dict(here.held)
    for moved in outcome.moves:
        held[moved.sku] = held.get(moved.sku, 0) + moved.allocated
    after = Situation(
        outcome.order, facts.stock, held, here.arrivals - bool(move.arrives), now_s, outcome.wake_at_s, outcome.status,
        outcome.folders, outcome.open, outcome.watches,
    )  # fmt: skip
    return outcome, after


def events_of(decisions: Iterable[Decision]) -> Iterator[Event]:
    """All events of a step, in their order."""
    for decision in decisions:
        yield from decision.events


def messages_of(decisions: Iterable[Decision]) -> tuple[str, ...]:
    """The messages to the customer that a step asks for."""
    return tuple(event.message for event in events_of(decisions) if isinstance(event, MessageRequested))


def facts_of(around: Around, free: dict[str, Stock]) -> Facts:
    """What a step may look at. The stock is a copy, which advances with the step."""
    facts = Facts(around.locations, around.methods, around.means)
    facts.items, facts.past = around.items, around.past
    facts.fresh_at = dict.fromkeys(around.locations, ALWAYS_S)
    facts.stock = {sku: dict(held) for sku, held in free.items()}
    facts.apart = {sku: {} for sku in free}
    facts.arriving = dict.fromkeys(free, ())
    facts.selling = dict.fromkeys(free, 0)  # nobody else buys, or waits
    facts.queues, facts.presales = {sku: Queue() for sku in free}, {sku: {} for sku in free}
    facts.purchases = {f"{person}|{sku}": [] for person in around.past for sku in free}
    return facts


def _with(free: dict[str, Stock], arrives: dict[str, Stock]) -> dict[str, Stock]:
    if not arrives:
        return free
    more = {sku: dict(held) for sku, held in free.items()}
    for sku, counts in arrives.items():
        for location, count in counts.items():
            more[sku][location] = more[sku].get(location, 0) + count
    return more
