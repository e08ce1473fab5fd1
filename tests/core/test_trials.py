"""Trials and shadows: a part of the orders follows a strategy, and what is only worked out is recorded and not done."""

import pytest
from msgspec.structs import replace

from segue.core.allocate import UnitsBackordered
from segue.core.order import Order
from segue.core.route import following
from segue.core.sourcing.strategies import not_now
from segue.core.sourcing.trials import part_of
from segue.core.workflow import Among, Strategy
from segue.policies.splitting import one_shipment
from tests.core.given import given
from tests.core.routed import ALL, FAR, NEAR, knowing, places, reason, routed
from tests.core.shop import draft, rule, sold

SHADOW = Strategy("shadow", among=Among(ids=("MIA",)), shadow=True)
ORDERS = 4_000


def an_order() -> Order:
    order = given(draft(sold())).order
    assert order is not None
    return order


@pytest.mark.parametrize("percent", [1, 20, 50, 99])
def test_as_many_orders_as_it_says_are_in_a_trial_and_always_the_same(percent: int) -> None:
    """Covers F-17."""
    trial, context = Strategy("near", trial=percent), knowing(draft(sold()), ALL).context
    orders = [replace(an_order(), id=f"web-{number}") for number in range(ORDERS)]
    chosen = [order.id for order in orders if not not_now(trial, order, context)]
    assert abs(len(chosen) / ORDERS - percent / 100) < 0.02
    assert chosen == [order.id for order in orders if not not_now(trial, order, context)]


def test_two_trials_divide_the_orders_in_their_own_ways() -> None:
    """Covers F-17."""
    parts = [(part_of("one", f"web-{n}") < 5_000, part_of("other", f"web-{n}") < 5_000) for n in range(ORDERS)]
    for pair in ((True, True), (True, False), (False, True), (False, False)):
        assert 0.23 < parts.count(pair) / ORDERS < 0.27


def test_an_order_that_is_not_in_the_trial_goes_by_the_next_strategy_and_both_say_so() -> None:
    """Covers F-17."""
    near = {name: replace(NEAR, name=name, trial=50) for name in map(str, range(20))}
    seen = set()
    for name, strategy in near.items():
        (event,) = routed(draft(sold("SHIRT", 1)), ALL, strategy, FAR)
        is_in = part_of(name, an_order().id) < 5_000
        seen.add(is_in)
        if is_in:
            assert reason(event).figures == {"chosen": {"DAL": 1}, "strategy": name}
        else:
            tried = {name: "not one of the 50 % of the orders in its trial"}
            assert reason(event).figures == {"chosen": {"REN": 1}, "strategy": "far", "tried": tried}
    assert seen == {True, False}


def test_a_shadow_is_recorded_with_the_first_parcel_and_changes_nothing() -> None:
    """Covers F-17."""
    stock = {"SHIRT": {"DAL": 3, "REN": 3, "MIA": 3}}
    events = routed(draft(sold("SHIRT", 4)), stock, SHADOW, NEAR, FAR)
    assert places(events) == {"DAL": 3, "REN": 1}
    assert reason(events[0]).figures == {
        "chosen": {"DAL": 3},
        "strategy": "near",
        "shadow": {"shadow": {"sends": {"MIA": {"SHIRT": 3}}, "missing": {"SHIRT": 1}}},
    }
    assert "shadow" not in reason(events[1]).figures
    plain = routed(draft(sold("SHIRT", 4)), stock, NEAR, FAR)
    assert events[1:] == plain[1:]


def test_a_shadow_is_recorded_too_where_nothing_is_found() -> None:
    """Covers F-17."""
    (event,) = routed(draft(sold("SHIRT", 1), sold("SHIRT", 1)), {"SHIRT": {"MIA": 2}}, NEAR, SHADOW)
    assert isinstance(event, UnitsBackordered)
    assert reason(event).figures["shadow"] == {"shadow": {"sends": {"MIA": {"SHIRT": 2}}}}


def test_a_shadow_that_is_not_for_the_order_is_not_worked_out() -> None:
    """Covers F-17."""
    (event,) = routed(draft(sold("SHIRT", 1)), ALL, NEAR, replace(SHADOW, until_s=1))
    assert reason(event).figures == {"chosen": {"DAL": 1}, "strategy": "near"}


def test_a_shadow_keeps_within_its_own_limits() -> None:
    """Covers F-17."""
    split = replace(SHADOW, among=None, split=(rule(one_shipment),))
    (event,) = routed(draft(sold("SHIRT", 4)), {"SHIRT": {"DAL": 4, "MIA": 3}}, NEAR, split)
    assert reason(event).figures["shadow"] == {"shadow": {"sends": {"DAL": {"SHIRT": 4}}}}


def test_a_strategy_that_is_asked_for_by_name_is_for_all_orders() -> None:
    """Covers F-17."""
    workflow = replace(knowing(draft(sold()), ALL).context.workflow, routing=(replace(NEAR, trial=1), SHADOW))
    for name in ("near", "shadow"):
        found = following(workflow, name)
        assert found is not None
        (only,) = found.routing
        assert (only.name, only.trial, only.shadow) == (name, None, False)
