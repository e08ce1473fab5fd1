"""A world of a backtest: orders and a ledger that go on together, event by event."""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec.structs import replace

from segue.core.allocate import UnitsAllocated, UnitsBackordered, UnitsReserved
from segue.core.base import MISTAKES, Because, Command, Event, NeedFacts, Refused
from segue.core.context import Context
from segue.core.decide import decide, evolve
from segue.core.facts import StockMove
from segue.core.order import Order
from segue.core.queue import Queue, wanted_of
from segue.core.sourcing import load_changes
from segue.core.stock import stock_moves
from segue.core.turns import rank_of
from segue.core.workflow import Workflow
from segue.engine.backtest.history import ShopEvent, Step, Unreadable
from segue.engine.backtest.ledger import Ledger
from segue.engine.backtest.recorded import Seen, Shelf
from segue.engine.needs import supplied
from segue.engine.rules import NoTaxes, Rules


class Made(NamedTuple):
    """When and why units were given to a location."""

    at_s: int
    because: Because | None


class Told(NamedTuple):
    """What sourcing has come to for one order."""

    made: dict[str, Made]  # by fulfillment
    backordered: list[Because | None]  # each time that units found no location, and why


class Asked(NamedTuple):
    """By which workflow, when and by whom something is decided; and what is on record of what planning had for it."""

    workflow: Workflow
    at_s: int
    by: str
    seen: Seen = Seen()


def decided(rules: Rules, ledger: Ledger, order: Order, command: Command, asked: Asked) -> list[Event]:
    """What a command leads to, with the facts that a ledger has, and what was seen then. Raises Refused."""
    shelf = ledger if asked.seen.prices is None else Shelf(ledger, asked.seen.prices)
    facts = rules.facts()
    facts.now_s = asked.at_s
    context = Context(asked.at_s, asked.workflow, facts, asked.by, rules.shop)
    try:
        return supplied(shelf, facts, lambda: decide(order, command, context), NoTaxes(), rules.carriers, in_waves=True)
    except NeedFacts as need:  # for what was planned with others
        facts.proposals = dict.fromkeys(need.keys, asked.seen.proposal)
        return supplied(shelf, facts, lambda: decide(order, command, context), NoTaxes(), rules.carriers)


class World:
    """Orders, and the stock that they share."""

    def __init__(self, rules: Rules, ledger: Ledger) -> None:
        self.rules = rules
        self.ledger = ledger
        self.ledger.queued = self._queued
        self.orders: dict[str, Order] = {}
        self.told: dict[str, Told] = {}
        self.now_s = 0
        self.freed: dict[str, int] = {}  # SKUs of which more is free since this was last looked at, and since when

    def apply(self, name: str, order: Order | None, event: Event) -> Order:
        """The order after an event; stock and days go along."""
        after = evolve(order, event, self.now_s)
        self.went(order, after, event)
        self.note(name, event)
        self.orders[name] = after
        return after

    def retold(self, step: Step, order: Order | None, event: Event) -> Order:
        """The order after an event of a step on record. Raises Unreadable if it cannot have happened."""
        try:
            return self.apply(step.order, order, event)
        except (Refused, *MISTAKES) as error:
            raise Unreadable(f"{step.order}: the step to version {step.version}: {error}") from error

    def over(self, name: str, order: Order, version: int) -> Order:
        """A step of an order is over."""
        self.orders[name] = replace(order, version=version)
        return self.orders[name]

    def went(self, before: Order | None, after: Order, event: Event) -> None:
        """Stock and days go along with an order that an event has changed."""
        if before is None:
            return
        for move in stock_moves(before, event):
            self.move(move, after.channel)
        self.loaded(before, after)

    def loaded(self, before: Order, after: Order) -> None:
        """What an order takes of the days of locations now."""
        if before.fulfillments is not after.fulfillments:
            for change in load_changes(before, after, self.rules.locations):
                self.ledger.take(change)

    def move(self, move: StockMove, channel: str) -> None:
        """Stock moves for an order of a channel."""
        if self.ledger.move(move, channel):
            self.freed.setdefault(move.sku, self.now_s)

    def happened(self, event: ShopEvent) -> None:
        """Something has happened beside the orders."""
        if self.ledger.happened(event):
            for sku in (event.move.sku,) if event.move else self.ledger.counters:
                self.freed.setdefault(sku, event.at_s)

    def _queued(self, skus: Iterable[str]) -> dict[str, Queue]:
        """Who waits for each of these SKUs, in their turn; asked for only where nobody may be passed by."""
        turns = self.rules.turns
        waiting = (
            [(order, wanted) for order in self.orders.values() if (wanted := wanted_of(order))] if turns.strict else []
        )
        return {
            sku: Queue(
                ((rank_of(order, turns), order.placed_at_s), order.id, wanted[sku])
                for order, wanted in waiting
                if sku in wanted
            )
            for sku in skus
        }

    def note(self, name: str, event: Event) -> None:
        """Remember what sourcing came to."""
        told = self.told.get(name)
        if told is None:
            return
        if isinstance(event, UnitsAllocated | UnitsReserved):
            told.made[event.fulfillment] = Made(self.now_s, event.because)
        elif isinstance(event, UnitsBackordered):
            told.backordered.append(event.because)
