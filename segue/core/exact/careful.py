"""The cheapest way to send an order where the quick search falls short: where sites would be asked for more than they
have, and where the number of parcels is limited.

Sites that have enough of a row or nothing of it can never be asked for too much. The others come one after the other, each
giving one part in all, in one parcel or several: cost[part] = min of what the site gives + cost of the rest without it.
Where the number of parcels is limited, there is such a table for each number.
"""

from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

from segue.core.exact.search import FAR, Found, Keys, Kind, Problem, Sent, Site, Table, cheapest_parcels, goes_before
from segue.core.exact.shapes import Pairs

FIRST = 4  # sites that are looked at first: the cheapest plan with them bounds all others from above

Bound = tuple[int, int, Site]  # what a plan with a site costs at least, the site's place among all, the site
Levels = list[Keys]  # the cheapest plans of each part, by how many parcels at most; only one where that is not limited


class _Ample(NamedTuple):
    """What the sites can give that are never asked for too much."""

    best: Keys
    place: list[Site | None]
    levels: Levels


class _Scarce(NamedTuple):
    """What one more site can give, and the cheapest plans without it and with it."""

    site: Site
    single: Keys  # a part in one parcel
    joint: Levels  # in so many at most
    before: Levels
    after: Levels


def carefully(problem: Problem, table: Table, parcels_max: int | None = None) -> Found:
    """The cheapest plan in which no site gives more than it has, of so many parcels at most.

    `table` is that of the quick search, which bounds every plan from below. So sites are passed over with which no plan can
    be as cheap as one that is found with a few.
    """
    bounds = _bounds(problem, table)
    first = _searched(problem, bounds[:FIRST], parcels_max)
    if len(bounds) <= FIRST or bounds[FIRST][0] > first.key:
        return first
    return _searched(problem, [bound for bound in bounds if bound[0] <= first.key], parcels_max)


def _bounds(problem: Problem, table: Table) -> list[Bound]:
    """The sites that are not ample, of one kind no more than there could be parcels, the most promising first.

    With each what the cheapest plan with it costs at least.
    """
    whole, most = problem.shape.all, sum(problem.shape.counts)
    seen: dict[Kind, int] = {}
    lowest: dict[Kind, int] = {}
    found: list[Bound] = []
    for place, site in enumerate(problem.sites):
        kind = site.kind
        if site.is_ample or seen.get(kind, 0) >= most:
            continue
        if kind not in lowest:
            lowest[kind] = min([site.tariff.keys[part] + table.cost[whole - part] for part in site.parts])
        seen[kind] = seen.get(kind, 0) + 1
        found.append((lowest[kind], place, site))
    return sorted(found, key=itemgetter(0, 1))


def _searched(problem: Problem, bounds: Sequence[Bound], parcels_max: int | None) -> Found:
    """The cheapest plan from sites that are ample and from these, of so many parcels at most."""
    limit = 0 if parcels_max is None else parcels_max
    needs = (0,) * len(problem.parcels) if parcels_max is None else problem.parcels
    best, place = cheapest_parcels(problem, [site for site in problem.sites if site.is_ample])
    ample = _Ample(best, place, _planned(problem, best, needs, limit))
    chain: list[_Scarce] = []
    levels = ample.levels
    for _, _, site in sorted(bounds, key=itemgetter(1)):
        single = [FAR] * (problem.shape.all + 1)
        for part in site.parts:
            single[part] = site.tariff.keys[part]
        joint = _alone(problem, site, single, needs, limit)
        chain.append(_Scarce(site, single, joint, levels, _together(problem, joint, levels)))
        levels = chain[-1].after
    return _walked(problem, ample, chain, needs)


def _least(single: Keys, levels: Levels, pairs: Pairs, needs: Sequence[int], number: int) -> int:
    """The cheapest of these pairs that so many parcels are enough for."""
    keys = [single[p] + levels[number - needs[p]][rest] for p, rest in pairs if needs[p] <= number]
    return min(keys, default=FAR)


def _planned(problem: Problem, best: Keys, needs: Sequence[int], limit: int) -> Levels:
    """The cheapest plans from sites that are never asked for too much."""
    shape, levels = problem.shape, list[Keys]()
    for number in range(limit + 1):
        cost = [0]
        levels.append(cost)
        for part in range(1, shape.all + 1):
            unfilled = cost[shape.less[part]] + problem.unfilled[shape.first[part]]
            cost.append(min(unfilled, _least(best, levels, shape.pairs[part], needs, number)))
    return levels


