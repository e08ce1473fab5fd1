"""The simulated warehouse, carrier and fraud vendor: what their messages say, and what they never say."""

from itertools import chain
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.connectors.simulated import CALM, Behavior
from segue.connectors.simulated.behavior import CarrierBehavior, FraudBehavior, WarehouseBehavior
from segue.ports import Inbound
from tests.connectors.simulated.calls import ADA, START_S, a_world, all_messages, fulfillment

HOUR_S = 3600


def in_warehouses(behavior: WarehouseBehavior) -> Behavior:
    """A calm world but for its warehouses and stores."""
    return replace(CALM, warehouse=behavior, store=behavior)


def units_of(messages: list[Inbound]) -> list[tuple[str, int]]:
    """Every unit that the messages speak of, as (line, number)."""
    return [
        (line, number)
        for message in {message.id: message for message in messages}.values()
        for line, ranges in message.body.get("units", {}).items()
        for first, last in ranges
        for number in range(first, last + 1)
    ]


def test_a_calm_warehouse_ships_all_in_one_parcel() -> None:
    world = a_world(behavior=CALM)
    answer = world.warehouse.release("k", fulfillment(), ADA)
    assert (answer.outcome, answer.reference) == ("done", "o1/F1")
    (message,) = all_messages(world)
    assert (message.source, message.id, message.kind, message.order) == (
        "warehouse", "o1/F1/shipped", "record_shipment", "o1",
    )  # fmt: skip
    assert message.body["units"] == {"1": [[1, 3]], "2": [[1, 1], [4, 5]]}
    assert message.body.keys() == {"fulfillment", "shipment", "carrier", "tracking", "units"}
    assert START_S + 2 * HOUR_S <= message.due_at_s <= START_S + 30 * HOUR_S


def test_the_same_key_and_the_same_fulfillment_ship_once() -> None:
    world = a_world(behavior=CALM)
    first = world.warehouse.release("k", fulfillment(), ADA)
    assert world.warehouse.release("k", fulfillment(), ADA) == first
    again = world.warehouse.release("other", fulfillment(), ADA)
    assert (again.outcome, again.reference, again.detail) == ("done", first.reference, "released_before")
    assert len(all_messages(world)) == 1


lines = st.lists(
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=3), min_size=1, max_size=4
)


def with_lines(order: str, gaps: list[list[tuple[int, int]]]) -> dict[str, Any]:
    """A fulfillment whose lines have these ranges, each given as (gap before it, length)."""
    released = []
    for number, spans in enumerate(gaps, start=1):
        units, end = [], 0
        for gap, length in spans:
            units.append([end + gap + 1, end + gap + length])
            end += gap + length
        quantity = sum(length for _, length in spans)
        released.append({"line": number, "sku": f"S{number}", "units": units, "quantity": quantity})
    return {"order": order, "fulfillment": "F1", "location": "W1", "lines": released}


@given(lines, st.integers(0, 10_000))
def test_every_unit_released_is_shipped_or_missing_once_or_all_are_rejected(
    gaps: list[list[tuple[int, int]]], number: int
) -> None:
    world = a_world(behavior=in_warehouses(WarehouseBehavior(short_pick_rate=0.7, reject_rate=0.2, duplicate_rate=0.5)))
    request = with_lines(f"o{number}", gaps)
    world.warehouse.release("k", request, ADA)
    messages = all_messages(world)
    told = units_of(messages)
    asked = [
        (str(line["line"]), unit)
        for line in request["lines"]
        for first, last in line["units"]
        for unit in range(first, last + 1)
    ]
    if messages[0].kind == "record_reject":
        assert {message.id for message in messages} == {f"o{number}/F1/rejected"}
    else:
        assert sorted(told) == sorted(asked)
    assert all(message.body["fulfillment"] == "F1" for message in messages)


def test_what_is_missing_is_told_before_the_rest_is_shipped() -> None:
    world = a_world(behavior=in_warehouses(WarehouseBehavior(short_pick_rate=1)))
    for number in range(50):
        world.warehouse.release(f"k{number}", fulfillment(f"o{number}"), ADA)
    at_s = {message.id: message.due_at_s for message in all_messages(world)}
    assert all(at_s[f"o{number}/F1/short"] < at_s[f"o{number}/F1/shipped"] for number in range(50))


