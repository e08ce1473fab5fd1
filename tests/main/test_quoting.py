"""Quoting from the command line: a cart priced line by line and told why; mistakes at their places; nothing is kept."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.main.calling import Call, an_order, caller

TAXES = """
prices_include_tax: false
zones: {US-NY: {taxes: [{name: STATE, rate: 0.04}, {name: CITY, rate: 0.045}]}}
"""
TO = {"region": "NY", "country": "US", "street": "1 Main Street", "city": "New York"}
CART = {
    "lines": [{"sku": "BULB-E27", "quantity": 4}, {"sku": "LAMP-1", "quantity": 1}],
    "codes": ["welcome10", "NOPE"],
    "ship_method": "standard",
    "customer": {"id": "ada", "ship_to": TO},
}


def written(shop: Path, **fields: Any) -> Path:
    """A cart in a file."""
    path = shop / "cart.json"
    path.write_text(json.dumps(CART | fields), encoding="utf-8")
    return path


@pytest.fixture
def taxed(shop: Path) -> Path:
    """A shop of one's own that knows the taxes of New York."""
    (shop / "taxes.yaml").write_text(TAXES, encoding="utf-8")
    return shop


def test_a_cart_is_priced_line_by_line(taxed: Path, call: Call) -> None:
    said = call("quote", written(taxed))
    assert said.code == 0
    rows = [line.split() for line in said.out.splitlines()]
    assert ["2", "BULB-E27", "Bulb", "E27", "3", "17.70", "USD", "-7.08", "USD", "0.90", "USD", "11.52", "USD"] in rows
    assert ["STATE", "0.04", "2.39", "USD,", "added"] in rows
    assert ["total", "65.13", "USD"] in rows
    assert "gives" not in said.out


def test_a_cart_of_bundles_shows_them_with_their_parts(shop: Path, call: Call) -> None:
    (shop / "bundles.yaml").write_text(
        "CORNER: {kind: kit, title: Reading corner, price_minor: 5000, parts: {LAMP-1: 1, BULB-E27: 2}}\n"
        "ROOM: {parts: {CORNER: 1, SHADE-R: 1, CABLE-3M: 1}}\n",
        encoding="utf-8",
    )
    cart = written(shop, lines=[{"sku": "CORNER", "quantity": 2}, {"sku": "ROOM", "quantity": 1}], codes=[])
    rows = [" ".join(line.split()) for line in call("quote", cart).out.splitlines()]
    rules = "ships together, returned together, if short cancel"
    assert f"B1 CORNER Reading corner 2 lines 1 and 2 {rules} 100.00 USD" in rows
    assert "B2 ROOM 1 lines 3 to 6 ships whole, returned any, if short dissolve 82.90 USD" in rows
    assert "B3 CORNER Reading corner 1 lines 3 and 4 in B2 50.00 USD" in rows
    assert list(json.loads(call("quote", cart, "--json").out)["bundles"]) == ["B1", "B2", "B3"]


def test_each_promotion_is_explained(taxed: Path, call: Call) -> None:
    said = call("quote", written(taxed), "--explain").out
    assert "three_for_two gives 5.90 USD:\n  5.90 USD off line 2 (BULB-E27), units 1 to 3\n" in said
    assert "  0.59 USD off line 1 (BULB-E27), unit 1\n" in said
    assert "lamp_and_shade gives nothing: it takes 1 more of SHADE-R.\n" in said
    assert "free_shipping gives nothing: it takes 39.97 USD more of any goods, after other discounts.\n" in said
    assert "NOPE gives nothing: no promotion has this code.\n" in said


def test_free_shipping_is_explained_and_a_shop_without_promotions_too(shop: Path, call: Call) -> None:
    text = (shop / "shop.yaml").read_text(encoding="utf-8")
    methods = text.replace("[standard, express]", "{standard: 490, express: 990}")
    (shop / "shop.yaml").write_text(methods, encoding="utf-8")
    path = written(shop, lines=[{"sku": "LAMP-2", "quantity": 1}], codes=[])
    assert "free_shipping gives 4.90 USD:\n  4.90 USD off the shipping\n" in call("quote", path, "--explain").out
    (shop / "promotions.yaml").unlink()
    said = call("quote", path, "--explain").out
    assert "The shop has no promotions." in said
    assert ["shipping", "4.90", "USD"] in [line.split() for line in said.splitlines()]


