"""The shop that is measured: 25 locations, 300 SKUs with plenty of stock, orders of three lines; all made by seed."""

from pathlib import Path
from random import Random

from msgspec import json

from segue.core.draft import Destination, Draft, DraftLine, DraftTender

LOCATIONS = 25
WAREHOUSES = 5
SKUS = 300
LINES = 3
START_S = 1_780_000_000
UNITS = 1_000_000  # of each SKU at each location
SHIPPING_MINOR = 499
CHANNEL = "bench"

SHOP = """\
name: bench
currency: USD
time_zone: UTC
workflow: standard
channels: [bench]
shipping_methods: [standard]
simulated:
  seed: {seed}
  tick_s: {tick_s}
  behavior: calm
"""
CHANNEL_FILE = "name: bench\nextends: canonical\nformat: ndjson\n"


def write_shop(folder: Path, orders: int, seed: int, tick_s: int) -> Path:
    """Write the shop and its orders into a folder; returns the file of the orders."""
    (folder / "channels").mkdir(parents=True, exist_ok=True)
    (folder / "channels" / f"{CHANNEL}.yaml").write_text(CHANNEL_FILE, "utf-8")
    (folder / "shop.yaml").write_text(SHOP.format(seed=seed, tick_s=tick_s), "utf-8")
    skus = [f"S{number}" for number in range(SKUS)]
    places = [f"L{number:02}" for number in range(LOCATIONS)]
    _write(folder / "catalog.csv", ["sku,title", *(f"{sku},Thing {sku}" for sku in skus)])
    _write(
        folder / "stock.csv", ["sku,location,units", *(f"{sku},{place},{UNITS}" for sku in skus for place in places)]
    )
    _write(folder / "locations.yaml", [_location(number, place) for number, place in enumerate(places)])
    path = folder / "orders.ndjson"
    with path.open("wb") as file:
        file.writelines(json.encode(document(draft)) + b"\n" for draft in drafts(orders, seed))
    return path


def drafts(orders: int, seed: int) -> list[Draft]:
    """So many orders of three lines."""
    dice = Random(seed)
    return [_draft(dice, number) for number in range(orders)]


def _draft(dice: Random, number: int) -> Draft:
    lines = tuple(
        DraftLine(f"S{sku}", dice.choice((1, 1, 1, 2)), dice.randrange(5_00, 90_00))
        for sku in dice.sample(range(SKUS), LINES)
    )
    total = sum(line.quantity * line.price_minor for line in lines) + SHIPPING_MINOR
    return Draft(
        CHANNEL, str(number), START_S + number, "USD", lines, total, (DraftTender("gateway", total),), SHIPPING_MINOR,
        ship_to=Destination("US", "CA", round(dice.uniform(33, 48), 1), round(dice.uniform(-122, -71), 1)),
        bill_country="US", ship_method="standard", person=f"customer {number}",
    )  # fmt: skip


def document(draft: Draft) -> dict[str, object]:
    """A draft as the canonical channel sends it."""
    place = {
        "street": "1 Main Street", "city": "Springfield", "postcode": "12345", "region": draft.ship_to.region,
        "country": draft.ship_to.country, "latitude": draft.ship_to.latitude, "longitude": draft.ship_to.longitude,
    }  # fmt: skip
    return {
        "channel_order_id": draft.channel_order_id,
        "placed_at_s": draft.placed_at_s,
        "currency": draft.currency,
        "total_minor": draft.total_minor,
        "shipping_minor": draft.shipping_minor,
        "ship_method": draft.ship_method,
        "lines": draft.lines,
        "tenders": draft.tenders,
        "customer": {
            "id": draft.person,
            "name": "Ada Lovelace",
            "email": f"ada.{draft.channel_order_id}@example.com",
            "ship_to": place,
            "bill_to": place,
        },
    }


def _location(number: int, id: str) -> str:
    kind = "warehouse" if number < WAREHOUSES else "store"
    return f"- {{id: {id}, kind: {kind}, country: US, latitude: {30 + number / 2}, longitude: {-120 + 2 * number}}}"


def _write(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", "utf-8")
