"""One step: a command is decided, its events applied, the workflow reacts with further commands, until all is at rest.

Commands are queued, never events: a decision must not be taken while an event is decided and not yet applied.
"""

from typing import cast

from msgspec.structs import replace

from segue.core.base import MISTAKES, Command, Event, NeedFacts, Refusal, Refused, Value
from segue.core.context import Context, name_of
from segue.core.days import LoadChange
from segue.core.decide import Decision, decide, evolve
from segue.core.documents import Document, document_of
from segue.core.facts import StockMove
from segue.core.grace import GRACE, GraceEnded
from segue.core.hold import ReactionBlocked, all_blocked
from segue.core.intake import CorrectOrder, PlaceOrder
from segue.core.kinds import KINDS
from segue.core.ledger import LedgerEntry, ledger_entries
from segue.core.notify import Notify
from segue.core.order import Order, is_open
from segue.core.schedule import PUT_OFF
from segue.core.sourcing import load_changes
from segue.core.stock import stock_moves
from segue.core.tasks import Task, task_of
from segue.core.vocabulary import View
from segue.core.wake import (
    NOTHING_WATCHED,
    PlacesChanged,
    ReactionsResumed,
    TimerFired,
    TimersDropped,
    TimerSet,
    next_wake,
    over,
    watches_of,
)
from segue.core.workflow import Reaction

COMMANDS_MAX = 100  # a workflow that gives itself more does not come to rest


class Restless(AssertionError):
    """A workflow gave itself more than COMMANDS_MAX commands in one step."""


class Outcome(Value):
    """All that one step leads to: what is written in one transaction."""

    order: Order
    decisions: list[Decision]
    tasks: list[Task]
    moves: list[StockMove]
    entries: list[LedgerEntry]
    status: str
    folders: tuple[str, ...]
    open: bool
    wake_at_s: int | None
    watches: frozenset[str]
    documents: list[Document] = []
    loads: list[LoadChange] = []


