"""Collecting: strategies for what customers collect: from where it comes, when it is promised, and who may say else."""

from typing import Any

from msgspec.structs import replace

from segue.core.allocate import Allocate, UnitsAllocated, UnitsBackordered
from segue.core.assign import AssignLocation
from segue.core.base import Event
from segue.core.bringing import (
    store_of,
)
from segue.core.calendar import ALWAYS, Timing, Transit
from segue.core.days import Capacity, Closure, Load
from segue.core.fulfill import (
    FulfillmentReleased,
    RecordShortPick,
)
from segue.core.tally import Units
from segue.core.workflow import Among, Strategy
from segue.policies.routing import closest
from tests.core.given import Given, given
from tests.core.shop import DALLAS, LOCATIONS, MIAMI, NOW_S, draft, rule, sold

TWO: dict[int, Units] = {1: ((1, 2),)}
HERE = (
    UnitsAllocated("F1", "MIA", TWO, to="MIA"),
    FulfillmentReleased("F1", "MIA", TWO),
)
THERE, ANYWHERE = Strategy("there", pickup="at_store"), Strategy("brought", pickup="ship_to_store")
STOCK = {"SHIRT": {"DAL": 9, "MIA": 1, "REN": 9}}


def bought(*story: Event, **more: Any) -> Given:
    return given(draft(sold("SHIRT", 2, location="MIA"), kind="prepaid"), *story).knowing(**more)


def allocated(known: Given) -> list[tuple[str, str, int]]:
    """From where, to which store, how many; or what else happens."""
    return [
        (event.location, event.to, sum(last - first + 1 for ((first, last),) in event.units.values()))
        if isinstance(event, UnitsAllocated)
        else (type(event).__name__, "", 0)
        for event in known.when(Allocate()).events
    ]


def test_a_store_gives_what_it_has_and_others_bring_the_rest() -> None:
    known = bought(stock=STOCK, routing=(THERE, ANYWHERE))
    assert allocated(known) == [("MIA", "MIA", 1), ("DAL", "MIA", 1)]
    assert allocated(bought(stock=STOCK, routing=(THERE,))) == [("MIA", "MIA", 1), ("UnitsBackordered", "", 0)]
    assert allocated(bought(stock=STOCK, routing=(ANYWHERE,))) == [("DAL", "MIA", 2)]


def test_it_is_brought_by_whoever_is_near_to_the_store_and_not_to_the_customer() -> None:
    nearest = replace(ANYWHERE, rank=(rule(closest),))
    known = bought(stock={"SHIRT": {"DAL": 2, "REN": 2}}, routing=(nearest,))
    assert allocated(known) == [("DAL", "MIA", 2)]  # the customer lives in Austin, next to Dallas
    far = given(draft(sold("SHIRT", 2, location="REN"), kind="prepaid"))
    near = replace(DALLAS, id="SFO", latitude=37.8, longitude=-122.4)
    places = (*LOCATIONS, near)
    stock = {"SHIRT": {"DAL": 2, "SFO": 2}}
    assert allocated(far.knowing(stock=stock, locations=places, routing=(nearest,))) == [("SFO", "REN", 2)]


def test_each_store_gets_what_is_collected_there_and_a_line_without_one_is_left_to_the_next_strategy() -> None:
    lines = (sold("SHIRT", location="MIA"), sold("CAP", location="REN"), sold("SOCK"))
    stock = {"SHIRT": {"DAL": 1}, "CAP": {"DAL": 1, "REN": 1}, "SOCK": {"DAL": 1}}
    known = given(draft(*lines, kind="prepaid")).knowing(stock=stock, routing=(THERE, ANYWHERE, Strategy("sent")))
    assert sorted(allocated(known)) == [("DAL", "", 1), ("DAL", "MIA", 1), ("REN", "REN", 1)]


def test_what_cannot_be_collected_there_says_why() -> None:
    for story, said in (
        ({"locations": (DALLAS,)}, "no location is called MIA"),
        (
            {"routing": (replace(THERE, among=Among(kinds=("warehouse",))),)},
            "MIA: kinds: store is not of the strategy's",
        ),
        ({}, "MIA is off: flood (ann)"),
    ):
        known = bought(**({"stock": STOCK, "routing": (THERE,)} | story))
        if not story:
            known.facts.closed = {"MIA": Closure("MIA", reason="flood", by="ann")}
        (event,) = known.when(Allocate()).events
        assert isinstance(event, UnitsBackordered)
        assert event.because is not None
        assert event.because.figures == {"tried": {"there": said}}
    known = given(draft(sold(), kind="prepaid")).knowing(stock=STOCK, routing=(THERE,))
    (event,) = known.when(Allocate()).events
    assert event.because is not None
    assert event.because.figures["tried"] == {"there": "the order names no store at which it is collected"}


def test_a_person_may_say_who_brings_it_and_the_store_is_not_forgotten() -> None:
    known = bought(stock=STOCK, routing=(THERE, ANYWHERE)).after(Allocate())
    moved = known.after(AssignLocation("REN"))
    assert moved.order is not None
    (line,) = moved.order.lines
    assert (line.location, line.named, store_of(line)) == ("REN", "MIA", "MIA")
    assert {(f.location, f.to) for f in moved.order.fulfillments.values() if f.units} == {("REN", "MIA")}
    again = moved.after(AssignLocation(""))
    assert again.order is not None
    (line,) = again.order.lines
    assert (line.location, line.named, line.by_hand) == ("MIA", "MIA", False)
    twice = moved.after(AssignLocation("DAL"))
    assert twice.order is not None
    assert store_of(twice.order.lines[0]) == "MIA"


def test_a_location_that_was_sent_to_by_hand_is_no_store_without_strategies_for_it() -> None:
    known = given(draft(sold(), kind="prepaid")).knowing(stock=STOCK, routing=(Strategy("sent"),)).after(Allocate())
    moved = known.after(AssignLocation("REN"))
    assert moved.order is not None
    assert {(f.location, f.to) for f in moved.order.fulfillments.values() if f.units} == {("REN", "")}


def test_capacity_counts_for_what_is_brought_too() -> None:
    places = (replace(DALLAS, capacity=Capacity(units=1)), MIAMI)
    known = bought(stock={"SHIRT": {"DAL": 9}}, routing=(ANYWHERE,), locations=places)
    known.facts.days[f"DAL|{DALLAS.day_of(NOW_S)}"] = Load()
    assert allocated(known)[0] == ("DAL", "MIA", 1)


def test_what_is_brought_is_promised_to_the_store_and_what_is_there_by_when_it_is_ready() -> None:
    timing = Timing(calendars={"all": ALWAYS}, transit={"ground": Transit({"US": (1, 2), "US-TX": (5, 9)})})
    for strategy, stock, dates in ((THERE, {"MIA": 9}, None), (ANYWHERE, {"DAL": 9}, 2 * 86_400)):
        known = bought(stock={"SHIRT": stock}, routing=(strategy,), timing=timing)
        (event,) = known.when(Allocate()).events
        assert isinstance(event, UnitsAllocated)
        assert event.promised is not None
        assert (event.promised.deliver_by_s is None) == (dates is None)
        if dates is not None and event.promised.deliver_by_s is not None:
            assert event.promised.deliver_by_s - event.promised.ship_by_s <= 3 * 86_400


def test_a_short_pick_of_what_is_collected_is_brought_by_another() -> None:
    known = bought(*HERE, stock=STOCK, routing=(THERE, ANYWHERE)).after(RecordShortPick("F1", TWO))
    assert allocated(known) == [("DAL", "MIA", 2)]
