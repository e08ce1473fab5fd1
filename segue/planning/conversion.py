"""A shop as a network: its locations, rates, stock and the wishes of its orders become arrays, and plans become words again.

    found = converted(rates, stock={"MUG": {"BERLIN": 3}}, weights={"MUG": 400}, wishes=[wish])
    plan = best_plan(found.net, found.orders[0])
    in_words(found, 0, plan)                      # (("BERLIN", {"MUG": 1}),)

Every parcel costs what the core says: each kind of lane is a zone of its own, with the steps of its card and its fallback.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from segue.core.draft import Destination
from segue.core.lanes import GRAMS_OF_STEP, MILLS, Lanes, charged, lanes
from segue.core.rates import ANY, Card, Rates
from segue.core.waves import Wish
from segue.planning.network import NO_ZONE, Demand, Ints, Network, Plan, demand, network

UNLIMITED = 1 << 30  # parcels
Figures = Mapping[str, Mapping[str, int]]  # SKU -> location -> figure
Kind = tuple[tuple[tuple[int, int], ...], int]  # the card and the fuel of each carrier; what a parcel costs more
Where = tuple[
    str, str, str, str, tuple[str, ...], tuple[tuple[str, int], ...]
]  # all that makes a destination another one


class TooVaried(Exception):
    """More kinds of lanes than a network can tell apart, or others than it knows: these orders are planned one by one."""


class Converted(NamedTuple):
    """A network, the demands of its orders, and whom the numbers stand for."""

    net: Network
    orders: list[Demand]
    places: tuple[str, ...]  # ids in their order, which decides ties
    skus: tuple[str, ...]


def converted(
    rates: Rates, *, stock: Figures, weights: Mapping[str, int], wishes: Sequence[Wish], prices: Figures | None = None
) -> Converted:
    """The network of some wishes. `stock` is what is free to promise; `weights` are grams a unit, 0 if the catalog has none.

    `prices` are mills that a unit is worth at a location, to which the rates' markdowns come. Raises TooVaried.
    """
    if any(carrier.is_asked or carrier.dimensional_cm3 for carrier in rates.carriers) or rates.dimensional_cm3:
        raise TooVaried("carriers that are asked, or that bill what parcels measure")
    skus = tuple(sorted({sku for wish in wishes for sku in wish.units}))
    places = tuple(sorted({place for sku in skus for place, units in stock.get(sku, {}).items() if units > 0}))
    grams = [weights.get(sku, 0) or rates.weight_g for sku in skus]
    numbers = {sku: number for number, sku in enumerate(skus)}
    zones = _Zones(rates, places)
    orders = [
        demand(zones.destination(wish), [(numbers[sku], count) for sku, count in wish.units.items()]) for wish in wishes
    ]
    limits, table = zones.table(_heaviest(orders, grams))
    handling = [(way.parcel_mills, way.unit_mills) for way in map(zones.any_lane().__getitem__, places)]
    net = network(
        zone=np.array(zones.rows, np.uint8).reshape(len(zones.rows), len(places)),
        stock=np.maximum(_array(stock, skus, places), 0),
        price=_prices(rates, prices or {}, skus, places),
        weight_g=grams,
        unfilled=rates.unfilled_minor * MILLS,
        limits_g=limits,
        rates=table,
        handling=np.array(handling, np.int64).reshape(len(places), 2),
    )
    return Converted(net, orders, places, skus)


def in_words(made: Converted, number: int, plan: Plan) -> tuple[tuple[str, dict[str, int]], ...]:
    """The parcels of an order's plan: from where, and how many of each SKU."""
    skus = [made.skus[sku] for sku in made.orders[number].skus]
    return tuple(
        (made.places[place], {sku: count for sku, count in zip(skus, counts, strict=True) if count})
        for place, counts in plan.parcels
    )


def parcels_of(made: Converted, capacity: Mapping[str, int]) -> Ints | None:
    """How many parcels each location can send, in the network's order; None if none of its locations is limited."""
    if not capacity.keys() & set(made.places):
        return None
    return np.array([capacity.get(place, UNLIMITED) for place in made.places], np.int64)


