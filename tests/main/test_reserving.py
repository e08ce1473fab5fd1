"""The commands `segue reserve`, `segue reservations`, `segue quote --reserve` and the shares under `segue stock`, as typed.

Covers E-3, E-4 and E-5.
"""

import json
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from segue.main import run
from tests.main.calling import Call, an_order, caller

TICK_S = 600  # of a virtual clock


@pytest.fixture
def cart(shop: Path) -> Path:
    """Two lamps in a file."""
    return written(shop, cart="C-1077")


def written(shop: Path, sku: str = "LAMP-1", quantity: int = 2, **more: Any) -> Path:
    path = shop / "cart.json"
    address = {"country": "US", "postcode": "10001"}
    fields = {"lines": [{"sku": sku, "quantity": quantity}], "customer": {"ship_to": address}}
    path.write_text(json.dumps(fields | more), encoding="utf-8")
    return path


def free(call: Call, sku: str = "LAMP-1") -> int:
    return sum(each["free"] for each in call("stock", sku, "--json").json)


def test_a_cart_is_reserved_listed_extended_and_let_go(call: Call, cart: Path) -> None:
    before = free(call)
    said = call("reserve", cart, "--for", "10m", "--json").json
    assert [(each["sku"], each["units"]) for each in said["cart"]["held"]] == [("LAMP-1", 2)]
    assert said["cart"]["expires_at_s"] - said["cart"]["reserved_at_s"] == 600
    assert free(call) == before - 2
    (listed,) = call("reservations", "--json").json
    assert (listed["id"], listed["channel"], listed["held"]) == ("C-1077", "web", said["cart"]["held"])
    longer = call("reservations", "C-1077", "--extend", "1h", "--json").json["cart"]
    assert longer["expires_at_s"] - longer["reserved_at_s"] >= 3600
    assert "2 units set aside until" in call("reservations", "C-1077", "--extend", "2h").out
    assert "C-1077   web" in call("reservations").out
    assert call("reservations", "C-1077", "--release").out == "Cart C-1077 has nothing reserved any more.\n"
    assert (free(call), call("reservations", "--json").json) == (before, [])


def test_a_cart_of_a_shop_without_orders_lasts_from_now_on_and_its_order_takes_it_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call, shop, began_s = caller(capsys, tmp_path), tmp_path, int(time.time())
    assert run(["init", str(shop), "--yes"]) == 0
    told = call("reserve", written(shop, cart="C-1"), "--for", "15m", "--json").json["cart"]
    assert began_s <= told["reserved_at_s"] <= time.time() + TICK_S
    assert re.search(r"until 20\d\d-.* E[SD]T\.", call("reservations", "C-1", "--extend", "1h").out)
    placed_at = datetime.fromtimestamp(began_s, UTC).isoformat()
    (shop / "one.json").write_text(json.dumps([an_order("1010", cart="C-1", placed_at=placed_at)]), encoding="utf-8")
    call("import", shop / "one.json", "--channel", "web")
    call("work", "--until-idle")
    assert "C-1" not in call("reservations").out
    assert "takes over what its cart C-1 had reserved" in call("why", "web-1010").out
    assert call("audit").code == 0


def test_what_finds_nothing_is_told(call: Call, shop: Path) -> None:
    told = call("reserve", written(shop, quantity=9_999), "--cart", "C-2").out
    assert told.startswith("Cart C-2 has ")
    assert "units of LAMP-1 found nothing." in told


def test_an_order_takes_its_cart_over_and_one_that_is_late_is_told_so(call: Call, shop: Path, cart: Path) -> None:
    call("reserve", cart)
    orders = [an_order("1010", cart="C-1077"), an_order("1011", cart="C-1077")]
    (shop / "more.json").write_text(json.dumps(orders), encoding="utf-8")
    assert call("import", shop / "more.json", "--channel", "web").code == 0
    call("work", "--until-idle")
    assert "takes over what its cart C-1077 had reserved: 2 of LAMP-1" in call("why", "1010").out
    assert "Nothing is taken over of its cart C-1077: it has nothing reserved" in call("why", "1011").out
    assert call("reservations", "C-1077").code == 1


def test_a_cart_is_priced_and_reserved_in_one_go(call: Call, cart: Path) -> None:
    before = free(call)
    told = call("quote", cart, "--reserve", "15m")
    assert (told.code, "Cart C-1077 has 2 units set aside until" in told.out, "total" in told.out) == (0, True, True)
    assert free(call) == before - 2
    said = call("quote", cart, "--reserve", "15m", "--cart", "C-2", "--json").json
    assert (said["reservation"]["cart"]["id"], said["reservation"]["missing"]) == ("C-2", {})
    assert said["total_minor"] > 0
    assert "reservation" not in call("quote", cart, "--json").json


