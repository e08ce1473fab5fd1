"""Shop data: a catalog, locations and stock for a demonstration, made from the orders of a channel's own files.

    write_shop_data(mapping, paths, target)              # one warehouse that has everything
    write_shop_data(mapping, paths, target, sellers_of(folder), weights_of(folder))   # Olist: the sellers are the locations

Writes catalog.csv, stock.csv and locations.yaml as the shop loader reads them.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from segue.connectors.documents import read_documents
from segue.connectors.rows import Row, read_rows
from segue.core.draft import Draft, DraftLine
from segue.core.facts import Location
from segue.core.mapping import Document, Layout, map_document
from segue.core.mapping import Mapping as ChannelMapping

WAREHOUSE = Location("GB-1", "warehouse", "GB", 52.5, -1.9)  # in the middle of England
SPARE_UNITS = 5


class Goods:
    """What the orders tell of the goods: titles, prices, and how many were sold from where."""

    def __init__(self) -> None:
        self.titles: dict[str, str] = {}
        self.prices: dict[str, int] = {}
        self.sold: Counter[tuple[str, str]] = Counter()

    def add(self, draft: Draft) -> None:
        """Learn from an order. The latest title and price count."""
        for line in draft.lines:
            self._add_line(line)

    def _add_line(self, line: DraftLine) -> None:
        self.sold[line.sku, line.location] += line.quantity
        if line.title or line.sku not in self.titles:
            self.titles[line.sku] = line.title
        if line.price_minor or line.sku not in self.prices:
            self.prices[line.sku] = line.price_minor


def write_shop_data(
    mapping: ChannelMapping,
    paths: Sequence[Path],
    target: Path,
    locations: Sequence[Location] = (WAREHOUSE,),
    weights_g: Mapping[str, int] | None = None,
) -> Goods:
    """Write the three files to a folder. Lines that name no location are stocked at the first one."""
    goods = Goods()
    for document in read_documents(mapping.layout, paths):
        mapped = map_document(mapping, document) if isinstance(document, Document) else None
        if mapped is not None and mapped.draft is not None:
            goods.add(mapped.draft)
    used = {location for _, location in goods.sold} | {locations[0].id}
    target.mkdir(parents=True, exist_ok=True)
    _write_catalog(goods, weights_g or {}, target / "catalog.csv")
    _write_stock(goods, locations[0].id, target / "stock.csv")
    _write_locations([location for location in locations if location.id in used], target / "locations.yaml")
    return goods


def sellers_of(folder: Path) -> list[Location]:
    """Olist's sellers as locations, at the place of their postcode; those that have lost a zero get it back."""
    places = {row.cells["zip_prefix"]: row.cells for row in _rows(folder, "geo_by_zip_prefix.csv", "zip_prefix")}
    found = []
    for row in _rows(folder, "sellers.csv", "seller_id"):
        place = places.get(row.cells["seller_zip_code_prefix"].zfill(5), {})
        latitude = round(float(place["lat"]), 4) if place else None
        longitude = round(float(place["lng"]), 4) if place else None
        name = f"{row.cells['seller_city']} {row.cells['seller_state']}"
        found.append(Location(row.cells["seller_id"], "store", "BR", latitude, longitude, name=name))
    return found


def weights_of(folder: Path) -> dict[str, int]:
    """The weight of Olist's products in grams, of those that have one."""
    rows = _rows(folder, "products.csv", "product_id")
    return {row.cells["product_id"]: int(float(weight)) for row in rows if (weight := row.cells["product_weight_g"])}


def _rows(folder: Path, name: str, key: str) -> Iterable[Row]:
    plain = folder / name
    path = plain if plain.exists() else folder / f"{name}.gz"
    return (row for row in read_rows(Layout("csv"), path, key) if isinstance(row, Row))


def _write_catalog(goods: Goods, weights_g: Mapping[str, int], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("sku", "title", "price_minor", "weight_g"))
        for sku in sorted(goods.titles):
            writer.writerow((sku, goods.titles[sku], goods.prices[sku], weights_g.get(sku, 0)))


def _write_stock(goods: Goods, usual: str, path: Path) -> None:
    units: Counter[tuple[str, str]] = Counter()
    for (sku, location), sold in goods.sold.items():
        units[sku, location or usual] += sold
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("sku", "location", "units"))
        for (sku, location), sold in sorted(units.items()):
            writer.writerow((sku, location, sold + SPARE_UNITS))


def _write_locations(locations: Sequence[Location], path: Path) -> None:
    lines = []
    for location in locations:
        fields = {"id": location.id, "kind": location.kind, "country": location.country}
        written = [f"{key}: {json.dumps(value)}" for key, value in fields.items()]
        if location.latitude is not None and location.longitude is not None:
            written += [f"latitude: {location.latitude}", f"longitude: {location.longitude}"]
        if location.name:
            written.append(f"name: {json.dumps(location.name)}")
        lines.append(f"- {{{', '.join(written)}}}\n")
    path.write_text("".join(lines), encoding="utf-8")