def test_json_has_every_cent_and_the_smallest_change(taxed: Path, call: Call) -> None:
    said = call("quote", written(taxed), "--json").json
    assert (said["total_minor"], said["currency"], said["taxes_included"]) == (6513, "USD", False)
    assert [line["to_pay_minor"] for line in said["lines"]] == [576, 1152, 4785]
    told = {each["promotion"]: each for each in said["promotions"]}
    assert told["lamp_and_shade"]["lacks"][0]["goods"]["skus"] == ["SHADE-R"]


def test_the_same_cart_as_an_order_costs_the_same_and_has_used_the_code(taxed: Path, call: Call) -> None:
    quoted = call("quote", written(taxed), "--json").json
    assert call("orders", "--json").json == call("orders", "--json").json
    assert quoted == call("quote", written(taxed), "--json").json  # asking has used nothing
    tenders = [{"kind": "gateway", "method": "card"}]
    order = an_order("T1", **CART, priced=False, tenders=tenders, total_minor=quoted["total_minor"])
    path = taxed / "order.json"
    path.write_text(json.dumps(order), encoding="utf-8")
    assert call("import", path, "--channel", "web").code == 0
    assert call("work", "--until-idle").code == 0
    shown = call("order", "web-T1", "--json").json
    assert (shown["total_minor"], shown["status"]) == (quoted["total_minor"], "delivered")
    assert [line["paid_minor"] for line in shown["lines"]] == [line["to_pay_minor"] for line in quoted["lines"]]
    said = call("quote", written(taxed), "--explain").out
    assert "welcome gives nothing: this customer has used it as often as they may: 1." in said


def test_an_order_that_waits_for_its_price_is_shown_with_what_can_be_done(taxed: Path, call: Call) -> None:
    order = an_order("T2", lines=[{"sku": "NEW", "quantity": 1}], priced=False, total_minor=900)
    order["customer"]["ship_to"]["region"] = "NY"
    path = taxed / "order.json"
    path.write_text(json.dumps(order), encoding="utf-8")
    call("import", path, "--channel", "web")
    call("work", "--until-idle")
    shown = call("order", "web-T2", "--json").json
    assert "waiting_for_prices" in shown["folders"]
    assert {"command": "price"} in shown["actions"]
    assert "the catalog has no price of NEW" in call("do", "web-T2", "price").err
    (taxed / "more.csv").write_text("sku,price_minor,tax_class\nNEW,1000,\n", encoding="utf-8")
    call("catalog", "put", taxed / "more.csv")
    call("work", "--until-idle")
    assert "quoted 900, priced 1085 now" in call("why", "web-T2").out
    assert call("do", "web-T2", "price").code == 0
    assert call("order", "web-T2", "--json").json["total_minor"] == 1085


def test_a_shop_that_was_never_opened_can_quote(anywhere: Call, tmp_path: Path) -> None:
    shop = tmp_path / "fresh"
    anywhere("init", shop, "--yes")
    before = sorted(shop.rglob("*"))
    path = tmp_path / "cart.json"
    path.write_text(json.dumps(CART), encoding="utf-8")
    assert anywhere("quote", path, "--shop", shop, "--json").json["total_minor"] == 6003
    assert sorted(shop.rglob("*")) == before, "nothing is kept"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[", "this is not JSON"),
        ("[]", "a cart is an object with `lines`"),
        ('{"lines": []}', "lines: has no goods: an order needs at least one line"),
        ('{"lines": [{"quantity": 1}]}', "lines[0].sku: is missing"),
        (
            '{"lines": [{"sku": "LAMP-1", "quantity": 0}]}',
            "lines[0].quantity: a cart has at least one of it (found: 0)",
        ),
        (
            '{"lines": [{"sku": "LAMP-1", "quantity": 1, "qty": 2}]}',
            "lines[0].qty: is not a field that a line may have",
        ),
        ('{"lines": [{"sku": "LAMP-1", "quantity": 1}], "code": "X"}', "code: is not a field that an order may have"),
        (
            '{"lines": [{"sku": "A", "quantity": 1}], "shipping_minor": "x"}',
            "shipping_minor is x; expected: a whole number",
        ),
        (
            '{"lines": [{"sku": "A", "quantity": 1000000000000}]}',
            "lines[0].quantity is 1000000000000; expected: 1 to 1000000",
        ),
        (
            '{"lines": [{"sku": "A", "quantity": 1}], "codes": "WELCOME10"}',
            "codes: is not a list (found: WELCOME10)",
        ),
        ('{"lines": [{"sku": "A", "quantity": 1}], "tenders": "card"}', "tenders: is not a list (found: card)"),
        ('{"lines": [{"sku": "A", "quantity": 1}], "priced": "no"}', "priced: is neither true nor false"),
        (
            '{"lines": [{"sku": "A", "quantity": 1}], "customer": {"shipto": {}}}',
            "customer.shipto: is not a field that an order may have",
        ),
    ],
)
def test_a_mistake_in_a_cart_is_named_with_its_place(shop: Path, call: Call, text: str, sentence: str) -> None:
    path = shop / "cart.json"
    path.write_text(text, encoding="utf-8")
    said = call("quote", path)
    assert (said.code, said.out) == (2, "")
    assert f"{path}: {sentence}" in said.err


