"""Stock effects: what a location's word about units that it will not ship says of its stock. The workflow tells by reason.

Whatever it says, the units need another location, so that their demand stays.
"""

from typing import Any

from segue.core.bundle_units import beside, packed_units, without
from segue.core.context import Context
from segue.core.order import Fulfillment, Order
from segue.core.supply import KeptApart
from segue.core.tally import Units, size

UNCHANGED, GONE, DAMAGED, QUARANTINED, NONE_LEFT = "unchanged", "gone", "damaged", "quarantined", "none_left"
STOCK_EFFECTS = {
    UNCHANGED: "the units are there, and free for others",
    GONE: "the units are not there: on hand and available are less by them",
    DAMAGED: "the units are there and cannot be sold: available is less by them",
    QUARANTINED: "the units are there, and are kept until somebody has looked at them: available is less by them",
    NONE_LEFT: "nothing is there but what other orders have: available is 0, and so is what is on hand beyond those",
}


def said_of_stock(
    order: Order, fulfillment: Fulfillment, units: dict[int, Units], reason: str, usual: str, context: Context
) -> dict[str, Any]:
    """What an event says of the effect: nothing if it is the usual one; where nothing is left also what goes with it.

    And what of the same bundles goes back with the units.
    """
    others = beside(order, fulfillment, units)
    said: dict[str, Any] = {"beside": others} if others else {}
    effect = context.workflow.stock_effects.get(reason, usual)
    if effect == usual:
        return said
    if effect != NONE_LEFT:
        return {"effect": effect} | said
    loose = without(units, packed_units(order, fulfillment)) if fulfillment.packed else units
    return {"effect": effect, "cleared": _cleared(order, fulfillment.location, loose, context)} | said


def _cleared(order: Order, location: str, units: dict[int, Units], context: Context) -> dict[int, int]:
    """How many units more are not there, by the first line of each SKU."""
    first: dict[str, int] = {}
    own: dict[str, int] = {}
    for number, ranges in units.items():
        sku = order.lines[number - 1].sku
        first.setdefault(sku, number)
        own[sku] = own.get(sku, 0) + size(ranges)
    skus = frozenset(first)
    free, apart = context.facts.free(skus), context.facts.kept_apart(skus)
    cleared = {}
    for sku, number in first.items():
        kept, held, _ = apart[sku].get(location, KeptApart())
        more = max(free[sku].get(location, 0), 0) + (kept if held <= own[sku] else 0)
        if more:
            cleared[number] = more
    return cleared
