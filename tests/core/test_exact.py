"""The exact search: equal to brute force on small problems, whichever way it goes."""

from collections.abc import Iterator
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from segue.core.exact import (
    FAR,
    KEY,
    KEY_UNFILLED,
    Found,
    Problem,
    Site,
    Tariff,
    carefully,
    cheapest,
    mills_of,
    parts_of,
    shape_of,
    tabled,
)

UNFILLED = 50 * KEY + KEY_UNFILLED


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Small ones, in which sites often have too little and a parcel may cost more than two."""
    counts = tuple(draw(st.lists(st.integers(1, 2), min_size=1, max_size=3)))
    shape = shape_of(counts)
    sites = []
    for number in range(draw(st.integers(0, 3))):
        most = draw(st.tuples(*(st.integers(0, count) for count in counts)))
        parts, is_ample = parts_of(shape, most)
        tariff = Tariff((0, *(draw(st.integers(-3, 25)) * KEY + 1 for _ in range(shape.all))))
        if parts:
            sites.append(Site(f"S{number}", tariff, parts, is_ample, (number, parts)))
    return Problem(shape, (0, *(1,) * shape.all), (UNFILLED,) * len(counts), sites)


def by_force(problem: Problem, parcels_max: int | None = None) -> int:
    """The lowest key over all ways of giving each piece to a site or to nobody, and of packing what each site gives."""
    shape, sites = problem.shape, problem.sites
    strides = [stride for stride, count in zip(shape.strides, shape.counts, strict=True) for _ in range(count)]
    rows = [row for row, count in enumerate(shape.counts) for _ in range(count)]
    lowest = FAR
    for givers in product(range(-1, len(sites)), repeat=len(strides)):
        unfilled = sum(problem.unfilled[row] for row, giver in zip(rows, givers, strict=True) if giver < 0)
        given_by = [sum(s for s, giver in zip(strides, givers, strict=True) if giver == at) for at in range(len(sites))]
        if all(part == 0 or part in site.parts for part, site in zip(given_by, sites, strict=True)):
            ways = [list(_packed(problem, site, part)) for site, part in zip(sites, given_by, strict=True)]
            for packing in product(*ways):
                if parcels_max is None or sum(count for _, count in packing) <= parcels_max:
                    lowest = min(lowest, unfilled + sum(key for key, _ in packing))
    return lowest


def _packed(problem: Problem, site: Site, part: int) -> Iterator[tuple[int, int]]:
    """The key and the number of parcels of every way of packing a part."""
    if not part:
        yield 0, 0
    for parcel, rest in problem.shape.pairs[part]:
        for key, count in _packed(problem, site, rest):
            yield site.tariff.keys[parcel] + key, count + 1


def checked(problem: Problem, found: Found) -> int:
    """The key of a plan, added up anew; it sends all that is not unfilled, and nobody gives more than they have."""
    totals: dict[str, int] = {}
    for site, part in found.sent:
        totals[site.id] = totals.get(site.id, 0) + part
    assert all(totals[site.id] in site.parts for site, _ in found.sent)
    assert sum(totals.values()) + found.unfilled == problem.shape.all
    lost = zip(problem.unfilled, problem.shape.pieces[found.unfilled], strict=True)
    keys = sum(site.tariff.keys[part] for site, part in found.sent)
    return keys + sum(key * count for key, count in lost)


@settings(max_examples=400, deadline=None)
@given(problems())
def test_the_plan_found_is_the_cheapest_there_is(problem: Problem) -> None:
    found, table = cheapest(problem)
    assert found.key == checked(problem, found) == by_force(problem)
    assert found.mills == mills_of(found.key)
    assert table.cost[-1] <= found.key


@settings(max_examples=300, deadline=None)
@given(problems(), st.integers(0, 3))
def test_of_so_many_parcels_at_most_it_is_the_cheapest_too(problem: Problem, most: int) -> None:
    found = carefully(problem, tabled(problem), most)
    assert len(found.sent) <= most
    assert found.key == checked(problem, found) == by_force(problem, most)


@settings(max_examples=100, deadline=None)
@given(problems())
def test_the_careful_way_and_the_quick_one_cost_the_same(problem: Problem) -> None:
    assert carefully(problem, tabled(problem)).key == cheapest(problem)[0].key
