"""The setting: the shop that a scenario plays in, compiled, and how the world outside of it behaves."""

from functools import cache, lru_cache
from pathlib import Path

import yaml
from msgspec import Struct
from msgspec.structs import replace

from segue.connectors.simulated.behavior import (
    Behavior,
    CarrierBehavior,
    FraudBehavior,
    GatewayBehavior,
    WarehouseBehavior,
)
from segue.core.decide import COMMANDS, EVENTS
from segue.core.facts import Item, Location
from segue.core.policy import Policy
from segue.core.workflow import Workflow
from segue.loader.declared import Offered
from segue.loader.library import Library, read_library
from segue.loader.problems import Problems, Spot
from segue.loader.reading import parse_tree
from segue.loader.shop import ChannelUse, Shop
from segue.loader.tenders import usual_means
from segue.loader.tree import Node
from segue.loader.workflow import load_workflow
from segue.settings import read_shop, registry

OWN = "own"  # what a workflow is called that stands in a scenario
START_S = 1_772_442_000  # 2026-03-02T09:00:00Z, a Monday
FOLDERS_KEPT = 20

# Nothing goes wrong by itself, and everything takes the same time each time.
STEADY = Behavior(
    gateway=GatewayBehavior(),
    fraud=FraudBehavior(pending_hours=(1, 1)),
    warehouse=WarehouseBehavior(ship_hours=(4, 4)),
    store=WarehouseBehavior(ship_hours=(2, 2)),
    carrier=CarrierBehavior(transit_days=(2, 2)),
)
ITEMS = {
    "MUG": Item("MUG", "Mug", 12_00, 400),
    "TEA": Item("TEA", "Tea", 8_50, 100),
    "LAMP": Item("LAMP", "Lamp", 40_00, 1500),
}
LOCATIONS = {
    "BER": Location("BER", "warehouse", "DE", 52.5, 13.4, name="Berlin warehouse"),
    "MUC": Location("MUC", "store", "DE", 48.1, 11.6, name="Munich store", capabilities=("pickup",)),
}
AT_THE_FIRST, AT_EACH_OTHER = 10, 5  # units of each item, where a scenario does not say


class Setting(Struct, frozen=True):
    """What a scenario begins with. A step can change it: then the engine is started again with the next one."""

    shop: Shop
    library: Library
    behavior: Behavior = STEADY
    by_hand: frozenset[str] = frozenset()  # warehouse, carrier, fraud: what they do stands in the scenario
    safety: dict[tuple[str, str], int] = {}  # (SKU, location) -> units that are never promised
    unknown: tuple[str, ...] = ()  # SKUs and shipping methods that orders may name, and the shop does not know
    start_s: int = START_S
    folder: Path | None = None  # the shop's, if it has one
    on_disk: bool = False  # the engine is killed: its database has to survive that

    @property
    def workflow(self) -> Workflow:
        """The workflow of orders whose channel names none."""
        return self.shop.workflows[self.shop.workflow]


@cache
def policies() -> dict[str, dict[str, Policy]]:
    """All policies, found once."""
    return registry()


@cache
def prebuilt() -> Library:
    """The prebuilt workflows, read once."""
    return read_library(None, Problems())


@cache
def prebuilt_workflow(name: str) -> Workflow:
    """A prebuilt workflow, compiled once."""
    problems = Problems()
    workflow = _loaded(prebuilt().prebuilt[name], prebuilt(), problems)
    assert workflow is not None, problems.sorted()
    return workflow


def default_shop(currency: str) -> Shop:
    """The small shop of scenarios that bring none: three items, a warehouse, a store, one channel, all paid by card."""
    return Shop(
        name="corner shop",
        currency=currency,
        time_zone="UTC",
        workflow="standard",
        workflows={},
        channels={"web": ChannelUse("web", "channels/web.yaml", "standard")},
        shipping_methods=("standard", "express"),
        limits={},
        simulated={},
        simulated_node=None,
        locations=LOCATIONS,
        items=ITEMS,
        stock=usual_stock(ITEMS, LOCATIONS),
        means=usual_means(),
        payment_link="https://shop.example/pay/$order",
    )


def usual_stock(items: dict[str, Item], locations: dict[str, Location]) -> dict[tuple[str, str], int]:
    """Ten of each item at the first location, five at each other."""
    first = next(iter(locations), "")
    return {(sku, place): AT_THE_FIRST if place == first else AT_EACH_OTHER for sku in items for place in locations}


def own_workflow(node: Node, base: str, library: Library, problems: Problems) -> tuple[Library, Workflow | None]:
    """A workflow that stands in a scenario, and the library with it; it extends `base` unless it says otherwise."""
    content = dict(node.content) if node.kind == "mapping" else {}
    if "extends" not in content and not ({"statuses", "on"} <= content.keys()):
        content = {"extends": _scalar(base, node), **content}
    tree = Node("mapping", {"name": _scalar(OWN, node), **content}, Spot(node.file, node.line, node.column))
    tree.key = node.key
    workflow = _loaded(tree, library._replace(own=library.own | {OWN: tree}), problems)
    text = yaml.safe_dump(tree.plain_value(), sort_keys=False, allow_unicode=True)
    kept = parse_tree(text, f"workflows/{OWN}.yaml", Problems())
    assert kept is not None, "what was read can be written"
    return library._replace(own=library.own | {OWN: kept}), workflow


def workflow_named(name: str, library: Library, problems: Problems) -> Workflow | None:
    """A workflow of a library."""
    if name not in library.own and not library.algorithm:
        return prebuilt_workflow(name)
    tree = library.find(name)
    return _loaded(tree, library, problems) if tree is not None else None


def _loaded(tree: Node, library: Library, problems: Problems) -> Workflow | None:
    return load_workflow(tree, *Offered(policies(), COMMANDS, EVENTS), problems, library)


def _scalar(text: str, node: Node) -> Node:
    return Node("scalar", text, Spot(node.file, node.line, node.column))


State = tuple[tuple[str, int, int], ...]


def state_of(folder: Path) -> State:
    """What tells whether a shop's files have changed: their names, times and sizes."""
    stats = [(path, path.stat()) for path in sorted((*folder.rglob("*.yaml"), *folder.glob("*.csv")))]
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in stats)


@lru_cache(FOLDERS_KEPT)
def shop_of(folder: Path, _: State) -> tuple[Shop, Library]:
    """The shop of a folder with its workflows, read once as long as its files stay as they are. Raises Broken."""
    return read_shop(folder), read_library(folder, Problems())


def with_workflow(shop: Shop, workflow: Workflow) -> Shop:
    """The shop with this workflow as that of all orders to come."""
    channels = {name: _following(use, workflow.name) for name, use in shop.channels.items()}
    return replace(
        shop, workflow=workflow.name, workflows=shop.workflows | {workflow.name: workflow}, channels=channels
    )


def _following(use: ChannelUse, workflow: str) -> ChannelUse:
    return replace(use, workflow=workflow)
