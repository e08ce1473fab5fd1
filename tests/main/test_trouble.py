"""Trouble: what the outside world left open is listed with its owner, and people end it, by name and with a reason."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from segue.app import owned
from segue.main.obeying import answered
from segue.main.wanted import Retry
from tests.main.calling import Call, an_order

SILENT = "lost_before_rate: 1"  # nothing arrives
DEAF = "lost_after_rate: 1"  # it is done, and nobody hears of it
ODD = {"source": "warehouse", "id": "w-9", "kind": "record_shpment"}


def gateway(shop: Path, behavior: str) -> None:
    """Let the shop's gateway be like this from now on."""
    lines = (shop / "shop.yaml").read_text().splitlines()
    kept = [line for line in lines if not line.startswith(("  behavior", "  limits", "providers"))]
    world = f"  behavior: {{gateway: {{{behavior}}}}}"
    kept.insert(kept.index("simulated:") + 1, world)
    (shop / "shop.yaml").write_text("\n".join([*kept, "providers:", "  limits: {gateway: {attempts: 2}}"]) + "\n")


def worked(call: Call, shop: Path, behavior: str) -> None:
    gateway(shop, behavior)
    assert call("work", "--until-idle").code == 0


@pytest.fixture
def task(call: Call, shop: Path, request: pytest.FixtureRequest) -> dict[str, Any]:
    """The one task in trouble: an authorization whose outcome nobody knows."""
    (shop / "orders/next.json").write_text(json.dumps([an_order("1005")]))
    call("import", shop / "orders/next.json", "--channel", "web")
    worked(call, shop, getattr(request, "param", SILENT))
    (found,) = call("trouble", "--json").json["tasks"]
    found_task: dict[str, Any] = found
    return found_task


@pytest.fixture
def message(call: Call, shop: Path) -> int:
    """The number of a message that nobody understands."""
    connection = sqlite3.connect(shop / "segue.db")
    connection.execute(
        "INSERT INTO inbox (source, id, kind, order_id, body, digest, received_at_s, due_at_s)"
        " VALUES (:source, :id, :kind, 'web-1001', '{}', 'd', 1, 1)", ODD,
    )  # fmt: skip
    connection.commit()
    connection.close()
    assert call("work", "--until-idle").code == 0
    (found,) = call("trouble", "--json").json["messages"]
    number: int = found["number"]
    return number


def authorizations(shop: Path, order: str) -> int:
    """How often the gateway has really held an amount for an order."""
    lines = (shop / "world.ndjson").read_text().splitlines()
    return sum('"operation":"authorize"' in line and f"{order}/P1" in line for line in lines)


def state_of(shop: Path) -> tuple[str, str]:
    """What became of the message that nobody understands."""
    connection = sqlite3.connect(shop / "segue.db")
    (row,) = connection.execute("SELECT state, reason FROM inbox WHERE id = 'w-9'").fetchall()
    connection.close()
    state, reason = row
    return state, reason


def test_where_nothing_is_in_trouble_that_is_said(look: Call) -> None:
    assert look("trouble").out.startswith("Nothing is in trouble")
    assert look("trouble", "--json").json.keys() == {"now", "tasks", "messages", "stock_reports"}


def test_trouble_is_listed_with_owner_age_and_reason(call: Call, task: dict[str, Any], message: int) -> None:
    assert (task["order"], task["kind"], task["state"]) == ("web-1005", "authorize", "unknown")
    assert (task["owner"], task["attempt"]) == ("payments, service", 2)
    assert task["folders"] == ["outcome_unknown", "stands_still"]
    said = call("trouble").out
    for part in (task["id"], "payments", "gateway: no connection", str(message), "w-9", "operator", " ago"):
        assert part in said
    assert "no message is called record_shpment" in " ".join(said.split())
    assert "1 task and 1 message." in said
    assert "there is more" in call("trouble", "--limit", 1).out


