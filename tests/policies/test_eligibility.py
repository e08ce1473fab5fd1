"""Eligibility: which locations may serve an order at all."""

import pytest

from segue.core.draft import Destination
from segue.core.facts import Facts, Location
from segue.core.order import Order
from segue.policies.eligibility import active, same_country, ships_to_country
from tests.core.given import given
from tests.core.shop import draft, sold


def order_to(country: str) -> Order:
    order = given(draft(sold(), ship_to=Destination(country))).order
    assert order is not None
    return order


def test_a_location_that_is_switched_off_serves_nobody() -> None:
    assert active(Location("DAL"), order_to("US"), Facts()) is None
    assert active(Location("DAL", active=False), order_to("US"), Facts()) == "switched off"


@pytest.mark.parametrize(
    ("ships_to", "country", "reason"),
    [
        ((), "CA", None),
        (("US", "CA"), "CA", None),
        (("US",), "CA", "does not ship to CA"),
        (("US",), "", "does not ship to an unknown country"),
    ],
)
def test_a_location_serves_the_countries_that_it_ships_to(
    ships_to: tuple[str, ...], country: str, reason: str | None
) -> None:
    assert ships_to_country(Location("DAL", ships_to=ships_to), order_to(country), Facts()) == reason


def test_a_location_may_have_to_be_in_the_country_of_the_order() -> None:
    assert same_country(Location("DAL", country="US"), order_to("US"), Facts()) is None
    assert same_country(Location("DAL", country="US"), order_to("CA"), Facts()) == "in US"
