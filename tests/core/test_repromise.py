"""Repromise: what units that wait for stock are to have is on record, and whoever waits hears when it comes later."""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from segue.core.allocate import StockArrived, UnitsAllocated, UnitsBackordered, UnitsReserved
from segue.core.base import Because, NeedFacts
from segue.core.calendar import Promised, Timing, Transit
from segue.core.expected import Awaited, Expected, is_later
from segue.core.facts import Location
from segue.core.hold import HoldPlaced
from segue.core.lateness import expected_at, supply_at
from segue.core.notify import MessageRequested, Notify
from segue.core.order import Order
from segue.core.policy import Rule
from segue.core.queue import Entry, Queue, requeue
from segue.core.repromise import Repromise, StockDelayed, StockExpected
from segue.core.street import UnitsPreordered
from segue.core.tasks import task_of
from segue.core.wake import Wake
from segue.loader.time_zones import expanded
from segue.policies.splitting import one_shipment
from tests.core.given import Given, events_of, given
from tests.core.shop import NOW_S, draft, rule, sold

DAY_S = 86_400
SOON_S, LATER_S = NOW_S + 3 * DAY_S, NOW_S + 9 * DAY_S
WAITS = UnitsBackordered({1: ((1, 3),)})
BY_17 = Expected((Awaited(SOON_S, "DAL", 3, ("PO-17",)),), day="2026-05-31")


def waiting(*events: Any, **known: Any) -> Given:
    """Three shirts wait for stock."""
    return given(draft(sold("SHIRT", 3)), WAITS, *events).knowing(**known)


def inbound(here: Given, *supplies: tuple[int, str, int, str], queue: Sequence[Entry] = ()) -> Given:
    """With this on its way, and these who wait for it too."""
    here.facts.arriving["SHIRT"] = tuple(sorted(supplies))
    here.facts.queues["SHIRT"] = Queue(queue)
    return here


def told(here: Given) -> Order:
    """The order once it has asked what it is to have."""
    order = here.when(Repromise()).order
    assert order is not None
    return order


def test_where_nothing_waits_and_where_nothing_is_on_order_nothing_happens() -> None:
    given(draft(sold("SHIRT", 3))).when(Repromise()).then()
    waiting().when(Repromise()).then()


def test_what_brings_waiting_units_is_recorded_once() -> None:
    here = inbound(waiting(), (SOON_S, "DAL", 5, "PO-17"))
    here.when(Repromise()).then(StockExpected({1: BY_17}))
    order = told(here)
    assert (expected_at(order), supply_at(order)) == (SOON_S, SOON_S)
    here._replace(order=order).when(Repromise()).then()


def test_a_line_that_nobody_expects_is_not_spoken_of() -> None:
    here = given(draft(sold("SHIRT", 3), sold("CAP")), UnitsBackordered({1: ((1, 3),), 2: ((1, 1),)}))
    inbound(here, (SOON_S, "DAL", 5, "PO-17")).when(Repromise()).then(StockExpected({1: BY_17}))


def test_a_supply_of_a_day_that_comes_with_its_first_minute_is_told_as_that_day() -> None:
    midnight_s = SOON_S // DAY_S * DAY_S
    here = inbound(waiting(), (midnight_s, "DAL", 5, "PO-17"))
    here.when(Repromise()).then(
        StockExpected({1: replace(BY_17, awaited=(Awaited(midnight_s, "DAL", 3, ("PO-17",)),))})
    )


def test_older_orders_have_the_first_units() -> None:
    queue = ((("", NOW_S - 9), "web-1", 4), (("", NOW_S + 9), "web-9", 9))
    here = inbound(waiting(), (SOON_S, "DAL", 5, "PO-17"), (LATER_S, "MIA", 9, "PO-18"), queue=queue)
    awaited = (Awaited(SOON_S, "DAL", 1, ("PO-17",)), Awaited(LATER_S, "MIA", 2, ("PO-18",)))
    here.when(Repromise()).then(StockExpected({1: Expected(awaited, day="2026-06-06")}))


