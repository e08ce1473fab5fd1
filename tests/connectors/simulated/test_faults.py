"""Faults that are planned: each happens where the plan says, once, and what happened is what the provider believes."""

import pytest
from msgspec.structs import replace

from segue.connectors.clock import VirtualClock
from segue.connectors.simulated import CALM, World
from segue.connectors.simulated.behavior import Behavior
from segue.connectors.simulated.by_chance import RandomPlan, Rates
from segue.connectors.simulated.faults import CallFault, MessageFault, Met, Outage, Plan, Script
from segue.ports import Answer, Inbound, PortFailed
from tests.connectors.simulated.calls import ADA, START_S, YEAR_S, calls_about, fulfillment, mail

LATE_S = 500
PORTS = ("gateway", "fraud", "warehouse", "carrier", "mailer", "channel")


def a_world(plan: Plan, behavior: Behavior = CALM) -> World:
    return World(3, behavior, clock=VirtualClock(START_S), plan=plan)


def authorized(world: World, key: str = "a1", order: str = "o1") -> Answer:
    return world.gateway.authorize(key, f"{order}/P1", 90_00, "EUR")


def outcomes(world: World, order: str) -> list[str]:
    """What comes of one call on each system."""
    found = []
    for call in calls_about(order):
        try:
            found.append(call(world).outcome)
        except PortFailed:
            found.append("failed")
    return found


def messages(world: World) -> list[tuple[str, int]]:
    arriving = world.collect(START_S + YEAR_S, 100)
    return [(message.kind, message.due_at_s) for message in arriving]


def test_the_second_capture_of_an_order_is_lost_after_it_was_done_and_found_by_its_key() -> None:
    world = a_world(Script([CallFault("lost_after", "gateway", "capture", "o1", nth=2)]))
    held = authorized(world).reference
    assert world.gateway.capture("c1", held, 10_00, "EUR").outcome == "done"
    with pytest.raises(PortFailed, match="no answer in time"):
        world.gateway.capture("c2", held, 20_00, "EUR")
    found = world.gateway.look_up("c2")
    assert found is not None
    assert found.amount_minor == 20_00
    assert world.gateway.capture("c2", held, 20_00, "EUR") == found
    assert [row.amount_minor for row in world.gateway.ledger()] == [90_00, 10_00, 20_00]
    assert world.plan is not None
    assert world.plan.met == [Met("gateway", "lost_after", "capture", "o1", "c2", 1, START_S)]


def test_what_is_lost_before_it_acted_was_never_seen() -> None:
    world = a_world(Script([CallFault("lost_before", "gateway", "authorize", "o1", attempt=2)]))
    assert authorized(world).outcome == "done"
    with pytest.raises(PortFailed, match="no connection"):
        authorized(world)
    assert authorized(world).outcome == "done"
    blind = a_world(Script([CallFault("lost_before", "gateway", "authorize")]))
    with pytest.raises(PortFailed):
        authorized(blind)
    assert blind.gateway.look_up("a1") is None
    assert blind.gateway.ledger() == ()


def test_a_planned_decline_is_the_providers_own_answer_to_that_key() -> None:
    world = a_world(Script([CallFault("declined", "gateway", "capture", detail="expired_card")]))
    held = authorized(world).reference
    assert world.gateway.capture("c1", held, 10_00, "EUR") == Answer("declined", detail="expired_card")
    assert world.gateway.look_up("c1") == Answer("declined", detail="expired_card")
    assert len(world.gateway.ledger()) == 1


@pytest.mark.parametrize("port", PORTS)
def test_any_provider_can_decline_and_any_can_be_dead(port: str) -> None:
    well = outcomes(a_world(Script()), "o1")
    declining = outcomes(a_world(Script([CallFault("declined", port)])), "o1")
    dead = outcomes(a_world(Script(outages=[Outage(port, START_S, START_S + 1)])), "o1")
    assert {a for a, b in zip(declining, well, strict=True) if a != b} == {"declined"}
    assert {a for a, b in zip(dead, well, strict=True) if a != b} == {"failed"}
    assert outcomes(a_world(Script(outages=[Outage(port, START_S + 1)])), "o1") == well


def test_a_late_answer_takes_its_time_and_a_verdict_can_be_planned() -> None:
    script = Script([CallFault("verdict", "fraud", outcome="rejected", late_s=LATE_S)])
    world = a_world(script)
    assert world.fraud.screen("s1", {"order": "o1"}).outcome == "rejected"
    assert world._desk.clock.now_s() == START_S + LATE_S
    script.faults.append(CallFault("late", "mailer", late_s=LATE_S))
    assert world.mailer.send("m1", mail(), ADA).outcome == "done"
    assert world._desk.clock.now_s() == START_S + 2 * LATE_S