@pytest.mark.parametrize("task", [SILENT, DEAF], indirect=True)
def test_a_task_that_is_tried_again_is_done_once(call: Call, shop: Path, task: dict[str, Any]) -> None:
    assert authorizations(shop, "web-1005") == (0 if "connection" in task["detail"] else 1)
    said = call("retry", task["id"], "--reason", "they are back", "--by", "ann")
    assert said.out == "authorize of web-1005 is asked for again, under the same key, by `segue work`.\n"
    assert "tried again" in call("trouble").out
    worked(call, shop, "decline_rate: 0")
    assert authorizations(shop, "web-1005") == 1
    assert call("trouble", "--json").json["tasks"] == []
    story = call("why", "web-1005").out
    assert ("ann" in story, "authorize A1 is asked for again: they are back" in story) == (True, True)
    assert call("audit").code == 0


def test_what_became_of_a_task_is_told_by_who_found_out(call: Call, task: dict[str, Any]) -> None:
    said = call("settle", task["id"], "declined", "--reason", "they never had it")
    assert said.out == "authorize of web-1005 is declined now.\n"
    assert call("order", "1005", "--json").json["transactions"]["A1"]["outcome"] == "declined"
    (row,) = [each for each in call("order", "1005", "--json").json["tasks"] if each["id"] == task["id"]]
    assert row["detail"] == "declined, says person:eve: they never had it"
    assert call("retry", task["id"]).err.startswith(f"No task {task['id']} is in trouble")


def test_a_message_is_handled_again_and_in_the_end_dismissed(call: Call, shop: Path, message: int) -> None:
    assert (
        call("retry", message, "--reason", "mended").out
        == f"Message {message} of warehouse is handled again by `segue work`.\n"
    )
    assert state_of(shop)[0] == "new"
    call("work", "--until-idle")
    assert state_of(shop) == ("parked", "no message is called record_shpment (tried again by person:eve: mended)")
    assert call("dismiss", message, "--reason", "a test", "--json").json["order"] == "web-1001"
    assert state_of(shop)[1].startswith("dismissed by person:eve: a test; before: no message is called record_shpment")
    story = " ".join(call("why", "1001").out.split())
    assert "Note: Message w-9 of warehouse (record_shpment) is dismissed: a test" in story
    assert call("trouble").out.startswith("Nothing is in trouble")
    assert call("audit").code == 0


def test_a_message_whose_content_was_erased_can_only_be_dismissed(call: Call, message: int) -> None:
    assert call("erase", "--order", "1001").code == 0
    said = call("retry", message)
    assert (said.code, said.err) == (1, f"The content of message {message} was erased: it can only be dismissed.\n")
    assert call("dismiss", message, "--reason", "erased").code == 0
    assert call("audit").code == 0


@pytest.mark.parametrize(
    ("tokens", "code", "sentence"),
    [
        (("retry", "8c1f"), 1, "No task 8c1f is in trouble; `segue trouble` lists those that are."),
        (("retry", 1), 1, "No message 1 is parked or refused; `segue trouble` lists those that are."),
        (("dismiss", 1, "--reason", "x"), 1, "No message 1 is parked or refused"),
        (("dismiss", 1, "--reason", " "), 2, "Say how you know: `--reason` may not be empty."),
        (("settle", "TASK", "payed", "--reason", "x"), 2, "authorize has no outcome `payed`; "),
        (("settle", "TASK", "done", "--reason", "x"), 1, "Refused: the gateway's own id is needed for what follows: A1."),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_one_sentence(
    call: Call, task: dict[str, Any], tokens: tuple[object, ...], code: int, sentence: str
) -> None:
    said = call(*[task["id"] if token == "TASK" else token for token in tokens])
    assert (said.code, said.out) == (code, "")
    assert said.err.startswith(sentence)


def test_a_task_that_is_being_asked_for_is_left_alone(call: Call, shop: Path, task: dict[str, Any]) -> None:
    with owned(shop) as app:
        with app.database.transaction() as cursor:
            cursor.execute("UPDATE tasks SET state = 'claimed' WHERE id = ?", (task["id"],))
        assert "being asked" in call("trouble").out
        done = answered(app, Retry(task["id"], "", "person:eve"))
        assert done.failed.startswith(f"Task {task['id']} is being asked for at this moment")
