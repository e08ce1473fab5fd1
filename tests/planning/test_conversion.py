"""A shop as a network: planning and the core find the same plan, whatever a shop's files may say. Covers F-8."""

import random
from collections.abc import Sequence
from typing import Any

import pytest

from segue.core.context import Context
from segue.core.draft import Destination
from segue.core.facts import Facts, Item, Location
from segue.core.opportunity import Prices
from segue.core.order import Order
from segue.core.price_list import PriceList
from segue.core.rates import Card, Carrier, Handling, Rates
from segue.core.sourcing import Plan, plan
from segue.core.waves import Wish
from segue.planning.conversion import Converted, TooVaried, converted, in_words
from segue.planning.exact import best_plan
from segue.planning.network import Plan as Numbers
from segue.planning.network import plan_mills
from tests.core.given import given
from tests.core.shop import draft, sold, workflow

PLACES = ("A", "B", "C", "D", "E", "F")
SKUS = ("CAP", "MUG", "SHIRT", "TENT")
HERE = Destination("US", "TX", postcode_area="787")
Bought = dict[str, int]
Stock = dict[str, dict[str, int]]


def card(dice: random.Random, *, endless: bool = False) -> Card:
    """Steps that rise, at weights of all kinds; sometimes with a price for each kilogram beyond."""
    weights = sorted(dice.sample(range(100, 9_000, 50), dice.randint(1, 4)))
    prices = sorted(dice.sample(range(100, 900, 10), len(weights)))
    return Card(tuple(zip(weights, prices, strict=True)), dice.choice((None, 0, 35, 120)) if not endless else 90)


def some_rates(dice: random.Random) -> Rates:
    far = {"far": card(dice)} if dice.random() < 0.7 else {}
    return Rates(
        fallback=card(dice, endless=True),
        zones={"*": {"US": "far"}, "A": {"US 787": "near"}, "B": {"US-TX": "near"}, "C": {"US 78": "between"}},
        methods={"ground": {"near": card(dice), "between": card(dice), **far}},
        handling={"*": Handling(dice.randint(0, 3) * 50, dice.randint(0, 9)), "D": Handling(0, 0)},
        unfilled_minor=dice.choice((400, 5_000, 1_000_000)),
        weight_g=dice.choice((0, 700)),
        fuel_bp=dice.choice((0, 1_250)),
        carriers=dice.choice(((), (Carrier("red", {"ground": {"near": card(dice), "far": card(dice)}}, fuel_bp=333),))),
        markdown=dice.choice(({}, {"E": {"*": 40, "MUG": 300}, "B": {"CAP": 1}})),
    )  # fmt: skip


def some_stock(dice: random.Random) -> Stock:
    return {
        sku: {place: dice.choice((0, 1, 1, 2, 3)) for place in PLACES if dice.random() < 0.6}
        | {"A": dice.randint(-1, 2)}
        for sku in SKUS
    }


def bought(units: Bought) -> Order:
    made = given(draft(*(sold(sku, count) for sku, count in units.items()), ship_to=HERE)).order
    assert made is not None
    return made


def by_core(rates: Rates, stock: Stock, weights: Bought, units: Bought, prices: Stock) -> tuple[int, Plan]:
    """What the core makes of an order, and what it costs."""
    order = bought(units)
    facts = Facts({name: Location(name) for name in PLACES}, price_list=PriceList(currency="USD", rates=rates))
    facts.items |= {sku: Item(sku, weight_g=grams) for sku, grams in weights.items()}
    facts.stock |= {sku: dict(held) for sku, held in stock.items()}
    facts.prices = {sku: Prices(0, prices.get(sku, {})) for sku in SKUS}
    flow = workflow(algorithm="look_ahead", rank=(), eligible=(), split=())
    made = plan(order, {line.number: line.quantity for line in order.lines}, Context(0, flow, facts), {})
    unfilled = sum(made.missing.values()) * rates.unfilled_minor * 1_000
    return unfilled + int(made.because.figures.get("cost_mills", 0)), made


