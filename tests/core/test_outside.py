"""What each subject declares of the outside: nothing is forgotten, and nothing is declared that is not so."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from segue.core.allocate import Allocate
from segue.core.base import Command, Event, Refused
from segue.core.cancel import Cancel, UnitsCanceled
from segue.core.capture import CaptureDeclined, RecordCapture
from segue.core.context import Context
from segue.core.decide import COMMANDS, EVOLUTIONS, Decision
from segue.core.deliver import RecordDelivery
from segue.core.draft import Draft
from segue.core.fulfill import FulfillmentReleased, RecordReject, RecordShipment, RecordShortPick, Release
from segue.core.hold import LiftHold, ReactionBlocked
from segue.core.intake import PlaceOrder
from segue.core.item_state import EnterState, LeaveState
from segue.core.order import Order
from segue.core.outside import ANSWERS, EFFECTS, TROUBLES, UNPROMPTED, reachable_states, unanswered, uncovered
from segue.core.pay import Authorize, RecordAuthorization, RecordUnknown
from segue.core.returns import RecordReturn
from segue.core.screen import RecordScreening, Screen, ScreeningRecorded
from segue.core.step import step
from segue.core.tally import Units, core_state, numbers
from segue.core.tasks import REQUESTS
from segue.core.void import RecordVoid, Void
from segue.core.wake import TimerSet
from tests.core.chance import CAPTURING, drafts, flow, possible, shelf
from tests.core.given import Given, given
from tests.core.shop import NOW_S, draft, hold, sold

STOCK = {"SHIRT": {"DAL": 5}}


def where_units_are(order: Order | None) -> dict[tuple[int, int], str]:
    """The core state of each unit."""
    found: dict[tuple[int, int], str] = {}
    for line in order.lines if order else ():
        for state, units in line.tally.items():
            found |= {(line.number, unit): core_state(state) for unit in numbers(units)}
    return found


def amounts_of(order: Order | None) -> dict[tuple[str, str], int]:
    """How many cents of each tender are in which state."""
    tenders = order.tenders.items() if order else ()
    return {(name, state): amount for name, tender in tenders for state, amount in tender.tally.items()}


def moved(event: Event, before: Order | None, after: Order) -> set[tuple[str, str]]:
    """From where to where an event moves units and cents, as far as that can be seen."""
    was, is_now = where_units_are(before), where_units_are(after)
    moves = {(was.get(unit, ""), state) for unit, state in is_now.items() if was.get(unit, "") != state}
    had, has = amounts_of(before), amounts_of(after)
    grown = {state for (name, state), amount in has.items() if amount > had.get((name, state), 0)}
    shrunk = {state for (name, state), amount in had.items() if amount > has.get((name, state), 0)}
    return moves | {(source, target) for target in grown for source in shrunk or {""}}


def placed(sent: Draft, capture: Any, *, split: bool) -> tuple[Context, Order]:
    """An order that has come in, and what its next steps may look at."""
    context = Context(NOW_S, flow(capture, split=split), shelf(), "chance", "shop")
    context.facts.past[sent.person] = ()
    return context, step(None, PlaceOrder("web-1", sent), context).order


def test_whoever_is_asked_something_has_an_answer_declared() -> None:
    assert ANSWERS.keys() == REQUESTS.keys()


def test_every_trouble_and_effect_is_an_event() -> None:
    assert set(TROUBLES) | EFFECTS.keys() <= EVOLUTIONS.keys()


def test_something_leads_to_every_state() -> None:
    assert {
        "issuing",
        "returning",
        "in_transit",
        "ready",
        "delivered",
        "returned",
        "canceled",
        "refunded",
        "voided",
        "dropped",
    } <= reachable_states()


@forall(drafts(), CAPTURING, st.booleans(), st.lists(st.integers(0, 9_999), min_size=8, max_size=30))
def test_events_move_units_and_cents_only_as_they_declare(
    sent: Draft, capture: Any, split: bool, choices: list[int]
) -> None:
    context, order = placed(sent, capture, split=split)
    for choice in choices:
        commands = possible(order)
        try:
            outcome = step(order, commands[choice % len(commands)], context)
        except Refused:
            continue
        here = order
        for event in (event for decision in outcome.decisions for event in decision.events):
            after = EVOLUTIONS[type(event)](here, event, NOW_S)
            for source, target in moved(event, here, after):
                assert source in EFFECTS[type(event)][target], (event, source, target)
            here = after
        order = outcome.order


@forall(drafts(), CAPTURING, st.lists(st.integers(0, 9_999), min_size=8, max_size=30))
def test_what_others_may_say_is_never_out_of_place(sent: Draft, capture: Any, choices: list[int]) -> None:
    context, order = placed(sent, capture, split=False)
    sayings = [*ANSWERS.values(), *(saying for several in UNPROMPTED.values() for saying in several)]
    for choice in choices:
        commands = [command for saying in sayings for command in saying(order)]
        assert {type(command) for command in commands} <= set(COMMANDS.values())
        if commands:
            order = step(order, commands[choice % len(commands)], context).order


def said(order: Order | None, sayings: dict[Any, Any] = ANSWERS) -> list[Command]:
    """Everything that may be said to an order now."""
    assert order is not None
    several = [each if isinstance(each, tuple) else (each,) for each in sayings.values()]
    return [command for each in several for saying in each for command in saying(order)]


def shirts(quantity: int = 2) -> Given:
    """An order of shirts, on stock."""
    return given(draft(sold(quantity=quantity))).knowing(stock=STOCK, holds={"review": hold("release")})


PAID = (Authorize(), RecordAuthorization("A1", "done"))


def after(*commands: Command, quantity: int = 2) -> Order | None:
    """The order of shirts after some commands."""
    here = shirts(quantity)
    for command in commands:
        here = here.after(command)
    return here.order


ONE: dict[int, Units] = {1: ((1, 1),)}
SAID: list[tuple[Order | None, list[Command]]] = [
    (after(), []),
    (after(Authorize()), [RecordAuthorization("A1", "done"), RecordAuthorization("A1", "declined")]),
    (after(Authorize(), RecordUnknown("A1")), [RecordAuthorization("A1", "done"), RecordAuthorization("A1", "declined")]),
    (after(*PAID, Cancel(), Void()), [RecordVoid("V1", "done"), RecordVoid("V1", "declined")]),
    (
        after(Screen()),
        [RecordScreening(verdict) for verdict in ("accepted", "review", "rejected", "pending", "timed_out")],
    ),
    (
        after(Screen(), RecordScreening("pending")),
        [RecordScreening(verdict) for verdict in ("accepted", "review", "rejected")],
    ),
    (
        after(*PAID, Allocate(), Release()),
        [
            RecordShipment("F1", "S1"), RecordShortPick("F1", {1: ((1, 2),)}), RecordReject("F1"),
            RecordShipment("F1", "S1", ONE), RecordShortPick("F1", ONE),
        ],
    ),
    (
        after(*PAID, Allocate(), Release(), quantity=1),
        [RecordShipment("F1", "S1"), RecordShortPick("F1", ONE), RecordReject("F1")],
    ),
    (after(*PAID, Allocate(), Release(), RecordShipment("F1", "S1")), [RecordDelivery("S1")]),
]  # fmt: skip


@pytest.mark.parametrize(("order", "expected"), SAID)
def test_others_may_say_this_and_no_more(order: Order | None, expected: list[Command]) -> None:
    assert said(order) == expected


UNASKED: list[tuple[Order | None, list[Command]]] = [
    (after(), [Cancel("customer"), Cancel("customer", 1, 1)]),
    (after(quantity=1), [Cancel("customer")]),
    (after(Cancel()), []),
    (after(Authorize(), Cancel()), [RecordUnknown("A1")]),
    (
        after(*PAID, Allocate(), EnterState("engraving")),
        [LeaveState("engraving"), Cancel("customer"), Cancel("customer", 1, 1)],
    ),
    (after(*PAID, Allocate(), Release(), RecordShipment("F1", "S1")), [RecordReturn(1, 1), RecordReturn(1, 2)]),
]


@pytest.mark.parametrize(("order", "expected"), UNASKED)
def test_people_may_ask_this_unprompted(order: Order | None, expected: list[Command]) -> None:
    assert sorted(map(repr, said(order, UNPROMPTED))) == sorted(map(repr, expected))


def test_a_hold_may_be_lifted_by_people() -> None:
    order = shirts().after(COMMANDS["place_hold"]("review")).order
    assert LiftHold("review") in said(order, UNPROMPTED)


DECLINED = CaptureDeclined(transaction="C1", tender="P1", amount_minor=1)
WARNED = ScreeningRecorded(verdict="review")
ANSWERED: list[tuple[Callable[[], Order | None], tuple[Decision, ...], list[str]]] = [
    (after, (Decision("gateway", (DECLINED,)),), ["capture_declined"]),
    (after, (Decision("gateway", (DECLINED,)), Decision("workflow", (), None, "on.capture_declined.0")), []),
    (
        after,
        (Decision("gateway", (DECLINED,)), Decision("workflow", (), None, "on.order_placed.0")),
        ["capture_declined"],
    ),
    (
        after,
        (
            Decision("gateway", (DECLINED,)),
            Decision("workflow", (TimerSet(timer="t", due_at_s=1, reaction="on.capture_declined.0"),)),
        ),
        [],
    ),
    (
        after,
        (Decision("gateway", (DECLINED, ReactionBlocked(hold="review", reaction="on.capture_declined.0"))),),
        [],
    ),
    (after, (Decision("fraud", (WARNED,)),), ["screening_recorded"]),
    (lambda: after(Cancel()), (Decision("fraud", (WARNED,)),), []),
    (after, (Decision("fraud", (ScreeningRecorded(verdict="accepted"),)),), []),
    (after, (Decision("customer", (UnitsCanceled(units={1: ((1, 2),)}),)),), []),
]


@pytest.mark.parametrize(("made", "decisions", "expected"), ANSWERED)
def test_trouble_is_answered_by_a_reaction_now_or_later(
    made: Callable[[], Order | None], decisions: tuple[Decision, ...], expected: list[str]
) -> None:
    order = made()
    assert order is not None
    assert list(unanswered(order, decisions)) == expected


def test_what_has_left_and_is_not_secured_is_counted() -> None:
    released = FulfillmentReleased(fulfillment="F1", location="DAL", units={1: ((1, 2),)})
    secured = (
        shirts().after(PAID[0]).after(PAID[1]).after(Allocate()).after(Release()).after(RecordShipment("F1", "S1"))
    )
    assert secured.order is not None
    assert uncovered(secured.order) == 0
    shipped = shirts().after(Allocate())
    order = EVOLUTIONS[FulfillmentReleased](shipped.order, released, NOW_S)
    left = shipped._replace(order=order).after(RecordShipment("F1", "S1")).order
    assert left is not None
    assert (uncovered(order), uncovered(left)) == (0, 20_00)


def test_a_canceled_order_asks_for_no_money() -> None:
    shirts().after(Cancel()).when(Authorize()).then()


def test_an_unknown_capture_may_be_settled_later() -> None:
    capturing = after(
        *PAID, Allocate(), Release(), RecordShipment("F1", "S1"), COMMANDS["capture"](), RecordUnknown("C1")
    )
    assert said(capturing)[1:] == [RecordCapture("C1", "done"), RecordCapture("C1", "declined")]
