"""Promises: what is promised for a cart is what its order gets, now and with every supply that arrives."""

from typing import Any

from hypothesis import given as examples
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.core.allocate import Allocate, UnitsAllocated, UnitsReserved
from segue.core.arriving import Source
from segue.core.base import Refusal
from segue.core.calendar import Calendar, Hours, Promised, Timing, Transit
from segue.core.draft import Draft
from segue.core.facts import Location
from segue.core.hold import HoldPlaced
from segue.core.order import Order, units_in
from segue.core.pay import Authorize
from segue.core.policy import Rule
from segue.core.promise import Promise, cart_order, pause_s, promise
from segue.core.queue import Queue
from segue.core.step import step
from segue.core.supply import Inbound
from segue.core.tally import size
from segue.core.workflow import Grace, Workflow
from segue.loader.time_zones import expanded
from segue.policies.dates import before_cutoff, earliest, fastest
from segue.policies.routing import closest, fewest_shipments, ship_complete
from segue.policies.splitting import one_shipment, shipments_at_most
from tests.core.given import Given, every, given, refuse
from tests.core.shop import draft, graced, later, rule, sold, workflow
from tests.core.test_timetable import at

HOUR_S = 3_600
NEW_YORK, CHICAGO = "America/New_York", "America/Chicago"
OFFICE = Hours(8 * HOUR_S, 18 * HOUR_S, 14 * HOUR_S, 17 * HOUR_S)
WEEKDAYS = Calendar((OFFICE,) * 5 + (None, None))
CARRIER = Calendar((Hours(8 * HOUR_S, 20 * HOUR_S, 20 * HOUR_S, 20 * HOUR_S),) * 6 + (None,))
TIMING = Timing(
    CHICAGO,
    {"office": WEEKDAYS, "carrier": CARRIER},
    {name: expanded(name) for name in (CHICAGO, NEW_YORK)},
    {"ground": Transit({"US": (2, 3), "US-TX": (1, 1)}, calendar="carrier")},
    "2026a",
)
DALLAS = Location("DAL", "warehouse", "US", 32.8, -96.8, calendar="office")
MIAMI = Location("MIA", "store", "US", 25.8, -80.2, time_zone=NEW_YORK, calendar="office", handling_days=1)
RENO = Location("REN", "warehouse", "US", 39.5, -119.8)
PLACES = (DALLAS, MIAMI, RENO)
MONDAY = at("2026-11-23T09:00", CHICAGO)


def shop(*lines: Any, now_s: int = MONDAY, **known: Any) -> Given:
    """A cart in a shop with calendars."""
    cart = replace(draft(*lines), placed_at_s=now_s)
    return given(cart, now_s=now_s).knowing(timing=TIMING, locations=PLACES, **known)


def promised(here: Given) -> Promise:
    assert here.order is not None
    return promise(here.order, here.context)


def expecting(here: Given, inbound: dict[str, Inbound], queues: dict[str, Queue] | None = None) -> Given:
    """With supply on its way, and orders that wait for it."""
    here.facts.arriving |= inbound
    here.facts.queues |= {sku: Queue() for sku in inbound} | (queues or {})
    return here


def test_what_is_free_is_promised_from_where_it_is_with_its_dates() -> None:
    made = promised(shop(sold("SHIRT", 2), sold("CAP"), stock={"SHIRT": {"DAL": 1, "MIA": 9}, "CAP": {"DAL": 1}}))
    dallas = Promised(at("2026-11-23T17:00", CHICAGO), at("2026-11-24T08:00", CHICAGO), at("2026-11-24T20:00", CHICAGO))
    miami = Promised(
        at("2026-11-24T17:00", NEW_YORK), at("2026-11-25T08:00", NEW_YORK), at("2026-11-25T20:00", NEW_YORK)
    )
    assert made.sources == (Source("DAL", {1: 1, 2: 1}, MONDAY, dallas), Source("MIA", {1: 1}, MONDAY, miami))
    assert (made.at_s, made.method, made.missing) == (MONDAY, "ground", {})
    assert made.because is not None
    assert made.because.figures == {"chosen": {"DAL": 2, "MIA": 1}}


def test_what_nobody_has_and_nobody_expects_is_missing() -> None:
    made = promised(expecting(shop(sold("SHIRT", 3), stock={"SHIRT": {"DAL": 2}}), {"SHIRT": ()}))
    assert [source.units for source in made.sources] == [{1: 2}]
    assert made.missing == {1: 1}


