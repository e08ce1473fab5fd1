"""The conformance suite for gateways: what every gateway connector must do, whatever the provider."""

from collections.abc import Callable

import pytest

from segue.ports import Answer, Gateway, PortFailed
from tests.connectors.gateways import GATEWAYS, GatewayPair, stubbornly

EVERY_GATEWAY = pytest.mark.parametrize("pair", GATEWAYS.values(), ids=GATEWAYS)


def authorized(gateway: Gateway, amount_minor: int = 90_00) -> str:
    """The id of a new authorization."""
    answer = gateway.authorize("key-a", "order-1/1", amount_minor, "EUR")
    assert answer.outcome == "done"
    return answer.reference


def captured(gateway: Gateway, amount_minor: int = 60_00) -> str:
    """The id of a capture of a new authorization of 90."""
    return gateway.capture("key-c", authorized(gateway), amount_minor, "EUR").reference


@EVERY_GATEWAY
def test_an_answer_names_the_amount_and_the_currency(pair: GatewayPair) -> None:
    answer = pair.sound().authorize("key-a", "order-1/1", 90_00, "EUR")
    assert (answer.outcome, answer.amount_minor, answer.currency) == ("done", 90_00, "EUR")


@EVERY_GATEWAY
def test_the_same_key_gives_the_same_answer(pair: GatewayPair) -> None:
    gateway = pair.sound()
    authorization = authorized(gateway)
    assert authorized(gateway) == authorization
    first, again = (gateway.capture("key-c", authorization, 60_00, "EUR") for _ in range(2))
    assert first == again


@EVERY_GATEWAY
def test_a_key_that_comes_back_with_another_request_is_declined(pair: GatewayPair) -> None:
    gateway = pair.sound()
    authorization = authorized(gateway)
    for answer in (
        gateway.authorize("key-a", "order-1/1", 91_00, "EUR"),
        gateway.authorize("key-a", "order-2/1", 90_00, "EUR"),
        gateway.capture("key-a", authorization, 90_00, "EUR"),
    ):
        assert (answer.outcome, answer.detail) == ("declined", "key_reused")


@EVERY_GATEWAY
def test_an_authorization_is_captured_in_parts_and_never_beyond(pair: GatewayPair) -> None:
    gateway = pair.sound()
    authorization = authorized(gateway)
    assert gateway.capture("key-1", authorization, 60_00, "EUR").outcome == "done"
    assert gateway.capture("key-2", authorization, 30_01, "EUR").detail == "over_capture"
    assert gateway.capture("key-3", authorization, 30_00, "EUR").outcome == "done"
    assert gateway.capture("key-4", authorization, 1, "EUR").detail == "over_capture"


@EVERY_GATEWAY
def test_a_capture_is_refunded_in_parts_and_never_beyond(pair: GatewayPair) -> None:
    gateway = pair.sound()
    capture = captured(gateway)
    assert gateway.refund("key-1", capture, 20_00, "EUR").outcome == "done"
    assert gateway.refund("key-2", capture, 40_01, "EUR").detail == "over_refund"
    assert gateway.refund("key-3", capture, 40_00, "EUR").outcome == "done"


@EVERY_GATEWAY
def test_what_is_voided_is_not_captured(pair: GatewayPair) -> None:
    gateway = pair.sound()
    authorization = authorized(gateway)
    assert gateway.void("key-v", authorization, 90_00, "EUR").outcome == "done"
    assert gateway.capture("key-c", authorization, 1, "EUR").detail == "voided"


@EVERY_GATEWAY
def test_what_is_captured_is_not_voided(pair: GatewayPair) -> None:
    gateway = pair.sound()
    authorization = authorized(gateway)
    gateway.capture("key-c", authorization, 60_00, "EUR")
    assert gateway.void("key-v", authorization, 30_01, "EUR").detail == "over_void"
    assert gateway.void("key-w", authorization, 30_00, "EUR").outcome == "done"


IMPOSSIBLE: dict[str, Callable[[Gateway], Answer]] = {
    "unknown_authorization": lambda gateway: gateway.capture("key-x", "auth_nobody", 1, "EUR"),
    "unknown_capture": lambda gateway: gateway.refund("key-x", authorized(gateway), 1, "EUR"),
    "currency_differs": lambda gateway: gateway.capture("key-x", authorized(gateway), 1, "USD"),
    "amount_not_positive": lambda gateway: gateway.capture("key-x", authorized(gateway), 0, "EUR"),
    "unknown_currency": lambda gateway: gateway.authorize("key-x", "order-1/1", 1, "EURO"),
}


