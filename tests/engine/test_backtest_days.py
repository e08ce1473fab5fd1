"""Backtests: what orders take of the days of locations is given back in both worlds. Covers F-16."""

from pathlib import Path

from msgspec.structs import replace

from segue.core.allocate import UnitsAllocated
from segue.core.base import Event
from segue.core.bringing import SentToStore, UnitsLost
from segue.core.days import Load
from segue.core.fulfill import FulfillmentReleased
from segue.core.intake import OrderCorrected
from segue.core.order import Order, units_in
from segue.core.tally import Units
from segue.engine.backtest.history import History
from segue.engine.backtest.ledger import Ledger
from segue.engine.backtest.otherwise import Otherwise
from segue.engine.backtest.world import World
from tests.core.given import given
from tests.core.shop import draft, sold
from tests.engine.shops import leave, open_shop

ONE: dict[int, Units] = {1: ((1, 1),)}
TWO: dict[int, Units] = {2: ((1, 1),)}
GOODS = draft(sold("MUG"), sold("TEA"), kind="prepaid")
EMPTY = History((), (), {}, dict.fromkeys, dict.fromkeys, 0, None)


def worlds(folder: Path, story: tuple[Event, ...], other: tuple[Event, ...]) -> tuple[Order, Otherwise]:
    """An order with a story, and beside it a world in which this and that has happened to it too."""
    app = open_shop(folder)
    actual = World(app.worker.rules, Ledger(EMPTY))
    order = given(GOODS, *story).order
    assert order is not None
    actual.orders[order.id] = order
    would_be = Otherwise(actual, lambda known: app.worker.rules.for_channel(known.channel))
    here = order
    for event in other:
        here = would_be.apply(order.id, here, event)
    leave(app)
    return order, would_be


def told(order: Order, would_be: Otherwise, event: Event) -> Order:
    """What becomes of the other world's order when this happens to the actual one."""
    after = would_be.actual.apply(order.id, order, event)
    would_be.follow(order.id, order, after, event)
    return would_be.orders[order.id]


def test_a_corrected_order_gives_back_the_day_that_it_has_taken_here(tmp_path: Path) -> None:
    order, would_be = worlds(tmp_path, (), (UnitsAllocated("F1", "BER", ONE, 7),))
    assert would_be.ledger.days == {"BER|7": Load(1, 1, 1)}
    told(order, would_be, OrderCorrected(replace(GOODS, ship_method="express")))
    assert would_be.ledger.days == {"BER|7": Load()}
    assert would_be.ledger.counters["MUG"]["BER"].allocated == 0


def test_what_is_lost_on_its_way_is_lost_here_too_though_the_order_is_another_one(tmp_path: Path) -> None:
    brought = (
        UnitsAllocated("F1", "BER", ONE, 7, to="MUC"),
        FulfillmentReleased("F1", "BER", ONE),
        SentToStore("F1", "BER", "MUC", ONE, "S1"),
    )
    order, would_be = worlds(tmp_path, brought, (UnitsAllocated("F2", "MUC", TWO, 7),))
    before = would_be.ledger.counters["TEA"]["MUC"]
    would_be.ledger.days["BER|7"] = Load(1, 1, 1)
    here = told(order, would_be, UnitsLost("F1", "BER", ONE, "lost"))
    assert (units_in(here, "new", "in_transit"), here.lines[0].excluded) == (ONE, ("BER",))
    assert would_be.ledger.days == {"BER|7": Load(), "MUC|7": Load(1, 1, 1)}
    assert (would_be.ledger.counters["TEA"]["MUC"], would_be.ledger.counters.get("MUG")) == (before, None)