class _Zones:
    """The destinations that some orders go to, and the kinds of lanes that lead there."""

    def __init__(self, rates: Rates, places: tuple[str, ...]) -> None:
        self.rates, self.places = rates, places
        self.rows: list[list[int]] = []  # by destination: the zone of each location
        self.known: dict[Where, int] = {}
        self.kinds: dict[Kind, int] = {}
        self.samples: list[tuple[Lanes, str, int]] = []  # by zone: a lane of it, and what its parcels cost more

    def destination(self, wish: Wish) -> int:
        """The number of a wish's destination: the same for those that differ in nothing that costs."""
        to = wish.to
        late = tuple(sorted(wish.late_mills.items()))
        where = (to.country, to.region, to.postcode_area, wish.method, tuple(sorted(wish.barred)), late)
        if where not in self.known:
            self.known[where] = len(self.rows)
            ways, barred = lanes(self.rates, to, wish.method), set(wish.barred)
            self.rows.append(
                [
                    NO_ZONE if place in barred else self._zone(ways, place, wish.late_mills.get(place, 0))
                    for place in self.places
                ]
            )
        return self.known[where]

    def any_lane(self) -> Lanes:
        """Lanes to anywhere: handling is the same on all of them."""
        return lanes(self.rates, Destination(), "")

    def _zone(self, ways: Lanes, place: str, more: int) -> int:
        kind = (tuple((id(each.card), each.fuel_bp) for each in ways[place].services), more)
        if kind not in self.kinds:
            if len(self.kinds) == NO_ZONE:
                raise TooVaried(f"more than {NO_ZONE} kinds of lanes")
            self.kinds[kind] = len(self.kinds)
            self.samples.append((ways, place, more))
        return self.kinds[kind]

    def table(self, heaviest_g: int) -> tuple[list[int], list[list[int]]]:
        """The weights at which some rate changes, up to the heaviest parcel; and what each zone costs at each of them."""
        limits = {heaviest_g} | _steps(self.rates.fallback, heaviest_g)
        for ways, place, _ in self.samples:
            for service in ways[place].services:
                limits |= _steps(service.card, heaviest_g) if service.card is not None else set()
        rising = sorted(limits)
        if not self.samples:
            return rising, [[0] * len(rising)]
        return rising, [
            [charged(ways, place, limit).mills + more for limit in rising] for ways, place, more in self.samples
        ]


def _steps(card: Card, heaviest_g: int) -> set[int]:
    """The weights below the heaviest up to which a card's steps go."""
    found = {limit for limit, _ in card.steps if limit < heaviest_g}
    if card.beyond_minor is not None:
        found |= set(range(card.steps[-1][0] + GRAMS_OF_STEP, heaviest_g, GRAMS_OF_STEP))
    return found


def _heaviest(orders: Sequence[Demand], grams: Sequence[int]) -> int:
    weights = [sum(count * grams[sku] for sku, count in zip(order.skus, order.counts, strict=True)) for order in orders]
    return max([1, *weights])


def _array(figures: Figures, skus: Sequence[str], places: Sequence[str]) -> Ints:
    made = np.zeros((len(skus), len(places)), np.int64)
    columns = {place: number for number, place in enumerate(places)}
    for row, sku in enumerate(skus):
        for place, figure in figures.get(sku, {}).items():
            if place in columns:
                made[row, columns[place]] = figure
    return made


def _prices(rates: Rates, prices: Figures, skus: Sequence[str], places: Sequence[str]) -> Ints:
    """What a unit is worth where it lies, less what it loses in value if it stays there."""
    made = _array(prices, skus, places)
    for column, place in enumerate(places):
        if losses := rates.markdown.get(place) or rates.markdown.get(ANY):
            made[:, column] -= np.array([losses.get(sku, losses.get(ANY, 0)) * MILLS for sku in skus])
    return made if made.any() else np.zeros(len(places), np.int64)
