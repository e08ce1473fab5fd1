"""Sourcing: which locations give which units. The chain of policies: eligible, rank, take, split.

Demand is summed per SKU: two lines of the same SKU never count the same stock twice.
"""

from itertools import islice
from typing import Any

from msgspec.structs import replace

from segue.core.base import Because, Value
from segue.core.context import Context
from segue.core.facts import Location, Stock
from segue.core.order import Line, Order

PASSED_OVER_MAX = 8  # how many of the locations not chosen are named in the reason

Demand = dict[int, int]  # line number -> units wanted


class Offer(Value):
    """What one location could give of what is still wanted."""

    location: Location
    units: Demand
    complete: bool  # it could give all of it


Behind = tuple[Offer, str, float, float]  # not the best; the rule by which it fell behind, its own score, the best one


class Parcel(Value):
    """What one location is asked to give."""

    location: Location
    units: Demand


class Plan(Value):
    """How a demand is met: parcels, what is missing, and why so."""

    parcels: tuple[Parcel, ...]
    missing: Demand
    because: Because


class Goods(Value):
    """What is wanted, by line, and what is free of it, by SKU and location."""

    wanted: Demand
    skus: dict[int, str]
    free: dict[str, Stock]


def plan(order: Order, demand: Demand, context: Context, freed: dict[tuple[str, str], int]) -> Plan:
    """Meet a demand from free stock. `freed` is stock that the order itself gives back first, by (SKU, location)."""
    skus = {number: order.lines[number - 1].sku for number in demand}
    free = context.facts.free(frozenset(skus.values()), order.channel)
    for (sku, location), count in freed.items():
        free[sku] = free[sku] | {location: free[sku].get(location, 0) + count}
    goods = Goods(demand, skus, free)
    candidates, unfit = _candidates(order, goods, context)
    offers = _offers(order, candidates, goods)
    if len(offers) < len(candidates):
        useful = {offer.location.id for offer in offers}
        unfit = {each.id: "may not serve these lines" for each in candidates if each.id not in useful} | unfit
    made, behind = _take(order, goods, offers, context)
    refusal = _split_refusal(made, order, context)
    if refusal:
        made, behind = _take(order, goods, [offer for offer in offers if offer.complete], context)
        if not made.parcels or _split_refusal(made, order, context):
            return Plan((), demand, _because("split", {"reason": refusal}, {}, unfit))
    return Plan(made.parcels, made.missing, _reason(made, behind, refusal, unfit, context))


def _reason(made: Plan, behind: list[Behind], refusal: str, unfit: dict[str, str], context: Context) -> Because:
    """Why these locations and not the others."""
    figures: dict[str, Any] = {"split": refusal} if refusal else {}
    rule = " > ".join([rule.name for rule in context.workflow.rank]) or "first found"
    if not made.parcels:
        return _because(rule, figures, {}, unfit)
    chosen = {parcel.location.id: sum(parcel.units.values()) for parcel in made.parcels}
    first = made.parcels[0].location.id
    others = behind if len(chosen) == 1 else [each for each in behind if each[0].location.id not in chosen]
    named = {each[0].location.id: _compared(each, first) for each in others[:PASSED_OVER_MAX]}
    return _because(rule, figures | {"chosen": chosen}, named, unfit, len(others) - len(named))


def _because(
    rule: str, figures: dict[str, Any], named: dict[str, str], unfit: dict[str, str], unnamed: int = 0
) -> Because:
    """The reason, with no more than PASSED_OVER_MAX of those passed over; of the others their number."""
    room = PASSED_OVER_MAX - len(named)
    more = unnamed + max(0, len(unfit) - room)
    if more:
        figures = figures | {"more_passed_over": more}
    return Because(rule, figures, named | dict(islice(unfit.items(), room)))


def _candidates(order: Order, goods: Goods, context: Context) -> tuple[list[Location], dict[str, str]]:
    """The eligible locations that have any of it, in the order of their ids, and what makes the others unfit."""
    facts = context.facts
    names = sorted({name for held in goods.free.values() for name, free in held.items() if free > 0})
    candidates = [facts.locations[name] for name in names if name in facts.locations]
    unfit: dict[str, str] = {}
    for rule, objection_of, _ in context.workflow.eligible:
        objections = [objection_of(location, order, facts) for location in candidates]
        if any(objections):
            judged = list(zip(candidates, objections, strict=True))
            unfit |= {location.id: f"{rule}: {objection}" for location, objection in judged if objection}
            candidates = [location for location, objection in judged if not objection]
    return candidates, dict(sorted(unfit.items()))


