"""The laws of an order, whatever is done to it: nothing is lost, nothing twice, and the story tells it all.

Random commands go through `step`, with a workflow that reacts. What may not be done is refused; the laws hold throughout.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from hypothesis import HealthCheck, settings
from hypothesis import given as forall
from hypothesis import strategies as st
from msgspec import json

from segue.core import authorization
from segue.core.allocate import Allocate
from segue.core.base import Command, NeedFacts, Refused
from segue.core.cancel import Cancel
from segue.core.capture import (
    Capture,
)
from segue.core.context import Context
from segue.core.deliver import RecordDelivery
from segue.core.draft import Draft
from segue.core.facts import Facts, StockMove
from segue.core.fulfill import RecordShipment, Release
from segue.core.hold import LiftHold
from segue.core.intake import PlaceOrder
from segue.core.item_state import LeaveState
from segue.core.ledger import LedgerEntry
from segue.core.means import Means
from segue.core.order import Order, is_open, left_of, money_in
from segue.core.pay import Authorize
from segue.core.queue import Queue
from segue.core.refund import Refund
from segue.core.step import Outcome, fold, step
from segue.core.tally import HOLDING, core_state, numbers, size
from segue.core.transactions import CHARGED
from segue.core.void import Void
from segue.core.wake import Wake
from segue.core.workflow import Workflow
from segue.core.worth import keeps
from segue.policies.payment import on_shipment
from tests.core.chance import ANSWERS, CAPTURING, CHOICES, MEANS, ON_HAND, drafts, flow, possible, shelf
from tests.core.shop import LOCATIONS, NOW_S


class Played(NamedTuple):
    """What came of some commands."""

    order: Order
    outcomes: list[Outcome]
    refused: int


def play(sent: Draft, choices: Iterable[int], rules: Workflow, facts: Facts, id: str = "web-1") -> Played:
    """Place an order and choose what happens next, half a minute apart. What is refused is left out."""
    at_s = NOW_S
    outcome = step(None, PlaceOrder(id, sent), Context(at_s, rules, facts, "channel", "shop"))
    check(None, outcome, at_s)
    outcomes = [outcome]
    order, refused = outcome.order, 0
    for choice in choices:
        at_s += 30
        commands = possible(order)
        try:
            outcome = step(order, commands[choice % len(commands)], Context(at_s, rules, facts, "person:ann", "shop"))
        except Refused:
            refused += 1
            continue
        check(order, outcome, at_s)
        order = outcome.order
        outcomes.append(outcome)
    return Played(order, outcomes, refused)


def check(before: Order | None, outcome: Outcome, at_s: int) -> None:
    """What holds after each step."""
    order = outcome.order
    assert json.encode(fold(before, outcome.decisions, at_s)) == json.encode(order)
    events = sum(len(decision.events) for decision in outcome.decisions)
    assert order.version == (before.version if before else 0) + events
    for line in order.lines:
        everywhere = [number for units in line.tally.values() for number in numbers(units)]
        assert sorted(everywhere) == list(range(1, line.quantity + 1))
        assert all(line.tally.values())
    for tender in order.tenders.values():
        assert sum(tender.tally.values()) == tender.amount_minor
        assert all(amount > 0 for amount in tender.tally.values())
    assert_authorizations(outcome)
    for kept in order.fulfillments.values():
        for number, units in kept.units.items():
            assert set(numbers(units)) <= set(range(1, order.lines[number - 1].quantity + 1))
    if not is_open(order):
        assert (order.timers, outcome.wake_at_s) == ({}, None)
    assert json.decode(json.encode(order), type=Order) == order


def assert_authorizations(outcome: Outcome) -> None:
    """What tenders have authorized is what their authorizations hold; none is used beyond itself, or when it has ended."""
    order = outcome.order
    ours = [(name, done) for name, done in order.transactions.items() if done.kind == "authorize"]
    for name, tender in order.tenders.items():
        if tender.kind in CHARGED:
            held_now = sum(authorization.held(order, each) for each, done in ours if done.tender == name)
            assert held_now == tender.tally.get("authorized", 0)
    assert all(left_of(order, name) >= 0 for name, _ in ours)
    for done in order.transactions.values():
        if done.kind == "capture" and done.reference_of:
            of = order.transactions[done.reference_of]
            assert of.expires_at_s is None or done.at_s < of.expires_at_s
            assert of.tender == done.tender


def allocated(moves: Iterable[StockMove]) -> Counter[tuple[str, str]]:
    held: Counter[tuple[str, str]] = Counter()
    for move in moves:
        held[move.sku, move.location] += move.allocated
    return held


def account(entries: Iterable[LedgerEntry], name: str) -> int:
    return sum(e.amount_minor * ((e.debit == name) - (e.credit == name)) for e in entries)


def every_move(played: Played) -> Iterator[StockMove]:
    return (move for outcome in played.outcomes for move in outcome.moves)


@settings(suppress_health_check=[HealthCheck.too_slow])
@forall(drafts(), CHOICES, CAPTURING, st.booleans())
def test_whatever_is_done_to_an_order_nothing_is_lost_and_nothing_is_done_twice(
    sent: Draft, choices: list[int], capture: Any, split: bool
) -> None:
    facts = shelf()
    played = play(sent, choices, flow(capture, split=split), facts)
    assert_stock(played, facts)
    assert_money(played)
    keys = [task.id for outcome in played.outcomes for task in outcome.tasks]
    assert len(keys) == len(set(keys)), "no request is made twice"


@settings(suppress_health_check=[HealthCheck.too_slow])
@forall(drafts(), CHOICES, CAPTURING, MEANS, st.integers(30, 200))
def test_whatever_authorizations_do_nothing_is_lost_and_nothing_is_done_twice(
    sent: Draft, choices: list[int], capture: Any, means: Means, before_s: int
) -> None:
    facts = shelf(means)
    played = play(sent, choices, flow(capture, split=False, reauthorize_before_s=before_s), facts)
    assert_money(played)
    assert_uses(played, means)
    keys = [task.id for outcome in played.outcomes for task in outcome.tasks]
    assert len(keys) == len(set(keys)), "no request is made twice"


def assert_uses(played: Played, means: Means) -> None:
    """Of what allows one capture only one is made."""
    done = played.order.transactions.values()
    taken = Counter(each.reference_of for each in done if each.kind == "capture" and each.outcome == "done")
    del taken[""]
    assert means.captures == "many" or set(taken.values()) <= {1}


def assert_stock(played: Played, facts: Facts) -> None:
    """Stock that is allocated is what the units hold; what is gone was shipped or lost, what came back is there."""
    moves = list(every_move(played))
    running: Counter[tuple[str, str]] = Counter()
    for move in moves:
        running[move.sku, move.location] += move.allocated
        assert running[move.sku, move.location] >= 0
    holding: Counter[str] = Counter()
    for line in played.order.lines:
        holding[line.sku] += sum(size(u) for state, u in line.tally.items() if core_state(state) in HOLDING)
    by_sku: Counter[str] = Counter()
    for (sku, _), count in allocated(moves).items():
        by_sku[sku] += count
    assert +by_sku == +holding
    for sku, held in ON_HAND.items():
        for location, count in held.items():
            mine = [move for move in moves if (move.sku, move.location) == (sku, location)]
            change = sum(move.on_hand - move.allocated for move in mine)
            assert facts.stock[sku][location] == count + change >= 0
    reasons = Counter[str]()
    for move in moves:
        reasons[move.reason.partition("_")[0]] += move.on_hand
    assert set(+reasons) <= {"returned"}
    assert set(-reasons) <= {"shipped", "short"}


def assert_money(played: Played) -> None:
    """Never more back than was taken; and when the order is closed and nobody owes anything, the books are square."""
    order = played.order
    entries = [entry for outcome in played.outcomes for entry in outcome.entries]
    assert all(entry.amount_minor > 0 for entry in entries)
    cash = sum(account(entries, f"cash:{kind}") for kind in {tender.kind for tender in order.tenders.values()})
    assert cash == money_in(order, "captured", "refunding")
    for name, tender in order.tenders.items():
        brought = tender.amount_minor if tender.kind == "prepaid" else 0
        assert done(order, "refund", name) <= done(order, "capture", name) + brought
    if not is_open(order) and money_in(order, "captured") == keeps(order):
        assert account(entries, "customer") == 0
        for name in order.tenders:
            spare = sum(left_of(order, each) for each, t in order.transactions.items() if t.spare and t.tender == name)
            assert account(entries, f"authorized:{name}") == spare


def done(order: Order, kind: str, tender: str) -> int:
    return sum(
        t.amount_minor for t in order.transactions.values() if (t.kind, t.tender, t.outcome) == (kind, tender, "done")
    )


@settings(suppress_health_check=[HealthCheck.too_slow])
@forall(st.lists(st.tuples(drafts(), CHOICES), min_size=2, max_size=4))
def test_many_orders_together_never_take_the_same_stock_twice(orders: list[tuple[Draft, list[int]]]) -> None:
    facts = shelf()
    rules = flow(on_shipment, split=False)
    played = [play(sent, choices, rules, facts, f"web-{n}") for n, (sent, choices) in enumerate(orders)]
    assert all(count >= 0 for held in facts.stock.values() for count in held.values())
    change: Counter[tuple[str, str]] = Counter()
    for each in played:
        for move in every_move(each):
            change[move.sku, move.location] += move.on_hand - move.allocated
    for sku, held in ON_HAND.items():
        for location, count in held.items():
            assert facts.stock[sku][location] == count + change[sku, location]


@forall(drafts(), CHOICES)
def test_the_same_input_gives_the_same_order_to_the_byte(sent: Draft, choices: list[int]) -> None:
    rules = flow(on_shipment, split=False)
    once, twice = (play(sent, choices, rules, shelf()) for _ in range(2))
    assert json.encode(once.outcomes) == json.encode(twice.outcomes)


@forall(drafts(), CHOICES)
def test_facts_that_come_late_change_nothing(sent: Draft, choices: list[int]) -> None:
    rules = flow(on_shipment, split=False)
    expected = play(sent, choices, rules, shelf())
    lazy = Facts({location.id: location for location in LOCATIONS})
    order = step_loading(None, PlaceOrder("web-1", sent), Context(NOW_S, rules, lazy, "channel", "shop"))
    for number, choice in enumerate(choices, 1):
        assert order is not None
        commands = possible(order)
        context = Context(NOW_S + 30 * number, rules, lazy, "person:ann", "shop")
        order = step_loading(order, commands[choice % len(commands)], context) or order
    assert order == expected.order


def step_loading(order: Order | None, command: Command, context: Context) -> Order | None:
    """Run a step, loading what it lacks, as the engine does."""
    full = shelf()
    for _ in range(20):
        try:
            return step(order, command, context).order
        except Refused:
            return None
        except NeedFacts as lack:
            for key in lack.keys:
                if lack.kind == "item":
                    context.facts.items[key] = full.items[key]
                elif lack.kind in ("inbound", "queued"):
                    context.facts.arriving[key], context.facts.queues[key] = (), Queue()
                else:
                    context.facts.learn_stock(key, ON_HAND.get(key, {}))
    raise AssertionError("asks for facts in circles")


@forall(drafts(), CHOICES, CAPTURING)
def test_an_order_that_is_answered_and_left_to_itself_comes_to_its_end(
    sent: Draft, choices: list[int], capture: Any
) -> None:
    rules, facts = flow(capture, split=False), shelf()
    order = play(sent, choices, rules, facts).order
    for number in range(100):
        context = Context(NOW_S + 10_000 * (number + 1), rules, facts, "person:ann", "shop")
        order = next((made for command in ending(order) if (made := obeyed(order, command, context))), order)
    assert not is_open(order), "whoever is answered comes to rest"
    assert money_in(order, "captured") == keeps(order)


def ending(order: Order) -> list[Command]:
    """What helps an order to its end: answers that say yes, time, and a person who lifts holds and tries again."""
    said: list[Command] = [LiftHold(name) for name in order.holds]
    said += [LeaveState("engraving"), Wake(), Authorize(), Allocate(), Release(), Capture(), Refund(), Void()]
    for name, asked in order.transactions.items():
        said.append(ANSWERS[asked.kind](name, "done", reference=f"psp-{name}"))
    said += [RecordShipment(name, f"S{len(order.shipments) + 1}") for name in order.fulfillments]
    said += [RecordDelivery(name) for name in order.shipments]
    return [*said, Cancel("out of stock")]


def obeyed(order: Order, command: Command, context: Context) -> Order | None:
    """The order after a command; None if it was refused or nothing came of it."""
    try:
        made = step(order, command, context).order
    except Refused:
        return None
    return made if made.version > order.version else None
