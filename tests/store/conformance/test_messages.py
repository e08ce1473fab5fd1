"""The inbox: each message is kept once and handled once; nothing is dropped silently."""

from typing import Any

import pytest

from segue.ports import TRIED_AGAIN, Batch, Handled, Inbound, StaleMessage
from tests.store.shops import NOW, AnyShop, a_message, a_step, an_order, rows, stepped


def receive(shop: AnyShop, *messages: Inbound) -> None:
    shop.store.commit(Batch(NOW, received=messages))


def handle(shop: AnyShop, outcome: str = "done", **more: Any) -> None:
    shop.store.commit(Batch(NOW, handled=(Handled("warehouse", "M-1", outcome, **more),)))


def states(shop: AnyShop) -> list[tuple[str, str, str]]:
    return rows(shop, "SELECT id, state, reason FROM inbox ORDER BY number")


def test_a_message_is_due_as_it_was_received(shop: AnyShop) -> None:
    receive(shop, a_message())
    assert shop.store.due(NOW, 10).messages == (a_message(),)


def test_the_same_message_again_is_ignored(shop: AnyShop) -> None:
    receive(shop, a_message())
    receive(shop, a_message(), a_message())
    handle(shop)
    receive(shop, a_message())
    assert states(shop) == [("M-1", "done", "")]


def test_two_sources_may_use_the_same_id(shop: AnyShop) -> None:
    receive(shop, a_message(), a_message(source="carrier"))
    assert len(shop.store.due(NOW, 10).messages) == 2


def test_the_order_of_the_keys_makes_no_other_message(shop: AnyShop) -> None:
    receive(shop, a_message(body={"a": 1, "b": 2}), a_message(body={"b": 2, "a": 1}))
    assert len(states(shop)) == 1


@pytest.mark.parametrize("changed", [{"body": {"fulfillment": "F2"}}, {"kind": "record_reject"}, {"order": "web-9"}])
def test_the_same_id_with_other_content_is_parked_once_with_the_reason(shop: AnyShop, changed: dict[str, Any]) -> None:
    receive(shop, a_message())
    receive(shop, a_message(**changed))
    receive(shop, a_message(**changed))
    (_, kept), (id, state) = ((row[0], row[1]) for row in states(shop))
    assert (kept, state) == ("new", "parked")
    assert id.startswith("M-1 altered")
    assert states(shop)[1][2] == "came again under the same id with other content"


def test_an_order_that_comes_again_with_other_content_is_handled_once_more(shop: AnyShop) -> None:
    receive(shop, a_message(kind="order"))
    receive(shop, a_message(kind="order", body={"corrected": True}))
    receive(shop, a_message(kind="order", body={"corrected": True}), a_message(kind="order"))
    (first, *_), (second, *_) = states(shop)
    assert (first, second.partition(" altered")[0]) == ("M-1", "M-1")
    assert {state for _, state, _ in states(shop)} == {"new"}


def test_messages_come_in_the_order_in_which_they_were_received(shop: AnyShop) -> None:
    receive(shop, *(a_message(f"M-{n}") for n in (3, 1, 2)))
    assert [message.id for message in shop.store.due(NOW, 2).messages] == ["M-3", "M-1"]


def test_a_message_is_not_handled_before_it_is_due(shop: AnyShop) -> None:
    receive(shop, a_message(due_at_s=NOW + 5))
    assert shop.store.due(NOW, 10).messages == ()
    assert shop.store.due(NOW, 10).next_at_s == NOW + 5
    assert len(shop.store.due(NOW + 5, 10).messages) == 1


def test_a_message_that_cannot_be_handled_now_keeps_its_content_and_is_due_later(shop: AnyShop) -> None:
    receive(shop, a_message())
    handle(shop, "new", reason="no answer", due_at_s=NOW + 60)
    assert shop.store.due(NOW + 59, 10).messages == ()
    assert shop.store.due(NOW, 10).next_at_s == NOW + 60
    assert shop.store.due(NOW + 60, 10).messages == (a_message(due_at_s=NOW + 60),)
    assert states(shop) == [("M-1", "new", "no answer")]
    handle(shop, "new")
    assert shop.store.due(NOW + 59, 10).messages == ()


def test_a_message_that_is_done_keeps_no_content(shop: AnyShop) -> None:
    receive(shop, a_message())
    handle(shop, order="web-1")
    assert shop.store.due(NOW, 10).messages == ()
    assert rows(shop, "SELECT body, order_id FROM inbox") == [("", "web-1")]


def test_a_message_may_be_received_and_handled_in_one_batch(shop: AnyShop) -> None:
    shop.store.commit(Batch(NOW, received=(a_message(),), handled=(Handled("warehouse", "M-1", "done"),)))
    assert states(shop) == [("M-1", "done", "")]


def test_a_message_that_is_refused_keeps_its_content_and_the_reason(shop: AnyShop) -> None:
    receive(shop, a_message())
    handle(shop, "refused", reason="there is no such order")
    assert states(shop) == [("M-1", "refused", "there is no such order")]
    assert rows(shop, "SELECT body FROM inbox") == [('{"fulfillment":"F1"}',)]


def test_a_message_is_not_handled_twice(shop: AnyShop) -> None:
    receive(shop, a_message())
    handle(shop)
    with pytest.raises(StaleMessage) as stale:
        handle(shop, "refused")
    assert stale.value.keys == {("warehouse", "M-1")}
    assert states(shop) == [("M-1", "done", "")]


def test_a_message_that_came_too_early_is_tried_again_when_its_order_takes_a_step(shop: AnyShop) -> None:
    receive(shop, a_message())
    handle(shop, "parked", reason="there is no such order")
    assert shop.store.due(NOW, 10).messages == ()
    stepped(shop, a_step(an_order("web-2")))
    assert shop.store.due(NOW, 10).messages == ()
    stepped(shop, a_step(an_order()))
    assert shop.store.due(NOW, 10).messages == (a_message(),)


def test_a_message_with_other_content_waits_for_a_person_whatever_its_order_does(shop: AnyShop) -> None:
    receive(shop, a_message(), a_message(body={}))
    handle(shop)
    stepped(shop, a_step(an_order()))
    assert shop.store.due(NOW, 10).messages == ()


@pytest.mark.parametrize("state", ["parked", "refused"])
def test_a_person_may_have_a_message_handled_again_and_who_it_was_stays_in_its_reason(
    shop: AnyShop, state: str
) -> None:
    receive(shop, a_message())
    handle(shop, state, reason="too early")
    handle(shop, "new", reason=f"too early{TRIED_AGAIN}ann)", by_hand=True)
    assert shop.store.due(NOW, 10).messages == (a_message(),)
    handle(shop, state, reason="still too early")
    assert states(shop) == [("M-1", state, f"still too early{TRIED_AGAIN}ann)")]
    handle(shop, "new", reason=f"still too early{TRIED_AGAIN}bob)", by_hand=True)
    handle(shop)
    assert states(shop) == [("M-1", "done", f"{TRIED_AGAIN}bob){TRIED_AGAIN}ann)")]
    assert rows(shop, "SELECT body FROM inbox") == [("",)]
    with pytest.raises(StaleMessage):
        handle(shop, "new", by_hand=True)


def test_what_was_refused_is_handled_again_by_nobody_but_a_person(shop: AnyShop) -> None:
    receive(shop, a_message())
    handle(shop, "refused", reason="no")
    with pytest.raises(StaleMessage):
        handle(shop)
    handle(shop, by_hand=True)
    assert states(shop) == [("M-1", "done", "")]
