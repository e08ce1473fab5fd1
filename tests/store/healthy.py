"""A healthy shop, made by the engine itself, with an order in each situation that an invariant is about."""

from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from segue.app import App
from segue.core.adjust import AdjustPrice, GiveGoodwill
from segue.core.bundles import Bundle, Rules
from segue.core.days import Capacity
from segue.core.draft import Draft, DraftLine, DraftTender, Grant
from segue.core.facts import Item, StockMove
from segue.core.fences import Fence
from segue.core.intake import PlaceOrder
from segue.core.order import count_in
from segue.core.pay import RecordUnknown
from segue.core.price_list import PriceList
from segue.core.promotion import Needs, Promotion, compiled
from segue.core.returns import RecordReturn
from segue.core.subscription.commands import Begin, NewLine, SkipNext
from segue.core.subscription.standing import Terms
from segue.core.substitute import Substitute
from segue.engine.carting import reserve
from segue.engine.fencing import fence
from segue.engine.supplying import expect, transfer
from segue.policies.discounts import percent_off_order
from segue.ports import Inbound
from tests.engine.shops import arrive, bought, message_of, open_shop, order_of, rounds

# What the orders are for, by number. Those from SHIPPED to UNKNOWN are still under way when the shop is looked at.
DELIVERED, REFUNDED, CANCELED, WAITING, HELD, SHIPPED, RELEASED, TIMED, ASKING, UNKNOWN, ADJUSTED, GIFTED, COUPON = (
    range(1, 14)
)
SWAPPED, BUNDLED, PACKED, PRESOLD, TOO_MANY, CODED = 14, 15, 16, 17, 18, 19
ROUNDS_MAX = 100
GIFT = Grant("two_for_one", given={2: 900}, on_return="reclaim", units={1: ((1, 1),), 2: ((1, 1),)})
PAIR = DraftLine("TEA", 1, 900), DraftLine("TEA", 1, 900, discount_minor=900)
OFF = partial(percent_off_order, percent=Fraction(10))
SPRING = Promotion("spring", "order", "percent_off_order", OFF, Needs(codes=("SPRING",)), per_code=5, per_customer=1)
DESKS = DraftLine("TOP", 2, 900, bundle="B1"), DraftLine("LEG", 4, 250, bundle="B1")
RULES = Rules(ship="together", prepacked=True)
TWO_TEA = (DraftLine("TEA", 2, 900),)
COLD = DraftLine("MUG", 3, 1000, discount_minor=101), DraftLine("TEA", 3, 900, tax_minor=33)


def healthy_shop(folder: Path) -> App:
    """Four orders at rest, two that wait for stock and for a person, six that are under way, and two messages."""
    app = open_shop(
        folder, mug=20, tea=20, channels="canonical, presale: {workflow: preorder}, codes: {workflow: digital}"
    )
    places = app.worker.rules.locations
    places["MUC"] = replace(places["MUC"], capacity=Capacity(orders=50, units=100))
    app.worker.rules.counts_sales = False  # until `_presold`: so that orders have the versions that the faults name
    app.worker.rules.price_list = PriceList(compiled((SPRING,)))
    arrive(app, *map(message_of, _early()))
    arrive(app, Inbound("canonical", "cancel", "cancel", {"reason": "too late"}, f"canonical-{CANCELED}"))
    app.worker.run()
    for line, sellable in ((2, True), (1, False)):
        app.submit(f"canonical-{REFUNDED}", RecordReturn(line, 1, "BER", sellable=sellable), "person:eve")
    app.submit(f"canonical-{ADJUSTED}", AdjustPrice(1, 301, 2), "person:eve")
    app.submit(f"canonical-{ADJUSTED}", GiveGoodwill(200, "late"), "person:eve")
    app.submit(f"canonical-{GIFTED}", RecordReturn(1, 1), "person:eve")
    _short_of_stock(app)
    _with_bundles(app)
    _coded(app)
    _under_way(app, SHIPPED, "shipped")
    arrive(app, message_of(_desks(app, BUNDLED)))
    _under_way(app, RELEASED, "released")
    arrive(app, message_of(_sold(TIMED, placed_at_s=app.clock.now_s())))
    app.worker.round()
    app.worker.round()
    arrive(app, *(message_of(_sold(number, placed_at_s=app.clock.now_s())) for number in (ASKING, UNKNOWN)))
    app.worker.round()
    app.submit(f"canonical-{UNKNOWN}", RecordUnknown("A1", "no answer"), "gateway")
    arrive(app, Inbound("shop", "new", "note", {"text": "hello"}, f"canonical-{HELD}"))
    _expecting(app)
    return app


def _expecting(app: App) -> None:
    """What is on its way, what a cart has, and what is kept for a channel."""
    desk = app.stock_desk("person:eve")
    expect(desk, "PO-7", ("TEA", "MUC"), 30, app.clock.now_s() + 86_400)
    app.shelf.receive_stock([StockMove("PEN", "BER", 9, 0, "received")], app.clock.now_s())
    transfer(desk, "PEN", ("BER", "MUC"), 5, "T-1", app.clock.now_s() + 86_400)
    reserve(desk, Draft("canonical", "C-9", app.clock.now_s(), "EUR", (DraftLine("TEA", 2, 0),), 0, cart="C-9"), 900)
    fence(desk, "TEA", [Fence("", "canonical", 3)])
    _presold(app)
    _subscribed(app)


