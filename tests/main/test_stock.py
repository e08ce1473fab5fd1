"""The commands `segue stock` and `segue supply`, as somebody types them."""

from pathlib import Path
from typing import Any

import pytest

from tests.main.calling import Call

SNAPSHOT = "sku,location,on_hand,damaged\nLAMP-2,MAIN,30,1\nNEW-1,MAIN,5,\nLAMP-2,HAM,4,\nLAMP-2,MAIN,abc,\n"


def there(call: Call, sku: str, location: str = "MAIN") -> dict[str, Any]:
    (found,) = call("stock", sku, "--location", location, "--json").json
    return dict(found)


def test_people_say_what_becomes_of_stock_and_it_stays_on_record(call: Call) -> None:
    call("stock", "count", "LAMP-2", "MAIN", 20)
    call("stock", "quarantine", "LAMP-2", "MAIN", 5, "--reason", "mold", "--by", "eve")
    call("stock", "release", "LAMP-2", "MAIN", 2)
    call("stock", "damage", "LAMP-2", "MAIN", 3)
    call("stock", "scrap", "LAMP-2", "MAIN", 1)
    call("stock", "adjust", "LAMP-2", "MAIN", "-4", "--reason", "gone")
    found = there(call, "LAMP-2")
    assert (found["on_hand"], found["quarantined"], found["damaged"], found["free"]) == (15, 3, 2, 10)
    moves = call("stock", "movements", "LAMP-2", "--json").json
    assert [(each["reason"], each["on_hand"], each["quarantined"], each["damaged"]) for each in moves[:5]] == [
        ("gone", -4, 0, 0), ("scrapped", -1, 0, -1), ("damaged", 0, 0, 3), ("released", 0, -2, 0), ("mold", 0, 5, 0),
    ]  # fmt: skip
    assert moves[4]["by"] == "person:eve"
    assert "mold" in call("stock", "movements", "LAMP-2").out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("quarantine", "LAMP-2", "MAIN", 9_999), 1, "Refused: LAMP-2 at MAIN"),
        (("quarantine", "LAMP-2", "MAIN", 0), 2, "At least 1 unit is needed."),
        (("receive", "LAMP-2", "MAIN", 0), 2, "At least 1 unit is needed."),
        (("adjust", "LAMP-2", "MAIN", 0, "--reason", "x"), 2, "At least 1 unit is needed."),
        (("count", "LAMP-2", "MAIN", -1), 2, "Must be >= 0"),
        (("count", "LUMP-2", "MAIN", 1), 2, "There is no SKU `LUMP-2` in the catalog; did you mean"),
        (("adjust", "LAMP-2", "MAIN", 1, "--reason", " "), 2, "may not be empty"),
        (("snapshot", "nowhere.csv", "--source", "wms"), 2, "there is no such file"),
        (("feed", "--channel", "wob"), 2, "There is no channel `wob`"),
        (("feed", "--channel", "web", "--since", "yesterday"), 2, "is no cursor"),
        (("drop", 7), 1, "no report 7"),
        (("transfer", "LAMP-2", "MAIN", "MAIN", 1, "--reference", "T", "--expected", "2026-12-01"), 2, "two locations"),
        (("transfer", "LAMP-2", "MAIN", "SHOP", 1, "--reference", "T", "--expected", "soon"), 2, "is no day"),
    ],
)
def test_what_cannot_be_is_said_clearly(call: Call, words: tuple[object, ...], code: int, said: str) -> None:
    answer = call("stock", *words)
    assert (answer.code, said in answer.err) == (code, True), answer.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty.csv: the file has no column sku; it has none: it is empty."),
        (b"\xff\xfe", "empty.csv: the file cannot be"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(call: Call, tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "empty.csv").write_bytes(content)
    assert f"Refused: {said}" in call("stock", "snapshot", tmp_path / "empty.csv", "--source", "wms").out


def test_a_snapshot_keeps_what_it_cannot_apply_until_it_can(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "snapshot.csv"
    file.write_text(SNAPSHOT, encoding="utf-8")
    taken = call("stock", "snapshot", file, "--source", "wms", "--json").json
    assert taken["outcomes"] == {"applied": 1, "refused": 1, "waiting": 2}
    assert (there(call, "LAMP-2")["on_hand"], there(call, "LAMP-2")["damaged"]) == (30, 1)
    again = call("stock", "snapshot", file, "--source", "wms")
    assert "repeated" in again.out
    waiting = call("stock", "waiting", "--json")
    assert (waiting.code, [each["detail"] for each in waiting.json]) == (
        1, ["no SKU NEW-1 in the catalog", "no location HAM", "on_hand: `abc` is no whole number"],
    )  # fmt: skip
    items = tmp_path / "items.csv"
    items.write_text("sku,title\nNEW-1,New\n", encoding="utf-8")
    call("catalog", "put", items)
    assert there(call, "NEW-1")["on_hand"] == 5
    for each in waiting.json[1:]:
        assert call("stock", "drop", each["number"]).code == 0
    assert "Nothing waits" in call("stock", "waiting").out


def test_deltas_of_a_file_count_once(call: Call, tmp_path: Path) -> None:
    call("stock", "count", "LAMP-2", "MAIN", 20)
    file = tmp_path / "delta.csv"
    file.write_text("sku,location,on_hand,reason\nLAMP-2,MAIN,-2,lost\nLAMP-2,MAIN,-2,lost\n", encoding="utf-8")
    assert "applied" in call("stock", "delta", file, "--source", "wms").out
    call("stock", "delta", file, "--source", "wms")
    assert there(call, "LAMP-2")["on_hand"] == 16


def test_a_feed_has_what_a_channel_may_sell_and_then_what_has_moved_since(call: Call) -> None:
    whole = call("stock", "feed", "--channel", "web", "--json").json
    before = whole["available"]["LAMP-2"]
    call("stock", "receive", "LAMP-2", "MAIN", 7)
    since = call("stock", "feed", "--channel", "web", "--since", whole["cursor"], "--json").json
    assert since["available"] == {"LAMP-2": before + 7}
    text = call("stock", "feed", "--channel", "web", "--since", since["cursor"]).out
    assert text == "channel,sku,available,cursor\n"


def test_a_feed_has_the_figures_that_orders_are_allocated_by(call: Call) -> None:
    whole = call("stock", "feed", "--channel", "web", "--json").json
    before = whole["available"]["LAMP-2"]
    call("stock", "receive", "LAMP-2", "MAIN", 20)
    assert call("stock", "fence", "LAMP-2", "--pool", "others", "--units", 6).code == 0
    call("stock", "fence", "LAMP-2", "--channel", "web", "--safety", 2)
    since = call("stock", "feed", "--channel", "web", "--since", whole["cursor"], "--json").json
    assert since["available"] == {"LAMP-2": before + 20 - 6 - 2}
    shown = call("stock", "LAMP-2", "--channel", "web", "--json").json
    assert sum(row["free"] for row in shown) == before + 20 - 6 - 2
    assert sum(row["free"] for row in call("stock", "LAMP-2", "--json").json) == before + 20
    call("location", "off", "MAIN", "--reason", "flood")
    elsewhere = sum(row["free"] for row in shown if row["location"] != "MAIN")
    closed = call("stock", "feed", "--channel", "web", "--since", since["cursor"], "--json").json
    assert closed["available"]["LAMP-2"] == elsewhere
    assert closed["available"].keys() == whole["available"].keys(), "all that is there may be another figure now"
    assert call("stock", "--channel", "wob").code == 2


def test_what_is_expected_is_listed_and_shown_with_the_stock(call: Call) -> None:
    call("supply", "add", "PO-1", "LAMP-2", "MAIN", 40, "--expected", "2026-12-05")
    call("supply", "move", "PO-1", "--sku", "LAMP-2", "--units", 10, "--expected", "2026-12-09")
    call("supply", "cancel", "PO-1", "--sku", "LAMP-2", "--units", 5)
    listed = call("supply", "list", "--json").json
    assert [(each["units"], each["expected_at"][:10]) for each in listed] == [(30, "2026-12-05"), (5, "2026-12-09")]
    assert "PO-1" in call("supply", "list", "PO-1").out
    assert (there(call, "LAMP-2")["next_units"], there(call, "LAMP-2")["inbound"]) == (30, 35)
    assert "30 of 35 on 2026-12-05" in call("stock", "LAMP-2").out
    before = there(call, "LAMP-2")["on_hand"]
    call("supply", "receive", "PO-1", "LAMP-2", 28, "--last")
    assert (there(call, "LAMP-2")["on_hand"], call("supply", "list", "--json").json) == (before + 28, [])
    assert call("supply", "receive", "PO-1", "LAMP-2", 1).code == 1
    assert "needs a --sku" in call("supply", "move", "PO-1", "--units", 1, "--expected", "2026-12-09").err


def test_a_transfer_is_in_transit_until_it_is_received(call: Call) -> None:
    call("stock", "count", "LAMP-2", "MAIN", 20)
    before = (
        there(call, "LAMP-2", "SHOP")["on_hand"] if call("stock", "LAMP-2", "--location", "SHOP", "--json").json else 0
    )
    sent = call("stock", "transfer", "LAMP-2", "MAIN", "SHOP", 6, "--reference", "T-1", "--expected", "2026-12-01")
    assert sent.out.startswith("6 units of LAMP-2 are on the way from MAIN to SHOP.")
    assert there(call, "LAMP-2", "SHOP")["in_transit"] == 6
    call("supply", "receive", "T-1", "LAMP-2", 5, "--last")
    found = there(call, "LAMP-2", "SHOP")
    assert (found["on_hand"], found["in_transit"]) == (before + 5, 0)


def test_the_stock_of_a_sku_is_shown_at_a_glance_and_as_a_table(call: Call) -> None:
    rows = call("stock", "--totals", "--csv").out.splitlines()
    assert rows[0].startswith("sku,location,on_hand,allocated,reserved,safety,damaged,quarantined,in_transit,free")
    assert len({row.partition(",")[0] for row in rows}) == len(rows)
    assert "free to promise" in call("stock", "LAMP-2").out


def test_what_a_supply_that_moves_would_do_to_who_waits_is_seen_before(call: Call) -> None:
    call("supply", "add", "PO-1", "LAMP-2", "MAIN", 40, "--expected", "2026-12-05")
    (known,) = call("order", "web-1003", "--json").json["queue"]
    assert (known["position"], known["units_ahead"], known["told_s"]) == (1, 0, None)
    told = call("order", "web-1003").out
    assert "2026-12-05" in told
    assert "told: nobody knew; hears of it" in told
    seen = call("supply", "move", "PO-1", "--to", "2026-12-09", "--preview", "--json").json
    assert [(hit["order"], hit["position"], hit["before"], hit["due"][:10]) for hit in seen["hits"]] == [
        ("web-1003", 1, None, "2026-12-09")
    ]
    assert (seen["orders"], seen["later"], seen["messages"], seen["one_by_one"]) == (1, 0, {}, 0)
    shown = call("supply", "move", "PO-1", "--to", "2026-12-09", "--preview", "--limit", 1).out
    assert "Nothing has happened yet." in shown
    assert "1 order would have another date, 0 of them a later one." in shown
    assert "2026-12-05" in call("supply", "list", "PO-1").out
    assert "Waiting lines that have another date now: 1." in call("supply", "move", "PO-1", "--to", "2026-12-09").out
    assert call("supply", "cancel", "PO-1", "--preview", "--json").json["orders"] == 0
    assert [each["position"] for each in call("supply", "pegs", "LAMP-2", "--json").json] == [1]
    assert "web-1003" in call("supply", "pegs", "LAMP-2", "--limit", 1).out
