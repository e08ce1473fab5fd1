"""Calls: what is sent, what is looked up first, and which answers are none."""

from pathlib import Path

import pytest

from segue.app import App
from segue.core.pay import RecordAuthorization, RecordUnknown
from segue.core.screen import RecordScreening
from segue.core.tasks import Task
from segue.engine.calls import Desk, answer_command, call, objection_to, unknown_command
from segue.ports import Answer, PortFailed
from tests.engine.shops import open_shop

ASKED = {"transaction": "A1", "reference": "web-1/P1", "amount_minor": 1000, "currency": "EUR"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    folder: Path = tmp_path_factory.mktemp("shop")
    return open_shop(folder)


def a_task(kind: str = "authorize", attempt: int = 1, key: str = "k", **payload: object) -> Task:
    return Task(f"{key} {kind}", "web-1", kind, "gateway", ASKED | payload, attempt=attempt)


def test_a_first_attempt_is_sent_and_a_later_one_is_looked_up(app: App) -> None:
    before = len(app.world.gateway.calls)
    answers = [call(a_task(attempt=attempt), app.worker.caller.desk) for attempt in (1, 2, 3)]
    assert len({answer.reference for answer in answers}) == 1
    assert [made[0] for made in list(app.world.gateway.calls)[before:]] == ["authorize", "look_up", "look_up"]


def test_what_the_gateway_never_saw_is_sent_again_under_the_same_key(app: App) -> None:
    before = len(app.world.gateway.calls)
    assert call(a_task(attempt=2, key="new"), app.worker.caller.desk).outcome == "done"
    calls = list(app.world.gateway.calls)[before:]
    assert [made[:2] for made in calls] == [("look_up", "new authorize"), ("authorize", "new authorize")]


def test_a_key_that_comes_back_with_another_request_is_declined(app: App) -> None:
    assert call(a_task(key="same"), app.worker.caller.desk).outcome == "done"
    answer = call(a_task(key="same", amount_minor=2000), app.worker.caller.desk)
    assert (answer.outcome, answer.detail) == ("declined", "key_reused")


class Says:
    """A fraud vendor, or gateway, that says this."""

    def __init__(self, outcome: str) -> None:
        self.outcome = outcome

    def screen(self, key: str, order: object) -> Answer:
        return Answer(self.outcome)

    def authorize(self, key: str, reference: str, amount_minor: int, currency: str, method: str = "card") -> Answer:
        return Answer(self.outcome)


@pytest.mark.parametrize(
    ("kind", "outcome"), [("authorize", "pending"), ("authorize", ""), ("authorize", "accepted"), ("screen", "done")]
)
def test_an_answer_that_is_none_counts_as_no_answer(app: App, kind: str, outcome: str) -> None:
    ports = app.worker.ports._replace(gateway=Says(outcome), fraud=Says(outcome))  # type: ignore[arg-type]
    with pytest.raises(PortFailed, match="answered"):
        call(a_task(kind), app.worker.caller.desk._replace(ports=ports))


@pytest.mark.parametrize(
    ("answer", "objects"),
    [
        (Answer("done", "r", 1000, "EUR"), False),
        (Answer("done", "r"), False),
        (Answer("declined", "", 5, "USD"), False),
        (Answer("done", "r", 999, "EUR"), True),
        (Answer("done", "r", 1000, "USD"), True),
        (Answer("done", "r", 0, "USD"), True),
    ],
)
def test_an_answer_is_held_against_what_was_asked(answer: Answer, objects: bool) -> None:
    assert bool(objection_to(a_task(), answer)) == objects


def test_an_answer_becomes_the_command_that_records_it() -> None:
    done = answer_command(a_task(), Answer("done", "auth_1", 1000, "EUR"))
    assert done == RecordAuthorization("A1", "done", 1000, "auth_1")
    ends = answer_command(a_task(), Answer("done", "auth_1", 1000, "EUR", capture_before_s=1_780_000_000))
    assert ends == RecordAuthorization("A1", "done", 1000, "auth_1", capture_before_s=1_780_000_000)
    assert answer_command(a_task("tell"), Answer("done")) is None
    assert answer_command(a_task("release"), Answer("done")) is None


def test_what_nobody_knows_is_recorded_where_an_order_waits_for_it() -> None:
    assert unknown_command(a_task(), "no answer") == RecordUnknown("A1", "no answer")
    screening = Task("k", "web-1", "screen", "fraud", {})
    assert unknown_command(screening, "no answer") == RecordScreening("timed_out")
    assert unknown_command(Task("k", "web-1", "mail", "mailer", {}), "no answer") is None


@pytest.mark.parametrize(
    ("link", "text"),
    [("https://shop.example/pay/$order", "https://shop.example/pay/web-1%2F2"), ("", "please write to us")],
)
def test_a_message_has_the_link_where_customers_can_pay(app: App, link: str, text: str) -> None:
    desk = app.worker.caller.desk._replace(payment_link=link)
    version = app.shop.workflows[app.shop.workflow].version
    mail = Task("k-mail", "web-1/2", "mail", "mailer", {"message": "payment_failed", "workflow": version, "person": ""})
    assert text in sent(app, mail, desk)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ({"canceled": "1 x Desk lamp"}, "this is canceled: 1 x Desk lamp. You do not pay for it"),
        ({}, "is canceled: nothing."),
    ],
)
def test_a_message_says_what_of_the_order_is_canceled(app: App, words: dict[str, str], text: str) -> None:
    version = app.shop.workflows[app.shop.workflow].version
    payload = {"message": "partly_canceled", "workflow": version, "person": "", "words": words}
    assert text in sent(app, Task("k-part", "web-1", "mail", "mailer", payload), app.worker.caller.desk)


def sent(app: App, mail: Task, desk: Desk) -> str:
    """The text of the letter that a task sends."""
    letters: list[dict[str, object]] = []

    class Post:
        """Takes letters, and keeps them."""

        def send(self, key: str, message: dict[str, object], person: object) -> Answer:
            letters.append(message)
            return Answer("done")

    ports = app.worker.ports._replace(mailer=Post())
    call(mail, desk._replace(ports=ports))
    return str(letters[0]["text"])


@pytest.mark.parametrize("far", [1_795_434_013_000, -1, 0])
def test_a_deadline_that_cannot_be_meant_is_none_and_the_answer_counts(far: int) -> None:
    command = answer_command(a_task(), Answer("done", "psp-1", 1000, "EUR", capture_before_s=far))
    assert command == RecordAuthorization("A1", "done", 1000, "psp-1")
