"""Routing to see: every location is told of, whatever is pretended, and nothing is changed by it. Covers F-14 and F-15."""

from copy import deepcopy
from typing import Any

from msgspec.structs import replace

from segue.core.allocate import UnitsAllocated, evolve_allocated
from segue.core.context import Context
from segue.core.days import Capacity, Load
from segue.core.facts import Facts
from segue.core.order import Fulfillment, Order
from segue.core.policy import Rule
from segue.core.route import Pretended, following, movable, route
from segue.core.sourcing import Plan
from segue.core.workflow import Strategy, Workflow
from segue.policies.splitting import one_shipment
from tests.core.shop import rule, workflow
from tests.core.test_cheapest import PLACES, bought, known, sources

NOTHING = Pretended()
STOCK = {"SHIRT": {"A": 1, "C": 2}, "MUG": {"B": 1}}


def flow(**declared: Any) -> Workflow:
    return workflow(**{"algorithm": "exact", "rank": (), "eligible": (), "split": ()} | declared)


def routed(order: Order, facts: Facts, pretended: Pretended = NOTHING, **declared: Any) -> Plan:
    return route(order, Context(0, flow(**declared), facts), pretended)


def test_every_location_is_told_of_with_the_smallest_change_that_would_make_it_win() -> None:
    made = routed(bought(SHIRT=2), known(STOCK))
    assert sources(made) == [("C", {1: 2})]
    assert made.because.passed_over == {
        "A": "3.00 USD dearer; with 1 more of SHIRT it would win",
        "B": "has nothing of it; with 2 more of SHIRT it would win",
        "S": "has nothing of it",
    }


def test_who_has_nothing_is_told_how_many_units_would_make_it_win() -> None:
    made = routed(bought(SHIRT=1), known({"SHIRT": {"C": 1}}))
    assert made.because.passed_over == {
        "A": "has nothing of it; with 1 more of SHIRT it would win",
        "B": "has nothing of it; with 1 more of SHIRT it would win",
        "S": "has nothing of it",
    }


def test_who_has_nothing_and_may_not_send_it_is_told_the_filter() -> None:
    closed = Rule("closed", lambda location, order, facts: "shut" if location.id == "A" else None)
    barred = Rule("barred", lambda location, line, *_: "no" if location.id == "B" else None)
    disliked = Rule("liked", lambda location, order, facts: "no" if location.id == "S" else None, soft=True)
    made = routed(bought(SHIRT=1), known({"SHIRT": {"C": 1}}), eligible=(closed, disliked), serve=(barred,))
    assert made.because.passed_over == {
        "A": "closed: shut", "B": "has nothing of it", "S": "has nothing of it",
    }  # fmt: skip


def test_no_stock_makes_a_location_win_whose_day_is_limited() -> None:
    small = replace(PLACES[0], capacity=Capacity(units=1))
    facts = known({"SHIRT": {"C": 1}}, places=(small, *PLACES[1:]))
    facts.days = {f"A|{small.day_of(0)}": Load()}
    assert routed(bought(SHIRT=1), facts).because.passed_over["A"] == "has nothing of it"


def test_stock_and_closures_are_pretended_and_nothing_is_changed() -> None:
    facts = known(STOCK)
    before = deepcopy(facts.stock)
    pretended = Pretended({("SHIRT", "A"): 2, ("TEA", "A"): 5}, ("C",))
    made = routed(bought(SHIRT=2), facts, pretended)
    assert sources(made) == [("A", {1: 2})]
    assert made.because.passed_over["C"] == "off: pretended (what if)"
    assert {sku: before[sku] for sku in ("MUG", "CAP")} == {sku: facts.stock[sku] for sku in ("MUG", "CAP")}


def test_what_the_order_has_already_may_come_from_anywhere() -> None:
    order = evolve_allocated(bought(SHIRT=2), UnitsAllocated("F1", "A", {1: ((1, 2),)}), 0)
    assert movable(order) == {1: 2}
    gone = order.fulfillments | {"F2": Fulfillment("B", {1: ((3, 3),)})}
    order = replace(order, fulfillments=gone)
    assert sources(routed(order, known({"SHIRT": {"C": 2}}))) == [("A", {1: 2})]
    assert sources(routed(order, known({"SHIRT": {"C": 2}}), Pretended({("SHIRT", "A"): 0}))) == [("C", {1: 2})]


def test_a_strategy_or_an_algorithm_may_be_asked_for() -> None:
    near, far = Strategy("near", algorithm="exact"), Strategy("far", algorithm="rules")
    whole = flow(routing=(near, far))
    only = following(whole, "far")
    assert only is not None
    assert only.routing == (far,)
    by_rules = following(whole, "rules")
    assert by_rules is not None
    assert [each.algorithm for each in by_rules.routing] == ["rules", "rules"]
    assert following(whole, "farther") is None


def test_within_limits_the_change_is_one_with_which_it_would_win() -> None:
    made = routed(bought(SHIRT=1, MUG=1), known(STOCK), split=(rule(one_shipment),))
    assert made.because.figures["algorithm"] == "rules, as no cheaper plan keeps within the limits"
