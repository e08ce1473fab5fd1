"""Cascading: supply is to move, and what comes of it for all who wait is worked out before it does, or as it does."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from segue.core.base import Event, Value
from segue.core.cascade import Alike, Dated, Hit, dated, hits, in_turn, together
from segue.core.context import Context
from segue.core.facts import StockMove
from segue.core.order import Order
from segue.core.preview import preview
from segue.core.queue import Entry, Queue
from segue.core.repromise import Repromise, dates_changed
from segue.core.supply import Inbound
from segue.core.supply import in_turn as supplies_in_turn
from segue.core.waiting import Waiting
from segue.engine.needs import load, supplied
from segue.engine.rules import Rules
from segue.ports import Needs, Redated, Store, SupplyMove
from segue.ports.stockroom import Mark

ASKED_MAX = 2_000  # kinds of orders that are asked at once; the rest is looked at order by order, as time comes


class Cascade(Value):
    """What a change of supply comes to for those who wait for a SKU: as it is foreseen, or as it is to be written."""

    sku: str
    mark: Mark
    hits: tuple[Hit, ...] = ()  # as it is foreseen
    messages: tuple[dict[str, int], ...] = ()  # by kind of hits: how often each message would be sent to one of them
    redated: tuple[Redated, ...] = ()  # as it is to be written
    one_by_one: int = 0  # lines of which it is not known yet


class Seen(Value):
    """What a change of supply would come to, for all SKUs together."""

    orders: int  # that would get another date
    later: int  # a later one
    messages: dict[str, int]
    uncovered: int  # orders of which an authorization that would have lasted would end before the goods come
    one_by_one: int
    hits: tuple[Hit, ...]


class Cascading:
    """One look at all who wait for what some moves are about."""

    def __init__(self, store: Store, rules: Rules, now_s: int) -> None:
        self.store = store
        self.rules = rules
        self.now_s = now_s
        self.facts = rules.facts()
        self.facts.now_s = now_s

    def of(self, moves: Iterable[StockMove], supplies: Sequence[SupplyMove], foresees: bool = False) -> list[Cascade]:
        """What these moves come to, by SKU: to be looked at if one `foresees`, else to be written."""
        for move in moves:
            self.facts.advance(move)
        skus = frozenset(each.sku for each in supplies)
        loaded = load(self.store, Needs(inbound=skus, apart=skus, stock=skus, waiting=skus), self.facts)
        waiting = {sku: in_turn(loaded.waiting[sku]) for sku in sorted(skus)}
        for sku, lines in waiting.items():
            self.facts.arriving[sku] = after(self.facts.arriving[sku], [each for each in supplies if each.sku == sku])
            self.facts.queues[sku] = queue_of(lines)
        return [self._cascade(sku, lines, foresees) for sku, lines in waiting.items()]

    def _cascade(self, sku: str, lines: list[Waiting], foresees: bool) -> Cascade:
        facts = self.facts
        supplies = supplies_in_turn(facts.arriving[sku], self.now_s, facts.apart[sku])
        free = sum(max(0, units) for units in facts.stock[sku].values()) if facts.turns.strict else 0
        alike = together(lines, tuple(supplies), sku in facts.fences, free)
        groups = sorted(alike, key=len, reverse=True)
        asked, rest = groups[:ASKED_MAX], [each for group in groups[ASKED_MAX:] for each in group]
        orders = self._orders(asked)
        looks = [
            (group, order, dated(order, group[0].line, self._events(order)))
            for group in asked
            for order in [orders[group[0].order]]
        ]
        mark = mark_of(lines)
        if not foresees:
            redated = [each for group, _, found in looks for each in _redated(group, found, self.now_s)]
            redated += [self._unknown(each) for each in rest]
            return Cascade(sku, mark, redated=tuple(sorted(redated)), one_by_one=len(rest))
        news = [(group, order, found) for group, order, found in looks if found.is_news]
        places = {(each.order, each.line): place for place, each in enumerate(lines, 1)} if news else {}
        hit = [each for kind, (group, _, found) in enumerate(news) for each in hits(group, places, found, kind)]
        messages = [self._messages(order) for _, order, _ in news]
        return Cascade(sku, mark, tuple(hit), tuple(messages), one_by_one=len(rest))

    def _orders(self, groups: Iterable[Alike]) -> Mapping[str, Order]:
        loaded = load(self.store, Needs(orders=frozenset(group[0].order for group in groups)), self.facts).orders
        return {id: order for id, order in loaded.items() if order is not None}

    def _events(self, order: Order) -> list[Event]:
        """What the order would say if it were looked at, and supply had been quiet for long."""
        context = self._context(order)
        self.facts.moved_at[order.id] = None
        rules = self.rules
        return supplied(self.store, self.facts, lambda: dates_changed(order, context), rules.taxes, rules.carriers)

    def _messages(self, order: Order) -> dict[str, int]:
        """The messages that its customer would be sent for it."""
        context, rules = self._context(order), self.rules
        made = supplied(
            self.store, self.facts, lambda: preview(order, Repromise(), context), rules.taxes, rules.carriers
        )
        return {name: made.messages.count(name) for name in made.messages}

    def _context(self, order: Order) -> Context:
        workflow = self.rules.version(order.workflow, self.store.workflow_text)
        return Context(self.now_s, workflow, self.facts, "workflow", self.rules.shop)

    def _unknown(self, each: Waiting) -> Redated:
        since_s = self.now_s if each.since_s is None else each.since_s
        return Redated(each.sku, each.order, each.line, each.due_s, since_s, since_s + each.quiet_s)


def _redated(group: Alike, found: Dated, now_s: int) -> list[Redated]:
    """What changes of what is kept of these lines."""
    due_s, is_news = found.due_s, found.is_news
    changed = []
    for each in group:
        since_s = look_at_s = None
        if is_news:
            since_s = now_s if each.since_s is None else each.since_s
            look_at_s = since_s + each.quiet_s
        if due_s != each.due_s or since_s != each.since_s or look_at_s != each.look_at_s:
            changed.append(Redated(each.sku, each.order, each.line, due_s, since_s, look_at_s))
    return changed


def after(inbound: Inbound, moves: Iterable[SupplyMove]) -> Inbound:
    """What is on its way after these moves, the earliest first."""
    units = {(at_s, location, reference): there for at_s, location, there, reference in inbound}
    for move in moves:
        key = (move.expected_at_s, move.location, move.reference)
        units[key] = units.get(key, 0) + move.units
    return tuple((at_s, place, there, name) for (at_s, place, name), there in sorted(units.items()) if there > 0)


def queue_of(lines: Sequence[Waiting]) -> Queue:
    """The queue that these lines make, which are in turn: lines of one order come after one another."""
    found: list[Entry] = [((each.rank, each.placed_at_s), each.order, each.units) for each in lines]
    if len({order for _, order, _ in found}) < len(found):
        found = [
            (turn, order, sum([units for *_, units in same]))
            for (turn, order), same in groupby(found, key=lambda each: each[:2])
        ]
    return Queue(found)


def mark_of(lines: Sequence[Waiting]) -> Mark:
    """By what it is seen that others wait by now."""
    return len(lines), sum([each.units for each in lines]), sum([each.placed_at_s for each in lines])


def as_seen(cascades: Iterable[Cascade]) -> Seen:
    """What cascades come to together."""
    known = list(cascades)
    hits = tuple(each for cascade in known for each in cascade.hits)
    messages: Counter[str] = Counter()
    for cascade in known:
        orders: list[set[str]] = [set() for _ in cascade.messages]
        for each in cascade.hits:
            orders[each.kind].add(each.order)
        for named, made in zip(orders, cascade.messages, strict=True):
            messages.update({name: times * len(named) for name, times in made.items()})
    return Seen(
        len({each.order for each in hits}),
        len({each.order for each in hits if each.is_later}),
        dict(sorted(messages.items())),
        len({each.order for each in hits if each.uncovered}),
        sum(cascade.one_by_one for cascade in known),
        hits,
    )
