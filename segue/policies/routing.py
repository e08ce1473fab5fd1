"""Routing: in what order locations are asked. Each ranking is a number, the lower the earlier; ties go to the next one.

A ranking with a band makes ties on purpose: what lies in one band is alike, and the next ranking decides.
"""

from segue.core.facts import Facts
from segue.core.lanes import MILLS
from segue.core.order import Order
from segue.core.policy import policy
from segue.core.sourcing import FAR_KM, Offer, distance_km, parcel_mills, used_percent

WEEKS_MAX = 5_000.0  # of goods that never sell


@policy("rank", sees="nearness")
def closest(offer: Offer, order: Order, facts: Facts, *, band_km: float = 0) -> float:
    """The nearest location goes first; with a band those of one stretch of so many kilometers are equally near."""
    here, there = offer.location, order.ship_to
    if here.latitude is None or here.longitude is None or there.latitude is None or there.longitude is None:
        return FAR_KM
    away_km = distance_km(here.latitude, here.longitude, there.latitude, there.longitude)
    return away_km // band_km * band_km if band_km else away_km


@policy("rank", sees="goods")
def warehouse_first(offer: Offer, order: Order, facts: Facts) -> float:
    """Warehouses go before stores."""
    return 0 if offer.location.kind == "warehouse" else 1


@policy("rank", sees="goods")
def store_first(offer: Offer, order: Order, facts: Facts) -> float:
    """Stores go before warehouses."""
    return 0 if offer.location.kind == "store" else 1


@policy("rank", whole_first=True, sees="goods")
def ship_complete(offer: Offer, order: Order, facts: Facts) -> float:
    """A location that has all of it goes first."""
    return 0 if offer.complete else 1


@policy("rank", whole_first=True, sees="goods")
def fewest_shipments(offer: Offer, order: Order, facts: Facts) -> float:
    """The location that has most of it goes first, so that few others are needed."""
    return -sum(offer.units.values())


@policy("rank")
def most_stock(offer: Offer, order: Order, facts: Facts, *, band_units: int = 0) -> float:
    """The location with most of these SKUs on the shelf goes first; with a band so many more are no better."""
    skus = frozenset(order.lines[number - 1].sku for number in offer.units)
    held = sum(each.get(offer.location.id, 0) for each in facts.free(skus, order.channel).values())
    return -(held // band_units * band_units) if band_units else -held


@policy("rank", sees="goods")
def least_loaded(offer: Offer, order: Order, facts: Facts, *, band_percent: float = 0) -> float:
    """The location of whose day the least is taken goes first; one that takes on any number is never loaded."""
    used = used_percent(offer.location, facts)
    return used // band_percent * band_percent if band_percent else used


@policy("rank", sees="place")
def cheapest(offer: Offer, order: Order, facts: Facts, *, band_minor: int = 0) -> float:
    """The location whose parcel costs least a unit, by rates.yaml, goes first; with a band so much more is no dearer."""
    rates = facts.price_list.rates
    if rates is None:
        return 0
    mills = parcel_mills(offer, order, facts, rates)
    units, band = sum(offer.units.values()), band_minor * MILLS
    return mills / units // band * band if band else mills / units


@policy("rank")
def overstock_first(offer: Offer, order: Order, facts: Facts, *, over_units: int) -> float:
    """Locations that have more than so many units of each of these SKUs go first."""
    skus = frozenset(order.lines[number - 1].sku for number in offer.units)
    free = facts.free(skus, order.channel)
    return 0 if all(held.get(offer.location.id, 0) > over_units for held in free.values()) else 1


@policy("rank", sees="goods")
def markdown_first(offer: Offer, order: Order, facts: Facts) -> float:
    """Where goods with one of these tags are marked down (`marked_down` in locations.yaml), they go first."""
    items = facts.listed(frozenset(order.lines[number - 1].sku for number in offer.units))
    tags = {tag for item in items.values() if item for tag in item.tags}
    return 1 if tags.isdisjoint(offer.location.marked_down) else 0


@policy("rank")
def weeks_of_supply(offer: Offer, order: Order, facts: Facts, *, band_weeks: float = 0) -> float:
    """Where the scarcest of these SKUs lasts longest goes first (`weekly_units` in the catalog); what never sells lasts."""
    skus = frozenset(order.lines[number - 1].sku for number in offer.units)
    items, free = facts.listed(skus), facts.free(skus, order.channel)
    weeks = [
        free[sku].get(offer.location.id, 0) / item.weekly_units
        for sku, item in items.items()
        if item and item.weekly_units
    ]
    least = min(weeks, default=WEEKS_MAX)
    return -(least // band_weeks * band_weeks) if band_weeks else -least
