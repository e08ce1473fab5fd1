"""Sourcing: which locations give which units. The chain of policies: eligible, rank, take, split.

Demand is summed per SKU: two lines of the same SKU never count the same stock twice.
"""

from itertools import islice
from typing import Any, NamedTuple

from segue.core.base import Because
from segue.core.context import Context
from segue.core.facts import Location
from segue.core.order import Order

PASSED_OVER_MAX = 8  # how many of the locations not chosen are named in the reason

Demand = dict[int, int]  # line number -> units wanted


class Offer(NamedTuple):
    """What one location could give of what is still wanted."""

    location: Location
    units: Demand
    complete: bool  # it could give all of it


class Parcel(NamedTuple):
    """What one location is asked to give."""

    location: Location
    units: Demand


class Plan(NamedTuple):
    """How a demand is met: parcels, what is missing, and why so."""

    parcels: tuple[Parcel, ...]
    missing: Demand
    because: Because


def plan(order: Order, demand: Demand, context: Context, freed: dict[tuple[str, str], int]) -> Plan:
    """Meet a demand from free stock. `freed` is stock that the order itself gives back first, by (SKU, location)."""
    skus = {number: order.lines[number - 1].sku for number in demand}
    stock = {sku: dict(held) for sku, held in context.facts.free(frozenset(skus.values())).items()}
    for (sku, location), count in freed.items():
        if sku in stock:
            stock[sku][location] = stock[sku].get(location, 0) + count
    candidates, unfit = _candidates(order, stock, context)
    made = _take(order, demand, skus, stock, candidates, context, whole_only=False)
    refusal = _split_refusal(made, order, context)
    if refusal:
        made = _take(order, demand, skus, stock, candidates, context, whole_only=True)
        if not made.parcels or _split_refusal(made, order, context):
            return Plan((), demand, _because("split", {"reason": refusal}, unfit))
    figures: dict[str, Any] = {"split": refusal} if refusal else {}
    if made.parcels:
        figures["chosen"] = {parcel.location.id: sum(parcel.units.values()) for parcel in made.parcels}
    rule = " > ".join(rule.name for rule in context.workflow.rank) or "first found"
    behind = _behind(made, [_offer(order, location, demand, skus, stock) for location in candidates], order, context)
    return made._replace(because=_because(rule, figures, behind | unfit))


def _because(rule: str, figures: dict[str, Any], passed_over: dict[str, str]) -> Because:
    """The reason, with no more than PASSED_OVER_MAX of those passed over; of the others their number."""
    more = len(passed_over) - PASSED_OVER_MAX
    if more > 0:
        figures = figures | {"more_passed_over": more}
        passed_over = dict(islice(passed_over.items(), PASSED_OVER_MAX))
    return Because(rule, figures, passed_over)


def _candidates(
    order: Order, stock: dict[str, dict[str, int]], context: Context
) -> tuple[list[Location], dict[str, str]]:
    """The eligible locations that have any of it, and what makes the others unfit."""
    unfit: dict[str, str] = {}
    candidates = []
    for name in sorted({name for held in stock.values() for name, free in held.items() if free > 0}):
        location = context.facts.locations.get(name)
        if location is None:
            continue
        for rule in context.workflow.eligible:
            reason = rule.call(location, order, context.facts)
            if reason:
                unfit[name] = f"{rule.name}: {reason}"
                break
        else:
            candidates.append(location)
    return candidates, unfit


def _take(
    order: Order,
    demand: Demand,
    skus: dict[int, str],
    stock: dict[str, dict[str, int]],
    candidates: list[Location],
    context: Context,
    whole_only: bool,
) -> Plan:
    """Ask the best location first for all it can give, then the best for the rest, until nothing is left to ask."""
    wanted = dict(demand)
    left = {sku: dict(held) for sku, held in stock.items()}
    parcels = []
    asked = list(candidates)
    while wanted and asked:
        offers = [offer for location in asked if (offer := _offer(order, location, wanted, skus, left)).units]
        if whole_only:
            offers = [offer for offer in offers if offer.complete]
        if not offers:
            break
        best = _best(offers, order, context)
        parcels.append(Parcel(best.location, best.units))
        asked = [location for location in asked if location.id != best.location.id]
        for number, count in best.units.items():
            left[skus[number]][best.location.id] -= count
            wanted[number] -= count
        wanted = {number: count for number, count in wanted.items() if count}
    return Plan(tuple(parcels), wanted, Because("rank"))


def _offer(
    order: Order, location: Location, wanted: Demand, skus: dict[int, str], left: dict[str, dict[str, int]]
) -> Offer:
    units: Demand = {}
    taken: dict[str, int] = {}
    for number, count in wanted.items():
        line = order.lines[number - 1]
        if location.id in line.excluded or line.location not in ("", location.id):
            continue
        sku = skus[number]
        given = min(count, left[sku].get(location.id, 0) - taken.get(sku, 0))
        if given > 0:
            units[number] = given
            taken[sku] = taken.get(sku, 0) + given
    return Offer(location, units, units == wanted)


def _best(offers: list[Offer], order: Order, context: Context) -> Offer:
    """The offer that ranks first; ties go to the lower location id."""
    if len(offers) == 1:
        return offers[0]
    rules = context.workflow.rank
    facts = context.facts
    return min(offers, key=lambda offer: (*(rule.call(offer, order, facts) for rule in rules), offer.location.id))


def _split_refusal(made: Plan, order: Order, context: Context) -> str:
    for rule in context.workflow.split:
        if reason := rule.call(made, order):
            return f"{rule.name}: {reason}"
    return ""


def _behind(made: Plan, offers: list[Offer], order: Order, context: Context) -> dict[str, str]:
    """The locations that were fit and not chosen; for the first of them also why the first choice went before them."""
    chosen = [parcel.location.id for parcel in made.parcels]
    first = next((offer for offer in offers if offer.location.id in chosen[:1]), None)
    others = [offer for offer in offers if offer.location.id not in chosen]
    compared = {offer.location.id: _compared(offer, first, order, context) for offer in others[:PASSED_OVER_MAX]}
    return dict.fromkeys((offer.location.id for offer in others), "") | compared


def _compared(offer: Offer, first: Offer | None, order: Order, context: Context) -> str:
    """How an offer compares with the one that was taken first: by the first ranking in which they differ."""
    if not offer.units or first is None:
        return "may not serve these lines"
    for rule in context.workflow.rank:
        own, best = rule.call(offer, order, context.facts), rule.call(first, order, context.facts)
        if own != best:
            return f"{rule.name}: {own:.6g} against {best:.6g} of {first.location.id}"
    return f"equal to {first.location.id}, which comes first by name"
