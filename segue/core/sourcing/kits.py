"""Kits: what the bundles of an order say of where its lines may come from, in the words of sourcing."""

from collections.abc import Iterable

from msgspec.structs import replace

from segue.core.bundle_units import ONE_PLACE, held_whole
from segue.core.order import Order
from segue.core.sourcing.goods import Goods


def with_kits(order: Order, goods: Goods, locations: Iterable[str]) -> Goods:
    """The goods with the bundles whose parts come from one location or in one parcel, and with where parts are housed."""
    kits = [bundle.parts for _, bundle in held_whole(order, ONE_PLACE) if bundle.parts.keys() <= goods.wanted.keys()]
    in_one = [
        bundle.parts
        for bundle in order.bundles.values()
        if bundle.rules.ship == "together" and bundle.parts.keys() <= goods.wanted.keys()
    ]
    barred = {
        (number, place): f"{bundle.sku} is housed at {', '.join(bundle.rules.housed)}"
        for bundle in order.bundles.values()
        if bundle.rules.housed
        for number in bundle.parts.keys() & goods.wanted.keys()
        for place in locations
        if place not in bundle.rules.housed
    }
    return replace(goods, kits=tuple(kits), in_one=tuple(in_one), barred=goods.barred | barred)
