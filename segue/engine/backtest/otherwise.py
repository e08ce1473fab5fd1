"""Otherwise: what would have become of the orders, had another strategy chosen the locations.

What customers, people, locations and suppliers did stays as it was: orders come in, are canceled and shipped at the same
instants, what a location lost it has lost, and what was brought to a store is collected where it lies here. Only the choice
of locations is another, and with it the stock that is left for later. Units that wait although they did not then are tried
again whenever there is stock.
"""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from segue.core.allocate import Allocate, UnitsBackordered
from segue.core.base import Command, Event, Refused
from segue.core.bringing import UnitsLost
from segue.core.calendar import DAY_S
from segue.core.facts import StockMove
from segue.core.fulfill import FulfillmentRejected, UnitsShortPicked
from segue.core.intake import OrderCorrected
from segue.core.moving import without_units
from segue.core.order import Line, Order, units_in
from segue.core.returns import UnitsReturned
from segue.core.stock import stock_moves
from segue.core.tally import HOLDING, LEFT, WAITING, Tally, Units, common, core_state, minus, size, union
from segue.core.workflow import Workflow
from segue.engine.backtest.recorded import Seen
from segue.engine.backtest.world import Asked, World, decided

NOTHING_SEEN = Seen()
SENT = ("allocated", "released", "ready")
PATIENCE_S = 60  # a worker may be as late: until then what waits is left to what was decided at the time
Gained = dict[str, dict[int, Units]]  # state -> the units that have come into it, by line


