"""Messages: what the workflow declares is sent, with its words put in."""

import pytest
from msgspec.structs import replace

from segue.core.allocate import UnitsBackordered
from segue.core.base import NeedFacts, Refusal
from segue.core.expected import Awaited, Expected
from segue.core.note import Note
from segue.core.notify import ChannelUpdateRequested, MessageRequested, Notify, Place, TellChannel, render
from segue.core.queue import Queue
from segue.core.repromise import StockExpected
from segue.core.street import UnitsPreordered
from segue.core.tasks import task_of
from segue.core.workflow import Message
from tests.core.given import events_of, given
from tests.core.shop import NOW_S, draft, sold, workflow


def test_a_message_of_the_workflow_is_sent() -> None:
    given(draft(sold())).when(Notify("hello")).then(MessageRequested(message="hello"))


def test_a_message_that_the_workflow_has_not_is_refused() -> None:
    given(draft(sold())).when(Notify("hallo")).refused(Refusal.MESSAGE_UNKNOWN, "hallo")


def test_the_channel_is_told() -> None:
    given(draft(sold())).when(TellChannel("shipped")).then(ChannelUpdateRequested(update="shipped"))


def test_the_channel_is_told_where_the_order_stands_in_the_queues_of_what_it_waits_for() -> None:
    """Covers J-2."""
    shirts = UnitsBackordered({1: ((1, 2),), 3: ((1, 1),)})
    here = given(draft(sold("SHIRT", 2), sold("CAP"), sold("SHIRT")), shirts)
    with pytest.raises(NeedFacts) as need:
        here.when(TellChannel("backordered"))
    assert (need.value.kind, need.value.keys) == ("queued", frozenset(("SHIRT",)))
    before = [(("", NOW_S - 60), "web-900", 4), (("", NOW_S), "web-1001", 3), (("", NOW_S), "web-1002", 9)]
    here.facts.queues["SHIRT"] = Queue(before)
    told = ChannelUpdateRequested("backordered", {"SHIRT": Place(2, 4)})
    here.when(TellChannel("backordered")).then(told)
    expected = StockExpected({1: Expected((Awaited(NOW_S + 60, "DAL", 2, ()),), day="2026-05-28")})
    order = given(draft(sold("SHIRT", 2), sold("CAP"), sold("SHIRT")), shirts, expected).order
    assert order is not None
    task = task_of("shop", order, told, 3, NOW_S)
    assert task is not None
    stands = {"position": 2, "units_ahead": 4}
    assert task.payload["waiting"] == [
        {"line": 1, "sku": "SHIRT", "units": 2, "expected": "2026-05-28", "expected_at_s": NOW_S + 60, **stands},
        {"line": 3, "sku": "SHIRT", "units": 1, **stands},
    ]


def test_the_channel_is_told_the_day_before_which_nothing_leaves() -> None:
    book = replace(sold("BOOK"), street_date="2026-12-04")
    order = given(draft(book), UnitsPreordered({1: ((1, 1),)})).order
    assert order is not None
    task = task_of("shop", order, ChannelUpdateRequested("preordered"), 3, NOW_S)
    assert task is not None
    assert task.payload["waiting"] == [{"line": 1, "sku": "BOOK", "units": 1, "street_date": "2026-12-04"}]


def test_words_that_are_not_known_stay_as_they_stand() -> None:
    message = Message("hello", "Your order $order", "Hello $name, you owe us $what and 5 $")
    assert render(message, {"order": "1001", "name": "Ann"}) == (
        "Your order 1001",
        "Hello Ann, you owe us $what and 5 $",
    )


def test_within_one_step_a_customer_is_promised_the_same_once() -> None:
    flow = workflow(on={"note_added": [Notify("hello"), TellChannel("news"), Notify("hello")]})
    told = given(draft(sold())).knowing(flow=flow)
    first = told.step(Note("look"))
    assert len(events_of(first, MessageRequested)) == 1
    assert len(events_of(told._replace(order=first.order).step(Note("look")), MessageRequested)) == 1
