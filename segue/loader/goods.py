"""Goods: a shop's locations, catalog and stock, from locations.yaml, catalog.csv and stock.csv."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from segue.core.calendar import HANDLING_DAYS_MAX
from segue.core.days import Capacity
from segue.core.facts import Item, Location
from segue.core.issued import GIFT_CARD, ITEM_KINDS
from segue.core.purchase import SUPPLIER
from segue.loader.arguments import slots_of_struct, typed
from segue.loader.problems import Problems, Spot
from segue.loader.reading import read_tree
from segue.loader.table import Row, rows
from segue.loader.time_zones import time_zone
from segue.loader.tree import Node

LOCATIONS_FILE, CATALOG_FILE, STOCK_FILE = "locations.yaml", "catalog.csv", "stock.csv"
LOCATION_KINDS = ("warehouse", "store", SUPPLIER)
CATALOG_COLUMNS = (
    "sku", "title", "price_minor", "weight_g", "tags", "tax_class", "needs", "weekly_units", "volume_cm3",
    "substitutes", "street_date", "backorder", "kind",
)  # fmt: skip
STOCK_COLUMNS = ("sku", "location", "units")
NO_DAY, DAY_HINT = "there is no day `{}`", "write it like 2026-12-04"
COUNTRY = re.compile("[A-Z]{2}")
HANDLING_HOURS_MAX = 1_000
RANGES = {"latitude": 90.0, "longitude": 180.0}
LOCATION_SLOTS = slots_of_struct(Location)
OWN_WAY = ("capacity", "day_starts")  # keys that are read in a way of their own
CAPACITY_KEYS = ("orders", "lines", "units")
TIME_OF_DAY = re.compile("([01][0-9]|2[0-3]):([0-5][0-9])")


class Handled(NamedTuple):
    """A key under `handling`: which field of a location it fills."""

    name: str
    read: Callable[[Node, Problems], int]


HANDLING = {
    "days": Handled("handling_days", lambda node, problems: node.integer(problems, 0, HANDLING_DAYS_MAX)),
    "hours": Handled("handling_s", lambda node, problems: 3_600 * node.integer(problems, 0, HANDLING_HOURS_MAX)),
}
OF_OTHER_KEYS = ("handling_", "day_starts_s", "zone")  # fields that other keys fill
LOCATION_KEYS = (*(name for name in LOCATION_SLOTS if not name.startswith(OF_OTHER_KEYS)), "day_starts", "handling")

Stocked = dict[tuple[str, str], int]  # (sku, location) -> units on hand


def locations(folder: Path, problems: Problems, calendars: Collection[str] = ()) -> dict[str, Location]:
    """The locations by id, each with one of these calendars or with none."""
    tree = read_tree(folder / LOCATIONS_FILE, LOCATIONS_FILE, problems)
    found: dict[str, Location] = {}
    for node in tree.items(problems, "a list of locations") if tree else []:
        location = _location(node, problems, calendars)
        if location is not None and location.id in found:
            problems.add(node.content["id"], f"the location `{location.id}` is given twice")
        elif location is not None:
            found[location.id] = location
    return found


def _location(node: Node, problems: Problems, calendars: Collection[str]) -> Location | None:
    before = len(problems)
    fields = node.fields(problems, LOCATION_KEYS, required=("id",))
    handling = handling_of(fields.pop("handling", None), problems)
    if "time_zone" in fields:
        time_zone(fields["time_zone"], problems)
    if "calendar" in fields:
        fields["calendar"].choice(problems, "calendar", calendars)
    for name, limit in RANGES.items():
        if name in fields:
            fields[name].number(problems, -limit, limit)
    if ("latitude" in fields) != ("longitude" in fields):
        problems.add(node, "latitude and longitude are given together or not at all")
    if "kind" in fields:
        fields["kind"].choice(problems, "kind of location", LOCATION_KINDS)
    for country in [*_one(fields, "country"), *(fields["ships_to"].items(problems) if "ships_to" in fields else [])]:
        check_country(country, problems)
    values = {
        name: typed(value, LOCATION_SLOTS[name], problems) for name, value in fields.items() if name not in OWN_WAY
    }
    if "day_starts" in fields:
        values["day_starts_s"] = time_of_day_s(fields["day_starts"], problems)
    if "capacity" in fields:
        values["capacity"] = _capacity(fields["capacity"], problems)
    return Location(**values | handling) if len(problems) == before else None


def handling_of(node: Node | None, problems: Problems) -> dict[str, int]:
    """How long a location needs until an order can leave: `{days: 1}`, `{hours: 4}`, in its own working time."""
    fields = node.fields(problems, HANDLING) if node is not None else {}
    return {HANDLING[key].name: HANDLING[key].read(value, problems) for key, value in fields.items()}


def time_of_day_s(node: Node, problems: Problems) -> int:
    """A time of the day: `22:00`."""
    found = TIME_OF_DAY.fullmatch(node.text(problems))
    if found is None:
        problems.add(node, "expected a time of the day", 'write it as "22:00"')
        return 0
    hour, minute = found.groups()
    return int(hour) * 3600 + int(minute) * 60


def _capacity(node: Node, problems: Problems) -> Capacity:
    """How much is taken on in a day: `{orders: 200, units: 1000}`."""
    limits = {name: value.integer(problems, 0) for name, value in node.fields(problems, CAPACITY_KEYS).items()}
    for name, limit in limits.items():
        if limit == 0:
            problems.add(
                node.content[name], f"with 0 {name} a day it never gets anything", "write `active: false` for that"
            )
    return Capacity(**limits)


def _one(fields: dict[str, Node], name: str) -> list[Node]:
    return [fields[name]] if name in fields else []


def check_country(node: Node, problems: Problems) -> None:
    """A country is written as two capital letters."""
    if node.kind == "scalar" and not node.is_nothing and not COUNTRY.fullmatch(node.content):
        problems.add(node, f"`{node.content}` is not a country code", "write it as in ISO 3166-1: DE, US")


def catalog(folder: Path, problems: Problems) -> dict[str, Item]:
    """The catalog by SKU. A shop without the file has its catalog elsewhere."""
    path = folder / CATALOG_FILE
    return read_items(path, CATALOG_FILE, problems, is_whole=True) if path.exists() else {}


def read_items(path: Path, file: str, problems: Problems, *, is_whole: bool = False) -> dict[str, Item]:
    """The items of a table with the columns of a catalog, by SKU; the table is called `file` in messages.

    What a whole catalog names as a substitute it has; a part of one may name what the shop has already.
    """
    found: dict[str, Item] = {}
    named: list[tuple[str, Spot]] = []
    for row in rows(path, file, CATALOG_COLUMNS, ("sku",), problems):
        sku = row.required("sku", problems)
        if sku in found:
            problems.add(row.spot("sku"), f"sku: `{sku}` is given twice")
        elif sku:
            found[sku] = _item(sku, row, problems)
            named += [(name, row.spot("substitutes")) for name in found[sku].substitutes if is_whole]
    for name, spot in named:
        if name not in found:
            problems.add_unknown(spot, "substitute", name, found)
    return found


def _item(sku: str, row: Row, problems: Problems) -> Item:
    return Item(
        sku,
        row.text("title"),
        row.integer("price_minor", problems, None),
        row.integer("weight_g", problems) or 0,
        tuple(row.text("tags").split()),
        row.text("tax_class"),
        tuple(row.text("needs").split()),
        row.integer("weekly_units", problems) or 0,
        row.integer("volume_cm3", problems) or 0,
        _substitutes(sku, row, problems),
        _street_date(row, problems),
        _yes(row, "backorder", problems),
        _kind(row, problems),
    )


def digital_of(items: Mapping[str, Item]) -> frozenset[str]:
    """The SKUs of articles that a message delivers."""
    return frozenset(sku for sku, item in items.items() if item.kind)


def _kind(row: Row, problems: Problems) -> str:
    """`digital` or `gift_card`; nothing: it is goods of a location. What a message delivers does not wait for a day."""
    kind = row.text("kind")
    if kind and kind not in ITEM_KINDS:
        problems.add_unknown(row.spot("kind"), "kind of article", kind, ITEM_KINDS)
    if kind and row.text("street_date"):
        problems.add(row.spot("street_date"), "street_date: what is delivered by a message has none")
    if kind == GIFT_CARD and not row.text("price_minor"):
        problems.add(row.spot("kind"), "price_minor: a gift card has a price, which is what it is worth")
    return kind


def _street_date(row: Row, problems: Problems) -> str:
    text = row.text("street_date")
    if (day := day_of(text)) is None:
        problems.add(row.spot("street_date"), f"street_date: {NO_DAY.format(text)}", DAY_HINT)
    return day or ""


def day_of(text: str) -> str | None:
    """A day of the calendar as 2026-12-04; "" for none; None if there is no such day."""
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        return None


def _yes(row: Row, column: str, problems: Problems) -> bool:
    """Yes or no; nothing is yes."""
    text = row.text(column)
    if text not in ("", "yes", "no"):
        problems.add(row.spot(column), f"{column}: `{text}` is neither yes nor no")
    return text != "no"


def _substitutes(sku: str, row: Row, problems: Problems) -> tuple[str, ...]:
    """What may take the place of an item, each named once, and not the item itself."""
    found = tuple(row.text("substitutes").split())
    for name in {name: 0 for name in found if found.count(name) > 1}:
        problems.add(row.spot("substitutes"), f"substitutes: `{name}` is given twice")
    if sku in found:
        problems.add(row.spot("substitutes"), f"substitutes: `{sku}` cannot take its own place")
    return found


def stock(
    folder: Path, items: dict[str, Item], places: dict[str, Location], in_order: bool, problems: Problems
) -> Stocked:
    """The units on hand by SKU and location. Each has to be known, as far as those files are in order themselves."""
    path = folder / STOCK_FILE
    if not path.exists():
        return {}
    found: Stocked = {}
    for row in rows(path, STOCK_FILE, STOCK_COLUMNS, STOCK_COLUMNS, problems):
        sku, location = row.required("sku", problems), row.required("location", problems)
        if in_order and location and location not in places:
            problems.add_unknown(row.spot("location"), "location", location, places)
        if in_order and sku and items and sku not in items:
            problems.add(row.spot("sku"), f"sku: `{sku}` is not in {CATALOG_FILE}")
        if (sku, location) in found:
            problems.add(row.spot("sku"), f"`{sku}` at `{location}` is given twice")
        row.required("units", problems)
        found[sku, location] = row.integer("units", problems) or 0
    return found
