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

UNFILLED_MILLS = 100_000_000  # a thousand reais: nothing is left unfilled while there is any

Sku = tuple[str, int]  # a category and a band of weight


class Alike(NamedTuple):
    """What counts as the same: assumed, as the data do not say."""

    digits: int = 2  # sellers whose postcodes begin with the same ones are one location
    bands_g: tuple[int, ...] = (2_000,)  # goods of a category take each other's place up to these weights, and above

    def place(self, place: Place) -> str:
        """The location that a seller is part of."""
        return place.postcode[: self.digits]

    def sku(self, piece: Piece) -> Sku:
        """What a piece is interchangeable with."""
        return piece.category, int(np.searchsorted(self.bands_g, piece.weight_g))


USUAL = Alike()


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


def world(sales: Sequence[Sale], earlier: Sequence[Sale], alike: Alike = USUAL) -> World:
    """The network of these orders. The rate card is learned from earlier ones only."""
    rates = learned(earlier)
    places = middles((piece.seller for sale in sales for piece in sale.pieces), alike.place)
    targets = sorted({sale.customer for sale in sales})
    locations = {alike.place(place): number for number, place in enumerate(places)}
    destinations = {place: number for number, place in enumerate(targets)}
    weights = defaultdict(list)
    for sale in sales:
        for piece in sale.pieces:
            weights[alike.sku(piece)].append(piece.weight_g)
    skus = {sku: number for number, sku in enumerate(sorted(weights))}

    def sent_by(sale: Sale) -> Counter[tuple[int, int]]:
        return Counter((locations[alike.place(piece.seller)], skus[alike.sku(piece)]) for piece in sale.pieces)

    net = network(
        zone=zones(places, targets),
        stock=np.zeros((len(skus), len(places))),
        weight_g=[round(float(np.median(weights[sku]))) for sku in skus],
        unfilled=UNFILLED_MILLS,
        limits_g=LIMITS_G,
        rates=rates.table,
        beyond=rates.beyond,
    )
    orders = [_order(net, sale, sent_by(sale), destinations[sale.customer]) for sale in sales]
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


def _order(net: Network, sale: Sale, sent: Counter[tuple[int, int]], destination: int) -> Order:
    """What is wanted, and what was sent, by location and SKU: a parcel from each location that sent something."""
    wanted = demand(destination, [(sku, count) for (_, sku), count in sorted(sent.items())])
    froms = sorted({place for place, _ in sent})
    parcels = tuple([Parcel(place, tuple([sent[place, sku] for sku in wanted.skus])) for place in froms])
    plan = Plan(0, parcels, (0,) * len(wanted.skus))
    return Order(sale, wanted, plan._replace(cost_mills=plan_mills(net, wanted, plan)))
