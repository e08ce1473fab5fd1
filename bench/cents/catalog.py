"""The catalog: what the shop of a basket knows of its goods."""

from bench.cents.basket import Basket
from bench.cents.selling import METHOD, sku_of
from segue.core.facts import Facts, Item
from segue.core.means import Means


def facts_for(basket: Basket, means: dict[str, Means]) -> Facts:
    """All that decisions look at beside the order."""
    facts = Facts(methods=frozenset((METHOD,)), means=means)
    for number, wanted in enumerate(basket.lines):
        facts.items[sku_of(number)] = Item(sku_of(number), price_minor=wanted.price)
    facts.past[""] = ()
    return facts
