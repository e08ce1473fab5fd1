"""The command `segue subscription`, as typed.

Covers K-6.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.main.calling import Call

RULE = "FREQ=MONTHLY"
CUSTOMER = {"name": "Ada", "email": "ada@example.com", "ship_to": {"country": "US"}}


def written(shop: Path, **more: Any) -> Path:
    path = shop / "subscription.json"
    fields: dict[str, Any] = {
        "id": "S1",
        "terms": {"channel": "web", "currency": "USD", "person": "ada", "ship_method": "standard"},
        "lines": [{"sku": "LAMP-1", "quantity": 1, "rule": RULE, "starts_on": "2099-01-31"}],
        "customer": CUSTOMER,
    }
    path.write_text(json.dumps(fields | more), encoding="utf-8")
    return path


@pytest.fixture
def begun(call: Call, shop: Path) -> dict[str, Any]:
    return dict(call("subscription", "add", written(shop), "--json").json)


def next_on(call: Call, line: str = "1") -> str:
    return str(call("subscription", "show", "S1", "--json").json["lines"][line]["next_on"])


def test_one_that_begins_is_listed_and_shown_and_its_customer_is_kept_apart(call: Call, begun: dict[str, Any]) -> None:
    assert begun["subscription"]["lines"]["1"]["next_on"] == "2099-01-31"
    (listed,) = call("subscription", "list", "--json").json
    assert (listed["id"], listed["state"]) == ("S1", "active")
    assert "ada@example.com" not in json.dumps(listed)
    assert call("subscription", "list", "--state", "paused", "--json").json == []
    assert "1 x LAMP-1" in call("subscription", "list").out
    assert "next on 2099-01-31" in call("subscription", "show", "S1").out


def test_what_customers_ask(call: Call, begun: dict[str, Any], shop: Path) -> None:
    assert "cycle passed" in call("subscription", "skip", "S1").out
    assert next_on(call) == "2099-02-28"
    call("subscription", "change", "S1", "1", "--quantity", "3", "--next")
    call("subscription", "now", "S1")
    assert next_on(call) == "2099-03-31"
    call("subscription", "pause", "S1", "--until", "2099-06-01")
    assert call("subscription", "list", "--json").json[0]["state"] == "paused"
    call("subscription", "resume", "S1")
    call("subscription", "change", "S1", "1", "--rule", "FREQ=YEARLY", "--quantity", "2")
    call("subscription", "pay", "S1", "--method", "sepa", "--reference", "mandate-7")
    command = shop / "command.json"
    line = {"sku": "LAMP-1", "quantity": 1, "rule": RULE, "starts_on": "2099-12-31"}
    command.write_text(json.dumps({"command": "add_line", "line": line}), encoding="utf-8")
    call("subscription", "do", "S1", command)
    assert next_on(call, "2") == "2099-12-31"
    told = call("subscription", "show", "S1", "--history").out
    assert "order" in told
    assert "payment changed" in told
    shown = call("subscription", "show", "S1", "--history", "--json").json
    assert [day["outcome"] for day in shown["days"]] == ["skipped", "ordered"]
    assert shown["history"][0]["taken"]["events"][0]["event"] == "subscribed"
    call("subscription", "cancel", "S1", "--reason", "moved away")
    assert "is ended (moved away)" in call("subscription", "show", "S1").out


def failed(call: Call, code: int, *tokens: object) -> str:
    """Why a command fails, with this exit code."""
    said = call("subscription", *tokens)
    assert said.code == code, said
    return said.err


def test_what_cannot_be_is_said(call: Call, begun: dict[str, Any], shop: Path) -> None:
    assert "there is a subscription of this id already" in failed(call, 1, "add", written(shop))
    assert "There is no subscription S9" in failed(call, 1, "show", "S9")
    assert "there is no such subscription" in failed(call, 1, "skip", "S9")
    assert "one or the other" in failed(call, 2, "change", "S1", "1", "--rule", RULE, "--next")
    assert "Say which subscription" in failed(call, 2, "skip")
    assert "not one of this shop" in failed(call, 1, "skip", "--token", "S1.20990131.00")
    odd = written(shop, id="S2", terms={"channel": "wbe", "currency": "USD"}, customer=None)
    assert "did you mean `web`" in failed(call, 2, "add", odd)
    nobody = written(shop, id="S2", terms={"channel": "web", "currency": "USD"})
    assert "the terms name no `person`" in failed(call, 2, "add", nobody)
    unreadable = written(shop, id="S2", lines=[{"sku": "LAMP-1"}])
    assert "missing required field" in failed(call, 2, "add", unreadable)
    unreadable.write_text("{", encoding="utf-8")
    assert "subscription.json" in failed(call, 2, "add", unreadable)
    unreadable.write_text('{"command": "renew"}', encoding="utf-8")
    assert "There is no command `renew`" in failed(call, 2, "do", "S1", unreadable)
