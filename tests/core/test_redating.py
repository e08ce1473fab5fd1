"""A street date that is set or moved after an order was placed holds what was not released, and is told of once."""

from typing import Any

from msgspec.structs import replace

from segue.core.allocate import UnitsAllocated, UnitsBackordered, UnitsReserved
from segue.core.bundles import Bundle
from segue.core.calendar import Timing, Zone
from segue.core.deallocate import UnitsDeallocated
from segue.core.expected import Awaited, Expected
from segue.core.facts import Item, Location
from segue.core.fulfill import FulfillmentReleased
from segue.core.redating import FollowStreetDate, StreetDateSaid, quiet_ends_s
from segue.core.repromise import StockExpected
from segue.core.street import StreetDateCome, StreetDateMoved, UnitsPreordered
from segue.core.street_dates import untold_lines
from segue.core.vocabulary import View
from segue.core.wake import Wake, next_wake
from segue.core.workflow import HOLD_ALL
from tests.core.given import Given, given
from tests.core.shop import NOW_S, draft, sold

DAY_S = 86_400
TODAY_S = NOW_S // DAY_S * DAY_S  # 2026-05-28
SOON, SOON_S = "2026-06-01", TODAY_S + 4 * DAY_S
LATER = "2026-06-09"
BOTH: dict[int, Any] = {1: ((1, 2),)}
PLAIN, SENT = draft(sold("BOOK", 2)), draft(sold("BOOK", 2, street_date=SOON))
FOLLOW = FollowStreetDate("BOOK")
GIVEN = UnitsAllocated("F1", "DAL", BOTH)


def says(day: str, **more: Any) -> dict[str, Any]:
    """What is known where the catalog says this day."""
    return {"items": {"BOOK": Item("BOOK", street_date=day)}, **more}


def test_what_was_allocated_is_given_back_and_waits() -> None:
    """Covers J-1."""
    here = given(PLAIN, GIVEN).knowing(**says(SOON))
    order = here.when(FOLLOW).then(
        StreetDateMoved({1: SOON}), UnitsDeallocated("F1", "DAL", BOTH), UnitsPreordered(BOTH)
    )
    assert order is not None
    assert order.lines[0].tally == {"preordered": ((1, 2),)}
    here._replace(order=order).when(FOLLOW).then()
    here._replace(order=order).when(FollowStreetDate()).then()


def test_what_waits_for_stock_or_for_nothing_yet_waits_for_the_day() -> None:
    new = given(PLAIN).knowing(**says(SOON))
    new.when(FOLLOW).then(StreetDateMoved({1: SOON}), UnitsPreordered(BOTH))
    back = given(PLAIN, UnitsBackordered(BOTH)).knowing(**says(SOON))
    back.when(FollowStreetDate()).then(StreetDateMoved({1: SOON}), UnitsPreordered(BOTH))
    aside = given(PLAIN, UnitsReserved("F1", "DAL", BOTH)).knowing(**says(SOON))
    aside.when(FOLLOW).then(StreetDateMoved({1: SOON}))


def test_what_was_released_goes_its_way() -> None:
    gone = given(PLAIN, GIVEN, FulfillmentReleased("F1", "DAL", BOTH)).knowing(**says(SOON))
    gone.when(FOLLOW).then()
    one: dict[int, Any] = {1: ((1, 1),)}
    half = given(PLAIN, GIVEN, FulfillmentReleased("F1", "DAL", one)).knowing(**says(SOON))
    rest: dict[int, Any] = {1: ((2, 2),)}
    half.when(FOLLOW).then(StreetDateMoved({1: SOON}), UnitsDeallocated("F1", "DAL", rest), UnitsPreordered(rest))


def test_a_day_that_has_begun_or_is_of_nothing_changes_nothing() -> None:
    for day in ("2026-05-01", ""):
        given(PLAIN, GIVEN).knowing(**says(day)).when(FOLLOW).then()
    given(PLAIN, GIVEN).knowing(items={"BOOK": None}).when(FOLLOW).then()
    given(PLAIN, GIVEN).knowing(**says(SOON)).when(FollowStreetDate("CAP")).then()
    code = given(draft(sold("BOOK", 2, kind="digital"))).knowing(**says(SOON))
    code.when(FOLLOW).then()


def test_a_day_that_has_come_may_be_moved_away_again() -> None:
    """Covers J-1."""
    come = given(SENT, UnitsPreordered(BOTH), StreetDateCome((1,)), GIVEN).at(SOON_S)
    order = come.knowing(**says(LATER)).when(FOLLOW).then(
        StreetDateMoved({1: LATER}), UnitsDeallocated("F1", "DAL", BOTH), UnitsPreordered(BOTH)
    )  # fmt: skip
    assert order is not None
    assert not order.lines[0].is_out
    come.knowing(**says("2026-05-30")).when(FOLLOW).then()
    come.knowing(**says("")).when(FOLLOW).then()


def test_a_day_that_comes_sooner_lets_go_of_what_waits() -> None:
    here = given(SENT, UnitsPreordered(BOTH)).knowing(**says("2026-05-28"))
    here.when(FOLLOW).then(StreetDateMoved({1: "2026-05-28"}), StreetDateCome((1,)))
    gone = given(SENT, UnitsPreordered(BOTH)).knowing(**says(""))
    order = gone.when(FOLLOW).then(StreetDateMoved({1: ""}), StreetDateCome((1,)))
    assert order is not None
    assert order.redated == {}
    at_once = given(SENT, GIVEN).at(SOON_S).knowing(**says(""))
    at_once.when(FOLLOW).then(StreetDateMoved({1: ""}))