def test_when_nothing_is_found_nothing_is_shipped() -> None:
    world = a_world(behavior=in_warehouses(WarehouseBehavior(short_pick_rate=1)))
    one = [{"line": 1, "sku": "TEE", "units": [[2, 2]], "quantity": 1}]
    world.warehouse.release("k", fulfillment() | {"lines": one}, ADA)
    (message,) = all_messages(world)
    assert (message.kind, message.body["units"]) == ("record_short_pick", {"1": [[2, 2]]})
    assert message.body["reason"] in ("not_found", "damaged")


def test_stores_behave_as_stores() -> None:
    world = a_world(behavior=replace(CALM, store=WarehouseBehavior(reject_rate=1)))
    world.warehouse.release("k1", fulfillment("o1", location="S1"), ADA)
    world.warehouse.release("k2", fulfillment("o2", location="W1"), ADA)
    kinds = {message.order: message.kind for message in all_messages(world)}
    assert kinds == {"o1": "record_reject", "o2": "record_shipment"}


def test_a_tracked_shipment_is_delivered_once_some_days_later() -> None:
    world = a_world(behavior=CALM)
    for _ in range(2):
        world.carrier.track("k", {"order": "o1", "shipment": "shp_1"})
    (message,) = all_messages(world)
    assert (message.source, message.id, message.kind) == ("carrier", "o1/shp_1/delivered", "record_delivery")
    assert message.body == {"shipment": "shp_1"}
    assert START_S + 24 * HOUR_S <= message.due_at_s <= START_S + 120 * HOUR_S


def test_a_lost_parcel_is_never_heard_of_again() -> None:
    world = a_world(behavior=replace(CALM, carrier=CarrierBehavior(lost_rate=1)))
    assert world.carrier.track("k", {"order": "o1", "shipment": "shp_1"}).outcome == "done"
    assert all_messages(world) == []


def screened(behavior: FraudBehavior) -> tuple[list[str], list[str]]:
    """The verdicts on a thousand orders: those given at once, and those that came later."""
    world = a_world(behavior=replace(CALM, fraud=behavior))
    at_once = [world.fraud.screen(f"k{number}", {"order": f"o{number}"}).outcome for number in range(1000)]
    return at_once, [message.body["verdict"] for message in all_messages(world)]


def test_verdicts_come_in_their_shares() -> None:
    at_once, later = screened(FraudBehavior(review_rate=0.2, rejected_rate=0.1, pending_rate=0.5))
    assert 450 < at_once.count("pending") == len(later) < 550
    verdicts = [*chain(at_once, later)]
    assert 150 < verdicts.count("review") < 250
    assert 60 < verdicts.count("rejected") < 140


def test_a_verdict_is_the_same_whether_it_comes_at_once_or_later() -> None:
    at_once, _ = screened(FraudBehavior(review_rate=0.4))
    none, later = screened(FraudBehavior(review_rate=0.4, pending_rate=1))
    assert set(none) == {"pending"}
    assert sorted(later) == sorted(at_once)


def test_some_pending_verdicts_never_come() -> None:
    at_once, later = screened(FraudBehavior(pending_rate=1, silent_rate=0.5))
    assert set(at_once) == {"pending"}
    assert 430 < len(later) < 570


def test_a_store_has_ready_what_is_collected_and_what_is_brought_follows_the_parcel() -> None:
    for to, kinds in (("W1", ["record_ready"]), ("W2", ["record_shipment", "record_ready"]), ("", ["record_shipment"])):
        world = a_world(behavior=CALM)
        world.warehouse.release("k", fulfillment() | ({"to": to} if to else {}) | {"location": "W1"}, ADA)
        found = sorted(all_messages(world), key=lambda message: message.due_at_s)
        assert [message.kind for message in found] == kinds
        assert found[-1].body["units"] == {"1": [[1, 3]], "2": [[1, 1], [4, 5]]}
        assert len(kinds) == 1 or found[1].due_at_s - found[0].due_at_s == 48 * HOUR_S


def test_a_supplier_confirms_a_purchase_order_before_it_ships() -> None:
    world = a_world(behavior=CALM)
    world.warehouse.release("k", fulfillment() | {"purchase_order": "web-1-F1"}, ADA)
    first, second = sorted(all_messages(world), key=lambda message: message.due_at_s)
    assert (first.kind, first.body) == (
        "record_purchase_order", {"fulfillment": "F1", "status": "confirmed", "reference": "SO-web-1-F1"},
    )  # fmt: skip
    assert second.kind == "record_shipment"