def test_what_is_missing_waits_for_supply_and_older_demand_comes_first() -> None:
    tuesday, friday = at("2026-11-24T09:00", CHICAGO), at("2026-11-27T09:00", CHICAGO)
    inbound: Inbound = ((friday, "DAL", 5, "PO-18"), (tuesday, "DAL", 3, "PO-17"), (MONDAY, "DAL", 50, "PO-16"))
    queue = Queue(((("", MONDAY - 9), "web-1", 2), (("", MONDAY + 9), "web-9", 99)))
    here = expecting(shop(sold("SHIRT", 4), stock={"SHIRT": {"DAL": 1}}), {"SHIRT": inbound}, {"SHIRT": queue})
    made = promised(here)
    assert [(source.units, source.at_s, source.supplies) for source in made.sources] == [
        ({1: 1}, MONDAY, ()),
        ({1: 1}, tuesday, ("PO-17",)),
        ({1: 2}, friday, ("PO-18",)),
    ]
    assert made.sources[1].promised == Promised(
        at("2026-11-24T17:00", CHICAGO), at("2026-11-25T08:00", CHICAGO), at("2026-11-25T20:00", CHICAGO)
    )
    assert here.facts.stock == {"SHIRT": {"DAL": 1}}  # asking changes nothing


def test_supply_after_all_is_there_is_not_looked_at() -> None:
    inbound: Inbound = ((MONDAY + 9, "REN", 1, "PO-1"), (MONDAY + 99, "REN", 1, "PO-2"))
    made = promised(expecting(shop(sold("SHIRT")), {"SHIRT": inbound}))
    assert [source.supplies for source in made.sources] == [("PO-1",)]


def test_supply_that_is_overdue_is_not_counted_on() -> None:
    here = expecting(shop(sold("SHIRT")), {"SHIRT": ((MONDAY - 1, "DAL", 5, "PO-1"),)})
    assert promised(here).missing == {1: 1}


def test_a_cart_that_may_not_be_split_waits_until_all_of_it_is_there() -> None:
    flow = replace(workflow(), split=(rule(one_shipment),))
    here = shop(sold("SHIRT", 3), stock={"SHIRT": {"DAL": 2}}, flow=flow)
    made = promised(expecting(here, {"SHIRT": ((MONDAY + 60, "MIA", 2, "A"), (MONDAY + 90, "MIA", 1, "B"))}))
    assert [(source.location, source.units, source.supplies) for source in made.sources] == [("MIA", {1: 3}, ("B",))]


def test_an_order_on_hold_is_promised_nothing() -> None:
    here = given(draft(sold()), HoldPlaced(hold="stop", type="stop")).knowing(holds={"stop": ["allocate"]})
    with refuse(Refusal.HOLD_BLOCKS):
        promised(here)


def test_what_is_set_aside_already_is_promised_too_and_what_a_hold_keeps_is_missing() -> None:
    reserved = UnitsReserved("F1", "DAL", {1: ((1, 1),)})
    held = HoldPlaced(hold="stop:2", type="stop", line=2)
    story = (draft(sold("SHIRT", 2), sold("CAP")), reserved, held)
    here = given(*story).knowing(holds={"stop": ["allocate"]}, stock={"CAP": {"DAL": 1}})
    made = promised(expecting(here, {"SHIRT": ((here.now_s + 60, "DAL", 1, "PO-1"),)}))
    assert [(source.units, source.supplies) for source in made.sources] == [({1: 1}, ()), ({1: 1}, ("PO-1",))]


def test_a_shop_without_calendars_promises_places_and_no_dates() -> None:
    here = given(draft(sold())).knowing(stock={"SHIRT": {"DAL": 1}})
    assert promised(here).sources == (Source("DAL", {1: 1}, here.now_s),)
    order = here.step(Allocate()).order
    assert (order.fulfillments["F1"].promised, order.lines[0].deliver_by_s) == (None, None)


def test_the_pause_before_an_order_is_allocated_is_the_workflows() -> None:
    assert pause_s(workflow(), "web", "") == 0
    answers = {"order_covered": (later(60, Authorize()), later(1_800, Allocate()))}
    flow = replace(workflow(), reactions=answers)
    assert pause_s(flow, "web", "") == 1_800
    graced_flow = workflow(on={"order_covered": (graced(Allocate()),)}, grace=Grace(900, by_tier={"vip": 0}))
    assert [pause_s(graced_flow, "web", tier) for tier in ("", "vip")] == [900, 0]