def test_units_that_nobody_expects_have_no_date() -> None:
    here = inbound(waiting(), (SOON_S, "DAL", 2, "PO-17"))
    order = told(here)
    assert order.expected == {1: Expected((Awaited(SOON_S, "DAL", 2, ("PO-17",)),), missing=1)}
    assert (expected_at(order), supply_at(order)) == (None, SOON_S)


def test_supply_that_slips_is_told_with_what_it_was() -> None:
    here = inbound(waiting(StockExpected({1: BY_17})), (LATER_S, "DAL", 5, "PO-17"))
    found = Expected((Awaited(LATER_S, "DAL", 3, ("PO-17",)),), day="2026-06-06")
    reason = Because("supply_changed", {"PO-17": {"was_at_s": SOON_S, "now_at_s": LATER_S}})
    here.when(Repromise()).then(StockDelayed({1: found}, {1: SOON_S}, because=reason), because=True)


def test_supply_that_is_canceled_leaves_nobody_who_knows() -> None:
    here = inbound(waiting(StockExpected({1: BY_17})))
    reason = Because("supply_changed", {"PO-17": {"was_at_s": SOON_S, "now": "not expected any more"}})
    delayed = StockDelayed({1: Expected(missing=3)}, {1: SOON_S}, because=reason)
    order = here.when(Repromise()).then(delayed, because=True)
    assert order is not None
    assert expected_at(order) is None
    here._replace(order=order).when(Repromise()).then()
    again = inbound(here._replace(order=order), (LATER_S, "DAL", 5, "PO-18"))
    found = Expected((Awaited(LATER_S, "DAL", 3, ("PO-18",)),), day="2026-06-06")
    again.when(Repromise()).then(StockExpected({1: found}))


def test_supply_that_shrinks_is_less_for_who_came_last() -> None:
    here = inbound(waiting(StockExpected({1: BY_17})), (SOON_S, "DAL", 2, "PO-17"))
    found = Expected((Awaited(SOON_S, "DAL", 2, ("PO-17",)),), missing=1)
    delayed = StockDelayed({1: found}, {1: SOON_S}, because=Because("less_is_left_for_it"))
    here.when(Repromise()).then(delayed, because=True)


def test_supply_that_is_split_brings_the_rest_later() -> None:
    here = inbound(waiting(StockExpected({1: BY_17})), (SOON_S, "DAL", 2, "PO-17"), (LATER_S, "DAL", 3, "PO-17"))
    awaited = (Awaited(SOON_S, "DAL", 2, ("PO-17",)), Awaited(LATER_S, "DAL", 1, ("PO-17",)))
    here.when(Repromise()).then(StockDelayed({1: Expected(awaited, day="2026-06-06")}, {1: SOON_S}))


def test_supply_that_comes_sooner_or_from_elsewhere_is_no_delay() -> None:
    here = inbound(waiting(StockExpected({1: BY_17})), (SOON_S - 60, "MIA", 9, "PO-18"))
    found = Expected((Awaited(SOON_S - 60, "MIA", 3, ("PO-18",)),), day="2026-05-31")
    here.when(Repromise()).then(StockExpected({1: found}))


def test_supply_that_is_overdue_is_waited_for_until_somebody_says_more() -> None:
    here = inbound(waiting(StockExpected({1: BY_17})), (SOON_S, "DAL", 5, "PO-17")).at(SOON_S + 9)
    here.when(Repromise()).then()


def test_units_that_could_have_stock_now_wait_for_none() -> None:
    here = inbound(waiting(stock={"SHIRT": {"DAL": 1}}), (SOON_S, "DAL", 5, "PO-17"))
    here.when(Repromise()).then(
        StockExpected({1: Expected((Awaited(SOON_S, "DAL", 2, ("PO-17",)),), day="2026-05-31")})
    )
    events = here.when(Wake()).events
    assert [type(event) for event in events] == [StockArrived, StockExpected]
    assert not inbound(waiting(stock={"SHIRT": {"DAL": 3}}), (SOON_S, "DAL", 5, "PO-17")).when(Repromise()).events


