"""Routing: in what order locations are asked. Each ranking is a number, the lower the earlier; ties go to the next one."""

from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

from segue.core.facts import Facts
from segue.core.order import Order
from segue.core.policy import policy
from segue.core.sourcing import Offer

EARTH_RADIUS_KM = 6371.0
FAR_KM = 40_000.0  # where a place is not known, it is last


@policy("rank")
def closest(offer: Offer, order: Order, facts: Facts) -> float:
    """The nearest location goes first."""
    here, there = offer.location, order.ship_to
    if here.latitude is None or here.longitude is None or there.latitude is None or there.longitude is None:
        return FAR_KM
    return distance_km(here.latitude, here.longitude, there.latitude, there.longitude)


@policy("rank")
def warehouse_first(offer: Offer, order: Order, facts: Facts) -> float:
    """Warehouses go before stores."""
    return 0 if offer.location.kind == "warehouse" else 1


@policy("rank")
def store_first(offer: Offer, order: Order, facts: Facts) -> float:
    """Stores go before warehouses."""
    return 0 if offer.location.kind == "store" else 1


@policy("rank")
def ship_complete(offer: Offer, order: Order, facts: Facts) -> float:
    """A location that has all of it goes first."""
    return 0 if offer.complete else 1


@policy("rank")
def fewest_shipments(offer: Offer, order: Order, facts: Facts) -> float:
    """The location that has most of it goes first, so that few others are needed."""
    return -sum(offer.units.values())


@policy("rank")
def most_stock(offer: Offer, order: Order, facts: Facts) -> float:
    """The location with most of these SKUs on the shelf goes first."""
    skus = frozenset(order.lines[number - 1].sku for number in offer.units)
    return -sum(held.get(offer.location.id, 0) for held in facts.free(skus, order.channel).values())


@lru_cache(maxsize=65_536)
def distance_km(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Great-circle distance by the haversine formula, in kilometers, on a sphere."""
    north, to_north = radians(latitude), radians(to_latitude)
    half_north = sin((to_north - north) / 2)
    half_east = sin(radians(to_longitude - longitude) / 2)
    chord = half_north**2 + cos(north) * cos(to_north) * half_east**2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, chord)))
