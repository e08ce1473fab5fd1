"""Collect: what customers collect at a store: there, brought there, lost on the way, collected, canceled."""

from typing import Any

import pytest
from msgspec.structs import replace

from segue.core.allocate import UnitsAllocated
from segue.core.base import Command, Event, Refusal
from segue.core.bringing import (
    RecordCollection,
    RecordLost,
    RecordReady,
    SentToStore,
    UnitsLost,
    UnitsReady,
    done_at_stores,
)
from segue.core.cancel import Cancel, UnitsCanceled
from segue.core.collect import UnitsCollected
from segue.core.facts import StockMove
from segue.core.fulfill import (
    FulfillmentReleased,
    FulfillmentShipped,
    RecordReject,
    RecordShipment,
    SourcingFailed,
)
from segue.core.ledger import ledger_entries
from segue.core.sourcing import loads_of
from segue.core.stock import stock_moves
from segue.core.tally import Units
from segue.core.tasks import task_of
from segue.core.vocabulary import View
from tests.core.given import Given, given
from tests.core.shop import NOW_S, draft, sold

TWO: dict[int, Units] = {1: ((1, 2),)}
ONE: dict[int, Units] = {1: ((1, 1),)}
OTHER: dict[int, Units] = {1: ((2, 2),)}
HERE = (
    UnitsAllocated("F1", "MIA", TWO, to="MIA"),
    FulfillmentReleased("F1", "MIA", TWO),
)
BROUGHT = (
    UnitsAllocated("F1", "DAL", TWO, 7, to="MIA"),
    FulfillmentReleased("F1", "DAL", TWO),
)
SENT = SentToStore("F1", "DAL", "MIA", TWO, "S1")
READY = UnitsReady("F1", "MIA", TWO, store="Miami store")
CAME = UnitsReady("F1", "MIA", TWO, True, "Miami store")


def bought(*story: Event, **more: Any) -> Given:
    return given(draft(sold("SHIRT", 2, location="MIA"), kind="prepaid"), *story).knowing(**more)


def test_what_a_store_was_asked_for_is_ready_and_the_customer_collects_it() -> None:
    bought(*HERE).when(RecordReady("F1")).then(READY)
    known = bought(*HERE, READY)
    order = known.when(RecordCollection()).then(UnitsCollected("F1", "MIA", "C1", TWO))
    assert order is not None
    assert order.lines[0].tally == {"delivered": ((1, 2),)}
    parcel = order.shipments["C1"]
    assert (parcel.carrier, parcel.shipped_at_s, parcel.delivered_at_s) == ("collected", NOW_S, NOW_S)
    assert order.fulfillments["F1"].ready_at_s == NOW_S


def test_what_is_not_there_is_sent_to_the_store_and_is_nobodys_stock_on_its_way() -> None:
    known = bought(*BROUGHT)
    order = known.when(RecordShipment("F1", "S1")).then(SENT)
    assert order is not None
    assert (order.lines[0].tally, order.shipments) == ({"in_transit": ((1, 2),)}, {})
    assert stock_moves(order, SENT) == [StockMove("SHIRT", "DAL", -2, -2, "sent_to_store")]
    arrived = bought(*BROUGHT, SENT).when(RecordReady("F1")).then(CAME)
    assert arrived is not None
    made = arrived.fulfillments["F1"]
    assert (made.location, made.origin, made.to, made.store) == ("MIA", "DAL", "MIA", "Miami store")
    assert stock_moves(order, CAME) == [StockMove("SHIRT", "MIA", 2, 2, "brought_to_store")]
    assert stock_moves(order, READY) == []
    assert [move.drawn for move in stock_moves(order, CAME)] == [0]  # its share was taken where it came from


def test_the_day_of_the_location_that_sent_it_is_still_taken_when_it_has_come() -> None:
    for story in ((*BROUGHT, SENT), (*BROUGHT, SENT, CAME), (*BROUGHT, SENT, replace(CAME, units=ONE))):
        order = bought(*story).order
        assert order is not None
        assert {key: load.units for key, load in loads_of(order).items()} == {("DAL", 7): 2}


