"""Rates: what it costs to send a parcel, and to handle it, by where it comes from and where it goes. All of it in mills.

A mill is a thousandth of a minor unit, so that costs are whole numbers that everybody adds up to the same sum.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from segue.core.base import Value
from segue.core.draft import Destination

MILLS = 1000  # of a minor unit
GRAMS_OF_STEP = 1000  # above the last weight of a card each started kilogram costs the same
ANY = "*"  # origins that have no line of their own
UNFILLED_MINOR = (
    1_000_000  # what a unit costs that nobody sends, if the shop says nothing: more than sending it ever does
)
KNOWN_MAX = 4_096  # destinations that are remembered


class Card(Value):
    """What a parcel costs in one zone, by its weight: the first step that it does not exceed is its billed weight."""

    steps: tuple[tuple[int, int], ...]  # (up to so many grams, minor units), rising
    beyond_minor: int | None = None  # for each started kilogram above the last step; None: such a parcel is not taken


class Handling(Value):
    """What it costs a location to pick and pack."""

    parcel_minor: int = 0
    unit_minor: int = 0


class Rates(Value, frozen=True, eq=False):
    """The rate cards of a shop. It is told apart by being itself, so that what was worked out of it can be remembered."""

    fallback: Card  # where no card says what a parcel costs; it takes any weight
    zones: dict[str, dict[str, str]] = {}  # origin or `*` -> destination (`DE`, `US-NY`, `US 941`) -> zone
    methods: dict[str, dict[str, Card]] = {}  # shipping method -> zone -> card
    handling: dict[str, Handling] = {}  # location or `*` -> what it costs there
    unfilled_minor: int = UNFILLED_MINOR
    weight_g: int = 0  # of goods of which the catalog says none


class Lane(NamedTuple):
    """The way from one location to one destination by one method: its zone and its cards, and what handling costs there."""

    zone: str  # "": in none
    card: Card | None  # none: the fallback only
    fallback: Card
    parcel_mills: int
    unit_mills: int
    number: int = 0  # lanes to one destination that cost the same have the same number


class Lanes(dict[str, Lane]):
    """All lanes to one destination by one method, by origin; each is found out when it is first asked for."""

    def __init__(self, rates: Rates, destination: Destination, method: str) -> None:
        super().__init__()
        self.rates = rates
        self.destination = destination
        self.method = method or next(
            iter(rates.methods), ""
        )  # an order that has no method yet is reckoned by the first
        self.numbers: dict[tuple[str, int, int], int] = {}

    def __missing__(self, origin: str) -> Lane:
        rates, numbers = self.rates, self.numbers
        zone = zone_of(rates.zones.get(origin, {}), self.destination) or zone_of(
            rates.zones.get(ANY, {}), self.destination
        )
        costs = rates.handling.get(origin) or rates.handling.get(ANY) or Handling()
        parcel, unit = costs.parcel_minor * MILLS, costs.unit_minor * MILLS
        card = rates.methods.get(self.method, {}).get(zone)
        number = numbers.setdefault((zone, parcel, unit), len(numbers))
        self[origin] = Lane(zone, card, rates.fallback, parcel, unit, number)
        return self[origin]


class Charged(NamedTuple):
    """What a parcel is charged, and by which weight."""

    mills: int
    billed_g: int  # the step of the card
    is_fallback: bool = False


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


def charged(way: Lane, weight_g: int) -> Charged:
    """What a parcel of this weight costs on this lane, without handling."""
    if way.card is not None and (found := _by_card(way.card, weight_g)) is not None:
        return found
    found = _by_card(way.fallback, weight_g)
    assert found is not None, "the fallback takes any weight"
    return found._replace(is_fallback=True)


def _by_card(card: Card, weight_g: int) -> Charged | None:
    for limit_g, minor in card.steps:
        if weight_g <= limit_g:
            return Charged(minor * MILLS, limit_g)
    if card.beyond_minor is None:
        return None
    last_g, minor = card.steps[-1]
    over = -(-(weight_g - last_g) // GRAMS_OF_STEP)
    return Charged((minor + over * card.beyond_minor) * MILLS, last_g + over * GRAMS_OF_STEP)
