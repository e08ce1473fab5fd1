"""Dates: which locations may still be asked today, and whose parcel is here first. They know calendars.yaml."""

from segue.core.delivery import promised, timetable_of
from segue.core.facts import Facts, Location
from segue.core.order import Order
from segue.core.policy import policy
from segue.core.sourcing import Offer

NEVER_S = 2**40  # where a date is not known, it is last


@policy("eligible")
def before_cutoff(location: Location, order: Order, facts: Facts) -> str | None:
    """The location's cut-off of today is still to come, or it does not work today at all."""
    timetable = timetable_of(location, facts)
    return "its cut-off of today is over" if timetable and timetable.is_cut_off(facts.now_s) else None


@policy("rank")
def earliest(offer: Offer, order: Order, facts: Facts, *, band_s: int = 0) -> float:
    """The location whose parcel arrives first goes first; where no arrival is known, the one whose parcel leaves first."""
    dates = promised(offer.location, order, facts, facts.now_s)
    if dates is None:
        return 2 * NEVER_S
    date_s = NEVER_S + dates.ship_by_s if dates.deliver_by_s is None else dates.deliver_by_s
    return date_s // band_s * band_s if band_s else date_s


@policy("rank")
def fastest(offer: Offer, order: Order, facts: Facts, *, band_s: int = 0) -> float:
    """The location whose parcel is under way for the shortest time goes first."""
    dates = promised(offer.location, order, facts, facts.now_s)
    if dates is None or dates.deliver_by_s is None:
        return NEVER_S
    way_s = dates.deliver_by_s - dates.ship_by_s
    return way_s // band_s * band_s if band_s else way_s
