"""Why a promise is not sooner: the smallest change with which it would be."""

from msgspec.structs import replace

from segue.core.calendar import Promised
from segue.core.sooner import Sooner, sooner
from tests.core.given import Given, given
from tests.core.shop import draft, sold
from tests.core.test_promise import CARRIER, CHICAGO, MONDAY, PLACES, TIMING, WEEKDAYS, expecting, promised, shop
from tests.core.test_timetable import at

# Why not sooner.


def why_not(
    here: Given, withheld: dict[tuple[str, str], int] | None = None, now_s: int | None = None
) -> tuple[Sooner, ...]:
    assert here.order is not None
    asked_s = here.now_s if now_s is None else now_s
    return sooner(here.order, promised(here), here.context, withheld or {}, asked_s)


def test_a_cut_off_that_was_missed_is_named_less_the_pause_before_it_is_allocated() -> None:
    here = shop(sold(), now_s=at("2026-11-23T14:10", CHICAGO), stock={"SHIRT": {"DAL": 1}})
    then = Promised(at("2026-11-23T17:00", CHICAGO), at("2026-11-24T08:00", CHICAGO), at("2026-11-24T20:00", CHICAGO))
    assert why_not(here) == (Sooner("cut_off", "DAL", at("2026-11-23T14:00", CHICAGO), then),)
    assert why_not(here, now_s=here.now_s - 1_800) == (Sooner("cut_off", "DAL", at("2026-11-23T13:30", CHICAGO), then),)


def test_a_place_that_works_around_the_clock_has_missed_nothing() -> None:
    assert why_not(shop(sold(), stock={"SHIRT": {"REN": 1}})) == ()


def test_a_place_that_was_closed_for_two_weeks_has_missed_nothing_worth_telling() -> None:
    closed = replace(WEEKDAYS, yearly=frozenset((11, day) for day in range(1, 31)))
    timing = replace(TIMING, calendars={"office": closed, "carrier": CARRIER})
    here = given(draft(sold()), now_s=MONDAY).knowing(timing=timing, locations=PLACES, stock={"SHIRT": {"DAL": 1}})
    assert why_not(here) == ()


def test_supply_is_named_and_safety_stock_that_would_do() -> None:
    friday = at("2026-11-27T09:00", CHICAGO)
    here = shop(sold("SHIRT", 3), stock={"SHIRT": {"DAL": 1, "REN": 0}})
    made = why_not(
        expecting(here, {"SHIRT": ((friday, "DAL", 5, "PO-17"),)}),
        {("SHIRT", "DAL"): 7, ("SHIRT", "MIA"): 1, ("SHIRT", "REN"): 0, ("CAP", "DAL"): 5},
    )
    late, of_safety = made[-2:]
    assert late == Sooner("supply", "DAL", friday, supplies=("PO-17",))
    assert (of_safety.change, of_safety.location, of_safety.sku, of_safety.units) == ("safety_stock", "DAL", "SHIRT", 2)
    assert of_safety.promised is not None
    assert of_safety.promised.ship_by_s == at("2026-11-23T17:00", CHICAGO)


def test_safety_stock_that_helps_nothing_is_not_named() -> None:
    here = shop(sold(), stock={"SHIRT": {"REN": 1}})
    assert why_not(here, {("SHIRT", "REN"): 5}) == ()


def test_without_calendars_units_that_are_missing_are_what_safety_stock_would_change() -> None:
    here = given(draft(sold("SHIRT", 2))).knowing(stock={"SHIRT": {"DAL": 1}})
    assert why_not(expecting(here, {"SHIRT": ()}), {("SHIRT", "MIA"): 1}) == (
        Sooner("safety_stock", "MIA", sku="SHIRT", units=1),
    )
