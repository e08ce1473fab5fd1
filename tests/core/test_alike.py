"""Alike: orders that are to have the same of the same supply are of one kind; where a rule may look further, of none."""

from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from segue.core.alike import PLACES_MAX, kind_of
from segue.core.allocate import UnitsAllocated, UnitsBackordered
from segue.core.calendar import Timing, Transit
from segue.core.context import Context
from segue.core.draft import Destination
from segue.core.facts import Facts, Location
from segue.core.order import Order
from segue.core.policy import Rule, seen_by
from segue.core.timetable import Timetables
from segue.core.workflow import Strategy, Workflow
from segue.policies.eligibility import active, nearer_than, ships_to_country
from segue.policies.routing import closest, most_stock, ship_complete
from tests.core.given import given
from tests.core.shop import draft, sold

WAITS = UnitsBackordered({1: ((1, 3),)})
DAL = Location("DAL", country="US", latitude=32.8, longitude=-96.8)
MIA = Location("MIA", country="US", latitude=25.8, longitude=-80.2)
HOUSTON = Destination("US", "TX", 29.8, -95.4, postcode_area="770")
AUSTIN = Destination("US", "TX", 30.3, -97.7, postcode_area="787")
TAMPA = Destination("US", "FL", 28.0, -82.5, postcode_area="336")
USUAL = (Rule("active", active), Rule("ships_to_country", ships_to_country))
RANK = (Rule("ship_complete", ship_complete), Rule("closest", partial(closest, band_km=50)))


def waiting(**changes: Any) -> Order:
    """An order that waits for three shirts."""
    order = given(draft(sold("SHIRT", 3)), WAITS).order
    assert order is not None
    return replace(order, ship_to=HOUSTON, **changes)


def kind(order: Order, timing: Timing | None = None, places: int = 0, **changes: Any) -> str:
    """Its kind, by the usual rules or others."""
    flow = replace(Workflow("w", "w@1", eligible=USUAL, rank=RANK), **changes)
    more = {f"L{n}": Location(f"L{n}") for n in range(places)}
    facts = Facts({"DAL": DAL, "MIA": MIA} | more, timetables=Timetables(timing or Timing()))
    return kind_of(order, Context(0, flow, facts))


def test_who_has_ordered_when_and_for_how_much_makes_no_difference() -> None:
    order = waiting()
    line = replace(order.lines[0], paid_minor=1, title="Shirt")
    other = replace(order, id="web-9", placed_at_s=9, person="p9", total_minor=1, lines=(line,), ship_to_digest="x")
    assert kind(order) == kind(other) != ""
    assert kind(order) == kind(replace(order, grace_ends_s=9, grace_over=True))
    assert kind(order) != kind(replace(order, grace_ends_s=9))
    assert kind(order) != kind(replace(order, ship_method="express"))
    assert kind(order) != kind(replace(order, channel="other"))
    assert kind(order) != kind(replace(order, lines=(replace(order.lines[0], location="DAL"),)))


def test_of_where_it_goes_only_counts_which_location_is_nearer() -> None:
    assert kind(waiting()) == kind(replace(waiting(), ship_to=AUSTIN))
    assert kind(waiting()) != kind(replace(waiting(), ship_to=TAMPA))
    assert kind(waiting()) != kind(replace(waiting(), ship_to=replace(AUSTIN, country="MX")))
    assert kind(waiting(), rank=RANK[:1]) == kind(replace(waiting(), ship_to=TAMPA), rank=RANK[:1])


def test_where_a_rule_looks_at_the_place_or_there_are_many_locations_the_place_counts() -> None:
    near = (*USUAL, Rule("nearer_than", partial(nearer_than, km=900)))
    assert kind(waiting(), eligible=near) != kind(replace(waiting(), ship_to=AUSTIN), eligible=near)
    assert kind(waiting(), places=PLACES_MAX) != kind(replace(waiting(), ship_to=AUSTIN), places=PLACES_MAX)


def test_where_a_parcel_is_longer_under_way_the_kind_is_another() -> None:
    timing = Timing(transit={"standard": Transit({"US": (2, 3), "US 787": (1, 1)})})
    method = waiting().ship_method
    timing = Timing(transit={method: timing.transit["standard"]})
    assert kind(waiting(), timing) != kind(replace(waiting(), ship_to=AUSTIN), timing)
    assert kind(waiting(), timing) == kind(replace(waiting(), ship_to=replace(HOUSTON, postcode_area="771")), timing)


@pytest.mark.parametrize(
    "strategy",
    [
        Strategy("s", trial=50), Strategy("s", shadow=True), Strategy("s", algorithm="exact"),
        Strategy("s", pickup="at_store"), Strategy("s", otherwise="cancel"),
        Strategy("s", rank=(Rule("most_stock", most_stock),)), Strategy("s", rank=(Rule("own", lambda *_: 0),)),
    ],
)  # fmt: skip
def test_where_rules_may_look_at_anything_an_order_is_like_no_other(strategy: Strategy) -> None:
    assert kind(waiting(), routing=(strategy,)) == ""
    assert kind(waiting(), routing=(replace(strategy, trial=None, shadow=False, **plain(strategy)),)) != ""


def plain(strategy: Strategy) -> dict[str, Any]:
    """What makes a strategy one by which orders may be alike."""
    return {"algorithm": "rules", "pickup": "", "otherwise": "next", "rank": ()}


def test_an_order_that_waits_in_two_lines_or_not_at_all_is_like_no_other() -> None:
    two = given(draft(sold("SHIRT", 3), sold("CAP")), UnitsBackordered({1: ((1, 3),), 2: ((1, 1),)})).order
    none = given(draft(sold("SHIRT", 3)), WAITS, UnitsAllocated("F1", "DAL", {1: ((1, 3),)})).order
    assert two is not None
    assert none is not None
    assert (kind(two), kind(none)) == ("", "")


def test_a_policy_of_which_nothing_is_said_may_look_at_anything() -> None:
    assert seen_by(Rule("own", lambda: 0)) == "anything"
    assert seen_by(RANK[1]) == "nearness"
