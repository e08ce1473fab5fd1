"""Losing: what the cheapest plan costs, parcel by parcel; of each location that is not in it by how much it lost, and the
smallest change that would have made it win.

A location would win if it had so many units more, or if a parcel of its own were so much cheaper. Where there are limits of
a split the search is done again with the change, and only what does make it win is said.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from msgspec.structs import replace

from segue.core.amounts import decimal
from segue.core.base import Because
from segue.core.exact import (
    KEY,
    KEY_STRAINED,
    Found,
    Sent,
    Site,
    Table,
    mills_of,
    part_key,
    tabled,
    takes_too_much,
    walked,
)
from segue.core.rates import MILLS, charged
from segue.core.sourcing.candidates import candidates, narrowed
from segue.core.sourcing.costing import Costed, site_of, tariff_of, weight_g
from segue.core.sourcing.goods import Plan, Room, may_serve
from segue.core.sourcing.reasons import PASSED_OVER_MAX, Judged
from segue.core.sourcing.solving import Solved, solved

NO_ROOM = Room()
BEYOND = "cheaper only with more than there is, or beyond the limits of a split"
CHANGED = (-1, -1, ())  # the kind of a site that is not as it is


class Change(NamedTuple):
    """What would have made a location win: units of SKUs more, or a parcel of its own so much cheaper."""

    units: dict[str, int]  # by SKU; empty: no stock that it could have had would do
    cheaper_minor: int | None  # None: there is no plan with what it has


def cost_reason(made: Costed, best: Solved, judged: Judged, tried: dict[str, Any] | None) -> Because:
    """Why these locations and not the others, in figures."""
    plan, refusal = best.plan, best.refusal
    chosen = {parcel.location.id for parcel in plan.parcels}
    figures: dict[str, Any] = {"split": refusal} if refusal else {}
    if plan.parcels:
        parcels = parcels_of(made, plan)
        cost = sum(parcel["total_mills"] for parcel in parcels)
        figures |= {"chosen": _chosen(plan), "cost_mills": cost, "parcels": parcels}
    if made.cut.note:
        figures["search"] = made.cut.note
    if not made.ask.context.explains:
        return Because("cost", figures)
    losers = sorted(_losers(made, best.table, chosen), key=lambda one: (one[0], one[1].id))
    named = {site.id: _told(made, best, key, site, judged) for key, site in losers[: judged.named_max]}
    room = judged.named_max - len(named)
    if more := len(losers) - len(named) + max(0, len(judged.unfit) - room):
        figures["more_passed_over"] = more
    if tried is not None:
        figures |= tried
        if more:
            unfit = dict(islice(judged.unfit.items(), room, None))
            figures["others"] = _others(losers[len(named) :], unfit)
    named |= dict(islice(judged.unfit.items(), room))
    if judged.named_max > PASSED_OVER_MAX:
        named |= _without_any(made, best)
    return Because("cost", figures, named)


def _without_any(made: Costed, best: Solved) -> dict[str, str]:
    """Of the locations that have nothing of it what the filters say, and how many units would make them win."""
    ask, facts = made.ask, made.ask.context.facts
    having = {name for held in ask.goods.free.values() for name, count in held.items() if count > 0}
    one_each = {sku: {name: 1 for name in facts.locations if name not in having} for sku in ask.goods.free}
    as_if = replace(ask.goods, free=one_each)
    found, judged = candidates(ask.order, as_if, ask.strategy, ask.context)
    barred = narrowed(ask.order, as_if, found, judged, ask.strategy, facts).barred
    limited = {each.id: NO_ROOM for each in found if each.capacity is not None or each.id in judged.soft}
    goods = replace(ask.goods, barred=ask.goods.barred | barred, rooms=ask.goods.rooms | limited)
    again = made._replace(ask=replace(ask, goods=goods))
    told = {}
    for location in found:
        change = change_for(again, best, location.id, None)
        told[location.id] = f"has nothing of it; {wins(made, change)}" if change.units else "has nothing of it"
    return told | judged.unfit


def _chosen(plan: Plan) -> dict[str, int]:
    units: dict[str, int] = {}
    for parcel in plan.parcels:
        units[parcel.location.id] = units.get(parcel.location.id, 0) + sum(parcel.units.values())
    return units


def parcels_of(made: Costed, plan: Plan) -> list[dict[str, Any]]:
    """What each parcel costs and why."""
    told = []
    for parcel in plan.parcels:
        way, grams = made.lanes[parcel.location.id], weight_g(made, parcel.units)
        rate = charged(way, grams)
        handling = way.parcel_mills + way.unit_mills * sum(parcel.units.values())
        told.append(
            {
                "location": parcel.location.id,
                "units": sum(parcel.units.values()),
                "zone": "" if rate.is_fallback else way.zone,
                "weight_g": grams,
                "billed_g": rate.billed_g,
                "rate_mills": rate.mills,
                "handling_mills": handling,
                "total_mills": rate.mills + handling,
            }
        )
    return told


def _losers(made: Costed, table: Table, chosen: set[str]) -> Iterator[tuple[int, Site]]:
    """The sites that are not in the plan, each with the key of the cheapest plan with it, as far as the table knows."""
    known: dict[Any, int] = {}
    whole = made.problem.shape.all
    for site in made.problem.sites:
        if site.id not in chosen:
            if site.kind not in known:
                keys = [part_key(made.problem, site.tariff, part) + table.cost[whole - part] for part in site.parts]
                known[site.kind] = min(keys)
            yield known[site.kind], site


def _told(made: Costed, best: Solved, key: int, site: Site, judged: Judged) -> str:
    """How a site lost, and what would have made it win."""
    if soft := judged.soft.get(site.id, ()):
        return f"{'; '.join(soft)}; asked only for what no other has"
    change = change_for(made, best, site.id, site)
    more = mills_of(key) - best.found.mills
    if change.cheaper_minor is not None:  # the table is a lower bound; this plan is one that can be made
        more = max(more, (change.cheaper_minor - 1) * MILLS)
    lost = f"{_money(made, more)} dearer" if more > 0 else "costs the same" if more == 0 else BEYOND
    barred = f"; {judged.barred[site.id]}" if site.id in judged.barred else ""
    return f"{lost}; {wins(made, change)}{barred}"


def wins(made: Costed, change: Change) -> str:
    """The change, in words."""
    if change.units:
        return f"with {' and '.join(f'{count} more of {sku}' for sku, count in change.units.items())} it would win"
    if change.cheaper_minor is not None:
        return f"{_money(made, change.cheaper_minor * MILLS)} cheaper it would win"
    return "no change of its stock or its cost alone was found with which it would win"


def _money(made: Costed, mills: int) -> str:
    """An amount as people read it; what is no whole minor unit is rounded up."""
    currency = made.ask.context.facts.price_list.currency or made.ask.order.currency
    return f"{decimal(-(-mills // MILLS), currency)} {currency}"


def change_for(made: Costed, best: Solved, location: str, site: Site | None) -> Change:
    """The smallest change that would have made a location win. `site` is what it can send, if it can send anything."""
    return Change(_more_units(made, best, location, site), _cheaper_minor(made, best, site) if site else None)


def _cheaper_minor(made: Costed, best: Solved, site: Site) -> int | None:
    """By how much a parcel of this site has to be cheaper; a rest that would take too much of it is reckoned without it."""
    others = [each for each in made.problem.sites if each.id != site.id]
    return _cheaper_with(made, best, site, best.table.cost) or _cheaper_with(
        made, best, site, tabled(made.problem._replace(sites=others)).cost
    )


def _cheaper_with(made: Costed, best: Solved, site: Site, rests: list[int]) -> int | None:
    whole, found = made.problem.shape.all, best.found
    keys = [(part_key(made.problem, site.tariff, part) + rests[whole - part], part) for part in site.parts]
    for key, part in sorted(keys):
        if key // KEY_STRAINED == found.key // KEY_STRAINED:
            cheaper = max(0, mills_of(key) - found.mills) // MILLS + 1
            tariff = site.tariff._replace(parcel=site.tariff.parcel - cheaper * MILLS * KEY)
            if _would_win(made, best, site._replace(tariff=tariff, kind=CHANGED), part):
                return cheaper
    return None


def _more_units(made: Costed, best: Solved, location: str, site: Site | None) -> dict[str, int]:
    """The fewest units more, by SKU, with which this location would be in the cheapest plan."""
    if location in made.ask.goods.rooms:
        return {}
    whole, tariff = made.problem.shape.all, tariff_of(made, location)
    options = []
    for part in range(1, whole + 1):
        key = part_key(made.problem, tariff, part) + best.table.cost[whole - part]
        if key < best.found.key and (lacks := _lacking(made, location, part)):
            options.append((sum(lacks.values()), key, part, lacks))
    for _, _, part, lacks in sorted(options, key=lambda one: one[:3]):
        richer = {n: dict(held) for n, held in made.held.items()}
        for number in made.units_of[part]:
            richer[number][location] = richer[number].get(location, 0) + lacks.get(made.ask.goods.skus[number], 0)
        with_more = site_of(made, location, richer)
        if with_more is not None and _would_win(made, best, with_more._replace(kind=CHANGED), part):
            return lacks
    return {}


def _lacking(made: Costed, location: str, part: int) -> dict[str, int]:
    """What a location lacks for a part; nothing, if more stock would not help."""
    goods, wanted = made.ask.goods, dict[str, int]()
    for number, count in made.units_of[part].items():
        if not may_serve(made.ask.order.lines[number - 1], location) or (number, location) in goods.barred:
            return {}
        wanted[goods.skus[number]] = wanted.get(goods.skus[number], 0) + count
    return {sku: lack for sku, count in wanted.items() if (lack := count - goods.free[sku].get(location, 0)) > 0}


def _would_win(made: Costed, best: Solved, site: Site, part: int) -> bool:
    """Whether a site that has changed is in the plan that is then the cheapest."""
    problem = made.problem
    rest = walked(problem, best.table, problem.shape.all - part)
    if not made.ask.strategy.split and all(sent.site.id != site.id for sent in rest.sent):
        with_it = Found(0, (Sent(site, part), *rest.sent), 0)
        if not takes_too_much(with_it):
            return True  # all plans without it cost what they did, and this one less
    others = [each for each in problem.sites if each.id != site.id]
    changed = made._replace(problem=problem._replace(sites=sorted([*others, site], key=lambda each: each.id)))
    then = solved(changed)
    return then is not None and any(sent.site.id == site.id for sent in then.found.sent)


def _others(losers: list[tuple[int, Site]], unfit: dict[str, str]) -> dict[str, Any]:
    """The rest, compactly: the ids that fail a filter, and what the best plan with each of the others costs."""
    rest: dict[str, Any] = {}
    for location, objection in unfit.items():
        rest.setdefault(objection, []).append(location)
    if losers:
        rest["cost_mills"] = {site.id: mills_of(key) for key, site in losers}
    return rest
