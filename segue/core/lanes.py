"""Lanes: what a parcel costs on its way from one location to one destination. All of it in mills.

A mill is a thousandth of a minor unit, so that costs are whole numbers that everybody adds up to the same sum.
"""

from bisect import bisect_left
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from msgspec import json

from segue.core.draft import Destination
from segue.core.rates import ANY, Card, Carrier, Handling, RateAnswer, RateRequest, Rates

MILLS = 1000  # of a minor unit
GRAMS_OF_STEP = 1000  # above the last weight of a card each started kilogram costs the same
GRAMS_ASKED = 100  # carriers are asked of whole steps, so that parcels of almost one weight are asked of once
BASIS_POINTS = 10_000
KNOWN_MAX = 4_096  # destinations that are remembered

Quotes = Mapping[str, RateAnswer]  # what carriers have said, by request, encoded
NO_QUOTES: Quotes = {}


class Service(NamedTuple):
    """What one carrier offers on a lane."""

    carrier: str
    zone: str  # "": in none of its own
    card: Card | None  # none: only the carrier knows what it costs
    fuel_bp: int
    dimensional_cm3: int
    is_asked: bool


class Lane(NamedTuple):
    """The way from one location to one destination by one method: who takes parcels, and what handling costs there."""

    origin: str
    services: tuple[Service, ...]  # none: the fallback only
    fallback: Card
    parcel_mills: int
    unit_mills: int
    number: int  # lanes to one destination that cost the same have the same number
    card_number: int  # and those whose parcels cost the same, but for handling, this one