class Otherwise(World):
    """The orders and the stock as they would be, beside those as they were."""

    def __init__(self, actual: World, following: Callable[[Order], Workflow]) -> None:
        super().__init__(actual.rules, actual.ledger.copied())
        self.actual = actual
        self.following = following
        self.orders, self.now_s = dict(actual.orders), actual.now_s
        self.waiting: dict[str, dict[str, None]] = {}  # SKU -> the orders that wait for it
        for name, order in self.orders.items():
            self._wait(name, order)

    def choose(self, name: str, command: Command, before: Order, by: str, known: Seen = NOTHING_SEEN) -> list[Event]:
        """What the strategy decides here, where another was decided on at the time. Refused: nothing.

        A strategy that plans waves may have what a wave had for the order then; one that looks ahead, the prices of then.
        """
        order = self._now(name, before)
        asked = Asked(self.following(order), self.now_s, by, known)
        try:
            return decided(self.rules, self.ledger, order, command, asked)
        except Refused:
            return []

    def follow(self, name: str, before: Order | None, after: Order, event: Event) -> None:
        """Something happened that is no choice of locations."""
        mine = self.orders.get(name)
        if mine is before:
            self.went(before, after, event)
            self.note(name, event)
            self.orders[name] = after
            return
        assert mine is not None, "an order that came in has come in here too"
        assert before is not None, "one that comes in is the same in both worlds"
        if isinstance(event, OrderCorrected):
            self._give_back(mine, units_in(mine, *HOLDING), on_hand=0)
            self.loaded(mine, after)
            self.orders[name] = after
            return
        order = self._now(name, after)
        if isinstance(event, UnitsShortPicked | FulfillmentRejected | UnitsLost):
            order = self._failed(order, before, event)
        elif isinstance(event, UnitsReturned):
            self._returned(order, before, event)
        self.orders[name] = self._went_along(order, gained(before, after))
        self._wait(name, self.orders[name])

    def obey(self, name: str, before: Order, events: Iterable[Event]) -> None:
        """The strategy's own choice is made."""
        order = self._now(name, before)
        for event in events:
            order = self.apply(name, order, event)
        self._wait(name, order)

    def stepped(self, name: str, before: Order, after: Order) -> None:
        """A step is over: an order that is as it was stays the same one."""
        if self.orders.get(name) is before:
            self.orders[name] = after

    def go_on_to(self, at_s: int) -> None:
        """Time passes. Those who wait are tried again for what became free since, as a worker would have done."""
        due = {sku: since_s + PATIENCE_S for sku, since_s in self.freed.items() if since_s + PATIENCE_S <= at_s}
        if any(location.capacity is not None for location in self.rules.locations.values()):
            for day in range(self.now_s // DAY_S + 1, at_s // DAY_S + 1):  # a day of locations has room again
                due |= {sku: max(day * DAY_S, due.get(sku, 0)) for sku in self.waiting}
        for sku, due_s in sorted(due.items(), key=lambda each: (each[1], each[0])):
            self.freed.pop(sku, None)
            self.now_s = max(self.now_s, due_s)
            self._try(sku)
        self.now_s = at_s

    def _try(self, sku: str) -> None:
        names = self.waiting.pop(sku, {})
        for name in sorted(names, key=lambda each: (self.orders[each].placed_at_s, each)):
            actual, mine = self.actual.orders[name], self.orders[name]
            if sku not in _waited_for(mine):
                continue
            self._wait(name, mine)
            is_as_it_was = mine is actual and not self._has_other_stock(mine)
            if is_as_it_was or not _is_allocated_on_arrival(self.following(mine)):
                continue
            events = [e for e in self.choose(name, Allocate(), actual, "workflow") if not _says_no_more(e)]
            if events:
                self.obey(name, actual, events)
                went = {state: units for state, units in gained(None, actual).items() if state != "canceled"}
                self.orders[name] = self._went_along(self.orders[name], went)

    def _has_other_stock(self, order: Order) -> bool:
        """Whether anything that the order waits for is there otherwise than it was."""
        here, there = self.ledger.counters, self.actual.ledger.counters
        return any(here.get(sku) != there.get(sku) for sku in _waited_for(order))

    def _wait(self, name: str, order: Order) -> None:
        for sku in _waited_for(order):
            self.waiting.setdefault(sku, {})[name] = None

    def _now(self, name: str, actual: Order) -> Order:
        """The order as it was at the time, but for where its units are."""
        mine = self.orders[name]
        if mine is actual:
            return actual
        lines = [_as_here(line, mine) for line in actual.lines]
        return replace(actual, lines=tuple(lines), fulfillments=mine.fulfillments)

    def _went_along(self, order: Order, units: Gained) -> Order:
        """Units that a location has here too go the way that they went at the time."""
        for state, moved in units.items():
            core = core_state(state)
            held = _shared(moved, units_in(order, *HOLDING))
            if core in LEFT:
                self._give_back(order, held, on_hand=-1)
                held = _joined(held, _shared(moved, units_in(order, *LEFT)))
            elif core == "canceled":
                self._give_back(order, held, on_hand=0)
                held = _joined(held, _shared(moved, units_in(order, *WAITING)))
                before, order = order, without_units(order, held)
                self.loaded(before, order)
            elif core not in SENT:
                continue
            order = put(order, held, state)
        return order

    def _failed(self, order: Order, before: Order, event: UnitsShortPicked | FulfillmentRejected | UnitsLost) -> Order:
        """What the location lost it has lost; units that were to come from there wait again."""
        there: dict[int, Units] = {}
        for fulfillment in order.fulfillments.values():
            if fulfillment.location == event.location:
                there = _joined(there, _shared(event.units, fulfillment.units))
        held = _shared(there, units_in(order, *HOLDING))
        if isinstance(event, UnitsLost):
            self._give_back(order, held, on_hand=-1)
            held = _joined(held, _shared(there, units_in(order, "in_transit")))  # these have left the stock already
        else:
            self._missed(order, held, stock_moves(before, event))
        lines = tuple(_without(line, event.location) if line.number in held else line for line in order.lines)
        after = put(without_units(replace(order, lines=lines), held), held, "new")
        self.loaded(order, after)
        return after

    def _missed(self, order: Order, held: dict[int, Units], moves: Iterable[StockMove]) -> None:
        """The moves that a failure made at the time, with as many units set aside less as are here."""
        left: dict[str, int] = {}
        for number, units in held.items():
            sku = order.lines[number - 1].sku
            left[sku] = left.get(sku, 0) + size(units)
        for move in moves:
            some = min(-move.allocated, left.get(move.sku, 0))
            left[move.sku] = left.get(move.sku, 0) - some
            self.move(replace(move, allocated=-some), order.channel)

    def _returned(self, order: Order, before: Order, event: UnitsReturned) -> None:
        """What has left comes back to where it came back to."""
        left = units_in(order, *LEFT)
        came = {n: units for n, held in event.units.items() if (units := common(held, left.get(n, ())))}
        for move in stock_moves(before, replace(event, units=came)):
            self.move(move, order.channel)

    def _give_back(self, order: Order, units: dict[int, Units], on_hand: int) -> None:
        """These units are not set aside any more, wherever they are; nor there, if they have left."""
        for fulfillment in order.fulfillments.values():
            for number, held in _shared(units, fulfillment.units).items():
                count, line = size(held), order.lines[number - 1]
                reason = "shipped" if on_hand else "canceled"
                move = StockMove(line.sku, fulfillment.location, on_hand * count, -count, reason)
                self.move(move, order.channel)


def gained(before: Order | None, after: Order) -> Gained:
    """The units that have come into each state."""
    found: Gained = {}
    for line in after.lines:
        known: Tally = before.lines[line.number - 1].tally if before and line.number <= len(before.lines) else {}
        for state, units in line.tally.items():
            if new := minus(units, known.get(state, ())):
                found.setdefault(state, {})[line.number] = new
    return found


def put(order: Order, units: dict[int, Units], state: str) -> Order:
    """The order with these units in a state, from whichever they were in."""
    lines = [_put(line, units[line.number], state) if line.number in units else line for line in order.lines]
    return replace(order, lines=tuple(lines))


def _put(line: Line, units: Units, state: str) -> Line:
    tally = {name: rest for name, held in line.tally.items() if (rest := minus(held, units))}
    return replace(line, tally=tally | {state: union(tally.get(state, ()), units)})


def _as_here(line: Line, mine: Order) -> Line:
    if line.number > len(mine.lines):
        return line
    known = mine.lines[line.number - 1]
    return replace(
        line,
        tally=known.tally,
        excluded=known.excluded,
        attempts=known.attempts,
        location=known.location,
        by_hand=known.by_hand,
        deliver_by_s=known.deliver_by_s,
    )


def _without(line: Line, location: str) -> Line:
    return replace(line, excluded=(*line.excluded, location), attempts=line.attempts + 1)


def _shared(units: dict[int, Units], others: dict[int, Units]) -> dict[int, Units]:
    return {n: both for n, held in units.items() if (both := common(held, others.get(n, ())))}


def _joined(units: dict[int, Units], others: dict[int, Units]) -> dict[int, Units]:
    return {n: union(units.get(n, ()), others.get(n, ())) for n in units | others}


def _waited_for(order: Order) -> set[str]:
    return {order.lines[number - 1].sku for number in units_in(order, "backordered")}


def _is_allocated_on_arrival(workflow: Workflow) -> bool:
    """Whether the workflow allocates by itself when there is stock."""
    reactions = workflow.reactions.get("stock_arrived", ())
    return any(isinstance(reaction.command, Allocate) for reaction in reactions)


def _says_no_more(event: Event) -> bool:
    return isinstance(event, UnitsBackordered)
