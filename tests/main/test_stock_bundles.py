"""How many of a bundle can be had, from the command line: lists, feeds, promises and carts say the same. Covers I-1."""

import json
from pathlib import Path

from tests.main.calling import Call

BUNDLES = """
PAIR: {kind: set, parts: {LAMP-1: 1, LAMP-2: 2}, ship: together, prepacked: true}
TWINS: {kind: kit, parts: {LAMP-2: 2}, ship: whole, sold: together}
"""


def with_bundles(call: Call, shop: Path) -> None:
    """Two sorts of bundles; of the first one lies ready packed."""
    (shop / "bundles.yaml").write_text(BUNDLES)
    with (shop / "catalog.csv").open("a") as file:
        file.write("PAIR,Pair,25000,4000,\n")
    for sku, units in (("LAMP-1", 7), ("LAMP-2", 8), ("PAIR", 1)):
        assert call("stock", "count", sku, "MAIN", units).code == 0
    call("stock", "count", "LAMP-2", "SHOP", 0)


def test_a_bundle_can_be_had_as_often_as_its_scarcest_part_and_ready_packed_ones_allow(call: Call, shop: Path) -> None:
    with_bundles(call, shop)
    found = call("stock", "PAIR", "--json").json
    main = found["assembled"]["MAIN"]
    assert found["packed"] == {"MAIN": 1}
    assert found["total"] == 1 + sum(found["assembled"].values())
    assert found["parts"] == {"LAMP-1": 1, "LAMP-2": 2}
    free = {sku: rows[0]["free"] for sku in ("LAMP-1", "LAMP-2") if (rows := rows_of(call, sku))}
    assert main == min(free["LAMP-1"], free["LAMP-2"] // 2)
    text = call("stock", "PAIR", "--channel", "web").out
    assert "can be sold; one is 1 LAMP-1, 2 LAMP-2, all from one location" in text
    assert "from any locations" in call("stock", "TWINS").out


def rows_of(call: Call, sku: str) -> list[dict[str, int]]:
    return list(call("stock", sku, "--location", "MAIN", "--json").json)


def test_a_feed_names_bundles_and_no_part_that_is_not_sold_alone(call: Call, shop: Path) -> None:
    with_bundles(call, shop)
    whole = call("stock", "feed", "--channel", "web", "--json").json
    assert whole["available"]["PAIR"] == call("stock", "PAIR", "--json").json["total"]
    assert whole["available"]["LAMP-2"] == 0, "it is sold in pairs only"
    assert whole["available"]["TWINS"] == call("stock", "TWINS", "--json").json["total"]
    call("stock", "receive", "LAMP-1", "MAIN", 1)
    since = call("stock", "feed", "--channel", "web", "--since", whole["cursor"], "--json").json
    assert since["available"].keys() == {"LAMP-1", "PAIR"}


def test_a_cart_of_bundles_is_promised_and_reserved_in_parts(call: Call, shop: Path) -> None:
    with_bundles(call, shop)
    cart = {
        "channel_order_id": "C-7", "placed_at": "2026-03-02T09:00:00Z", "currency": "USD", "total_minor": 0,
        "lines": [{"sku": "PAIR", "quantity": 2, "price_minor": 0}], "ship_method": "standard", "cart": "C-7",
        "customer": {"id": "C-7", "ship_to": {"country": "US"}},
    }  # fmt: skip
    (shop / "cart.json").write_text(json.dumps(cart))
    (promised,) = call("promise", shop / "cart.json", "--json").json
    units = [(each["location"], each["units"], each["packed"]) for each in promised["sources"]]
    assert units == [("MAIN", {"LAMP-1": 2, "LAMP-2": 4}, {"PAIR": 1})]
    assert "(1 PAIR ready packed)" in call("promise", shop / "cart.json").out
    held = call("reserve", shop / "cart.json", "--json").json["cart"]["held"]
    assert {(each["sku"], each["units"]) for each in held} == {("PAIR", 1), ("LAMP-1", 1), ("LAMP-2", 2)}
