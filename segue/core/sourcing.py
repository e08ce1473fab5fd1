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


class Ranked(NamedTuple):
    """An offer, and what each ranking of the workflow says of it: the lower, the earlier."""

    key: tuple[float, ...]
    offer: Offer


class Parcel(NamedTuple):
    """What one location is asked to give."""

    location: Location
    units: Demand


class Plan(NamedTuple):
    """How a demand is met: parcels, what is missing, and why so."""

    parcels: tuple[Parcel, ...]
    missing: Demand
    because: Because


class Goods(NamedTuple):
    """What is wanted, by line, and what is free of it, by SKU and location."""

    wanted: Demand
    skus: dict[int, str]
    free: dict[str, dict[str, int]]


def plan(order: Order, demand: Demand, context: Context, freed: dict[tuple[str, str], int]) -> Plan:
    """Meet a demand from free stock. `freed` is stock that the order itself gives back first, by (SKU, location)."""
    skus = {number: order.lines[number - 1].sku for number in demand}
    free = {sku: dict(held) for sku, held in context.facts.free(frozenset(skus.values())).items()}
    for (sku, location), count in freed.items():
        if sku in free:
            free[sku][location] = free[sku].get(location, 0) + count
    goods = Goods(demand, skus, free)
    candidates, unfit = _candidates(order, goods, context)
    first = _ranked(order, candidates, goods, context)
    made = _take(order, goods, first, context)
    refusal = _split_refusal(made, order, context)
    if refusal:
        made = _take(order, goods, [ranked for ranked in first if ranked.offer.complete], context)
        if not made.parcels or _split_refusal(made, order, context):
            return Plan((), demand, _because("split", {"reason": refusal}, unfit))
    figures: dict[str, Any] = {"split": refusal} if refusal else {}
    if made.parcels:
        figures["chosen"] = {parcel.location.id: sum(parcel.units.values()) for parcel in made.parcels}
    rule = " > ".join(rule.name for rule in context.workflow.rank) or "first found"
    return made._replace(because=_because(rule, figures, _behind(made, first, candidates, context) | unfit))


def _because(rule: str, figures: dict[str, Any], passed_over: dict[str, str]) -> Because:
    """The reason, with no more than PASSED_OVER_MAX of those passed over; of the others their number."""
    more = len(passed_over) - PASSED_OVER_MAX
    if more > 0:
        figures = figures | {"more_passed_over": more}
        passed_over = dict(islice(passed_over.items(), PASSED_OVER_MAX))
    return Because(rule, figures, passed_over)


def _candidates(order: Order, goods: Goods, context: Context) -> tuple[list[Location], dict[str, str]]:
    """The eligible locations that have any of it, and what makes the others unfit."""
    unfit: dict[str, str] = {}
    candidates = []
    for name in sorted({name for held in goods.free.values() for name, free in held.items() if free > 0}):
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


def _take(order: Order, goods: Goods, ranked: list[Ranked], context: Context) -> Plan:
    """Ask the best location first for all it can give, then the best for the rest, until nothing is left to ask."""
    wanted = goods.wanted
    parcels: list[Parcel] = []
    asked = [each.offer.location for each in ranked]
    while ranked:
        best = ranked[0].offer
        parcels.append(Parcel(best.location, best.units))
        wanted = {number: rest for number, count in wanted.items() if (rest := count - best.units.get(number, 0))}
        if not wanted:
            break
        asked = [location for location in asked if location.id != best.location.id]
        ranked = _ranked(order, asked, goods._replace(wanted=wanted), context)
    return Plan(tuple(parcels), wanted, Because("rank"))


def _ranked(order: Order, locations: list[Location], goods: Goods, context: Context) -> list[Ranked]:
    """What each location could give, the best first; ties go to the lower location id."""
    rules, facts = context.workflow.rank, context.facts
    ranked = [
        Ranked(tuple([rule.call(offer, order, facts) for rule in rules]), offer)
        for location, units in zip(locations, _offered(order, locations, goods), strict=True)
        if units and (offer := Offer(location, units, units == goods.wanted))
    ]
    ranked.sort(key=lambda each: (each.key, each.offer.location.id))
    return ranked


def _offered(order: Order, locations: list[Location], goods: Goods) -> list[Demand]:
    """The units of each line that each location has. Two lines of one SKU share what is there."""
    offered: list[Demand] = [{} for _ in locations]
    taken: dict[tuple[str, str], int] = {}
    twins = len(goods.free) < len(goods.wanted)
    for number, count in goods.wanted.items():
        line, sku = order.lines[number - 1], goods.skus[number]
        free = goods.free[sku]
        for location, units in zip(locations, offered, strict=True):
            id = location.id
            there = free.get(id, 0) - (taken.get((sku, id), 0) if twins else 0)
            if there > 0 and id not in line.excluded and line.location in ("", id):
                units[number] = min(count, there)
                if twins:
                    taken[(sku, id)] = taken.get((sku, id), 0) + units[number]
    return offered


def _split_refusal(made: Plan, order: Order, context: Context) -> str:
    for rule in context.workflow.split:
        if reason := rule.call(made, order):
            return f"{rule.name}: {reason}"
    return ""


def _behind(made: Plan, ranked: list[Ranked], candidates: list[Location], context: Context) -> dict[str, str]:
    """The locations that were fit and not chosen, the best first, and why the first choice went before them."""
    chosen = [parcel.location.id for parcel in made.parcels]
    first = next((each for each in ranked if each.offer.location.id in chosen[:1]), None)
    others = [each for each in ranked if each.offer.location.id not in chosen]
    behind = dict.fromkeys((each.offer.location.id for each in others), "")
    for each in others[:PASSED_OVER_MAX]:
        behind[each.offer.location.id] = _compared(each, first, context)
    offering = {each.offer.location.id for each in ranked}
    useless = {location.id: "may not serve these lines" for location in candidates if location.id not in offering}
    return behind | useless


def _compared(each: Ranked, first: Ranked | None, context: Context) -> str:
    """How an offer compares with the one that was taken first: by the first ranking in which they differ."""
    if first is None:
        return "may not serve these lines"
    for rule, own, best in zip(context.workflow.rank, each.key, first.key, strict=True):
        if own != best:
            return f"{rule.name}: {own:.6g} against {best:.6g} of {first.offer.location.id}"
    return f"equal to {first.offer.location.id}, which comes first by name"
