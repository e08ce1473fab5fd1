"""Changes: the smallest that would have made a location win: so many units more, or a parcel of its own so much cheaper.

Where there are limits of a split the search is done again with the change, and only what does make it win is said.
"""

from operator import itemgetter
from typing import NamedTuple

from segue.core.exact import Kind, Site, lowered, mills_of, tabled, takes_too_much, walked
from segue.core.lanes import MILLS
from segue.core.sourcing.costing import Costed
from segue.core.sourcing.goods import may_serve
from segue.core.sourcing.sites import site_of
from segue.core.sourcing.solving import Solved, solved

CHANGED = (-1, ())  # the kind of a site that is not as it is


class Change(NamedTuple):
    """What would have made a location win: units of SKUs more, or a parcel of its own so much cheaper."""

    units: dict[str, int]  # by SKU; empty: no stock that it could have had would do
    cheaper_minor: int | None  # None: there is no plan with what it has


def change_for(made: Costed, best: Solved, location: str, site: Site | None) -> Change:
    """The smallest change that would have made a location win. `site` is what it can send, if it can send anything.

    It fails no soft filter: no money would make up for that.
    """
    return Change(_more_units(made, best, location), _cheaper_minor(made, best, site) if site else None)


class Changes:
    """The changes of the locations of one plan; most that lost by little are alike, and need the same."""

    def __init__(self, made: Costed, best: Solved) -> None:
        self.made = made
        self.best = best
        self.special = {site.id for site in best.table.place if site is not None}  # others are chosen by what they are
        self.known: dict[Kind, Change] = {}

    def of(self, site: Site) -> Change:
        """The smallest change that would have made a site win."""
        is_alike = isinstance(site.kind, int) and site.id not in self.special and not self.made.ask.strategy.split
        if is_alike and site.kind in self.known:
            return self.known[site.kind]
        found = change_for(self.made, self.best, site.id, site)
        if is_alike:
            self.known[site.kind] = found
        return found


def _cheaper_minor(made: Costed, best: Solved, site: Site) -> int | None:
    """By how much a parcel of this site has to be cheaper; a rest that would take too much of it is reckoned without it."""
    cheaper = _cheaper_with(made, best, site, best.table.cost)
    if cheaper is not None:
        return cheaper
    others = [each for each in made.problem.sites if each.id != site.id]
    return _cheaper_with(made, best, site, tabled(made.problem._replace(sites=others)).cost)


def _cheaper_with(made: Costed, best: Solved, site: Site, rests: list[int]) -> int | None:
    whole, found, own = made.problem.shape.all, best.found, site.tariff.keys
    for key, part in sorted([(own[part] + rests[whole - part], part) for part in site.parts]):
        cheaper = max(0, mills_of(key) - found.mills) // MILLS + 1
        if _fits_beside(made, best, site.id, part):
            return cheaper
        tariff = lowered(site.tariff, made.problem.parcels, cheaper * MILLS)
        if _would_win(made, site._replace(tariff=tariff, kind=CHANGED)):
            return cheaper
    return None


def _more_units(made: Costed, best: Solved, location: str) -> dict[str, int]:
    """The fewest units more, by SKU, with which this location would be in the cheapest plan."""
    if location in made.ask.goods.rooms:
        return {}
    whole, own, rests = made.problem.shape.all, made.tariffs.of(location).keys, best.table.cost
    options = []
    for part in range(1, whole + 1):
        key = own[part] + rests[whole - part]
        if key < best.found.key and (lacks := _lacking(made, location, part)):
            options.append((sum(lacks.values()), key, part, lacks))
    for _, _, part, lacks in sorted(options, key=itemgetter(0, 1, 2)):
        if _fits_beside(made, best, location, part) or _wins_with(made, location, part, lacks):
            return lacks
    return {}


def _wins_with(made: Costed, location: str, part: int, lacks: dict[str, int]) -> bool:
    """Whether a location is in the cheapest plan once it has what it lacks for a part."""
    skus = made.ask.goods.skus
    richer = {number: {location: held.get(location, 0)} for number, held in made.held.items()}
    for number in made.parts.units[part]:
        richer[number][location] += lacks.get(skus[number], 0)
    with_more = site_of(made.stocks(), location, richer)
    return with_more is not None and _would_win(made, with_more._replace(kind=CHANGED))


def _lacking(made: Costed, location: str, part: int) -> dict[str, int]:
    """What a location lacks for a part; nothing, if more stock would not help."""
    goods, wanted = made.ask.goods, dict[str, int]()
    for number, count in made.parts.units[part].items():
        if not may_serve(made.ask.order.lines[number - 1], location) or (number, location) in goods.barred:
            return {}
        wanted[goods.skus[number]] = wanted.get(goods.skus[number], 0) + count
    return {sku: lack for sku, count in wanted.items() if (lack := count - goods.free[sku].get(location, 0)) > 0}


def _fits_beside(made: Costed, best: Solved, location: str, part: int) -> bool:
    """Whether it is seen at once that a location wins with a part that has become cheaper than the plan with it was.

    It does if nothing but the cost decides, and the rest of the plan needs nothing of it: all plans without it cost what
    they did.
    """
    if made.ask.strategy.split:
        return False
    rest = walked(made.problem, best.table, made.problem.shape.all - part)
    return all(sent.site.id != location for sent in rest.sent) and not takes_too_much(rest)


def _would_win(made: Costed, site: Site) -> bool:
    """Whether a site that has changed is in the plan that is then the cheapest."""
    problem = made.problem
    others = [each for each in problem.sites if each.id != site.id]
    changed = made._replace(problem=problem._replace(sites=sorted([*others, site], key=lambda each: each.id)))
    then = solved(changed)
    return then is not None and any(sent.site.id == site.id for sent in then.found.sent)
