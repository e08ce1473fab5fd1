"""Promising through the engine: what a cart is promised is what its order gets, whatever the shop, and when it arrives.

Covers E-6, F-6 and F-18.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from hypothesis import event, settings
from hypothesis import given as for_all
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.core.allocate import Allocate
from segue.core.calendar import Calendar, Hours, Promised, Timing, Transit
from segue.core.days import Capacity
from segue.core.draft import Destination, Draft, DraftLine
from segue.core.facts import Item, Location
from segue.core.fences import Fence
from segue.core.intake import PlaceOrder
from segue.core.order import Order, units_in
from segue.core.price_list import PriceList
from segue.core.promise import CHANCES_S, Promise
from segue.core.rates import Card, Handling, Late, Rates
from segue.core.tally import size
from segue.core.wake import Wake
from segue.core.workflow import Among, Reaction, Strategy, Workflow
from segue.engine.carting import reserve
from segue.engine.fencing import fence
from segue.engine.outcomes import Request
from segue.engine.promising import promised
from segue.engine.rules import Rules
from segue.engine.supplying import expect, receive
from segue.engine.taking import Desk
from segue.engine.wave import run_wave
from segue.loader.time_zones import expanded
from segue.policies.dates import before_cutoff, earliest, fastest
from segue.policies.dividing import by_weight
from segue.policies.eligibility import ships_to_country
from segue.policies.routing import closest, fewest_shipments, least_loaded, ship_complete
from segue.policies.splitting import one_shipment, shipments_at_most
from segue.ports import Batch
from segue.store.shelf import Count
from tests.core.shop import rule
from tests.core.test_timetable import at
from tests.store.shops import Shop, open_shop

HOUR_S = 3_600
SKUS = ("A", "B")
IDS = ("BER", "MUC", "NYC", "VIE")
ZONES = ("", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
OFFICE = Hours(8 * HOUR_S, 18 * HOUR_S, 14 * HOUR_S, 17 * HOUR_S)
CALENDARS = {
    "office": Calendar((OFFICE,) * 5 + (None, None)),
    "parcels": Calendar((Hours(8 * HOUR_S, 20 * HOUR_S, 20 * HOUR_S, 20 * HOUR_S),) * 6 + (None,)),
}
TIMING = Timing(
    "Europe/Berlin",
    CALENDARS,
    {name: expanded(name) for name in ZONES if name},
    {"standard": Transit({"DE": (1, 2), "*": (3, 6)}, {"VIE": {"DE": (1, 1)}}, "parcels")},
)
RATES = Rates(
    Card(((2_000, 990),), 300),
    {"*": {"DE": "far"}, "BER": {"DE 10": "near", "DE": "far"}, "MUC": {"DE": "near"}},
    {"standard": {"near": Card(((500, 390), (2_000, 490))), "far": Card(((1_000, 590),), 100)}},
    {"*": Handling(100, 20), "NYC": Handling(30, 5)},
    late=Late(200, 50),
)
FRIDAY_BEFORE_SUMMER = at("2026-03-27T10:00")


class Setting(NamedTuple):
    """A shop, made up."""

    places: tuple[Location, ...]
    counts: tuple[Count, ...]
    fences: tuple[tuple[str, Fence], ...]  # by SKU
    supplies: tuple[tuple[int, str, str, int], ...]  # hours from now, SKU, location, units
    flow: Workflow
    rates: Rates | None
    cart: dict[str, int]
    held: dict[str, int]  # what the cart has reserved before
    now_s: int


PLACES = st.lists(st.sampled_from(IDS), min_size=1, max_size=3, unique=True).flatmap(
    lambda names: st.tuples(
        *(
            st.builds(
                Location,
                st.just(name),
                st.sampled_from(("warehouse", "store")),
                st.just("DE"),
                st.sampled_from((48.0, 52.5, None)),
                st.just(11.0),
                st.sampled_from(((), ("DE",), ("AT",))),
                capacity=st.one_of(
                    st.none(),
                    st.builds(Capacity, st.none(), st.sampled_from((None, 1)), st.sampled_from((None, 1, 2, 3))),
                ),
                time_zone=st.sampled_from(ZONES),
                calendar=st.sampled_from(("", "office")),
                handling_days=st.integers(0, 2),
                handling_s=st.sampled_from((0, 5 * HOUR_S)),
            )
            for name in names
        )
    )
)
CHOICES: dict[str, Any] = {
    "eligible": st.sampled_from(((), (rule(ships_to_country),), (rule(before_cutoff)._replace(soft=True),))),
    "rank": st.permutations((ship_complete, earliest, fastest, fewest_shipments, closest, least_loaded)).map(
        lambda chosen: tuple(map(rule, chosen))
    ),
    "split": st.sampled_from(((), (rule(one_shipment),), (rule(shipments_at_most, count=2)._replace(soft=True),))),
    "divide": st.sampled_from(((), (rule(by_weight, weight_g=700),))),
    "algorithm": st.sampled_from(("rules", "exact")),
}
STRATEGIES = st.lists(
    st.builds(
        Strategy,
        st.sampled_from(("near", "far", "any")),
        among=st.sampled_from((None, Among(kinds=("store",)), Among(ids=("BER", "VIE")))),
        complete=st.sampled_from(("", "order", "line")),
        otherwise=st.sampled_from(("next", "wait", "split", "cancel")),
        **CHOICES,
    ),
    max_size=2,
    unique_by=lambda each: each.name,
)
AT_ONCE = tuple(Reaction(f"on.{what}.1", Allocate()) for what in ("order_placed", "stock_arrived"))
REACTIONS: dict[str, tuple[Reaction, ...]] = {each.id.split(".")[1]: (each,) for each in AT_ONCE}
FLOWS = st.builds(
    lambda routing, **chosen: Workflow("made", "made@1", routing=tuple(routing), reactions=REACTIONS, **chosen),
    STRATEGIES,
    **CHOICES,
)
UNITS = st.dictionaries(st.sampled_from(SKUS), st.integers(1, 6), min_size=1)


@st.composite
def settings_of_shops(draw: Any) -> Setting:
    """Any shop."""
    places = draw(PLACES)
    names = st.sampled_from([each.id for each in places])
    counts = st.tuples(
        *(
            st.builds(Count, st.just(sku), st.just(each.id), st.integers(0, 3), st.integers(0, 2))
            for sku in SKUS
            for each in places
        )
    )
    fences = st.lists(
        st.tuples(
            st.sampled_from(SKUS),
            st.builds(
                Fence, st.just(""), st.sampled_from(("web", "market")), st.integers(0, 4), safety=st.integers(0, 1)
            ),
        ),
        max_size=2,
        unique_by=lambda each: (each[0], each[1].channel),
    )
    supplies = st.lists(
        st.tuples(st.integers(1, 60), st.sampled_from(SKUS), names, st.integers(1, 4)),
        min_size=1,
        max_size=4,
        unique_by=lambda each: each[0],
    )
    return Setting(
        places,
        tuple(draw(counts)),
        tuple(draw(fences)),
        tuple(sorted(draw(supplies))),
        draw(FLOWS),
        draw(st.sampled_from((None, RATES))),
        draw(UNITS),
        draw(st.just({}) | UNITS),
        FRIDAY_BEFORE_SUMMER + draw(st.integers(0, 4 * 24)) * HOUR_S,
    )


def rules_of(made: Setting) -> Rules:
    zones = {each.id: expanded(each.time_zone) if each.time_zone else None for each in made.places}
    places = {each.id: replace(each, zone=zones[each.id]) for each in made.places}
    prices = PriceList(currency="EUR", rates=made.rates)
    return Rules(
        "made", {"made": made.flow}, {}, "made", lambda text: made.flow, places, price_list=prices, timing=TIMING
    )


def opened(made: Setting) -> tuple[Shop, Desk]:
    """The shop with its stock, shares and supplies."""
    shop = open_shop()
    shop.shelf.put_items([Item(sku, weight_g=300 * number) for number, sku in enumerate(SKUS, 1)], made.now_s)
    shop.shelf.count_stock(made.counts, made.now_s)
    desk = Desk(shop.store, shop.room, rules_of(made), made.now_s, "person:ann")
    for sku in SKUS:
        if shares := [share for name, share in made.fences if name == sku]:
            fence(desk, sku, shares)
    for hours, sku, location, units in made.supplies:
        expect(desk, f"PO-{hours}", (sku, location), units, made.now_s + hours * HOUR_S)
    return shop, desk


def drafted(made: Setting, units: dict[str, int], cart: str = "") -> Draft:
    lines = tuple(DraftLine(sku, count, 1_000) for sku, count in units.items())
    to = Destination("DE", "BE", 52.5, 13.4, postcode_area="101")
    total = 1_000 * sum(units.values())
    more: dict[str, Any] = {"ship_to": to, "cart": cart, "promised_at_s": made.now_s + 3 * 24 * HOUR_S}
    return Draft("web", "1", made.now_s, "EUR", lines, total, ship_method="standard", **more)


Got = list[tuple[str, dict[int, int], int, Promised | None]]


def told(made: Promise) -> Got:
    return [(each.location, each.units, each.at_s, each.promised) for each in made.sources]


def got(order: Order, before: Order | None, at_s: int) -> Got:
    """The parcels that an instant brought."""
    known = before.fulfillments if before else {}
    return [
        (each.location, {number: size(units) for number, units in each.units.items()}, at_s, each.promised)
        for name, each in order.fulfillments.items()
        if each.units and (name not in known or known[name] != each)
    ]


def run(shop: Shop, desk: Desk, command: Any) -> Order:
    """One command to the order, now."""
    (result,) = run_wave(shop.store, desk.rules, [Request("web-1", command, "test")], Batch(desk.now_s)).results
    assert result.refused == ""
    assert result.order is not None
    return result.order


def next_instant(shop: Shop, arrivals: Iterable[int], now_s: int) -> int | None:
    """When the order is woken next within two weeks, or something arrives."""
    ((wake_at_s,),) = shop.database.reader().execute("SELECT wake_at_s FROM orders").fetchall()
    chances = [wake_at_s] if wake_at_s is not None and wake_at_s <= now_s + CHANCES_S else []
    return min([*chances, *arrivals], default=None)


@settings(max_examples=100, deadline=None)
@for_all(settings_of_shops())
def test_what_is_promised_for_a_cart_is_what_its_order_is_given_now_and_as_supply_arrives(made: Setting) -> None:
    shop, desk = opened(made)
    key = "C-1" if made.held else ""
    if key:
        reserve(desk, drafted(made, made.held, key), 600)
    cart = drafted(made, made.cart, key)
    answer = promised(shop.store, desk.rules, cart, made.now_s).promise
    explained = promised(shop.store, desk.rules, cart, made.now_s, explains=True).promise
    assert replace(explained, because=None) == replace(answer, because=None)  # asking changes nothing
    order = run(shop, desk, PlaceOrder("web-1", cart))
    given = got(order, None, made.now_s)
    arrivals = {made.now_s + hours * HOUR_S: (sku, units) for hours, sku, _, units in made.supplies}
    while (at_s := next_instant(shop, arrivals, made.now_s)) is not None:
        later = replace(desk, now_s=at_s)
        if at_s in arrivals:
            sku, units = arrivals.pop(at_s)
            receive(later, f"PO-{(at_s - made.now_s) // HOUR_S}", sku, units, True)
        before, order = order, run(shop, later, Wake())
        given += got(order, before, at_s)
    event(
        f"{len(answer.sources)} parcels, {bool(answer.missing)} missing, {any(s.supplies for s in answer.sources)} later"
    )
    assert told(answer) == given
    assert answer.missing == {n: size(units) for n, units in units_in(order, "backordered", "canceled").items()}
    shop.database.close()
