"""Messages: what the workflow declares is sent, with its words put in."""

from segue.core.base import Refusal
from segue.core.note import Note
from segue.core.notify import ChannelUpdateRequested, MessageRequested, Notify, TellChannel, render
from segue.core.workflow import Message
from tests.core.given import events_of, given
from tests.core.shop import draft, sold, workflow


def test_a_message_of_the_workflow_is_sent() -> None:
    given(draft(sold())).when(Notify("hello")).then(MessageRequested(message="hello"))


def test_a_message_that_the_workflow_has_not_is_refused() -> None:
    given(draft(sold())).when(Notify("hallo")).refused(Refusal.MESSAGE_UNKNOWN, "hallo")


def test_the_channel_is_told() -> None:
    given(draft(sold())).when(TellChannel("shipped")).then(ChannelUpdateRequested(update="shipped"))


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
