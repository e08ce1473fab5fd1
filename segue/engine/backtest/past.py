"""The past of a shop as a problem: what was wanted and what there was in a period, and what it cost as it went."""

from collections.abc import Callable
from typing import NamedTuple

from msgspec.structs import replace

from segue.core.base import Event
from segue.core.calendar import DAY_S
from segue.core.context import Context
from segue.core.facts import StockMove
from segue.core.fences import TAKEN_BEFORE
from segue.core.lanes import MILLS
from segue.core.order import Order, units_in
from segue.core.sourcing.candidates import candidates
from segue.core.sourcing.goods import Goods
from segue.core.sourcing.strategies import not_now
from segue.core.sourcing.trials import followed
from segue.core.stock import stock_moves
from segue.core.tally import size
from segue.core.waves import Wish
from segue.engine.backtest.again import is_choice
from segue.engine.backtest.history import History, Step, Unreadable, decisions_of, until
from segue.engine.backtest.ledger import Ledger
from segue.engine.backtest.outcome import cost_mills, result_of
from segue.engine.backtest.world import Told, World
from segue.engine.needs import supplied
from segue.engine.rules import NoTaxes, Rules

CHOSEN = (
    "reserved",
    "allocated",
    "reservation_dropped",
    "deallocated",
    "canceled",
    *TAKEN_BEFORE,
)  # of what was chosen
Stock = dict[str, dict[str, int]]  # by SKU and location


class Past(NamedTuple):
    """What was wanted in a period, what there was for it, and what it cost."""

    wishes: list[
        Wish
    ]  # of orders of which something was sent, or waits; barred is where the rules let nothing come from
    stock: Stock  # the most that these orders could have had, all that came in the period included
    weights: dict[str, int]  # grams of a unit
    capacity: dict[str, int]  # orders that a location takes on in all days of the period, where that is limited
    paid_mills: int  # for parcels; and for units that still wait
    left_out: int  # orders with more units than planning can deal with


