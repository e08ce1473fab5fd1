"""Strategies: which one an order follows, what is asked of the next, and what if something is left."""

from msgspec.structs import replace

from segue.core.allocate import Allocate, UnitsAllocated, UnitsBackordered
from segue.core.base import Because
from segue.core.cancel import UnitsCanceled
from segue.core.days import Capacity, Load
from segue.core.facts import Item, Location
from segue.core.hold import HoldLifted, HoldPlaced
from segue.core.sourcing.strategies import not_now
from segue.core.wake import Wake
from segue.core.workflow import Strategy
from segue.policies.eligibility import active, nearer_than, of_kind, same_country
from segue.policies.routing import closest, fewest_shipments, most_stock
from segue.policies.serving import capable
from segue.policies.splitting import (
    one_shipment,
)
from tests.core.given import every, given
from tests.core.routed import ALL, FAR, NEAR, knowing, places, reason, routed, soft
from tests.core.shop import DALLAS, MIAMI, NOW_S, RENO, condition, draft, rule, sold


def test_what_one_strategy_cannot_give_is_asked_of_the_next_and_each_parcel_says_by_which_it_came() -> None:
    events = routed(draft(sold("SHIRT", 4)), {"SHIRT": {"DAL": 3, "REN": 3, "MIA": 3}}, NEAR, FAR)
    assert places(events) == {"DAL": 3, "REN": 1}
    assert reason(events[0]).figures == {"chosen": {"DAL": 3}, "strategy": "near"}
    assert reason(events[1]).figures == {
        "chosen": {"REN": 1},
        "strategy": "far",
        "tried": {"near": "1 of the units are not to be had"},
    }
    assert reason(events[0]).passed_over == {
        "MIA": "locations: MIA is not of the strategy's",
        "REN": "locations: REN is not of the strategy's",
    }


def test_the_same_location_may_give_in_two_strategies_and_never_the_same_unit_twice() -> None:
    whole = Strategy("whole", complete="line")
    events = routed(draft(sold("SHIRT", 2), sold("SHIRT", 3)), {"SHIRT": {"DAL": 4}}, whole, Strategy("rest"))
    assert places(events) == {"DAL": 4, "UnitsBackordered": 1}
    assert len(events) == 3


def test_a_strategy_is_for_some_orders_and_for_some_time() -> None:
    order = given(draft(sold())).order
    assert order is not None
    context = knowing(draft(sold()), ALL).context
    for strategy, said in (
        (Strategy("a"), ""),
        (Strategy("a", from_s=NOW_S), ""),
        (Strategy("a", from_s=NOW_S + 1), "begins 2026-05-28 20:26 UTC"),
        (Strategy("a", until_s=NOW_S + 1), ""),
        (Strategy("a", until_s=NOW_S), "ended 2026-05-28 20:26 UTC"),
        (Strategy("a", when=condition("units == 1")), ""),
        (Strategy("a", when=condition("units > 1")), "not when units > 1"),
    ):
        assert not_now(strategy, order, context) == said


def test_if_no_strategy_is_for_it_the_order_waits_and_says_why() -> None:
    (event,) = routed(draft(sold()), ALL, replace(NEAR, when=condition("units > 1")))
    assert isinstance(event, UnitsBackordered)
    assert reason(event) == Because("no strategy", {"tried": {"near": "not when units > 1"}})


def test_what_is_left_waits_or_is_canceled_or_is_split_after_all() -> None:
    sent, stock = draft(sold("SHIRT", 4)), {"SHIRT": {"DAL": 3, "REN": 3}}
    limits = (rule(one_shipment),)
    for otherwise, found in (
        ("next", {"REN": 3, "UnitsBackordered": 1}),
        ("wait", {"UnitsBackordered": 4}),
        ("cancel", {"UnitsCanceled": 4}),
        ("split", {"DAL": 3, "REN": 1}),
    ):
        first = Strategy("first", split=limits, otherwise=otherwise)
        assert places(routed(sent, stock, first, FAR)) == found


def test_complete_is_dropped_where_it_is_split_after_all() -> None:
    stock = {"SHIRT": {"DAL": 3, "REN": 3}}
    first = Strategy("first", complete="order", otherwise="split")
    events = routed(draft(sold("SHIRT", 4)), stock, first)
    assert places(events) == {"DAL": 3, "REN": 1}
    assert reason(events[0]).figures["tried"] == {"first": "4 of the units are not to be had"}


def test_what_was_found_is_kept_when_the_rest_is_canceled() -> None:
    events = routed(draft(sold("SHIRT", 4)), {"SHIRT": {"DAL": 3}}, replace(NEAR, otherwise="cancel"))
    assert places(events) == {"DAL": 3, "UnitsCanceled": 1}
    assert reason(events[-1]).figures["strategy"] == "near"


