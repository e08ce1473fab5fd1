"""Goods, and the shop's own files: stock arrives, the catalog learns an item, a workflow changes."""

from typing import Any

from msgspec.structs import replace

from segue.core.days import Closure
from segue.core.facts import Item, Location, StockMove
from segue.engine.stocktaking import count
from segue.loader.calendars import with_zones
from segue.loader.problems import Problems
from segue.loader.tree import Node
from segue.scenario.forms import Field, Form, Kind, filled
from segue.scenario.given import changed_workflow
from segue.scenario.kinds import DURATION, TEXTS, named
from segue.scenario.shelves import ITEMS_OF, LOCATIONS_OF, SHELVES
from segue.scenario.stage import Impossible, Stage
from segue.scenario.steps.people import REASON, WHO, by_of
from segue.scenario.steps.verb import Values, Verb
from segue.store.closing import Closing

Shelves = dict[tuple[str, str], tuple[int, int]]


def arrives(stage: Stage, shelves: Shelves) -> None:
    """Units come to locations."""
    moves = [StockMove(*key, units, 0, "received") for key, (units, _) in shelves.items()]
    stage.app.shelf.receive_stock(moves, stage.now_s)


def counted(stage: Stage, shelves: Shelves) -> None:
    """Locations count what they have. Orders give back what is not there."""
    for key, (units, safety) in shelves.items():
        count(stage.app.stock_desk("person:stock"), key, units, safety)


def listed(stage: Stage, items: dict[str, Item]) -> None:
    """The catalog learns of items."""
    stage.setting = replace(stage.setting, shop=replace(stage.setting.shop, items=stage.setting.shop.items | items))
    stage.app.shelf.put_items(items.values(), stage.now_s)


def methods(stage: Stage, names: list[str]) -> None:
    """The shop's file names further shipping methods."""
    shop = stage.setting.shop
    stage.change(replace(stage.setting, shop=replace(shop, shipping_methods=(*shop.shipping_methods, *names))))


def located(stage: Stage, places: dict[str, Location]) -> None:
    """The shop's file has other or further locations."""
    shop = stage.setting.shop
    places = shop.locations | places
    timing = with_zones(shop.timing, places) if shop.timing.zones else shop.timing
    stage.change(replace(stage.setting, shop=replace(shop, locations=places, timing=timing)))


def closed(stage: Stage, values: Values) -> None:
    """Somebody closes a location."""
    until_s = stage.now_s + values["until"] if "until" in values else None
    closure = Closure(values["location"], until_s, values.get("reason", ""), by_of(values), stage.now_s)
    Closing(stage.app.database).close(closure)


def opened(stage: Stage, values: Values) -> None:
    """Somebody opens a location again."""
    Closing(stage.app.database).open(values["location"], values.get("reason", ""), by_of(values), stage.now_s)


def followed(stage: Stage, node: Node) -> None:
    """The shop's file has another workflow: for the orders to come."""
    problems = Problems()
    changed = changed_workflow(stage.setting, node, problems)
    if len(problems):
        raise Impossible("a workflow without mistakes", str(problems.sorted()[0]))
    stage.change(changed)


def _workflow(node: Node, words: Any) -> Node:
    return node


WORKFLOW = Kind(_workflow, {"type": ["string", "object"]}, "a name, or a workflow as in a file of its own")
WHICH: Form = {"location": Field(named("location"), "which location", required=True), **REASON, "by": WHO["by"]}
CLOSING: Form = {"until": Field(DURATION, "after how long it opens by itself"), **WHICH}
VERBS = {
    "stock_arrives": Verb("Goods come in.", SHELVES, arrives),
    "stock_counted": Verb("What is there is counted, and is found to be so much.", SHELVES, counted),
    "catalog": Verb("Items become known, or change.", ITEMS_OF, listed),
    "shipping_methods": Verb("Shipping methods become known; the engine starts again.", TEXTS, methods),
    "locations": Verb("Locations open, close or change; the engine starts again.", LOCATIONS_OF, located),
    "location_closes": Verb("Nothing more is sent to a location.", filled(CLOSING), closed),
    "location_opens": Verb("A location that was closed is open again.", filled(WHICH), opened),
    "workflow": Verb("New orders follow another workflow; the engine starts again.", WORKFLOW, followed),
}