class Gathering:
    """A record under way, from its first step to the end of a period."""

    def __init__(
        self, history: History, rules: Rules, text_of: Callable[[str], str | None], period: tuple[int, int]
    ) -> None:
        self.history, self.rules, self.text_of = history, rules, text_of
        self.from_s, self.to_s = period
        self.world = World(rules, Ledger(history))
        self.events = list(reversed(history.events))
        self.supply: Ledger | None = None  # without what the orders of the period have taken
        self.most: Stock = {}
        self.barred: dict[str, tuple[str, ...]] = {}
        self.days: set[int] = set()

    def take(self, step: Step) -> None:
        """Go on by a step. Raises Unreadable if the record is not whole."""
        self._go_on_to(step.at_s)
        order = self.world.orders.get(step.order)
        for decision in decisions_of(step, order.version if order else 0):
            if order is not None and is_choice(decision):
                self._join(step, order)
            for event in decision.events:
                before, order = order, self.world.retold(step, order, event)
                if self.supply is not None and before is not None:
                    self._supplied(before, event)
        if order is None:
            raise Unreadable(f"{step.order}: its first step is not on record")
        self.world.over(step.order, order, step.version)

    def _go_on_to(self, at_s: int) -> None:
        while self.events and self.events[-1].at_s <= at_s:
            event = self.events.pop()
            self.world.ledger.happened(event)
            if self.supply is not None:
                self.supply.happened(event)
                if event.move is not None:
                    self._note(event.move)
        self.world.now_s = at_s
        if self.supply is None and at_s >= self.from_s:
            self.supply = self.world.ledger.copied()
            self.most = {
                sku: {place: max(0, each.free) for place, each in held.items()}
                for sku, held in self.supply.counters.items()
            }

    def _join(self, step: Step, order: Order) -> None:
        """The order is one of the period, if its locations are chosen for the first time."""
        known = step.order in self.world.told or any(each.units for each in order.fulfillments.values())
        if known or self.supply is None:
            return
        self.world.told[step.order] = Told({}, [])
        self.barred[step.order] = self._barred(step, order)
        self.days.add(step.at_s // DAY_S)

    def _barred(self, step: Step, order: Order) -> tuple[str, ...]:
        """The locations from which no strategy lets anything of the order come, as it is at this moment."""
        facts = self.rules.facts()
        facts.now_s = step.at_s
        context = Context(step.at_s, self.rules.version(order.workflow, self.text_of), facts, shop=self.rules.shop)
        everywhere = dict.fromkeys(self.rules.locations, 1)
        goods = Goods({line.number: 1 for line in order.lines}, {}, {"": everywhere})
        skus = frozenset(line.sku for line in order.lines)

        def allowed() -> set[str]:
            facts.free(skus, order.channel)
            strategies = followed(context.workflow.strategies)
            here = [each for each in strategies if not not_now(each, order, context)]
            return {place.id for each in here for place in candidates(order, goods, each, context)[0]}

        may = supplied(self.world.ledger, facts, allowed, NoTaxes(), self.rules.carriers)
        return tuple(sorted(everywhere.keys() - may))

    def _supplied(self, before: Order, event: Event) -> None:
        assert self.supply is not None
        is_ours = before.id in self.world.told
        for move in stock_moves(before, event):
            if not is_ours or move.reason not in CHOSEN:
                kept = replace(move, allocated=0) if is_ours else move
                self.supply.move(kept, before.channel)
                self._note(kept)

    def _note(self, move: StockMove) -> None:
        assert self.supply is not None
        held = self.most.setdefault(move.sku, {})
        free = self.supply.counters[move.sku][move.location].free
        held[move.location] = max(held.get(move.location, 0), free)

    def found(self, units_max: int) -> Past:
        """What came of it, without orders of more units."""
        wishes, paid, left_out = [], 0, 0
        for name in self.world.told:
            wish, mills = self._wish(name)
            if sum(wish.units.values()) > units_max:
                left_out += 1
            elif wish.units:
                wishes.append(wish)
                paid += mills
        skus = frozenset(sku for wish in wishes for sku in wish.units)
        weights = {sku: item.weight_g for sku, item in self.history.catalog(skus).items() if item is not None}
        stock = {sku: self.most.get(sku, {}) for sku in skus}
        return Past(wishes, stock, weights, self._capacity(), paid, left_out)

    def _wish(self, name: str) -> tuple[Wish, int]:
        """What an order wanted, and what it cost: what was sent of it, and what waits at the end."""
        rates, catalog = self.rules.price_list.rates, self.history.catalog
        assert rates is not None, "who looks back has rates"
        order, units, mills = self.world.orders[name], dict[str, int](), 0
        for sent in result_of(self.world, name, None, self.world.now_s).sent:
            mills += cost_mills(rates, catalog, order, sent.location, sent.units)
            for sku, count in sent.units.items():
                units[sku] = units.get(sku, 0) + count
        for number, held in units_in(order, "backordered").items():
            sku = order.lines[number - 1].sku
            units[sku] = units.get(sku, 0) + size(held)
            mills += size(held) * rates.unfilled_minor * MILLS
        return Wish(name, order.ship_to, order.ship_method, units, order.channel, self.barred[name]), mills

    def _capacity(self) -> dict[str, int]:
        days = len(self.days) + 1  # a location's day may begin at any hour
        limited = {id: each.capacity for id, each in self.rules.locations.items()}
        return {id: most.orders * days for id, most in limited.items() if most and most.orders is not None}


def gathered(
    history: History,
    rules: Rules,
    text_of: Callable[[str], str | None],
    period: tuple[int, int],
    units_max: int,
    tell: Callable[[int], None] = lambda done: None,
) -> Past:
    """What was wanted and what there was in a period. Raises Unreadable if the record is not whole."""
    gathering = Gathering(history, rules, text_of, period)
    for done, step in enumerate(until(history.steps, period[1]), 1):
        gathering.take(step)
        tell(done)
    return gathering.found(units_max)
