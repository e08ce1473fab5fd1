"""Splitting: which plans may not be used, because they would send too many parcels."""

from segue.core.order import Order
from segue.core.policy import policy
from segue.core.sourcing import Plan


@policy("split")
def one_shipment(plan: Plan, order: Order) -> str | None:
    """All of it comes from one location at once, or all of it waits."""
    if plan.missing:
        return "no single location has all of it"
    return f"it would take {len(plan.parcels)} parcels" if len(plan.parcels) > 1 else None


@policy("split")
def shipments_at_most(plan: Plan, order: Order, *, count: int) -> str | None:
    """So many parcels at most; what would need more waits."""
    parcels = len(plan.parcels)
    return f"it would take {parcels} parcels, {count} at most" if parcels > count else None
