"""What has a street date waits for it, with stock or without, and leaves on that day or so that it arrives on it."""

from typing import Any

from msgspec.structs import replace

from segue.core.allocate import (
    Allocate,
    ReservationDropped,
    Reserve,
    StockArrived,
    UnitsAllocated,
    UnitsBackordered,
    UnitsReserved,
)
from segue.core.base import Event
from segue.core.bundles import Bundle, Rules
from segue.core.calendar import Timing, Transit, Zone
from segue.core.context import Context
from segue.core.facts import Facts, Item, Location
from segue.core.intake import PlaceOrder
from segue.core.notify import MessageRequested
from segue.core.promise import promise
from segue.core.queue import Queue
from segue.core.step import step
from segue.core.street import (
    StreetDateCome,
    StreetDateMoved,
    UnitsPreordered,
    barred,
    early_of,
    next_opening,
    opens_s,
    street_dates_seen,
    with_street_dates,
)
from segue.core.street_dates import street_at
from segue.core.tasks import task_of
from segue.core.timetable import Timetables
from segue.core.vocabulary import View
from segue.core.wake import Wake, next_wake, watches_of
from segue.core.workflow import SET_ASIDE, SHIP_SO_THAT_IT_ARRIVES
from tests.core.given import Given, given
from tests.core.shop import NOW_S, draft, sold, workflow

DAY_S = 86_400
TODAY_S = NOW_S // DAY_S * DAY_S  # 2026-05-28
SOON, SOON_S = "2026-06-01", TODAY_S + 4 * DAY_S
BOTH: dict[int, Any] = {1: ((1, 2),)}
PREORDERED = UnitsPreordered(BOTH)
SENT = draft(sold("BOOK", 2, street_date=SOON))


def there(units: int = 5, **more: Any) -> Given:
    """A preordered book, so many of it in Dallas."""
    return given(SENT, PREORDERED).knowing(stock={"BOOK": {"DAL": units}}, items=book(), **more)


def book(day: str = SOON) -> dict[str, Item | None]:
    """The catalog's entry."""
    return {"BOOK": Item("BOOK", street_date=day)}


def placed(day: str = SOON, now_s: int = NOW_S, **more: Any) -> list[Event]:
    """What comes of an order for two books."""
    facts = Facts()
    facts.items = book(day)
    facts.past["ann"] = ()
    context = Context(now_s, workflow(**more), facts)
    outcome = step(None, PlaceOrder("web-1", draft(sold("BOOK", 2))), context)
    return [event for decision in outcome.decisions for event in decision.events]


def test_an_order_is_preordered_from_the_start_until_its_street_date() -> None:
    assert [type(event) for event in placed()][1:2] == [UnitsPreordered]
    assert not any(isinstance(event, UnitsPreordered) for event in placed("2026-05-28"))
    assert not any(isinstance(event, UnitsPreordered) for event in placed(""))


def test_a_draft_says_only_street_dates_that_are_still_to_come() -> None:
    facts = Facts()
    facts.items = book() | {"OLD": Item("OLD", street_date="2020-01-01"), "GONE": None}
    context = Context(NOW_S, workflow(), facts)
    said = with_street_dates(draft(sold("BOOK"), sold("OLD"), sold("GONE"), sold("NEW")), context)
    assert [line.street_date for line in said.lines] == [SOON, "", "", ""]
    plain = draft(sold("OLD"))
    assert with_street_dates(plain, context) is plain


def test_nothing_is_allocated_before_its_day() -> None:
    there().when(Allocate()).then()
    order = given(SENT).knowing(stock={"BOOK": {"DAL": 5}}, items=book()).when(Allocate()).then(PREORDERED)
    assert order is not None
    there().at(SOON_S - 1).when(Allocate()).then()
    there().at(SOON_S).when(Allocate()).then(UnitsAllocated("F1", "DAL", BOTH))


def test_what_has_no_stock_on_its_day_is_backordered() -> None:
    there(0).at(SOON_S).when(Allocate()).then(UnitsBackordered(BOTH))
    one = there(1).at(SOON_S).when(Allocate())
    one.then(UnitsAllocated("F1", "DAL", {1: ((1, 1),)}), UnitsBackordered({1: ((2, 2),)}))