NEW_YORK = Zone("America/New_York", offsets=(-4 * 3600,))
PLACES = (Location("EAST", "warehouse", "US"), Location("WEST", "warehouse", "US", time_zone="America/New_York"))


def test_only_locations_where_the_day_has_not_begun_give_back() -> None:
    timing = Timing(zones={"America/New_York": NEW_YORK})
    first: dict[int, Any] = {1: ((1, 1),)}
    second: dict[int, Any] = {1: ((2, 2),)}
    apart = given(PLAIN, UnitsAllocated("F1", "EAST", first), UnitsAllocated("F2", "WEST", second))
    here = apart.at(SOON_S).knowing(**says(SOON, locations=PLACES, timing=timing))
    here.when(FOLLOW).then(StreetDateMoved({1: SOON}), UnitsDeallocated("F2", "WEST", second))


def test_with_all_or_nothing_all_is_given_back() -> None:
    """Covers J-5."""
    sent = draft(sold("BOOK", 2), sold("CAP"))
    cap: dict[int, Any] = {2: ((1, 1),)}
    mixed = given(sent, GIVEN, UnitsAllocated("F2", "MIA", cap))
    both = (StreetDateMoved({1: SOON}), UnitsDeallocated("F1", "DAL", BOTH))
    mixed.knowing(**says(SOON)).when(FOLLOW).then(*both, UnitsPreordered(BOTH))
    mixed.knowing(**says(SOON, mixed_cart=HOLD_ALL)).when(FOLLOW).then(
        *both, UnitsDeallocated("F2", "MIA", cap), UnitsPreordered(BOTH)
    )
    mixed.knowing(**says("", mixed_cart=HOLD_ALL)).when(FOLLOW).then()


def test_parts_of_a_bundle_wait_with_the_part_that_has_a_day() -> None:
    sent = draft(sold("BOOK", 2), sold("CAP", 2))
    all_of: dict[int, Any] = {1: ((1, 2),), 2: ((1, 2),)}
    here = given(sent, UnitsAllocated("F1", "DAL", all_of)).knowing(**says(SOON))
    assert here.order is not None
    whole = here._replace(order=replace(here.order, bundles={"B1": Bundle("KIT", 2, {1: 1, 2: 1})}))
    whole.when(FOLLOW).then(StreetDateMoved({1: SOON}), UnitsDeallocated("F1", "DAL", all_of), UnitsPreordered(all_of))


def moved(*days: str, quiet_s: int = 1800, every_s: int = 600) -> Given:
    """A preordered book whose day the catalog moved again and again."""
    here = given(SENT, UnitsPreordered(BOTH))
    for day in days:
        here = here.knowing(**says(day, quiet_s=quiet_s)).after(FOLLOW, every_s)
    return here


def test_the_customer_hears_of_the_last_day_once_it_was_quiet() -> None:
    """Covers J-3."""
    here = moved(LATER, "2026-06-12")
    assert here.order is not None
    assert here.order.redated == {1: (SOON, NOW_S + 600)}
    assert quiet_ends_s(here.order, here.context) == NOW_S + 600 + 1800
    view: Any = View(here.order, here.now_s, here.facts)
    assert view.redated == 1
    assert next_wake(here.order, view, here.context) == NOW_S + 2400
    here.at(NOW_S + 2399).when(Wake()).then()
    order = here.at(NOW_S + 2400).when(Wake()).then(StreetDateSaid({1: "2026-06-12"}))
    assert order is not None
    assert (order.redated, untold_lines(order)) == ({}, [])
    here._replace(order=order).at(NOW_S + 9999).when(Wake()).then()


def test_a_day_that_is_moved_back_is_told_to_nobody() -> None:
    """Covers J-3."""
    here = moved(LATER, SOON)
    assert here.order is not None
    assert here.order.redated == {}
    assert quiet_ends_s(here.order, here.context) is None
    here.at(NOW_S + 9999).when(Wake()).then()


def test_without_a_quiet_time_it_is_said_at_the_next_look() -> None:
    here = moved(LATER, quiet_s=0, every_s=0)
    here.when(Wake()).then(StreetDateSaid({1: LATER}))


def test_what_is_moved_again_as_it_would_be_said_is_said_later() -> None:
    here = moved(LATER).at(NOW_S + 1800).knowing(**says("2026-06-20", quiet_s=1800))
    order = here.when(Wake()).then(StreetDateMoved({1: "2026-06-20"}))
    assert order is not None
    assert order.redated == {1: (SOON, NOW_S + 1800)}


def test_nobody_hears_of_days_that_nothing_waits_for_any_more() -> None:
    here = moved(LATER)
    assert here.order is not None
    order = replace(here.order, lines=(replace(here.order.lines[0], tally={"canceled": ((1, 2),)}),))
    assert (untold_lines(order), quiet_ends_s(order, here.context)) == ([], None)
    come = moved(LATER, "2026-05-28")
    assert come.order is not None
    assert come.order.redated == {}


def test_what_was_expected_for_another_day_is_worked_out_anew() -> None:
    due = Expected((Awaited(SOON_S, "DAL", 2, ("PO-1",)),))
    here = given(SENT, UnitsPreordered(BOTH), StockExpected({1: due})).knowing(**says(LATER))
    order = here.when(FOLLOW).then(StreetDateMoved({1: LATER}))
    assert order is not None
    assert (order.expected, order.agreed) == ({}, {1: SOON_S})
