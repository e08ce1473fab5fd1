"""Dates in routing: the filter and the rankings that know when places work."""

import pytest
from msgspec.structs import replace

from segue.core.calendar import Timing, Transit
from segue.core.facts import Facts, Location
from segue.core.order import Order
from segue.core.sourcing import Offer
from segue.core.timetable import Timetables
from segue.policies.dates import before_cutoff, earliest, fastest
from tests.core.given import given
from tests.core.shop import draft, sold
from tests.core.test_promise import CHICAGO, DALLAS, MIAMI, RENO, TIMING
from tests.core.test_timetable import at


def order() -> Order:
    """Some order, to Texas."""
    found = given(draft(sold())).order
    assert found is not None
    return found


def known(text: str, timing: Timing = TIMING) -> Facts:
    """What is known at a time in Chicago."""
    facts = Facts(timetables=Timetables(timing))
    facts.now_s = at(text, CHICAGO)
    return facts


@pytest.mark.parametrize(
    ("location", "now", "reason"),
    [
        (DALLAS, "2026-11-23T13:59", None),
        (DALLAS, "2026-11-23T14:00", "its cut-off of today is over"),
        (MIAMI, "2026-11-23T13:00", "its cut-off of today is over"),  # it is two there
        (DALLAS, "2026-11-22T20:00", None),  # a Sunday
        (RENO, "2026-11-23T23:00", None),  # keeps no calendar
    ],
)
def test_a_place_is_asked_until_its_cut_off(location: Location, now: str, reason: str | None) -> None:
    assert before_cutoff(location, order(), known(now)) == reason


def first(rule: str, now: str, timing: Timing = TIMING) -> list[str]:
    """The locations as a ranking asks them."""
    rank, facts = {"earliest": earliest, "fastest": fastest}[rule], known(now, timing)
    places = sorted((DALLAS, MIAMI, RENO), key=lambda place: rank(Offer(place, {1: 1}, True), order(), facts))
    return [place.id for place in places]


def test_whose_parcel_arrives_first_goes_first() -> None:
    assert first("earliest", "2026-11-23T09:00") == ["DAL", "REN", "MIA"]  # Miami needs a day until it can leave
    assert first("earliest", "2026-11-23T14:30") == ["REN", "DAL", "MIA"]  # for Dallas it is too late today


def test_whose_parcel_is_under_way_for_the_shortest_time_goes_first() -> None:
    quick = Transit({"US": (2, 2)}, {"MIA": {"US": (1, 1)}})
    assert first("fastest", "2026-11-23T09:00", replace(TIMING, transit={"ground": quick}))[0] == "MIA"


def test_where_no_arrival_is_known_the_first_to_leave_goes_first_and_no_date_at_all_goes_last() -> None:
    dumb = replace(TIMING, transit={})
    assert first("earliest", "2026-11-23T15:00", dumb) == ["REN", "DAL", "MIA"]
    assert first("fastest", "2026-11-23T15:00", dumb) == ["DAL", "MIA", "REN"]
    assert first("earliest", "2026-11-23T15:00", Timing()) == ["DAL", "MIA", "REN"]
    assert first("fastest", "2026-11-23T15:00", Timing()) == ["DAL", "MIA", "REN"]


def test_dates_in_one_band_are_alike() -> None:
    facts, made = known("2026-11-23T09:00"), order()
    offers = [Offer(place, {1: 1}, True) for place in (DALLAS, MIAMI, RENO)]
    for rank in (earliest, fastest):
        dates = [rank(offer, made, facts) for offer in offers]
        weeks = [rank(offer, made, facts, band_s=604_800) for offer in offers]
        assert weeks == [date // 604_800 * 604_800 for date in dates]
        assert len(set(dates)) > 1
