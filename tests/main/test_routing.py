"""Routing by hand: locations are closed and opened, people say where goods come from, and the story tells of it."""

import json
from pathlib import Path

import pytest

from tests.main.calling import Call, an_order

ROUTED = """\
name: routed
extends: {base}
routing:
  - {{name: gone, until: 2020-01-01}}
  - {{name: near, rank: [closest], eligible: [active, {{counted_within: {{age: 3000d}}}}]}}
"""


def test_a_location_is_closed_frozen_and_opened_and_the_history_names_who_and_why(call: Call, shop: Path) -> None:
    places = [
        line.split("id: ")[1].split(",")[0]
        for line in (shop / "locations.yaml").read_text().splitlines()
        if "id: " in line
    ]
    first = places[0]
    assert call("location", "off", first, "--reason", "flood").out == "Done.\n"
    (closed,) = call("location", "--json").json
    assert (closed["location"], closed["reason"], closed["by"], closed["until_s"]) == (
        first,
        "flood",
        "person:eve",
        None,
    )
    assert call("location", "freeze", first, "2099-12-27T18:00", "--reason", "count", "--by", "ann").code == 0
    (frozen,) = call("location", "--json").json
    assert frozen["until_s"] > 4_000_000_000
    assert "1 location closed by hand" in call("location").out
    assert call("location", "on", first, "--json").json == {"location": first, "changed": True}
    assert call("location", "on", first).out == "It was open already.\n"
    story = call("location", "--history", "--json").json
    assert [(each["change"], each["by"]) for each in story] == [
        ("off", "person:eve"),
        ("freeze", "person:ann"),
        ("on", "person:eve"),
    ]
    assert "3 changes." in call("location", "--history").out
    assert "0 locations closed" in call("location").out


@pytest.mark.parametrize(
    ("tokens", "sentence"),
    [
        (("location", "off", "NOWHERE"), "There is no location `NOWHERE`"),
        (("location", "freeze", "NOWHERE", "soon"), "`soon` is not a date"),
        (("assign", "1003"), "Give either `--location`"),
        (("assign", "1003", "--location", "X", "--rules"), "Give either `--location`"),
    ],
)
def test_what_cannot_be_meant_is_wrong_use(call: Call, tokens: tuple[str, ...], sentence: str) -> None:
    said = call(*tokens)
    assert (said.code, sentence in said.err) == (2, True), said.err


def test_a_time_that_is_over_is_no_time_to_freeze_until(call: Call, shop: Path) -> None:
    first = (shop / "locations.yaml").read_text().split("id: ")[1].split(",")[0]
    said = call("location", "freeze", first, "2020-01-01")
    assert (said.code, "2020-01-01 00:00 EST is over already: in this shop it is 20" in said.err) == (2, True)


def test_people_say_where_orders_come_from_and_take_it_back(call: Call, shop: Path) -> None:
    first = (shop / "locations.yaml").read_text().split("id: ")[1].split(",")[0]
    assert call("assign", "1003", "--location", first, "--reason", "asked for it").code == 0
    assert "nowhere else will come line 1 (LAMP-2): asked for it" in call("why", "1003").out
    line = call("order", "1003", "--json").json["lines"][0]
    assert (line["location"], line["by_hand"]) == (first, True)
    assert call("assign", "1003", "--rules").code == 0
    assert "The rules say again where line 1 (LAMP-2) will come from" in call("why", "1003").out
    refused = call("assign", "1003", "--location", "NOWHERE")
    assert (refused.code, "the shop has no such location: NOWHERE" in refused.err) == (1, True), refused.err
    assert call("assign", "1001", "--location", first).code == 1, "it has been delivered"


def test_of_several_orders_those_that_can_are_assigned_and_each_other_says_why_not(call: Call, shop: Path) -> None:
    """Covers F-12."""
    first = (shop / "locations.yaml").read_text().split("id: ")[1].split(",")[0]
    said = call("assign", "1001", "1003", "--location", first, "--by", "ann", "--reason", "the north is full")
    assert said.code == 1
    assert "1001: Refused: " in said.err
    assert "1 of 2 orders are as they were." in said.err
    story = call("why", "1003").out
    assert "nowhere else will come line 1 (LAMP-2): the north is full" in story
    assert "ann" in story.partition("nowhere else")[0].rpartition("\n")[2]
    assert "nowhere else" not in call("why", "1001").out
    assert call("assign", "1003", "1003", "--rules").code == 0
    assert call("assign", "1003", "1003", "--location", first, "--rules").code == 2


def test_an_order_says_which_strategy_it_followed_and_shows_what_can_be_done_where_days_are_limited(
    call: Call, shop: Path
) -> None:
    (shop / "workflows").mkdir(exist_ok=True)
    name = call("order", "1003", "--json").json["workflow"].partition("@")[0]
    (shop / "workflows" / "routed.yaml").write_text(ROUTED.format(base=name))
    file = shop / "shop.yaml"
    file.write_text(file.read_text().replace(f"workflow: {name}", "workflow: routed"))
    places = shop / "locations.yaml"
    first = places.read_text().split("id: ")[1].split(",")[0]
    places.write_text(places.read_text().replace(f"id: {first},", f"id: {first}, capacity: {{orders: 1}},"))
    lines = [{"sku": "LAMP-2", "quantity": 9, "price_minor": 12900}]
    waits = an_order("1010", lines=lines, total_minor=116100)
    waits["tenders"][0]["amount_minor"] = 116100
    (shop / "orders/routed.json").write_text(json.dumps([an_order("1009"), waits]))
    assert call("import", str(shop / "orders/routed.json"), "--channel", "web").code == 0
    assert call("work", "--until-idle").code == 0
    told = call("why", "1009").out
    assert "strategy near, tried (gone ended 2020-01-02 00:00 UTC)" in told
    assert call("order", "1010").code == 0