def test_by_choice_stock_is_set_aside_before_the_day() -> None:
    there(1, preorder_stock=SET_ASIDE).when(Allocate()).then(UnitsReserved("F1", "DAL", {1: ((1, 1),)}))
    kept = given(SENT, PREORDERED, UnitsReserved("F1", "DAL", BOTH))
    here = kept.knowing(stock={"BOOK": {"DAL": 3}}, items=book(), preorder_stock=SET_ASIDE)
    here.when(Allocate()).then()
    later = here.at(SOON_S).when(Allocate())
    later.then(ReservationDropped("F1", BOTH), UnitsAllocated("F2", "DAL", BOTH))


def test_a_person_may_set_stock_aside_whatever_the_workflow_says() -> None:
    there().when(Reserve()).then(UnitsReserved("F1", "DAL", BOTH))


def test_what_is_not_early_goes_on_beside_what_is() -> None:
    sent = draft(sold("BOOK", 2, street_date=SOON), sold("CAP"))
    here = given(sent, PREORDERED).knowing(
        stock={"BOOK": {"DAL": 5}, "CAP": {"DAL": 5}}, items=book(), preorder_stock=SET_ASIDE
    )
    here.when(Allocate()).then(UnitsReserved("F1", "DAL", BOTH), UnitsAllocated("F2", "DAL", {2: ((1, 1),)}))


def test_waking_sees_that_the_day_has_come_once() -> None:
    here = there()
    assert here.order is not None
    assert here.when(Wake()).events == ()
    order = here.at(SOON_S).when(Wake()).then(StreetDateCome((1,)), StockArrived({1: 2}))
    assert order is not None
    here._replace(order=order).at(SOON_S).when(Wake()).then(StockArrived({1: 2}))


def test_stock_that_comes_early_is_seen_where_it_is_set_aside() -> None:
    there(preorder_stock=SET_ASIDE).when(Wake()).then(StockArrived({1: 2}))
    there().when(Wake()).then()


def test_the_catalog_may_move_a_day_or_take_it_away() -> None:
    here = given(SENT, PREORDERED).knowing(stock={"BOOK": {"DAL": 0}}, items=book("2026-06-09"))
    order = here.when(Wake()).then(StreetDateMoved({1: "2026-06-09"}))
    assert order is not None
    assert order.lines[0].street_date == "2026-06-09"
    gone = given(SENT, PREORDERED).knowing(stock={"BOOK": {"DAL": 0}}, items=book(""))
    gone.when(Wake()).then(StreetDateMoved({1: ""}), StreetDateCome((1,)))
    unlisted = given(SENT, PREORDERED).knowing(items={"BOOK": None})
    unlisted.when(Wake()).then()


def test_an_order_without_street_dates_asks_for_nothing() -> None:
    order = given(draft(sold("CAP"))).order
    assert order is not None
    assert street_dates_seen(order, given(draft(sold("CAP"))).context) == []


def test_an_order_is_woken_on_its_day_and_watches_the_catalog_and_its_stock() -> None:
    here = there()
    assert here.order is not None
    view = View(here.order, NOW_S, here.facts)
    assert next_wake(here.order, view, here.context) == SOON_S
    assert watches_of(here.order, view, here.workflow) == {"stock:BOOK", "inbound:BOOK", "item:BOOK"}
    aside = given(SENT, PREORDERED, UnitsReserved("F1", "DAL", BOTH)).knowing(items=book())
    assert aside.order is not None
    assert next_wake(aside.order, View(aside.order, NOW_S, aside.facts), aside.context) == SOON_S
    assert watches_of(aside.order, View(aside.order, NOW_S, aside.facts), aside.workflow) == {"item:BOOK"}
    after = here.at(SOON_S)
    assert after.order is not None
    assert next_opening(after.order, after.context) is None


NEW_YORK = Zone("America/New_York", offsets=(-4 * 3600,))
WEST = Location("WEST", "warehouse", "US", time_zone="America/New_York")
EAST = Location("EAST", "warehouse", "US")


def test_a_location_sends_it_when_the_day_has_begun_by_its_own_clock() -> None:
    timing = Timing(zones={"America/New_York": NEW_YORK})
    here = given(SENT, PREORDERED).knowing(
        stock={"BOOK": {"WEST": 5}}, items=book(), locations=(EAST, WEST), timing=timing
    )
    assert here.order is not None
    early = here.at(SOON_S)
    early.when(Allocate()).then()  # it is there where the day has not begun: it is not out of stock
    assert next_opening(early.order or here.order, early.context) == SOON_S + 4 * 3600
    early.at(SOON_S + 4 * 3600).when(Allocate()).then(UnitsAllocated("F1", "WEST", BOTH))
    both = given(SENT, PREORDERED).knowing(
        stock={"BOOK": {"WEST": 1, "EAST": 1}}, items=book(), locations=(EAST, WEST), timing=timing
    )
    both.at(SOON_S).when(Allocate()).then(UnitsAllocated("F1", "EAST", {1: ((1, 1),)}))
    why = barred(here.order, [1], early.context)
    assert why == {(1, "WEST"): "street_date: not before 2026-06-01"}


