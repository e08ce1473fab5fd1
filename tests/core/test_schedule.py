"""Schedule: what shall arrive on a date waits until it is time, may be moved until then, and then goes once. Covers K-4."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from segue.core.allocate import Allocate, Reserve
from segue.core.arrival import arrival_day
from segue.core.base import Refusal, Refused
from segue.core.bundles import Bundle
from segue.core.calendar import Timing, Transit
from segue.core.cancel import Cancel
from segue.core.explain.situation import situation
from segue.core.explain.words import Tale
from segue.core.facts import Location
from segue.core.fulfill import FulfillmentReleased, Release
from segue.core.hold import PlaceHold
from segue.core.intake import PlaceOrder
from segue.core.order import Order
from segue.core.reschedule import DeliveryRescheduled, Reschedule
from segue.core.schedule import FulfillmentDue
from segue.core.step import Outcome
from segue.core.vocabulary import View
from segue.core.wake import Wake
from segue.core.workflow import Grace
from segue.loader.time_zones import expanded
from segue.policies.scheduling import possible_date
from tests.core.given import Given, events_of, given
from tests.core.shop import draft, rule, sold
from tests.core.test_timetable import BERLIN, WEEKDAYS, at

TIMING = Timing(
    BERLIN, {"office": WEEKDAYS}, {BERLIN: expanded(BERLIN)}, {"ground": Transit({"US": (1, 2)}, calendar="office")}
)
PLACES = (
    Location("DAL", "warehouse", "US", calendar="office", time_zone=BERLIN),
    Location("REN", "warehouse", "US", calendar="office", time_zone=BERLIN, handling_days=1),
)
STOCK = {"HAT": {}, "SHIRT": {"DAL": 90}, "CAP": {"DAL": 90}, "SOCK": {"REN": 90}}
ON: dict[str, list[Any]] = {
    "order_placed": [Allocate()],
    "units_allocated": [Release()],
}
RESERVING = ON | {"order_placed": [Reserve(), Allocate()]}
MONDAY = at("2026-03-02T10:00")
WANTED, DUE = "2026-03-19", at("2026-03-16T14:00")  # two days under way: it leaves on Tuesday the 17th


def shop(**declared: Any) -> Given:
    usual: dict[str, Any] = {"on": ON, "stock": STOCK, "locations": PLACES, "timing": TIMING}
    known = given().knowing(**usual | declared).at(MONDAY)
    known.facts.now_s = MONDAY
    return known


def ordered(*lines: Any, known: Given | None = None, **more: Any) -> Given:
    sold_lines = lines or (sold(quantity=2),)
    return (known or shop()).after(PlaceOrder("web-1", draft(*sold_lines, kind="prepaid", **more)))


def released(outcome: Outcome) -> list[str]:
    return [event.location for event in events_of(outcome) if isinstance(event, FulfillmentReleased)]


def order_of(known: Given) -> Order:
    assert known.order is not None
    return known.order


@pytest.mark.parametrize(("stock", "on"), [("allocated", ON), ("reserved", RESERVING)])
def test_it_waits_until_it_is_time_and_goes_once(stock: str, on: dict[str, list[Any]]) -> None:
    here = ordered(known=shop(schedule_stock=stock, on=on), deliver_on=WANTED)
    assert order_of(here).lines[0].tally == {stock: ((1, 2),)}
    assert order_of(here).fulfillments["F1"].release_at_s == DUE
    assert here.step(Wake()).wake_at_s == DUE
    assert released(here.at(DUE - 1).step(Wake())) == []
    due = here.at(DUE).step(Wake())
    assert released(due) == ["DAL"]
    assert [type(event) for event in events_of(due, FulfillmentDue)] == [FulfillmentDue]
    for now_s in (DUE, MONDAY, DUE + 9 * 86_400):
        assert released(here.at(DUE).after(Wake()).at(now_s).step(Wake())) == []
    late = here.at(DUE + 9 * 86_400).step(Wake())  # nobody worked for a while
    assert released(late) == ["DAL"]


def test_the_promise_is_the_date() -> None:
    here = ordered(deliver_on=WANTED)
    made = order_of(here).fulfillments["F1"]
    assert made.promised is not None
    assert made.promised.ship_by_s == at("2026-03-17T17:00")
    assert arrival_day(PLACES[0], order_of(here), here.facts, DUE) == date.fromisoformat(WANTED).toordinal()


def test_who_asks_for_its_release_is_told_when_it_is_time() -> None:
    here = ordered(deliver_on=WANTED)
    here.when(Release()).refused(Refusal.NOT_DUE, "F1 at 2026-03-16 13:00 UTC")


def test_lines_of_several_dates_are_parcels_of_their_own() -> None:
    here = ordered(sold(deliver_on=WANTED), sold("CAP"), sold("SHIRT", deliver_on="2026-03-20"))
    made = order_of(here).fulfillments
    assert {name: tuple(each.units) for name, each in made.items()} == {"F1": (1,), "F2": (2,), "F3": (3,)}
    assert [each.release_at_s for each in made.values()] == [DUE, None, DUE + 86_400]
    assert [made[name].released_at_s for name in made] == [None, MONDAY, None]
    assert order_of(here).waiting == ("on.units_allocated.0",)
    here.when(Release()).refused(Refusal.NOT_DUE, "F1, F3 at")
    first = here.at(DUE)
    assert released(first.step(Wake())) == ["DAL"]
    assert released(first.after(Wake()).at(DUE + 86_400).step(Wake())) == ["DAL"]


def test_what_comes_soon_is_released_by_a_person_while_the_rest_waits() -> None:
    here = ordered(sold(deliver_on=WANTED), sold("CAP"), known=shop(on={"order_placed": [Allocate()]}))
    outcome = here.step(Release())
    assert released(outcome) == ["DAL"]
    assert outcome.order.waiting == ()


def test_what_is_only_reserved_is_not_allocated_by_anybody_before() -> None:
    here = ordered(
        sold(deliver_on=WANTED), sold("CAP"), known=shop(schedule_stock="reserved", on={"order_placed": [Reserve()]})
    )
    after = here.step(Allocate()).order
    assert [line.tally for line in after.lines] == [{"reserved": ((1, 1),)}, {"allocated": ((1, 1),)}]
    here.after(Allocate()).when(Allocate()).refused(Refusal.NOT_DUE, "F1 at")


def test_a_line_on_hold_that_is_reserved_for_a_date_stays_so() -> None:
    known = shop(schedule_stock="reserved", on={"order_placed": [Reserve()]}, holds={"odd": ("allocate",)})
    here = ordered(sold(deliver_on=WANTED), sold("CAP"), known=known).after(PlaceHold("odd", line=2))
    with pytest.raises(Refused):
        here.step(Allocate())


def test_a_date_that_is_near_or_unreadable_or_of_an_unknown_way_makes_nothing_wait() -> None:
    for wanted in ("2026-03-04", "2026-02-30", "2026-01-01"):
        assert order_of(ordered(deliver_on=wanted)).fulfillments["F1"].release_at_s is None
    unknown = ordered(
        known=shop(timing=Timing(BERLIN, {"office": WEEKDAYS}, {BERLIN: expanded(BERLIN)})), deliver_on=WANTED
    )
    assert order_of(unknown).fulfillments["F1"].release_at_s is None


def test_it_is_moved_by_the_customer_until_it_is_released() -> None:
    here = ordered(deliver_on=WANTED)
    moved = here.step(Reschedule("2026-03-26"))
    assert moved.order.deliver_on == "2026-03-26"
    assert moved.order.fulfillments["F1"].release_at_s == DUE + 7 * 86_400
    assert moved.order.lines[0].deliver_by_s == at("2026-03-26T18:00")
    assert released(moved) == []
    soon = here.step(Reschedule(""))
    assert released(soon) == ["DAL"]
    assert soon.order.deliver_on == ""
    here.after(Reschedule("")).when(Reschedule("2026-03-26")).refused(Refusal.RESCHEDULE_TOO_LATE, "web-1")


def test_a_line_is_moved_alone_and_back_to_its_order() -> None:
    here = ordered(sold(), sold("CAP"), deliver_on=WANTED).after(Reschedule("2026-03-26", 2))
    made = order_of(here).fulfillments
    assert {name: (tuple(each.units), each.release_at_s) for name, each in made.items()} == {
        "F1": ((1,), DUE), "F2": ((2,), DUE + 7 * 86_400),
    }  # fmt: skip
    assert [line.deliver_on for line in order_of(here).lines] == ["", "2026-03-26"]
    back = here.step(Reschedule("", 2)).order
    assert back.fulfillments["F2"].release_at_s == DUE
    assert back.lines[1].deliver_on == ""


def test_with_a_line_of_a_bundle_all_of_it_is_moved() -> None:
    parts = Bundle("BOX", 1, {1: 1, 2: 1})
    lines = (replace(sold(), bundle="B1"), replace(sold("CAP"), bundle="B1"), sold("CAP"))
    here = ordered(*lines, bundles={"B1": parts}, deliver_on=WANTED).after(Reschedule("2026-03-26", 2))
    assert [line.deliver_on for line in order_of(here).lines] == ["2026-03-26", "2026-03-26", ""]
    made = order_of(here).fulfillments
    assert {name: (tuple(each.units), each.release_at_s) for name, each in made.items()} == {
        "F1": ((3,), DUE), "F2": ((1, 2), DUE + 7 * 86_400),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("command", "refusal", "detail"),
    [
        (Reschedule("2026-02-30"), Refusal.DATE_UNKNOWN, "2026-02-30"),
        (Reschedule("2026-02-01"), Refusal.DATE_IMPOSSIBLE, "2026-02-01; the first that is: 2026-03-04"),
        (Reschedule("2026-03-22"), Refusal.DATE_IMPOSSIBLE, "2026-03-22; the first that is: 2026-03-23"),
        (Reschedule("2026-03-22", 7), Refusal.LINE_NOT_FOUND, "7"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_first_date_that_can(
    command: Reschedule, refusal: Refusal, detail: str
) -> None:
    ordered(deliver_on=WANTED).when(command).refused(refusal, detail)


def test_within_its_grace_period_it_cannot_leave_before_that_is_over() -> None:
    here = ordered(known=shop(grace=Grace(3 * 86_400)), deliver_on=WANTED)
    here.when(Reschedule("2026-03-04")).refused(Refusal.DATE_IMPOSSIBLE, "the first that is: 2026-03-09")


def test_what_waits_for_stock_is_moved_too_to_a_date_that_any_location_can_keep() -> None:
    here = ordered(sold("HAT"), deliver_on=WANTED)
    assert order_of(here).lines[0].tally == {"backordered": ((1, 1),)}
    assert here.step(Reschedule("2026-03-26")).decisions[0].events == (DeliveryRescheduled("2026-03-26"),)
    bare = ordered(sold("HAT"), known=shop(timing=Timing(BERLIN, {"office": WEEKDAYS}, {BERLIN: expanded(BERLIN)})))
    bare.when(Reschedule("2026-03-26")).refused(Refusal.DATE_IMPOSSIBLE, "how long parcels are under way")
    assert bare.step(Reschedule("")).order.deliver_on == ""


CHECKED: dict[str, Any] = {"validate": (rule(possible_date),), "holds": {"possible_date": ("reserve", "allocate")}}


def test_an_order_with_an_impossible_date_is_mended_by_another_one() -> None:
    here = ordered(known=shop(**CHECKED), deliver_on="2026-02-30")
    assert tuple(order_of(here).holds) == ("possible_date",)
    mended = here.step(Reschedule(WANTED)).order
    assert (mended.holds, mended.failures) == ({}, ())
    assert mended.fulfillments["F1"].release_at_s == DUE


def test_what_is_canceled_meanwhile_is_not_sent() -> None:
    here = ordered(deliver_on=WANTED).after(Cancel())
    assert [line.tally for line in order_of(here).lines] == [{"canceled": ((1, 2),)}]
    assert released(here.at(DUE).step(Wake())) == []


def test_conditions_and_people_know_of_it() -> None:
    here = ordered(deliver_on=WANTED)
    view: Any = View(order_of(here), here.now_s, here.facts)
    assert (view.has_date, view.scheduled, view.release_at) == (True, 2, DUE)
    none: Any = View(order_of(ordered()), here.now_s, here.facts)
    assert (none.has_date, none.scheduled) == (False, 0)
    assert any("2026-03-16 13:00 UTC" in told for told in situation(Tale(order_of(here), {}, {})))


def test_who_waits_for_stock_is_looked_for_though_another_line_waits_for_its_date() -> None:
    here = ordered(sold(deliver_on=WANTED), sold("HAT"))
    here.facts.learn_stock("HAT", {"DAL": 5})
    after = here.step(Allocate()).order
    assert [line.tally for line in after.lines] == [{"allocated": ((1, 1),)}, {"released": ((1, 1),)}]
    assert after.fulfillments["F1"].release_at_s == DUE


def test_a_date_that_nobody_can_foretell_is_no_promise() -> None:
    silent = Timing(BERLIN, {"office": WEEKDAYS}, {BERLIN: expanded(BERLIN)})
    here = ordered(known=shop(timing=silent, on={"order_placed": [Allocate()]}), deliver_on=WANTED)
    moved = here.step(Reschedule("")).order
    assert (moved.deliver_on, moved.lines[0].deliver_by_s) == ("", None)
