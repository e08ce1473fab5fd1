"""Rules and costs: filters are never broken, whatever it would save; rankings decide between what costs the same.

Covers F-1, F-2 and F-8.
"""

from itertools import permutations

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from segue.core.policy import Rule
from segue.core.rates import Card, Rates
from segue.core.sourcing.goods import Offer
from tests.core.test_cheapest import BASKETS, GRAMS, STOCKS, bought, changes, known, least, planned, reckoned, sources

EVEN = Rates(Card(((0, 500),), 0), handling={})  # every parcel costs the same, wherever it comes from
ORDERS = [dict(zip("ABCS", places, strict=True)) for places in permutations(range(4))]
PLACES_BARRED = st.sets(st.sampled_from("ABCS"), max_size=3)
LINES_BARRED = st.sets(st.tuples(st.integers(1, 3), st.sampled_from("ABCS")), max_size=6)


def ranked_by(places: dict[str, int], band: int = 1) -> Rule:
    """A ranking that puts locations in this order, those of one band together."""
    return Rule("liked", lambda offer, order, facts: places[offer.location.id] // band)


@settings(max_examples=300, deadline=None)
@for_all(BASKETS, STOCKS, PLACES_BARRED, LINES_BARRED)
def test_a_filter_is_never_broken_and_within_filters_no_plan_costs_less(
    basket: dict[str, int],
    stock: dict[str, dict[str, int]],
    places: set[str],
    lines: set[tuple[int, str]],
) -> None:
    order, facts = bought(**basket), known(stock)
    closed = Rule("closed", lambda location, order, facts: "closed" if location.id in places else None)
    barred = Rule("barred", lambda location, line, *_: "barred" if (line.number, location.id) in lines else None)
    made = planned(order, facts, eligible=(closed,), serve=(barred,))
    for place, units in sources(made):
        assert place not in places
        assert not {(number, place) for number in units} & lines
    allowed = {
        line.sku: {
            place: count
            for place, count in stock[line.sku].items()
            if place not in places and (line.number, place) not in lines
        }
        for line in order.lines
    }
    weights = {line.number: GRAMS[line.sku] for line in order.lines}
    assert reckoned(made, weights) == least(order, allowed, weights)


@settings(max_examples=300, deadline=None)
@for_all(BASKETS, STOCKS, st.sampled_from(ORDERS), st.integers(1, 3), st.sampled_from(ORDERS))
def test_of_locations_that_cost_the_same_the_rankings_choose_one_after_the_other_then_the_lower_id(
    basket: dict[str, int], stock: dict[str, dict[str, int]], first: dict[str, int], band: int, second: dict[str, int]
) -> None:
    order, facts = bought(**basket), known(stock, EVEN)
    skus = {line.number: line.sku for line in order.lines}
    made = planned(order, facts, rank=(ranked_by(first, band), ranked_by(second, 2)))
    plain = planned(order, facts)
    assert made.because.figures.get("cost_mills") == plain.because.figures.get("cost_mills")
    taken = {place for place, _ in sources(made)}
    for place, units in sources(made):
        able = [
            other
            for other in "ABCS"
            if other not in taken and all(stock[skus[number]].get(other, 0) >= count for number, count in units.items())
        ]
        for other in able:
            assert (first[place] // band, second[place] // 2, place) < (first[other] // band, second[other] // 2, other)


@settings(max_examples=200, deadline=None)
@for_all(BASKETS, STOCKS)
def test_without_rankings_it_is_the_lower_id(basket: dict[str, int], stock: dict[str, dict[str, int]]) -> None:
    order, facts = bought(**basket), known(stock, EVEN)
    skus = {line.number: line.sku for line in order.lines}
    made = sources(planned(order, facts))
    if len(made) == 1:
        ((place, units),) = made
        for other in "ABCS"[: "ABCS".index(place)]:
            assert any(stock[skus[number]].get(other, 0) < count for number, count in units.items())


def test_a_ranking_has_no_say_where_the_cost_differs() -> None:
    far_first = Rule("far_first", lambda offer, order, facts: _far_first(offer))
    stock = {"SHIRT": {"A": 1, "C": 1}}
    assert sources(planned(bought(SHIRT=1), known(stock), rank=(far_first,))) == [("A", {1: 1})]
    assert sources(planned(bought(SHIRT=1), known(stock, EVEN), rank=(far_first,))) == [("C", {1: 1})]


def _far_first(offer: Offer) -> float:
    return 0 if offer.location.id == "C" else 1


@settings(max_examples=100, deadline=None)
@for_all(BASKETS, STOCKS)
def test_locations_that_are_alike_are_told_the_same_as_if_each_were_looked_at(
    basket: dict[str, int], stock: dict[str, dict[str, int]]
) -> None:
    order, facts = bought(**basket), known(stock)
    told = planned(order, facts).because.passed_over
    for place, change in changes(order, facts, ()).items():
        if place in told and change.units:
            units = " and ".join(f"{count} more of {sku}" for sku, count in change.units.items())
            assert f"with {units} it would win" in told[place]
        elif place in told and change.cheaper_minor is not None:
            assert f"{change.cheaper_minor / 100:.2f} USD cheaper it would win" in told[place]