def test_a_hold_does_not_change_what_is_expected() -> None:
    held = HoldPlaced(hold="stop", type="stop")
    here = inbound(waiting(held, holds={"stop": ["allocate"]}), (SOON_S, "DAL", 5, "PO-17"))
    here.when(Repromise()).then(StockExpected({1: BY_17}))


def test_what_may_not_be_split_waits_for_the_last_of_it() -> None:
    whole: tuple[Rule, ...] = (rule(one_shipment),)
    here = inbound(waiting(split=whole), (SOON_S, "DAL", 2, "PO-17"), (LATER_S, "DAL", 1, "PO-18"))
    order = told(here)
    assert order.expected[1].awaited == (Awaited(LATER_S, "DAL", 3, ("PO-18",)),)


@pytest.mark.parametrize(
    ("transit", "day"),
    [({"ground": Transit({"US": (2, 3)})}, "2026-06-04"), ({}, "2026-06-01")],
    ids=["to the door", "out of the door"],
)
def test_with_calendars_the_date_is_that_of_the_last_arrival(transit: dict[str, Transit], day: str) -> None:
    zone = "America/Chicago"
    timing = Timing(zone, {}, {zone: expanded(zone)}, transit or {"air": Transit({"US": (1, 1)})})
    places = (Location("DAL", "warehouse", "US", handling_days=1), Location("MIA", "store", "US"))
    here = inbound(waiting(timing=timing, locations=places), (SOON_S, "DAL", 3, "PO-17"))
    assert told(here).expected[1].day == day


def test_a_workflow_hears_of_delays_and_the_customer_reads_the_day() -> None:
    here = inbound(
        waiting(StockExpected({1: BY_17}), on={"stock_delayed": [Notify("hello")]}), (LATER_S, "DAL", 5, "PO-17")
    )
    outcome = here.step(Wake())
    assert events_of(outcome, StockDelayed, MessageRequested)
    assert [task.payload["words"] for task in outcome.tasks] == [{"expected": "2026-06-06"}]


def test_a_message_names_no_day_as_long_as_some_units_have_none() -> None:
    order = replace(told(inbound(waiting(), (SOON_S, "DAL", 2, "PO-17"))))
    assert "words" not in task_of("shop", order, MessageRequested("delayed"), 9, NOW_S).payload


def test_units_that_are_allocated_wait_no_more() -> None:
    here = waiting(StockExpected({1: BY_17}), UnitsAllocated("F1", "DAL", {1: ((1, 3),)}))
    here.when(Repromise()).then()
    assert here.order is not None
    assert (expected_at(here.order), supply_at(here.order)) == (None, None)


def test_the_queue_of_a_wave_follows_what_its_orders_have_now() -> None:
    before = waiting().order
    assert before is not None
    queues = {"SHIRT": Queue(((("", 1), "web-0", 9), (("", before.placed_at_s), before.id, 3)))}
    after = waiting(UnitsAllocated("F1", "DAL", {1: ((1, 2),)})).order
    assert after is not None
    requeue(queues, after, "")
    assert tuple(queues["SHIRT"]) == ((("", 1), "web-0", 9), (("", NOW_S), "web-1001", 1))
    requeue(queues, after, "")
    assert tuple(queues["SHIRT"]) == ((("", 1), "web-0", 9), (("", NOW_S), "web-1001", 1))
    requeue(queues, replace(after, id="web-7"), "b")
    assert tuple(queues["SHIRT"])[-1] == (("b", NOW_S), "web-7", 1)
    requeue({}, after, "")


@pytest.mark.parametrize(
    ("due_s", "before_s", "later"),
    [(2, 1, True), (1, 1, False), (1, 2, False), (None, 1, True), (1, None, False), (None, None, False)],
)
def test_a_date_that_nobody_knows_is_the_latest(due_s: int | None, before_s: int | None, later: bool) -> None:
    assert is_later(due_s, before_s) is later


def test_of_dates_the_best_known_counts() -> None:
    awaited = (Awaited(5, "DAL", 1, ("A",)), Awaited(9, "DAL", 1, ("B",)))
    assert Expected(awaited).due_s == 9
    assert Expected(awaited, promised=Promised(11)).due_s == 11
    assert Expected(awaited, promised=Promised(11, 12, 13)).due_s == 13
    assert Expected(awaited, missing=1).due_s is None


