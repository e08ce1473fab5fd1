"""The exact search against every plan there is, in thousands of small cases with many ties: the same cost, the same plan.

Of plans of one cost that with fewer units unfilled is taken, then that with fewer parcels, then that whose parcels come from
the lower sites, the parcel with the first piece first. Covers F-8.
"""

from collections.abc import Iterator
from random import Random

import pytest

from segue.core.exact import (
    KEY,
    KEY_UNFILLED,
    Problem,
    Site,
    Tariff,
    carefully,
    cheapest,
    parts_of,
    shape_of,
    tabled,
    takes_too_much,
    walked,
)

CASES = 1_500
UNITS = ((1,), (2,), (3,), (1, 1), (2, 1), (1, 2), (1, 1, 1), (2, 2), (3, 1))

NOBODY = ("~", 0)  # sends a piece that is left: it comes after all sites

Parcels = tuple[tuple[str, int], ...]  # site, part


def small(dice: Random) -> Problem:
    """Up to three sites with few different costs, some of them less than nothing."""
    shape = shape_of(dice.choice(UNITS))
    sites = []
    for number in range(dice.randint(1, 3)):
        parts, is_ample = parts_of(shape, [dice.randint(0, count) for count in shape.counts])
        keys = (0, *(dice.randint(-1, 3) * KEY + 1 for _ in range(shape.all)))
        if parts:
            sites.append(Site(f"S{number}", Tariff(keys), parts, is_ample, (number, parts)))
    unfilled = tuple(dice.choice((1, 2, 9)) * KEY + KEY_UNFILLED for _ in shape.counts)
    return Problem(shape, (0, *(1,) * shape.all), unfilled, sites)


def every_plan(problem: Problem, part: int, given: dict[str, int]) -> Iterator[tuple[int, Parcels]]:
    """Every way to send a part or to leave it, when sites have given so much: its key and its parcels."""
    shape = problem.shape
    if not part:
        yield 0, ()
        return
    first = shape.first[part]
    for key, parcels in every_plan(problem, shape.less[part], given):
        yield key + problem.unfilled[first], (NOBODY, *parcels)
    for site in problem.sites:
        for parcel in site.parts:
            fits = all(here <= there for here, there in zip(shape.pieces[parcel], shape.pieces[part], strict=True))
            taken = given.get(site.id, 0) + parcel
            if fits and shape.pieces[parcel][first] and taken in site.parts:
                rest = every_plan(problem, part - parcel, given | {site.id: taken})
                for key, parcels in rest:
                    yield key + site.tariff.keys[parcel], ((site.id, parcel), *parcels)


def order_of(parcels: Parcels) -> tuple[tuple[str, int], ...]:
    """By what plans of one cost are compared: site by site for the first piece that is left, the larger parcel first."""
    return tuple((site, -part) for site, part in parcels)


def sent_of(parcels: Parcels) -> Parcels:
    """Without what nobody sends."""
    return tuple(each for each in parcels if each != NOBODY)


@pytest.mark.parametrize("seed", range(4))
def test_the_plan_is_the_best_of_all_that_there_are(seed: int) -> None:
    dice = Random(seed)
    careful = ties = 0
    for _ in range(CASES):
        problem = small(dice)
        plans = list(every_plan(problem, problem.shape.all, {}))
        found, table = cheapest(problem)
        lowest = min(key for key, _ in plans)
        assert found.key == lowest == carefully(problem, table).key
        best = [parcels for key, parcels in plans if key == lowest]
        parcels = tuple((site.id, part) for site, part in found.sent)
        if takes_too_much(walked(problem, tabled(problem), problem.shape.all)):
            careful += 1
            assert sorted(parcels) in [sorted(sent_of(each)) for each in best]
        else:
            ties += len(best) > 1
            assert parcels == sent_of(min(best, key=order_of))
    assert careful > 100
    assert ties > 100


@pytest.mark.parametrize("most", [0, 1, 2])
def test_of_so_many_parcels_at_most_it_is_the_best_too(most: int) -> None:
    dice = Random(most)
    for _ in range(CASES):
        problem = small(dice)
        plans = every_plan(problem, problem.shape.all, {})
        lowest = min(key for key, parcels in plans if len(sent_of(parcels)) <= most)
        assert carefully(problem, tabled(problem), most).key == lowest


def test_among_many_sites_with_little_it_is_the_best_too() -> None:
    dice = Random(7)
    for _ in range(100):
        shape = shape_of((3,))
        parts = parts_of(shape, [1])
        keys = [(0, *(dice.randint(0, 30) * KEY + 1 for _ in range(3))) for _ in range(9)]
        sites = [Site(f"S{number}", Tariff(each), *parts, (number, (1,))) for number, each in enumerate(keys)]
        problem = Problem(shape, (0, 1, 1, 1), (9 * KEY + KEY_UNFILLED,), sites)
        singles = sorted(each[1] for each in keys)
        best = sum(min(single, problem.unfilled[0]) for single in singles[:3])
        found, _ = cheapest(problem)
        assert found.key == best
        assert len({site.id for site, _ in found.sent}) == len(found.sent)