@pytest.mark.parametrize(
    ("fields", "words", "code", "said"),
    [
        ({}, (), 1, "the cart has no key (`cart`)"),
        ({"cart": "C"}, ("--for", "0m"), 2, "--for: write a duration as in 90s, 15m or 2h, of 1s at least (found: 0m)"),
        ({"cart": "C"}, ("--for", "soon"), 2, "--for: write a duration as in 90s, 15m or 2h"),
        ({"cart": "C"}, ("--for=-5m",), 2, "found: -5m"),
        ({"cart": "C"}, ("--for", "8d"), 1, "lasts between 1s and 7d, not 691200s"),
        ({"cart": "C", "quantity": -1}, (), 2, "lines[0].quantity"),
        ({"cart": "C", "quantity": 0}, (), 2, "lines[0].quantity: a cart has at least one of it (found: 0)"),
        ({"cart": "C", "quantity": 100_001}, (), 1, "a cart reserves at most 100,000 units"),
        ({"cart": "C", "sku": "LAMP-8"}, (), 2, "lines[0].sku: There is no SKU `LAMP-8` in the catalog; did you mean"),
        ({"cart": "C"}, ("--channel", "wob"), 2, "There is no channel `wob`; did you mean `web`?"),
        ({"cart": "C", "ship_method": "drone"}, (), 1, "ship_method: the shop has no shipping method `drone`"),
    ],
)
def test_a_reservation_that_cannot_be_is_refused_clearly(
    call: Call, shop: Path, fields: dict[str, Any], words: tuple[str, ...], code: int, said: str
) -> None:
    answer = call("reserve", written(shop, **fields), *words)
    assert (answer.code, said in answer.err) == (code, True), answer.err
    assert call("reservations", "--json").json == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("reservations", "C-9"), 1, "Cart C-9 has nothing reserved"),
        (("reservations", "C-9", "--extend", "5m"), 1, "cart C-9 has nothing reserved"),
        (("reservations", "C-9", "--release"), 1, "cart C-9 has nothing reserved"),
        (("reservations", "C-9", "--extend", "never"), 2, "--extend: write a duration"),
        (("reservations", "C-9", "--extend", "5m", "--release"), 2, "one or the other"),
        (("reservations", "--release"), 2, "Name the cart"),
        (("stock", "fence", "LAMP-1", "--units", 5), 2, "Say whose share it is"),
        (("stock", "fence", "LAMP-1", "--channel", "web", "--pool", "eu"), 2, "Say whose share it is"),
        (
            ("stock", "fence", "LAMP-1", "--channel", "wob", "--units", 5),
            2,
            "There is no channel `wob` (a pool is said by --pool); did you mean `web`?",
        ),
        (("stock", "fence", "LUMP-1", "--channel", "web", "--units", 5), 2, "There is no SKU `LUMP-1` in the catalog"),
        (("stock", "fence", "LAMP-1", "--channel", "web", "--units", -5), 2, "Units are between 0 and 1,000,000,000"),
        (("stock", "fence", "LAMP-1", "--channel", "web", "--safety", -1), 2, "Units are between 0"),
        (
            ("stock", "fence", "LAMP-1", "--channel", "web", "--units", 5, "--location", "MOON"),
            2,
            "There is no location `MOON`",
        ),
        (
            ("stock", "fence", "LAMP-1", "--channel", "web", "--within", "eu"),
            1,
            "no share of eu that web could lie within",
        ),
        (
            ("stock", "reallocate", "LAMP-1", "--from", "web", "--to", "eu", "--units", 1),
            1,
            "web has no share of LAMP-1",
        ),
        (("stock", "reallocate", "LAMP-1", "--from", "web", "--to", "web", "--units", 1), 2, "two shares are needed"),
        (("stock", "reallocate", "LAMP-1", "--from", "web", "--to", "eu", "--units", 0), 2, "at least 1 changes hands"),
    ],
)
def test_what_cannot_be_is_said_clearly(call: Call, words: tuple[object, ...], code: int, said: str) -> None:
    answer = call(*words)
    assert (answer.code, said in answer.err) == (code, True), answer.err


def test_shares_are_given_shown_and_made_anothers(call: Call) -> None:
    call("stock", "count", "LAMP-1", "MAIN", 40)
    call("stock", "count", "LAMP-1", "SHOP", 0)
    call("stock", "fence", "LAMP-1", "--pool", "partners", "--units", 20)
    call("stock", "fence", "LAMP-1", "--channel", "web", "--units", 5, "--within", "partners")
    call("stock", "fence", "LAMP-1", "--pool", "friends", "--units", 2)
    said = call("stock", "reallocate", "LAMP-1", "--from", "web", "--to", "friends", "--units", 3, "--json").json
    assert {each["channel"]: (each["units"], each["left"]) for each in said["shares"]} == {
        "friends": (5, 5), "partners": (17, 15), "web": (2, 2),
    }  # fmt: skip
    assert said["beyond"] == []
    refused = call("stock", "reallocate", "LAMP-1", "--from", "web", "--to", "friends", "--units", 3)
    assert (refused.code, "of the share of web 2 units are left, and not 3" in refused.err) == (1, True)
    call("stock", "fence", "LAMP-1", "--channel", "web", "--safety", 4)
    lines = call("stock", "fences", "LAMP-1").out.splitlines()
    assert ["all", "web", "partners", "2", "0", "2", "4"] in [line.split() for line in lines]
    assert lines[-1] == "3 shares of LAMP-1."


def test_more_than_is_there_may_be_kept_and_is_told(call: Call) -> None:
    call("stock", "count", "LAMP-1", "MAIN", 4)
    call("stock", "count", "LAMP-1", "SHOP", 3)
    said = call("stock", "fence", "LAMP-1", "--channel", "web", "--units", 50)
    assert (said.code, "50 units are kept for channels, and 7 are free over all locations" in said.out) == (0, True)
    assert call("stock", "fences", "LAMP-1", "--json").json["beyond"] == [{"location": "", "kept": 50, "free": 7}]
    call("stock", "fence", "LAMP-2", "--channel", "web", "--units", 9_000, "--location", "SHOP")
    assert "free at SHOP: who comes first" in call("stock", "fences", "LAMP-2").out
