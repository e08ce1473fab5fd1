"""The algorithm `exact` within limits: what comes whole, full days, soft filters, splits, and orders that are too large."""

from typing import Any

from msgspec.structs import replace

from segue.core.days import Capacity, Load
from segue.core.facts import Facts, Item
from segue.core.order import Order
from segue.core.policy import Rule
from segue.core.rates import Card
from segue.core.sourcing import Plan
from segue.core.workflow import Strategy
from segue.policies.splitting import one_shipment
from tests.core.given import given
from tests.core.shop import draft, rule, sold
from tests.core.test_cheapest import HERE, PLACES, bought, known, planned, replace_rates, sources


def test_what_only_comes_whole_does() -> None:
    stock = {"SHIRT": {"A": 1, "C": 2}, "MUG": {"A": 1, "B": 1}}
    order = bought(SHIRT=2, MUG=1)
    assert dict(sources(followed(order, known(stock), complete="line"))) == {"C": {1: 2}, "B": {2: 1}}
    assert sources(followed(order, known(stock), complete="order")) == []


def followed(order: Order, facts: Facts, **strategy: Any) -> Plan:
    """What comes of a strategy of its own."""
    return planned(order, facts, routing=(Strategy("cheap", algorithm="exact", **strategy),))


def test_lines_that_share_a_property_come_together() -> None:
    stock = {"SHIRT": {"A": 1, "C": 1}, "CAP": {"B": 1, "C": 1}, "MUG": {"B": 1}}
    lines = [sold("SHIRT", properties={"set": "1"}), sold("CAP", properties={"set": "1"}), sold("MUG")]
    order = given(draft(*lines, ship_to=HERE)).order
    assert order is not None
    assert dict(sources(followed(order, known(stock), complete="property:set"))) == {"C": {1: 1, 2: 1}, "B": {3: 1}}


def test_a_day_that_is_full_gives_no_more() -> None:
    small = replace(PLACES[1], capacity=Capacity(units=1))
    facts = known({"SHIRT": {"B": 9, "C": 9}}, places=(PLACES[0], small, *PLACES[2:]))
    facts.days = {f"B|{small.day_of(0)}": Load()}
    made = planned(bought(SHIRT=2), facts)
    assert sources(made) == [("C", {1: 2})]
    assert made.because.passed_over == {"B": "2.50 USD dearer; 2.51 USD cheaper it would win"}


def test_two_lines_of_one_sku_share_what_there_is() -> None:
    order = given(draft(sold("SHIRT"), sold("SHIRT"), ship_to=HERE)).order
    assert order is not None
    made = planned(order, known({"SHIRT": {"B": 1, "C": 1}}))
    assert sorted(place for place, _ in sources(made)) == ["B", "C"]
    assert made.missing == {}


def test_a_soft_filter_makes_a_location_the_last_to_be_asked() -> None:
    dislikes = Rule("dislikes", lambda location, order, facts: "no" if location.id == "B" else None, soft=True)
    both = planned(bought(SHIRT=1), known({"SHIRT": {"B": 1, "C": 1}}), eligible=(dislikes,))
    assert sources(both) == [("C", {1: 1})]
    assert both.because.passed_over == {"B": "dislikes: no; asked only for what no other has"}
    assert sources(planned(bought(SHIRT=1), known({"SHIRT": {"B": 1}}), eligible=(dislikes,))) == [("B", {1: 1})]


def test_many_units_stay_together_and_the_reason_says_so() -> None:
    made = planned(bought(SHIRT=200), known({"SHIRT": {"A": 150, "B": 120, "C": 40}}))
    assert made.missing == {}
    assert dict(sources(made)) == {"A": {1: 150}, "B": {1: 50}}
    assert made.because.figures["search"] == "units of a line stay together"


def test_without_rates_and_where_no_plan_keeps_the_limits_the_rules_have_the_word() -> None:
    bare = planned(bought(SHIRT=1), known({"SHIRT": {"C": 1}}, None))
    assert bare.because.figures == {"chosen": {"C": 1}, "algorithm": "rules, as the shop has no rates.yaml"}
    none = planned(bought(SHIRT=2), known({"SHIRT": {"A": 1, "C": 1}}), split=(rule(one_shipment),))
    assert (none.parcels, none.because.figures["algorithm"]) == (
        (),
        "rules, as no cheaper plan keeps within the limits",
    )


def test_a_limit_is_kept_in_the_cheapest_way() -> None:
    stock = {"SHIRT": {"A": 1, "S": 2}, "MUG": {"B": 1, "S": 1}}
    order, two = bought(SHIRT=1, MUG=1), planned(bought(SHIRT=1, MUG=1), known(stock, CHEAP_NEAR))
    one = planned(order, known(stock, CHEAP_NEAR), split=(rule(one_shipment),))
    assert (len(two.parcels), sources(one)) == (2, [("S", {1: 1, 2: 1})])
    assert one.because.figures["split"] == "one_shipment: it would take 2 parcels"


CHEAP_NEAR = replace_rates(methods={"ground": {"near": Card(((1000, 100),)), "far": Card(((1000, 900),))}})


def test_an_order_of_very_many_lines_goes_by_the_cheapest_unit() -> None:
    names = [f"X{number:02}" for number in range(14)]
    order = given(draft(*(sold(name) for name in names), ship_to=HERE)).order
    assert order is not None
    facts = known({})
    facts.items |= {name: Item(name, weight_g=100) for name in names}
    facts.stock |= {
        name: {place: 1 for place in ("A", "B", "C", "S") if (at + ord(place)) % 3} for at, name in enumerate(names)
    }
    few = planned(order, facts)
    assert few.because.figures["search"] == "lines that the same locations have stay together"
    facts.stock |= {
        name: {place: at >> bit & 1 for bit, place in enumerate("ABCS")} for at, name in enumerate(names, 1)
    }
    many = planned(order, facts)
    assert (
        many.because.figures["algorithm"] == "rules, the cheapest units first, as there is too much to search through"
    )
    assert sources(many)[0][0] in ("B", "C", "S")
