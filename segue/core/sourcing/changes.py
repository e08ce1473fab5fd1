"""Changes: the smallest change that would have made a location win: so many units more, or a parcel of its own so much cheaper.

Where there are limits of a split the search is done again with the change, and only what does make it win is said.
"""

from typing import NamedTuple

from segue.core.exact import Found, Sent, Site, lowered, mills_of, strain_of, tabled, takes_too_much, walked
from segue.core.lanes import MILLS
from segue.core.sourcing.costing import Costed
from segue.core.sourcing.goods import may_serve
from segue.core.sourcing.sites import site_of
from segue.core.sourcing.solving import Solved, solved

CHANGED = (-1, -1, ())  # the kind of a site that is not as it is


class Change(NamedTuple):
    """What would have made a location win: units of SKUs more, or a parcel of its own so much cheaper."""

    units: dict[str, int]  # by SKU; empty: no stock that it could have had would do
    cheaper_minor: int | None  # None: there is no plan with what it has


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
    keys = [(site.tariff.keys[part] + rests[whole - part], part) for part in site.parts]
    for key, part in sorted(keys):
        if strain_of(key) == strain_of(found.key):
            cheaper = max(0, mills_of(key) - found.mills) // MILLS + 1
            tariff = lowered(site.tariff, made.problem.parcels, cheaper * MILLS)
            if _would_win(made, best, site._replace(tariff=tariff, kind=CHANGED), part):
                return cheaper
    return None


def _more_units(made: Costed, best: Solved, location: str, site: Site | None) -> dict[str, int]:
    """The fewest units more, by SKU, with which this location would be in the cheapest plan."""
    if location in made.ask.goods.rooms:
        return {}
    whole, tariff = made.problem.shape.all, made.tariffs.of(location)
    options = []
    for part in range(1, whole + 1):
        key = tariff.keys[part] + best.table.cost[whole - part]
        if key < best.found.key and (lacks := _lacking(made, location, part)):
            options.append((sum(lacks.values()), key, part, lacks))
    for _, _, part, lacks in sorted(options, key=lambda one: one[:3]):
        richer = {n: dict(held) for n, held in made.held.items()}
        for number in made.parts.units[part]:
            richer[number][location] = richer[number].get(location, 0) + lacks.get(made.ask.goods.skus[number], 0)
        with_more = site_of(made.stocks(), location, richer)
        if with_more is not None and _would_win(made, best, with_more._replace(kind=CHANGED), part):
            return lacks
    return {}


def _lacking(made: Costed, location: str, part: int) -> dict[str, int]:
    """What a location lacks for a part; nothing, if more stock would not help."""
    goods, wanted = made.ask.goods, dict[str, int]()
    for number, count in made.parts.units[part].items():
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
