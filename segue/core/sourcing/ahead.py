"""Ahead: the algorithm `look_ahead`. The cheapest plan, where a unit that others will want costs what it is worth to them.

What units are worth is worked out in the background and stored. Where nothing is known it is the algorithm `exact`.
"""

from copy import copy

from msgspec.structs import replace

from segue.core.base import NeedFacts
from segue.core.facts import Facts
from segue.core.moments import moment
from segue.core.opportunity import Prices
from segue.core.sourcing.cheapest import by_cost
from segue.core.sourcing.taking import Ask, Made

NO_PRICES = "exact, as nothing is known of what these units are worth elsewhere"


def by_cost_ahead(ask: Ask) -> Made:
    """The cheapest plan with what its units are worth elsewhere. Raises NeedFacts for that."""
    facts, skus = ask.context.facts, frozenset(ask.goods.skus.values())
    if facts.price_list.rates is None:
        return by_cost(ask)
    known = _known(facts, skus)
    if not known:
        made = by_cost(ask)
        return replace(made, figures={"algorithm": NO_PRICES} | made.figures)
    charging = copy(facts)
    charging.opportunity = {sku: prices.mills for sku, prices in known.items()}
    made = by_cost(replace(ask, context=replace(ask.context, facts=charging)))
    oldest = min(prices.at_s for prices in known.values())
    return replace(made, figures={"prices": f"as of {moment(oldest)}"} | made.figures)


def _known(facts: Facts, skus: frozenset[str]) -> dict[str, Prices]:
    if missing := skus - facts.prices.keys():
        raise NeedFacts("prices", missing)
    return {sku: prices for sku in sorted(skus) if (prices := facts.prices[sku]) is not None}
