"""Collect at: the hours that a customer chooses, when the store has to be asked for them, and others. Covers K-4."""

from datetime import date
from typing import Any

import pytest

from segue.core.allocate import Allocate
from segue.core.arrival import ready_by
from segue.core.base import Refusal
from segue.core.calendar import Calendar, Closed, Timing, Transit
from segue.core.cancel import Cancel
from segue.core.collect_at import PickupRescheduled, ReschedulePickup, closed_then
from segue.core.facts import Location
from segue.core.fulfill import Release
from segue.core.intake import PlaceOrder
from segue.core.order import Order
from segue.core.vocabulary import View
from segue.core.wake import Wake
from segue.core.workflow import Strategy
from segue.loader.time_zones import expanded
from segue.policies.scheduling import pickup_window
from tests.core.given import Given, given
from tests.core.shop import draft, rule, sold
from tests.core.test_timetable import BERLIN, WEEKDAYS, at

SHUT = Calendar(WEEKDAYS.week, closed=(Closed(date(2020, 1, 1), date(2060, 1, 1)),))
GROUND = Transit({"DE": (1, 1)}, calendar="office")
TIMING = Timing(BERLIN, {"office": WEEKDAYS, "shut": SHUT}, {BERLIN: expanded(BERLIN)}, {"pickup": GROUND})
STORE = Location(
    "MUC", "store", "DE", calendar="office", time_zone=BERLIN, name="Munich store", capabilities=("pickup",)
)
PLACES = (STORE, Location("HAM", "warehouse", "DE", calendar="office", time_zone=BERLIN))
MONDAY = at("2026-03-02T10:00")
FRIDAY = at("2026-03-13T12:00"), at("2026-03-13T14:00")
WEDNESDAY = at("2026-03-18T12:00"), at("2026-03-18T14:00")
ASKED_FOR_FRIDAY = at("2026-03-11T14:00")  # after Wednesday's cut-off, to be ready with the pick-up of Thursday


def shop(pickup: str = "at_store", stock: str = "MUC", **declared: Any) -> Given:
    usual: dict[str, Any] = {
        "on": {"order_placed": [Allocate()], "units_allocated": [Release()]},
        "stock": {"SHIRT": {stock: 90}},
        "locations": PLACES,
        "timing": TIMING,
        "routing": (Strategy("collected", pickup=pickup),),
    }
    known = given().knowing(**usual | declared).at(MONDAY)
    known.facts.now_s = MONDAY
    return known


def ordered(known: Given, window: tuple[int, int] | None = FRIDAY, store: str = "MUC", **more: Any) -> Given:
    hours = {"pickup_from_s": window[0], "pickup_until_s": window[1]} if window else {}
    made = draft(sold(location=store), kind="prepaid", ship_method="pickup", **hours | more)
    return known.after(PlaceOrder("web-1", made))


def order_of(known: Given) -> Order:
    assert known.order is not None
    return known.order


def test_the_store_is_asked_so_late_that_it_is_ready_when_the_customer_comes() -> None:
    here = ordered(shop())
    assert order_of(here).fulfillments["F1"].release_at_s == ASKED_FOR_FRIDAY
    assert order_of(here).lines[0].tally == {"allocated": ((1, 1),)}
    due = here.at(ASKED_FOR_FRIDAY).step(Wake())
    assert due.order.lines[0].tally == {"released": ((1, 1),)}
    assert order_of(ordered(shop(), None)).lines[0].tally == {"released": ((1, 1),)}


def test_what_is_brought_to_the_store_is_sent_so_late_that_it_is_there() -> None:
    here = ordered(shop("ship_to_store", "HAM"))
    made = order_of(here).fulfillments["F1"]
    assert (made.location, made.to) == ("HAM", "MUC")
    assert made.release_at_s == at("2026-03-10T14:00")  # it leaves on Wednesday, and is there on Thursday


def test_where_nobody_knows_how_long_it_takes_it_is_asked_at_once() -> None:
    timing = Timing(BERLIN, {"office": WEEKDAYS}, {BERLIN: expanded(BERLIN)})
    here = ordered(shop("ship_to_store", "HAM", timing=timing))
    assert order_of(here).fulfillments["F1"].release_at_s is None
    assert ready_by(PLACES[1], order_of(here), here.facts, STORE, FRIDAY[0]) is None