def test_a_hold_that_keeps_orders_from_being_canceled_lets_the_rest_wait() -> None:
    held = HoldPlaced("service", "service", 0, "", "ann")
    holds = {"service": ("cancel",)}
    for story, found in (((held,), "UnitsBackordered"), ((), "UnitsCanceled")):
        context = given(draft(sold("SHIRT")), *story).knowing(
            stock={"SHIRT": {}}, holds=holds, routing=(replace(NEAR, otherwise="cancel"),)
        )
        assert [type(e).__name__ for e in every(context.step(Allocate())) if hasattr(e, "units")] == [found]


def test_with_what_no_location_has_its_holds_go() -> None:
    held = HoldPlaced("review", "review", 0, "", "ann")
    here = given(draft(sold("SHIRT")), held).knowing(
        stock={"SHIRT": {}}, holds={"review": ("capture",)}, routing=(replace(NEAR, otherwise="cancel"),)
    )
    order = here.when(Allocate()).then(UnitsCanceled({1: ((1, 1),)}, "no_location"), HoldLifted("review", "canceled"))
    assert order is not None
    assert order.holds == {}


def test_lines_come_whole_alone_or_with_those_that_they_belong_to() -> None:
    pair = (sold("SHIRT", 2, properties={"set": "a"}), sold("CAP", 1, properties={"set": "a"}), sold("SOCK", 2))
    stock = {"SHIRT": {"DAL": 2, "REN": 1}, "CAP": {"REN": 1}, "SOCK": {"DAL": 1, "REN": 1}}
    together = Strategy("together", complete="property:set", rank=(rule(closest),))
    assert places(routed(draft(*pair), stock, together)) == {"DAL": 1, "REN": 1, "UnitsBackordered": 3}
    lines = Strategy("lines", complete="line", rank=(rule(closest),))
    assert places(routed(draft(*pair), stock, lines)) == {"DAL": 2, "REN": 1, "UnitsBackordered": 2}
    events = routed(draft(*pair), stock, Strategy("order", complete="order"))
    assert places(events) == {"UnitsBackordered": 5}
    assert reason(events[0]).passed_over["DAL"] == "does not have all that comes whole"


def test_a_soft_filter_lets_a_location_come_last() -> None:
    chosen = (rule(active), soft(rule(nearer_than, km=500)), soft(rule(of_kind, kind="warehouse")))
    strategy = Strategy("soft", eligible=chosen, rank=(rule(fewest_shipments),))
    stock = {"SHIRT": {"DAL": 1, "MIA": 9, "REN": 2}}
    events = routed(draft(sold("SHIRT", 1)), stock, strategy)
    assert places(events) == {"DAL": 1}
    assert reason(events[0]).passed_over == {
        "REN": "nearer_than: 2252 km away, 500 at most; asked only for what no other has",
        "MIA": "nearer_than: 1787 km away, 500 at most; of_kind: a store; asked only for what no other has",
    }
    assert places(routed(draft(sold("SHIRT", 4)), stock, strategy)) == {"DAL": 1, "REN": 2, "MIA": 1}
    hard = replace(strategy, eligible=(rule(nearer_than, km=500),))
    assert places(routed(draft(sold("SHIRT", 4)), stock, hard)) == {"DAL": 1, "UnitsBackordered": 3}


def test_a_location_is_not_asked_for_a_line_that_it_is_not_capable_of() -> None:
    able = replace(DALLAS, capabilities=("hazmat",))
    items = {"SHIRT": Item("SHIRT"), "PAINT": Item("PAINT", needs=("hazmat",)), "CAP": None}
    stock = {"SHIRT": {"MIA": 1}, "PAINT": {"DAL": 1, "MIA": 1, "REN": 1}, "CAP": {"MIA": 1}}
    strategy = Strategy("able", serve=(rule(capable),), rank=(rule(fewest_shipments),))
    events = routed(
        draft(sold("SHIRT"), sold("PAINT"), sold("CAP")), stock, strategy, items=items, locations=(able, MIAMI, RENO)
    )
    assert places(events) == {"MIA": 2, "DAL": 1}
    assert reason(events[0]).passed_over == {"REN": "capable: not capable of hazmat"}
    wish = draft(sold("SHIRT", properties={"wrap": "yes"}), sold("PAINT", properties={"wrap": "no"}))
    wrapping = replace(strategy, serve=(rule(capable, properties=("wrap",)),))
    store = replace(MIAMI, capabilities=("wrap",))
    events = routed(wish, stock, wrapping, items=items, locations=(able, store))
    assert places(events) == {"MIA": 1, "UnitsBackordered": 1}
    events = routed(draft(sold("PAINT"), sold("PAINT")), {"PAINT": {"MIA": 9, "DAL": 1, "REN": 3}}, strategy,
                    items=items, locations=(able, MIAMI))  # fmt: skip
    assert reason(events[0]).passed_over == {"MIA": "capable: not capable of hazmat"}


