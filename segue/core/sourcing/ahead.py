"""Ahead: the algorithm `look_ahead`. The cheapest plan, where a unit that others will want costs what it is worth to them.

What units are worth is worked out in the background and stored. Where nothing is known it is the algorithm `exact`.
"""

from copy import copy

from msgspec.structs import replace

from segue.core.base import NeedFacts, missing_of
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
        notes = [NO_PRICES, *filter(None, [made.figures.get("algorithm")])]
        return replace(made, figures=made.figures | {"algorithm": "; ".join(notes)})
    charging = copy(facts)
    charging.opportunity = {sku: prices.mills for sku, prices in known.items()}
    made = by_cost(replace(ask, context=replace(ask.context, facts=charging)))
    oldest = min(prices.at_s for prices in known.values())
    used = {sku: charged for sku, prices in known.items() if (charged := _among(ask, prices))}
    return replace(made, figures={"prices": f"as of {moment(oldest)}", "opportunity": used} | made.figures)


def _among(ask: Ask, prices: Prices) -> dict[str, int]:
    """Of these prices those that counted: of the candidates. They are on record, so that the decision can be made again."""
    return {each.id: prices.mills[each.id] for each in ask.candidates if each.id in prices.mills}


def _known(facts: Facts, skus: frozenset[str]) -> dict[str, Prices]:
    if missing := missing_of(skus, facts.prices):
        raise NeedFacts("prices", missing)
    return {sku: prices for sku in sorted(skus) if (prices := facts.prices[sku]) is not None}
