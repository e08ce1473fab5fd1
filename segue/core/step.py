"""One step: a command is decided, its events applied, the workflow reacts with further commands, until all is at rest.

Commands are queued, never events: a decision must not be taken while an event is decided and not yet applied.
"""

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from segue.core.base import Command, Event, NeedFacts, Refusal, Refused
from segue.core.context import Context, name_of
from segue.core.decide import Decision, decide, evolve
from segue.core.facts import StockMove
from segue.core.hold import HoldLifted, ReactionBlocked, all_blocked
from segue.core.intake import PlaceOrder
from segue.core.ledger import ENTRIES, LedgerEntry, ledger_entries
from segue.core.order import Order, is_open, units_in
from segue.core.stock import MOVES, stock_moves
from segue.core.tasks import REQUESTS, Task, task_of
from segue.core.vocabulary import View
from segue.core.wake import PlacesChanged, ReactionsResumed, TimerFired, TimersDropped, TimerSet, over
from segue.core.workflow import Reaction, Workflow

NOTHING_WATCHED: frozenset[str] = frozenset()
COMMANDS_MAX = 100  # a workflow that gives itself more does not come to rest


class Restless(AssertionError):
    """A workflow gave itself more than COMMANDS_MAX commands in one step."""


class Outcome(NamedTuple):
    """All that one step leads to: what is written in one transaction."""

    order: Order
    decisions: list[Decision]
    tasks: list[Task]
    moves: list[StockMove]
    entries: list[LedgerEntry]
    status: str
    folders: tuple[str, ...]
    wake_at_s: int | None
    watches: frozenset[str]


def step(order: Order | None, command: Command, context: Context) -> Outcome:
    """Run one command to rest. Raises Refused (nothing changed), NeedFacts (load, and run again), Restless.

    Stock in `context.facts` advances with the step, so that the next one sees what this one took.
    """
    run = Run(order, context)
    try:
        run.obey(command)
        run.come_to_rest()
        return run.outcome()
    except (Refused, NeedFacts, Restless):  # it came to nothing: what it took is there for others
        for move in run.moves:
            context.facts.undo(move)
        raise


def fold(order: Order | None, decisions: list[Decision], at_s: int) -> Order:
    """The order after one recorded step."""
    count = order.version if order else 0
    for decision in decisions:
        for event in decision.events:
            order = evolve(order, event, at_s)
            count += 1
    assert order is not None, "a story begins with an order that is placed"
    return replace(order, version=count)


