"""Calendars: what a file says of working days, cut-offs and days under way; and time zones as tables."""

from bisect import bisect_right
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from segue.core.calendar import Calendar, Closed, Hours, Timing, Transit, Zone
from segue.loader.calendars import timing_of
from segue.loader.problems import Problems
from segue.loader.reading import parse_tree
from segue.loader.shop import Shop, load_shop
from segue.loader.time_zones import FIRST_S, LAST_S, database_version, expanded
from tests.loader.offer import COMMANDS, EVENTS, REGISTRY
from tests.loader.test_shop import SHOP, write

HOUR_S = 3_600
CALENDARS = """
calendars:
  warehouse:
    week: {mon-fri: 08:00-18:00, sat: 09:00-12:30}
    cut_off: 14:00
    pick_up: {mon-fri: 17:00}
    holidays: [01-01, 2026-12-24]
    closed: [{from: 2026-12-27, until: 2026-12-31}]
  shop: {week: {mon: 00:00-24:00}, cut_off: {mon: 9:30}}
transit:
  standard: {calendar: warehouse, days: {DE: 1-2, DE-BY: 1, "*": 3-6}, from: {HAM: 1}}
"""
LOCATIONS = """
- {id: BER, calendar: warehouse, handling: {days: 1, hours: 4}}
- {id: HAM, calendar: shop, time_zone: America/New_York}
"""


def loaded(folder: Path, **files: str) -> Shop:
    named = {name.replace("_", ".", 1): text for name, text in files.items()}
    write(folder, SHOP | named)
    return load_shop(folder, REGISTRY, COMMANDS, EVENTS)


def test_a_file_becomes_calendars_and_days_under_way(tmp_path: Path) -> None:
    shop = loaded(tmp_path, calendars_yaml=CALENDARS, locations_yaml=LOCATIONS)
    weekday = Hours(8 * HOUR_S, 18 * HOUR_S, 14 * HOUR_S, 17 * HOUR_S)
    saturday = Hours(9 * HOUR_S, 45_000, 45_000, 45_000)  # its cut-off and its pick-up are when it closes
    monday = Hours(0, 24 * HOUR_S, 34_200, 24 * HOUR_S)
    timing = shop.timing
    assert timing.calendars == {
        "warehouse": Calendar(
            (*(weekday,) * 5, saturday, None), frozenset({date(2026, 12, 24)}), frozenset({(1, 1)}),
            (Closed(date(2026, 12, 27), date(2026, 12, 31)),),
        ),
        "shop": Calendar((monday, *(None,) * 6)),
    }  # fmt: skip
    assert timing.transit == {
        "standard": Transit({"DE": (1, 2), "DE-BY": (1, 1), "*": (3, 6)}, {"HAM": {"*": (1, 1)}}, "warehouse")
    }
    assert (timing.zone, list(timing.zones)) == ("Europe/Berlin", ["America/New_York", "Europe/Berlin"])
    assert timing.database == database_version() != ""
    berlin, hamburg = shop.locations["BER"], shop.locations["HAM"]
    assert (berlin.calendar, berlin.handling_days, berlin.handling_s, berlin.time_zone) == ("warehouse", 1, 14_400, "")
    assert (hamburg.calendar, hamburg.handling_days, hamburg.time_zone) == ("shop", 0, "America/New_York")


def test_days_under_way_may_be_one_number_for_all_places(tmp_path: Path) -> None:
    assert loaded(tmp_path, calendars_yaml="transit: {standard: 2}\n").timing.transit == {
        "standard": Transit({"*": (2, 2)})
    }


def test_a_shop_without_the_file_promises_nothing(tmp_path: Path) -> None:
    assert loaded(tmp_path).timing == Timing("Europe/Berlin")


@pytest.mark.parametrize(
    "name", ["Europe/Berlin", "Africa/Cairo", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kolkata"]
)
def test_a_zone_has_the_offsets_of_the_database_at_every_hour(name: str) -> None:
    table, zone = expanded(name), ZoneInfo(name)
    for at_s in range(FIRST_S, LAST_S, 86_400 * 2 + HOUR_S * 5):
        ahead = datetime.fromtimestamp(at_s, zone).utcoffset()
        assert ahead is not None
        assert table.offsets[bisect_right(table.starts, at_s)] == ahead.total_seconds()
    for number, start in enumerate(table.starts):
        before, after = (datetime.fromtimestamp(start + second, zone).utcoffset() for second in (-1, 0))
        assert before is not None
        assert after is not None
        assert table.offsets[number : number + 2] == (before.total_seconds(), after.total_seconds())


def test_utc_has_one_offset() -> None:
    assert expanded("UTC") == Zone()


def test_customers_have_time_zones_by_country_and_region(tmp_path: Path) -> None:
    text = "transit: {standard: 2}\ncustomers: {US-CA: America/Los_Angeles, '*': Asia/Kolkata}\n"
    made = loaded(tmp_path, calendars_yaml=text).timing
    assert made.customers == {"US-CA": "America/Los_Angeles", "*": "Asia/Kolkata"}
    assert {"America/Los_Angeles", "Asia/Kolkata"} <= made.zones.keys()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("customers: {US: Amerika/New_York}", "unknown time zone `Amerika/New_York`; did you mean `America/New_York`?"),
        (
            "customers: {USA: UTC}",
            "`USA` is no country and no region of one; write it like DE, US-NY, or * for all others",
        ),
        ("customers: {ZZ-1: UTC}", "`ZZ-1` is no country and no region of one"),
        ("customers: UTC", "expected time zones by country or region"),
    ],
)
def test_what_is_no_time_zone_of_customers_is_a_problem(tmp_path: Path, text: str, problem: str) -> None:
    problems = Problems()
    timing_of(parse_tree(text, "calendars.yaml", problems), "UTC", {}, (), problems)
    (found,) = problems.sorted()
    assert problem in str(found)
