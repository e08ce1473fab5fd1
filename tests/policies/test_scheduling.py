"""Dates that cannot be: what is wrong with each, and the first that is possible."""

from typing import Any

import pytest
from msgspec.structs import replace

from segue.core.order import Order
from segue.policies.scheduling import date_to_come, possible_date
from tests.core.shop import sold
from tests.core.test_schedule import MONDAY, PLACES, TIMING, order_of, ordered, shop
from tests.core.test_timetable import BERLIN


def objections(*lines: Any, **more: Any) -> list[tuple[str, str, int]]:
    known = shop(on={}, **more.pop("declared", {}))
    order: Order = order_of(ordered(*lines, known=known, **more))
    assert known.facts.now_s == MONDAY
    return [(each.code, each.detail, each.line) for each in possible_date(order, known.facts)]


@pytest.mark.parametrize(
    ("wanted", "code", "detail"),
    [
        ("2026-02-30", "no_such_date", "`2026-02-30` is no date; write it like 2026-12-24"),
        ("tomorrow", "no_such_date", "`tomorrow` is no date; write it like 2026-12-24"),
        ("2026-02-28", "date_in_the_past", "2026-02-28 is over; the first possible date is 2026-03-04"),
        ("2026-03-02", "date_impossible", "nothing can arrive on 2026-03-02; the first possible date is 2026-03-04"),
        ("2026-03-22", "date_impossible", "nothing can arrive on 2026-03-22; the first possible date is 2026-03-23"),
    ],
)
def test_a_date_that_cannot_be_is_named_with_the_first_that_can(wanted: str, code: str, detail: str) -> None:
    assert objections(deliver_on=wanted) == [(code, detail, 0)]
    assert objections(sold("CAP"), sold(deliver_on=wanted)) == [(code, detail, 2)]


def test_a_date_that_some_location_can_keep_is_no_mistake() -> None:
    assert objections() == []
    assert objections(deliver_on="2026-03-04") == []
    assert (
        objections(sold(deliver_on="2026-03-05"), sold("CAP", deliver_on="2026-03-06"), deliver_on="2026-03-09") == []
    )


def test_nobody_can_keep_a_date_where_nobody_has_said_how_long_it_takes() -> None:
    told = ("arrival_unknown", "nobody has said how long parcels by air are under way to there", 0)
    assert objections(deliver_on="2026-03-19", ship_method="air") == [told]
    over = ("date_in_the_past", "2026-02-28 is over; nobody has said which is possible", 0)
    assert objections(deliver_on="2026-02-28", ship_method="air") == [over]


def test_only_locations_that_serve_the_place_count() -> None:
    places = (PLACES[1], *(type(PLACES[0])("FAR", active=False, calendar="office", time_zone=BERLIN),))
    assert objections(deliver_on="2026-03-04", declared={"locations": places}) == [
        ("date_impossible", "nothing can arrive on 2026-03-04; the first possible date is 2026-03-05", 0)
    ]
    assert TIMING.zone == BERLIN


def test_what_is_under_way_to_be_sent_is_not_judged_any_more() -> None:
    known = shop()
    assert [*possible_date(order_of(ordered(known=known, deliver_on="2026-02-28")), known.facts)] == []


def test_where_no_date_is_kept_it_still_has_to_be_one_and_to_come() -> None:
    def told(*lines: Any, **more: Any) -> list[tuple[str, str, int]]:
        order: Order = replace(order_of(ordered(*lines, known=shop(on={}), **more)), placed_at_s=MONDAY)
        return [(each.code, each.detail, each.line) for each in date_to_come(order, shop(on={}).facts)]

    assert told() == told(deliver_on="2026-03-01") == told(sold(deliver_on="2026-03-02")) == []
    over = "2026-02-28 was over when it was ordered, on 2026-03-02"
    assert told(sold("CAP"), sold(deliver_on="2026-02-28")) == [("date_in_the_past", over, 2)]
    no_date = "`2026-02-30` is no date; write it like 2026-12-24"
    assert told(deliver_on="2026-02-30") == [("no_such_date", no_date, 0)]
