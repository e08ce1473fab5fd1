"""What a unit costs beside its parcel: what it is worth where it is, what it loses there, and what it costs to be late."""

from typing import Any

from msgspec.structs import replace

from segue.core.calendar import Calendar, Timing, Transit
from segue.core.facts import Facts
from segue.core.order import Order
from segue.core.rates import Late, Rates
from segue.core.sourcing import Plan
from segue.core.timetable import Timetables
from tests.core.given import given
from tests.core.shop import draft, sold
from tests.core.test_cheapest import HERE, PLACES, bought, known, planned, replace_rates, sources

DAY_S = 86_400
BOTH = {"SHIRT": {"A": 9, "C": 9}}  # A costs 5.10, C 7.10


def parcel(made: Plan) -> dict[str, Any]:
    """What is recorded of the only parcel of a plan."""
    (told,) = made.because.figures["parcels"]
    assert isinstance(told, dict)
    return told


def test_a_unit_that_is_worth_more_where_it_is_comes_from_elsewhere() -> None:
    facts = known(BOTH)
    assert sources(planned(bought(SHIRT=1), facts)) == [("A", {1: 1})]
    facts.opportunity = {"SHIRT": {"A": 200_001}}
    made = planned(bought(SHIRT=1), facts)
    assert sources(made) == [("C", {1: 1})]
    assert made.because.passed_over == {"A": "0.01 USD dearer; 0.01 USD cheaper it would win"}
    assert "opportunity_mills" not in parcel(made)


def test_what_is_charged_beside_the_parcel_is_recorded_with_it() -> None:
    facts = known({"SHIRT": {"A": 9}})
    facts.opportunity = {"SHIRT": {"A": 25_000}, "CAP": {"A": 99}}
    told = parcel(planned(bought(SHIRT=2), facts))
    assert told["opportunity_mills"] == 50_000
    assert told["total_mills"] == told["rate_mills"] + told["handling_mills"] + 50_000


def test_what_loses_its_value_goes_first_even_if_the_parcel_is_dearer() -> None:
    outlet = replace_rates(markdown={"C": {"SHIRT": 250, "*": 10}})
    made = planned(bought(SHIRT=1), known(BOTH, outlet))
    assert sources(made) == [("C", {1: 1})]
    assert parcel(made)["markdown_mills"] == 250_000
    assert parcel(made)["total_mills"] == 460_000
    caps = planned(bought(CAP=1), known({"CAP": {"A": 9, "C": 9}}, outlet))
    assert sources(caps) == [("A", {1: 1})]


def test_a_plan_may_cost_less_than_nothing() -> None:
    clearance = replace_rates(markdown={"C": {"*": 5_000}})
    made = planned(bought(SHIRT=2), known({"SHIRT": {"A": 9, "C": 1}}, clearance))
    assert sources(made) == [("A", {1: 1}), ("C", {1: 1})]
    assert made.because.figures["cost_mills"] == 510_000 + 710_000 - 5_000_000


def timed(rates: Rates, **days: int) -> Facts:
    """A shop in which parcels are so many days under way, from A and from C."""
    facts = known(BOTH, rates)
    origins = {place: {"US": (count, count)} for place, count in days.items()}
    facts.timetables = Timetables(Timing(transit={"ground": Transit({"US": (1, 1)}, origins)}))
    return facts


def promised_in(days: int, **units: int) -> Order:
    """An order whose channel has promised it so many days from now."""
    order = given(draft(*(sold(sku, count) for sku, count in units.items()), ship_to=HERE)).order
    assert order is not None
    return replace(order, promised_at_s=days * DAY_S, ship_method="ground")


def test_a_parcel_that_comes_late_costs_by_parcel_and_by_unit_and_day() -> None:
    rates = replace_rates(late=Late(parcel_minor=100, unit_day_minor=30))
    slow = timed(rates, A=4, C=1)
    assert sources(planned(promised_in(9, SHIRT=2), slow)) == [("A", {1: 2})]
    assert sources(planned(promised_in(2, SHIRT=2), slow)) == [("C", {1: 2})]
    told = parcel(planned(promised_in(2, SHIRT=2), timed(rates, A=4, C=4)))
    assert (told["location"], told["late_mills"]) == ("A", 100_000 + 2 * 30_000 * 3)


def test_it_is_late_after_what_the_channel_has_said_or_what_was_promised_of_the_line() -> None:
    facts = timed(replace_rates(late=Late(unit_day_minor=500)), A=4, C=1)
    order = promised_in(9, SHIRT=1)
    assert sources(planned(replace(order, promised_at_s=None), facts)) == [("A", {1: 1})]
    known_line = replace(order.lines[0], deliver_by_s=2 * DAY_S)
    assert sources(planned(replace(order, lines=(known_line,), promised_at_s=None), facts)) == [("C", {1: 1})]
    assert sources(planned(replace(order, lines=(known_line,)), facts)) == [("A", {1: 1})]


def test_without_transit_it_is_late_when_it_leaves_late_and_who_never_works_is_a_year_late() -> None:
    rates = replace_rates(late=Late(unit_day_minor=1))
    facts = timed(rates, A=1)
    slow = replace(PLACES[0], handling_days=5)
    facts.locations = {"A": slow, "C": replace(PLACES[2], handling_days=5)}
    by_bicycle = replace(promised_in(2, SHIRT=1), ship_method="bicycle")
    assert parcel(planned(by_bicycle, facts))["late_mills"] == 3_000
    facts.locations = {"A": replace(PLACES[0], calendar="never")}
    facts.timetables = Timetables(Timing(calendars={"never": Calendar((None,) * 7)}))
    two = given(draft(sold("SHIRT"), sold("CAP"), ship_to=HERE)).order
    assert two is not None
    facts.stock["CAP"] = {"A": 1}
    lines = (replace(two.lines[0], deliver_by_s=0), two.lines[1])
    assert parcel(planned(replace(two, lines=lines), facts))["late_mills"] == 366_000
