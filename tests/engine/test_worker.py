"""The worker: what is due is done once, what fails is tried again or owned by somebody, and no order is left alone."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from segue.app import App
from segue.core.order import count_in, is_open, money_in
from segue.engine.caller import BACK_OFF_S
from segue.engine.limits import Limit
from segue.engine.worker import LEASE_S, Worker
from segue.ports import Answer, Inbound, PortFailed
from segue.store.trouble import Trouble
from tests.engine.shops import (
    NOW,
    arrive,
    bought,
    message_of,
    open_shop,
    order_of,
    rounds,
    states_of,
    task_of,
    tasks_of,
    well,
)  # fmt: skip


class Odd:
    """A gateway whose answers to authorizations are not what was asked, or do not come."""

    def __init__(self, app: App, answer: Answer | Exception) -> None:
        self.inner = app.world.gateway
        self.answer = answer
        self.calls = 0
        self.capture, self.void, self.refund = self.inner.capture, self.inner.void, self.inner.refund
        app.worker.caller.desk = app.worker.caller.desk._replace(ports=app.worker.ports._replace(gateway=self))

    def authorize(
        self, key: str, reference: str, amount_minor: int, currency: str, method: str = "card", card: str = ""
    ) -> Answer:
        self.calls += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def look_up(self, key: str) -> Answer | None:
        return None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shop")


def until_rest(app: App, rounds_max: int = 60) -> None:
    """Until the gateway's answer is known, or known to be unknown."""
    for _ in range(rounds_max):
        rounds(app, 1)
        if task_of(app, 1, "authorize").state in ("done", "declined", "unknown"):
            return
    raise AssertionError("the worker does not come to an end of it")


@pytest.mark.parametrize(
    "answer",
    [Answer("done", "auth_1", 9_99, "EUR"), Answer("done", "auth_1", 10_00, "USD"), Answer("done", "auth_1", 1, "USD")],
)
def test_an_answer_with_another_amount_or_currency_does_not_count_as_paid(folder: Path, answer: Answer) -> None:
    app = open_shop(folder)
    arrive(app, message_of(bought(1)))
    Odd(app, answer)
    rounds(app, 3)
    order = order_of(app, 1)
    assert (order.transactions["A1"].outcome, money_in(order, "authorized")) == ("unknown", 0)
    assert "outcome_unknown" in order.places
    task = task_of(app, 1, "authorize")
    assert task.state == "unknown"
    assert task.detail.startswith("the answer names another amount than was asked: 1000 EUR asked")
    assert app.audit() == []


@pytest.mark.parametrize(
    "body", [{"amount_minor": 999}, {"currency": "USD"}, {"amount_minor": 1000, "currency": "usd"}]
)
def test_a_message_with_another_amount_or_currency_does_not_count_as_paid(
    folder: Path, body: dict[str, object]
) -> None:
    app = open_shop(folder)
    arrive(app, message_of(bought(1)))
    Odd(app, PortFailed("no answer"))
    rounds(app, 1)
    said = {"transaction": "A1", "outcome": "done", "reference": "auth_9"} | body
    arrive(app, Inbound("gateway", "w1", "record_authorization", said, "canonical-1"))
    app.worker.round()
    state, reason = states_of(app)["w1"]
    assert (state, reason.partition(":")[0]) == ("refused", "the answer names another amount than was asked")
    assert money_in(order_of(app, 1), "authorized") == 0


@pytest.mark.parametrize("trouble", [PortFailed("no answer"), KeyError("data"), Answer("pending"), Answer("")])
def test_attempts_that_are_used_up_leave_the_outcome_unknown_and_a_late_answer_counts(
    folder: Path, trouble: Answer | Exception
) -> None:
    app = open_shop(folder)
    arrive(app, message_of(bought(1)))
    odd = Odd(app, trouble)
    until_rest(app)
    rounds(app, 1)
    task, order = task_of(app, 1, "authorize"), order_of(app, 1)
    assert (task.state, task.attempt, odd.calls) == ("unknown", 8, 8)
    assert order.transactions["A1"].outcome == "unknown"
    assert "outcome_unknown" in order.places
    assert app.audit() == []
    late = {"transaction": "A1", "outcome": "done", "amount_minor": 1000, "reference": "auth_9", "currency": "EUR"}
    arrive(app, Inbound("gateway", "w1", "record_authorization", late, "canonical-1"))
    app.worker.round()
    order = order_of(app, 1)
    assert money_in(order, "authorized") == 1000
    assert "outcome_unknown" not in order.places


def test_a_request_is_sent_again_later_and_later(folder: Path) -> None:
    app = open_shop(folder)
    arrive(app, message_of(bought(1)))
    Odd(app, KeyError("data"))
    app.worker.round()
    for attempt in (1, 2, 3, 4):
        app.worker.round()
        task = task_of(app, 1, "authorize")
        assert (task.state, task.attempt, task.detail) == ("ready", attempt, "KeyError: 'data'")
        assert task.due_at_s == app.clock.now_s() + BACK_OFF_S * 2 ** (attempt - 1)
        app.clock.sleep_until(task.due_at_s)
        app.worker.round()