@EVERY_GATEWAY
@pytest.mark.parametrize("detail", IMPOSSIBLE)
def test_what_is_impossible_is_declined_and_says_why(pair: GatewayPair, detail: str) -> None:
    answer = IMPOSSIBLE[detail](pair.sound())
    assert (answer.outcome, answer.detail) == ("declined", detail)


@EVERY_GATEWAY
def test_a_void_and_a_refund_in_another_currency_or_of_nothing_known_are_declined(pair: GatewayPair) -> None:
    gateway = pair.sound()
    capture = captured(gateway)
    authorization = authorized(gateway)
    assert gateway.void("key-1", authorization, 1, "USD").detail == "currency_differs"
    assert gateway.void("key-2", "auth_nobody", 1, "EUR").detail == "unknown_authorization"
    assert gateway.refund("key-3", capture, 1, "USD").detail == "currency_differs"


@EVERY_GATEWAY
def test_a_request_can_be_looked_up_by_its_key(pair: GatewayPair) -> None:
    gateway = pair.sound()
    answer = gateway.authorize("key-a", "order-1/1", 90_00, "EUR")
    declined = gateway.capture("key-c", answer.reference, 90_01, "EUR")
    assert gateway.look_up("key-a") == answer
    assert gateway.look_up("key-c") == declined
    assert gateway.look_up("key-nobody") is None


@EVERY_GATEWAY
def test_a_lost_answer_is_had_by_the_same_key_and_nothing_happens_twice(pair: GatewayPair) -> None:
    gateway = pair.losing()
    for number in range(30):
        reference, keys = f"order-{number}/1", (f"a-{number}", f"c-{number}", f"d-{number}")
        held = stubbornly(lambda: gateway.authorize(keys[0], reference, 90_00, "EUR"))  # noqa: B023 - called at once
        assert held is not None
        taken = stubbornly(lambda: gateway.capture(keys[1], held.reference, 60_00, "EUR"))  # noqa: B023
        assert taken is not None
        assert taken.outcome == "done"
        rest = stubbornly(lambda: gateway.capture(keys[2], held.reference, 30_00, "EUR"))  # noqa: B023
        assert rest is not None
        assert rest.outcome == "done"  # had the first capture happened twice, this one would be too large


@EVERY_GATEWAY
def test_after_a_lost_answer_a_look_up_tells_whether_it_happened(pair: GatewayPair) -> None:
    gateway = pair.losing()
    for number in range(30):
        key = f"a-{number}"
        found = stubbornly(lambda: gateway.look_up(key))  # noqa: B023
        assert found is None
        answer = stubbornly(lambda: gateway.authorize(key, f"order-{key}/1", 90_00, "EUR"))  # noqa: B023
        assert stubbornly(lambda: gateway.look_up(key)) == answer  # noqa: B023


@EVERY_GATEWAY
def test_who_looks_up_before_asking_again_needs_no_key_to_be_remembered(pair: GatewayPair) -> None:
    gateway = pair.forgetful()

    def asked(key: str, send: Callable[[], Answer]) -> Answer:
        """Ask once; after each lost answer look up first, as the engine does."""
        try:
            return send()
        except PortFailed:
            pass
        answer = stubbornly(lambda: gateway.look_up(key) or send())
        assert answer is not None
        return answer

    for number in range(30):
        keys = (f"a-{number}", f"c-{number}", f"d-{number}")
        held = asked(keys[0], lambda: gateway.authorize(keys[0], f"order-{number}/1", 90_00, "EUR"))  # noqa: B023
        taken = asked(keys[1], lambda: gateway.capture(keys[1], held.reference, 60_00, "EUR"))  # noqa: B023
        rest = asked(keys[2], lambda: gateway.capture(keys[2], held.reference, 30_00, "EUR"))  # noqa: B023
        assert (taken.outcome, rest.outcome) == ("done", "done")


@EVERY_GATEWAY
def test_the_method_of_a_tender_may_be_named(pair: GatewayPair) -> None:
    answer = pair.sound().authorize("key-a", "order-1/1", 90_00, "EUR", "gift_card")
    assert answer.outcome == "done"