def test_a_place_that_is_closed_for_years_gives_no_date() -> None:
    never = replace(WEEKDAYS, yearly=frozenset((month, day) for month in range(1, 13) for day in range(1, 32)))
    timing = replace(TIMING, calendars={"office": never, "carrier": CARRIER})
    here = given(draft(sold()), now_s=MONDAY).knowing(timing=timing, locations=PLACES, stock={"SHIRT": {"DAL": 1}})
    assert promised(here).sources == (Source("DAL", {1: 1}, MONDAY),)


def test_where_nobody_said_how_long_it_takes_only_the_leaving_is_promised() -> None:
    here = given(draft(sold(), ship_method="pigeon"), now_s=MONDAY).knowing(
        timing=TIMING, locations=PLACES, stock={"SHIRT": {"REN": 1}}
    )
    assert promised(here).sources[0].promised == Promised(MONDAY)


# What is promised is what is assigned.

SKUS = ("SHIRT", "CAP", "SOCK")
RANKS = (ship_complete, earliest, fastest, fewest_shipments, closest)
CARTS = st.dictionaries(st.sampled_from(SKUS), st.integers(1, 4), min_size=1)
STOCK = st.fixed_dictionaries(
    {sku: st.dictionaries(st.sampled_from(("DAL", "MIA", "REN")), st.integers(0, 4)) for sku in SKUS}
)
ARRIVING = st.fixed_dictionaries(
    {
        sku: st.lists(
            st.tuples(
                st.integers(1, 20).map(lambda n: MONDAY + n * 10_000),
                st.sampled_from(("DAL", "MIA", "REN")),
                st.integers(1, 3),
                st.sampled_from(("PO-1", "PO-2", "T-3")),
            ),
            max_size=3,
        ).map(tuple)
        for sku in SKUS
    }
)
FLOWS = st.builds(
    lambda ranks, cut, split: replace(
        workflow(),
        rank=tuple(map(rule, ranks)),
        eligible=(rule(before_cutoff),) if cut else (),
        split=(Rule("shipments_at_most", split),) if split else (),
    ),
    st.permutations(RANKS),
    st.booleans(),
    st.sampled_from((None, one_shipment, lambda plan, order: shipments_at_most(plan, order, count=2))),
)


@examples(CARTS, STOCK, ARRIVING, FLOWS, st.integers(0, 7 * 24).map(lambda hours: MONDAY + hours * HOUR_S))
def test_what_is_promised_for_a_cart_is_what_its_order_gets(
    cart: dict[str, int], stock: dict[str, dict[str, int]], arriving: dict[str, Inbound], flow: Workflow, now_s: int
) -> None:
    here = shop(*[sold(sku, units) for sku, units in cart.items()], now_s=now_s, stock=stock, flow=flow)
    made = promised(expecting(here, arriving))
    order: Order | None = here.order
    got: list[tuple[str, dict[int, int], int, Promised | None]] = []
    for at_s in sorted({now_s, *(each[0] for sku in cart for each in arriving[sku] if each[0] > now_s)}):
        if at_s > now_s:
            receive(here, cart, arriving, at_s)
        outcome = step(order, Allocate(), replace(here.context, now_s=at_s))
        order = outcome.order
        for event in [each for each in every(outcome) if isinstance(each, UnitsAllocated)]:
            units = {number: size(ranges) for number, ranges in event.units.items()}
            got.append((event.location, units, at_s, event.promised))
    assert [(each.location, each.units, each.at_s, each.promised) for each in made.sources] == got
    assert order is not None
    assert made.missing == {number: size(units) for number, units in units_in(order, "backordered").items()}


def receive(here: Given, cart: dict[str, int], arriving: dict[str, Inbound], at_s: int) -> None:
    """What arrives at an instant is on the shelves."""
    for sku in cart:
        for due_s, location, units, _ in arriving[sku]:
            if due_s == at_s:
                here.facts.stock[sku][location] = here.facts.stock[sku].get(location, 0) + units


def test_the_order_of_a_cart_is_the_one_it_would_become() -> None:
    cart: Draft = draft(sold("SHIRT", 2))
    order = cart_order(cart, workflow())
    assert (order.lines[0].quantity, order.ship_to, order.ship_method) == (2, cart.ship_to, "ground")
