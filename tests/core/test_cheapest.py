"""The algorithm `exact`: the cheapest plan within filters, days and limits; and what is said of those that lost."""

from itertools import product
from typing import Any

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from segue.core.base import Because
from segue.core.context import Context
from segue.core.draft import Destination
from segue.core.facts import Facts, Item, Location
from segue.core.lanes import charged, lanes
from segue.core.order import Order
from segue.core.policy import Rule
from segue.core.price_list import PriceList
from segue.core.rates import Card, Handling, Rates
from segue.core.sourcing import Plan, plan
from segue.core.sourcing.candidates import candidates
from segue.core.sourcing.changes import Change, change_for
from segue.core.sourcing.costing import costed
from segue.core.sourcing.goods import Goods
from segue.core.sourcing.sites import site_of
from segue.core.sourcing.solving import solved
from segue.core.sourcing.taking import Ask
from segue.core.workflow import Strategy
from segue.policies.routing import warehouse_first
from segue.policies.splitting import one_shipment, parcel_worth_at_least, shipments_at_most
from tests.core.given import given
from tests.core.shop import draft, rule, sold, workflow

HERE = Destination("US", "TX", postcode_area="787")
PLACES = tuple(Location(name, "warehouse" if name != "S" else "store", "US") for name in ("A", "B", "C", "S"))
RATES = Rates(
    fallback=Card(((0, 900),), 100),
    zones={"*": {"US": "far"}, "A": {"US 787": "near"}, "B": {"US-TX": "near"}},
    methods={
        "ground": {
            "near": Card(((500, 400), (1000, 550))),
            "far": Card(((500, 600), (1000, 800)), 150),
        }
    },
    handling={"*": Handling(100, 10), "B": Handling(50, 10)},
)
GRAMS = {"SHIRT": 300, "CAP": 200, "MUG": 600}


def known(
    stock: dict[str, dict[str, int]], rates: Rates | None = RATES, places: tuple[Location, ...] = PLACES
) -> Facts:
    facts = Facts({each.id: each for each in places}, price_list=PriceList(currency="USD", rates=rates))
    facts.items |= {sku: Item(sku, weight_g=grams) for sku, grams in GRAMS.items()}
    facts.stock |= {sku: dict(stock.get(sku, {})) for sku in GRAMS}
    return facts


def bought(**units: int) -> Order:
    made = given(draft(*(sold(sku, count) for sku, count in units.items()), ship_to=HERE)).order
    assert made is not None
    return made


def planned(order: Order, facts: Facts, **declared: Any) -> Plan:
    flow = workflow(**{"algorithm": "exact", "rank": (), "eligible": (), "split": ()} | declared)
    demand = {line.number: line.quantity for line in order.lines}
    return plan(order, demand, Context(0, flow, facts), {})


def sources(made: Plan) -> list[tuple[str, dict[int, int]]]:
    return [(parcel.location.id, parcel.units) for parcel in made.parcels]


def cost_of(made: Plan, rates: Rates = RATES) -> int:
    """What a plan costs in mills, reckoned without the search."""
    ways, total = lanes(rates, HERE, "ground"), sum(made.missing.values()) * rates.unfilled_minor * 1000
    grams = dict(enumerate(GRAMS.values(), 1))
    for place, units in sources(made):
        weight = sum(grams[number] * count for number, count in units.items())
        total += (
            charged(ways, place, weight).mills + ways[place].parcel_mills + ways[place].unit_mills * sum(units.values())
        )
    return total


def test_the_cheapest_plan_may_take_two_parcels_where_one_would_do() -> None:
    stock = {"SHIRT": {"A": 1, "C": 1}, "MUG": {"B": 1, "C": 1}}
    cheap = replace_rates(methods={"ground": {"near": Card(((1000, 100),)), "far": Card(((1000, 900),))}})
    assert sources(planned(bought(SHIRT=1, MUG=1), known(stock))) == [("C", {1: 1, 2: 1})]
    assert sources(planned(bought(SHIRT=1, MUG=1), known(stock, cheap))) == [("A", {1: 1}), ("B", {2: 1})]


