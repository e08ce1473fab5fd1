"""Changing: holds, cancellations, notes, stock, the catalog, people. And what each refuses."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.main.calling import Call


def test_a_hold_is_put_on_and_lifted_in_the_name_of_who_is_logged_in(call: Call) -> None:
    said = call("hold", "1003", "service", "--reason", "on holiday")
    assert (said.code, said.out.startswith("web-1003: done. It is on hold now.")) == (0, True)
    (hold,) = call("order", "1003", "--json").json["holds"].values()
    assert (hold["by"], hold["reason"]) == ("person:eve", "on holiday")
    assert call("lift", "1003", "service", "--by", "ann", "--json").json["status"] == "partly_shipped"
    assert "ann" in call("why", "1003").out


def test_a_line_is_held(call: Call) -> None:
    assert call("hold", "1003", "service", "--line", 1).code == 0
    assert list(call("order", "1003", "--json").json["holds"]) == ["service:1"]


def test_units_of_a_line_are_canceled_and_then_the_rest(call: Call) -> None:
    assert call("cancel", "1003", "--line", 1, "--quantity", 1, "--reason", "too many").code == 0
    assert call("order", "1003", "--json").json["lines"][0]["tally"]["canceled"] == [[7, 7]]
    assert call("cancel", "1003").code == 0
    assert call("work", "--until-idle", "--json").json["statuses"]["delivered"] == 3


def test_a_note_is_part_of_the_story(call: Call) -> None:
    assert call("note", "1001", "promised a call").code == 0
    assert "Note: promised a call" in call("why", "1001").out


def test_any_other_command_is_given_by_its_name(call: Call) -> None:
    said = call("do", "1001", "notify", "message=delivered", "--json").json
    assert said["changed"]
    assert not call("do", "1003", "validate", "--json").json["changed"]
    assert "nothing had to be changed" in call("do", "1003", "validate").out


@pytest.mark.parametrize(
    ("tokens", "code", "sentence"),
    [
        (("lift", "1001", "service"), 1, "Refused: the order has no such hold: service; there: none."),
        (("cancel", "1001"), 1, "Refused: no unit of this can be canceled any more: "),
        (("hold", "1001", "servise"), 1, "Refused: the workflow declares no such hold: servise; declared: "),
        (("note", "1001", " "), 1, "Refused: a note needs a text."),
        (("cancel", "1001", "--quantity", 1), 2, "`--quantity` says how many units of a line or bundle: give `--line`"),
        (("do", "1001", "alocate"), 2, "There is no command `alocate`; did you mean `allocate`?"),
        (("do", "1001", "place_order", "id=x"), 2, "There is no command `place_order`"),
        (("do", "1001", "notify", "mesage=x"), 2, "notify: Object contains unknown field `mesage`. It takes message."),
        (("do", "1001", "notify", "delivered"), 2, "`delivered` is not KEY=VALUE, like message=delivered."),
        (("do", "1001", "record_short_pick", "fulfillment=F1", "units={1:"), 2, "`units` starts like JSON and is none: "),
        (("hold", "web-1OO1", "service"), 1, "There is no order web-1OO1; did you mean web-1001"),
        (("note", "zzz", "x"), 1, "There is no order zzz."),
    ],
)  # fmt: skip
def test_what_is_refused_is_said_in_one_sentence(
    call: Call, tokens: tuple[object, ...], code: int, sentence: str
) -> None:
    said = call(*tokens)
    assert (said.code, said.out) == (code, "")
    assert said.err.startswith(sentence)
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("tokens", "says"),
    [
        (("cancel", "1003", "--line", 0), "Must be >= 1"),
        (("cancel", "1003", "--line", 1, "--quantity", 0), "Must be >= 1"),
        (("cancel", "1003", "--line", 1, "--quantity=-1"), "Must be >= 1"),
        (("hold", "1003", "service", "--line", 0), "Must be >= 1"),
        (("adjust", "1001", "1", "--line", 0), "Must be >= 1"),
        (("adjust", "1001", "1", "--line", 1, "--quantity", 0), "Must be >= 1"),
        (("do", "1003", "cancel", "line=0"), "`line=0`: it is 1 or more; leave it out to mean all."),
        (("do", "1003", "cancel", "line=1", "quantity=-2"), "`quantity=-2`: it is 1 or more"),
        (("stock", "receive", "LAMP-2", "MAIN", "9" * 20), "Must be <= 1000000000"),
        (("stock", "receive", "LAMP-2", "MAIN", "-" + "9" * 20), "Must be >= -1000000000"),
        (("stock", "set", "LAMP-1", "MAIN", 2**63 - 1), "Must be <= 1000000000"),
        (("stock", "set", "LAMP-1", "MAIN", 1, "--safety", "9" * 20), "Must be <= 1000000000"),
        (("stock", "set", "LAMP-1", "MAIN", 1, "--safety=-1"), "Must be >= 0"),
        (("stock", "receive", "LAMP2", "MAIN", 1), "There is no SKU `LAMP2` in the catalog; did you mean `LAMP-2`?"),
        (("stock", "set", "NOPE", "MAIN", 1), "There is no SKU `NOPE` in the catalog; "),
        (("stock", "--limit", "9" * 30), "Must be <= 1000000"),
        (("orders", "--limit", 0), "Must be >= 1"),
        (("dismiss", "9" * 30, "--reason", "x"), "Must be <= 1000000000000000"),
        (("bench", "--orders", 0), "Must be >= 1"),
        (("bench", "--orders=-1"), "Must be >= 1"),
        (("goodwill", "1001", "5", "--reason", " "), "Say what it is for: `--reason` may not be empty."),
        (("reconcile", "README.md", "--grace", "9" * 30), ""),
    ],
)  # fmt: skip
def test_numbers_that_mean_nothing_are_wrong_use(call: Call, tokens: tuple[object, ...], says: str) -> None:
    before = call("order", "1003", "--json").out
    said = call(*tokens)
    assert (said.code, said.out, says in said.err) == (2, "", True), said
    assert call("order", "1003", "--json").out == before


def test_instants_of_a_command_are_written_as_a_day_and_time_of_the_shop(call: Call) -> None:
    assert call("do", "1003", "place_hold", "hold=service", "until=2099-03-02T10:00").code == 0
    (hold,) = [each for name, each in call("order", "1003", "--json").json["holds"].items() if name == "service"]
    assert hold["until_s"] == int(datetime(2099, 3, 2, 15, tzinfo=UTC).timestamp())
    said = call("do", "1003", "reschedule_pickup", "from=2099-03-02T10:00Z", "until=soon")
    assert (said.code, "`soon` is no day: write it like 2026-03-05" in said.err) == (2, True)
    said = call("do", "1003", "reschedule_pickup", "from=2099-03-02T10:00", "until=2099-03-02T12:00+01:00")
    assert (said.code, "it is too late" in said.err or "1003" in said.err) == (1, True), said.err


def test_an_instant_in_milliseconds_is_refused_and_the_shop_goes_on(call: Call) -> None:
    said = call("do", "1003", "place_hold", "hold=service", "until_s=1795434013000")
    assert (said.code, said.err.startswith("Refused: no order has an instant that is so far away: until_s is 1795")) == (
        1, True,
    )  # fmt: skip
    settled = ("line=L", "kind=capture", "currency=USD", "amount_minor=1")
    assert call("do", "1001", "record_settlement", *settled, "settled_at_s=99999999999999").code == 1
    huge = call("do", "1001", "record_settlement", *settled[:3], f"amount_minor={10**18}")
    assert (huge.code, "amount_minor is 1000000000000000000" in huge.err) == (1, True)
    assert call("do", "1001", "record_settlement", *settled[:3], f"amount_minor={10**30}").code in (1, 2)
    assert call("why", "1003").code == call("order", "1003").code == call("work", "--until-idle").code == 0


def test_more_than_can_be_canceled_is_refused_with_how_many_can(call: Call) -> None:
    said = call("cancel", "1003", "--line", 1, "--quantity", 99)
    assert (said.code, said.err) == (
        1, "Refused: the units are not in a state that allows this: 99 asked for, 3 can be canceled.\n",
    )  # fmt: skip


def test_a_return_to_a_location_that_there_is_not_is_refused(call: Call) -> None:
    said = call("do", "1001", "record_return", "line=1", "quantity=1", "location=NOWHERE")
    assert (said.code, said.err.startswith("Refused: the shop has no such location: NOWHERE; there: ")) == (1, True)
    assert all(each["location"] != "NOWHERE" for each in call("stock", "--json").json)


def test_stock_that_comes_in_lets_an_order_go_on(call: Call) -> None:
    assert call("stock", "receive", "LAMP-2", "MAIN", 5).code == 0
    assert call("work", "--until-idle", "--json").json["statuses"] == {"delivered": 3, "on_hold": 1}


def test_counted_stock_is_set_and_set_again_changes_nothing(call: Call) -> None:
    assert call("stock", "set", "SHADE-R", "SHOP", 9, "--safety", 2, "--json").json["changed"] == ["stock:SHADE-R"]
    (there,) = call("stock", "SHADE-R", "--json").json
    assert (there["on_hand"], there["safety"], there["free"]) == (9, 2, 7)
    assert "so many are there already" in call("stock", "set", "SHADE-R", "SHOP", 9, "--safety", 2).out


def test_stock_of_an_unknown_location_or_below_nothing_is_refused(call: Call) -> None:
    said = call("stock", "receive", "LAMP-2", "MIAN", 5)
    assert (said.code, said.err.startswith("There is no location `MIAN`; did you mean")) == (2, True)
    said = call("stock", "receive", "LAMP-2", "MAIN", "-5")
    assert (said.code, said.err.startswith("Refused: ")) == (1, True)


def test_an_item_that_is_listed_lets_an_order_go_on(call: Call, tmp_path: Path) -> None:
    table = tmp_path / "new.csv"
    table.write_text("sku,title,price_minor\nLAMP-9,Wall lamp,4900\n")
    assert call("catalog", "put", table, "--json").json == {"items": 1, "changed": 1}
    assert call("work", "--until-idle").code == 0
    assert call("orders", "--status", "on_hold", "--json").json == []


def test_mistakes_in_a_table_are_told_with_their_place(call: Call, tmp_path: Path) -> None:
    table = tmp_path / "new.csv"
    table.write_text("sku,price_minor\nLAMP-9,49.00\n")
    said = call("catalog", "put", table)
    assert (said.code, said.err.splitlines()[0]) == (
        3, "new.csv:2:2: price_minor: expected a whole number, found `49.00`",
    )  # fmt: skip


def test_a_person_is_erased_by_their_order_and_the_order_stays(call: Call) -> None:
    assert call("erase", "--order", "1001", "--json").json["erased"]
    again = call("erase", "--order", "1001")
    assert (again.code, "Nothing is known" in again.out) == (1, True)
    assert call("order", "1001").code == 0
    assert call("erase").code == 2


def test_a_price_is_lowered_and_goodwill_given_in_the_orders_currency(call: Call) -> None:
    assert call("adjust", "1001", "1.50", "--line", 1, "--quantity", 1, "--reason", "found cheaper").code == 0
    assert call("goodwill", "1001", "2", "--reason", "late").code == 0
    told = call("why", "1001").out
    assert "is lowered by 1.50" in told
    assert "as goodwill: late" in told


def test_an_amount_that_is_none_or_has_too_many_digits_is_wrong_use(call: Call) -> None:
    for amount, why in (("1.234", "more digits"), ("0", "above zero")):
        said = call("goodwill", "1001", amount, "--reason", "late")
        assert (said.code, why in said.err) == (2, True)
    for amount in ("much", "nan", "1_0", "\u0665", "1e2", "9" * 40):
        said = call("goodwill", "1001", amount, "--reason", "late")
        assert (said.code, "is not an amount" in said.err) == (2, True)


def test_goodwill_beyond_what_is_left_is_refused_and_a_preview_shows_what_it_would_come_to(call: Call) -> None:
    assert "less is left" in call("goodwill", "1001", "100000", "--reason", "late").err
    assert call("goodwill", "1001", "1.00", "--reason", "late", "--preview").code == 0
    assert "as goodwill" not in call("why", "1001").out
