"""The made-up shop: the same for the same seed, its money right where it should be, and with enough trouble to work on."""

import csv
import hashlib
import os
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import yaml
from msgspec.json import decode, encode

from segue.sim.shopping import Placed, Plan, open_shop, orders, write_shop
from segue.sim.shopping.document import Document

ROOT = Path(__file__).resolve().parents[2]
BOTH_REGIONS = pytest.mark.parametrize("region", ["US", "EU"])


@cache
def month(region: str = "US", seed: int = 1, trouble: float = 1.0) -> list[Placed]:
    """Two thousand orders."""
    return list(orders(open_shop(Plan(seed, 2000, region, trouble=trouble))))


def written(folder: Path, plan: Plan) -> dict[str, bytes]:
    """The files of a shop."""
    write_shop(folder, plan)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def sum_of(document: Document) -> Decimal:
    """What the parts of the totals add up to."""
    amounts = {name: Decimal(amount) for name, amount in document["totals"].items()}
    taxes = 0 if document["prices_include_tax"] else amounts["tax"] + amounts["shipping_tax"]
    discounts = amounts["item_discount"] + amounts["coupon_discount"]
    return amounts["goods"] - discounts + amounts["shipping"] + amounts["fees"] + taxes


@BOTH_REGIONS
def test_the_same_plan_gives_the_same_bytes_and_another_seed_gives_others(tmp_path: Path, region: str) -> None:
    first = written(tmp_path / "a", Plan(5, 300, region))
    assert first.keys() == {"catalog.csv", "locations.yaml", "stock.csv", "orders.ndjson", "mends.ndjson"}
    assert written(tmp_path / "b", Plan(5, 300, region)) == first
    assert written(tmp_path / "c", Plan(6, 300, region))["orders.ndjson"] != first["orders.ndjson"]


def test_the_bytes_do_not_depend_on_the_hash_seed_of_the_process(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from segue.sim.shopping import Plan, write_shop; "
        "write_shop(Path(sys.argv[1]), Plan(5, 200, 'EU'))"
    )
    digests = set()
    for hash_seed in ("0", "1", "4242"):
        folder = tmp_path / hash_seed
        environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-c", script, str(folder)], check=True, env=environment)
        digests.add(hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.iterdir()))).hexdigest())
    assert len(digests) == 1


@BOTH_REGIONS
def test_the_files_are_what_they_say(tmp_path: Path, region: str) -> None:
    files = written(tmp_path, Plan(5, 300, region))
    catalog = list(csv.DictReader(files["catalog.csv"].decode().splitlines()))
    assert len({row["sku"] for row in catalog}) == len(catalog) == 400
    assert list(catalog[0]) == ["sku", "title", "price_minor", "weight_g"]
    locations = yaml.safe_load(files["locations.yaml"])
    assert Counter(place["kind"] for place in locations) == {"warehouse": 5, "store": 20}
    assert len({place["id"] for place in locations}) == 25
    stock = list(csv.DictReader(files["stock.csv"].decode().splitlines()))
    assert {row["location"] for row in stock} <= {place["id"] for place in locations}
    assert {row["sku"] for row in stock} <= {row["sku"] for row in catalog}
    assert all(int(row["units"]) > 0 for row in stock)
    assert len(files["orders.ndjson"].splitlines()) == 300
    for mend in map(decode, files["mends.ndjson"].splitlines()):
        assert mend.keys() == ({"at_s", "what", "item"} if mend["what"] == "list_item" else MEND_OF_STOCK)


MEND_OF_STOCK = {"at_s", "what", "sku", "location", "quantity"}


@BOTH_REGIONS
def test_money_adds_up_unless_that_is_the_trouble(region: str) -> None:
    for placed in month(region):
        document = placed.document
        total = Decimal(document["totals"]["total"])
        assert (total == sum_of(document)) == ("money_off" not in placed.trouble)
        assert sum(Decimal(payment["amount"]) for payment in document["payments"]) == total
        assert all(Decimal(payment["amount"]) > 0 for payment in document["payments"])
        goods = sum(Decimal(item["unit_price"]) * item["quantity"] for item in document["items"])
        assert goods == Decimal(document["totals"]["goods"])
        assert sum(Decimal(item["tax"]) for item in document["items"]) == Decimal(document["totals"]["tax"])