def by_planning(found: Converted, *, compiled: bool) -> Numbers:
    return best_plan(found.net, found.orders[0], compiled=compiled)


def wish(units: Bought, **other: Any) -> Wish:
    return Wish("one", HERE, "ground", units, **other)


def sources(made: Plan, skus: tuple[str, ...]) -> list[tuple[str, Bought]]:
    return [
        (parcel.location.id, {skus[number - 1]: count for number, count in parcel.units.items()})
        for parcel in made.parcels
    ]


def in_order(parcels: Sequence[tuple[str, Bought]]) -> list[tuple[str, list[tuple[str, int]]]]:
    return sorted((place, sorted(units.items())) for place, units in parcels)


@pytest.mark.parametrize("compiled", [False, True])
def test_planning_and_the_core_find_the_same_plan_to_the_mill(compiled: bool) -> None:
    for seed in range(400):
        dice = random.Random(seed)
        rates, stock = some_rates(dice), some_stock(dice)
        weights = {sku: dice.choice((0, 150, 400, 1_100, 6_500)) for sku in SKUS}
        units = {sku: dice.choice((1, 1, 1, 2, 3)) for sku in dice.sample(SKUS, dice.randint(1, 4))}
        prices = {sku: {place: dice.randint(0, 400_000) for place in PLACES} for sku in SKUS if dice.random() < 0.5}
        cost, made = by_core(rates, stock, weights, units, prices)
        found = converted(rates, stock=stock, weights=weights, wishes=[wish(units)], prices=prices)
        planned = by_planning(found, compiled=compiled)
        assert planned.cost_mills == cost, seed
        assert planned.cost_mills == plan_mills(found.net, found.orders[0], planned)
        assert in_order(in_words(found, 0, planned)) == in_order(sources(made, tuple(units))), seed


def test_locations_that_are_barred_send_nothing_and_late_ones_cost_more() -> None:
    rates = Rates(fallback=Card(((1_000, 500),), 100), handling={"B": Handling(10, 0)})
    stock = {"MUG": {"A": 1, "B": 1, "C": 1}}

    def sent(**other: Any) -> object:
        found = converted(rates, stock=stock, weights={}, wishes=[wish({"MUG": 1}, **other)])
        planned = by_planning(found, compiled=False)
        return planned.cost_mills, in_words(found, 0, planned)

    assert sent() == (500_000, (("A", {"MUG": 1}),))
    assert sent(barred=("A", "C")) == (510_000, (("B", {"MUG": 1}),))
    assert sent(late_mills={"A": 2_000, "C": 3_000}) == (502_000, (("A", {"MUG": 1}),))
    assert sent(late_mills={"A": 12_000, "C": 13_000}) == (510_000, (("B", {"MUG": 1}),))


def test_prices_are_charged_by_unit_and_place() -> None:
    rates = Rates(fallback=Card(((1_000, 500),), 100))
    found = converted(
        rates, stock={"MUG": {"A": 1, "B": 1}}, weights={}, wishes=[wish({"MUG": 1})], prices={"MUG": {"A": 7_000, "B": -1}}
    )  # fmt: skip
    planned = by_planning(found, compiled=False)
    assert (planned.cost_mills, in_words(found, 0, planned)) == (499_999, (("B", {"MUG": 1}),))


def test_where_nobody_has_anything_all_stays_unfilled() -> None:
    found = converted(Rates(fallback=Card(((1_000, 500),), 100)), stock={}, weights={}, wishes=[wish({"MUG": 2})])
    planned = by_planning(found, compiled=False)
    assert (planned.parcels, planned.unfilled, planned.cost_mills) == ((), (2,), 2_000_000_000)


def test_more_kinds_of_lanes_than_a_network_has_room_for_are_refused() -> None:
    rates = Rates(fallback=Card(((1_000, 500),), 100))
    wishes = [Wish(str(number), HERE, "ground", {"MUG": 1}, late_mills={"A": number}) for number in range(256)]
    with pytest.raises(TooVaried, match="255 kinds"):
        converted(rates, stock={"MUG": {"A": 1}}, weights={}, wishes=wishes)
