"""Remedies: what a person decides about what is in trouble is done once, under the same key, and names the person."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from segue.app import App
from segue.core.base import Refusal, Refused
from segue.core.fulfill import RecordReject
from segue.core.order import Order, money_in
from segue.core.pay import RecordAuthorization
from segue.core.screen import Screen
from segue.core.tasks import Task
from segue.engine.outcomes import Request, Result
from segue.engine.remedies import ask_again, settle
from segue.ports import Answer, PortFailed, Settled
from segue.store.reading import Finder
from segue.store.trouble import Trouble
from tests.engine.shops import (
    arrive,
    bought,
    message_of,
    open_shop,
    order_of,
    rounds,
    task_of,
    tasks_of,
    well,
)  # fmt: skip

ANN = "person:ann"


class Silent:
    """A system that does what it is asked, but while it is silent nobody hears of it."""

    def __init__(self, app: App, port: str, *, acts: bool = True) -> None:
        self.inner = getattr(app.world, port)
        self.silent = True
        self.acts = acts
        plugged: Any = {port: self}
        app.worker.caller.desk = app.worker.caller.desk._replace(ports=app.worker.ports._replace(**plugged))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def asked(*words: Any) -> Any:
            answer = getattr(self.inner, name)(*words) if self.acts or not self.silent else None
            if self.silent:
                raise PortFailed("no answer")
            return answer

        return asked


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shop")


def in_trouble(folder: Path, port: str, kind: str, *, acts: bool = True) -> tuple[App, Silent]:
    """A shop in which a task of a kind has used up its attempts."""
    app = open_shop(folder)
    silent = Silent(app, port, acts=acts)
    arrive(app, message_of(bought(1)))
    until_unknown(app, kind)
    return app, silent


def until_unknown(app: App, kind: str) -> None:
    """Work until the first task of a kind has used up its attempts."""
    for _ in range(80):
        rounds(app, 1)
        if [task.state for task in tasks_of(app, 1, kind)][:1] == ["unknown"]:
            return
    raise AssertionError("the worker does not come to an end of it")


def troubled(app: App, kind: str) -> Task:
    (found,) = [each.task for each in Trouble(app.reader()).tasks() if each.task.kind == kind]
    return found


def again(app: App, kind: str, order: Order | None = None) -> Result:
    request = ask_again(troubled(app, kind), order or order_of(app, 1), ANN, "they are back", app.clock.now_s())
    return app.worker.submit([request])[0]


def told(app: App, kind: str, answer: Answer) -> Result:
    return app.worker.submit([settle(troubled(app, kind), order_of(app, 1), answer, ANN)])[0]


def by_ann(app: App) -> list[Any]:
    """What the order's record says that Ann did."""
    return [each.record[0]["events"][0] for each in Finder(app.reader()).story("canonical-1") if each.by == ANN]


@pytest.mark.parametrize("acts", [True, False])
def test_a_task_that_is_asked_for_again_is_done_once_under_its_key(folder: Path, acts: bool) -> None:
    app, gateway = in_trouble(folder, "gateway", "authorize", acts=acts)
    before = troubled(app, "authorize")
    gateway.silent = False
    assert again(app, "authorize").changed
    assert task_of(app, 1, "authorize").detail == "to be asked again, says person:ann: they are back"
    app.worker.run()
    after = task_of(app, 1, "authorize")
    assert (after.state, after.id, after.attempt) == ("done", before.id, before.attempt + 1)
    ledger = [row for row in app.world.gateway.ledger() if row.operation == "authorize"]
    assert [row.key for row in ledger] == [before.id]
    assert by_ann(app) == [{"event": "note_added", "text": "authorize A1 is asked for again: they are back"}]
    assert money_in(order_of(app, 1), "captured") == 10_00
    well(app)


def test_a_provider_that_is_still_silent_gets_all_its_attempts_again_and_the_outcome_stays_unknown(
    folder: Path,
) -> None:
    app, gateway = in_trouble(folder, "gateway", "authorize")
    before = troubled(app, "authorize")
    again(app, "authorize")
    until_unknown(app, "authorize")
    assert troubled(app, "authorize").attempt == before.attempt * 2
    assert (order_of(app, 1).transactions["A1"].outcome, app.audit()) == ("unknown", [])
    gateway.silent = False
    again(app, "authorize")
    app.worker.run()
    well(app)


def test_a_verdict_that_is_asked_for_again_counts_as_a_late_one(folder: Path) -> None:
    app = open_shop(folder)
    vendor = Silent(app, "fraud")
    arrive(app, message_of(bought(1)))
    app.worker.round()
    app.submit("canonical-1", Screen(), ANN)
    until_unknown(app, "screen")
    assert order_of(app, 1).screening == "timed_out"
    vendor.silent = False
    again(app, "screen")
    app.worker.run()
    assert order_of(app, 1).screening == "accepted"
    well(app)


def test_a_task_that_waits_for_its_next_attempt_is_asked_for_at_once(folder: Path) -> None:
    app = open_shop(folder)
    gateway = Silent(app, "gateway")
    arrive(app, message_of(bought(1)))
    app.worker.round()
    app.worker.round()
    assert task_of(app, 1, "authorize").due_at_s > app.clock.now_s()
    gateway.silent = False
    again(app, "authorize")
    assert task_of(app, 1, "authorize").due_at_s == app.clock.now_s()
    app.worker.round()
    app.worker.round()
    assert task_of(app, 1, "authorize").state == "done"


def test_a_task_whose_order_has_heard_the_outcome_is_not_asked_for_again(folder: Path) -> None:
    app, _ = in_trouble(folder, "gateway", "authorize", acts=False)
    app.submit("canonical-1", RecordAuthorization("A1", "declined"), ANN)
    with pytest.raises(Refused, match=r"A1 was declined") as refused:
        again(app, "authorize")
    assert refused.value.refusal is Refusal.TRANSACTION_SETTLED
    assert task_of(app, 1, "authorize").state == "unknown"


