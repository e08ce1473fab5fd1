"""Proposing: what a wave had better do, in the core's words; and when it has nothing to say. Covers F-8."""

import random

import pytest
from msgspec.structs import replace

from segue.core.draft import Destination
from segue.core.rates import Card, Carrier, Rates
from segue.core.waves import Wish
from segue.planning import pricing
from segue.planning.pricing import DRAWN_MAX, Expected, unit_prices
from segue.planning.proposing import propose

RATES = Rates(
    fallback=Card(((5_000, 2_500),), 200),
    zones={"BER": {"DE": "near", "AT": "far"}, "WIE": {"DE": "near", "AT": "near"}},
    methods={"ground": {"near": Card(((500, 390),)), "far": Card(((500, 890),))}},
)
ODD = (
    Rates(RATES.fallback, dimensional_cm3=5_000),
    Rates(RATES.fallback, carriers=(Carrier("red", is_asked=True),)),
    Rates(RATES.fallback, unfilled_minor=10**7),
)
STOCK = {"MUG": {"BER": 1, "WIE": 1}}
GERMANY, AUSTRIA = Destination("DE"), Destination("AT")
ONE, OTHER = Wish("one", GERMANY, "ground", {"MUG": 1}), Wish("other", AUSTRIA, "ground", {"MUG": 1})


def test_orders_that_want_the_same_get_what_costs_least_together() -> None:
    found = propose(RATES, STOCK, {"MUG": 400}, [ONE, OTHER], "W1")
    assert found is not None
    (one, other) = found.proposals
    assert one is not None
    assert other is not None
    assert (one.wave, one.orders, one.gap_ppm, one.parcels) == ("W1", 2, 0, (("BER", {"MUG": 1}),))
    assert other.parcels == (("WIE", {"MUG": 1}),)
    assert (found.cost_mills, found.bound_mills) == (780_000, 780_000)


def test_an_order_of_too_many_lines_or_units_is_planned_alone() -> None:
    large = Wish("large", GERMANY, "ground", {f"S{number}": 1 for number in range(11)})
    many = Wish("many", GERMANY, "ground", {"MUG": 128})
    found = propose(RATES, STOCK, {}, [large, ONE, many, OTHER], "W1")
    assert found is not None
    assert [each is None for each in found.proposals] == [True, False, True, False]
    assert {each.orders for each in found.proposals if each is not None} == {2}


def test_what_planning_does_not_know_is_planned_one_by_one() -> None:
    expected = [Expected("MUG", GERMANY, "ground", 1.0)]
    for rates in ODD:
        assert propose(rates, STOCK, {}, [ONE, OTHER], "W1") is None
        assert unit_prices(rates, STOCK, {}, expected) is None


def test_where_all_is_unfilled_for_nothing_there_is_no_gap() -> None:
    free = Rates(RATES.fallback, unfilled_minor=0)
    found = propose(free, {}, {}, [ONE, OTHER], "W1")
    assert found is not None
    assert [each.gap_ppm for each in found.proposals if each is not None] == [0, 0]


def test_a_unit_is_worth_what_it_saves_above_what_it_saves_where_it_saves_least() -> None:
    expected = [Expected("MUG", AUSTRIA, "ground", 20.0), Expected("MUG", GERMANY, "ground", 0.5)]

    def prices(**held: int) -> object:
        return unit_prices(RATES, {"MUG": held}, {"MUG": 400}, expected)

    assert prices(BER=9, WIE=1) == {"MUG": {"WIE": 500_000}}
    assert prices(BER=9, WIE=80) == {"MUG": {}}
    # Where there is too little, a unit is worth an order that is not filled: everywhere, which counts for nothing.
    assert prices(BER=1, WIE=0) == {"MUG": {}}
    assert unit_prices(RATES, {}, {"MUG": 400}, expected) == {"MUG": {}}


def test_what_may_come_counts_as_often_as_it_is_drawn() -> None:
    """Somebody in Austria wants the unit in Vienna with a chance of 1 - exp(-2), which is 86 %: worth 4.32 of 5.00."""
    expected = [Expected("MUG", AUSTRIA, "ground", 2.0), Expected("MUG", GERMANY, "ground", 0.5)]
    stock = {"MUG": {"BER": 9, "WIE": 1}, "TEA": {"BER": 9, "WIE": 1}}
    (alone,) = (unit_prices(RATES, stock, {}, expected) or {}).values()
    assert alone.keys() == {"WIE"}
    assert 300_000 <= alone["WIE"] <= 500_000
    assert alone["WIE"] % (500_000 // 16) == 0, "a mean over sixteen draws"
    both = unit_prices(RATES, stock, {}, [*expected, *(each._replace(sku="TEA") for each in expected)])
    assert both == {"MUG": alone, "TEA": alone}, "the draws of a SKU do not hang on other SKUs"


def test_of_very_much_that_is_expected_the_mean_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    stock = {"MUG": {"BER": 5_000, "WIE": 100}}

    def prices(units: float) -> object:
        return unit_prices(RATES, stock, {}, [Expected("MUG", AUSTRIA, "ground", units)])

    assert prices(DRAWN_MAX) == prices(4 * DRAWN_MAX) == {"MUG": {"WIE": 500_000}}
    monkeypatch.setattr(pricing, "prices_by_samples", None)
    assert prices(4 * DRAWN_MAX) == {"MUG": {"WIE": 500_000}}


@pytest.mark.parametrize("unfilled_minor", [30_000, 3_000_000, 9_000_000])
def test_however_dear_a_unit_is_that_nobody_sends_the_bound_holds(unfilled_minor: int) -> None:
    """What is scarce may be worth more than prices can be: then it is as dear as they can be."""
    dice = random.Random(3)
    skus = ("A", "B", "C")
    wishes = [Wish(str(n), GERMANY, "ground", dict.fromkeys(dice.sample(skus, 2), 1)) for n in range(12)]
    stock = {sku: {place: dice.randint(0, 3) for place in ("BER", "MUC", "WIE")} for sku in skus}
    found = propose(replace(RATES, unfilled_minor=unfilled_minor), stock, {}, wishes, "W")
    assert found is not None
    assert found.bound_mills <= found.cost_mills <= found.one_by_one_mills
    sent = sum(sum(units.values()) for each in found.proposals if each for _, units in each.parcels)
    wanted = {sku: sum(wish.units.get(sku, 0) for wish in wishes) for sku in skus}
    assert sent == sum(min(wanted[sku], sum(stock[sku].values())) for sku in skus)


def test_a_price_beyond_what_fits_is_planned_one_by_one() -> None:
    assert propose(replace(RATES, markdown={"BER": {"MUG": 3_000_000}}), STOCK, {}, [ONE, OTHER], "W1") is None