def test_a_part_that_is_ready_before_the_rest_is_a_fulfillment_of_its_own() -> None:
    known = bought(*BROUGHT, SENT)
    order = known.when(RecordReady("F1", ONE)).then(replace(CAME, units=ONE))
    assert order is not None
    first, second = order.fulfillments["F1"], order.fulfillments["F2"]
    assert (first.units, first.location, first.ready_at_s) == (OTHER, "DAL", None)
    assert (second.units, second.location, second.origin) == (ONE, "MIA", "DAL")
    bought(*BROUGHT, SENT, replace(CAME, units=ONE)).when(RecordCollection()).then(
        UnitsCollected("F2", "MIA", "C1", ONE)
    )


def test_a_customer_may_collect_a_part_and_several_fulfillments_at_once() -> None:
    known = bought(*HERE, READY)
    known.when(RecordCollection("F1", ONE)).then(UnitsCollected("F1", "MIA", "C1", ONE))
    parts = (*HERE, replace(READY, units=ONE), replace(READY, units=OTHER))
    bought(*parts).when(RecordCollection()).then(
        UnitsCollected("F1", "MIA", "C1", OTHER), UnitsCollected("F2", "MIA", "C2", ONE)
    )


def test_a_collection_is_never_called_as_another_shipment_is() -> None:
    """Locations name theirs as they like."""
    named = FulfillmentShipped("F1", "MIA", "C2", {1: ((1, 1),)})
    parts = (
        UnitsAllocated("F1", "MIA", ONE, to="MIA"),
        FulfillmentReleased("F1", "MIA", ONE),
        UnitsAllocated("F2", "MIA", {2: ((1, 2),)}, to="MIA"),
        FulfillmentReleased("F2", "MIA", {2: ((1, 1),)}),
        FulfillmentReleased("F3", "MIA", {2: ((2, 2),)}),
    )
    ready = (UnitsReady("F2", "MIA", {2: ((1, 1),)}), UnitsReady("F3", "MIA", {2: ((2, 2),)}))
    goods = (sold("SHIRT", 1, location="MIA"), sold("CAP", 2, location="MIA"))
    known = given(draft(*goods, kind="prepaid"), *parts, named, *ready)
    order = known.when(RecordCollection()).then(
        UnitsCollected("F2", "MIA", "C3", {2: ((1, 1),)}), UnitsCollected("F3", "MIA", "C4", {2: ((2, 2),)})
    )
    assert order is not None
    assert [*order.shipments] == ["C2", "C3", "C4"]


@pytest.mark.parametrize(
    ("story", "command", "refusal"),
    [
        (HERE, RecordReady("F9"), Refusal.FULFILLMENT_NOT_FOUND),
        (HERE, RecordCollection("F9"), Refusal.FULFILLMENT_NOT_FOUND),
        (HERE, RecordLost("F9"), Refusal.FULFILLMENT_NOT_FOUND),
        (HERE, RecordCollection("", ONE), Refusal.FULFILLMENT_NOT_FOUND),
        (HERE, RecordReady("F1", {1: ((3, 3),)}), Refusal.UNITS_NOT_THERE),
        (HERE, RecordReady("F1", {2: ((1, 1),)}), Refusal.UNITS_NOT_THERE),
        (HERE, RecordLost("F1"), Refusal.UNITS_NOT_THERE),
        (HERE, RecordCollection(), Refusal.UNITS_NOT_THERE),
        (BROUGHT, RecordReady("F1"), Refusal.UNITS_NOT_THERE),
        ((*BROUGHT, SENT), RecordShipment("F1", "S1"), Refusal.UNITS_NOT_THERE),
        ((*BROUGHT, SENT), Cancel(), Refusal.NOTHING_TO_CANCEL),
        ((*HERE, READY), RecordReady("F1"), Refusal.UNITS_NOT_THERE),
        ((*HERE, READY), RecordReject("F1"), Refusal.UNITS_NOT_THERE),
        ((*HERE, READY), RecordCollection("F1", {1: ((3, 3),)}), Refusal.UNITS_NOT_THERE),
        (
            (UnitsAllocated("F1", "MIA", TWO), FulfillmentReleased("F1", "MIA", TWO)),
            RecordReady("F1"),
            Refusal.NOT_COLLECTED_HERE,
        ),
    ],
)
def test_what_cannot_be_is_refused(story: tuple[Event, ...], command: Command, refusal: Refusal) -> None:
    bought(*story).when(command).refused(refusal)