def test_by_choice_it_leaves_so_early_that_it_arrives_on_the_day() -> None:
    timing = Timing(transit={"ground": Transit({"*": (2, 3)})})
    here = given(SENT, PREORDERED).knowing(
        stock={"BOOK": {"DAL": 5}}, items=book(), timing=timing, street_date=SHIP_SO_THAT_IT_ARRIVES
    )
    assert here.order is not None
    location = here.facts.locations["DAL"]
    at_s = opens_s(SOON, location, here.order, here.context)
    timetables = Timetables(timing)
    first = timetables.arrives("DAL", "", "ground", here.order.ship_to, at_s)
    before = timetables.arrives("DAL", "", "ground", here.order.ship_to, at_s - 1)
    assert first is not None
    assert before is not None
    assert before[0] < SOON_S <= first[0]
    assert at_s == SOON_S - 2 * DAY_S
    unknown = here._replace(order=replace(here.order, ship_method="drone"))
    assert unknown.order is not None
    assert opens_s(SOON, location, unknown.order, unknown.context) == SOON_S


def test_a_shop_without_locations_keeps_its_own_clock() -> None:
    here = given(SENT, PREORDERED).knowing(items=book(), locations=())
    here.when(Allocate()).then()
    here.at(SOON_S).when(Allocate()).then(UnitsBackordered(BOTH))


def test_parts_of_a_bundle_wait_for_each_other_unless_they_go_alone() -> None:
    order = given(draft(sold("BOOK", 2, street_date=SOON), sold("CAP", 2))).order
    assert order is not None
    context = given(SENT).context
    units: dict[int, Any] = {1: ((1, 2),), 2: ((1, 2),)}
    assert early_of(order, units, context) == {1: ((1, 2),)}
    whole = replace(order, bundles={"B1": Bundle("KIT", 2, {1: 1, 2: 1})})
    assert early_of(whole, units, context) == units
    alone = replace(order, bundles={"B1": Bundle("KIT", 2, {1: 1, 2: 1}, rules=Rules(ship="independently"))})
    assert early_of(alone, units, context) == {1: ((1, 2),)}
    others = replace(order, bundles={"B1": Bundle("KIT", 2, {2: 1})})
    assert early_of(others, units, context) == {1: ((1, 2),)}


def test_conditions_and_messages_know_the_day() -> None:
    here = there()
    assert here.order is not None
    words: Any = View(here.order, NOW_S, here.facts)
    assert (words.dated, words.street_at, words.preordered) == (2, SOON_S, 2)
    assert street_at(here.order, here.facts) == SOON_S
    plain = given(draft(sold("CAP")))
    assert plain.order is not None
    assert street_at(plain.order, plain.facts) is None
    none: Any = View(plain.order, NOW_S, plain.facts)
    assert none.dated == 0
    mail = task_of("shop", here.order, MessageRequested("hello"), 3, NOW_S)
    assert mail.payload["words"] == {"street_date": SOON}


def test_a_promise_is_for_the_day_or_for_when_its_supply_is_there() -> None:
    """Covers J-1."""
    here = given(SENT).knowing(stock={"BOOK": {"DAL": 1}}, items=book())
    here.facts.queues["BOOK"] = Queue()
    here.facts.arriving["BOOK"] = ((NOW_S + DAY_S, "DAL", 1, "PO-1"),)
    assert here.order is not None
    made = promise(here.order, here.context)
    assert [(source.location, source.units, source.at_s) for source in made.sources] == [("DAL", {1: 2}, SOON_S)]
    assert made.missing == {}
    aside = here._replace(workflow=workflow(preorder_stock=SET_ASIDE))
    assert [source.at_s for source in promise(here.order, aside.context).sources] == [SOON_S]
    here.facts.arriving["BOOK"] = ((SOON_S + 5, "DAL", 1, "PO-1"),)
    later = promise(here.order, here.context)
    assert [(source.units, source.at_s) for source in later.sources] == [({1: 1}, SOON_S), ({1: 1}, SOON_S + 5)]
    here.facts.arriving["BOOK"] = ()
    assert promise(here.order, here.context).missing == {1: 1}
