"""Days: what a location takes on in one of them is counted by what is allocated there, and given back with it."""

import pytest
from msgspec.structs import replace

from segue.core.allocate import Allocate, Reserve, UnitsAllocated, UnitsBackordered
from segue.core.assign import AssignLocation
from segue.core.base import Because, Event, NeedFacts
from segue.core.bringing import RecordLost, SentToStore
from segue.core.calendar import Zone
from segue.core.cancel import Cancel
from segue.core.days import Capacity, Closure, Load, LoadChange
from segue.core.facts import Facts, Location
from segue.core.fulfill import FulfillmentReleased, RecordReject, RecordShortPick
from segue.core.sourcing import load_changes, loads_of
from segue.core.tally import Units
from segue.policies.eligibility import below_capacity, counted_within
from segue.policies.routing import closest, least_loaded
from tests.core.given import Given, every, given
from tests.core.shop import DALLAS, MIAMI, NOW_S, RENO, draft, folder, rule, sold

BUSY = replace(DALLAS, capacity=Capacity(orders=2, lines=3, units=6))
DAY = NOW_S // 86_400
FREE = Load()
STOCK = {"SHIRT": {"DAL": 9, "REN": 9}, "CAP": {"DAL": 9, "REN": 9}}
TWO = draft(sold("SHIRT", 2), sold("CAP", 1))
ALL: dict[int, Units] = {1: ((1, 2),), 2: ((1, 1),)}
TAKEN = LoadChange("DAL", DAY, Load(1, 2, 3), BUSY.capacity)


def busy(*story: Event, taken: Load | None = FREE, place: Location = BUSY, **more: object) -> Given:
    """An order for which Dallas has taken on so much today."""
    known = given(TWO, *story).knowing(stock=STOCK, locations=(place, MIAMI, RENO), rank=(rule(closest),), **more)  # type: ignore[arg-type]
    if taken is not None:
        known.facts.days[f"DAL|{place.day_of(NOW_S)}"] = taken
    return known


@pytest.mark.parametrize(
    ("taken", "found"),
    [
        (Load(), {"DAL": 3}),
        (Load(1, 1, 3), {"DAL": 3}),
        (Load(2, 0, 0), {"REN": 3}),
        (Load(1, 2, 0), {"DAL": 2, "REN": 1}),
        (Load(0, 3, 0), {"REN": 3}),
        (Load(0, 0, 5), {"DAL": 1, "REN": 2}),
        (Load(0, 0, 4), {"DAL": 2, "REN": 1}),
        (Load(9, 9, 9), {"REN": 3}),  # the limit was lowered since
    ],
)
def test_a_location_gives_what_its_day_has_room_for(taken: Load, found: dict[str, int]) -> None:
    outcome = busy(taken=taken).step(Allocate())
    given_by = {m.location: 0 for m in outcome.moves}
    for move in outcome.moves:
        given_by[move.location] += move.allocated
    assert given_by == found


def test_what_is_limited_is_counted_and_recorded_with_its_day_and_the_rest_is_not() -> None:
    known = busy()
    outcome = known.step(Allocate())
    (event,) = (e for e in every(outcome) if isinstance(e, UnitsAllocated))
    assert (event.day, outcome.loads) == (DAY, [TAKEN])
    assert known.facts.loads([BUSY]) == {"DAL": Load(1, 2, 3)}, "the next order of the wave sees it"
    elsewhere = busy(taken=Load(2)).step(Allocate())
    assert (elsewhere.loads, elsewhere.order.fulfillments["F1"].day) == ([], None)


def test_a_full_location_is_named_with_what_is_full() -> None:
    (event,) = (e for e in every(busy(taken=Load(2, 2, 2)).step(Allocate())) if isinstance(e, UnitsAllocated))
    assert event.because == Because(
        "closest",
        {"chosen": {"REN": 3}},
        {"DAL": "capacity: 2 of 2 orders today, 2 of 3 lines today, 2 of 6 units today"},
    )


def test_reservations_take_nothing_of_a_day() -> None:
    outcome = busy().step(Reserve())
    assert (outcome.loads, outcome.order.fulfillments["F1"].day) == ([], None)