class Run:
    """One step under way."""

    def __init__(self, order: Order | None, context: Context) -> None:
        self.order = order
        self.context = context
        self.own = context._replace(actor="workflow")
        self.version = order.version if order else 0
        self.queue: deque[Reaction] = deque()
        self.obeyed = 0
        self.decisions: list[Decision] = []
        self.tasks: list[Task] = []
        self.moves: list[StockMove] = []
        self.entries: list[LedgerEntry] = []
        self.view: View | None = None

    def obey(self, command: Command) -> None:
        """Decide the command that the step is about, and apply what follows from it.

        Refused with HOLD_BLOCKS if holds on lines keep it from everything that it would do.
        """
        events = decide(self.order, command, self.context)
        if held := all_blocked(events):
            raise Refused(Refusal.HOLD_BLOCKS, f"{held} blocks {name_of(command)}")
        own = tuple(event for event in events if not _nobodys(event))
        self._apply(Decision(self.context.actor, own, None if isinstance(command, PlaceOrder) else command))

    def come_to_rest(self) -> None:
        """Let the workflow react until nothing is left: to events, to what lifts a hold, to statuses and folders."""
        while True:
            while self.queue:
                self._react(self.queue.popleft())
            if not self._lift_holds() and not self._change_places():
                break
        order = self._placed()
        if order.timers and not is_open(order):
            self._apply(Decision("workflow", (TimersDropped(tuple(order.timers)),)))

    def outcome(self) -> Outcome:
        """What the step leads to."""
        order = replace(self._placed(), version=self.version)
        status, folders = _places(order.places, self.context.workflow)
        wake_at_s, watches = None, NOTHING_WATCHED
        if is_open(order):
            wake_at_s = next_wake(order, self._view(), self.context)
            watches = watches_of(order, self.context.workflow)
        return Outcome(order, self.decisions, self.tasks, self.moves, self.entries, status, folders, wake_at_s, watches)

    def _placed(self) -> Order:
        assert self.order is not None, "an order is placed first"
        return self.order

    def _view(self) -> View:
        if self.view is None:
            self.view = View(self._placed(), self.context.now_s, self.context.facts)
        return self.view

    def _react(self, reaction: Reaction) -> None:
        """Do what the workflow says. A refusal is recorded; one because of a hold waits for its end."""
        self.obeyed += 1
        if self.obeyed > COMMANDS_MAX:
            raise Restless(f"{reaction.id} of {self.context.workflow.version} does not come to rest")
        if reaction.when is not None and not reaction.when.test(self._view()):
            return
        try:
            events = decide(self.order, reaction.command, self.own)
        except Refused as error:
            self._refused(reaction, error)
            return
        if events and self._placed().holds:
            events = [replace(e, reaction=reaction.id) if _nobodys(e) else e for e in events]
        if events:
            self._apply(Decision("workflow", tuple(events), reaction.command, reaction.id))

    def _refused(self, reaction: Reaction, error: Refused) -> None:
        events: tuple[Event, ...] = ()
        if error.refusal is Refusal.HOLD_BLOCKS:
            events = (ReactionBlocked(error.detail.partition(" ")[0], reaction.id),)
        self._apply(Decision("workflow", events, reaction.command, reaction.id, str(error)))

    def _apply(self, decision: Decision) -> None:
        """Apply the events of a decision, all of them, and only then let the workflow answer."""
        self.decisions.append(decision)
        for event in decision.events:
            self._one(event)
        timers: list[TimerSet] = []
        for event in decision.events:
            timers += self._answer(event)
        if timers:
            self._apply(Decision("workflow", tuple(timers)))

    def _one(self, event: Event) -> None:
        before = self.order
        self.order = evolve(before, event, self.context.now_s)
        self.version += 1
        self.view = None
        kind = type(event)
        if kind in MOVES and before is not None:
            for move in stock_moves(before, event):
                self.moves.append(move)
                self.context.facts.advance(move)
        if kind in ENTRIES:
            self.entries += ledger_entries(before, event)
        if kind in REQUESTS:
            self.tasks.append(task_of(self.context.shop, self.order, event, self.version, self.context.now_s))

    def _answer(self, event: Event) -> Sequence[TimerSet]:
        """Queue what the workflow does on an event now; return the timers for what it does later."""
        workflow = self.context.workflow
        if isinstance(event, TimerFired):
            self.queue.append(workflow.by_id[event.reaction])
        elif isinstance(event, HoldLifted) and self._placed().waiting:
            waiting = self._placed().waiting
            self.queue.extend(workflow.by_id[name] for name in waiting)
            self._apply(Decision("workflow", (ReactionsResumed(waiting),)))
        return self._on(name_of(event))

    def _on(self, what: str) -> Sequence[TimerSet]:
        reactions = self.context.workflow.reactions.get(what)
        if reactions is None:
            return ()
        timers = []
        for reaction in reactions:
            if reaction.after_s:
                timers.append(self._timer(reaction, reaction.after_s))
            else:
                self.queue.append(reaction)
        return timers

    def _timer(self, reaction: Reaction, after_s: int) -> TimerSet:
        return TimerSet(f"{reaction.id}#{self.version}", self.context.now_s + after_s, reaction.id)

    def _lift_holds(self) -> bool:
        """Lift the holds whose condition has come to hold. True if there were any."""
        lifted = over(self._placed(), self.own) if self._placed().holds else []
        if lifted:
            self._apply(Decision("workflow", tuple(lifted)))
        return bool(lifted)

    def _change_places(self) -> bool:
        """See where the order is now. True if the workflow has an answer to what it entered and left."""
        order = self._placed()
        here = where(self._view(), self.context.workflow)
        entered = tuple(name for name in here if name not in order.places)
        left = tuple(name for name in order.places if name not in here)
        if not entered and not left:
            return False
        self._apply(Decision("workflow", (PlacesChanged(entered, left),)))
        events: list[Event] = []
        for name in left:
            events += self._on(f"left {name}")
            stale = tuple(t for t, timer in order.timers.items() if timer.reaction == f"folders.{name}.then")
            events += [TimersDropped(stale)] if stale else []
        for name in entered:
            events += self._on(f"entered {name}")
        for folder in self.context.workflow.folders:
            if folder.name in entered and folder.within_s is not None and folder.then is not None:
                events.append(self._timer(folder.then, folder.within_s))
        if events:
            self._apply(Decision("workflow", tuple(events)))
        return bool(self.queue)


def _nobodys(event: Event) -> bool:
    """An event that says a hold blocks a line, without saying whose command that was."""
    return isinstance(event, ReactionBlocked) and not event.reaction


def where(view: View, workflow: Workflow) -> tuple[str, ...]:
    """The status, the first whose condition holds, and every folder whose condition holds."""
    here = [folder.name for folder in workflow.folders if folder.when.test(view)]
    for status in workflow.statuses:
        if status.when.test(view):
            return (status.name, *here)
    return tuple(here)


def _places(places: dict[str, int], workflow: Workflow) -> tuple[str, tuple[str, ...]]:
    folders = tuple(folder.name for folder in workflow.folders if folder.name in places)
    return next((name for name in places if name not in folders), ""), folders


def next_wake(order: Order, view: View, context: Context) -> int | None:
    """The next instant at which time alone could change something: a timer, the end of a hold, a condition."""
    workflow = context.workflow
    instants = [timer.due_at_s for timer in order.timers.values()]
    instants += [hold.until_s for hold in order.holds.values() if hold.until_s is not None]
    timed = [*workflow.timed, *(c for h in order.holds.values() if (c := workflow.holds[h.type].lift_when))]
    instants += [flip for condition in timed if (flip := condition.flips(view)) is not None]
    return min(instants, default=None)


def watches_of(order: Order, workflow: Workflow) -> frozenset[str]:
    """The outside facts whose change could move this order: what a failed check lacks, the stock it waits for."""
    watches = {fact for failure in order.failures for fact in failure.facts}
    watches |= {f"stock:{order.lines[number - 1].sku}" for number in units_in(order, "backordered")}
    if "item" in workflow.fact_kinds:
        watches |= {f"item:{line.sku}" for line in order.lines}
    return frozenset(watches)
