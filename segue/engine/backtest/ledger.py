"""The ledger of a backtest: what was free, closed and taken on at each instant, made of the moves that are on record.

It answers as a store does, so that decisions are taken with it by the very code that takes them in the shop.
"""

from collections.abc import Callable, Iterable
from copy import copy

from segue.core.days import Closure, Load, LoadChange, plus
from segue.core.facts import StockMove
from segue.core.fences import Fence, taken_more
from segue.core.queue import Queue
from segue.core.stocktaking import Change, Counter, after
from segue.engine.backtest.history import History, ShopEvent
from segue.ports import Loaded, Needs

COUNTED = "counted"  # the reason of moves that a count makes


class Ledger:
    """Stock, closures, shares and days as they are at one instant of a history."""

    def __init__(self, history: History) -> None:
        self.catalog, self.worth, self.safety = history.catalog, history.worth, history.safety
        self.counters: dict[str, dict[str, Counter]] = {}
        self.fences: dict[str, tuple[Fence, ...]] = {}
        self.days: dict[str, Load] = {}
        self.closed: dict[str, Closure] = {}
        self.counted: dict[str, int] = {}

        self.queued: Callable[[Iterable[str]], dict[str, Queue]] = lambda skus: {sku: Queue() for sku in skus}

    def copied(self) -> "Ledger":
        """A ledger that goes its own way from here."""
        made = copy(self)
        made.counters = {sku: dict(held) for sku, held in self.counters.items()}
        made.fences, made.days = dict(self.fences), dict(self.days)
        made.closed, made.counted = dict(self.closed), dict(self.counted)
        return made

    def happened(self, event: ShopEvent) -> bool:
        """Something has happened beside the orders. True if a location has more that is free after it."""
        is_more = bool(event.opened)
        if event.move is not None:
            is_more = self.move(event.move, "", event.safety)
            if event.move.reason == COUNTED:
                self.counted[event.move.location] = event.at_s
        if event.closure is not None:
            self.closed[event.closure.location] = event.closure
        self.closed.pop(event.opened, None)
        if event.share is not None:
            self.fences[event.sku] = _with(self.fences.get(event.sku, ()), event.share)
        return is_more

    def move(self, move: StockMove, channel: str = "", safety: int | None = None) -> bool:
        """A move of stock, by an order of a channel; a new safety stock. True if more is free after it."""
        held = self.counters.setdefault(move.sku, {})
        before = held.get(move.location) or Counter(safety=self.safety.get((move.sku, move.location), 0))
        held[move.location] = now = after(before, Change(move, before.safety if safety is None else safety))
        if channel and move.drawn and move.sku in self.fences:
            self.fences[move.sku] = taken_more(self.fences[move.sku], move.location, channel, move.drawn)
        return now.free > before.free

    def take(self, change: LoadChange) -> None:
        """An order takes of a location's day, or gives back."""
        key = f"{change.location}|{change.day}"
        self.days[key] = plus(self.days.get(key, Load()), change.by)

    def load(self, needs: Needs) -> Loaded:
        """What a decision may look at, as it is at this instant."""
        return Loaded(
            {},
            self.catalog(needs.items),
            {sku: {name: each.free for name, each in self.counters.get(sku, {}).items()} for sku in needs.stock},
            dict.fromkeys(needs.past, ()),
            dict.fromkeys(needs.uses, 0),
            dict.fromkeys(needs.inbound, ()),
            {sku: {} for sku in needs.apart},
            self.closed,
            {key: self.days.get(key, Load()) for key in needs.loads},
            self.counted if needs.counted else None,
            self.queued(needs.queued),
            dict.fromkeys(needs.carts),
            {sku: self.fences[sku] for sku in needs.stock if sku in self.fences},
            self.worth(needs.prices),
            selling=dict.fromkeys(needs.selling, 0),
            bought={key: [] for key in needs.bought},
            moved=dict.fromkeys(needs.moved),
            waiting=dict.fromkeys(needs.waiting, ()),
            presales={sku: {} for sku in needs.presales},
        )


def _with(fences: tuple[Fence, ...], change: Fence) -> tuple[Fence, ...]:
    """The shares of a SKU with one that has become larger or smaller, or is new."""
    key = (change.location, change.channel)
    known = next((each for each in fences if (each.location, each.channel) == key), None)
    units, taken = (known.units, known.taken) if known else (0, 0)
    made = Fence(*key, units + change.units, taken + change.taken, change.parent, change.safety)
    rest = tuple(each for each in fences if each is not known)
    return tuple(sorted((*rest, made), key=lambda each: (each.location, each.channel)))
