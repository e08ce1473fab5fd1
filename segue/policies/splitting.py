"""Splitting: which plans may not be used, because they would send too many parcels."""

from segue.core.order import Order
from segue.core.policy import policy
from segue.core.sourcing import Plan


@policy("split", sees="goods")
def one_shipment(plan: Plan, order: Order) -> str | None:
    """All of it comes from one location at once, or all of it waits."""
    if plan.missing:
        return "no single location has all of it"
    return f"it would take {len(plan.parcels)} parcels" if len(plan.parcels) > 1 else None


@policy("split", sees="goods")
def shipments_at_most(plan: Plan, order: Order, *, count: int) -> str | None:
    """So many parcels at most; what would need more waits."""
    parcels = len(plan.parcels)
    return f"it would take {parcels} parcels, {count} at most" if parcels > count else None


@policy("split", sees="goods")
def parcels_of_order_at_most(plan: Plan, order: Order, *, count: int) -> str | None:
    """So many parcels at most of the whole order, those that were made before included."""
    before = sum(bool(fulfillment.units) for fulfillment in order.fulfillments.values())
    parcels = before + len(plan.parcels)
    return f"the order would take {parcels} parcels, {count} at most" if parcels > count else None


@policy("split", sees="goods")
def parcels_of_line_at_most(plan: Plan, order: Order, *, count: int) -> str | None:
    """So many parcels at most for the units of one line."""
    for line in order.lines:
        parcels = sum(line.number in parcel.units for parcel in plan.parcels)
        if parcels > count:
            return f"line {line.number} would take {parcels} parcels, {count} at most"
    return None


@policy("split", sees="goods")
def parcel_worth_at_least(plan: Plan, order: Order, *, part_minor: int) -> str | None:
    """Of a demand that is split each parcel has goods of so much, at list prices."""
    if len(plan.parcels) == 1 and not plan.missing:
        return None
    for parcel in plan.parcels:
        worth = _worth(order, parcel.units)
        if worth < part_minor:
            return f"{parcel.location.id} would send goods of {worth}, {part_minor} at least"
    return None


@policy("split", sees="goods")
def rest_worth_at_least(plan: Plan, order: Order, *, rest_minor: int) -> str | None:
    """What stays behind has goods of so much, at list prices, or nothing does: no parcel for a trifle later."""
    worth = _worth(order, plan.missing)
    return f"goods of {worth} would stay behind, {rest_minor} at least" if plan.missing and worth < rest_minor else None


def _worth(order: Order, units: dict[int, int]) -> int:
    return sum(order.lines[number - 1].price_minor * count for number, count in units.items())
