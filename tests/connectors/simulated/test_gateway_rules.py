"""The simulated gateway's strictness: what each means of payment allows, when authorizations end, what banks refuse."""

import pytest

from segue.connectors.clock import VirtualClock
from segue.connectors.simulated.behavior import GatewayBehavior, MethodRules
from segue.connectors.simulated.gateway import SimulatedGateway
from tests.connectors.simulated.calls import START_S
from tests.connectors.simulated.test_gateway import HOUR_S, gateway_at

ONCE = GatewayBehavior(methods={"debit": MethodRules(captures="one")})
WHOLE = GatewayBehavior(methods={"card": MethodRules(void_part=False)})
LIMITED = GatewayBehavior(
    authorization_hours=10, methods={"pay_later": MethodRules(authorization_hours=20, refund_hours=5)}
)


def held(gateway: SimulatedGateway, method: str = "card", key: str = "a") -> str:
    """The id of a new authorization."""
    answer = gateway.authorize(key, "order-1/P1", 90_00, "EUR", method)
    assert answer.outcome == "done", answer
    return answer.reference


def test_with_the_only_capture_the_rest_is_gone() -> None:
    gateway = gateway_at(VirtualClock(START_S), ONCE)
    debit = held(gateway, "debit")
    assert gateway.capture("c", debit, 60_00, "EUR").outcome == "done"
    assert gateway.capture("d", debit, 30_00, "EUR").detail == "captured_once"
    assert gateway.void("v", debit, 30_00, "EUR").detail == "over_void"
    card = held(gateway, key="b")
    assert [gateway.capture(key, card, 30_00, "EUR").outcome for key in "xyz"] == ["done"] * 3


def test_a_part_is_not_let_go_of_where_only_all_can_be() -> None:
    gateway = gateway_at(VirtualClock(START_S), WHOLE)
    card = held(gateway)
    gateway.capture("c", card, 60_00, "EUR")
    assert gateway.void("v", card, 10_00, "EUR").detail == "void_in_part"
    assert gateway.void("w", card, 30_00, "EUR").outcome == "done"
    other = held(gateway, "gift_card", "b")
    assert gateway.void("x", other, 10_00, "EUR").outcome == "done"


@pytest.mark.parametrize(("method", "hours"), [("card", 10), ("pay_later", 20)])
def test_each_method_has_its_own_time(method: str, hours: int) -> None:
    for late_s, detail in ((-1, ""), (0, "expired")):
        clock = VirtualClock(START_S)
        gateway = gateway_at(clock, LIMITED)
        authorization = held(gateway, method)
        clock.sleep_until(START_S + hours * HOUR_S + late_s)
        assert gateway.capture("c", authorization, 90_00, "EUR").detail == detail


def test_a_refund_may_come_too_late() -> None:
    clock = VirtualClock(START_S)
    gateway = gateway_at(clock, LIMITED)
    capture = gateway.capture("c", held(gateway, "pay_later"), 90_00, "EUR").reference
    clock.sleep_until(START_S + 5 * HOUR_S - 1)
    assert gateway.refund("r", capture, 10_00, "EUR").outcome == "done"
    clock.sleep_until(START_S + 5 * HOUR_S)
    assert gateway.refund("s", capture, 10_00, "EUR").detail == "refund_too_late"


def test_a_gateway_may_say_when_an_authorization_ends() -> None:
    behavior = GatewayBehavior(authorization_hours=10, capture_before=True)
    gateway = gateway_at(VirtualClock(START_S), behavior)
    answer = gateway.authorize("a", "order-1/P1", 90_00, "EUR")
    assert answer.capture_before_s == START_S + 10 * HOUR_S
    assert gateway.capture("c", answer.reference, 90_00, "EUR").capture_before_s is None
    silent = gateway_at(VirtualClock(START_S), GatewayBehavior(authorization_hours=10))
    assert silent.authorize("a", "order-1/P1", 90_00, "EUR").capture_before_s is None


def test_a_bank_may_refuse_to_hold_once_more_what_it_holds() -> None:
    behavior = GatewayBehavior(reauthorization_decline_rate=1, authorization_hours=10)
    clock = VirtualClock(START_S)
    gateway = gateway_at(clock, behavior)
    first = held(gateway)
    assert gateway.authorize("b", "order-1/P1", 90_00, "EUR").detail == "reauthorization_declined"
    assert gateway.authorize("c", "order-2/P1", 90_00, "EUR").outcome == "done"
    gateway.void("v", first, 90_00, "EUR")
    second = held(gateway, key="d")
    assert second != first
    clock.sleep_until(START_S + 10 * HOUR_S)
    assert gateway.authorize("e", "order-1/P1", 90_00, "EUR").outcome == "done"
