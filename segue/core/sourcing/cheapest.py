"""Cheapest: the algorithm `exact`. The plan that costs least of all that the filters and the limits of a split allow.

Filters say who may send what, rankings which of those that cost the same. Where the shop has no rates, the order is too
large to be searched, or no plan keeps within the limits of a split, the rules have the word, and the reason says so.
"""

from collections.abc import Callable

from msgspec.structs import replace

from segue.core.facts import Facts
from segue.core.order import Order
from segue.core.policy import Rule
from segue.core.rates import Rates
from segue.core.sourcing.costing import Costed, costed
from segue.core.sourcing.goods import Offer
from segue.core.sourcing.losing import cost_reason, parcels_of
from segue.core.sourcing.solving import solved
from segue.core.sourcing.taking import Ask, Made, by_rules, why_idle, with_barred
from segue.core.sourcing.tariffs import Parts, Tariffs

NO_RATES = "rules, as the shop has no rates.yaml"
TOO_LARGE = "rules, the cheapest units first, as there is too much to search through"
LIMITED = "rules, as no cheaper plan keeps within the limits"


def by_cost(ask: Ask) -> Made:
    """The cheapest plan; by the rules where the shop has no rates, or the order is too large to be searched."""
    rates = ask.context.facts.price_list.rates
    if rates is None:
        return replace(by_rules(ask), figures={"algorithm": NO_RATES})
    made = costed(ask, rates)
    if made is None:
        greedy = (Rule("cost_per_unit", _cost_per_unit(rates, ask)), *ask.strategy.rank)
        return replace(
            by_rules(replace(ask, strategy=replace(ask.strategy, rank=greedy))), figures={"algorithm": TOO_LARGE}
        )
    best = solved(made)
    if best is None:
        return replace(by_rules(ask), figures={"algorithm": LIMITED})
    judged = replace(with_barred(ask), unfit=_idle(made) | ask.judged.unfit)
    return Made(
        "cost",
        best.plan,
        because=lambda tried: cost_reason(made, best, judged, tried),
        bills=lambda plan: parcels_of(made, plan),
    )


def _cost_per_unit(rates: Rates, ask: Ask) -> Callable[[Offer, Order, Facts], float]:
    """A ranking for orders that are too large: what a unit of the offer costs, sent in one parcel."""
    tariffs = Tariffs(ask, rates, Parts((), ()))

    def score(offer: Offer, order: Order, facts: Facts) -> float:
        return tariffs.bill(offer.location.id, offer.units).total / sum(offer.units.values())

    return score


def _idle(made: Costed) -> dict[str, str]:
    """Why candidates can give nothing."""
    if len(made.problem.sites) == len(made.ask.candidates):
        return {}
    useful = {site.id for site in made.problem.sites}
    return {each.id: why_idle(made.ask, each) for each in made.ask.candidates if each.id not in useful}
