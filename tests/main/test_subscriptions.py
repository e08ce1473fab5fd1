"""The command `segue subscription`, as typed.

Covers K-6.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.main.calling import Call, an_order, caller

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


def test_what_became_of_a_command_is_told_in_words(call: Call, begun: dict[str, Any]) -> None:
    assert call("subscription", "change", "S1", "1", "--quantity", "3").out == (
        "line changed line 1, now (sku LAMP-1, quantity 3, rule FREQ=MONTHLY, starts on 2099-01-31, next on 2099-01-31)\n"
    )
    told = call("subscription", "now", "S1").out
    assert told == "cycle ordered cycle 20990131.1, lines 1, on 2099-01-31, alone yes, early yes\n"


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
    assert "did you mean `on_hold`" in failed(call, 2, "list", "--state", "on_hld")
    assert "Say what changes: --quantity, --sku or --rule." in failed(call, 2, "change", "S1", "1")
    assert "--quantity" in failed(call, 2, "change", "S1", "1", "--quantity", "0")
    assert "did you mean `LAMP-1`" in failed(call, 2, "change", "S1", "1", "--sku", "LAMP-11")
    unknown = written(shop, id="S2", lines=[{"sku": "LMP-1", "quantity": 1, "rule": RULE}])
    assert f"{unknown}: There is no SKU `LMP-1` in the catalog" in failed(call, 2, "add", unknown)
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


@pytest.mark.parametrize(
    ("line", "terms", "told"),
    [
        (
            {"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;SKIP=OMIT"},
            {},
            "a recurrence that never fires: line 1: FREQ",
        ),
        ({"rule": "monthly"}, {}, "line 1: monthly: `MONTHLY` is not NAME=VALUE as in FREQ=MONTHLY"),
        ({"rule": "FREQ=DAILY;UNTIL=20200101"}, {}, "line 1: UNTIL 2020-01-01 is before 2099-01-31"),
        ({}, {"time_zone": "Europe/Berlyn"}, "no such time zone: Europe/Berlyn; they are called as Europe/Berlin is"),
        ({}, {"at": "25:00"}, "at is a time of the day as in 09:00, and not 25:00"),
        ({"starts_on": "2099-02-30"}, {}, "`$.lines[0].starts_on`"),
    ],
)
def test_what_is_wrong_with_one_that_begins_names_its_file_and_its_place(
    call: Call, shop: Path, line: dict[str, str], terms: dict[str, str], told: str
) -> None:
    usual = {"channel": "web", "currency": "USD", "person": "ada", "ship_method": "standard"}
    lines = [{"sku": "LAMP-1", "quantity": 1, "rule": RULE, "starts_on": "2099-01-31"} | line]
    path = written(shop, lines=lines, terms=usual | terms)
    said = call("subscription", "add", path)
    assert (said.code > 0, said.err.startswith(f"{path}: "), told in said.err) == (True, True, True), said.err
    assert call("subscription", "list", "--json").json == []


def begin_later(call: Call, shop: Path, rule: str) -> None:
    """A standing order of lamps from 2026-04-20 on, in a shop that has delivered an order by the end of March."""
    take_order(call, shop, "1001", "2026-03-19T09:00:00Z")
    assert call("work", "--until-idle").code == 0
    lines = [{"sku": "LAMP-1", "quantity": 1, "rule": rule, "starts_on": "2026-04-20", "price_minor": 4900}]
    to = {"ship_to": {"country": "US", "region": "NY"}}
    terms = {"channel": "web", "currency": "USD", "person": "ada", "ship_method": "standard", "address": to}
    added = call("subscription", "add", written(shop, lines=lines, terms=terms))
    assert added.code == 0, added.err


def take_order(call: Call, shop: Path, number: str, placed_at: str) -> None:
    path = shop / "order.json"
    path.write_text(json.dumps([an_order(number, placed_at=placed_at)]), encoding="utf-8")
    assert call("import", path, "--channel", "web").code == 0


def ordered(call: Call) -> list[str]:
    return [day["order"] for day in call("subscription", "show", "S1", "--json").json["days"]]


def statuses(call: Call) -> dict[str, str]:
    return {each["id"]: each["status"] for each in call("orders", "--json").json}


@pytest.fixture
def new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Call, Path]:
    """A new shop with enough lamps."""
    shop = tmp_path / "lamps"
    assert caller(capsys)("init", shop, "--yes").code == 0
    (shop / "stock.csv").write_text("sku,location,units\nLAMP-1,MAIN,500\n", encoding="utf-8")
    return caller(capsys, shop), shop


def test_work_until_idle_does_other_orders_and_ends_while_a_subscription_has_no_end(new: tuple[Call, Path]) -> None:
    call, shop = new
    begin_later(call, shop, "FREQ=DAILY")
    take_order(call, shop, "1002", "2026-04-19T21:00:00Z")
    said = call("work", "--until-idle")
    assert "Subscriptions without an end go on from there" in said.out
    assert statuses(call)["web-1002"] == "delivered"
    assert 1 <= len(ordered(call)) < 10
    assert len(statuses(call)) == 2 + len(ordered(call))


def test_what_a_subscription_without_an_end_has_ordered_is_done_before_its_next_cycle(new: tuple[Call, Path]) -> None:
    call, shop = new
    begin_later(call, shop, "FREQ=MONTHLY")
    assert call("work", "--until-idle", "--json").json["next_at"] == "2026-04-20T09:00:00Z"
    assert ordered(call) == []
    assert call("work", "--until", "2026-04-20T12:00").code == 0
    assert call("work", "--until-idle").code == 0
    assert statuses(call) == {"web-1001": "delivered", "web-S1.20260420": "delivered"}
    assert call("work", "--until-idle", "--json").json["next_at"] == "2026-05-20T09:00:00Z"
    assert len(ordered(call)) == 1


def test_a_subscription_with_an_end_is_worked_to_its_end(new: tuple[Call, Path]) -> None:
    call, shop = new
    begin_later(call, shop, "FREQ=WEEKLY;COUNT=3")
    assert "Subscriptions without an end" not in call("work", "--until-idle").out
    assert [*statuses(call).values()] == ["delivered"] * 4


def test_work_until_a_day_makes_every_cycle_up_to_then_and_no_other(new: tuple[Call, Path]) -> None:
    call, shop = new
    begin_later(call, shop, "FREQ=DAILY")
    assert call("work", "--until", "2026-04-30").code == 0
    assert ordered(call) == [f"web-S1.202604{day}" for day in range(20, 30)]
    over = call("work", "--until", "2026-03-01")
    assert (over.code, "`--until 2026-03-01` is over" in over.err) == (2, True)
    unreadable = call("work", "--until", "tomorrow")
    assert (unreadable.code, "`tomorrow` is no day" in unreadable.err) == (2, True)
