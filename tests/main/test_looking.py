"""Looking: orders, one order, its story, folders, stock, the catalog, the audit. For people, and as JSON."""

import sqlite3
from pathlib import Path

import pytest

from tests.main.calling import Call


def test_orders_are_listed_with_their_amounts_and_folders(look: Call) -> None:
    said = look("orders")
    assert said.code == 0
    lines = {line.split()[0]: line for line in said.out.splitlines() if line.startswith("web-")}
    assert list(lines) == ["web-1001", "web-1004", "web-1003", "web-1002"]
    assert "delivered" in lines["web-1002"]
    assert " 98.00 USD " in lines["web-1002"]
    assert "2026-03-02 04:00 EST" in lines["web-1002"]
    assert "backorders" in lines["web-1003"]
    assert "4 orders." in said.out


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (["--status", "delivered"], ["web-1001", "web-1002"]),
        (["--status", "on hold"], ["web-1004"]),
        (["--folder", "backorders"], ["web-1003"]),
        (["--open"], ["web-1004", "web-1003"]),
        (["--limit", "1"], ["web-1001"]),
        (["--folder", "outcome_unknown"], []),
        (["--status", "on_hold", "--folder", "backorders"], []),
    ],
)
def test_orders_are_filtered(look: Call, filters: list[str], found: list[str]) -> None:
    said = look("orders", *filters, "--json").json
    assert sorted(each["id"] for each in said) == sorted(found)


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        (["--folder", "backorder"], "There is no folder `backorder`; did you mean `backorders`?\n"),
        (["--folder", "zzz"], "There is no folder `zzz`; there is "),
        (["--status", "deliverd"], "There is no status `deliverd`; did you mean `delivered`?\n"),
    ],
)
def test_a_folder_or_a_status_that_there_is_not_is_wrong_use(look: Call, filters: list[str], sentence: str) -> None:
    said = look("orders", *filters)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(sentence)


def test_a_listed_order_has_the_same_keys_in_json_whatever_is_in_them(look: Call) -> None:
    keys = {frozenset(each) for each in look("orders", "--json").json}
    assert keys == {
        frozenset(
            ("id", "channel", "channel_order_id", "placed_at_s", "placed_at", "status", "open", "total_minor", "currency")
        ) | {"wake_at_s", "folders"}
    }  # fmt: skip


def test_an_order_is_shown_on_one_page(look: Call) -> None:
    said = look("order", "web-1001").out
    for part in ("delivered, closed", "LAMP-1", "2 delivered", "65.70 USD captured", "FedEx", "authorize"):
        assert part in said
    for typed in (
        "segue note web-1001 TEXT",
        "segue adjust web-1001 AMOUNT --line LINE",
        "segue goodwill web-1001 AMOUNT --reason TEXT",
        "segue do web-1001 record_return line=LINE quantity=UNITS",
        "segue do web-1001 record_chargeback tender=TENDER amount_minor=AMOUNT reference=CASE",
    ):
        assert typed in said
    assert "segue correct" not in said


def test_an_order_is_found_by_its_channels_number(look: Call) -> None:
    assert look("order", "1001").out == look("order", "web-1001").out


def test_an_order_that_waits_says_for_what_and_what_can_be_done(look: Call) -> None:
    said = look("order", "1004").out
    assert "the catalog has no LAMP-9" in said
    assert "segue lift web-1004 HOLD" in said
    assert "segue cancel web-1004" in said
    assert "segue correct web-1004 FILE" in said
    assert look("order", "1004", "--json").json["may_be_corrected"]


def test_an_order_in_json_has_its_value_its_status_and_its_actions(look: Call) -> None:
    said = look("order", "1003", "--json").json
    assert said["status"] == "partly_shipped"
    assert said["folders"] == ["backorders"]
    assert said["lines"][0]["tally"]["backordered"] == [[7, 9]]
    assert {"command": "cancel"} in said["actions"]
    assert said["placed_at"] == "2026-03-02T09:00:00Z"


def test_a_story_is_told_in_sentences_with_reasons(look: Call) -> None:
    said = look("why", "1001").out
    assert "came in from web: 1 of LAMP-1 and 2 of BULB-E27, for 65.70 USD" in said
    assert "will come from Main warehouse (MAIN)" in said
    assert "because ship_complete" in said
    assert "as the workflow says" not in said
    assert said.rstrip().splitlines()[-1].strip() == "Of 65.70 USD, 65.70 USD are paid and 0.00 USD secured"


