"""The gateways that the conformance suite runs on. A new gateway connector adds its factories here."""

from collections.abc import Callable
from typing import NamedTuple

from msgspec.structs import replace

from segue.connectors.clock import VirtualClock
from segue.connectors.simulated import CALM, World
from segue.connectors.simulated.behavior import GatewayBehavior
from segue.ports import Answer, Gateway, PortFailed

START_S = 1_700_000_000


class GatewayPair(NamedTuple):
    """Gateways of one make: one that always answers, one that loses answers after it has acted, one that forgets keys."""

    sound: Callable[[], Gateway]
    losing: Callable[[], Gateway]
    forgetful: Callable[[], Gateway]  # loses answers too, and remembers no key: only a look-up tells what it did


def simulated(behavior: GatewayBehavior) -> Gateway:
    """A simulated gateway in memory."""
    return World(7, replace(CALM, gateway=behavior), clock=VirtualClock(START_S)).gateway


GATEWAYS = {
    "simulated": GatewayPair(
        sound=lambda: simulated(GatewayBehavior()),
        losing=lambda: simulated(GatewayBehavior(lost_before_rate=0.3, lost_after_rate=0.5)),
        forgetful=lambda: simulated(GatewayBehavior(lost_before_rate=0.3, lost_after_rate=0.5, key_hours=0)),
    )
}


def stubbornly(call: Callable[[], Answer | None]) -> Answer | None:
    """Ask again until there is an answer."""
    for _ in range(1000):
        try:
            return call()
        except PortFailed:
            continue
    raise AssertionError("the gateway never answers")