def _early() -> tuple[Draft, ...]:
    """The orders that come in first."""
    return (
        bought(DELIVERED, quantity=2),
        _sold(REFUNDED, COLD),
        _sold(CANCELED),
        _sold(HELD, (DraftLine("PEN", 1, 100),)),
        _sold(ADJUSTED),
        _sold(GIFTED, PAIR, grants=(GIFT,)),
        replace(bought(COUPON), codes=("SPRING",), priced=False, total_minor=0, tenders=(DraftTender("account", 0),)),
    )


def _presold(app: App) -> None:
    """An order for what is to come, and one that would be one unit too many."""
    now_s = app.clock.now_s()
    app.worker.rules.counts_sales = True
    app.shelf.put_items([Item("BOOK", price_minor=1000)], now_s)
    expect(app.stock_desk("person:eve"), "PO-8", ("BOOK", "BER"), 4, now_s + 86_400)
    for number, units in ((PRESOLD, 3), (TOO_MANY, 2)):
        draft = replace(bought(number, "BOOK", units, placed_at_s=now_s), channel="presale")
        app.submit(f"canonical-{number}", PlaceOrder(f"canonical-{number}", draft), "channel:presale")


def _subscribed(app: App) -> None:
    """A subscription whose first order is on its way in, and whose second one is skipped."""
    now_s, renewing = app.clock.now_s(), app.worker.renewing
    terms = Terms("canonical", "EUR", "p1", at="00:00", ship_method="standard")
    renewing.submit(
        "S1", Begin("S1", terms, (NewLine("TEA", 1, "FREQ=DAILY;COUNT=3", None, 900),)), "person:ann", now_s
    )
    renewing.round(now_s, ("S1",), ())
    renewing.submit("S1", SkipNext(), "person:ann", now_s)


def _short_of_stock(app: App) -> None:
    """An order that waits for stock, and one whose cups become glasses."""
    arrive(app, message_of(_sold(WAITING, (DraftLine("MUG", 16, 1000),))))
    app.worker.run()
    app.shelf.put_items([Item("CUP", substitutes=("PEN", "GLASS")), Item("GLASS", "Glass")], app.clock.now_s())
    _under_way(app, SWAPPED, "backordered", (DraftLine("CUP", 2, 700),))
    app.shelf.receive_stock([StockMove("GLASS", "BER", 5, 0, "received")], app.clock.now_s())
    app.submit(f"canonical-{SWAPPED}", Substitute(1, agreed=True), "person:eve")


def _with_bundles(app: App) -> None:
    """Two orders of two desks each. Two lie ready packed: the first has them; for the other there is one, and parts."""
    app.shelf.put_items([Item(sku) for sku in ("TOP", "LEG", "DESK")], app.clock.now_s())
    there = {"TOP": 9, "LEG": 9, "DESK": 3}
    moves = [StockMove(sku, "BER", units, 0, "received") for sku, units in there.items()]
    app.shelf.receive_stock(moves, app.clock.now_s())
    arrive(app, message_of(_desks(app, PACKED)))
    app.worker.run()


def _coded(app: App) -> None:
    """An order whose goods came by a message."""
    app.shelf.put_items([Item("GUIDE", kind="digital")], app.clock.now_s())
    draft = replace(bought(CODED, "GUIDE", 2, placed_at_s=app.clock.now_s()), channel="codes")
    app.submit(f"canonical-{CODED}", PlaceOrder(f"canonical-{CODED}", draft), "channel:codes")
    app.worker.run()
    assert count_in(order_of(app, CODED), "delivered") == 2


def _desks(app: App, number: int) -> Draft:
    bundles = {"B1": Bundle("DESK", 2, {1: 1, 2: 2}, rules=RULES)}
    return _sold(number, DESKS, placed_at_s=app.clock.now_s(), bundles=bundles)


def _sold(number: int, lines: tuple[DraftLine, ...] = TWO_TEA, **more: Any) -> Draft:
    """A draft whose amounts add up, shipping and a discount of the order included."""
    draft = bought(number, lines=lines, shipping_minor=499, discount_minor=50, **more)
    parts = sum(line.price_minor * line.quantity - line.discount_minor + line.tax_minor for line in lines)
    total = parts + 499 - 50
    return replace(draft, total_minor=total, tenders=(DraftTender("gateway", total),))


def _under_way(app: App, number: int, state: str, lines: tuple[DraftLine, ...] = TWO_TEA) -> None:
    """Take an order in, and work until its units have come so far."""
    arrive(app, message_of(_sold(number, lines, placed_at_s=app.clock.now_s())))
    rounds(app, 1)
    for _ in range(ROUNDS_MAX):
        if count_in(order_of(app, number), state):
            return
        rounds(app, 1)
    raise AssertionError(f"order {number} is not {state}")
