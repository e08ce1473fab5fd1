"""Goods, and the shop's own files: stock arrives, the catalog learns an item, a workflow changes."""

from typing import Any

from msgspec.structs import replace

from segue.core.facts import Item, Location, StockMove
from segue.engine.stocktaking import count
from segue.loader.problems import Problems
from segue.loader.tree import Node
from segue.scenario.forms import Kind
from segue.scenario.given import ITEMS_OF, LOCATIONS_OF, SHELVES, changed_workflow
from segue.scenario.kinds import TEXTS
from segue.scenario.stage import Impossible, Stage
from segue.scenario.steps.verb import Verb

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
    stage.change(replace(stage.setting, shop=replace(shop, locations=shop.locations | places)))


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
VERBS = {
    "stock_arrives": Verb("Goods come in.", SHELVES, arrives),
    "stock_counted": Verb("What is there is counted, and is found to be so much.", SHELVES, counted),
    "catalog": Verb("Items become known, or change.", ITEMS_OF, listed),
    "shipping_methods": Verb("Shipping methods become known; the engine starts again.", TEXTS, methods),
    "locations": Verb("Locations open, close or change; the engine starts again.", LOCATIONS_OF, located),
    "workflow": Verb("New orders follow another workflow; the engine starts again.", WORKFLOW, followed),
}
