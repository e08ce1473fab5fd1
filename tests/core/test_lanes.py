"""What parcels cost: several carriers, fuel, volume, and carriers that are asked. Covers F-8."""

import pytest
from msgspec import json
from msgspec.structs import replace

from segue.core.base import NeedFacts
from segue.core.facts import Facts, Item
from segue.core.lanes import Charged, charged, charged_mills, lanes
from segue.core.rates import Card, Carrier, RateAnswer, RateRequest, Rates
from segue.core.sourcing.tariffs import ASKED_MAX
from tests.core.test_cheapest import HERE, bought, known, planned, replace_rates, sources

OWN = Card(((1000, 500), (5000, 900)))
POST = Carrier("post", {"ground": {"near": Card(((2000, 450),))}}, fuel_bp=1000)
SWIFT = Carrier("swift", {"ground": {"one": Card(((500, 300),), 200)}}, {"*": {"US": "one"}}, dimensional_cm3=5000)
RATES = Rates(
    fallback=Card(((0, 2000),), 0),
    zones={"*": {"US": "near"}},
    methods={"ground": {"near": OWN}},
    carriers=(POST, SWIFT),
)


def cost(rates: Rates, grams: int, volume_cm3: int = 0, method: str = "ground") -> Charged:
    ways = lanes(rates, HERE, method)
    found = charged(ways, "A", grams, volume_cm3)
    assert charged_mills(ways, "A", grams, volume_cm3, {}) == found.mills
    return found


@pytest.mark.parametrize(
    ("grams", "volume_cm3", "expected"),
    [
        (400, 0, Charged(300_000, 500, False, "swift", "one")),
        (900, 0, Charged(495_000, 2000, False, "post", "near")),
        (400, 2500, Charged(300_000, 500, False, "swift", "one")),
        (400, 2501, Charged(495_000, 2000, False, "post", "near")),
        (3000, 0, Charged(900_000, 5000, False, "", "near")),
        (4000, 0, Charged(900_000, 5000, False, "", "near")),
        (9000, 0, Charged(2_100_000, 9500, False, "swift", "one")),
    ],
)
def test_a_parcel_goes_with_the_carrier_that_is_cheapest_for_it(grams: int, volume_cm3: int, expected: Charged) -> None:
    assert cost(RATES, grams, volume_cm3) == expected


def test_of_carriers_that_cost_the_same_the_first_has_it_and_where_none_goes_the_fallback_counts() -> None:
    same = replace(RATES, carriers=(replace(POST, fuel_bp=0), replace(POST, name="other", fuel_bp=0)))
    assert cost(same, 700).carrier == "post"
    assert cost(RATES, 700, method="bicycle") == Charged(2_000_000, 1000, True)


def test_fuel_and_volume_may_come_on_top_of_the_shops_own_cards() -> None:
    own = replace(RATES, carriers=(), fuel_bp=333, dimensional_cm3=4000)
    assert cost(own, 100).mills == 516_650
    assert cost(own, 100, 4001) == Charged(929_970, 5000, False, "", "near")


def test_a_thousandth_of_a_cent_is_rounded_half_up() -> None:
    odd = replace(RATES, carriers=(), fuel_bp=5, methods={"ground": {"near": Card(((1000, 1),))}})
    assert cost(odd, 100).mills == 1001


ASKED = Carrier("asked", {"ground": {"near": Card(((1000, 700),))}}, is_asked=True)
WITH_ASKED = replace_rates(carriers=(ASKED,), methods={}, zones={"*": {"US": "near"}})


def requests_of(facts: Facts, **units: int) -> list[RateRequest]:
    """What the plan of an order asks for, once it has no answers yet."""
    with pytest.raises(NeedFacts) as need:
        planned(bought(**units), facts)
    assert need.value.kind == "rate"
    return [json.decode(key, type=RateRequest) for key in sorted(need.value.keys)]


def told(facts: Facts, prices: dict[tuple[str, int], RateAnswer], **units: int) -> Facts:
    for request in requests_of(facts, **units):
        facts.quotes[json.encode(request).decode()] = prices.get((request.origin, request.weight_g), RateAnswer())
    return facts


def test_a_carrier_is_asked_of_every_parcel_that_there_could_be_and_the_cheapest_plan_follows() -> None:
    facts = known({"SHIRT": {"A": 2, "C": 2}}, WITH_ASKED)
    assert [(each.origin, each.weight_g, each.postcode_area) for each in requests_of(facts, SHIRT=2)] == [
        ("A", 300, "787"), ("A", 600, "787"), ("C", 300, "787"), ("C", 600, "787"),
    ]  # fmt: skip
    prices = {("A", 300): RateAnswer(90), ("C", 300): RateAnswer(100), ("C", 600): RateAnswer(600)}
    made = planned(bought(SHIRT=2), told(facts, prices, SHIRT=2))
    assert sources(made) == [("A", {1: 1}), ("A", {1: 1})]
    assert [(one["carrier"], one["by_carrier"], one["rate_mills"]) for one in made.because.figures["parcels"]] == [
        ("asked", True, 90_000)
    ] * 2
    assert "carriers" not in made.because.figures


def test_the_card_of_a_carrier_that_is_silent_counts_and_the_reason_says_why() -> None:
    facts = known({"SHIRT": {"A": 2}}, WITH_ASKED)
    silent = {("A", 300): RateAnswer(silent="no connection"), ("A", 600): RateAnswer(silent="no connection")}
    made = planned(bought(SHIRT=2), told(facts, silent, SHIRT=2))
    (parcel,) = made.because.figures["parcels"]
    assert (parcel["carrier"], parcel["rate_mills"], "by_carrier" in parcel) == ("asked", 700_000, False)
    assert made.because.figures["carriers"] == {"asked": "no connection"}


def test_a_silent_carrier_without_a_card_leaves_the_fallback() -> None:
    bare = replace_rates(carriers=(Carrier("bare", is_asked=True),), methods={})
    facts = known({"SHIRT": {"A": 1}}, bare)
    made = planned(bought(SHIRT=1), told(facts, {("A", 300): RateAnswer(silent="down")}, SHIRT=1))
    (parcel,) = made.because.figures["parcels"]
    assert (parcel["zone"], parcel["rate_mills"]) == ("", 1_000_000)


def test_carriers_are_not_asked_of_too_many_parcels() -> None:
    places = tuple(replace(known({}).locations["A"], id=f"L{number:03}") for number in range(ASKED_MAX + 1))
    facts = known({"SHIRT": {place.id: 1 for place in places}}, WITH_ASKED, places)
    made = planned(bought(SHIRT=1), facts)
    assert made.because.figures["carriers"] == {"asked": "not asked, as there are too many parcels to ask about"}


def test_the_volume_of_the_goods_comes_from_the_catalog() -> None:
    facts = known({"SHIRT": {"A": 1}}, replace_rates(dimensional_cm3=5000))
    facts.items["SHIRT"] = Item("SHIRT", weight_g=300, volume_cm3=4000)
    (parcel,) = planned(bought(SHIRT=1), facts).because.figures["parcels"]
    assert (parcel["weight_g"], parcel["billed_g"], parcel["rate_mills"]) == (300, 1000, 550_000)
