"""Looking ahead: what units are worth where they lie is worked out from what was sold lately and what is there to be sold.

What went somewhere in the last weeks is expected to go there again. It is done in the background: orders read what is kept.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple, cast

from segue.core.calendar import DAY_S
from segue.core.draft import Destination
from segue.core.facts import Stock
from segue.core.opportunity import Prices
from segue.core.supply import Inbound
from segue.engine.rules import Rules
from segue.ports import Needs, Outlook, Sold, Store

SOLD_S = 28 * DAY_S  # how far back is looked
AHEAD_S = 14 * DAY_S  # and how far ahead: what is expected until then competes for what is there, or arrives by then
EVERY_S = 3600  # how often it is worked out anew
SKUS_AT_ONCE = 1_000

Pricing = Callable[..., dict[str, dict[str, int]] | None]


class Refreshed(NamedTuple):
    """What became of it."""

    skus: int  # that have prices now
    unit_prices: int  # that are above nothing
    reason: str = ""  # why there are none


@lru_cache(maxsize=1)
def planning() -> Any:
    """The part of planning that makes prices, if its packages are installed. To import it takes a second."""
    try:
        return import_module("segue.planning.pricing")
    except ModuleNotFoundError:
        return None


def refresh(store: Store, outlook: Outlook, rules: Rules, now_s: int) -> Refreshed:
    """Work out what units are worth, and keep it instead of what was kept."""
    rates, module = rules.price_list.rates, planning()
    if rates is None:
        return Refreshed(0, 0, "the shop has no rates.yaml")
    if module is None:
        return Refreshed(0, 0, "the packages of the extra `plan` are not installed")
    sold = outlook.sold(now_s - SOLD_S)
    found: dict[str, Prices] = {}
    for skus in _some(sorted({each.sku for each in sold})):
        loaded = store.load(Needs(stock=skus, items=skus, inbound=skus, now_s=now_s))
        closed = {place for place, closure in loaded.closed.items() if closure.objection(now_s)}
        stock = {sku: _there(loaded.stock[sku], loaded.inbound[sku], rules, closed, now_s) for sku in skus}
        weights = {sku: item.weight_g for sku, item in loaded.items.items() if item is not None}
        pricing = cast(Pricing, module.unit_prices)
        expected = [module.Expected(*each) for each in _expected(sold, skus, rules)]
        prices = pricing(rates, stock, weights, expected)
        if prices is None:
            return Refreshed(0, 0, "the shop's rates are beyond what can be planned with")
        found |= {sku: Prices(now_s, mills) for sku, mills in prices.items()}
    outlook.keep(found)
    return Refreshed(len(found), sum(len(prices.mills) for prices in found.values()))


def _some(skus: Sequence[str]) -> Iterator[frozenset[str]]:
    for start in range(0, len(skus), SKUS_AT_ONCE):
        yield frozenset(skus[start : start + SKUS_AT_ONCE])


def _there(held: Stock, inbound: Inbound, rules: Rules, closed: set[str], now_s: int) -> Stock:
    """What is free at locations that send goods, and what arrives there in time."""
    there = dict(held)
    for at_s, place, units, _ in inbound:
        if at_s <= now_s + AHEAD_S:
            there[place] = there.get(place, 0) + units
    places = rules.locations
    return {
        place: units
        for place, units in there.items()
        if place in places and places[place].active and place not in closed
    }


def _expected(
    sold: Mapping[Sold, int], skus: frozenset[str], rules: Rules
) -> Iterator[tuple[str, Destination, str, float, tuple[str, ...]]]:
    for each, units in sorted(sold.items()):
        if each.sku in skus:
            to = Destination(each.country, each.region, postcode_area=each.postcode_area)
            barred = [id for id, at in rules.locations.items() if at.ships_to and each.country not in at.ships_to]
            yield each.sku, to, each.method, units * AHEAD_S / SOLD_S, tuple(barred)
