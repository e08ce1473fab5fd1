"""Again: the recorded story of a shop from its first step on, each choice of locations decided anew and compared.

Steps have an order; what happened to stock beside them has an instant only. Within its second it is taken to have happened
as late as the decisions that are on record allow.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from msgspec import json
from msgspec.structs import replace

from segue.core.allocate import Allocate, Reserve
from segue.core.assign import AssignLocation
from segue.core.base import Command, Event, Refused, Value
from segue.core.deallocate import Deallocate
from segue.core.decide import Decision
from segue.core.hold import ReactionBlocked
from segue.core.order import Order
from segue.core.workflow import Workflow
from segue.engine.backtest.history import History, ShopEvent, Step, Unreadable, decisions_of, until
from segue.engine.backtest.ledger import Ledger
from segue.engine.backtest.otherwise import Otherwise
from segue.engine.backtest.outcome import Difference, Figures, figures_of, promised_to, result_of
from segue.engine.backtest.recorded import Seen, seen
from segue.engine.backtest.world import Asked, Told, World, decided
from segue.engine.rules import Rules

CHOICES = (Reserve, Allocate, AssignLocation)  # commands that choose locations

Progress = Callable[[int], None]  # so many steps are read


class Unlike(Value):
    """A choice that was recorded, and is another if it is decided again with what is on record."""

    order: str
    at_s: int
    recorded: tuple[str, ...]
    again: tuple[str, ...]


class Compared(NamedTuple):
    """What a backtest found."""

    choices: int  # recorded ones in the period
    unlike: list[Unlike]  # those that are others now
    was: Figures
    would_be: Figures
    differences: list[Difference]
    reworded: int = 0  # of those that are the same, how many have another reason, or one in other words


def backtested(
    history: History,
    rules: Rules,
    text_of: Callable[[str], str | None],
    strategy: Callable[[Workflow], Workflow],
    period: tuple[int, int],
    tell: Progress = lambda done: None,
) -> Compared:
    """Replay the record up to the end of a period; what was chosen in it is chosen by `strategy` too.

    Raises Unreadable if the record is not whole.
    """
    replay = Replay(history, rules, text_of, strategy, period)
    replay.run(tell)
    return replay.compared()


class Replay:
    """A record under way, from its first step to the end of a period: as it was, and as it would be."""

    def __init__(
        self,
        history: History,
        rules: Rules,
        text_of: Callable[[str], str | None],
        strategy: Callable[[Workflow], Workflow],
        period: tuple[int, int],
    ) -> None:
        self.history, self.rules, self.text_of, self.strategy = history, rules, text_of, strategy
        self.from_s, self.to_s = period
        self.was = World(rules, Ledger(history))
        self.would_be: Otherwise | None = None
        self.events: deque[ShopEvent] = deque(history.events)
        self.choices = 0
        self.unlike: list[Unlike] = []
        self.reworded = 0
        self.followed: dict[str, Workflow] = {}  # workflow version -> the same with the strategy

    def run(self, tell: Progress = lambda done: None) -> None:
        """Go through all of it."""
        for done, step in enumerate(until(self.history.steps, self.to_s), 1):
            self._go_on_to(step.at_s)
            self._take(step)
            tell(done)
        while self.events and self.events[0].at_s < self.to_s:
            self._happened(self.events.popleft())

    def compared(self) -> Compared:
        """What came of it."""
        was, other = self.was, self.would_be
        if other is None:
            return Compared(0, [], Figures(), Figures(), [])
        end_s = max(was.now_s, min(self.to_s, other.now_s + 1))
        other.go_on_to(end_s)
        pairs = []
        for name in was.told:
            promised_s = promised_to(was.orders[name])
            results = (result_of(world, name, promised_s, end_s) for world in (was, other))
            pairs.append(Difference(name, *results))
        differ = [each for each in pairs if each.was.places != each.would_be.places]
        figures = figures_of(each.was for each in pairs), figures_of(each.would_be for each in pairs)
        return Compared(self.choices, self.unlike, *figures, differ, self.reworded)

    def _go_on_to(self, at_s: int) -> None:
        while self.events and self.events[0].at_s < at_s:
            self._happened(self.events.popleft())
        if self.would_be is None and at_s >= self.from_s:
            self.was.freed.clear()
            self.would_be = Otherwise(self.was, self._following)
        if at_s > self.was.now_s:
            self.was.now_s = at_s
            if self.would_be is not None:
                self.would_be.go_on_to(at_s)

    def _happened(self, event: ShopEvent) -> None:
        self.was.happened(event)
        if self.would_be is not None:
            self.would_be.happened(event)

    def _take(self, step: Step) -> None:
        order = self.was.orders.get(step.order)
        for decision in decisions_of(step, order.version if order else 0):
            order = self._follow(step, order, decision)
        if order is None:
            raise Unreadable(f"{step.order}: its first step is not on record")
        after = self.was.over(step.order, order, step.version)
        if self.would_be is not None:
            self.would_be.stepped(step.order, order, after)

    def _follow(self, step: Step, order: Order | None, decision: Decision) -> Order | None:
        other = self.would_be
        command: Command | None = decision.command
        chooses = order is not None and is_choice(decision)
        chosen: list[Event] | None = None
        if other is not None and chooses:
            assert order is not None
            self._compare(step, order, decision)
            for world in (self.was, other):
                world.told.setdefault(step.order, Told({}, []))
        if other is not None and (chooses or isinstance(command, Deallocate)):
            assert order is not None
            assert command is not None
            chosen = other.choose(step.order, command, order, decision.by, seen(order, decision.events))
            if other.orders.get(step.order) is order and _choice(chosen) == _choice(decision.events):
                chosen = None
        before = order
        for event in decision.events:
            earlier, order = order, self.was.retold(step, order, event)
            if other is not None and chosen is None:
                other.follow(step.order, earlier, order, event)
        if other is not None and chosen is not None:
            assert before is not None
            other.obey(step.order, before, chosen)
        return order

    def _compare(self, step: Step, order: Order, decision: Decision) -> None:
        """Decide a choice again. What happened in the same second is taken to have happened once that explains it."""
        self.choices += 1
        found: list[tuple[int, list[Event]]] = []
        skus = {line.sku for line in order.lines} | {bundle.sku for bundle in order.bundles.values()}
        for number, ledger in self._ledgers(step.at_s, skus):
            found.append((number, self._again(ledger, step, order, decision)))
            if _encoded(found[-1][1]) == _encoded(decision.events):
                self._catch_up(number)
                return
        for number, events in found:
            if _choice(events) == _choice(decision.events):
                self._catch_up(number)
                self.reworded += 1
                return
        _, first = found[0]
        texts = [tuple(_text(event) for event in events) for events in (decision.events, first)]
        self.unlike.append(Unlike(step.order, step.at_s, *texts))

    def _ledgers(self, at_s: int, skus: set[str]) -> Iterator[tuple[int, Ledger]]:
        """The ledger as it is, and as it is after each thing that happened in the same second and concerns these SKUs."""
        yield 0, self.was.ledger
        ledger = None
        for number, event in enumerate(takewhile(lambda event: event.at_s == at_s, self.events), 1):
            ledger = ledger or self.was.ledger.copied()
            ledger.happened(event)
            if event.move is None or event.move.sku in skus:
                yield number, ledger

    def _catch_up(self, number: int) -> None:
        for _ in range(number):
            self._happened(self.events.popleft())

    def _again(self, ledger: Ledger, step: Step, order: Order, decision: Decision) -> list[Event]:
        workflow = self.rules.version(order.workflow, self.text_of)
        command: Command | None = decision.command
        assert command is not None
        proposal, prices = seen(order, decision.events)
        asked = Asked(workflow, step.at_s, decision.by, Seen(proposal, prices or {}))
        try:
            return decided(self.rules, ledger, order, command, asked)
        except Refused:
            return []

    def _following(self, order: Order) -> Workflow:
        """The workflow of an order, with the strategy that is tried."""
        if order.workflow not in self.followed:
            self.followed[order.workflow] = self.strategy(self.rules.version(order.workflow, self.text_of))
        return self.followed[order.workflow]


def is_choice(decision: Decision) -> bool:
    """Whether a decision has chosen locations."""
    command: Command | None = decision.command
    return isinstance(command, CHOICES) and not decision.refused


def _encoded(events: Sequence[Event]) -> bytes:
    """Events as they are recorded, without what a hold kept from being done."""
    return json.encode([event for event in events if not isinstance(event, ReactionBlocked)])


def _choice(events: Sequence[Event]) -> bytes:
    """What was chosen, without why."""
    return _encoded([replace(event, because=None) for event in events])


def _text(event: Event) -> str:
    return json.encode(event).decode()
