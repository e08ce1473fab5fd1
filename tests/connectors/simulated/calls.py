"""Calls on a world, so that tests can make the same ones in another order, another process or another life."""

from collections.abc import Callable
from typing import Any

from segue.connectors.clock import VirtualClock
from segue.connectors.simulated import World
from segue.connectors.simulated.behavior import (
    Behavior,
    CarrierBehavior,
    FraudBehavior,
    GatewayBehavior,
    WarehouseBehavior,
)
from segue.ports import Answer, Inbound, Person, PortFailed

START_S = 1_700_000_000
YEAR_S = 365 * 86_400
ADA = Person("c1", name="Ada Lopez", email="ada@example.com")

ROUGH = Behavior(
    gateway=GatewayBehavior(decline_rate=0.3, lost_before_rate=0.2, lost_after_rate=0.2),
    fraud=FraudBehavior(review_rate=0.2, rejected_rate=0.1, pending_rate=0.5, silent_rate=0.3, duplicate_rate=0.3),
    warehouse=WarehouseBehavior(short_pick_rate=0.4, reject_rate=0.2, duplicate_rate=0.3),
    store=WarehouseBehavior(short_pick_rate=0.5, reject_rate=0.5, duplicate_rate=0.3),
    carrier=CarrierBehavior(lost_rate=0.2, duplicate_rate=0.3),
)

Call = Callable[[World], Answer]


def fulfillment(order: str = "o1", id: str = "F1", location: str = "W1") -> dict[str, Any]:
    """A fulfillment of two lines, as a release task has it."""
    lines = [
        {"line": 1, "sku": "TEE", "units": [[1, 3]], "quantity": 3},
        {"line": 2, "sku": "MUG", "units": [[1, 1], [4, 5]], "quantity": 3},
    ]
    return {"order": order, "fulfillment": id, "location": location, "lines": lines}


def mail(order: str = "o1", text: str = "Thank you.") -> dict[str, Any]:
    """A message, as a mail task has it."""
    return {"order": order, "template": "order_received", "subject": "Your order", "text": text}


def calls_about(order: str) -> list[Call]:
    """One call on each system, about one order."""
    return [
        lambda world: world.gateway.authorize(f"a-{order}", f"{order}/1", 90_00, "EUR"),
        lambda world: world.fraud.screen(f"s-{order}", {"order": order}),
        lambda world: world.warehouse.release(f"r-{order}", fulfillment(order), ADA),
        lambda world: world.warehouse.release(f"q-{order}", fulfillment(order, "F2", "S1"), ADA),
        lambda world: world.carrier.track(f"t-{order}", {"order": order, "shipment": "shp_1"}),
        lambda world: world.mailer.send(f"m-{order}", mail(order), ADA),
        lambda world: world.channel.tell(f"n-{order}", {"order": order, "what": "shipped"}),
    ]


def a_world(seed: int = 3, behavior: Behavior = ROUGH, **options: Any) -> World:
    """A world in which much goes wrong, at a time that stands still; S1 is a store."""
    return World(seed, behavior, clock=options.pop("clock", VirtualClock(START_S)), stores=("S1",), **options)


def all_messages(world: World) -> list[Inbound]:
    """Every message that will ever come, oldest first."""
    return list(world.collect(START_S + YEAR_S, 1_000_000))


CALLS = [call for number in range(6) for call in calls_about(f"o{number}")]


def answered(world: World, call: Call) -> Answer:
    """The answer, after as many attempts as it takes."""
    for _ in range(1000):
        try:
            return call(world)
        except PortFailed:
            continue
    raise AssertionError("there is never an answer")


EXPECTED = [answered(a_world(), call) for call in CALLS]


def expected_messages() -> list[Inbound]:
    """The messages of a world in which all calls were made in their order."""
    world = a_world()
    for call in CALLS:
        answered(world, call)
    return all_messages(world)
