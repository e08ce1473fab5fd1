"""Eligibility: which locations may serve an order at all."""

from segue.core.delivery import timetable_of
from segue.core.facts import Facts, Location
from segue.core.order import Order
from segue.core.policy import policy


@policy("eligible")
def active(location: Location, order: Order, facts: Facts) -> str | None:
    """The location is switched on."""
    return None if location.active else "switched off"


@policy("eligible")
def ships_to_country(location: Location, order: Order, facts: Facts) -> str | None:
    """The location ships to the order's country."""
    country = order.ship_to.country
    if not location.ships_to or country in location.ships_to:
        return None
    return f"does not ship to {country or 'an unknown country'}"


@policy("eligible")
def before_cutoff(location: Location, order: Order, facts: Facts) -> str | None:
    """The location's cut-off of today is still to come, or it does not work today at all."""
    timetable = timetable_of(location, facts)
    return "its cut-off of today is over" if timetable and timetable.is_cut_off(facts.now_s) else None


@policy("eligible")
def same_country(location: Location, order: Order, facts: Facts) -> str | None:
    """The location is in the country that the order goes to."""
    return None if location.country == order.ship_to.country else f"in {location.country}"
