"""Laws of bundles and stock: whatever happens, no bundle is half held, and the counters say what the units say."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.core.allocate import Allocate, Reserve
from segue.core.assign import AssignLocation
from segue.core.base import Command, Refused
from segue.core.cancel import Cancel
from segue.core.deallocate import Deallocate, set_aside
from segue.core.decide import decide, evolve
from segue.core.draft import DraftLine
from segue.core.facts import Item
from segue.core.fulfill import RecordReject, RecordShipment, RecordShortPick, Release
from segue.core.order import Order
from segue.core.price_list import PriceList
from segue.core.rates import Card, Rates
from segue.core.stock import stock_moves
from segue.core.tally import lowest, size
from segue.core.workflow import Strategy
from segue.policies.dividing import by_weight
from segue.policies.routing import ship_complete
from segue.policies.splitting import one_shipment
from tests.core.bundled import bundle, halves, in_counters, made
from tests.core.given import Given, given
from tests.core.shop import rule, sold

PLACES = ("DAL", "MIA", "REN")
SKUS = ("A", "B", "C")
SHIPS = ("together", "one_location", "whole", "independently")
KITS = st.lists(
    st.tuples(
        st.integers(1, 3),  # how many
        st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 2)), min_size=1, max_size=3),
        st.sampled_from(SHIPS),
        st.booleans(),  # may lie ready packed
        st.sampled_from(((), (), (), ("DAL", "REN"))),
    ),
    min_size=1,
    max_size=2,
)
PLAIN = st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 3)), max_size=2)
STOCK = st.fixed_dictionaries(
    {sku: st.dictionaries(st.sampled_from(PLACES), st.integers(0, 5)) for sku in (*SKUS, "K1", "K2")}
)
COMPLETE = st.sampled_from(("", "", "", "line", "order", "property:group"))
DIVIDED: Any = st.sampled_from(((), (), (rule(by_weight, weight_g=1000),)))
RATES = PriceList(rates=Rates(fallback=Card(((1000, 500), (5000, 900)), 100), unfilled_minor=2000))
WAYS = st.builds(
    Strategy, st.sampled_from(("", "near")), complete=COMPLETE, divide=DIVIDED,
    algorithm=st.sampled_from(("rules", "exact")), eligible=st.just(()), rank=st.just((rule(ship_complete),)),
    split=st.sampled_from(((), (), (rule(one_shipment),))), otherwise=st.sampled_from(("next", "split", "cancel")),
)  # fmt: skip
DONE = st.lists(st.tuples(st.sampled_from(range(12)), st.integers(1, 4), st.integers(0, 5)), max_size=8)


def bought(kits: Any, plain: Any) -> Given:
    lines: list[DraftLine] = []
    bundles: dict[str, Any] = {}
    for at, (quantity, parts, ship, prepacked, housed) in enumerate(kits, 1):
        of: dict[int, int] = {}
        for sku, per in parts:
            lines.append(sold(sku, quantity * per))
            of[len(lines)] = per
        bundles[f"B{at}"] = bundle(f"K{at}", quantity, of, ship=ship, prepacked=prepacked, housed=housed)
    return given(made(*lines, *(sold(sku, units) for sku, units in plain), **bundles))


def wish(order: Order, kind: int, count: int, which: int) -> Command:
    """Something that may be asked of an order, as the dice say."""
    number = which % len(order.lines) + 1
    name = list(order.fulfillments)[which % len(order.fulfillments)] if order.fulfillments else "F1"
    made = order.fulfillments.get(name)
    units = {n: lowest(held, count) for n, held in made.units.items()} if made else {}
    some = dict(list(units.items())[:1])
    sku = (*SKUS, "K1", "K2")[which % 5]
    wishes: tuple[Command, ...] = (
        Reserve(), Allocate(), Allocate(), Release(), Release(), RecordShipment(name, f"S{len(order.shipments) + 1}"),
        RecordShipment(name, f"S{len(order.shipments) + 1}", some), RecordShortPick(name, some), RecordReject(name),
        Cancel("x", number, min(count, order.lines[number - 1].quantity)), Deallocate(sku, "DAL", count),
        AssignLocation(PLACES[which % 3], number),
    )  # fmt: skip
    return wishes[kind]


@pytest.mark.parametrize("explains", [False, True])
@examples(KITS, PLAIN, STOCK, WAYS, DONE)
def test_no_bundle_is_ever_half_held(
    explains: bool, kits: Any, plain: Any, stock: Any, way: Strategy, done: Any
) -> None:
    known = bought(kits, plain).knowing(stock=stock, routing=(way,))
    known.facts.price_list = RATES
    known.facts.items |= {sku: Item(sku, weight_g=600) for sku in (*SKUS, "K1", "K2")}
    order, allocated, gone = known.order, Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    assert order is not None
    for kind, count, which in ((1, 1, 0), (3, 1, 0), *done):
        context = replace(known.context, explains=explains)
        command = wish(order, kind, count, which)
        try:
            events = decide(order, command, context)
        except Refused:
            continue
        if isinstance(command, Deallocate) and (had := set_aside(order, command.sku, "DAL")):
            back = -sum(
                move.allocated
                for e in events
                for move in stock_moves(order, e)
                if (move.sku, move.location) == (command.sku, "DAL")
            )
            assert back >= min(had, count)
        for event in events:
            for move in stock_moves(order, event):
                known.facts.advance(move)
                allocated[move.sku, move.location] += move.allocated
                gone[move.sku, move.location] -= move.on_hand
            order = evolve(order, event, context.now_s)
        assert not halves(order)
        assert +allocated == in_counters(order, ("reserved", "allocated", "released"))
        assert min(allocated.values(), default=0) >= 0
        assert all(units >= 0 for held in known.facts.stock.values() for units in held.values())
        assert all(size(held) for each in order.fulfillments.values() for held in each.packed.values())
