"""The cheapest way to send an order: best[part] is the cheapest parcel of a part over all sites, and
cost[part] the least of best[parcel] + cost[rest] over all its pairs, or of leaving a piece of it unfilled.

Costs carry what decides between equals in their low bits: see `KEY`. Of plans that are equal even so, the one whose parcels
come from the lower sites is taken, the parcel with the first row first.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from segue.core.exact.shapes import Shape, shape_of, within

# A key is mills * KEY + unfilled units * KEY_UNFILLED + parcels: of two plans of one cost that with fewer units unfilled
# is the lower, then that with fewer parcels. Keys are added up as costs are.
KEY_UNFILLED = 1 << 16
KEY = 1 << 32
KEY_STRAINED = 1 << 100  # beyond all money: what comes from a site that is asked only for what no other has
KEY_LOST = 1 << 120  # and beyond that: what stays unfilled where there are such sites
FAR = 1 << 160  # the key of what cannot be

Keys = list[int]
Kind = int | tuple[int, tuple[int, ...]]


class Tariff(NamedTuple):
    """What each part costs if sites of one kind send it: those in one zone, with the same handling and the same prices."""

    keys: tuple[int, ...]  # by part


def lowered(tariff: Tariff, parcels: Sequence[int], mills: int) -> Tariff:
    """A tariff by which each parcel costs so much less. `parcels`: by part, into how many it goes."""
    return Tariff(tuple(key - mills * KEY * count for key, count in zip(tariff.keys, parcels, strict=True)))


class Site(NamedTuple):
    """A location as the search sees it: by which tariff it sends which parts. Sites come in the order of their ids."""

    id: str
    tariff: Tariff
    parts: tuple[int, ...]  # that it has
    is_ample: bool  # whatever parcels it is asked for, together they never take more than it has
    kind: Kind  # sites of one kind have one tariff and the same parts


class Problem(NamedTuple):
    """What is searched: pieces, and what one of each row costs if it stays unfilled."""

    shape: Shape
    parcels: tuple[int, ...]  # by part: into how many parcels it goes
    unfilled: tuple[int, ...]  # by row: the key of a piece
    sites: Sequence[Site]


class Sent(NamedTuple):
    """One part, and the site that sends it."""

    site: Site
    part: int


class Found(NamedTuple):
    """The cheapest plan: its key, its parcels, and the part that stays unfilled."""

    key: int
    sent: tuple[Sent, ...]
    unfilled: int

    @property
    def mills(self) -> int:
        """What it costs."""
        return mills_of(self.key)


class Table(NamedTuple):
    """What the search has found out of all parts."""

    best: Keys  # the cheapest parcel of a part
    place: list[Site | None]  # which site sends it
    cost: Keys  # the cheapest plan of a part
    pick: list[int]  # its first parcel; 0: a piece is left unfilled


def mills_of(key: int) -> int:
    """The money of a key. It may be less than nothing: what loses its value where it is had better go."""
    beyond = (key + KEY_STRAINED // 2) // KEY_STRAINED
    return (key - beyond * KEY_STRAINED) // KEY


def tabled(problem: Problem) -> Table:
    """The cheapest parcel and the cheapest plan of every part, as if parcels of one site knew nothing of each other."""
    best, place = cheapest_parcels(problem, problem.sites)
    cost, pick = combined(problem, best, place)
    return Table(best, place, cost, pick)


def cheapest_parcels(problem: Problem, sites: Sequence[Site]) -> tuple[Keys, list[Site | None]]:
    """The cheapest parcel of each part. Of sites that have the same at the same cost, only the first is looked at."""
    total = problem.shape.all + 1
    best, place = [FAR] * total, list[Site | None]([None]) * total
    kinds: dict[Kind, Site] = {}
    for site in sites:
        kinds.setdefault(site.kind, site)
    for site in kinds.values():
        keys = site.tariff.keys
        for part in site.parts:
            if keys[part] < best[part]:
                best[part] = keys[part]
                place[part] = site
    return best, place


def combined(problem: Problem, best: Keys, place: list[Site | None]) -> tuple[Keys, list[int]]:
    """The cheapest plan of each part."""
    shape = problem.shape
    cost, pick = [0], [0]
    for part in range(1, shape.all + 1):
        lowest = cost[shape.less[part]] + problem.unfilled[shape.first[part]]
        chosen = 0
        for parcel, rest in shape.pairs[part]:
            key = best[parcel] + cost[rest]
            if key < lowest or (key == lowest and goes_before(place, parcel, chosen)):
                lowest, chosen = key, parcel
        cost.append(lowest)
        pick.append(chosen)
    return cost, pick


def goes_before(place: list[Site | None], parcel: int, chosen: int) -> bool:
    """Whether of two equal plans that is taken whose first parcel is this one."""
    one, other = place[parcel], place[chosen]
    return other is None or (one is not None and one.id < other.id)


def walked(problem: Problem, table: Table, part: int) -> Found:
    """The cheapest plan of a part, written down."""
    key, sent, unfilled = table.cost[part], list[Sent](), 0
    while part:
        site = table.place[table.pick[part]]
        if site is None:
            unfilled += part - problem.shape.less[part]
            part = problem.shape.less[part]
        else:
            sent.append(Sent(site, table.pick[part]))
            part -= table.pick[part]
    return Found(key, tuple(sent), unfilled)


def takes_too_much(found: Found) -> bool:
    """Whether several parcels of one site take more together than it has."""
    if len(found.sent) < 2:
        return False
    totals: dict[str, int] = {}
    for site, part in found.sent:
        totals[site.id] = totals.get(site.id, 0) + part
    return any(not site.is_ample and totals[site.id] not in site.parts for site, _ in found.sent)


def parts_of(shape: Shape, most: Sequence[int]) -> tuple[tuple[int, ...], bool]:
    """The parts that so many pieces of each row allow, and whether that is of every row all or nothing."""
    held = [min(here, count) for here, count in zip(most, shape.counts, strict=True)]
    part = sum(count * stride for count, stride in zip(held, shape.strides, strict=True))
    is_ample = all(count in (0, whole) for count, whole in zip(held, shape.counts, strict=True))
    return within(shape.counts, part), is_ample


@lru_cache(maxsize=4096)
def parts_up_to(counts: tuple[int, ...], part: int) -> tuple[tuple[int, ...], bool]:
    """The parts within a part, and whether it is of every row all or nothing."""
    shape = shape_of(counts)
    return parts_of(shape, shape.pieces[part])