def _take(order: Order, goods: Goods, offers: list[Offer], context: Context) -> tuple[Plan, list[Behind]]:
    """Ask the best location first for all it can give, then the best for the rest, until nothing is left to ask.

    Returns also those that fell behind the first choice.
    """
    wanted = goods.wanted
    parcels: list[Parcel] = []
    first: list[Behind] = []
    while offers:
        best, behind = _choose(order, offers, context)
        first = first if parcels else behind
        parcels.append(Parcel(best.location, best.units))
        if best.complete:
            return Plan(tuple(parcels), {}, Because("rank")), first
        wanted = {number: rest for number, count in wanted.items() if (rest := count - best.units.get(number, 0))}
        asked = [offer.location for offer in offers if offer.location.id != best.location.id]
        offers = _offers(order, asked, replace(goods, wanted=wanted))
    return Plan(tuple(parcels), wanted, Because("rank")), first


def _choose(order: Order, offers: list[Offer], context: Context) -> tuple[Offer, list[Behind]]:
    """The offer that ranks first, ties going to the lower location id; and the others, those that came closest first."""
    behind: list[Behind] = []
    facts = context.facts
    for rule, score_of, _ in context.workflow.rank:
        if len(offers) == 1:
            break
        scores = [score_of(offer, order, facts) for offer in offers]
        if scores.count(scores[0]) == len(scores):  # a tie: the next rule decides
            continue
        best = min(scores)
        judged = zip(offers, scores, strict=True)
        behind[:0] = [(offer, rule, score, best) for offer, score in judged if score != best]
        offers = [offer for offer, score in zip(offers, scores, strict=True) if score == best]
    return offers[0], [*[(offer, "", 0, 0) for offer in offers[1:]], *behind]


def _offers(order: Order, locations: list[Location], goods: Goods) -> list[Offer]:
    """What each location could give, in the order of their ids; those that have nothing are left out."""
    wanted = goods.wanted
    lines = [(order.lines[number - 1], goods.free[goods.skus[number]], count) for number, count in wanted.items()]
    plenty = _plenty(lines)
    offers = []
    for location in locations:
        if location.id in plenty:
            offers.append(Offer(location, wanted, True))
        elif units := _part(lines, location.id):
            offers.append(Offer(location, units, units == wanted))
    return offers


def _plenty(lines: list[tuple[Line, Stock, int]]) -> set[str]:
    """The locations that have all of each line, where that is seen at a glance: different SKUs, no location excluded."""
    skus: set[str] = set()
    plenty: set[str] = set()
    for line, free, count in lines:
        if line.sku in skus or line.excluded or line.location:
            return set()
        here = {name for name, there in free.items() if there >= count}
        plenty = plenty & here if skus else here
        skus.add(line.sku)
    return plenty


def _part(lines: list[tuple[Line, Stock, int]], location: str) -> Demand:
    """The units of each line that a location has. Two lines of one SKU share what is there."""
    units: Demand = {}
    taken: Stock = {}
    for line, free, count in lines:
        there = free.get(location, 0) - taken.get(line.sku, 0)
        if there > 0 and _may_serve(line, location):
            units[line.number] = min(count, there)
            taken[line.sku] = taken.get(line.sku, 0) + units[line.number]
    return units


def _may_serve(line: Line, location: str) -> bool:
    return location not in line.excluded and line.location in ("", location)


def _split_refusal(made: Plan, order: Order, context: Context) -> str:
    for rule in context.workflow.split:
        if reason := rule.call(made, order):
            return f"{rule.name}: {reason}"
    return ""


def _compared(each: Behind, first: str) -> str:
    _, rule, own, best = each
    if not rule:
        return f"equal to {first}, which comes first by name"
    return f"{rule}: {own:.6g} against {best:.6g} of {first}"
