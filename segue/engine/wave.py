"""A wave: many steps of many orders in one transaction. A bad order is put out of the wave, never the wave."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from segue.core.base import MISTAKES, Command, NeedFacts, Refusal, Refused
from segue.core.context import Context
from segue.core.facts import Facts
from segue.core.intake import CorrectOrder, PlaceOrder, basket_of
from segue.core.order import Order
from segue.core.past import Past
from segue.core.preview import as_previewed
from segue.core.queue import requeue
from segue.core.selling import sell
from segue.core.step import Outcome, step
from segue.core.strict import passed
from segue.core.tasks import Task
from segue.core.turns import rank_of
from segue.core.wake import Wake
from segue.core.workflow import Workflow
from segue.engine.needs import Asked, Made, first_needs, load, second_needs, supplied
from segue.engine.news import news_of
from segue.engine.outcomes import Request, Result, outcomes, put_out
from segue.engine.rules import Rules
from segue.engine.stepped import stepped
from segue.engine.waits import wait_of
from segue.engine.waving import Planned, plan_together, wave_name
from segue.ports import (
    Batch,
    Inbound,
    Needs,
    OutOfStock,
    PortFailed,
    StaleMessage,
    StaleOrder,
    StaleTask,
    Stepped,
    Store,
    Unwritable,
    UsedUp,
)

TURNS_MAX = 4  # how often orders of one wave are planned together, before what wants more is planned alone
TRIES_MAX = 5  # of a wave whose orders moved on while it was decided

# What a message may be refused for because it came too early: it is parked, and tried again when its order moves.
TOO_EARLY = (
    Refusal.ORDER_NOT_FOUND,
    Refusal.FULFILLMENT_NOT_FOUND,
    Refusal.SHIPMENT_NOT_FOUND,
    Refusal.TRANSACTION_NOT_FOUND,
    Refusal.UNITS_NOT_THERE,
    Refusal.ORDER_EXISTS,
    Refusal.CORRECTION_TOO_LATE,
    Refusal.MONEY_UNDER_WAY,
)

# What a message may be refused for because of a mistake in it: it is parked too, so that somebody puts it right.
MISTAKEN = (Refusal.INSTANT_IMPOSSIBLE, Refusal.NUMBER_TOO_BIG, Refusal.LOCATION_UNKNOWN)


class Wave(NamedTuple):
    """What a committed wave led to."""

    results: tuple[Result, ...]
    claimed: tuple[Task, ...]
    planned: tuple[Planned, ...] = ()  # what of it was planned together


def run_wave(store: Store, rules: Rules, requests: Sequence[Request], batch: Batch) -> Wave:
    """Decide all requests and commit them with what else the batch holds.

    A wave that cannot be committed is run in halves, until what is to blame is alone; that is put out, with the reason.
    """
    try:
        return _together(store, rules, requests, batch)
    except (StaleOrder, OutOfStock, UsedUp, Unwritable) as error:
        cut = _middle(requests)
        if cut:
            first = run_wave(store, rules, requests[:cut], replace(batch, claim={}))
            rest = Batch(batch.now_s, claim=batch.claim, lease_s=batch.lease_s)
            second = run_wave(store, rules, requests[cut:], rest)
            return Wave((*first.results, *second.results), second.claimed, (*first.planned, *second.planned))
        if not requests:
            raise
        working = Working(store, rules, batch.now_s)
        results = working.put_out(requests, error)
        return Wave(tuple(results), tuple(store.commit(working.into(batch, results))))


def _together(store: Store, rules: Rules, requests: Sequence[Request], batch: Batch) -> Wave:
    """One transaction. Orders that have moved on are decided again; what others have done meanwhile is dropped."""
    for last in (False,) * (TRIES_MAX - 1) + (True,):
        working = Working(store, rules, batch.now_s)
        results = working.run(requests)
        try:
            claimed = store.commit(working.into(batch, results))
        except (StaleOrder, OutOfStock, UsedUp):
            if last:
                raise
        except StaleTask as stale:
            requests = [r for r in requests if r.settles is None or r.settles.id not in stale.ids]
            batch = replace(batch, settled=tuple(s for s in batch.settled if s.id not in stale.ids))
        except StaleMessage as stale:
            requests = [r for r in requests if r.message is None or (r.message.source, r.message.id) not in stale.keys]
            batch = replace(batch, handled=tuple(h for h in batch.handled if (h.source, h.id) not in stale.keys))
        else:
            return Wave(tuple(results), tuple(claimed), tuple(working.planned))
    raise StaleOrder(f"tasks or messages were lost {TRIES_MAX} times while a wave was decided")


def _middle(requests: Sequence[Request]) -> int:
    """Where to cut requests into two, so that those of one message stay together; 0 if they cannot be cut."""
    middle = len(requests) // 2
    cuts = (*range(middle, 0, -1), *range(middle + 1, len(requests)))
    whole = (cut for cut in cuts if not requests[cut].message or requests[cut].message is not requests[cut - 1].message)
    return next(whole, 0)


class Working:
    """A wave under way: its facts advance from step to step."""

    def __init__(self, store: Store, rules: Rules, now_s: int) -> None:
        self.store = store
        self.rules = rules
        self.now_s = now_s
        self.facts: Facts = rules.facts()
        self.facts.now_s = now_s
        self.taxes = Asked(rules.taxes)
        self.orders: dict[str, Order | None] = {}
        self.steps: list[Stepped] = []
        self.planned: list[Planned] = []  # what of it was planned together
        self.news: list[Inbound] = []  # for subscriptions, of what became of their orders
        self.gathers = False  # whether orders that want to be planned with others have to wait for these

    def run(self, requests: Sequence[Request]) -> list[Result]:
        """Decide these requests, one after the other; those that want to be planned together last."""
        commands = [(request.order, request.command) for request in requests]
        loaded = load(self.store, first_needs(commands, self.rules.price_list.promotions), self.facts)
        self.orders = dict(loaded.orders)
        load(self.store, second_needs(self.orders, commands), self.facts)
        return self._decided(requests)

    def _decided(self, requests: Sequence[Request]) -> list[Result]:
        results: dict[int, Result] = {}
        waiting = list(enumerate(requests))
        for turn in range(1, TURNS_MAX + 1):
            self.gathers = turn < TURNS_MAX
            wishes: list[str] = []
            behind: dict[str, list[tuple[int, Request]]] = {}  # by order: what it wants, and whatever comes after
            for number, request in waiting:
                if request.order in behind:
                    behind[request.order].append((number, request))
                    continue
                try:
                    results[number] = self.take(request)
                except NeedFacts as need:
                    wishes += sorted(need.keys)
                    behind[request.order] = [(number, request)]
            self.gathers = False
            if not wishes:
                break
            self.planned += plan_together(self.store, self.facts, wishes, wave_name(self.now_s, wishes))
            waiting = [each for late in behind.values() for each in late]
        return [results[number] for number in range(len(requests))]

    def look_at(self, orders: Iterable[str]) -> None:
        """Load these orders, but for those that this wave has changed."""
        missing = frozenset(orders) - self.orders.keys()
        self.orders.update(load(self.store, Needs(orders=missing), self.facts).orders)

    def put_out(self, requests: Sequence[Request], error: Exception) -> list[Result]:
        """The results of requests of which nothing can be written."""
        needs = first_needs((request.order, request.command) for request in requests)
        orders = load(self.store, needs, self.facts).orders
        return [put_out(request, orders.get(request.order), error) for request in requests]

    def into(self, batch: Batch, results: Iterable[Result]) -> Batch:
        """The batch with what this wave has come to."""
        came_of = outcomes(results, self.now_s)
        return replace(
            batch,
            steps=tuple(self.steps),
            received=(*batch.received, *came_of.received, *self.news),
            handled=(*batch.handled, *came_of.handled),
            settled=(*batch.settled, *came_of.settled),
            put_off=came_of.put_off,
        )

    def take(self, request: Request) -> Result:
        """Decide one request; its step is kept, to be written. Raises NeedFacts if it waits to be planned with others."""
        order = self.orders.get(request.order)
        try:
            outcome = self._step(order, request)
            changed = order is None or outcome.order.version != order.version
            if changed or isinstance(request.command, Wake):  # a wake that changes nothing still has a next one
                self._keep(order, outcome, request)
        except Refused as error:
            if isinstance(request.command, Wake) and order is not None and not request.expects:
                # nobody has asked, or looked before: the mistake is ours
                return put_out(request, order, error)
            parked = error.refusal in (*TOO_EARLY, *MISTAKEN)
            return Result(request, order, str(error), parked=parked, refusal=error)
        except PortFailed as error:
            return Result(request, order, f"to be tried again: {error}", later=True)
        except MISTAKES as error:
            return put_out(request, order, error)
        return Result(request, outcome.order, changed=changed)

    def _step(self, order: Order | None, request: Request) -> Outcome:
        """Run the step, loading what it lacks."""
        command, expects = request.command, request.expects
        context = Context(self.now_s, self._workflow(order, command), self.facts, request.by, self.rules.shop)
        if expects and order is not None:
            known = order
            return self.supplied(lambda: as_previewed(known, command, context, expects))
        return self.supplied(lambda: step(order, command, context), self.gathers)

    def supplied(self, attempt: Callable[[], Made], in_waves: bool = False) -> Made:
        """What an attempt makes once it has the facts that it says it lacks."""
        return supplied(self.store, self.facts, attempt, self.taxes, self.rules.carriers, in_waves)

    def _workflow(self, order: Order | None, command: Command) -> Workflow:
        if order is not None:
            return self.rules.version(order.workflow, self.store.workflow_text)
        channel = command.draft.channel if isinstance(command, PlaceOrder) else ""
        return self.rules.for_channel(channel)

    def _keep(self, before: Order | None, outcome: Outcome, request: Request) -> None:
        order = outcome.order
        is_new = isinstance(request.command, PlaceOrder | CorrectOrder)  # the order, or what it is made of
        basket = basket_of(order) if is_new else ""
        try:
            series = self.rules.series(self.now_s) if outcome.documents else ""
            rank = rank_of(order, self.rules.turns)
            wait = wait_of(outcome, self._workflow(order, request.command), self.facts)
            left = passed(before, order, self.rules.turns)
            self.steps.append(stepped(before, outcome, request, self.now_s, basket, series, rank, wait, left))
        except MISTAKES:
            for move in outcome.moves:
                self.facts.undo(move, outcome.order.channel)
            for change in outcome.loads:
                self.facts.load(change, -1)
            raise
        self.orders[request.order] = order
        requeue(self.facts.queues, order, self.steps[-1].rank)
        if order.tags:
            self.news += news_of(before, order)
        for use in self.steps[-1].uses:
            self.facts.use(use)
        for sale in self.steps[-1].sales:
            sell(self.facts, order, sale)
        if taken := self.steps[-1].taken:
            self.facts.carts[taken.cart] = None
        if before is None:
            past = Past(order.id, order.placed_at_s, basket, order.ship_to_digest, order.total_minor)
            self.facts.placed(order.person, past)