def test_supply_that_was_moved_lately_is_not_told_of_before_it_was_quiet_for_a_while() -> None:
    here = inbound(waiting(StockExpected({1: BY_17}), quiet_s=60), (LATER_S, "DAL", 5, "PO-17"))
    assert here.order is not None
    with pytest.raises(NeedFacts, match="moved: web-1001"):
        here.when(Repromise()).then()
    here.facts.moved_at[here.order.id] = NOW_S - 59
    here.when(Repromise()).then()
    for since_s in (None, NOW_S - 60):
        here.facts.moved_at[here.order.id] = since_s
        assert isinstance(here.when(Repromise()).events[0], StockDelayed)


def test_what_an_order_was_never_told_it_is_told_at_once() -> None:
    here = inbound(waiting(quiet_s=60), (LATER_S, "DAL", 5, "PO-17"))
    assert here.order is not None
    here.facts.moved_at[here.order.id] = NOW_S
    assert isinstance(here.when(Repromise()).events[0], StockExpected)


STREET_S, ITS_DAY = 1_780_272_000, "2026-06-01"  # that day begins


def preordering(*events: Any, reserved: int = 0) -> Given:
    """Three shirts that are not out yet, for some of which stock is set aside."""
    shirts = replace(sold("SHIRT", 3), street_date=ITS_DAY)
    aside = [UnitsReserved("F1", "DAL", {1: ((1, reserved),)})] if reserved else []
    here = given(draft(shirts), UnitsPreordered({1: ((1, 3),)}), *aside, *events)
    return here.knowing(preorder_stock="set_aside")


def test_what_is_preordered_is_to_be_had_on_its_day_as_long_as_its_supply_comes_before() -> None:
    here = inbound(preordering(), (SOON_S, "DAL", 5, "PO-17"))
    on_the_day = Expected((Awaited(STREET_S, "DAL", 3, ()),), day=ITS_DAY)
    order = here.when(Repromise()).then(StockExpected({1: on_the_day}))
    assert order is not None
    assert (expected_at(order), supply_at(order)) == (STREET_S, STREET_S)
    inbound(here._replace(order=order), (SOON_S + 60, "DAL", 5, "PO-17")).when(Repromise()).then()


def test_what_is_preordered_is_promised_anew_when_its_supply_comes_after_its_day() -> None:
    """Covers J-2 and J-3."""
    on_the_day = Expected((Awaited(STREET_S, "DAL", 3, ()),), day=ITS_DAY)
    here = inbound(preordering(StockExpected({1: on_the_day})), (LATER_S, "DAL", 5, "PO-17"))
    late = Expected((Awaited(LATER_S, "DAL", 3, ("PO-17",)),), day="2026-06-06")
    because = Because("supply_changed", {"PO-17": {"now_at_s": LATER_S}})
    here.when(Repromise()).then(StockDelayed({1: late}, {1: STREET_S}, because=because), because=True)
    canceled = inbound(preordering(StockExpected({1: on_the_day})))
    gone = StockDelayed({1: Expected(missing=3)}, {1: STREET_S}, because=Because("less_is_left_for_it"))
    canceled.when(Repromise()).then(gone, because=True)


def test_a_later_street_date_is_no_delay_of_supply() -> None:
    before = Expected((Awaited(STREET_S - DAY_S, "DAL", 3, ()),), day="2026-05-31")
    here = inbound(preordering(StockExpected({1: before})), (SOON_S, "DAL", 5, "PO-17"))
    here.when(Repromise()).then(StockExpected({1: Expected((Awaited(STREET_S, "DAL", 3, ()),), day=ITS_DAY)}))


def test_units_that_are_set_aside_are_to_be_had_with_those_that_wait() -> None:
    here = inbound(preordering(reserved=2), (LATER_S, "DAL", 1, "PO-17"))
    awaited = (Awaited(STREET_S, "DAL", 2, ()), Awaited(LATER_S, "DAL", 1, ("PO-17",)))
    here.when(Repromise()).then(StockExpected({1: Expected(awaited, day="2026-06-06")}))
