"""Strategies: which one an order follows, what is asked of the next, and what if something is left."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from segue.core.allocate import Allocate, UnitsAllocated, UnitsBackordered
from segue.core.base import Because, Event
from segue.core.cancel import UnitsCanceled
from segue.core.days import Capacity, Load
from segue.core.draft import Draft
from segue.core.facts import Item, Location, Stock
from segue.core.hold import HoldPlaced
from segue.core.policy import Rule
from segue.core.sourcing.strategies import not_now
from segue.core.wake import Wake
from segue.core.workflow import Among, Strategy
from segue.policies.dividing import by_need, by_property, by_tag, by_weight
from segue.policies.eligibility import active, nearer_than, of_kind, same_country
from segue.policies.routing import closest, fewest_shipments, most_stock
from segue.policies.serving import capable
from segue.policies.splitting import (
    one_shipment,
    parcel_worth_at_least,
    parcels_of_line_at_most,
    parcels_of_order_at_most,
    rest_worth_at_least,
    shipments_at_most,
)
from tests.core.given import Given, every, given
from tests.core.shop import DALLAS, MIAMI, NOW_S, RENO, condition, draft, rule, sold

ALL = {"SHIRT": {"DAL": 9, "MIA": 9, "REN": 9}}
NEAR, FAR = Strategy("near", among=Among(ids=("DAL",))), Strategy("far", among=Among(ids=("REN",)))


def soft(chosen: Rule) -> Rule:
    return chosen._replace(soft=True)


def routed(sent: Draft, stock: Mapping[str, Stock], *strategies: Strategy, **known: Any) -> list[Event]:
    outcome = knowing(sent, stock, *strategies, **known).step(Allocate())
    return [e for e in every(outcome) if isinstance(e, UnitsAllocated | UnitsBackordered | UnitsCanceled)]


def knowing(sent: Draft, stock: Mapping[str, Stock], *strategies: Strategy, **known: Any) -> Given:
    return given(sent).knowing(stock=stock, routing=strategies, **known)


def places(events: list[Event]) -> dict[str, int]:
    """Units by where they come from; the rest by what becomes of it."""
    found: dict[str, int] = {}
    for event in events:
        assert isinstance(event, UnitsAllocated | UnitsBackordered | UnitsCanceled)
        name = event.location if isinstance(event, UnitsAllocated) else type(event).__name__
        found[name] = found.get(name, 0) + sum(
            last - first + 1 for held in event.units.values() for first, last in held
        )
    return found


def reason(event: Event) -> Because:
    assert event.because is not None
    return event.because


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


def test_of_several_splits_one_within_the_limits_is_taken() -> None:
    sent = draft(sold("SHIRT", 7))
    stock = {"SHIRT": {"DAL": 1, "MIA": 3, "REN": 4}}
    two = Strategy("two", split=(rule(shipments_at_most, count=2),))
    events = routed(sent, stock, two)
    assert places(events) == {"REN": 4, "MIA": 3}
    assert reason(events[0]).figures["split"] == "shipments_at_most: it would take 3 parcels, 2 at most"
    assert places(routed(sent, stock, replace(two, split=(rule(shipments_at_most, count=1),)))) == {
        "UnitsBackordered": 7
    }
    one = replace(two, split=(rule(shipments_at_most, count=1),))
    assert places(routed(draft(sold("SHIRT", 4)), stock, one)) == {"REN": 4}


def test_a_soft_limit_gives_way_and_a_hard_one_does_not() -> None:
    sent, stock = draft(sold("SHIRT", 7)), {"SHIRT": {"DAL": 1, "MIA": 3, "REN": 4}}
    limits = (rule(shipments_at_most, count=2), soft(rule(parcels_of_line_at_most, count=1)))
    assert places(routed(sent, stock, Strategy("x", split=limits))) == {"REN": 4, "MIA": 3}
    only_soft = (soft(rule(shipments_at_most, count=1)),)
    assert places(routed(sent, stock, Strategy("x", split=only_soft))) == {"DAL": 1, "MIA": 3, "REN": 3}
    outcome = given(sent).knowing(stock=stock, split=only_soft, rank=()).step(Allocate())
    assert places([e for e in every(outcome) if isinstance(e, UnitsAllocated)]) == {"DAL": 1, "MIA": 3, "REN": 3}


def test_no_parcel_for_a_trifle_neither_now_nor_later() -> None:
    stock = {"SHIRT": {"DAL": 1, "REN": 2, "MIA": 3}}
    parts = Strategy("parts", split=(rule(parcel_worth_at_least, part_minor=20_00),))
    assert places(routed(draft(sold("SHIRT", 5)), stock, parts)) == {"MIA": 3, "REN": 2}
    assert places(routed(draft(sold("SHIRT", 6)), stock, parts)) == {"UnitsBackordered": 6}
    rest = Strategy("rest", split=(rule(rest_worth_at_least, rest_minor=20_00),))
    assert places(routed(draft(sold("SHIRT", 7)), stock, rest)) == {"UnitsBackordered": 7}
    assert places(routed(draft(sold("SHIRT", 8)), stock, rest)) == {"DAL": 1, "MIA": 3, "REN": 2, "UnitsBackordered": 2}


def test_parcels_of_an_order_that_were_made_before_count_too() -> None:
    made = UnitsAllocated("F1", "DAL", {1: ((1, 1),)})
    limits = (rule(parcels_of_order_at_most, count=1),)
    known = given(draft(sold("SHIRT", 2)), made).knowing(stock=ALL, routing=(Strategy("one", split=limits),))
    outcome = known.step(Allocate())
    (event,) = (e for e in every(outcome) if isinstance(e, UnitsBackordered))
    assert reason(event).figures["reason"] == "parcels_of_order_at_most: the order would take 2 parcels, 1 at most"


def test_what_cannot_travel_together_leaves_in_several_parcels() -> None:
    items = {
        "SHIRT": Item("SHIRT", weight_g=300, tags=("soft",)),
        "PAINT": Item("PAINT", weight_g=4_000, needs=("hazmat",)),
        "CAP": None,
    }
    stock = {"SHIRT": {"DAL": 9}, "PAINT": {"DAL": 9}, "CAP": {"DAL": 9}}
    sent = draft(sold("SHIRT", 2), sold("PAINT", 3), sold("CAP", 2, properties={"gift": "x"}))

    def parts(*divide: Rule) -> list[dict[int, int]]:
        events = routed(sent, stock, Strategy("d", divide=divide), items=items)
        return [
            {n: sum(b - a + 1 for a, b in held) for n, held in e.units.items()}
            for e in events
            if isinstance(e, UnitsAllocated)
        ]

    assert parts() == [{1: 2, 2: 3, 3: 2}]
    assert parts(rule(by_need, need="hazmat")) == [{1: 2, 3: 2}, {2: 3}]
    assert parts(rule(by_tag, tag="soft")) == [{1: 2}, {2: 3, 3: 2}]
    assert parts(rule(by_property, property="gift")) == [{1: 2, 2: 3}, {3: 2}]
    assert parts(rule(by_weight, weight_g=8_000)) == [{1: 2, 2: 1}, {2: 2, 3: 2}]
    assert parts(rule(by_weight, weight_g=1_000)) == [{1: 2}, {2: 1}, {2: 1}, {2: 1, 3: 2}]
    assert parts(rule(by_need, need="hazmat"), rule(by_property, property="gift")) == [{1: 2}, {3: 2}, {2: 3}]


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


def test_a_search_for_fewer_parcels_ends_when_it_has_left_out_eight_locations() -> None:
    many = tuple(Location(f"W{n:02}") for n in range(30))
    stock = {"SHIRT": {each.id: 1 for each in many}}
    limits = (rule(parcel_worth_at_least, part_minor=99_00),)
    events = routed(draft(sold("SHIRT", 10)), stock, Strategy("s", split=limits), locations=many)
    assert places(events) == {"UnitsBackordered": 10}
