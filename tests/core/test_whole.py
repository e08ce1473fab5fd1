"""The short way of the rules, which nobody asks to explain itself: its plan is always that of the long way."""

from typing import Any

from hypothesis import given as examples
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.core.base import Because
from segue.core.context import Context
from segue.core.days import Capacity, Load
from segue.core.facts import Facts, Item, Location
from segue.core.order import Order
from segue.core.price_list import PriceList
from segue.core.rates import Card, Rates
from segue.core.sourcing import Plan, plan
from segue.core.workflow import Among, Strategy
from segue.policies.dividing import by_weight
from segue.policies.eligibility import of_kind, ships_to_country
from segue.policies.routing import closest, fewest_shipments, ship_complete, warehouse_first
from segue.policies.serving import capable
from segue.policies.splitting import one_shipment, parcels_of_line_at_most
from tests.core.given import given
from tests.core.shop import draft, rule, sold, workflow

NAMES = ("A", "B", "C", "D")
SKUS = ("SHIRT", "CAP")
PLACES = st.tuples(
    *(
        st.builds(
            Location,
            st.just(name),
            st.sampled_from(("warehouse", "store")),
            st.just("US"),
            st.sampled_from((30.0, 40.0)),
            st.just(-90.0),
            st.sampled_from(((), ("DE",))),
            capacity=st.sampled_from((None, None, None, Capacity(units=2))),
        )
        for name in NAMES
    )
)
STOCK = st.fixed_dictionaries(
    {sku: st.dictionaries(st.sampled_from((*NAMES, "GONE")), st.integers(-1, 3)) for sku in SKUS}
)
CART = st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 3)), min_size=1, max_size=3)
CHOSEN: dict[str, Any] = {
    "eligible": st.sampled_from(
        ((), (rule(ships_to_country),), (rule(ships_to_country), rule(of_kind, kind="store")._replace(soft=True)))
    ),
    "serve": st.sampled_from(((), (), (rule(capable),))),
    "rank": st.permutations((ship_complete, fewest_shipments, closest, warehouse_first)).map(
        lambda chosen: tuple(map(rule, chosen))
    ),
    "split": st.sampled_from(
        ((), (rule(one_shipment),), (rule(parcels_of_line_at_most, count=1)._replace(soft=True),))
    ),
    "divide": st.sampled_from(((), (rule(by_weight, weight_g=300),))),
}
STRATEGIES = st.lists(
    st.builds(
        Strategy,
        st.sampled_from(("near", "far")),
        among=st.sampled_from((None, Among(ids=("A", "B")))),
        complete=st.sampled_from(("", "", "line")),
        **CHOSEN,
    ),
    max_size=2,
    unique_by=lambda each: each.name,
)


def bought(*lines: tuple[str, int]) -> Order:
    found = given(draft(*(sold(sku, units) for sku, units in lines))).order
    assert found is not None
    return found


def planned(order: Order, context: Context) -> Plan:
    return plan(order, {line.number: line.quantity for line in order.lines}, context, {})


@examples(PLACES, STOCK, CART, STRATEGIES, st.fixed_dictionaries(CHOSEN), st.sampled_from((0, 1, 2)), st.booleans())
def test_without_an_explanation_the_plan_is_the_same(
    places: tuple[Location, ...],
    stock: dict[str, dict[str, int]],
    cart: list[tuple[str, int]],
    strategies: list[Strategy],
    chosen: dict[str, Any],
    taken: int,
    has_failed: bool,
) -> None:
    facts = Facts({place.id: place for place in places})
    facts.items |= {sku: Item(sku, weight_g=200, needs=("ladder",) if sku == "CAP" else ()) for sku in SKUS}
    facts.stock |= {sku: dict(held) for sku, held in stock.items()}
    facts.days |= {f"{place.id}|{place.day_of(0)}": Load(units=taken) for place in places}
    order = bought(*cart)
    if has_failed:
        order = replace(order, lines=(replace(order.lines[0], excluded=("A",)), *order.lines[1:]))
    context = Context(0, workflow(routing=tuple(strategies), **chosen), facts)
    told, quick = planned(order, context), planned(order, replace(context, explains=False))
    assert [(each.location.id, each.units) for each in quick.parcels] == [
        (each.location.id, each.units) for each in told.parcels
    ]
    assert (quick.missing, quick.given_up, quick.because.rule) == (told.missing, told.given_up, told.because.rule)
    assert quick.because.passed_over == {}
    assert quick.because.figures.get("chosen") == told.because.figures.get("chosen")


def test_one_place_whose_parcels_are_too_many_is_left_to_the_long_way() -> None:
    facts = Facts({name: Location(name) for name in ("A", "B")})
    facts.items["SHIRT"], facts.stock["SHIRT"] = Item("SHIRT", weight_g=300), {"A": 2, "B": 2}
    flow = workflow(rank=(rule(ship_complete),), split=(rule(one_shipment),), divide=(rule(by_weight, weight_g=300),))
    made = planned(bought(("SHIRT", 2)), Context(0, flow, facts, explains=False))
    assert (made.parcels, made.missing, made.because.rule) == ((), {1: 2}, "split")


def test_the_cheapest_plan_without_an_explanation_has_its_cost_all_the_same() -> None:
    facts = Facts({name: Location(name) for name in NAMES}, price_list=PriceList(rates=Rates(Card(((0, 900),), 100))))
    facts.items["SHIRT"], facts.stock["SHIRT"] = Item("SHIRT", weight_g=300), {"A": 1, "B": 5}
    context = Context(0, workflow(algorithm="exact"), facts)
    told, quick = (
        planned(bought(("SHIRT", 2)), replace(context, explains=explains)).because for explains in (True, False)
    )
    assert quick == Because("cost", {key: told.figures[key] for key in ("chosen", "cost_mills", "parcels")})
    assert told.passed_over != {}
