"""The first hour: a shop that was just made, stock before any order, names that there are not, and what is told of them."""

import json
import time
from pathlib import Path

import pytest

from segue.app import owned
from segue.core.base import Refusal, Refused
from segue.main import asking
from segue.main.failing import refusal_of, refusing
from segue.main.obeying import answered
from segue.main.wanted import Done, Give
from segue.store.lock import OwnerLock
from tests.main.calling import Call, an_order, caller

TICK_S = 600  # of a virtual clock


@pytest.fixture
def new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Commands in a shop in which nothing was done yet."""
    call = caller(capsys, tmp_path / "lamps")
    assert caller(capsys)("init", tmp_path / "lamps", "--yes").code == 0
    return call


def test_a_new_shop_shows_the_stock_that_its_file_says(new: Call) -> None:
    said = new("stock", "LAMP-1")
    assert (said.code, "2 places of 1 SKU." in said.out) == (0, True)
    assert "before the first work" in new("stock", "movements", "LAMP-1").out
    assert new("orders").out.endswith("tells its story.\n")


@pytest.mark.parametrize(
    "tokens",
    [
        ("stock", "movements", "LAMP-1"), ("stock", "feed", "--channel", "web"), ("stock", "waiting"),
        ("stock", "fences", "LAMP-1"), ("supply", "list"), ("supply", "pegs", "LAMP-1"), ("reservations",), ("location",),
        ("location", "freeze", "MAIN", "2999-01-01"), ("catalog", "LAMP-1"),
        ("supply", "add", "PO-1", "LAMP-1", "MAIN", 4, "--expected", "2999-01-01"),
    ],
)  # fmt: skip
def test_what_is_not_about_orders_can_be_asked_of_a_new_shop(new: Call, tokens: tuple[object, ...]) -> None:
    said = new(*tokens)
    assert said.code == 0, said.err


def test_what_a_person_does_first_has_the_present_time_and_later_orders_follow_it(new: Call, tmp_path: Path) -> None:
    began_s = int(time.time())
    assert new("stock", "receive", "LAMP-1", "MAIN", 12).code == 0
    latest, *_ = new("stock", "movements", "LAMP-1", "--json").json
    at_s = latest["at_s"]
    assert began_s <= at_s <= time.time() + TICK_S
    new("stock", "receive", "LAMP-1", "MAIN", 1)
    assert new("stock", "movements", "LAMP-1", "--json").json[0]["at_s"] == at_s, "a virtual clock stands still"
    (tmp_path / "one.json").write_text(json.dumps([an_order("1", placed_at="2020-03-02T09:00:00Z")]), encoding="utf-8")
    new("import", tmp_path / "one.json", "--channel", "web")
    new("work", "--until-idle")
    moves = new("stock", "movements", "LAMP-1", "--json").json
    assert min(each["at_s"] for each in moves if each["order"]) >= at_s
    assert new("audit").code == 0


def test_a_snapshot_of_the_last_months_is_taken_in_by_a_new_shop(new: Call, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("sku,location,on_hand\nLAMP-1,MAIN,5\nLAMP-2,MAIN,-3\n", encoding="utf-8")
    said = new("stock", "snapshot", file, "--source", "wms", "--at", "2026-03-02T09:00:00Z")
    assert (said.code, "segue stock drop NUMBER" in said.out) == (1, True)
    assert new("stock", "LAMP-1", "--location", "MAIN", "--json").json[0]["on_hand"] == 5
    again = new("stock", "delta", file, "--source", "till", "--json")
    assert (again.code, again.json["outcomes"]) == (0, {"applied": 2})
    assert new("stock", "snapshot", file, "--source", "erp", "--json").code == 1


@pytest.mark.parametrize(
    ("tokens", "sentence"),
    [
        (("stock", "LUMP-1"), "There is no SKU `LUMP-1`; did you mean `LAMP-"),
        (("stock", "--location", "MIAN"), "There is no location `MIAN`; did you mean `MAIN`?"),
        (("stock", "--location", "XYZ"), "There is no location `XYZ`; there is MAIN, SHOP."),
        (("stock", "LAMP-1", "--channel", "wep"), "There is no channel `wep`; did you mean `web`?"),
        (("stock", "feed", "--channel", "wep"), "There is no channel `wep`; did you mean `web`?"),
        (("stock", "movements", "LUMP-1"), "There is no SKU `LUMP-1`; did you mean"),
        (("stock", "movements", "LAMP-1", "--location", "MIAN"), "There is no location `MIAN`"),
        (("stock", "fences", "LUMP-1"), "There is no SKU `LUMP-1`"),
        (("stock", "reallocate", "LUMP-1", "--from", "a", "--to", "b", "--units", 1), "There is no SKU `LUMP-1`"),
        (("supply", "pegs", "LUMP-1"), "There is no SKU `LUMP-1`"),
        (("supply", "list", "PO-1"), "There is no supply `PO-1`; there is none."),
        (("supply", "list", "--sku", "LUMP-1"), "There is no SKU `LUMP-1`"),
        (("supply", "list", "--location", "MIAN"), "There is no location `MIAN`"),
        (("orders", "--folder", "reviev"), "There is no folder `reviev`; did you mean `review`?"),
        (("orders", "--status", "nothing_like_it"), "There is no status `nothing_like_it`; there is "),
    ],
)
def test_a_name_that_there_is_not_is_an_error_with_advice(
    call: Call, tokens: tuple[object, ...], sentence: str
) -> None:
    said = call(*tokens)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(sentence)
    assert said.err[-2] in ".?"
    assert ".." not in said.err


def test_what_is_known_and_has_nothing_is_no_error(call: Call) -> None:
    assert call("stock", "LAMP-2", "--location", "SHOP").out.endswith("0 places of 0 SKUs.\n")
    assert call("supply", "pegs", "LAMP-1").code == 0
    assert call("supply", "add", "PO-1", "LAMP-1", "MAIN", 3, "--expected", "2999-01-01").code == 0
    assert call("supply", "receive", "PO-1", "LAMP-1", 3).code == 0
    assert call("supply", "list", "PO-1").out.endswith("0 units of 0 SKUs expected.\n")


@pytest.mark.parametrize(
    ("tokens", "sentence"),
    [
        (
            ("supply", "add", "P", "LAMP-1", "MAIN", 0, "--expected", "2999-01-01"),
            'Invalid value "0" for UNITS. Must be >= 1.',
        ),
        (("supply", "receive", "P", "LAMP-1", 0), "At least 1 unit is needed."),
        (("supply", "cancel", "P", "--sku", "LAMP-1", "--units", 0), 'Invalid value "0" for --units. Must be >= 1.'),
        (("supply", "cancel", "P", "--units", 1), "--units needs a --sku."),
        (("stock", "fence", "LAMP-1", "--channel", "web"), "Say how much it is: --units 20"),
    ],
)
def test_no_units_at_all_are_not_taken_without_a_word(call: Call, tokens: tuple[object, ...], sentence: str) -> None:
    said = call(*tokens)
    assert (said.code, said.err.startswith(sentence)) == (2, True), said.err


def test_a_day_that_is_over_is_taken_and_told(call: Call) -> None:
    late = ("supply", "add", "PO-1", "LAMP-1", "MAIN", 3, "--expected", "2026-01-05")
    assert "2026-01-05 00:00 EST is over already: it is overdue" in call(*late).out
    assert call(*late, "--json").json["is_overdue"] is True
    moved = call("supply", "move", "PO-1", "--expected", "2999-01-05")
    assert (moved.code, "over already" in moved.out) == (0, False)
    sent = ("stock", "transfer", "LAMP-1", "MAIN", "SHOP", 1, "--reference", "T-1", "--expected")
    assert "over already" in call(*sent, "2026-01-05").out
    assert call(*sent, "2999-01-05", "--json").json["is_overdue"] is False


def test_a_promise_says_why_units_come_from_nowhere(call: Call, shop: Path) -> None:
    path = shop / "cart.json"
    path.write_text(json.dumps({"lines": [{"sku": "SHADE-R", "quantity": 9}], "ship_method": "standard"}), "utf-8")
    assert call("location", "off", "SHOP", "--reason", "moving").code == 0
    said = call("promise", path, "--to", "US-NY").out
    assert "standard: no location that may send it has 9 SHADE-R, and no supply that is expected brings it." in said
    assert "standard: not from SHOP: off: moving" in said


def test_what_is_pretended_is_of_goods_that_there_are(call: Call, shop: Path) -> None:
    path = shop / "cart.json"
    path.write_text(json.dumps({"lines": [{"sku": "LAMP-1", "quantity": 1}]}), "utf-8")
    unknown = call("route", path, "--what-if", "stock:LUMP-1@MAIN=5")
    assert (unknown.code, unknown.err.startswith("There is no SKU `LUMP-1`; did you mean `LAMP-")) == (2, True)
    other = call("route", path, "--what-if", "stock:LAMP-2@MAIN=5")
    assert (other.code, "LAMP-2: the order has none of it; it has LAMP-1." in other.err) == (2, True)


def test_a_shop_without_rates_has_no_columns_for_them(call: Call, shop: Path) -> None:
    path = shop / "cart.json"
    path.write_text(json.dumps({"lines": [{"sku": "LAMP-1", "quantity": 1}]}), "utf-8")
    heads = call("route", path).out.splitlines()[1]
    assert heads.split() == ["from", "units"]


def test_a_refusal_keeps_its_name_and_detail_on_its_way_through_the_door(
    call: Call, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = refusing("of old", Refused(Refusal.HOLD_NOT_FOUND, "of old"))
    assert refusal_of(said) == {
        "refusal": "HOLD_NOT_FOUND", "detail": "of old", "sentence": "Refused: of old.", "code": 1,
    }  # fmt: skip
    assert refusal_of(refusing("so it is")) is None
    with owned(shop, at_work=False) as app:
        done = answered(app, Give("web-1001", {"command": "lift_hold", "hold": "review"}, "person:eve"))
    assert (done.refusal, done.detail) == ("HOLD_NOT_FOUND", "review; there: none")
    answer = Done(failed="Refused: no.", code=1, refusal="HOLD_NOT_FOUND", detail="of old")
    monkeypatch.setattr(asking, "knock", lambda *_: answer)
    with OwnerLock(shop):
        told = call("stock", "count", "LAMP-1", "MAIN", 3, "--json")
    assert (told.code, told.json["refusal"], told.json["detail"]) == (1, "HOLD_NOT_FOUND", "of old")