def test_a_store_may_send_it_after_all() -> None:
    bought(*HERE).when(RecordShipment("F1", "S1")).then(FulfillmentShipped("F1", "MIA", "S1", TWO))


def test_what_is_lost_on_its_way_needs_another_location_and_after_some_attempts_a_person() -> None:
    order = bought(*BROUGHT, SENT).when(RecordLost("F1")).then(UnitsLost("F1", "DAL", TWO, "lost"))
    assert order is not None
    assert (order.lines[0].tally, order.lines[0].excluded, order.lines[0].attempts) == ({"new": ((1, 2),)}, ("DAL",), 1)
    assert stock_moves(order, UnitsLost("F1", "DAL", TWO)) == []
    bought(*BROUGHT, SENT, sourcing_attempts_max=1).when(RecordLost("F1")).then(
        UnitsLost("F1", "DAL", TWO, "lost"), SourcingFailed((1,), 1)
    )
    both = given(draft(sold("SHIRT"), sold("CAP"), kind="prepaid"))
    units: dict[int, Units] = {1: ((1, 1),)}
    story = (
        UnitsAllocated("F1", "DAL", units, to="MIA"),
        FulfillmentReleased("F1", "DAL", units),
        replace(SENT, units=units),
        UnitsLost("F1", "DAL", units),
    )
    left = given(draft(sold("SHIRT"), sold("CAP"), kind="prepaid"), *story).order
    assert both.order is not None
    assert left is not None
    assert [line.attempts for line in left.lines] == [1, 0]


def test_what_is_not_collected_is_canceled_alone_and_is_stock_of_the_store() -> None:
    lines = (sold("SHIRT", 2, location="MIA"), sold("CAP"))
    for story, reason in (((*HERE, READY), "canceled"), ((*BROUGHT, SENT, CAME), "not_collected")):
        known = given(draft(*lines, kind="prepaid"), *story).knowing()
        event = UnitsCanceled(TWO, "late")
        order = known.when(Cancel("late", only_ready=True)).then(event)
        assert order is not None
        assert [line.tally for line in order.lines] == [{"canceled": ((1, 2),)}, {"new": ((1, 1),)}]
        assert known.order is not None
        assert stock_moves(known.order, event) == [StockMove("SHIRT", "MIA", 0, -2, reason)]
    bought(*HERE).when(Cancel("late", only_ready=True)).refused(Refusal.NOTHING_TO_CANCEL)


def test_collecting_takes_stock_and_is_booked_as_a_sale() -> None:
    order = bought(*HERE, READY).order
    assert order is not None
    event = UnitsCollected("F1", "MIA", "C1", TWO)
    assert stock_moves(order, event) == [StockMove("SHIRT", "MIA", -2, -2, "shipped")]
    assert [(entry.credit, entry.amount_minor) for entry in ledger_entries(order, event)] == [("sales", 20_00)]


def test_a_warehouse_is_told_where_it_goes() -> None:
    order = bought(*BROUGHT).order
    assert order is not None
    assert task_of("shop", order, BROUGHT[1], 1, NOW_S).payload["to"] == "MIA"


def test_conditions_know_since_when_it_is_on_its_way_and_ready() -> None:
    facts = bought().facts
    for story, word in (((*BROUGHT, SENT), "sent_at"), ((*HERE, READY), "ready_at")):
        order = bought(*story).order
        assert order is not None
        assert getattr(View(order, NOW_S, facts), word) == NOW_S
    order = bought(*HERE).order
    assert order is not None
    view = View(order, NOW_S, facts)
    assert view.sent_at == view.ready_at != NOW_S  # type: ignore[attr-defined]


def test_all_that_may_become_of_it_is_known_to_those_who_explore() -> None:
    for story, said in (
        (BROUGHT, []),
        ((*BROUGHT, SENT), [RecordReady("F1"), RecordReady("F1", ONE), RecordLost("F1")]),
        (HERE, [RecordReady("F1"), RecordReady("F1", ONE)]),
        ((*HERE, READY), [RecordCollection("F1"), RecordCollection("F1", ONE)]),
        ((UnitsAllocated("F1", "MIA", TWO), FulfillmentReleased("F1", "MIA", TWO)), []),
    ):
        order = bought(*story).order
        assert order is not None
        assert done_at_stores(order) == said