def test_a_fulfillment_that_another_location_has_now_is_not_released_again(folder: Path) -> None:
    app, _ = in_trouble(folder, "warehouse", "release", acts=False)
    app.submit("canonical-1", RecordReject("F1"), ANN)
    with pytest.raises(Refused) as refused:
        again(app, "release")
    assert refused.value.refusal is Refusal.UNITS_NOT_THERE


def test_a_release_that_got_lost_is_asked_for_again_and_ships_once(folder: Path) -> None:
    app, warehouse = in_trouble(folder, "warehouse", "release")
    warehouse.silent = False
    again(app, "release")
    app.worker.run()
    assert len(order_of(app, 1).shipments) == 1
    well(app)


def test_an_update_that_the_channel_declined_can_be_sent_again(folder: Path) -> None:
    app = open_shop(folder)
    arrive(app, message_of(bought(1)))
    channel: Any = Declining()
    inner = app.worker.caller.desk
    app.worker.caller.desk = inner._replace(ports=app.worker.ports._replace(channel=channel))
    app.worker.run()
    declined = tasks_of(app, 1, "tell")
    assert {task.state for task in declined} == {"declined"}
    app.worker.caller.desk = inner
    for found in Trouble(app.reader()).tasks():
        app.worker.submit([ask_again(found.task, order_of(app, 1), ANN, "", app.clock.now_s())])
    app.worker.run()
    assert {task.state for task in tasks_of(app, 1, "tell")} == {"done"}
    well(app)


class Declining:
    """A channel that knows no order."""

    def tell(self, key: str, update: dict[str, Any]) -> Answer:
        return Answer("declined", detail="no such order")


def test_what_a_person_has_found_out_is_the_outcome_and_says_who_found_it(folder: Path) -> None:
    app, gateway = in_trouble(folder, "gateway", "authorize")
    (row,) = app.world.gateway.ledger()
    assert told(app, "authorize", Answer("done", row.id, detail="seen in their list")).changed
    task, order = task_of(app, 1, "authorize"), order_of(app, 1)
    assert (task.state, task.detail) == ("done", "done, says person:ann: seen in their list")
    assert (order.transactions["A1"].outcome, order.transactions["A1"].reference) == ("done", row.id)
    assert "outcome_unknown" not in order.places
    assert [event["event"] for event in by_ann(app)] == ["payment_authorized"]
    gateway.silent = False
    app.worker.run()
    well(app)


def test_what_the_gateway_never_had_is_declined_and_may_be_asked_for_anew(folder: Path) -> None:
    app, gateway = in_trouble(folder, "gateway", "authorize", acts=False)
    told(app, "authorize", Answer("declined", detail="they never had it"))
    assert order_of(app, 1).transactions["A1"].outcome == "declined"
    assert "payment_failed" in order_of(app, 1).places
    assert Trouble(app.reader()).tasks() == []
    assert app.audit() == []
    assert gateway.silent


def test_without_the_gateways_id_nothing_could_be_captured_so_it_is_asked_for(folder: Path) -> None:
    app, _ = in_trouble(folder, "gateway", "authorize")
    with pytest.raises(Refused) as refused:
        told(app, "authorize", Answer("done"))
    assert refused.value.refusal is Refusal.REFERENCE_MISSING


def test_where_the_order_has_heard_it_already_only_the_task_is_settled(folder: Path) -> None:
    app, _ = in_trouble(folder, "gateway", "authorize")
    app.submit("canonical-1", RecordAuthorization("A1", "done", reference="auth_9"), ANN)
    with pytest.raises(Refused, match="A1 was done"):
        told(app, "authorize", Answer("declined"))
    told(app, "authorize", Answer("done", detail="as I said"))
    assert task_of(app, 1, "authorize").state == "done"
    assert by_ann(app)[-1] == {"event": "note_added", "text": "authorize A1 is done: as I said"}


def test_a_persons_word_that_is_refused_settles_nothing(folder: Path) -> None:
    app, _ = in_trouble(folder, "warehouse", "release", acts=False)
    task = troubled(app, "release")
    app.submit("canonical-1", RecordReject("F1"), ANN)
    result = told(app, "release", Answer("declined"))
    assert result.refused.startswith(Refusal.UNITS_NOT_THERE)
    assert troubled(app, "release") == task
    told(app, "release", Answer("done", detail="somebody else has it"))
    assert [each for each in Trouble(app.reader()).tasks() if each.task.kind == "release"] == []


def test_of_two_people_the_quicker_one_is_heard(folder: Path) -> None:
    app, _ = in_trouble(folder, "mailer", "mail")
    task, order = troubled(app, "mail"), order_of(app, 1)
    first = settle(task, order, Answer("done", detail="sent by hand"), ANN)
    second = ask_again(task, order, "person:bob", "", app.clock.now_s())
    assert len(app.worker.submit([first])) == 1
    assert app.worker.submit([second]) == ()
    assert task_of(app, 1, "mail").state == "done"


def test_a_zombie_cannot_answer_for_what_a_person_has_asked_for_again(folder: Path) -> None:
    app, gateway = in_trouble(folder, "gateway", "authorize")
    task = troubled(app, "authorize")
    gateway.silent = False
    again(app, "authorize")
    app.worker.round()  # it is claimed under the next attempt, and answered
    late = Settled(task.order, task.id, task.attempt, "done")
    assert app.worker.submit([Request("canonical-1", RecordAuthorization("A1", "done"), "gateway", settles=late)]) == ()
    app.worker.run()
    well(app)
