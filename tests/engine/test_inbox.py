"""The inbox: what comes early, twice or in the wrong order is applied once; what makes no sense is kept with the reason."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import to_builtins
from msgspec.structs import replace

from segue.app import App
from segue.core.bundles import Bundle, Rules
from segue.core.draft import DraftLine
from segue.core.facts import Item
from segue.core.order import Order, count_in, money_in
from segue.core.substitute import Substitute
from segue.engine.inbox import order_id
from segue.ports import Inbound
from tests.engine.shops import NOW, arrive, bought, leave, message_of, open_shop, order_of, rounds, states_of, well

DAY_S = 86_400


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shop")


def handled(app: App, *messages: Inbound) -> dict[str, tuple[str, str]]:
    """Let messages come in, and handle them; returns what became of all that ever came."""
    arrive(app, *messages)
    for _ in range(8):
        app.worker.round()
    return states_of(app)


def cancellation(
    id: str, sku: str = "MUG", quantity: int = 1, *, person: str = "ada", at_s: int = NOW + DAY_S, **more: Any
) -> Inbound:
    body = {"person": person, "sku": sku, "quantity": quantity, "at_s": at_s, "document": id} | more
    return Inbound("canonical", id, "cancellation", body)


@pytest.mark.parametrize(
    ("channel_order_id", "id"),
    [("1001", "web-1001"), ("A.b_c", "web-A.b_c"), ("#1 001", "web-1001-d0e3b0cf"), ("1-001", "web-1001-5d5de4a5")],
)
def test_an_orders_id_is_the_channels_own_where_that_is_plain(channel_order_id: str, id: str) -> None:
    made = order_id("web", channel_order_id)
    assert made.rpartition("-")[0] == id.rpartition("-")[0] if id.count("-") > 1 else made == id
    assert made == order_id("web", channel_order_id)


def test_the_same_order_again_is_taken_in_once(folder: Path) -> None:
    app = open_shop(folder)
    assert handled(app, message_of(bought(1)), message_of(bought(1))) == {"1": ("done", "")}
    assert handled(app, message_of(bought(1))) == {"1": ("done", "")}
    well(app)


def test_the_same_order_with_other_content_is_kept_for_a_person(folder: Path) -> None:
    app = open_shop(folder)
    handled(app, message_of(bought(1)))
    states = handled(app, message_of(bought(1, quantity=2)))
    assert [state for state in states.values() if state != ("done", "")] == [
        ("parked", "this channel order is here already, with other content: canonical-1")
    ]
    assert order_of(app, 1).total_minor == 1000


def test_the_same_order_under_another_message_is_the_same_order(folder: Path) -> None:
    app = open_shop(folder)
    states = handled(app, message_of(bought(1)), message_of(bought(1), "again"))
    assert states == {"1": ("done", ""), "again": ("done", "")}
    well(app)


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        ("order", {}, "order: KeyError: 'draft'"),
        ("order", {"draft": {"channel": 5}}, "order: ValidationError:"),
        ("order", {"draft": to_builtins(bought(2)) | {"color": "red"}}, "order: ValidationError:"),
        ("order", {"draft": to_builtins(bought("\ud800"))}, "order: UnicodeEncodeError:"),
        ("order", {"draft": to_builtins(bought(2, kind="shells"))}, "put out of the wave: AssertionError: shells"),
        ("order", {"draft": to_builtins(bought(2)) | {"total_minor": 10**30}}, "a number is bigger than any that can"),
        ("place_order", {"id": "x", "draft": to_builtins(bought(2))}, "no message is called place_order"),
        ("sing", {}, "no message is called sing"),
        ("record_delivery", {}, "record_delivery: ValidationError:"),
        ("record_shipment", {"fulfillment": "F1", "shipment": "S", "units": {"one": 1}}, "record_shipment: Validation"),
        ("cancellation", {"person": "ada"}, "cancellation: ValidationError:"),
        ("cancellation", {"person": "", "sku": "MUG", "quantity": 1}, "unmatched cancellation: it names no customer"),
        ("cancellation", {"person": "ada", "sku": "MUG", "quantity": -1}, "unmatched cancellation: it names no cust"),
    ],
)
def test_what_makes_no_sense_is_parked_and_harms_nobody(
    folder: Path, kind: str, body: dict[str, Any], reason: str
) -> None:
    app = open_shop(folder)
    if "\\ud800" in ascii(body):  # such a text comes from a careless connector only; no store can keep it
        app.worker._requests([Inbound("odd", "m", kind, body)], ())
        return
    states = handled(app, Inbound("odd", "m", kind, body, "canonical-1"), message_of(bought(1)))
    assert states["1"] == ("done", "")
    assert states["m"][0] == "parked"
    assert states["m"][1].startswith(reason)
    well(app)


def test_a_message_that_comes_before_its_order_waits_for_it(folder: Path) -> None:
    app = open_shop(folder)
    early = Inbound("api", "m", "cancel", {"reason": "no"}, "canonical-1")
    assert handled(app, early)["m"] == ("parked", "there is no such order")
    assert handled(app, message_of(bought(1)))["m"] == ("done", "")
    assert count_in(order_of(app, 1), "canceled") == 1
    well(app)


# Cancellations that a channel sends as documents of their own.


def test_a_cancellation_is_matched_with_the_latest_earlier_order_that_has_the_units(folder: Path) -> None:
    app = open_shop(folder)
    orders = [bought(n, quantity=n, person="ada", placed_at_s=NOW + n * 3600) for n in (1, 2, 3)]
    handled(app, *map(message_of, orders))
    states = handled(app, cancellation("C1", quantity=2, at_s=NOW + 2 * 3600))
    assert states["C1"] == ("done", "")
    assert [count_in(order_of(app, n), "canceled") for n in (1, 2, 3)] == [0, 2, 0]
    states = handled(app, cancellation("C2"), cancellation("C3"), cancellation("C4"), cancellation("C5"))
    assert {states[f"C{n}"] for n in (2, 3, 4, 5)} == {("done", "")}
    assert [count_in(order_of(app, n), "canceled") for n in (1, 2, 3)] == [1, 2, 3]
    assert handled(app, cancellation("C6"))["C6"] == (
        "parked", "unmatched cancellation: no earlier order of this customer has as many units of this SKU left"
    )  # fmt: skip
    well(app)


def test_a_cancellation_names_what_was_ordered_though_another_article_took_its_place(folder: Path) -> None:
    app = open_shop(folder)
    app.shelf.put_items([Item("CUP", substitutes=("MUG",))], NOW)
    handled(app, message_of(bought(1, "CUP", person="ada")))
    rounds(app, 60)
    app.submit("canonical-1", Substitute(1, agreed=True), "person:eve")
    app.worker.run()
    assert [(line.sku, line.was) for line in order_of(app, 1).lines] == [("MUG", "CUP")]
    assert handled(app, cancellation("C1", "CUP", at_s=NOW + 30 * DAY_S))["C1"] == ("done", "")
    assert count_in(order_of(app, 1), "returned") == 1
    well(app)


@pytest.mark.parametrize("other", [{"sku": "TEA"}, {"person": "bob"}, {"at_s": NOW - 1}])
def test_a_cancellation_of_what_nobody_bought_is_parked(folder: Path, other: dict[str, Any]) -> None:
    app = open_shop(folder)
    handled(app, message_of(bought(1, person="ada")))
    states = handled(app, cancellation("C1", **other))
    assert states["C1"] == ("parked", "unmatched cancellation: no earlier order of this customer has this SKU")
    assert count_in(order_of(app, 1), "canceled") == 0


def test_a_cancellation_takes_what_it_needs_from_several_lines_and_takes_back_what_has_left(folder: Path) -> None:
    app = open_shop(folder, mug=2)
    lines = (DraftLine("MUG", 2, 1000), DraftLine("TEA", 1, 500), DraftLine("MUG", 3, 1000))
    arrive(app, message_of(bought(1, lines=lines, person="ada")))
    app.worker.run()
    order = order_of(app, 1)
    assert (count_in(order, "delivered"), count_in(order, "backordered")) == (3, 3)
    states = handled(app, cancellation("C1", quantity=4, at_s=app.clock.now_s()))
    assert states["C1"] == ("done", "")
    order = order_of(app, 1)
    assert [count_in(order, state) for state in ("returned", "canceled", "delivered")] == [2, 2, 1]
    app.worker.run()
    well(app)


def test_a_cancellation_of_bundles_cancels_and_takes_back_whole_ones(folder: Path) -> None:
    app = open_shop(folder, mug=1)
    parts = {"B1": Bundle("BOX", 3, {1: 1, 2: 2}, rules=Rules(ship="independently"))}
    lines = (DraftLine("MUG", 3, 1000, bundle="B1"), DraftLine("TEA", 6, 500, bundle="B1"))
    sent = bought(1, lines=lines, person="ada")
    arrive(app, message_of(replace(sent, bundles=parts)))
    app.worker.run()
    assert count_in(order_of(app, 1), "backordered") == 2  # mugs of the second and third box
    later: Any = {"quantity": 3, "at_s": app.clock.now_s()}
    states = handled(app, cancellation("C1", "BOX", quantity=4), cancellation("C2", "BOX", **later))
    assert (states["C1"][0], states["C2"]) == ("parked", ("done", ""))
    app.worker.run()
    order = order_of(app, 1)
    assert [line.tally for line in order.lines] == [  # what had left of those that are canceled is with the customer
        {"canceled": ((2, 3),), "returned": ((1, 1),)},
        {"delivered": ((3, 6),), "returned": ((1, 2),)},
    ]
    well(app)


def test_a_cancellation_that_comes_with_or_before_its_order_finds_it(folder: Path) -> None:
    app = open_shop(folder)
    together = handled(app, message_of(bought(1, person="ada")), cancellation("C1"))
    assert together["C1"] == ("done", "")
    assert count_in(order_of(app, 1), "canceled") == 1
    before = handled(app, cancellation("C2", person="bob"))
    assert before["C2"][0] == "parked"
    assert handled(app, message_of(bought(2, person="bob")))["C2"] == ("done", "")
    assert count_in(order_of(app, 2), "canceled") == 1
    well(app)


# Messages of warehouse and carrier, in every order and number.


def told(order: Order) -> list[Inbound]:
    """What warehouses and carrier tell of an order with two parcels."""
    messages = []
    for name, fulfillment in order.fulfillments.items():
        units = {str(number): [list(span) for span in here] for number, here in fulfillment.units.items()}
        shipment = {"fulfillment": name, "shipment": f"S{name}", "units": units}
        messages.append(Inbound("warehouse", f"{name}/shipped", "record_shipment", shipment, order.id))
        messages.append(Inbound("carrier", f"{name}/delivered", "record_delivery", {"shipment": f"S{name}"}, order.id))
    return messages


def told_in(folder: Path, dice: Random | None) -> tuple[object, ...]:
    """What is left of an order after its messages, in the right order or shuffled and repeated."""
    app = open_shop(folder)
    app.worker.ports = app.worker.ports._replace(sources=())
    arrive(app, message_of(bought(1, lines=(DraftLine("MUG", 2, 1000), DraftLine("TEA", 1, 500)))))
    rounds(app, 6)
    messages = told(order_of(app, 1))
    assert len(messages) == 4
    if dice is not None:
        messages = [message for message in messages for _ in range(dice.randint(1, 3))]
        dice.shuffle(messages)
    while messages:
        count = dice.randint(1, 3) if dice else 1
        arrive(app, *messages[:count])
        messages = messages[count:]
        for _ in range(dice.randint(0, 3) if dice else 3):
            app.worker.round()
    for _ in range(8):
        app.worker.round()
    well(app)
    order = order_of(app, 1)
    assert {state for state, _ in states_of(app).values()} == {"done"}
    left = (
        [line.tally for line in order.lines], sorted(order.shipments), sorted(order.places),
        money_in(order, "captured"), sorted(row.operation for row in app.world.gateway.ledger()),
    )  # fmt: skip
    leave(app)
    return left


@given(st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_shuffled_and_repeated_messages_end_as_orderly_ones(
    tmp_path_factory: pytest.TempPathFactory, dice: Random
) -> None:
    folder = tmp_path_factory.mktemp("shop")
    assert told_in(folder, dice) == told_in(folder, None)