def replace_rates(**changed: Any) -> Rates:
    fields = {name: getattr(RATES, name) for name in RATES.__struct_fields__}
    return Rates(**fields | changed)


def test_the_reason_names_the_cost_of_each_parcel_and_how_the_others_lost() -> None:
    stock = {"SHIRT": {"A": 1, "B": 2, "C": 2}, "CAP": {"A": 1, "B": 1, "C": 1, "S": 1}}
    made = planned(bought(SHIRT=2, CAP=1), known(stock))
    parcel = {
        "location": "B", "units": 3, "zone": "near", "weight_g": 800, "billed_g": 1000,
        "rate_mills": 550_000, "handling_mills": 80_000, "total_mills": 630_000,
    }  # fmt: skip
    assert made.because == Because(
        "cost",
        {"chosen": {"B": 3}, "cost_mills": 630_000, "parcels": [parcel]},
        {
            "C": "3.00 USD dearer; 3.01 USD cheaper it would win",
            "A": "3.50 USD dearer; 3.51 USD cheaper it would win",
            "S": "7.00 USD dearer; 7.01 USD cheaper it would win",
        },
    )


def test_of_locations_that_cost_the_same_the_ranking_chooses_then_the_name() -> None:
    stock = {"SHIRT": {"C": 1, "S": 1}}
    store_first = Rule("store_first", lambda offer, order, facts: offer.location.kind != "store")
    assert sources(planned(bought(SHIRT=1), known(stock))) == [("C", {1: 1})]
    made = planned(bought(SHIRT=1), known(stock), rank=(store_first,))
    assert sources(made) == [("S", {1: 1})]
    assert made.because.passed_over == {"C": "costs the same; 0.01 USD cheaper it would win"}
    assert sources(planned(bought(SHIRT=1), known(stock), rank=(rule(warehouse_first),))) == [("C", {1: 1})]