def test_what_is_canceled_rejected_or_missing_is_given_back() -> None:
    allocated = UnitsAllocated("F1", "DAL", ALL, DAY)
    released = FulfillmentReleased("F1", "DAL", ALL)
    back = LoadChange("DAL", DAY, Load(-1, -2, -3), BUSY.capacity)
    assert busy(allocated, taken=Load(1, 2, 3)).step(Cancel()).loads == [back]
    assert busy(allocated, released, taken=Load(1, 2, 3)).step(RecordReject("F1")).loads == [back]
    short = busy(allocated, released, taken=Load(1, 2, 3)).step(RecordShortPick("F1", {1: ((1, 1),)}))
    assert short.loads == [LoadChange("DAL", DAY, Load(0, 0, -1), BUSY.capacity)]
    moved = busy(allocated, taken=Load(1, 2, 3)).step(AssignLocation("REN"))
    assert moved.loads == [back]
    gone = replace(BUSY, id="ELS")
    assert busy(allocated, place=gone, taken=None).step(Cancel()).loads == [replace(back, most=None)]


def test_what_is_lost_on_its_way_to_a_store_is_given_back_though_no_stock_moves() -> None:
    sent = (
        UnitsAllocated("F1", "DAL", ALL, DAY, to="MIA"),
        FulfillmentReleased("F1", "DAL", ALL),
        SentToStore("F1", "DAL", "MIA", ALL, "S1"),
    )
    known = busy(*sent, taken=Load(1, 2, 3))
    lost = known.step(RecordLost("F1", {2: ((1, 1),)}))
    assert (lost.moves, lost.loads) == ([], [LoadChange("DAL", DAY, Load(0, -1, -1), BUSY.capacity)])
    assert known.facts.days[f"DAL|{DAY}"] == Load(1, 1, 2)
    assert loads_of(lost.order) == {("DAL", DAY): Load(1, 1, 2)}


def test_an_order_that_a_location_has_already_is_not_counted_again() -> None:
    part = UnitsAllocated("F1", "DAL", {1: ((1, 1),)}, DAY)
    outcome = busy(part, taken=Load(2, 1, 1)).step(Allocate())
    assert outcome.loads == [LoadChange("DAL", DAY, Load(0, 1, 2), BUSY.capacity)]
    assert loads_of(outcome.order) == {("DAL", DAY): Load(1, 2, 3)}


def test_what_is_released_later_keeps_its_day() -> None:
    order = given(
        TWO,
        UnitsAllocated("F1", "DAL", ALL, DAY),
        FulfillmentReleased("F1", "DAL", {2: ((1, 1),)}),
        FulfillmentReleased("F2", "DAL", {1: ((1, 2),)}),
    ).order
    assert order is not None
    assert {name: f.day for name, f in order.fulfillments.items()} == {"F1": DAY, "F2": DAY}
    assert load_changes(order, order, {}) == []


def test_a_step_that_comes_to_nothing_gives_back_what_it_took() -> None:
    known = busy(folders=[folder("regulars", "earlier_orders > 3")])
    known.facts.past.clear()
    with pytest.raises(NeedFacts, match="past"):
        known.step(Allocate())
    assert known.facts.loads([BUSY]) == {"DAL": FREE}
    assert known.facts.free(frozenset(("SHIRT",)))["SHIRT"]["DAL"] == 9


def test_what_a_day_has_taken_is_a_fact_that_is_asked_for_once() -> None:
    with pytest.raises(NeedFacts, match=rf"^load: DAL\|{DAY}$"):
        busy(taken=None).step(Allocate())
    facts = Facts()
    facts.now_s = NOW_S
    facts.load(TAKEN)
    facts.learn_loads({f"DAL|{DAY}": Load(1, 1, 1)})
    assert facts.loads([BUSY]) == {"DAL": Load(2, 3, 4)}
    facts.load(TAKEN, -1)
    assert facts.loads([BUSY]) == {"DAL": Load(1, 1, 1)}