class Lanes(dict[str, Lane]):
    """All lanes to one destination by one method, by origin; each is found out when it is first asked for."""

    def __init__(self, rates: Rates, destination: Destination, method: str) -> None:
        super().__init__()
        self.rates = rates
        self.destination = destination
        own = Carrier("", rates.methods, {}, rates.fuel_bp, rates.dimensional_cm3)
        self.carriers = (own, *rates.carriers)
        named = [name for carrier in self.carriers for name in carrier.methods]
        self.method = method or (named[0] if named else "")  # an order that has no method yet is reckoned by the first
        self.numbers: dict[tuple[int, int, int], int] = {}
        self.card_numbers: dict[tuple[str, ...], int] = {}

    def __missing__(self, origin: str) -> Lane:
        rates = self.rates
        costs = rates.handling.get(origin) or rates.handling.get(ANY) or Handling()
        parcel, unit = costs.parcel_minor * MILLS, costs.unit_minor * MILLS
        services = tuple(found for carrier in self.carriers if (found := self._service(carrier, origin)) is not None)
        is_asked = any(service.is_asked for service in services)
        cards = (*(f"{each.carrier}|{each.zone}" for each in services), origin if is_asked else "")
        card_number = self.card_numbers.setdefault(cards, len(self.card_numbers))
        number = self.numbers.setdefault((card_number, parcel, unit), len(self.numbers))
        self[origin] = Lane(origin, services, rates.fallback, parcel, unit, number, card_number)
        return self[origin]

    def _service(self, carrier: Carrier, origin: str) -> Service | None:
        """What a carrier offers from there; None if it does nothing for this destination and method."""
        zone = self.zone(carrier, origin)
        card = carrier.methods.get(self.method, {}).get(zone)
        if card is None and not carrier.is_asked:
            return None
        return Service(carrier.name, zone, card, carrier.fuel_bp, carrier.dimensional_cm3, carrier.is_asked)

    def zone(self, carrier: Carrier, origin: str) -> str:
        """The zone that a carrier has the destination in, seen from there; "": in none."""
        tables, to = carrier.zones or self.rates.zones, self.destination
        return zone_of(tables.get(origin, {}), to) or zone_of(tables.get(ANY, {}), to)

    def request(self, service: Service, origin: str, billed_g: int) -> str:
        """What a carrier is asked for a parcel, as quotes are kept by it."""
        to, weight_g = self.destination, -(-billed_g // GRAMS_ASKED) * GRAMS_ASKED
        asked = RateRequest(service.carrier, self.method, origin, to.country, to.region, to.postcode_area, weight_g)
        return json.encode(asked).decode()


class Charged(NamedTuple):
    """What a parcel is charged, by which weight and whose card."""

    mills: int
    billed_g: int  # the step of the card
    is_fallback: bool = False
    carrier: str = ""
    zone: str = ""
    is_asked: bool = False  # the carrier itself has said so


@lru_cache(maxsize=KNOWN_MAX)
def _lanes(rates: Rates, country: str, region: str, area: str, method: str) -> Lanes:
    return Lanes(rates, Destination(country, region, postcode_area=area), method)


def lanes(rates: Rates, to: Destination, method: str) -> Lanes:
    """The lanes to a destination."""
    return _lanes(rates, to.country, to.region, to.postcode_area, method)


def zone_of(table: Mapping[str, str], to: Destination) -> str:
    """The zone of a destination: the longest beginning of its postcode wins, then its region, then its country."""
    for length in range(len(to.postcode_area), 0, -1):
        if zone := table.get(f"{to.country} {to.postcode_area[:length]}"):
            return zone
    return table.get(f"{to.country}-{to.region}", "") or table.get(to.country, "")


def charged(ways: Lanes, origin: str, weight_g: int, volume_cm3: int = 0, quotes: Quotes = NO_QUOTES) -> Charged:
    """What a parcel costs from there without handling: by the cheapest carrier that takes it, the first of equals."""
    way, best = ways[origin], None
    for service in way.services:
        billed_g = billed(service, weight_g, volume_cm3)
        answer = quotes.get(ways.request(service, origin, billed_g)) if service.is_asked else None
        found = by_service(service, billed_g, answer)
        if found is not None and (best is None or found.mills < best.mills):
            best = found
    if best is not None:
        return best
    found = _by_card(way.fallback, weight_g, 0)
    assert found is not None, "the fallback takes any weight"
    return found._replace(is_fallback=True)


def charged_mills(ways: Lanes, origin: str, weight_g: int, volume_cm3: int, quotes: Quotes) -> int:
    """The money of `charged`; of a lane with one card it is looked up at once."""
    services = ways[origin].services
    if len(services) == 1 and (card := services[0].card) is not None and not services[0].is_asked:
        service = services[0]
        index = bisect_left(card.steps, (billed(service, weight_g, volume_cm3),))
        if index < len(card.steps):
            return _with_fuel(card.steps[index][1] * MILLS, service.fuel_bp)
    return charged(ways, origin, weight_g, volume_cm3, quotes).mills


def billed(service: Service, weight_g: int, volume_cm3: int) -> int:
    """What a parcel weighs for a carrier: as much as it does, or as its volume is billed."""
    if not service.dimensional_cm3:
        return weight_g
    return max(weight_g, -(-volume_cm3 * 1000 // service.dimensional_cm3))


def by_service(service: Service, billed_g: int, answer: RateAnswer | None) -> Charged | None:
    """What a carrier takes for a parcel: what it answers, else what its card says. None: it does not take it."""
    if answer is not None and not answer.silent:
        if answer.price_minor is None:
            return None
        return Charged(answer.price_minor * MILLS, billed_g, False, service.carrier, service.zone, True)
    found = _by_card(service.card, billed_g, service.fuel_bp) if service.card is not None else None
    return found._replace(carrier=service.carrier, zone=service.zone) if found is not None else None


def _by_card(card: Card, weight_g: int, fuel_bp: int) -> Charged | None:
    index = bisect_left(card.steps, (weight_g,))
    if index < len(card.steps):
        billed_g, minor = card.steps[index]
    elif card.beyond_minor is None:
        return None
    else:
        last_g, minor = card.steps[-1]
        over = -(-(weight_g - last_g) // GRAMS_OF_STEP)
        billed_g, minor = last_g + over * GRAMS_OF_STEP, minor + over * card.beyond_minor
    return Charged(_with_fuel(minor * MILLS, fuel_bp), billed_g)


def _with_fuel(mills: int, fuel_bp: int) -> int:
    return mills + (mills * fuel_bp + BASIS_POINTS // 2) // BASIS_POINTS if fuel_bp else mills
