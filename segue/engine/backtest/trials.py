"""Trials: what strategies came to, each by the orders that followed it, and what shadows would have done.

All of it is on record: the reason of each choice names its strategy, and what shadows would have sent from where.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from segue.core.allocate import UnitsAllocated, UnitsBackordered
from segue.core.base import Event, Value
from segue.core.order import Order
from segue.core.sourcing import FAR_KM, distance_between
from segue.core.tally import size
from segue.engine.backtest.history import History, Step, Unreadable, decisions_of, until
from segue.engine.backtest.ledger import Ledger
from segue.engine.backtest.outcome import Figures, Result, cost_mills, figures_of, promised_to, result_of
from segue.engine.backtest.world import Told, World
from segue.engine.rules import Rules

Sends = Mapping[str, Mapping[str, int]]  # by location and SKU


class Followed(Value):
    """A strategy, and what became of the orders that followed it."""

    strategy: str
    figures: Figures


class Sums(Value):
    """What many choices came to."""

    parcels: int = 0
    units: int = 0
    missing: int = 0
    cost_mills: int | None = None
    distance_km: float = 0.0


class Shadowed(Value):
    """A shadow, and what it would have done where others chose."""

    strategy: str
    choices: int = 0
    same: int = 0  # of those, how many were the same
    was: Sums = Sums()
    would_be: Sums = Sums()


class Tried(Value):
    """What came of the strategies of a period."""

    followed: tuple[Followed, ...]
    shadows: tuple[Shadowed, ...]


class Trials:
    """A record under way, from its first step to the end of a period."""

    def __init__(self, history: History, rules: Rules, period: tuple[int, int]) -> None:
        self.history, self.rules = history, rules
        self.from_s, self.to_s = period
        self.world = World(rules, Ledger(history))
        self.by: dict[str, str] = {}  # order -> the strategy that it followed first
        self.shadows: dict[str, Shadowed] = {}

    def take(self, step: Step) -> None:
        """Go on by a step. Raises Unreadable if the record is not whole."""
        order = self.world.orders.get(step.order)
        self.world.now_s = step.at_s
        for decision in decisions_of(step, order.version if order else 0):
            if step.at_s >= self.from_s and order is not None:
                self._note(order, decision.events)
            for event in decision.events:
                order = self.world.retold(step, order, event)
        if order is None:
            raise Unreadable(f"{step.order}: its first step is not on record")
        self.world.over(step.order, order, step.version)

    def found(self) -> Tried:
        """What came of it."""
        results: dict[str, list[Result]] = {}
        for name, strategy in self.by.items():
            promised_s = promised_to(self.world.orders[name])
            results.setdefault(strategy, []).append(result_of(self.world, name, promised_s, self.world.now_s))
        followed = tuple(Followed(strategy, figures_of(found)) for strategy, found in sorted(results.items()))
        return Tried(followed, tuple(each for _, each in sorted(self.shadows.items())))

    def _note(self, order: Order, events: Iterable[Event]) -> None:
        chosen = [event for event in events if isinstance(event, UnitsAllocated | UnitsBackordered)]
        for event in chosen:
            figures = event.because.figures if event.because else {}
            if "strategy" in figures and order.id not in self.by:
                self.by[order.id] = figures["strategy"]
                self.world.told[order.id] = Told({}, [])
            for name, would in figures.get("shadow", {}).items():
                self._add(name, order, chosen, would)

    def _add(self, name: str, order: Order, chosen: list[Any], would: Mapping[str, Any]) -> None:
        known = self.shadows.get(name, Shadowed(name))
        was, missing = _sent(order, chosen)
        others: Sends = would["sends"]
        self.shadows[name] = Shadowed(
            name,
            known.choices + 1,
            known.same + (was == others),
            self._plus(known.was, order, was, missing),
            self._plus(known.would_be, order, others, sum(would.get("missing", {}).values())),
        )

    def _plus(self, sums: Sums, order: Order, sends: Sends, missing: int) -> Sums:
        rates, catalog = self.rules.price_list.rates, self.history.catalog
        cost = sums.cost_mills
        if rates is not None:
            each = (cost_mills(rates, catalog, order, place, units) for place, units in sends.items())
            cost = (cost or 0) + sum(each)
        return Sums(
            sums.parcels + len(sends),
            sums.units + sum(sum(units.values()) for units in sends.values()),
            sums.missing + missing,
            cost,
            round(sums.distance_km + sum(self._distances_km(order, sends)), 1),
        )

    def _distances_km(self, order: Order, sends: Sends) -> Iterator[float]:
        for place in sends:
            location = self.rules.locations.get(place)
            away_km = distance_between(location, order.ship_to) if location else FAR_KM
            yield away_km if away_km < FAR_KM else 0.0


def tried(history: History, rules: Rules, period: tuple[int, int], tell: Any = lambda done: None) -> Tried:
    """What the strategies of a period came to. Raises Unreadable if the record is not whole."""
    trials = Trials(history, rules, period)
    for done, step in enumerate(until(history.steps, period[1]), 1):
        trials.take(step)
        tell(done)
    return trials.found()


def _sent(order: Order, chosen: Iterable[Any]) -> tuple[Sends, int]:
    """What a choice sends from where, and how many units it leaves without a location."""
    sends: dict[str, dict[str, int]] = {}
    missing = 0
    for event in chosen:
        counts = [(order.lines[number - 1].sku, size(units)) for number, units in event.units.items()]
        if isinstance(event, UnitsBackordered):
            missing += sum(count for _, count in counts)
            continue
        held = sends.setdefault(event.location, {})
        for sku, count in counts:
            held[sku] = held.get(sku, 0) + count
    return sends, missing