def test_those_that_fell_behind_say_also_which_lines_they_may_not_serve() -> None:
    able = replace(RENO, capabilities=("hazmat",))
    items = {"SHIRT": Item("SHIRT"), "PAINT": Item("PAINT", needs=("hazmat",))}
    stock = {"SHIRT": {"DAL": 1, "REN": 1, "MIA": 1}, "PAINT": {"DAL": 1, "REN": 1, "MIA": 1}}
    strategy = Strategy("able", serve=(rule(capable),), rank=(rule(fewest_shipments),))
    events = routed(draft(sold("SHIRT"), sold("PAINT")), stock, strategy, items=items, locations=(DALLAS, MIAMI, able))
    assert reason(events[0]).passed_over == {
        "DAL": "fewest_shipments: -1 against -2 of REN; line 2: capable: not capable of hazmat",
        "MIA": "fewest_shipments: -1 against -2 of REN; line 2: capable: not capable of hazmat",
    }
    plain = replace(strategy, rank=())
    pair = (sold("PAINT"), sold("PAINT"))
    events = routed(draft(sold("SHIRT"), *pair), stock, plain, items=items, locations=(DALLAS, MIAMI, able))
    assert places(events) == {"DAL": 1, "REN": 1, "UnitsBackordered": 1}
    assert reason(events[0]).passed_over["MIA"] == (
        "equal to DAL, which comes first by name; line 2: capable: not capable of hazmat; "
        "line 3: capable: not capable of hazmat"
    )


def test_all_that_lost_are_told_of_with_strategies_compactly_beyond_the_first_eight() -> None:
    many = tuple(Location(f"W{n:02}", "warehouse", "US", 32.8 + n, -96.8) for n in range(20))
    abroad = tuple(Location(f"X{n}", country="CA") for n in range(3))
    stock = {"SHIRT": {each.id: 1 for each in (*many, *abroad)}}
    strategy = Strategy("s", eligible=(rule(same_country),), rank=(rule(closest),))
    (event,) = routed(draft(sold()), stock, strategy, locations=(*many, *abroad))
    told = reason(event)
    assert len(told.passed_over) == 8
    assert told.figures["more_passed_over"] == 14
    others = told.figures["others"]
    assert others["same_country: in CA"] == ["X0", "X1", "X2"]
    assert len(others["closest"]) == 11
    told_of = {*told.passed_over, *others["closest"], *others["same_country: in CA"], *told.figures["chosen"]}
    assert told_of == {each.id for each in (*many, *abroad)}
    (equal,) = routed(draft(sold()), stock, Strategy("s"), locations=many)
    assert set(reason(equal).figures["others"]["equal"].values()) == {0}


def test_an_order_that_waits_is_woken_when_a_strategy_begins_or_ends_or_its_condition_may_flip() -> None:
    later = (
        replace(FAR, from_s=NOW_S + 500),
        replace(NEAR, until_s=NOW_S + 900, when=condition("now - placed_at < minutes(5)")),
        Strategy("odd", when=condition("units > 7")),
        replace(NEAR, name="begun", from_s=NOW_S - 5),
    )
    outcome = knowing(draft(sold()), {"SHIRT": {"REN": 1}}, *later).step(Allocate())
    assert outcome.wake_at_s == NOW_S + 300
    again = knowing(draft(sold()), {"SHIRT": {"REN": 1}}, *later).after(Allocate(), 500)
    assert "StockArrived" in [type(e).__name__ for e in every(again.step(Wake()))]


def test_the_ranking_of_a_strategy_is_its_own() -> None:
    strategies = (Strategy("s", rank=(rule(most_stock),)),)
    assert places(routed(draft(sold()), {"SHIRT": {"DAL": 1, "REN": 5}}, *strategies)) == {"REN": 1}


def test_a_limited_location_that_gives_in_two_strategies_keeps_within_its_day() -> None:
    limited = replace(DALLAS, capacity=Capacity(units=4))
    known = knowing(
        draft(sold("SHIRT", 2), sold("CAP", 3)),
        {"SHIRT": {"DAL": 9}, "CAP": {"DAL": 9}},
        Strategy("shirts", complete="line"),
        Strategy("rest"),
        locations=(limited,),
    )
    known.facts.days[f"DAL|{NOW_S // 86_400}"] = Load()
    outcome = known.step(Allocate())
    units = [e.units for e in every(outcome) if isinstance(e, UnitsAllocated)]
    assert units == [{1: ((1, 2),)}, {2: ((1, 2),)}]
    assert outcome.loads[-1].by == Load(0, 1, 2)