@pytest.mark.parametrize("kind", ["release", "track", "tell", "mail"])
@pytest.mark.parametrize("ends", ["unknown", "declined"])
def test_an_order_whose_other_tasks_fail_is_still_somebodys(folder: Path, kind: str, ends: str) -> None:
    app = open_shop(folder)
    arrive(app, message_of(bought(1)))
    other = {"release": "warehouse", "track": "carrier", "tell": "channel", "mail": "mailer"}[kind]
    failing: Any = Refusing(kind, ends)
    app.worker.caller.desk = app.worker.caller.desk._replace(ports=app.worker.ports._replace(**{other: failing}))
    app.worker.run()
    order = order_of(app, 1)
    assert {task.state for task in tasks_of(app, 1, kind)} == {ends}
    found = [each.task.kind for each in Trouble(app.reader()).tasks()]
    owned = {"release": ("late_at_the_warehouse", "backorders", "no_location"), "track": ("lost_on_its_way",)}.get(
        kind, ()
    )
    assert not is_open(order) or any(place in owned for place in order.places)
    assert kind in found or (kind, ends) in (("release", "declined"), ("mail", "declined"))
    well(app)


class Refusing:
    """A system that declines, or never answers."""

    def __init__(self, kind: str, ends: str) -> None:
        self.ends = ends
        setattr(self, {"mail": "send"}.get(kind, kind), self.answer)

    def answer(self, key: str, *asked: object) -> Answer:
        if self.ends == "unknown":
            raise PortFailed("no answer")
        return Answer("declined", detail="no")


def test_a_dead_provider_is_left_alone_and_the_others_go_on(folder: Path) -> None:
    app = open_shop(folder)
    arrive(app, *(message_of(bought(number, kind="account" if number % 2 else "gateway")) for number in range(60)))
    odd = Odd(app, PortFailed("no answer"))
    dead_s = 6 * 3600
    app.worker.run(lambda next_at_s: next_at_s is not None and next_at_s < NOW + dead_s and jumped(app, next_at_s))
    assert odd.calls < 5 + dead_s / 900 + 10
    others = [order_of(app, number) for number in range(1, 60, 2)]
    assert all(count_in(order, "released", "shipped", "delivered") for order in others)
    odd.answer = Answer("done", "auth_1")
    before = odd.calls
    app.worker.run(
        lambda next_at_s: next_at_s is not None and next_at_s < NOW + dead_s + 1800 and jumped(app, next_at_s)
    )
    waiting = [n for n in range(0, 60, 2) if order_of(app, n).transactions["A1"].outcome == "asked"]
    assert waiting == []
    assert odd.calls - before <= 30
    assert app.audit() == []


def test_what_was_not_asked_has_not_failed(folder: Path) -> None:
    app = open_shop(folder)
    arrive(app, *(message_of(bought(number)) for number in range(20)))
    odd = Odd(app, PortFailed("no answer"))
    rounds(app, 3)
    tasks = app.reader().execute("SELECT failures, detail FROM tasks WHERE kind = 'authorize'").fetchall()
    assert odd.calls == sum(failures for failures, _ in tasks) == 5
    assert {detail for failures, detail in tasks if not failures} == {"not asked: the provider does not answer others"}


def jumped(app: App, next_at_s: int) -> bool:
    app.clock.sleep_until(next_at_s)
    return True


def test_a_providers_limits_are_kept(folder: Path) -> None:
    app = open_shop(folder)
    slow = Worker(app.store, app.worker.rules, app.worker.ports, app.clock, {"gateway": Limit(per_second=0.1, burst=3)})
    arrive(app, *(message_of(bought(number)) for number in range(20)))
    slow.round()
    assert len(app.world.gateway.ledger()) == 3
    slow.round()
    assert len(app.world.gateway.ledger()) == 3
    app.clock.sleep_until(NOW + 60)
    slow.round()
    assert len(app.world.gateway.ledger()) == 6
    slow.run()
    well(app)


def test_a_lease_that_has_ended_is_taken_over_and_the_request_looked_up_first(folder: Path) -> None:
    app = open_shop(folder)
    arrive(app, message_of(bought(1)))
    app.worker.round()  # the gateway has answered, and this worker stands still from here on
    other = Worker(app.store, app.worker.rules, app.worker.ports, app.clock)
    app.clock.sleep_until(app.clock.now_s() + LEASE_S - 60)
    assert other.round().calls == 0
    app.clock.sleep_until(app.clock.now_s() + 60)
    assert other.round().calls == 2  # the authorization, and the message that we have the order
    other.run()
    stale = app.worker.round()
    assert stale.steps == 0
    assert [call[0] for call in app.world.gateway.calls] == ["authorize", "look_up", "capture"]
    well(app)


def test_a_source_that_fails_is_asked_again_and_no_message_is_lost(folder: Path) -> None:
    app = open_shop(folder)
    arrive(app, message_of(bought(1)))
    source: Any = Flaky(app)
    app.worker.ports = app.worker.ports._replace(sources=(source,))
    app.worker.run()
    assert source.failed > 3
    assert count_in(order_of(app, 1), "delivered") == 1
    well(app)


class Flaky:
    """The world, that fails most of the times that it is asked for messages, or told that they came."""

    def __init__(self, app: App) -> None:
        self.world = app.world
        self.next_at_s = app.world.next_at_s
        self.failed = 0
        self.dice = Random(1)

    def _fail(self) -> None:
        if self.dice.random() < 0.6:
            self.failed += 1
            raise PortFailed("no connection")

    def collect(self, now_s: int, limit: int) -> object:
        self._fail()
        return self.world.collect(now_s, limit)

    def settle(self, messages: object) -> None:
        self._fail()
        self.world.settle(messages)  # type: ignore[arg-type]