def test_another_time_is_chosen_until_they_have_come() -> None:
    here = ordered(shop())
    moved = here.step(ReschedulePickup(*WEDNESDAY))
    assert moved.decisions[0].events == (PickupRescheduled(*WEDNESDAY, {"F1": at("2026-03-16T14:00")}),)
    assert (moved.order.pickup_from_s, moved.order.pickup_until_s) == WEDNESDAY
    soon = at("2026-03-02T11:00"), at("2026-03-02T12:00")
    assert here.step(ReschedulePickup(*soon)).order.lines[0].tally == {"released": ((1, 1),)}
    asked = here.at(ASKED_FOR_FRIDAY).after(Wake())
    assert asked.step(ReschedulePickup(*WEDNESDAY)).decisions[0].events == (PickupRescheduled(*WEDNESDAY),)
    here.after(Cancel()).when(ReschedulePickup(*WEDNESDAY)).refused(Refusal.RESCHEDULE_TOO_LATE, "web-1")


@pytest.mark.parametrize(
    ("hours", "refusal", "detail"),
    [
        ((FRIDAY[1], FRIDAY[0]), Refusal.DATE_IMPOSSIBLE, "2026-03-13 13:00 UTC to 2026-03-13 11:00 UTC"),
        ((MONDAY - 7200, MONDAY), Refusal.DATE_IMPOSSIBLE, ""),
        (
            (at("2026-03-13T17:00"), at("2026-03-13T19:00")),
            Refusal.PICKUP_CLOSED,
            "Munich store is open next from 2026-03-16 07:00 UTC to 2026-03-16 17:00 UTC",
        ),
        ((at("2026-03-14T12:00"), at("2026-03-14T13:00")), Refusal.PICKUP_CLOSED, "from 2026-03-16 07:00 UTC"),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_when_the_store_opens(
    hours: tuple[int, int], refusal: Refusal, detail: str
) -> None:
    ordered(shop()).when(ReschedulePickup(*hours)).refused(refusal, detail)


def test_a_store_without_a_calendar_is_always_open_and_one_may_never_open_again() -> None:
    always = ordered(shop(locations=(Location("MUC", "store", "DE", time_zone=BERLIN),)))
    assert closed_then(order_of(always), always.facts, *FRIDAY) == ""
    never = ordered(shop(locations=(Location("MUC", "store", "DE", calendar="shut", time_zone=BERLIN),)), None)
    assert closed_then(order_of(never), never.facts, *FRIDAY) == "MUC does not open any more"
    nowhere = ordered(shop(), None, store="")
    nowhere.when(ReschedulePickup(*FRIDAY)).refused(Refusal.RESCHEDULE_TOO_LATE)


CHECKED: dict[str, Any] = {"validate": (rule(pickup_window),), "holds": {"pickup_window": ("allocate",)}}


@pytest.mark.parametrize(
    ("hours", "code"),
    [
        ({"pickup_from_s": FRIDAY[0]}, "no_window"),
        ({"pickup_until_s": FRIDAY[0]}, "no_window"),
        ({"pickup_from_s": FRIDAY[1], "pickup_until_s": FRIDAY[0]}, "no_window"),
        ({"pickup_from_s": MONDAY - 9, "pickup_until_s": MONDAY}, "window_in_the_past"),
        ({"pickup_from_s": FRIDAY[0], "pickup_until_s": FRIDAY[1] + 86_400}, "store_closed"),
    ],
)
def test_an_order_with_hours_that_cannot_be_waits_and_is_mended_by_others(hours: dict[str, Any], code: str) -> None:
    here = ordered(shop(**CHECKED), None, **hours)
    assert [failure.code for failure in order_of(here).failures] == [code]
    mended = here.step(ReschedulePickup(*FRIDAY)).order
    assert (mended.failures, mended.holds) == ((), {})
    assert mended.fulfillments["F1"].release_at_s == ASKED_FOR_FRIDAY


def test_hours_that_can_be_and_none_at_all_pass() -> None:
    for window in (FRIDAY, None):
        assert order_of(ordered(shop(**CHECKED), window)).failures == ()


def test_conditions_know_the_hours() -> None:
    here = ordered(shop())
    view: Any = View(order_of(here), here.now_s, here.facts)
    assert (view.pickup_from, view.pickup_until) == FRIDAY
