"""Arrival: backward and forward in time the same dates come out, whatever the calendars, zones and summer times. K-4."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segue.core.arrival import arrival_day, date_of, day_of, first_possible, local_day, reach
from segue.core.calendar import DAY_S, EPOCH, Calendar, Closed, Hours, Timing, Transit
from segue.core.delivery import leaves
from segue.core.draft import Destination
from segue.core.facts import Facts, Location
from segue.core.intake import OrderPlaced, born
from segue.core.order import Order
from segue.core.timetable import Timetables
from segue.loader.time_zones import expanded
from tests.core.shop import draft, sold
from tests.core.test_timetable import BERLIN, CALENDARS, OFFICE, WEEKDAYS, ZONES, at

DATES = st.dates(date(2024, 6, 1), date(2027, 6, 30))
PARCELS = Calendar((Hours(9 * 3600, 18 * 3600),) * 6 + (None,), frozenset([date(2026, 4, 3), date(2026, 4, 6)]))
LOS_ANGELES, AUCKLAND = "America/Los_Angeles", "Pacific/Auckland"
DALLAS = Location("DAL", "warehouse", "US", calendar="office", time_zone=BERLIN)


def ordered(to: Destination) -> Order:
    made = draft(sold(), ship_to=to, ship_method="ground")
    return born(None, OrderPlaced(id="o", workflow="w@1", draft=made), 0)


def facts_of(
    office: Calendar, parcels: Calendar, most: int, fewest: int = 0, customers: dict[str, str] | None = None
) -> Facts:
    names = {*ZONES, BERLIN, LOS_ANGELES, AUCKLAND}
    timing = Timing(
        "UTC",
        {"office": office, "parcels": parcels},
        {name: expanded(name) for name in names},
        {"ground": Transit({"US": (fewest, most)}, calendar="parcels")},
        customers=customers or {},
    )
    return Facts({}, timetables=Timetables(timing))


@settings(max_examples=150, deadline=None)
@given(
    CALENDARS, CALENDARS, st.sampled_from(ZONES), st.sampled_from((*ZONES, "")), st.integers(0, 9), st.integers(0, 5),
    st.integers(0, 20), DATES,
)  # fmt: skip
def test_who_asks_then_has_it_on_that_day_and_who_asks_before_sends_it_sooner(
    office: Calendar, parcels: Calendar, zone: str, customer: str, most: int, days: int, work: int, wanted: date
) -> None:
    facts = facts_of(office, parcels, most, min(1, most), {"US": customer} if customer else {})
    order = ordered(Destination("US", "TX"))
    place = Location(
        "DAL", "warehouse", "US", calendar="office", time_zone=zone, handling_days=days, handling_s=work * 900
    )
    found = reach(place, order, facts, wanted.toordinal())
    if found is None:
        return
    assert found.day <= wanted.toordinal() < found.next_day
    assert arrival_day(place, order, facts, found.from_s) == found.day
    assert arrival_day(place, order, facts, found.until_s - 1) == found.day
    before, then = leaves(place, facts, found.from_s - 1), leaves(place, facts, found.from_s)
    assert before is not None
    assert then is not None
    assert before < then == leaves(place, facts, found.until_s - 1)
    after = arrival_day(place, order, facts, found.until_s)
    assert after is None or after > wanted.toordinal()


@settings(max_examples=60, deadline=None)
@given(CALENDARS, CALENDARS, st.sampled_from(ZONES), st.integers(0, 5), DATES, st.integers(0, 86_400 * 40))
def test_the_first_possible_date_is_one_and_none_before_it_is(
    office: Calendar, parcels: Calendar, zone: str, most: int, wanted: date, before_s: int
) -> None:
    facts, order = facts_of(office, parcels, most), ordered(Destination("US", "TX"))
    place = Location("DAL", "warehouse", "US", calendar="office", time_zone=zone)
    day, now_s = wanted.toordinal(), (wanted.toordinal() - EPOCH) * DAY_S - before_s
    first = first_possible([place], order, facts, now_s, day)
    if first is None:
        return
    assert first >= day
    assert first_possible([place], order, facts, now_s, first) == first
    for each in range(day, min(first, day + 10)):
        found = reach(place, order, facts, each)
        assert found is None or found.day != each or found.until_s <= now_s


@pytest.mark.parametrize(
    ("wanted", "from_", "until"),
    [
        ("2026-03-31", "2026-03-26T14:00", "2026-03-27T14:00"),  # over the night in which clocks are put forward
        ("2026-10-27", "2026-10-22T14:00", "2026-10-23T14:00"),  # and back
        (
            "2026-04-09",
            "2026-04-06T14:00",
            "2026-04-07T14:00",
        ),  # over Easter: the carrier rests, the warehouse does not
    ],
)
def test_days_are_counted_by_the_clock_on_the_wall(wanted: str, from_: str, until: str) -> None:
    parcels = Calendar((*PARCELS.week[:5], None, None), PARCELS.holidays)
    facts, order = facts_of(WEEKDAYS, parcels, 2), ordered(Destination("US", "TX"))
    found = reach(DALLAS, order, facts, date.fromisoformat(wanted).toordinal())
    assert found is not None
    assert (date_of(found.day), found.from_s, found.until_s) == (wanted, at(from_), at(until))


def test_a_day_without_deliveries_is_not_reached_and_the_next_one_is() -> None:
    facts, order = facts_of(WEEKDAYS, PARCELS, 1), ordered(Destination("US", "TX"))
    found = reach(DALLAS, order, facts, date(2026, 3, 8).toordinal())  # a Sunday
    assert found is not None
    assert (date_of(found.day), date_of(found.next_day)) == ("2026-03-07", "2026-03-10")  # nobody sends on Saturday
    now_s = at("2026-03-02T10:00")
    first = first_possible([DALLAS], order, facts, now_s, date(2026, 3, 8).toordinal())
    assert first is not None
    assert date_of(first) == "2026-03-10"
    soon = first_possible([DALLAS], order, facts, now_s, date(2026, 2, 1).toordinal())
    assert soon is not None
    assert date_of(soon) == "2026-03-03"


def test_the_day_is_the_customers_where_the_shop_says_in_which_zone_they_live() -> None:
    night = Calendar((Hours(0, DAY_S),) * 7)
    office = Calendar((OFFICE,) * 7)
    for customers, zone in (
        ({}, BERLIN),
        ({"US": AUCKLAND}, AUCKLAND),
        ({"US-CA": LOS_ANGELES, "*": BERLIN}, LOS_ANGELES),
    ):
        facts, order = facts_of(office, night, 0, customers=customers), ordered(Destination("US", "CA"))
        assert facts.timetables.zone_at(BERLIN, order.ship_to).name == zone
        leaves = at("2026-03-05T17:00")
        day = arrival_day(DALLAS, order, facts, leaves - 4 * 3600)
        assert day == local_day(DALLAS, order, facts, leaves)
    assert facts.timetables.zone_at(BERLIN, Destination("FR")).name == BERLIN


def test_nobody_knows_when_a_parcel_arrives_of_which_nobody_has_said_how_long_it_is_under_way() -> None:
    facts, elsewhere = facts_of(WEEKDAYS, PARCELS, 1), ordered(Destination("FR"))
    assert arrival_day(DALLAS, elsewhere, facts, at("2026-03-05T09:00")) is None
    assert reach(DALLAS, elsewhere, facts, date(2026, 3, 8).toordinal()) is None
    assert first_possible([DALLAS], elsewhere, facts, at("2026-03-05T09:00"), date(2026, 3, 8).toordinal()) is None


def test_who_closes_for_years_is_asked_in_time_or_never() -> None:
    order, wanted = ordered(Destination("US", "TX")), date(2026, 3, 10).toordinal()
    shut = Calendar(WEEKDAYS.week, closed=(Closed(date(2026, 3, 6), date(2036, 1, 1)),))
    facts = facts_of(shut, PARCELS, 1)
    found = reach(DALLAS, order, facts, wanted)
    assert found is not None
    assert date_of(found.day) == "2026-03-06"  # the last that they send
    assert first_possible([DALLAS], order, facts, at("2026-03-02T10:00"), wanted) is None
    long_shut = Calendar(WEEKDAYS.week, closed=(Closed(date(2020, 1, 1), date(2026, 3, 9)),))
    assert reach(DALLAS, order, facts_of(long_shut, PARCELS, 1), wanted) is None
    assert (
        first_possible([DALLAS], order, facts_of(long_shut, PARCELS, 1), at("2026-03-02T10:00"), wanted) == wanted + 1
    )


def test_a_date_exists_or_not() -> None:
    assert day_of("2026-12-24") == date(2026, 12, 24).toordinal()
    assert [day_of(text) for text in ("2026-02-30", "soon", "2999-01-01")] == [None, None, None]