def step(order: Order | None, command: Command, context: Context) -> Outcome:
    """Run one command to rest. Raises Refused (nothing changed), NeedFacts (load, and run again), Restless.

    Stock in `context.facts` advances with the step, so that the next one sees what this one took.
    """
    run = Run(order, context)
    try:
        run.obey(command)
        run.come_to_rest()
        return run.outcome()
    except (Refused, NeedFacts, *MISTAKES):  # it came to nothing: what it took is there for others
        for move in run.moves:
            context.facts.undo(move, run.order.channel)
        for change in run.loads:
            context.facts.load(change, -1)
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
        self.order = cast(Order, order)  # none only until the first event of a new one is applied
        self.context = context
        self.own = Context(context.now_s, context.workflow, context.facts, "workflow", context.shop)
        self.version = order.version if order else 0
        self.queue: list[Reaction] = []  # short: it is no longer than COMMANDS_MAX
        self.obeyed = 0
        self.promised: set[str] = set()  # messages: a step is one cause, and says each of them once
        self.decisions: list[Decision] = []
        self.tasks: list[Task] = []
        self.moves: list[StockMove] = []
        self.loads: list[LoadChange] = []
        self.entries: list[LedgerEntry] = []
        self.documents: list[Document] = []
        self.here: tuple[str, ...] = ("",)  # its status and its folders
        self.view: View | None = None

    def obey(self, command: Command) -> None:
        """Decide the command that the step is about, and apply what follows from it.

        Refused with HOLD_BLOCKS if holds on lines keep it from everything that it would do.
        """
        events = decide(self.order, command, self.context)
        if self.version and (self.order.holds or self.order.dated):
            if held := all_blocked(events):
                raise Refused(Refusal.HOLD_BLOCKS, f"{held} blocks {name_of(command)}")
            events = [event for event in events if not _nobodys(event)]
        is_said = isinstance(command, PlaceOrder | CorrectOrder)  # by its event: the document once is enough
        self._apply(Decision(self.context.actor, tuple(events), None if is_said else command))

    def come_to_rest(self) -> None:
        """Let the workflow react until nothing is left: to events, to what lifts a hold, to statuses and folders."""
        while True:
            while self.queue:
                self._react(self.queue.pop(0))
            if not self._lift_holds() and not self._change_places():
                break
        if self.order.timers and not is_open(self.order):
            self._apply(Decision("workflow", (TimersDropped(tuple(self.order.timers)),)))

    def outcome(self) -> Outcome:
        """What the step leads to."""
        order = replace(self.order, version=self.version)
        wake_at_s, watches, is_going_on = None, NOTHING_WATCHED, is_open(order)
        if is_going_on:
            wake_at_s = next_wake(order, self._view(), self.context)
            watches = watches_of(order, self._view(), self.context.workflow)
        status, folders = self.here[0], self.here[1:]
        return Outcome(
            order, self.decisions, self.tasks, self.moves, self.entries, status, folders, is_going_on, wake_at_s,
            watches, self.documents, self.loads,
        )  # fmt: skip

    def _view(self) -> View:
        if self.view is None:
            self.view = View(self.order, self.context.now_s, self.context.facts)
        return self.view

    def _react(self, reaction: Reaction) -> None:
        """Do what the workflow says. A refusal is recorded; one because of a hold waits for its end."""
        self.obeyed += 1
        if self.obeyed > COMMANDS_MAX:
            raise Restless(f"{reaction.id} of {self.context.workflow.version} does not come to rest")
        order = self.order
        if reaction.after_grace and order.grace_ends_s is not None and not order.grace_over:
            self._apply(Decision("workflow", (ReactionBlocked(GRACE, reaction.id),)))
            return
        if reaction.when is not None and not reaction.when.test(self._view()):
            return
        if isinstance(reaction.command, Notify):
            if reaction.command.message in self.promised:
                return
            self.promised.add(reaction.command.message)
        try:
            events = decide(self.order, reaction.command, self.own)
        except Refused as error:
            self._refused(reaction, error)
            return
        if events and (self.order.holds or self.order.dated):
            events = [replace(e, reaction=reaction.id) if _nobodys(e) else e for e in events]
        if events:
            self._apply(Decision("workflow", tuple(events), reaction.command, reaction.id))

    def _refused(self, reaction: Reaction, error: Refused) -> None:
        events: tuple[Event, ...] = ()
        if error.refusal in PUT_OFF:
            events = (ReactionBlocked(PUT_OFF[error.refusal], reaction.id),)
        elif error.refusal is Refusal.HOLD_BLOCKS:
            events = (ReactionBlocked(error.detail.partition(" ")[0], reaction.id),)
        self._apply(Decision("workflow", events, reaction.command, reaction.id, str(error)))

    def _apply(self, decision: Decision) -> None:
        """Apply the events of a decision, all of them, and only then let the workflow answer."""
        self.decisions.append(decision)
        context, answers = self.context, self.context.workflow.reactions
        answered: list[Event] = []
        for event in decision.events:
            kind = KINDS[type(event)]
            before, evolve = self.order, kind.evolve
            self.order = evolve(before, event, context.now_s)
            self.version += 1
            if kind.is_seen:
                self.view = None
            if kind.has_moves:
                for move in stock_moves(before, event):
                    self.moves.append(move)
                    context.facts.advance(move, self.order.channel)
            if self.version > 1 and before.fulfillments is not self.order.fulfillments:  # lost goods move no stock
                self._load(before)
            if kind.has_entries:
                self.entries += ledger_entries(before, event)
            if kind.is_request:
                self.tasks.append(task_of(context.shop, self.order, event, self.version, context.now_s))
            if kind.is_issued:
                self.documents.append(document_of(self.order, event, context.now_s))
            if kind.is_resuming or kind.name in answers:
                answered.append(event)
        if answered:
            self._answer(answered)

    def _load(self, before: Order) -> None:
        """What the days of locations take on, and give back, by an event."""
        for change in load_changes(before, self.order, self.context.facts.locations):
            self.loads.append(change)
            self.context.facts.load(change)

    def _answer(self, events: list[Event]) -> None:
        timers: list[Event] = []
        for event in events:
            kind = KINDS[type(event)]
            if kind.is_resuming:
                self._resume(event)
            self._on(kind.name, timers)
        if timers:
            self._apply(Decision("workflow", tuple(timers)))

    def _resume(self, event: Event) -> None:
        """Queue what a timer was set for, or what waited for a hold to be lifted."""
        by_id = self.context.workflow.by_id
        if isinstance(event, TimerFired):
            self.queue.append(by_id[event.reaction])
        elif isinstance(event, GraceEnded):
            for name in event.reactions:
                self.queue.append(by_id[name])
        elif self.order.waiting:
            waiting = self.order.waiting
            self.queue.extend(by_id[name] for name in waiting)
            self._apply(Decision("workflow", (ReactionsResumed(waiting),)))

    def _on(self, what: str, timers: list[Event]) -> None:
        """Queue what the workflow does now, and add a timer for what it does later."""
        for reaction in self.context.workflow.reactions.get(what, ()):
            if reaction.after_s:
                timers.append(self._timer(reaction, reaction.after_s))
            else:
                self.queue.append(reaction)

    def _timer(self, reaction: Reaction, after_s: int) -> TimerSet:
        does = name_of(reaction.command)
        return TimerSet(f"{reaction.id}#{self.version}", self.context.now_s + after_s, reaction.id, does)

    def _lift_holds(self) -> bool:
        """Lift the holds whose condition has come to hold. True if there were any."""
        lifted = over(self.order, self.own) if self.order.holds else []
        if lifted:
            self._apply(Decision("workflow", tuple(lifted)))
        return bool(lifted)

    def _change_places(self) -> bool:
        """See where the order is now. True if the workflow has an answer to what it entered and left."""
        before = self.order.places
        self.here = here = self.context.workflow.where(self._view())
        entered = tuple([name for name in here if name and name not in before])
        left = tuple([name for name in before if name not in here])
        if not entered and not left:
            return False
        self._apply(Decision("workflow", (PlacesChanged(entered, left),)))
        events: list[Event] = []
        for name in left:
            self._on(f"left {name}", events)
            self._drop_limit(name, events)
        for name in entered:
            self._on(f"entered {name}", events)
        for name in entered:
            if limit := self.context.workflow.limits.get(name):
                within_s, then = limit
                events.append(self._timer(then, within_s))
        if events:
            self._apply(Decision("workflow", tuple(events)))
        return bool(self.queue)

    def _drop_limit(self, folder: str, events: list[Event]) -> None:
        if limit := self.context.workflow.limits.get(folder):
            _, then = limit
            stale = tuple([name for name, timer in self.order.timers.items() if timer.reaction == then.id])
            if stale:
                events.append(TimersDropped(stale))


def _nobodys(event: Event) -> bool:
    """An event that says a hold blocks a line, without saying whose command that was."""
    return isinstance(event, ReactionBlocked) and not event.reaction
