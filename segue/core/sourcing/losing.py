"""Losing: what the cheapest plan costs, parcel by parcel; of each location that is not in it by how much it lost, and the
smallest change that would have made it win.
"""

from itertools import islice
from operator import itemgetter
from typing import Any

from msgspec.structs import replace

from segue.core.amounts import decimal
from segue.core.base import Because
from segue.core.exact import Kind, Site, Table, mills_of
from segue.core.lanes import MILLS
from segue.core.sourcing.candidates import candidates, narrowed
from segue.core.sourcing.changes import Change, Changes, change_for
from segue.core.sourcing.costing import Costed
from segue.core.sourcing.goods import Parcel, Plan
from segue.core.sourcing.reasons import PASSED_OVER_MAX, Judged
from segue.core.sourcing.sites import NO_ROOM
from segue.core.sourcing.solving import Solved

OTHERS_MAX = 50  # of those without a line of their own, unless the shop has strategies
BEYOND = "cheaper only with more than there is, or beyond the limits of a split"


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
    if notes := made.tariffs.notes():
        figures["carriers"] = notes
    if not made.ask.context.explains:
        return Because("cost", figures)
    losers = _losers(made, best.table, chosen)
    changes = Changes(made, best)
    named = {site.id: _told(changes, key, site, judged) for key, site in losers[: judged.named_max]}
    room = judged.named_max - len(named)
    if more := len(losers) - len(named) + max(0, len(judged.unfit) - room):
        figures["more_passed_over"] = more
        most = None if tried is not None else OTHERS_MAX
        unfit = dict(islice(judged.unfit.items(), room, None if most is None else room + most))
        figures["others"] = _others(losers[len(named) :][:most], unfit)
    if tried is not None:
        figures |= tried
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
    return [_told_of(made, parcel) for parcel in plan.parcels]


def _told_of(made: Costed, parcel: Parcel) -> dict[str, Any]:
    """What a parcel costs; what is not usual is named only where it is so."""
    bill = made.tariffs.bill(parcel.location.id, parcel.units)
    rate, extras = bill.charged, bill.extras
    told = {
        "location": parcel.location.id,
        "units": sum(parcel.units.values()),
        "zone": rate.zone,
        "weight_g": bill.weight_g,
        "billed_g": rate.billed_g,
        "rate_mills": rate.mills,
        "handling_mills": bill.handling,
        "total_mills": bill.total,
    }
    unusual = {
        "carrier": rate.carrier,
        "by_carrier": rate.is_asked,
        "opportunity_mills": extras.opportunity,
        "markdown_mills": extras.markdown,
        "late_mills": extras.late,
    }
    return told | {name: value for name, value in unusual.items() if value}


def _losers(made: Costed, table: Table, chosen: set[str]) -> list[tuple[int, Site]]:
    """The sites that are not in the plan, each with the key of the cheapest plan with it, as far as the table knows.

    Those that lost by least come first; of equals the lower id.
    """
    known: dict[Kind, int] = {}
    whole, rests = made.problem.shape.all, table.cost
    found = []
    for site in made.problem.sites:
        kind = site.kind
        if kind not in known:
            keys = site.tariff.keys
            known[kind] = min([keys[part] + rests[whole - part] for part in site.parts])
        if site.id not in chosen:
            found.append((known[kind], site))
    found.sort(key=itemgetter(0))
    return found


def _told(changes: Changes, key: int, site: Site, judged: Judged) -> str:
    """How a site lost, and what would have made it win."""
    if soft := judged.soft.get(site.id, ()):
        return f"{'; '.join(soft)}; asked only for what no other has"
    made, change = changes.made, changes.of(site)
    more = mills_of(key) - changes.best.found.mills
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


def _others(losers: list[tuple[int, Site]], unfit: dict[str, str]) -> dict[str, Any]:
    """The rest, compactly: the ids that fail a filter, and what the best plan with each of the others costs."""
    rest: dict[str, Any] = {}
    for location, objection in unfit.items():
        rest.setdefault(objection, []).append(location)
    if losers:
        rest["cost_mills"] = {site.id: mills_of(key) for key, site in losers}
    return rest
