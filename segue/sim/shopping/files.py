"""Files: a shop and its orders, written into a folder. The first three as a shop's folder has them.

catalog.csv      sku,title,price_minor,weight_g
locations.yaml   a list of {id, name, kind, country, latitude, longitude, ships_to}
stock.csv        sku,location,units
orders.ndjson    one order a line, by time; the shape is told in document.py, and webshop.yaml maps it
mends.ndjson     one mend a line, by time: {"at_s", "what": "list_item", "item": {the columns of catalog.csv}}
                 or {"at_s", "what": "receive_stock", "sku", "location", "quantity"}
"""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from msgspec.json import encode

from segue.core.facts import Item, Location
from segue.sim.shopping.orders import orders
from segue.sim.shopping.shop import Mend, Plan, Shop, open_shop


def write_shop(folder: Path, plan: Plan) -> Shop:
    """Write the five files of a plan's shop; the folder is made if need be, files that are there are replaced."""
    shop = open_shop(plan)
    folder.mkdir(parents=True, exist_ok=True)
    _write_csv(folder / "catalog.csv", [list(item_row(shop.items[0])), *(_cells(item) for item in shop.items)])
    held = ((sku, location, units) for (sku, location), units in shop.stock.items())
    _write_csv(folder / "stock.csv", [("sku", "location", "units"), *held])
    (folder / "locations.yaml").write_text(_locations(shop.locations), encoding="utf-8")
    _write_lines(folder / "orders.ndjson", (placed.document for placed in orders(shop)))
    _write_lines(folder / "mends.ndjson", (mend_row(mend) for mend in shop.mends))
    return shop


def item_row(item: Item) -> dict[str, Any]:
    """An item as catalog.csv and mends.ndjson have it."""
    return {
        "sku": item.sku,
        "title": item.title,
        "price_minor": item.price_minor,
        "weight_g": item.weight_g,
    }


def mend_row(mend: Mend) -> dict[str, Any]:
    """A mend as mends.ndjson has it."""
    if mend.item is not None:
        return {"at_s": mend.at_s, "what": mend.what, "item": item_row(mend.item)}
    return {
        "at_s": mend.at_s,
        "what": mend.what,
        "sku": mend.sku,
        "location": mend.location,
        "quantity": mend.quantity,
    }


def _cells(item: Item) -> list[Any]:
    return list(item_row(item).values())


def _write_csv(path: Path, rows: Iterable[Iterable[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _write_lines(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    with path.open("wb") as file:
        file.writelines(encode(row) + b"\n" for row in rows)


def _locations(locations: Iterable[Location]) -> str:
    """The list as YAML. Written by hand: every value is a plain word, a number or a quoted name."""
    return "".join(
        f'- {{id: {place.id}, name: "{place.name}", kind: {place.kind}, country: {place.country}, '
        f"latitude: {place.latitude}, longitude: {place.longitude}, ships_to: [{', '.join(place.ships_to)}]}}\n"
        for place in locations
    )
