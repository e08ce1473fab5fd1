"""The world as a whole: its answers depend on what is asked only, and it survives being killed."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from msgspec import convert

from segue.connectors.clock import VirtualClock
from segue.connectors.simulated import CALM, Behavior, World
from segue.ports import Carrier, Channel, Fraud, Gateway, Inbound, Mailer, Source, Warehouse
from tests.connectors.simulated.calls import (
    ADA,
    CALLS,
    EXPECTED,
    ROUGH,
    START_S,
    a_world,
    all_messages,
    answered,
    expected_messages,
    fulfillment,
    mail,
)


def test_the_world_is_what_the_ports_ask_for() -> None:
    world = World()
    ports: tuple[Gateway, Fraud, Warehouse, Carrier, Mailer, Channel, Source]
    ports = (world.gateway, world.fraud, world.warehouse, world.carrier, world.mailer, world.channel, world)
    assert len(ports) == 7


def test_a_rough_world_has_some_of_everything() -> None:
    outcomes = {answer.outcome for answer in EXPECTED}
    kinds = {message.kind for message in expected_messages()}
    assert outcomes >= {"done", "declined", "accepted", "pending"}
    assert kinds == {"record_screening", "record_shipment", "record_short_pick", "record_reject", "record_delivery"}


@given(st.permutations(range(len(CALLS))), st.lists(st.integers(0, len(CALLS) - 1)))
def test_answers_and_messages_do_not_depend_on_the_order_of_calls_nor_on_repeats(
    order: list[int], repeats: list[int]
) -> None:
    world = a_world()
    for index in (*order, *repeats):
        assert answered(world, CALLS[index]) == EXPECTED[index]
    assert all_messages(world) == expected_messages()
    assert len(world.gateway.ledger()) == sum(answer.reference.startswith("auth_") for answer in EXPECTED)


def test_another_seed_is_another_world() -> None:
    assert [answered(a_world(seed=4), call) for call in CALLS] != EXPECTED


def test_answers_do_not_depend_on_the_time_but_messages_come_later_by_as_much() -> None:
    later = a_world(clock=VirtualClock(START_S + 500))
    assert [answered(later, call) for call in CALLS] == EXPECTED
    assert [message.due_at_s - 500 for message in all_messages(later)] == [
        message.due_at_s for message in expected_messages()
    ]


def test_messages_come_again_until_they_are_settled() -> None:
    world = a_world()
    for call in CALLS:
        answered(world, call)
    now_s = START_S + 86_400
    first = list(world.collect(now_s, 5))
    assert list(world.collect(now_s, 5)) == first
    assert [message.due_at_s for message in first] == sorted(message.due_at_s for message in first)
    world.settle(first[1:3])
    assert list(world.collect(now_s, 3)) == [first[0], *first[3:5]]
    world.settle(first)
    assert world.next_at_s() == expected_messages()[5].due_at_s
    assert not set(map(str, first)) & set(map(str, world.collect(now_s, 1000)))


def test_nothing_comes_before_it_is_due() -> None:
    world = a_world()
    for call in CALLS:
        answered(world, call)
    next_at_s = world.next_at_s()
    assert next_at_s is not None
    assert world.collect(next_at_s - 1, 10) == []
    assert world.collect(next_at_s, 10)


def test_a_world_without_messages_has_no_next_time() -> None:
    assert a_world().next_at_s() is None


def test_a_message_that_comes_twice_has_the_same_id_and_body() -> None:
    by_id: dict[str, list[Inbound]] = {}
    for message in expected_messages():
        by_id.setdefault(message.id, []).append(message)
    twice = [messages for messages in by_id.values() if len(messages) == 2]
    assert twice
    assert all(first.body == second.body and first.due_at_s < second.due_at_s for first, second in twice)
    assert all(len(messages) <= 2 for messages in by_id.values())


def test_messages_are_the_same_in_memory_and_after_a_file(tmp_path: Path) -> None:
    world = a_world(journal_path=tmp_path / "world.ndjson")
    for call in CALLS:
        answered(world, call)
    assert all_messages(a_world(journal_path=tmp_path / "world.ndjson")) == all_messages(world)


def test_lost_answers_are_lost_for_one_attempt_only() -> None:
    losing = convert({"channel": {"lost_before_rate": 0.4, "lost_after_rate": 0.4}}, Behavior)
    world = a_world(behavior=losing)
    for number in range(50):
        answered(world, lambda world: world.channel.tell(f"k{number}", {"order": "o1", "n": number}))  # noqa: B023
    assert world.channel.told["o1"] == [{"order": "o1", "n": number} for number in range(50)]


def test_a_slow_world_pauses_and_a_quick_one_does_not() -> None:
    pauses: list[float] = []
    slow = convert({"gateway": {"latency_s": [0.1, 0.3]}}, Behavior)
    a_world(behavior=slow, pause=pauses.append).gateway.authorize("k", "o/1", 1, "EUR")
    a_world(behavior=ROUGH, pause=pauses.append).fraud.screen("k", {"order": "o"})
    assert len(pauses) == 1
    assert 0.1 <= pauses[0] <= 0.3


def test_pace_makes_hours_short() -> None:
    quick = a_world(behavior=convert({"pace": 0.001}, Behavior))
    quick.warehouse.release("k", fulfillment(), ADA)
    assert all(message.due_at_s <= START_S + 2 * 110 for message in all_messages(quick))


def test_a_behavior_is_what_a_shop_may_write() -> None:
    written = json.loads(
        '{"gateway": {"decline_rate": 0.5, "key_hours": null}, "locations": {"W9": {"reject_rate": 1}}}'
    )
    behavior = convert(written, Behavior)
    assert behavior.gateway.key_hours is None
    world = a_world(behavior=behavior)
    world.warehouse.release("k", fulfillment(location="W9"), ADA)
    assert {message.kind for message in all_messages(world)} == {"record_reject"}


def test_mail_is_sent_in_a_calm_world() -> None:
    world = a_world(behavior=CALM)
    assert world.mailer.send("k", mail(), ADA).reference == "<k@example.com>"