def test_people_are_shown_instants_in_the_time_of_the_shop(call: Call, shop: Path) -> None:
    assert "Planned for 2026-" in call("why", "1003").out
    assert "UTC" not in call("why", "1001").out + call("orders").out + call("order", "1003").out
    text = (shop / "shop.yaml").read_text()
    (shop / "shop.yaml").write_text(text.replace("America/New_York", "Asia/Kolkata"))
    assert "IST" in call("work", "--until-idle").out
    assert "2026-03-02 14:30 IST" in call("orders").out
    story = call("why", "1003").out
    assert (" EST" in story, " IST: " in story) == (False, True)


def test_the_full_story_says_where_in_the_workflow_each_thing_comes_from(look: Call) -> None:
    assert "as the workflow says in on.order_placed.0" in look("why", "1001", "--full").out


def test_a_story_in_json_is_a_list_of_sentences(look: Call) -> None:
    first, *_, last = look("why", "1004", "--json").json
    assert first.keys() == {"at_s", "at", "by", "text", "details"}
    assert first["by"] == "channel:web"
    assert "Where it stands" in last["text"]


def test_folders_have_an_owner_a_time_limit_and_what_is_overdue(look: Call) -> None:
    said = look("folders").out
    line = next(line for line in said.splitlines() if line.startswith("unknown_goods"))
    assert line.split()[1:3] == ["catalog", "1"]
    found = {each["folder"]: each for each in look("folders", "--json").json["folders"]}
    assert found["backorders"]["owners"] == ["stock"]
    assert found["backorders"]["within_s"] == 14 * 86_400


def test_stock_is_shown_with_what_is_free(look: Call) -> None:
    said = look("stock", "LAMP-1", "--json").json
    assert [(each["location"], each["on_hand"], each["free"]) for each in said] == [("MAIN", 17, 17), ("SHOP", 2, 2)]
    assert "2 places of 1 SKU." in look("stock", "LAMP-1").out
    assert "there is more" in look("stock", "--limit", "2").out


def test_the_catalog_is_shown_and_what_it_lacks_is_said(look: Call) -> None:
    assert "Desk lamp" in look("catalog", "LAMP-1").out
    said = look("catalog", "LAMP-1", "LAMP-9")
    assert said.code == 1
    assert "The catalog has no LAMP-9." in said.out


def test_a_clean_audit_says_so(look: Call) -> None:
    said = look("audit")
    assert (said.code, said.out.startswith("All is well: ")) == (0, True)
    assert look("audit", "--order", "1001", "--json").json["violations"] == []


def test_a_broken_invariant_is_told_with_its_offender(call: Call, shop: Path) -> None:
    connection = sqlite3.connect(shop / "segue.db")
    connection.execute("UPDATE stock SET allocated = 1 WHERE sku = 'CABLE-3M'")
    connection.commit()
    connection.close()
    said = call("audit")
    assert said.code == 1
    assert "CABLE-3M" in said.out
    assert call("audit", "--json").json["violations"]


def test_an_audit_since_the_last_one_tells_how_many_orders_it_looked_at(call: Call) -> None:
    assert call("audit", "--since-last", "--json").json["violations"] == []
    said = call("audit", "--since-last", "--json").json
    assert (said["orders"], said["violations"]) == (0, [])
    assert call("audit", "--since-last").out.startswith("Nothing has happened to any order since the last such audit")
    call("note", "1001", "hello")
    assert call("audit", "--since-last").out.endswith("checked in 1 order, nothing breaks any.\n")
    assert call("audit", "--since-last", "--order", "1001").code == 2


def test_the_files_mistakes_keep_nobody_from_auditing(call: Call, shop: Path) -> None:
    (shop / "shop.yaml").write_text("nonsense: true\n", "utf-8")
    assert call("audit").code == 0


def test_orders_are_replayed_and_compared_with_what_is_stored(call: Call, shop: Path) -> None:
    said = call("replay", "--verify")
    assert (said.code, said.out.startswith("All is well: 4 orders replayed")) == (0, True)
    assert call("replay").code == 2
    connection = sqlite3.connect(shop / "segue.db")
    connection.execute("UPDATE orders SET value = json_set(value, '$.locale', 'xx') WHERE id = 'web-1002'")
    connection.commit()
    connection.close()
    said = call("replay", "--verify")
    assert said.code == 1
    assert "web-1002" in said.out
    assert 'locale is "xx"' in said.out
    assert call("replay", "--verify", "--order", "1001").code == 0
    assert call("replay", "--verify", "--order", "1002", "--json").json["deviations"][0]["id"] == "I40"


def test_a_shop_without_mistakes_is_in_order(look: Call) -> None:
    assert look("check", "--quick").out.startswith("The shop's files are in order.\n\nThe workflow ")
    assert look("check", "--quick", "--json").json["mistakes"] == []


def test_the_schema_of_workflows_is_printed(anywhere: Call) -> None:
    assert anywhere("schema", "workflow").json["title"] == "A workflow of Segue"
    assert anywhere("schema", "bundles").json["title"] == "The bundles of a shop"
