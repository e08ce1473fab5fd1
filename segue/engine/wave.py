"""A wave: many steps of many orders in one transaction. A bad order is put out of the wave, never the wave."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import json
from msgspec.structs import replace

from segue.core.base import Command, NeedFacts, Refused
from segue.core.context import Context
from segue.core.facts import Facts, Past
from segue.core.intake import PlaceOrder, basket_of
from segue.core.order import Order
from segue.core.step import Outcome, Restless, step
from segue.core.tasks import Task
from segue.core.wake import Wake
from segue.core.workflow import Workflow
from segue.engine.needs import first_needs, lacking, load, second_needs
from segue.engine.rules import Rules
from segue.ports import Batch, Handled, Inbound, OutOfStock, Settled, StaleOrder, StaleTask, Stepped, Store

LOADS_MAX = 20  # a step that still lacks facts after so many loads asks for them in circles
TRIES_MAX = 5  # of a wave whose orders moved on while it was decided

encode_record = json.Encoder().encode


class Request(NamedTuple):
    """One command for one order: who asks, and which message or task it comes from."""

    order: str
    command: Command
    by: str
    message: Inbound | None = None
    settles: Settled | None = None


class Result(NamedTuple):
    """What became of a request: done, or the reason why not."""

    request: Request
    order: Order | None
    refused: str = ""
    changed: bool = False


class Wave(NamedTuple):
    """What a committed wave led to."""

    results: tuple[Result, ...]
    claimed: tuple[Task, ...]


def run_wave(store: Store, rules: Rules, requests: Sequence[Request], batch: Batch) -> Wave:
    """Decide all requests and commit them with what else the batch holds. An order that moved on is decided again."""
    for _ in range(TRIES_MAX):
        working = _Working(store, rules, batch.now_s)
        results = working.run(requests)
        try:
            claimed = store.commit(working.into(batch, results))
        except (StaleOrder, OutOfStock):
            continue
        except StaleTask as stale:
            requests = [r for r in requests if r.settles is None or r.settles.id not in stale.ids]
            batch = replace(batch, settled=tuple(s for s in batch.settled if s.id not in stale.ids))
            continue
        return Wave(tuple(results), tuple(claimed))
    raise StaleOrder(f"the same orders changed {TRIES_MAX} times while a wave was decided")


class _Working:
    """A wave under way: its facts advance from step to step."""

    def __init__(self, store: Store, rules: Rules, now_s: int) -> None:
        self.store = store
        self.rules = rules
        self.now_s = now_s
        self.facts: Facts = rules.facts()
        self.orders: dict[str, Order | None] = {}
        self.steps: list[Stepped] = []

    def run(self, requests: Sequence[Request]) -> list[Result]:
        commands = [(request.order, request.command) for request in requests]
        loaded = load(self.store, first_needs(commands), self.facts)
        self.orders = dict(loaded.orders)
        load(self.store, second_needs(self.orders, commands), self.facts)
        return [self._result(request) for request in requests]

    def into(self, batch: Batch, results: Iterable[Result]) -> Batch:
        handled = [h for result in results if (h := _handled(result)) is not None]
        settled = [result.request.settles for result in results if result.request.settles is not None]
        return replace(
            batch,
            steps=tuple(self.steps),
            handled=(*batch.handled, *handled),
            settled=(*batch.settled, *settled),
        )

    def _result(self, request: Request) -> Result:
        order = self.orders.get(request.order)
        try:
            outcome = self._step(order, request)
        except Refused as error:
            return Result(request, order, str(error))
        except Restless as error:
            return Result(request, order, f"put out of the wave: {error}")
        changed = order is None or outcome.order.version != order.version
        if changed or isinstance(request.command, Wake):  # a wake that changes nothing still has a next one
            self._keep(order, outcome, request)
        return Result(request, outcome.order, changed=changed)

    def _step(self, order: Order | None, request: Request) -> Outcome:
        """Run the step, loading what it lacks."""
        context = Context(self.now_s, self._workflow(order, request.command), self.facts, request.by, self.rules.shop)
        for _ in range(LOADS_MAX):
            try:
                return step(order, request.command, context)
            except NeedFacts as need:
                load(self.store, lacking(need), self.facts)
        raise Restless(f"{request.order} asked for facts {LOADS_MAX} times")

    def _workflow(self, order: Order | None, command: Command) -> Workflow:
        if order is not None:
            return self.rules.version(order.workflow, self.store.workflow_text)
        channel = command.draft.channel if isinstance(command, PlaceOrder) else ""
        return self.rules.for_channel(channel)

    def _keep(self, before: Order | None, outcome: Outcome, request: Request) -> None:
        order = outcome.order
        self.orders[request.order] = order
        basket = ""
        if before is None:
            basket = basket_of(order)
            past = Past(order.id, order.placed_at_s, basket, order.ship_to_digest, order.total_minor)
            self.facts.placed(order.person, past)
        self.steps.append(stepped(before, outcome, request.by, self.now_s, basket))


def stepped(before: Order | None, outcome: Outcome, by: str, now_s: int, basket: str) -> Stepped:
    """What the store writes of a step."""
    return Stepped(
        order=outcome.order,
        version_before=before.version if before else 0,
        at_s=now_s,
        by=by,
        record=encode_record(outcome.decisions),
        basket=basket,
        status=outcome.status,
        folders=outcome.folders,
        open=outcome.open,
        wake_at_s=outcome.wake_at_s,
        watches=outcome.watches,
        moves=tuple(outcome.moves),
        entries=tuple(outcome.entries),
        tasks=tuple(outcome.tasks),
    )


def _handled(result: Result) -> Handled | None:
    """A message whose order is not here yet is parked; one that was refused is kept with the reason."""
    message = result.request.message
    if message is None:
        return None
    if not result.refused:
        outcome = "done"
    elif result.order is None:
        outcome = "parked"
    else:
        outcome = "refused"
    return Handled(message.source, message.id, outcome, result.refused, result.request.order)
