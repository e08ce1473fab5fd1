"""What parcels cost, as `why` tells it. Covers F-8 and F-14."""

from typing import Any

from segue.core.explain.costs import costs
from segue.core.explain.words import Tale
from segue.core.facts import Location
from tests.core.given import given
from tests.core.told import SENT

PLACES = {"B": Location("B", name="Bern")}


def told(**figures: Any) -> list[str]:
    order = given(SENT).order
    assert order is not None
    return list(costs(figures, Tale(order, PLACES)))


def parcel(**more: Any) -> dict[str, Any]:
    usual = {"location": "B", "units": 1, "zone": "near", "weight_g": 300, "billed_g": 500, "rate_mills": 400_000}
    return usual | {"handling_mills": 60_000, "total_mills": 460_000} | more


def test_a_parcel_has_its_rate_and_its_handling() -> None:
    assert told(parcels=[parcel()]) == [
        "Bern (B) sends 1 unit: 4.00 rate (near, up to 500 g) + 0.60 handling = 4.60 USD"
    ]
    assert told() == []


def test_all_that_comes_on_top_is_named_and_what_is_taken_off() -> None:
    more = parcel(
        units=2, opportunity_mills=1_500, late_mills=30_000, markdown_mills=90_000, carrier="post", total_mills=401_500
    )
    assert told(parcels=[more]) == [
        "Bern (B) sends 2 units: 4.00 rate (post, near, up to 500 g) + 0.60 handling + 0.02 as it is worth more where it is"
        " + 0.30 as it comes late - 0.90 as it loses its value there = 4.02 USD"
    ]


def test_the_rate_says_whose_it_is_and_why_a_card_counts() -> None:
    asked = parcel(carrier="swift", by_carrier=True)
    fallback = parcel(zone="", billed_g=0)
    bare = parcel(zone="", carrier="post")
    assert told(parcels=[asked, fallback, bare], carriers={"swift": "no connection"}) == [
        "Bern (B) sends 1 unit: 4.00 rate (as swift has said) + 0.60 handling = 4.60 USD",
        "Bern (B) sends 1 unit: 4.00 rate (the fallback rate) + 0.60 handling = 4.60 USD",
        "Bern (B) sends 1 unit: 4.00 rate (post, up to 500 g) + 0.60 handling = 4.60 USD",
        "all parcels together 13.80 USD",
        "the card of swift counts: no connection",
    ]


def test_those_that_there_was_no_room_for_are_named_with_their_filter_or_their_plans_cost() -> None:
    others = {"country: not served": ["A", "B"], "cost_mills": {"C": 700_000, "B": 710_001}}
    assert told(parcels=[parcel()], others=others)[1:] == [
        "passed over A and Bern (B): country: not served",
        "all in all it would cost at least, with C 7.00 and Bern (B) 7.11",
    ]
    assert told(others=others) == []
