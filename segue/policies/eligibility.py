"""Eligibility: which locations may serve an order at all."""

from segue.core.facts import Facts, Location
from segue.core.order import Order
from segue.core.policy import policy
from segue.core.sourcing import distance_between, used_percent


@policy("eligible", sees="goods")
def active(location: Location, order: Order, facts: Facts) -> str | None:
    """The location is switched on."""
    return None if location.active else "switched off"


@policy("eligible", sees="country")
def ships_to_country(location: Location, order: Order, facts: Facts) -> str | None:
    """The location ships to the order's country."""
    country = order.ship_to.country
    if not location.ships_to or country in location.ships_to:
        return None
    return f"does not ship to {country or 'an unknown country'}"


@policy("eligible", sees="country")
def same_country(location: Location, order: Order, facts: Facts) -> str | None:
    """The location is in the country that the order goes to."""
    return None if location.country == order.ship_to.country else f"in {location.country}"


@policy("eligible", sees="place")
def nearer_than(location: Location, order: Order, facts: Facts, *, km: float) -> str | None:
    """The location is at most so far away; one whose distance is not known is not."""
    away_km = distance_between(location, order.ship_to)
    return None if away_km <= km else f"{away_km:.0f} km away, {km:g} at most"


@policy("eligible", sees="goods")
def of_kind(location: Location, order: Order, facts: Facts, *, kind: str) -> str | None:
    """The location is of this kind: warehouse, store."""
    return None if location.kind == kind else f"a {location.kind}"


@policy("eligible", sees="goods")
def below_capacity(location: Location, order: Order, facts: Facts, *, percent: int) -> str | None:
    """Less than this share of the location's day is taken, so that there is room left for others."""
    used = used_percent(location, facts)
    return None if used < percent else f"{used:.0f} % of its day is taken"


@policy("eligible", sees="goods")
def counted_within(location: Location, order: Order, facts: Facts, *, age_s: int) -> str | None:
    """The location's stock was counted lately."""
    at_s = facts.counted_at(location.id)
    if at_s is None:
        return "its stock was never counted"
    old_s = facts.now_s - at_s
    return None if old_s <= age_s else f"its stock was counted {old_s // 3600} hours ago"
