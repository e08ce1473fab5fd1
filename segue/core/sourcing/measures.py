"""Measures: how far a location is from an address, and how much of its day is taken. For policies and algorithms alike."""

from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

from segue.core.draft import Destination
from segue.core.facts import Facts, Location
from segue.core.lanes import charged, lanes
from segue.core.order import Order
from segue.core.rates import Rates
from segue.core.sourcing.goods import Offer

EARTH_RADIUS_KM = 6371.0
FAR_KM = 40_000.0  # where a place is not known, it is last


def distance_between(location: Location, there: Destination) -> float:
    """How far an address is from a location; FAR_KM if one of the places is not known."""
    if location.latitude is None or location.longitude is None or there.latitude is None or there.longitude is None:
        return FAR_KM
    return distance_km(location.latitude, location.longitude, there.latitude, there.longitude)


@lru_cache(maxsize=65_536)
def distance_km(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Great-circle distance by the haversine formula, in kilometers, on a sphere."""
    north, to_north = radians(latitude), radians(to_latitude)
    half_north = sin((to_north - north) / 2)
    half_east = sin(radians(to_longitude - longitude) / 2)
    chord = half_north**2 + cos(north) * cos(to_north) * half_east**2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, chord)))


def used_percent(location: Location, facts: Facts) -> float:
    """How much of what a location takes on today is taken: of orders, lines and units the scarcest. 0 without a limit."""
    most = location.capacity
    if most is None:
        return 0
    taken = facts.loads([location])[location.id]
    pairs = ((taken.orders, most.orders), (taken.lines, most.lines), (taken.units, most.units))
    return max([100 * used / limit if limit else 100.0 for used, limit in pairs if limit is not None], default=0)


def parcel_mills(offer: Offer, order: Order, facts: Facts, rates: Rates) -> int:
    """What an offer costs, sent in one parcel: the carrier's card and the handling. Mills."""
    items = facts.listed(frozenset(order.lines[number - 1].sku for number in offer.units))
    sizes = {
        sku: (item.weight_g or rates.weight_g, item.volume_cm3) if item else (rates.weight_g, 0)
        for sku, item in items.items()
    }
    parts = [(sizes[order.lines[number - 1].sku], count) for number, count in offer.units.items()]
    weight_g, volume_cm3 = (sum([size[i] * count for size, count in parts]) for i in (0, 1))
    ways = lanes(rates, order.ship_to, order.ship_method)
    way = ways[offer.location.id]
    return (
        charged(ways, way.origin, weight_g, volume_cm3).mills
        + way.parcel_mills
        + way.unit_mills * sum(offer.units.values())
    )
