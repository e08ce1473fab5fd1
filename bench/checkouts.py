"""Checkouts to measure with: a shop of two places whose orders ask for stock as soon as they are placed."""

from segue.core.allocate import Allocate
from segue.core.base import Command
from segue.core.draft import Destination, Draft, DraftLine
from segue.core.facts import Location
from segue.core.intake import PlaceOrder
from segue.core.workflow import Reaction, Workflow
from segue.engine.outcomes import Request
from segue.engine.rules import Rules

NOW_S = 1_790_000_000
PLACES = ("BER", "MUC")
FLOW = Workflow("bare", "bare@1", reactions={"order_placed": (Reaction("on.order_placed.1", Allocate()),)})
PLACED_ONLY = Workflow("placed", "placed@1")


def rules(flow: Workflow = FLOW) -> Rules:
    """What the shop decides by."""
    locations = {name: Location(name) for name in PLACES}
    return Rules("bench", {flow.name: flow}, {}, flow.name, lambda text: flow, locations)


def draft(key: str, units: dict[str, int], channel: str = "web", cart: str = "") -> Draft:
    """An order, or a cart, of so many units of each SKU."""
    lines = tuple(DraftLine(sku, count, 0) for sku, count in units.items())
    return Draft(channel, key, NOW_S, "EUR", lines, 0, ship_to=Destination("DE"), cart=cart)


def placing(key: str, units: dict[str, int], channel: str = "web", cart: str = "") -> Request:
    """The order is placed."""
    return Request(key, PlaceOrder(key, draft(key, units, channel, cart)), "buyer")


def asking(key: str, command: Command) -> Request:
    """Something is asked of an order."""
    return Request(key, command, "bench")
