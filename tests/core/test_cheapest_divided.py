"""Where some units have to travel apart, the cheapest plan counts every parcel. Covers F-4 and F-8."""

from itertools import product

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from segue.core.policy import Rule
from segue.core.sourcing.goods import Demand
from segue.policies.dividing import by_weight
from segue.policies.splitting import shipments_at_most
from tests.core.shop import rule
from tests.core.test_cheapest import BASKETS, GRAMS, STOCKS, bought, known, parcel_cost, planned, reckoned, sources

LIGHT = rule(by_weight, weight_g=600)


def test_units_that_travel_apart_cost_a_parcel_each() -> None:
    facts = known({"SHIRT": {"A": 3, "C": 3}})
    made = planned(bought(SHIRT=3), facts, divide=(LIGHT,))
    assert sources(made) == [("A", {1: 2}), ("A", {1: 1})]
    whole = planned(bought(SHIRT=3), facts)
    assert sources(whole) == [("A", {1: 3})]
    assert [one["total_mills"] for one in made.because.figures["parcels"]] == [670_000, 510_000]
    assert made.because.figures["cost_mills"] == 1_180_000
    assert made.because.passed_over == {"C": "2.00 USD dearer; 2.01 USD cheaper it would win"}


def test_a_limit_of_parcels_counts_what_travels_apart() -> None:
    facts = known({"SHIRT": {"A": 3, "C": 3}})
    made = planned(bought(SHIRT=3), facts, divide=(LIGHT,), split=(rule(shipments_at_most, count=1),))
    assert sources(made) == [("A", {1: 2})]
    assert made.missing == {1: 1}


@settings(max_examples=150, deadline=None)
@for_all(BASKETS, STOCKS, st.sampled_from((300, 500, 800)))
def test_no_plan_of_divided_parcels_costs_less(
    basket: dict[str, int], stock: dict[str, dict[str, int]], weight_g: int
) -> None:
    order, facts = bought(**basket), known(stock)
    weights = {line.number: GRAMS[line.sku] for line in order.lines}
    limit = rule(by_weight, weight_g=weight_g)
    made = planned(order, facts, divide=(limit,))
    for _, units in sources(made):
        assert limit.call(units, order, facts) == [units]
    pieces = [(line.number, line.sku) for line in order.lines for _ in range(line.quantity)]
    lowest = 10_000_000 * 1000 * len(pieces)
    for places in product(("", *"ABCS"), repeat=len(pieces)):
        given_by: dict[str, Demand] = {}
        for (number, _), place in zip(pieces, places, strict=True):
            given_by.setdefault(place, {})[number] = given_by.get(place, {}).get(number, 0) + 1
        missing = sum(given_by.pop("", {}).values())
        skus = {line.number: line.sku for line in order.lines}
        if all(count <= stock[skus[n]].get(p, 0) for p, units in given_by.items() for n, count in units.items()):
            parcels = [(p, each) for p, units in given_by.items() for each in limit.call(units, order, facts)]
            cost = sum(parcel_cost(p, each, weights) for p, each in parcels)
            lowest = min(lowest, cost + missing * 1_000_000 * 1000)
    assert reckoned(made, weights) <= lowest


def test_what_can_never_travel_together_is_divided_by_every_rule() -> None:
    by_line = Rule("by_line", lambda units, order, facts: [{number: count} for number, count in units.items()])
    made = planned(bought(SHIRT=1, CAP=1), known({"SHIRT": {"A": 1}, "CAP": {"A": 1}}), divide=(by_line, LIGHT))
    assert sources(made) == [("A", {1: 1}), ("A", {2: 1})]
