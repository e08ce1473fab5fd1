"""Solving: the cheapest plan that all limits of a split allow. Of locations that cost the same the rankings choose.

A limit that the cheapest plan breaks makes the search look for the cheapest of fewer parcels, down to one.
"""

from collections.abc import Iterator
from typing import NamedTuple

from segue.core.exact import Found, Sent, Site, Table, carefully, cheapest
from segue.core.sourcing.costing import Costed, plan_of
from segue.core.sourcing.goods import Offer, Plan
from segue.core.sourcing.taking import split_refusal


class Solved(NamedTuple):
    """The cheapest plan within the limits."""

    found: Found
    table: Table
    plan: Plan
    refusal: str  # the limit that a cheaper plan would break


def solved(made: Costed) -> Solved | None:
    """The cheapest plan; None if none that is known keeps within the limits."""
    found, table = cheapest(made.problem)
    found = _ranked(made, found)
    plan = plan_of(made, found)
    refusal = split_refusal(plan, made.ask)
    if not refusal:
        return Solved(found, table, plan, "")
    kept = _within_limits(made, found, table)
    return Solved(kept[0], table, kept[1], refusal) if kept is not None else None


def _ranked(made: Costed, found: Found) -> Found:
    """The same plan, with what comes from one of several that cost the same from the one that ranks first."""
    if not made.ask.strategy.rank:
        return found
    sent: list[Sent] = []
    for site, part in found.sent:
        taken = {each.site.id for each in found.sent} | {each.site.id for each in sent}
        equals = [each for each in _equals(made, site, part) if each is site or each.id not in taken]
        sent.append(Sent(_first(made, equals, part) if len(equals) > 1 else site, part))
    return found._replace(sent=tuple(sent))


def _equals(made: Costed, site: Site, part: int) -> list[Site]:
    """The sites that send this part at the same cost."""
    key = site.tariff.keys[part]
    return [each for each in made.problem.sites if each.tariff.keys[part] == key and part in each.parts]


def _first(made: Costed, sites: list[Site], part: int) -> Site:
    """The one that the rankings put first, one after the other; ties go to the lower id."""
    ask, facts = made.ask, made.ask.context.facts
    units = made.parts.units[part]
    offers = [Offer(facts.locations[site.id], units, units == ask.goods.wanted) for site in sites]
    by_id = {site.id: site for site in sites}
    for rule in ask.strategy.rank:
        scores = [rule.call(offer, ask.order, facts) for offer in offers]
        offers = [offer for offer, score in zip(offers, scores, strict=True) if score == min(scores)]
    return by_id[offers[0].location.id]


def _within_limits(made: Costed, found: Found, table: Table) -> tuple[Found, Plan] | None:
    """The cheapest plan that keeps within all limits; if there is none, within the hard ones."""
    options = [found, *(_ranked(made, option) for option in _fewer(made, found, table))]
    plans = [(option, plan_of(made, option)) for option in options]
    for are_hard_only in (False, True):
        kept = [
            (option, plan)
            for option, plan in plans
            if plan.parcels and not split_refusal(plan, made.ask, are_hard_only)
        ]
        if kept:
            return min(kept, key=lambda one: one[0].key)
    return None


def _fewer(made: Costed, found: Found, table: Table) -> Iterator[Found]:
    """The cheapest plans of fewer and fewer parcels, and the cheapest of one parcel with all."""
    for parcels in range(len(plan_of(made, found).parcels) - 1, 0, -1):
        yield carefully(made.problem, table, parcels)
    whole = made.problem.shape.all
    if (site := table.place[whole]) is not None:
        yield Found(table.best[whole], (Sent(site, whole),), 0)
