"""The simulated carrier says what parcels cost; it can be down, or too slow to wait for."""

import pytest
from msgspec.structs import replace

from segue.connectors.clock import VirtualClock
from segue.connectors.simulated import CALM, World
from segue.connectors.simulated.behavior import CarrierBehavior
from segue.connectors.simulated.carrier import RATE_TIMEOUT_S
from segue.connectors.simulated.faults import CallFault, Outage, Plan, Script
from segue.core.rates import RateAnswer, RateRequest
from segue.ports import PortFailed
from tests.connectors.simulated.calls import START_S


def a_world(behavior: CarrierBehavior, plan: Plan | None = None, waited: list[float] | None = None) -> World:
    pause = (waited if waited is not None else []).append
    return World(3, replace(CALM, carrier=behavior), clock=VirtualClock(START_S), plan=plan, pause=pause)


def parcel(grams: int, origin: str = "W1") -> RateRequest:
    return RateRequest("swift", "standard", origin, "DE", "", "10", grams)


def test_it_takes_a_price_by_weight_that_differs_a_little_by_lane_and_is_always_the_same() -> None:
    plain = a_world(CarrierBehavior(rate_minor=300, rate_per_kg_minor=50, rate_spread=0, refused_from_kg=10)).carrier
    assert plain.rate("swift", [parcel(0), parcel(2000), parcel(10_000), parcel(10_001)]) == [
        RateAnswer(300), RateAnswer(400), RateAnswer(800), RateAnswer(),
    ]  # fmt: skip
    spread = CarrierBehavior(rate_minor=1000, rate_per_kg_minor=0, rate_spread=0.5)
    lanes = [parcel(100, f"W{number}") for number in range(20)]
    prices = [answer.price_minor for answer in a_world(spread).carrier.rate("swift", lanes)]
    assert len(set(prices)) > 10
    assert all(price is not None and 500 <= price <= 1500 for price in prices)
    assert prices == [answer.price_minor for answer in a_world(spread).carrier.rate("swift", lanes)]


@pytest.mark.parametrize(
    ("what", "why"), [("lost_before", "no connection"), ("lost_after", "no answer in time"), ("late", "within 2 s")]
)
def test_it_can_be_down_or_late(what: str, why: str) -> None:
    fault = CallFault(what, "carrier", "rate", late_s=60 if what == "late" else 0)
    with pytest.raises(PortFailed, match=why):
        a_world(CarrierBehavior(), Script([fault])).carrier.rate("swift", [parcel(1)])


def test_in_an_outage_nothing_answers() -> None:
    world = a_world(CarrierBehavior(), Script([], outages=[Outage("carrier", START_S, START_S + 60)]))
    with pytest.raises(PortFailed):
        world.carrier.rate("swift", [parcel(1)])


def test_nobody_waits_longer_than_so_long_for_a_slow_one() -> None:
    waited: list[float] = []
    with pytest.raises(PortFailed, match="within 2 s"):
        a_world(CarrierBehavior(latency_s=(30, 30)), waited=waited).carrier.rate("swift", [parcel(1)])
    assert waited == [RATE_TIMEOUT_S]
    quick = CarrierBehavior(latency_s=(0.5, 0.5), rate_spread=0)
    assert a_world(quick, waited=waited).carrier.rate("swift", [parcel(0)]) == [RateAnswer(480)]
    assert waited == [RATE_TIMEOUT_S, 0.5]
