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

from segue.core.allocate import Allocate, Reserve
from segue.core.base import Command, NeedFacts, Refused
from segue.core.cancel import Cancel
from segue.core.capture import Capture, RecordCapture
from segue.core.context import Context
from segue.core.facts import Facts, Item, StockMove
from segue.core.fulfill import RecordDelivery, RecordReject, RecordShipment, RecordShortPick, Release
from segue.core.grade import GradeOrder
from segue.core.hold import LiftHold, PlaceHold
from segue.core.intake import PlaceOrder, Validate
from segue.core.item_state import EnterState, LeaveState
from segue.core.ledger import LedgerEntry
from segue.core.note import Note
from segue.core.notify import Notify, TellChannel
from segue.core.order import Draft, Order, is_open, money_in
from segue.core.pay import Authorize, RecordAuthorization, RecordUnknown
from segue.core.policy import Rule
from segue.core.refund import RecordRefund, RecordVoid, Refund, Void
from segue.core.returns import RecordReturn
from segue.core.screen import RecordScreening, Screen
from segue.core.step import Outcome, fold, step
from segue.core.tally import HOLDING, Units, core_state, numbers, size
from segue.core.transactions import keeps
from segue.core.wake import Wake
from segue.core.workflow import Workflow
from segue.policies.payment import at_once, on_delivery, on_release, on_shipment
from segue.policies.splitting import shipments_at_most
from segue.policies.validation import known_skus
from tests.core.shop import LOCATIONS, NOW_S, draft, folder, hold, later, only, paid, rule, sold, workflow

ON_HAND = {"SHIRT": {"DAL": 4, "MIA": 3}, "CAP": {"DAL": 1, "REN": 5}}
REACTIONS: dict[str, list[Any]] = {
    "order_placed": [Authorize(), Reserve(), GradeOrder()],
    "payment_authorized": [Void()],
    "order_covered": [Capture(), later(60, Allocate())],
    "units_allocated": [Release()],
    "units_short_picked": [later(5, Allocate())],
    "fulfillment_released": [Capture()],
    "fulfillment_rejected": [Allocate()],
    "sourcing_failed": [PlaceHold("sourcing")],
    "fulfillment_shipped": [Capture()],
    "shipment_delivered": [Capture()],
    "payment_captured": [Void(), Refund()],
    "units_canceled": [Void(), Refund()],
    "units_returned": [only("authorized == 0", Void()), Refund()],
    "refund_declined": [later(30, Refund())],
    "left held": [Allocate(), Release()],
}


def flow(capture: Any, *, split: bool) -> Workflow:
    """A workflow with something of everything."""
    return workflow(
        on=REACTIONS,
        capture=capture,
        statuses={"held": "holds > 0", "done": "delivered + returned + canceled == units", "open": "True"},
        folders=[folder("slow", "backordered > 0", 50, Cancel("too_slow"))],
        holds={
            "sourcing": hold("allocate", "reserve"),
            "review": hold("allocate", "release", "capture", "refund", "authorize", lift_when="shipped > 0"),
            "known_skus": hold("allocate", expires_s=90),
        },
        validate=(rule(known_skus),),
        split=(Rule("shipments_at_most", lambda plan, order: shipments_at_most(plan, order, count=2)),)
        if split
        else (),
        fact_kinds=frozenset({"stock"}),
    )


ALWAYS: tuple[Command, ...] = (
    Wake(), Wake(), Authorize(), Allocate(), Reserve(), Release(), Capture(), Void(), Refund(), Validate(), Cancel("all"),
    PlaceHold("review"), LiftHold("review"), LiftHold("sourcing"), PlaceHold("review", line=2), LiftHold("review:2"),
    EnterState("engraving", 1), LeaveState("engraving"), Note("look"), Notify("hello"), TellChannel("news"), Screen(),
    RecordScreening("accepted"), LiftHold("known_skus:3"), Cancel(line=9), RecordShipment("F9", "S9"),
)  # fmt: skip
CHOICES = st.lists(st.integers(0, 9_999), min_size=12, max_size=45)
ANSWERS: dict[str, Any] = {
    "authorize": RecordAuthorization, "capture": RecordCapture, "void": RecordVoid, "refund": RecordRefund,
}  # fmt: skip


def possible(order: Order) -> list[Command]:
    """What the world could say to this order next; and what anybody could ask, sensible or not."""
    said: list[Command] = []
    for name, asked in order.transactions.items():
        if asked.outcome in ("asked", "unknown"):
            answer = ANSWERS[asked.kind]
            said += [answer(name, "done", reference=f"psp-{name}")] * 4 + [
                answer(name, "declined"),
                RecordUnknown(name),
            ]
    for name, made in order.fulfillments.items():
        shipment = f"S{len(order.shipments) + 1}"
        some: dict[int, Units] = {number: ((units[0][0], units[0][0]),) for number, units in made.units.items()}
        said += [RecordShipment(name, shipment), RecordShipment(name, shipment, some), RecordShipment(name, shipment)]
        said += [RecordShortPick(name, some), RecordReject(name)]
    said += [RecordDelivery(name) for name, parcel in order.shipments.items() if parcel.delivered_at_s is None]
    for line in order.lines:
        said += [Cancel("one", line.number, 1), RecordReturn(line.number, 1, sellable=line.number == 1)]
    return [*said, *ALWAYS]


PAYING = st.sampled_from(
    [
        ("gateway",), ("adopted",), ("prepaid",), ("account",), ("on_delivery",),
        ("gateway", "account"), ("adopted", "prepaid"), ("adopted", "on_delivery"), ("gateway", "gateway"),
    ]
)  # fmt: skip
CAPTURING = st.sampled_from([on_shipment, on_release, at_once, on_delivery])


@st.composite
def drafts(pick: st.DrawFn) -> Draft:
    lines = [sold("SHIRT", pick(st.integers(1, 5)), pick(st.integers(0, 20_00))), sold("CAP", 2, 5_01)]
    if pick(st.booleans()):
        lines.append(sold(pick(st.sampled_from(["SHIRT", "UNLISTED"])), pick(st.integers(1, 2)), 7_00))
    extras: dict[str, Any] = {
        "shipping_minor": pick(st.integers(0, 5_00)),
        "discount_minor": pick(st.integers(0, 1_00)),
    }
    total = draft(*lines, **extras).total_minor
    kinds = pick(PAYING)
    first = pick(st.integers(0, total)) if len(kinds) > 1 else total
    tenders = [paid(first, kinds[0]), *(paid(total - first, kind) for kind in kinds[1:])]
    return draft(*lines, tenders=tenders, **extras)


class Played(NamedTuple):
    """What came of some commands."""

    order: Order
    outcomes: list[Outcome]
    refused: int


def shelf() -> Facts:
    facts = Facts({location.id: location for location in LOCATIONS})
    for sku, held in ON_HAND.items():
        facts.learn_stock(sku, held)
    facts.learn_stock("UNLISTED", {})
    facts.items |= {"SHIRT": Item("SHIRT"), "CAP": Item("CAP"), "UNLISTED": None}
    return facts


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
    for kept in order.fulfillments.values():
        for number, units in kept.units.items():
            assert set(numbers(units)) <= set(range(1, order.lines[number - 1].quantity + 1))
    if not is_open(order):
        assert (order.timers, outcome.wake_at_s) == ({}, None)
    assert json.decode(json.encode(order), type=Order) == order


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
            assert account(entries, f"authorized:{name}") == 0


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
    assert json.encode([o[:5] for o in once.outcomes]) == json.encode([o[:5] for o in twice.outcomes])


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
