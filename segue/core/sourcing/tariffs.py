"""Tariffs: what each part of a demand costs from each location: what its parcels are charged, handling, and extras.

Locations in one zone with the same handling and the same extras have one tariff, which is worked out once.
"""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import json

from segue.core.base import NeedFacts, missing_of
from segue.core.exact import KEY, KEY_STRAINED, Tariff
from segue.core.facts import Facts, Location
from segue.core.lanes import Charged, Lane, Quotes, billed, charged, charged_mills, lanes
from segue.core.rates import RateRequest, Rates
from segue.core.sourcing.extras import NOTHING, Extra, Extras, Sums
from segue.core.sourcing.goods import Demand
from segue.core.sourcing.taking import Ask

ASKED_MAX = 400  # parcels of one order that carriers are asked about; where there are more, their cards count
TOO_MANY = "not asked, as there are too many parcels to ask about"


class Parts(NamedTuple):
    """The parts of a demand, by number."""

    units: Sequence[Demand]
    divided: Sequence[tuple[Demand, ...]]  # the parcels that a part travels in


class Bill(NamedTuple):
    """What a parcel costs, and why."""

    charged: Charged
    weight_g: int
    handling: int
    extras: Sums

    @property
    def total(self) -> int:
        """All together."""
        return self.charged.mills + self.handling + self.extras.total


class Tariffs:
    """The tariffs of a demand."""

    def __init__(self, ask: Ask, rates: Rates, parts: Parts) -> None:
        order, goods, facts = ask.order, ask.goods, ask.context.facts
        self.parts = parts
        self.strained = goods.strained
        self.lanes = lanes(rates, order.ship_to, order.ship_method)
        self.extras = Extras(order, goods.skus, rates, ask.context)
        items = facts.listed(frozenset(goods.skus.values()))
        self.grams = {
            n: (item.weight_g if (item := items[sku]) else 0) or rates.weight_g for n, sku in goods.skus.items()
        }
        self.volumes = {n: item.volume_cm3 if (item := items[sku]) else 0 for n, sku in goods.skus.items()}
        self.sizes = [tuple(self._size(units) for units in parcels) for parcels in parts.divided]
        self.is_plain = not self.strained and not self.extras.is_any
        self.parcels = [len(parcels) for parcels in parts.divided]
        self.counts = [sum(units.values()) for units in parts.units]
        self.quotes: Quotes = {}
        self.note = ""
        self.numbers: dict[tuple[int, int, Extra], int] = {}
        self.known: dict[int, Tariff] = {}  # by number
        self.by_card: dict[int, list[int]] = {}  # by number of the card: keys by part

    def _size(self, units: Demand) -> tuple[int, int]:
        """Weight and volume of a parcel."""
        grams, volumes = self.grams, self.volumes
        return (
            sum([grams[number] * count for number, count in units.items()]),
            sum([volumes[number] * count for number, count in units.items()]),
        )

    def ask_for(self, candidates: Sequence[Location], facts: Facts) -> None:
        """Ask carriers for what parcels cost from these locations, where they are to be asked. Raises NeedFacts."""
        if not any(carrier.is_asked for carrier in self.lanes.carriers):
            return
        wanted = frozenset(key for each in candidates for key in self._requests(self.lanes[each.id]))
        if len(wanted) > ASKED_MAX:
            self.note = TOO_MANY
        elif missing := missing_of(wanted, facts.quotes):
            raise NeedFacts("rate", missing)
        else:
            self.quotes = {key: facts.quotes[key] for key in wanted}

    def _requests(self, way: Lane) -> set[str]:
        return {
            self.lanes.request(service, way.origin, billed(service, *size))
            for service in way.services
            if service.is_asked
            for sizes in self.sizes
            for size in sizes
        }

    def notes(self) -> dict[str, str]:
        """Of the carriers that should have said what parcels cost, and did not, why their cards count."""
        if self.note:
            return {carrier.name: self.note for carrier in self.lanes.carriers if carrier.is_asked}
        silent = {key: answer.silent for key, answer in sorted(self.quotes.items()) if answer.silent}
        return {json.decode(key, type=RateRequest).carrier: why for key, why in silent.items()}

    def number(self, location: str) -> int:
        """The number of a location's tariff: the same for locations with the same tariff."""
        if self.is_plain:
            return self.lanes[location].number
        key = (self.lanes[location].number, self.strained.get(location, 0), self.extras[location])
        return self.numbers.setdefault(key, len(self.numbers))

    def numbers_of(self, locations: Sequence[str]) -> list[int]:
        """The numbers of the tariffs of some locations."""
        if self.is_plain:
            ways = self.lanes
            return [ways[location].number for location in locations]
        return [self.number(location) for location in locations]

    def of(self, location: str) -> Tariff:
        """What each part costs from this location."""
        number = self.number(location)
        if number not in self.known:
            self.known[number] = Tariff(tuple(self._keys(location)))
        return self.known[number]

    def _keys(self, location: str) -> list[int]:
        way, extra = self.lanes[location], self.extras[location]
        if way.card_number not in self.by_card:
            self.by_card[way.card_number] = [self._rate_key(location, sizes) for sizes in self.sizes]
        rates = self.by_card[way.card_number]
        parcel, unit = way.parcel_mills * KEY, way.unit_mills * KEY + self.strained.get(location, 0) * KEY_STRAINED
        keys = [
            rate + parcel * each + unit * count
            for rate, each, count in zip(rates, self.parcels, self.counts, strict=True)
        ]
        if extra is NOTHING:
            return keys
        sums = [sum(self.extras.sums(location, units).total for units in each) for each in self.parts.divided]
        return [key + more * KEY for key, more in zip(keys, sums, strict=True)]

    def _rate_key(self, location: str, sizes: tuple[tuple[int, int], ...]) -> int:
        mills = [charged_mills(self.lanes, location, *size, self.quotes) for size in sizes]
        return sum(mills) * KEY + len(sizes)

    def bill(self, location: str, units: Demand) -> Bill:
        """What a parcel costs."""
        way, size = self.lanes[location], self._size(units)
        handling = way.parcel_mills + way.unit_mills * sum(units.values())
        found = charged(self.lanes, location, *size, self.quotes)
        return Bill(found, size[0], handling, self.extras.sums(location, units))