def test_an_order_that_waits_is_woken_when_the_next_day_of_a_location_begins() -> None:
    place = replace(DALLAS, capacity=Capacity(orders=1), day_starts_s=22 * 3600)
    known = given(draft(sold())).knowing(stock={"SHIRT": {"DAL": 5}}, locations=(place,))
    known.facts.days[f"DAL|{place.day_of(NOW_S)}"] = Load(1)
    outcome = known.step(Allocate())
    assert outcome.wake_at_s == (place.day_of(NOW_S) + 1) * 86_400 + 22 * 3600
    assert place.day_of(outcome.wake_at_s) == place.day_of(NOW_S) + 1
    nothing_there = given(draft(sold())).knowing(stock={"SHIRT": {"DAL": 0}}, locations=(place,)).step(Allocate())
    assert nothing_there.wake_at_s is None
    unknown = given(draft(sold()), UnitsBackordered({1: ((1, 1),)})).knowing(locations=(place,))
    unknown.facts.stock.clear()
    assert unknown.step(Cancel(line=1)).wake_at_s is None


def test_nothing_is_sent_to_a_location_that_is_closed_and_orders_wait_for_its_end() -> None:
    for until_s, said in ((None, "off: flood (ann)"), (NOW_S + 600, "frozen until 2026-05-28 20:36 UTC: flood (ann)")):
        known = given(draft(sold())).knowing(stock={"SHIRT": {"DAL": 5}})
        known.facts.closed = {"DAL": Closure("DAL", until_s, "flood", "ann", NOW_S)}
        outcome = known.step(Allocate())
        (event,) = (e for e in every(outcome) if isinstance(e, UnitsBackordered))
        assert event.because is not None
        assert event.because.passed_over == {"DAL": said}
        assert outcome.wake_at_s == until_s
    later = known._replace(order=outcome.order).at(NOW_S + 600)
    assert any(isinstance(e, UnitsAllocated) for e in every(later.step(Allocate())))
    assert Closure("DAL", None, "", "ann").objection(5) == "off: no reason given (ann)"


def test_filters_and_rankings_know_how_full_a_location_is_and_when_it_was_counted() -> None:
    order = given(TWO).order
    assert order is not None
    facts = busy(taken=Load(1, 1, 1)).facts
    facts.now_s = NOW_S
    assert below_capacity(BUSY, order, facts, percent=50) == "50 % of its day is taken"
    assert below_capacity(BUSY, order, facts, percent=51) is None
    assert below_capacity(RENO, order, facts, percent=1) is None
    full = replace(BUSY, capacity=Capacity(orders=0))
    assert below_capacity(full, order, facts, percent=100) == "100 % of its day is taken"
    with pytest.raises(NeedFacts, match="counted"):
        counted_within(BUSY, order, facts, age_s=60)
    facts.fresh_at = {"DAL": NOW_S - 7200}
    assert counted_within(BUSY, order, facts, age_s=7200) is None
    assert counted_within(BUSY, order, facts, age_s=7199) == "its stock was counted 2 hours ago"
    assert counted_within(RENO, order, facts, age_s=7200) == "its stock was never counted"
    for band, chosen in ((0, "REN"), (60, "DAL")):
        known = busy(taken=Load(1, 1, 1))
        ranked = known._replace(workflow=replace(known.workflow, rank=(rule(least_loaded, band_percent=band),)))
        assert {move.location for move in ranked.step(Allocate()).moves} == {chosen}


def test_a_day_begins_by_the_clock_on_the_wall_also_when_the_clocks_change() -> None:
    spring_s = 1_774_746_000  # 2026-03-29T01:00Z: two o'clock in Berlin is three
    zone = Zone("Europe/Berlin", (spring_s,), (3_600, 7_200))
    place = Location("BER", day_starts_s=6 * 3_600, zone=zone)
    day = place.day_of(spring_s)
    assert place.begins(day + 1) == spring_s + 3 * 3_600, "04:00 in UTC is six there"
    assert place.begins(day) == spring_s - 20 * 3_600, "the day before it was 05:00"
    assert [place.day_of(place.begins(day + 1) + more) - day for more in (-1, 0)] == [0, 1]
    assert Location("X", day_starts_s=60).begins(2) == 2 * 86_400 + 60
