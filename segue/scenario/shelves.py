"""Shelves: how a scenario writes goods, locations, and what stands where."""

from collections.abc import Callable
from typing import Any

from segue.core.days import Capacity
from segue.core.facts import Item, Location
from segue.core.issued import ITEM_KINDS
from segue.loader.goods import (
    CAPACITY_KEYS,
    DAY_HINT,
    LOCATION_KINDS,
    LOCATION_SLOTS,
    NO_DAY,
    check_country,
    day_of,
    time_of_day_s,
)
from segue.loader.tree import Node
from segue.scenario.calendars import TIMED
from segue.scenario.forms import Field, Form, Kind, Schema, Words, either, filled
from segue.scenario.kinds import AMOUNT_MINOR, COUNT, DEGREES, FLAG, TEXT, TEXTS, one_of

ITEM: Form = {
    "title": Field(TEXT, "what customers call it"),
    "price": Field(AMOUNT_MINOR, "list price of one unit"),
    "weight_g": Field(COUNT, "its weight in grams"),
    "tags": Field(TEXTS, "its tags"),
    "tax_class": Field(TEXT, "its tax class"),
    "needs": Field(TEXTS, "what a location has to be capable of"),
    "weekly_units": Field(COUNT, "how many a location sells in a week"),
    "volume_cm3": Field(COUNT, "its volume in cubic centimeters"),
    "substitutes": Field(TEXTS, "the SKUs that may take its place, the best first"),
    "street_date": Field(TEXT, "the day before which none may leave: 2026-12-04"),
    "backorder": Field(FLAG, "whether it is sold beyond what is there"),
    "kind": Field(one_of("kind of article", *ITEM_KINDS), "what a message delivers"),
}
CAPACITY: Form = {name: Field(COUNT, f"{name} in a day") for name in CAPACITY_KEYS}
LOCATION: Form = {
    "kind": Field(one_of("kind of location", *LOCATION_KINDS), "warehouse, store, or supplier"),
    "country": Field(TEXT, "where it is, ISO 3166-1"),
    "latitude": Field(DEGREES, "in degrees"),
    "longitude": Field(DEGREES, "in degrees"),
    "ships_to": Field(TEXTS, "countries that it ships to; all if none is named"),
    "active": Field(FLAG, "whether it works"),
    "name": Field(TEXT, "what people call it"),
    "group": Field(TEXT, "the group of locations that it belongs to"),
    "capabilities": Field(TEXTS, "what it can do: hazmat, gift_wrap"),
    "capacity": Field(filled(CAPACITY), "how much it takes on in a day; what is not said is not limited"),
    "marked_down": Field(TEXTS, "tags of goods that it sells below their price"),
    "day_starts": Field(TEXT, "when its day begins, by its own clock: `22:00`"),
    **TIMED,
}
SHELF: Form = {
    "on_hand": Field(COUNT, "units that are there"),
    "safety": Field(COUNT, "units of them that are never promised"),
}

LISTED = {"ships_to", "capabilities", "marked_down"}


def text_keyed(read: Callable[[str, Node, Words], Any], values: Schema, called: str) -> Kind:
    """A mapping whose keys are names that it gives."""

    def whole(node: Node, words: Words) -> dict[str, Any]:
        return {name: read(name, value, words) for name, value in node.entries(words.problems).items()}

    return Kind(whole, {"type": "object", "additionalProperties": values}, called)


def _item(sku: str, node: Node, words: Words) -> Item:
    if node.kind == "mapping":
        values = filled(ITEM).read(node, words)
        if day_of(values.get("street_date", "")) is None:
            words.problems.add(node.content["street_date"], NO_DAY.format(values["street_date"]), DAY_HINT)
            values["street_date"] = ""
        tags, tax_class = tuple(values.get("tags", ())), values.get("tax_class", "")
        needs, weekly = tuple(values.get("needs", ())), values.get("weekly_units", 0)
        price, weight_g, volume = values.get("price"), values.get("weight_g", 0), values.get("volume_cm3", 0)
        others = tuple(values.get("substitutes", ()))
        return Item(
            sku, values.get("title", ""), price, weight_g, tags, tax_class, needs, weekly, volume, others,
            values.get("street_date", ""), values.get("backorder", True), values.get("kind", ""),
        )  # fmt: skip
    return Item(sku, price_minor=None if node.is_nothing else AMOUNT_MINOR.read(node, words))


def _location(id: str, node: Node, words: Words) -> Location:
    values = filled(LOCATION).read(node, words)
    for key in ("country", "ships_to"):
        if key in values:
            inner = node.content[key]
            for country in inner.content if inner.kind == "list" else [inner]:
                check_country(country, words.problems)
    for key in LISTED & values.keys():
        values[key] = tuple(values[key])
    if "day_starts" in values:
        values["day_starts_s"] = time_of_day_s(node.content["day_starts"], words.problems)
        del values["day_starts"]
    if "capacity" in values:
        values["capacity"] = Capacity(**values["capacity"])
    values |= values.pop("handling", {})
    assert set(values) <= set(LOCATION_SLOTS)
    return Location(id, **values)


def _shelves(node: Node, words: Words) -> dict[tuple[str, str], tuple[int, int]]:
    """(SKU, location) -> units and safety stock; a number alone is at the first location, and nothing elsewhere."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    places = list(words.names["location"])
    for sku, value in node.entries(words.problems, "a mapping of stock by SKU").items():
        if sku not in words.names["SKU"]:
            words.problems.add_unknown(value.place, "SKU", sku, words.names["SKU"])
        if value.kind != "mapping":
            found[sku, places[0] if places else ""] = (COUNT.read(value, words), 0)
            continue
        for place, shelf in value.content.items():
            if place not in places:
                words.problems.add_unknown(shelf.place, "location", place, places)
            found[sku, place] = _shelf(shelf, words)
    return found


def _shelf(node: Node, words: Words) -> tuple[int, int]:
    if node.kind != "mapping":
        return COUNT.read(node, words), 0
    values = filled(SHELF).read(node, words)
    return values.get("on_hand", 0), values.get("safety", 0)


def _shelves_schema() -> Schema:
    shelf = either(COUNT, filled(SHELF)).schema
    there = {"type": "object", "additionalProperties": shelf}
    return {"type": "object", "additionalProperties": {"anyOf": [COUNT.schema, there]}}


ITEMS_OF = text_keyed(_item, either(AMOUNT_MINOR, filled(ITEM)).schema, "items by SKU, each its price, or in full")
LOCATIONS_OF = text_keyed(_location, filled(LOCATION).schema, "locations by id")
SHELVES = Kind(_shelves, _shelves_schema(), "units by SKU and location: `{MUG: 5, TEA: {BER: 2}}`")