def _alone(problem: Problem, site: Site, single: Keys, needs: Sequence[int], limit: int) -> Levels:
    """What each part costs from one site alone, in one parcel or several, never more than it has."""
    shape, levels = problem.shape, list[Keys]()
    for number in range(limit + 1):
        cost = [0] + [FAR] * shape.all
        levels.append(cost)
        for part in site.parts:
            cost[part] = _least(single, levels, shape.pairs[part], needs, number)
    return levels


def _together(problem: Problem, joint: Levels, before: Levels) -> Levels:
    """The cheapest plans with one more site."""
    every, levels = problem.shape.every, list[Keys]()
    for number, without in enumerate(before):
        splits = [(joint[taken], before[number - taken]) for taken in range(number + 1)]
        cost = [0]
        for part in range(1, problem.shape.all + 1):
            pairs = every[part]
            cost.append(min(without[part], *(min(a[x] + b[y] for x, y in pairs) for a, b in splits)))
        levels.append(cost)
    return levels


def _walked(problem: Problem, ample: _Ample, chain: Sequence[_Scarce], needs: Sequence[int]) -> Found:
    """The plan behind the last figure, written down."""
    part, sent = problem.shape.all, list[Sent]()
    levels = chain[-1].after if chain else ample.levels
    number = len(levels) - 1
    key = levels[number][part]
    for link in reversed(chain):
        given, taken = _given(problem, link, part, number)
        sent += _parcels_of(problem, link, given, taken, needs)
        part, number = part - given, number - taken
    unfilled = _rest(problem, ample, part, number, needs, sent)
    return Found(key, tuple(sorted(sent, key=lambda one: (one.site.id, -one.part))), unfilled)


def _given(problem: Problem, link: _Scarce, part: int, number: int) -> tuple[int, int]:
    """What a site gives of a part, and in how many parcels at most; nothing, if that costs the same."""
    wanted = link.after[number][part]
    if link.before[number][part] == wanted:
        return 0, 0
    return next(
        (given, taken)
        for taken in range(number + 1)
        for given, rest in reversed(problem.shape.every[part])
        if link.joint[taken][given] + link.before[number - taken][rest] == wanted
    )


def _parcels_of(problem: Problem, link: _Scarce, part: int, number: int, needs: Sequence[int]) -> list[Sent]:
    """The parcels in which a site sends what it gives."""
    sent = []
    while part:
        parcel = _behind(problem, link.single, link.joint, part, number, needs)
        sent.append(Sent(link.site, parcel))
        part, number = part - parcel, number - needs[parcel]
    return sent


def _rest(problem: Problem, ample: _Ample, part: int, number: int, needs: Sequence[int], sent: list[Sent]) -> int:
    """Add the parcels of the sites that are never asked for too much. Returns what stays unfilled."""
    shape, unfilled = problem.shape, 0
    while part:
        parcel = _next(problem, ample, part, number, needs)
        site = ample.place[parcel]
        if site is None:
            unfilled, part = unfilled + part - shape.less[part], shape.less[part]
            continue
        sent.append(Sent(site, parcel))
        part, number = part - parcel, number - needs[parcel]
    return unfilled


def _next(problem: Problem, ample: _Ample, part: int, number: int, needs: Sequence[int]) -> int:
    """The parcel that goes first of a part: of equals that of the lower site, then the larger; 0: a piece stays unfilled."""
    wanted, chosen = ample.levels[number][part], 0
    for parcel, rest in problem.shape.pairs[part]:
        if needs[parcel] <= number and ample.best[parcel] + ample.levels[number - needs[parcel]][rest] == wanted:
            chosen = parcel if goes_before(ample.place, parcel, chosen) else chosen
    return chosen


def _behind(problem: Problem, single: Keys, levels: Levels, part: int, number: int, needs: Sequence[int]) -> int:
    """The first parcel of the plan that a figure stands for, the largest of equals."""
    wanted = levels[number][part]
    return next(
        parcel
        for parcel, rest in problem.shape.pairs[part]
        if needs[parcel] <= number and single[parcel] + levels[number - needs[parcel]][rest] == wanted
    )
