"""The orders of some months as a network: what is a location, what is a SKU, and what lies where.

What is real and what is assumed stands in docs/reference/olist-backtest.md.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.olist.rates import LIMITS_G, Rates, distances_km, learned, zones
from bench.olist.sales import Piece, Place, Sale
from segue.planning.network import Demand, Network, Parcel, Plan, demand, network, plan_mills

LOCATION_DIGITS = 2  # sellers whose postcodes begin alike are one location
BANDS_G = (2_000,)  # up to these weights, goods of a category take each other's place
UNFILLED_MILLS = 100_000_000  # a thousand reais: nothing is left unfilled while there is any

Sku = tuple[str, int]  # a category and a band of weight


class Order(NamedTuple):
    """An order in numbers, and how it was really met."""

    sale: Sale
    wanted: Demand
    really: Plan


class World(NamedTuple):
    """Everything that routing knows. The stock of `net` is that of no month yet: `stock_of` says what lies where."""

    net: Network
    orders: list[Order]
    skus: dict[Sku, int]
    places: list[Place]  # [location]
    distance: NDArray[np.int32]  # [destination, location], km
    rates: Rates

    def stock_of(self, orders: Iterable[Order]) -> NDArray[np.int32]:
        """[SKU, location]: what was really sent for these orders from each place."""
        stock = np.zeros_like(self.net.stock)
        for order in orders:
            for parcel in order.really.parcels:
                stock[list(order.wanted.skus), parcel.location] += np.array(parcel.counts, np.int32)
        return stock


def sku_of(piece: Piece) -> Sku:
    """What a piece is interchangeable with."""
    return piece.category, int(np.searchsorted(BANDS_G, piece.weight_g))


def world(sales: Sequence[Sale], earlier: Sequence[Sale]) -> World:
    """The network of these orders. The rate card is learned from earlier ones only."""
    rates = learned(earlier)
    places = middles(
        (piece.seller for sale in sales for piece in sale.pieces), lambda place: place.postcode[:LOCATION_DIGITS]
    )
    targets = sorted({sale.customer for sale in sales})
    locations = {place.postcode[:LOCATION_DIGITS]: number for number, place in enumerate(places)}
    destinations = {place: number for number, place in enumerate(targets)}
    weights = defaultdict(list)
    for sale in sales:
        for piece in sale.pieces:
            weights[sku_of(piece)].append(piece.weight_g)
    skus = {sku: number for number, sku in enumerate(sorted(weights))}
    net = network(
        zone=zones(places, targets),
        stock=np.zeros((len(skus), len(places))),
        weight_g=[round(float(np.median(weights[sku]))) for sku in skus],
        unfilled=UNFILLED_MILLS,
        limits_g=LIMITS_G,
        rates=rates.table,
        beyond=rates.beyond,
    )
    orders = [_order(net, sale, skus, locations, destinations) for sale in sales]
    return World(net, orders, skus, places, np.rint(distances_km(places, targets)).astype(np.int32), rates)


def middles(places: Iterable[Place], key: Callable[[Place], str]) -> list[Place]:
    """One place for all that have the same key: the middle of them; those that come more often count more often."""
    alike = defaultdict(list)
    for place in places:
        alike[key(place)].append(place)
    return [
        Place(
            group[0].postcode,
            sum(place.latitude for place in group) / len(group),
            sum(place.longitude for place in group) / len(group),
        )
        for _, group in sorted(alike.items())
    ]


def _order(
    net: Network, sale: Sale, skus: dict[Sku, int], locations: dict[str, int], destinations: dict[Place, int]
) -> Order:
    """What is wanted, and what was sent: a parcel from each place that sent something."""
    sent = Counter((locations[piece.seller.postcode[:LOCATION_DIGITS]], skus[sku_of(piece)]) for piece in sale.pieces)
    wanted = demand(destinations[sale.customer], [(sku, count) for (_, sku), count in sorted(sent.items())])
    froms = sorted({place for place, _ in sent})
    parcels = tuple([Parcel(place, tuple([sent[place, sku] for sku in wanted.skus])) for place in froms])
    plan = Plan(0, parcels, (0,) * len(wanted.skus))
    return Order(sale, wanted, plan._replace(cost_mills=plan_mills(net, wanted, plan)))