def test_a_gateway_can_say_that_it_took_another_amount_than_it_did() -> None:
    world = a_world(Script([CallFault("other_amount", "gateway", "authorize", amount_minor=1)]))
    assert authorized(world).amount_minor == 1
    assert world.gateway.ledger()[0].amount_minor == 90_00


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("never", ["record_short_pick"]),
        ("delayed", ["record_short_pick", "record_shipment"]),
        ("duplicated", ["record_short_pick", "record_shipment", "record_shipment"]),
        ("reversed", ["record_shipment", "record_short_pick"]),
    ],
)
def test_messages_come_as_planned(what: str, expected: list[str]) -> None:
    short = replace(CALM, warehouse=replace(CALM.warehouse, short_pick_rate=1.0))
    usual = a_world(Script(), short)
    world = a_world(Script(messages=[MessageFault(what, kind="record_shipment", nth=1, after_s=7)]), short)
    for each in (usual, world):
        each.warehouse.release("r1", fulfillment(), ADA)
    before, after = messages(usual), messages(world)
    assert [kind for kind, _ in after] == expected
    if what != "never":
        assert after[-1][1] - before[-1][1] == (0 if what == "reversed" else 7)


def test_a_source_that_is_dead_keeps_its_messages_and_one_that_does_not_hear_sends_them_again() -> None:
    fetching = [CallFault("lost_before", "source", operation, nth=1) for operation in ("collect", "settle")]
    world = a_world(Script(fetching))
    world.carrier.track("t1", {"order": "o1", "shipment": "S1"})
    late = START_S + YEAR_S
    with pytest.raises(PortFailed):
        world.collect(late, 9)
    arrived = world.collect(late + 1, 9)
    assert [message.kind for message in arrived] == ["record_delivery"]
    with pytest.raises(PortFailed):
        world.settle(arrived)
    assert world.collect(late + 2, 9) == arrived


def test_chance_depends_on_the_seed_and_the_request_and_on_nothing_else() -> None:
    rates = {port: Rates(lost_before=0.2, lost_after=0.2, late=0.1, declined=0.3, dead=0.1) for port in PORTS}
    names = [f"o{number}" for number in range(40)]
    first, again, other = (a_world(RandomPlan(seed, rates)) for seed in (5, 5, 6))
    found = {name: outcomes(first, name) for name in names}
    assert {name: outcomes(again, name) for name in reversed(names)} == found
    assert {name: outcomes(other, name) for name in names} != found
    assert first.plan is not None
    assert {met.what for met in first.plan.met} >= {"lost_before", "lost_after", "late", "declined"}


def test_what_is_switched_off_by_name_does_not_happen() -> None:
    rates = {port: Rates(lost_before=0.5, delayed=0.5, never=0.5) for port in (*PORTS, "warehouse")}
    without = frozenset(f"{port}.{what}" for port in PORTS for what in ("lost_before", "never"))
    plan = RandomPlan(5, rates, without)
    world = a_world(plan)
    for number in range(30):
        assert "failed" not in outcomes(world, f"o{number}")
    assert {met.what for met in plan.met} == {"delayed"}


def test_a_message_that_comes_twice_is_the_same_message_twice() -> None:
    plan = RandomPlan(1, {"warehouse": Rates(duplicated=1.0, delay_s=(5, 5))})
    sent = Inbound("warehouse", "o1/F1/shipped", "record_shipment", {}, "o1", START_S)
    assert plan.of_messages([sent]) == (sent, replace(sent, due_at_s=START_S + 5))


def test_a_request_that_is_held_up_is_done_later_or_not_at_all_if_it_was_sent_again() -> None:
    script = Script([CallFault("held_up", "gateway", "authorize", late_s=LATE_S)])
    world = a_world(script)
    for key in ("a1", "a2"):
        with pytest.raises(PortFailed, match="no answer in time"):
            authorized(world, key, key)
    assert world.gateway.look_up("a1") is None
    assert authorized(world, "a2", "a2").outcome == "done"
    world._desk.clock.sleep_until(START_S + LATE_S - 1)
    assert [row.key for row in world.gateway.ledger()] == ["a2"]
    world._desk.clock.sleep_until(START_S + LATE_S)
    assert [row.key for row in world.gateway.ledger()] == ["a2", "a1"]
    found = world.gateway.look_up("a1")
    assert found is not None
    assert found.outcome == "done"


@pytest.mark.parametrize("key_hours", [0, 24])
def test_a_request_that_comes_twice_is_done_once(key_hours: float) -> None:
    behavior = replace(CALM, gateway=replace(CALM.gateway, key_hours=key_hours))
    world = a_world(Script([CallFault("doubled", "gateway", "authorize")]), behavior)
    assert authorized(world).outcome == "done"
    assert len(world.gateway.ledger()) == 1
    assert len(world.gateway.calls) == (2 if key_hours else 1)


def test_without_keys_what_is_held_up_never_arrives() -> None:
    behavior = replace(CALM, gateway=replace(CALM.gateway, key_hours=0))
    world = a_world(Script([CallFault("held_up", "gateway", "authorize", late_s=LATE_S)]), behavior)
    with pytest.raises(PortFailed):
        authorized(world)
    assert authorized(world).outcome == "done"
    world._desk.clock.sleep_until(START_S + LATE_S)
    assert len(world.gateway.ledger()) == 1
