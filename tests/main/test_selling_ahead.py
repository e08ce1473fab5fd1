"""Selling ahead on the command line: orders for what nobody has yet, and the supplies that they wait for."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.main.calling import Call, an_order

CATALOG = "sku,title,price_minor,street_date\nNOVEL-9,The ninth novel,2200,{}\n"


def day(ahead: int) -> str:
    """A day that the shop's clock, which began today, has still to come to."""
    return (datetime.now(UTC).date() + timedelta(days=ahead)).isoformat()


@pytest.fixture
def ahead(shop: Path, call: Call) -> Call:
    """A shop that sells ahead of the street date, where web-2001 wants two novels that nobody has or expects."""
    assert call("work", "--until-idle").code == 0
    (shop / "novels.csv").write_text(CATALOG.format(day(30)))
    assert call("catalog", "put", shop / "novels.csv").code == 0
    text = (shop / "shop.yaml").read_text()
    (shop / "shop.yaml").write_text(text.replace("workflow: lamps\n", "workflow: preorder\n"))
    order = an_order("2001", lines=[{"sku": "NOVEL-9", "quantity": 2, "price_minor": 4900}])
    (shop / "orders/ahead.json").write_text(json.dumps(order))
    assert call("import", shop / "orders/ahead.json", "--channel", "web").code == 0
    assert call("work", "--until", day(6)).code == 0
    return call


def test_an_order_of_what_may_not_be_sold_is_shown_like_any_other(ahead: Call) -> None:
    said = ahead("order", "web-2001")
    assert (said.code, said.err) == (0, "")
    assert "2 of NOVEL-9 wanted, 0 may be sold" in said.out
    assert "segue cancel web-2001" in said.out


def test_where_an_order_waits_is_shown_only_of_one_that_does(ahead: Call) -> None:
    assert "units ahead" in ahead("order", "web-1003").out
    assert "units ahead" not in ahead("order", "web-1001").out


def test_a_supply_that_is_moved_is_foreseen_in_the_shops_time(ahead: Call) -> None:
    assert ahead("supply", "add", "PO-1", "LAMP-2", "MAIN", 9, "--expected", day(20)).code == 0
    assert ahead("work", "--until", day(7)).code == 0
    said = ahead("supply", "move", "PO-1", "--to", day(40), "--preview").out
    assert f"\n{day(20)} 00:00 E" in said
    assert "00:00Z" not in said


def test_a_preview_that_hits_nobody_has_no_empty_tables(ahead: Call) -> None:
    assert ahead("supply", "add", "PO-1", "LAMP-1", "MAIN", 9, "--expected", day(20)).code == 0
    said = ahead("supply", "cancel", "PO-1", "--preview").out
    assert said == (
        "What this would come to for who waits for PO-1. Nothing has happened yet.\n"
        "0 orders would have another date, 0 of them a later one.\n"
    )


@pytest.mark.parametrize("units", ["0", "-3", "99999999999999999999"])
def test_units_on_order_are_a_number_that_can_be(ahead: Call, units: str) -> None:
    said = ahead("supply", "add", "PO-1", "LAMP-1", "MAIN", units, "--expected", day(20))
    assert (said.code, said.out) == (2, "")
    assert "UNITS" in said.err