def test_goods_without_a_price_cannot_be_quoted(shop: Path, call: Call) -> None:
    said = call("quote", written(shop, lines=[{"sku": "VASE", "quantity": 1}]))
    assert (said.code, said.err.strip()) == (
        1,
        f"{shop}/cart.json: it cannot be priced: the catalog has no price of VASE.",
    )


def test_a_cart_is_of_a_channel_of_the_shop(shop: Path, call: Call) -> None:
    assert call("quote", written(shop), "--channel", "web").code == 0
    assert "There is no channel `wev`; did you mean `web`?" in call("quote", written(shop), "--channel", "wev").err


def test_a_file_that_is_not_there_or_too_big_is_refused(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    call = caller(capsys, shop)
    assert "there is no such file" in call("quote", shop / "none.json").err
    monkeypatch.setattr("segue.main.quote.CART_BYTES_MAX", 10)
    assert "at most 10 bytes" in call("quote", written(shop)).err


@pytest.mark.parametrize(
    ("fields", "sentences"),
    [
        ({"currency": "EUR"}, ["currency: it cannot be priced: the shop has prices in USD, and this one is in EUR."]),
        (
            {"ship_method": "standart"},
            [
                "ship_method: the shop has no shipping method `standart`; did you mean `standard`? "
                "There is standard, express."
            ],
        ),
        (
            {"ship_method": "by owl", "currency": "JPY", "lines": [{"sku": "NEW", "quantity": 1}]},
            [
                "ship_method: the shop has no shipping method `by owl`; there is standard, express.",
                "currency: it cannot be priced: the shop has prices in USD, and this one is in JPY.",
                "it cannot be priced: the catalog has no price of NEW.",
            ],
        ),
    ],
)
def test_what_an_order_would_be_held_for_is_told_of_a_cart(
    shop: Path, call: Call, fields: dict[str, Any], sentences: list[str]
) -> None:
    path = written(shop, **fields)
    said = call("quote", path)
    assert (said.code, said.out) == (1, "")
    assert said.err.splitlines() == [f"{path}: {sentence}" for sentence in sentences]


@pytest.mark.parametrize(
    ("fields", "shipping"),
    [
        ({"ship_method": ""}, "0.00 USD, no ship_method is chosen yet: standard, express"),
        ({"ship_method": "express"}, "0.00 USD, shop.yaml says no price of express"),
        ({"ship_method": "express", "shipping_minor": 700}, "7.00 USD"),
    ],
)
def test_shipping_that_nobody_says_the_price_of_is_not_free_without_a_word(
    shop: Path, call: Call, fields: dict[str, Any], shipping: str
) -> None:
    rows = [line.split(maxsplit=1) for line in call("quote", written(shop, **fields)).out.splitlines()]
    assert ["shipping", shipping] in rows


def test_a_cart_is_told_what_is_a_preorder_and_what_is_sold_no_more(shop: Path, call: Call) -> None:
    """Covers J-6."""
    text = (shop / "shop.yaml").read_text(encoding="utf-8")
    (shop / "shop.yaml").write_text(re.sub(r"(?m)^workflow: .*$", "workflow: preorder", text), encoding="utf-8")
    dated = shop / "dated.csv"
    dated.write_text("sku,title,price_minor,street_date\nLAMP-2,Lamp,9900,2099-12-04\n", encoding="utf-8")
    assert call("catalog", "put", dated).code == 0
    assert call("supply", "add", "PO-1", "LAMP-2", "MAIN", 9, "--expected", "2099-11-30").code == 0
    said = call("quote", written(shop, lines=[{"sku": "LAMP-2", "quantity": 1}], codes=[]))
    assert "LAMP-2 is a preorder: it does not leave before 2099-12-04.\n" in said.out
    assert "cannot be sold" not in said.out
    many = written(shop, lines=[{"sku": "LAMP-2", "quantity": 900}], codes=[])
    assert "It cannot be sold now: 900 of LAMP-2 wanted, " in call("quote", many).out
    found = json.loads(call("quote", many, "--json").out)
    assert found["street_dates"] == {"LAMP-2": "2099-12-04"}
    assert found["unsellable"][0].startswith("900 of LAMP-2 wanted, ")
