"""The real orders: who bought what, when, where it lay and where it went, and what sending it cost.

Read from the Olist folder. What lacks a place or a weight is left out and counted.
"""

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

NOT_SENT = ("canceled", "unavailable")
PREFIX = 5  # digits; the files have lost leading zeros
STATES = (  # the last of each run of postcodes (first three digits), and whose they are: Brazil's public numbering
    *((199, "SP"), (289, "RJ"), (299, "ES"), (399, "MG"), (489, "BA"), (499, "SE"), (569, "PE"), (579, "AL")),
    *((589, "PB"), (599, "RN"), (639, "CE"), (649, "PI"), (659, "MA"), (688, "PA"), (689, "AP"), (692, "AM")),
    *((693, "RR"), (698, "AM"), (699, "AC"), (727, "DF"), (729, "GO"), (736, "DF"), (767, "GO"), (769, "RO")),
    *((779, "TO"), (788, "MT"), (799, "MS"), (879, "PR"), (899, "SC"), (999, "RS")),
)


class Place(NamedTuple):
    """Where something is."""

    postcode: str  # five digits
    latitude: float
    longitude: float

    @property
    def state(self) -> str:
        """The state that the postcode belongs to."""
        return next(state for last, state in STATES if int(self.postcode[:3].ljust(3, "0")) <= last)


class Piece(NamedTuple):
    """A unit that was sold."""

    category: str
    weight_g: int
    seller: Place
    freight_minor: int


class Sale(NamedTuple):
    """An order."""

    order_id: str
    when: datetime
    customer: Place
    pieces: tuple[Piece, ...]

    @property
    def month(self) -> str:
        """The month it was bought in, as 2017-09."""
        return self.when.strftime("%Y-%m")


class Sales(NamedTuple):
    """All orders by the instant they were bought, and why others are not among them."""

    sales: list[Sale]
    left_out: Counter[str]


def read(folder: Path) -> Sales:
    """The orders of the folder. Raises FileNotFoundError if a file is missing."""
    places = {row["zip_prefix"].zfill(PREFIX): row for row in _rows(folder, "geo_by_zip_prefix")}
    products = {row["product_id"]: row for row in _rows(folder, "products")}
    sellers = {row["seller_id"]: row["seller_zip_code_prefix"].zfill(PREFIX) for row in _rows(folder, "sellers")}
    bought = defaultdict(list)
    for row in _rows(folder, "order_items"):
        bought[row["order_id"]].append(row)
    found, left_out = [], Counter[str]()
    for row in _rows(folder, "orders"):
        postcode, items = row["customer_zip_code_prefix"].zfill(PREFIX), bought[row["order_id"]]
        pieces = [_piece(item, products, sellers, places) for item in items]
        known = [piece for piece in pieces if piece]
        if row["order_status"] in NOT_SENT or not items:
            left_out["canceled, unavailable or without items"] += 1
        elif postcode not in places or len(known) < len(pieces):
            left_out["a place or a weight is not known"] += 1
        else:
            when = datetime.fromisoformat(row["order_purchase_timestamp"])
            found.append(Sale(row["order_id"], when, _place(postcode, places), tuple(known)))
    return Sales(sorted(found, key=lambda sale: (sale.when, sale.order_id)), left_out)


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _place(postcode: str, places: dict[str, dict[str, str]]) -> Place:
    return Place(postcode, float(places[postcode]["lat"]), float(places[postcode]["lng"]))


def _piece(
    item: dict[str, str],
    products: dict[str, dict[str, str]],
    sellers: dict[str, str],
    places: dict[str, dict[str, str]],
) -> Piece | None:
    product, postcode = products.get(item["product_id"], {}), sellers.get(item["seller_id"], "")
    if not float(product.get("product_weight_g") or 0) or postcode not in places:
        return None
    category = product["product_category_name"] or "unknown"
    freight_minor = round(float(item["freight_value"]) * 100)
    return Piece(category, round(float(product["product_weight_g"])), _place(postcode, places), freight_minor)