STOCKS = st.fixed_dictionaries({sku: st.dictionaries(st.sampled_from("ABCS"), st.integers(0, 3)) for sku in GRAMS})
BASKETS = st.dictionaries(st.sampled_from(list(GRAMS)), st.integers(1, 2), min_size=1)
SPLITS: tuple[tuple[Rule, ...], ...] = (
    (), (rule(one_shipment),), (rule(shipments_at_most, count=2),), (rule(parcel_worth_at_least, part_minor=20_00),),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@for_all(BASKETS, STOCKS)
def test_no_plan_costs_less(basket: dict[str, int], stock: dict[str, dict[str, int]]) -> None:
    order, facts = bought(**basket), known(stock)
    numbers = {line.number: line for line in order.lines}
    weights = {number: GRAMS[line.sku] for number, line in numbers.items()}
    made = planned(order, facts)
    assert reckoned(made, weights) == least(order, stock, weights)


def reckoned(made: Plan, weights: dict[int, int]) -> int:
    """What a plan costs in mills, reckoned without the search."""
    total = sum(made.missing.values()) * RATES.unfilled_minor * 1000
    return total + sum(parcel_cost(place, units, weights) for place, units in sources(made))


def parcel_cost(place: str, units: dict[int, int], weights: dict[int, int]) -> int:
    ways = lanes(RATES, HERE, "ground")
    way, rate = ways[place], charged(ways, place, sum(weights[number] * count for number, count in units.items())).mills
    return rate + way.parcel_mills + way.unit_mills * sum(units.values())


def least(order: Order, stock: dict[str, dict[str, int]], weights: dict[int, int]) -> int:
    """The least of all ways of giving each unit to a location or to nobody, one parcel each: here two are never cheaper."""
    pieces = [(line.number, line.sku) for line in order.lines for _ in range(line.quantity)]
    lowest = len(pieces) * RATES.unfilled_minor * 1000
    for places in product(("", "A", "B", "C", "S"), repeat=len(pieces)):
        given_by: dict[str, dict[int, int]] = {}
        for (number, _), place in zip(pieces, places, strict=True):
            given_by.setdefault(place, {})
            given_by[place][number] = given_by[place].get(number, 0) + 1
        missing = sum(given_by.pop("", {}).values())
        if all(
            count <= stock[order.lines[number - 1].sku].get(place, 0)
            for place, units in given_by.items()
            for number, count in units.items()
        ):
            parcels = sum(parcel_cost(place, units, weights) for place, units in given_by.items())
            lowest = min(lowest, parcels + missing * RATES.unfilled_minor * 1000)
    return lowest


@settings(max_examples=250, deadline=None)
@for_all(BASKETS, STOCKS, st.sampled_from(SPLITS))
def test_with_the_change_that_is_named_a_location_wins(
    basket: dict[str, int], stock: dict[str, dict[str, int]], split: tuple[Rule, ...]
) -> None:
    order, facts = bought(**basket), known(stock)
    before = planned(order, facts, split=split)
    chosen = {place for place, _ in sources(before)}
    if before.because.rule != "cost" or "algorithm" in before.because.figures:
        return
    for place, change in changes(order, facts, split).items():
        if place in chosen:
            continue
        if change.units:
            richer = {sku: dict(held) for sku, held in stock.items()}
            for sku, count in change.units.items():
                richer[sku][place] = richer[sku].get(place, 0) + count
            assert place in dict(sources(planned(order, known(richer), split=split)))
        if change.cheaper_minor is not None:
            cost = RATES.handling.get(place, RATES.handling["*"])
            cheap = Handling(cost.parcel_minor - change.cheaper_minor, cost.unit_minor)
            rates = replace_rates(handling=RATES.handling | {place: cheap})
            assert place in dict(sources(planned(order, known(stock, rates), split=split)))


def changes(order: Order, facts: Facts, split: tuple[Rule, ...]) -> dict[str, Change]:
    """What would have made each location win, those that have nothing too."""
    demand = {line.number: line.quantity for line in order.lines}
    skus = {line.number: line.sku for line in order.lines}
    context = Context(0, workflow(algorithm="exact", rank=(), eligible=()), facts)
    strategy = Strategy(split=split)
    goods = Goods(demand, skus, facts.free(frozenset(skus.values())))
    found, judged = candidates(order, goods, strategy, context)
    made = costed(Ask(order, goods, found, judged, strategy, context), RATES)
    assert made is not None
    best = solved(made)
    assert best is not None
    return {each.id: change_for(made, best, each.id, site_of(made.stocks(), each.id, made.held)) for each in PLACES}


def test_who_lacks_units_would_win_with_them() -> None:
    stock = {"SHIRT": {"A": 1, "C": 3}}
    made = planned(bought(SHIRT=3), known(stock))
    assert made.because.passed_over == {"A": "5.00 USD dearer; with 2 more of SHIRT it would win"}


def test_of_those_without_a_line_of_their_own_the_cost_or_the_filter_is_named_too() -> None:
    places = tuple(Location(f"L{number:02}", "warehouse", "US") for number in range(14))
    closed = shut_from("L11")
    facts = known({"SHIRT": {place.id: 1 for place in places}}, places=places)
    because = planned(bought(SHIRT=1), facts, eligible=(closed,)).because
    assert len(because.passed_over) == 8
    assert because.figures["more_passed_over"] == 5
    assert because.figures["others"] == {
        "closed: shut": ["L11", "L12", "L13"],
        "cost_mills": {"L09": 710_000, "L10": 710_000},
    }
    few = planned(bought(SHIRT=1), facts, eligible=(shut_from("L02"),)).because
    assert few.figures["others"] == {"closed: shut": ["L09", "L10", "L11", "L12", "L13"]}


def shut_from(first: str) -> Rule:
    """A filter that leaves out the locations from this one on."""
    return Rule("closed", lambda location, order, facts: "shut" if location.id >= first else None)
