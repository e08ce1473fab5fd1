"""The simulated gateway beyond what every gateway does: its ledger, its memory of keys, its declines."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.connectors.clock import VirtualClock
from segue.connectors.simulated import CALM, World
from segue.connectors.simulated.behavior import GatewayBehavior
from segue.connectors.simulated.gateway import SimulatedGateway
from tests.connectors.simulated.calls import START_S

HOUR_S = 3600


def gateway_at(clock: VirtualClock, behavior: GatewayBehavior) -> SimulatedGateway:
    """A gateway in memory, with a clock to turn."""
    return World(7, replace(CALM, gateway=behavior), clock=clock).gateway


def a_gateway(behavior: GatewayBehavior | None = None) -> SimulatedGateway:
    """A gateway in memory, at a time that stands still."""
    return gateway_at(VirtualClock(START_S), behavior or GatewayBehavior())


def test_the_ledger_tells_what_really_happened() -> None:
    gateway = a_gateway()
    authorization = gateway.authorize("a", "order-1/1", 90_00, "EUR").reference
    capture = gateway.capture("c", authorization, 60_00, "EUR").reference
    gateway.capture("d", authorization, 60_00, "EUR")
    gateway.void("v", authorization, 30_00, "EUR")
    gateway.refund("r", capture, 10_00, "EUR")
    gateway.refund("r", capture, 10_00, "EUR")
    assert [
        (row.key, row.operation, row.amount_minor, row.reference, row.authorization) for row in gateway.ledger()
    ] == [
        ("a", "authorize", 90_00, "order-1/1", authorization),
        ("c", "capture", 60_00, "order-1/1", authorization),
        ("v", "void", 30_00, "order-1/1", authorization),
        ("r", "refund", 10_00, "order-1/1", authorization),
    ]
    assert gateway.ledger()[1].id == capture
    assert {row.currency for row in gateway.ledger()} == {"EUR"}


def test_an_authorization_that_a_channel_made_can_be_captured() -> None:
    gateway = a_gateway(GatewayBehavior(decline_rate=1, key_hours=0))
    for _ in range(2):
        assert gateway.adopt("pi_77", "order-1/1", 90_00, "EUR").reference == "pi_77"
    assert gateway.capture("c", "pi_77", 90_00, "EUR").outcome == "done"
    assert [row.operation for row in gateway.ledger()] == ["adopt", "capture"]


def test_every_call_that_arrives_is_logged_with_its_key() -> None:
    gateway = a_gateway()
    gateway.authorize("a", "order-1/1", 90_00, "EUR")
    gateway.authorize("a", "order-1/1", 91_00, "EUR")
    gateway.look_up("b")
    assert list(gateway.calls) == [("authorize", "a", "done"), ("authorize", "a", "declined"), ("look_up", "b", "")]


def test_a_key_is_forgotten_after_its_hours_and_acts_again() -> None:
    clock = VirtualClock(START_S)
    gateway = gateway_at(clock, GatewayBehavior(key_hours=24))
    first = gateway.authorize("a", "order-1/1", 90_00, "EUR")
    clock.sleep_until(START_S + 24 * HOUR_S - 1)
    assert gateway.authorize("a", "order-1/1", 90_00, "EUR") == first
    clock.sleep_until(START_S + 24 * HOUR_S)
    assert gateway.look_up("a") == first
    again = gateway.authorize("a", "order-1/1", 90_00, "EUR")
    assert again.outcome == "done"
    assert again.reference != first.reference
    assert [row.key for row in gateway.ledger()] == ["a", "a"]


def test_a_gateway_without_keys_acts_each_time() -> None:
    gateway = a_gateway(GatewayBehavior(key_hours=0))
    references = {gateway.authorize("a", "order-1/1", 90_00, "EUR").reference for _ in range(3)}
    assert len(references) == len(gateway.ledger()) == 3


def test_a_key_may_be_remembered_for_ever() -> None:
    clock = VirtualClock(START_S)
    gateway = gateway_at(clock, GatewayBehavior(key_hours=None))
    first = gateway.authorize("a", "order-1/1", 90_00, "EUR")
    clock.sleep_until(START_S + 10_000 * HOUR_S)
    assert gateway.authorize("a", "order-1/1", 90_00, "EUR") == first


def test_an_expired_authorization_is_not_captured() -> None:
    clock = VirtualClock(START_S)
    gateway = gateway_at(clock, GatewayBehavior(authorization_hours=168))
    authorization = gateway.authorize("a", "order-1/1", 90_00, "EUR").reference
    clock.sleep_until(START_S + 168 * HOUR_S)
    assert gateway.capture("c", authorization, 90_00, "EUR").detail == "expired"


def test_some_cards_are_refused_for_good_and_some_only_once() -> None:
    gateway = a_gateway(GatewayBehavior(decline_rate=0.4))
    first = {n: gateway.authorize(f"a{n}", f"order-{n}/1", 100, "EUR").detail for n in range(1000)}
    second = {n: gateway.authorize(f"b{n}", f"order-{n}/1", 100, "EUR").detail for n in range(1000)}
    assert 300 < sum(map(bool, first.values())) < 420
    assert all(second[n] == "card_declined" for n, detail in first.items() if detail == "card_declined")
    assert any(not second[n] for n, detail in first.items() if detail == "insufficient_funds")


def test_captures_and_refunds_can_be_declined_too() -> None:
    gateway = a_gateway(GatewayBehavior(capture_decline_rate=0.5, refund_decline_rate=0.5))
    authorization = gateway.authorize("a", "order-1/1", 100_00, "EUR").reference
    captures = [gateway.capture(f"c{n}", authorization, 1_00, "EUR") for n in range(50)]
    taken = next(answer.reference for answer in captures if answer.outcome == "done")
    refunds = [gateway.refund(f"r{n}", taken, 1, "EUR") for n in range(50)]
    assert {answer.detail for answer in captures} == {"", "capture_declined"}
    assert {answer.detail for answer in refunds} == {"", "refund_declined"}


@given(st.lists(st.tuples(st.sampled_from("cvr"), st.integers(-5, 60), st.integers(0, 5)), max_size=40))
def test_the_books_never_give_out_more_than_they_hold(operations: list[tuple[str, int, int]]) -> None:
    gateway = a_gateway()
    authorization = gateway.authorize("a", "order-1/1", 100, "EUR").reference
    captures = ["none"]
    for number, (operation, amount_minor, which) in enumerate(operations):
        key = f"k{number}"
        if operation == "c":
            captures.append(gateway.capture(key, authorization, amount_minor, "EUR").reference)
        elif operation == "v":
            gateway.void(key, authorization, amount_minor, "EUR")
        else:
            gateway.refund(key, captures[which % len(captures)], amount_minor, "EUR")
    sums = dict.fromkeys(("authorize", "capture", "void", "refund"), 0)
    for row in gateway.ledger():
        assert row.amount_minor > 0
        sums[row.operation] += row.amount_minor
        assert sums["capture"] + sums["void"] <= 100
        assert sums["refund"] <= sums["capture"]