def test_every_kind_of_trouble_happens_and_none_if_none_is_wanted() -> None:
    count = Counter(name for placed in month() for name in placed.trouble)
    assert count.keys() == {
        "unknown_sku", "high_value", "bad_ship_method", "money_off", "country_mismatch", "incomplete_address",
        "near_duplicate", "velocity",
    }  # fmt: skip
    assert sum(bool(placed.trouble) for placed in month()) < 200
    assert not any(placed.trouble for placed in month(trouble=0.0))


@BOTH_REGIONS
def test_only_known_skus_are_ordered_unless_that_is_the_trouble(region: str) -> None:
    shop = open_shop(Plan(1, 2000, region))
    known = {item.sku for item in shop.items}
    for placed in month(region):
        unknown = {item["sku"] for item in placed.document["items"]} - known
        assert bool(unknown) == ("unknown_sku" in placed.trouble)
        assert unknown <= {mend.item.sku for mend in shop.mends if mend.item is not None}


def test_orders_come_by_time_within_the_month_and_with_its_rhythm() -> None:
    plan = Plan(1, 2000)
    instants = [placed.at_s for placed in month()]
    assert instants == sorted(instants)
    assert plan.start_s <= instants[0]
    assert instants[-1] < plan.start_s + (plan.days + 1) * 86_400
    hours = Counter(at_s // 3600 % 24 for at_s in instants)
    assert hours[2] > 5 * hours[9]  # eight in the evening and three at night, in Chicago
    assert len({placed.document["number"] for placed in month()}) == 2000


@BOTH_REGIONS
def test_orders_are_like_those_of_a_shop(region: str) -> None:
    documents = [placed.document for placed in month(region)]
    lines = Counter(len(document["items"]) for document in documents)
    assert 0.5 < lines[1] / 2000 < 0.62
    assert max(lines) == 5
    quantities = Counter(item["quantity"] for document in documents for item in document["items"])
    assert quantities[1] > 0.8 * quantities.total()
    customers = Counter(document["customer"]["id"] for document in documents)
    assert len(customers) < 1500
    assert 4 <= max(customers.values()) <= 40
    skus = Counter(item["sku"] for document in documents for item in document["items"])
    assert sum(count for _, count in skus.most_common(40)) > 0.3 * skus.total()
    assert any(item["options"].get("engraving") for document in documents for item in document["items"])
    assert any(document["customer"]["tags"] == ["vip"] for document in documents)
    assert {payment["method"] for document in documents for payment in document["payments"]} >= {
        "card", "invoice", "gift_card",
    }  # fmt: skip


@BOTH_REGIONS
def test_everybody_is_at_example_com_and_stays_who_they_are(region: str) -> None:
    people: dict[str, bytes] = {}
    for placed in month(region):
        customer = placed.document["customer"]
        assert customer["email"].isascii()
        assert customer["email"].endswith("@example.com")
        assert people.setdefault(customer["id"], encode(customer)) == encode(customer)


def test_some_skus_are_scarce_and_most_suffice() -> None:
    shop = open_shop(Plan(1, 2000))
    held: Counter[str] = Counter()
    for (sku, _), units in shop.stock.items():
        held[sku] += units
    ordered: Counter[str] = Counter()
    for placed in month():
        for item in placed.document["items"]:
            ordered[item["sku"]] += item["quantity"]
    known = {item.sku for item in shop.items}
    short = [sku for sku, units in ordered.items() if sku in known and units > held[sku]]
    assert 20 < len(short) < 100
    arrived = {mend.sku for mend in shop.mends if mend.what == "receive_stock"}
    assert len(arrived.intersection(short)) > len(short) / 2
