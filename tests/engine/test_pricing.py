"""Pricing in the engine: orders without prices are priced on their way in, coupons are counted, and nothing is lost."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from segue.app import App
from segue.core.cancel import Cancel
from segue.core.draft import Draft, DraftLine, DraftTender
from segue.core.facts import Item, StockMove
from segue.core.order import Order
from segue.core.price_list import PriceList, Shipping
from segue.core.pricing.rates import RateTable, TaxRule, Zone, quoted
from segue.core.promotion import Needs, Promotion, compiled
from segue.core.taxes import TaxAnswer, TaxRequest
from segue.engine.outcomes import TRY_LATER_S, Request
from segue.engine.wave import run_wave
from segue.policies.discounts import percent_off_order
from segue.ports import Batch, PortFailed
from segue.store.reading import every_order
from tests.engine.shops import (
    NOW,
    arrive,
    bought,
    leave,
    message_of,
    open_shop,
    order_of,
    placing,
    rounds,
    states_of,
    well,
)

VAT = RateTable({"DE": Zone("DE", "", (TaxRule("VAT", "0.19"),), included=True)})
TENTH = partial(percent_off_order, percent=Fraction(10))


def promotion(**limits: int) -> Promotion:
    """A tenth off for who has the code, so often."""
    return Promotion("a_tenth", "order", "percent_off_order", TENTH, Needs(codes=("TENTH",)), **limits)  # type: ignore[arg-type]


class Line(list[str]):
    """A tax service at the other end of a line, that is down for so many questions."""

    down = 0

    def quote(self, request: TaxRequest) -> TaxAnswer:
        self.append(request.country)
        if self.down:
            self.down -= 1
            raise PortFailed("the tax service does not answer")
        return quoted(VAT, request)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A shop that prices orders itself."""
    shop = open_shop(tmp_path / "shop")
    shop.worker.rules.price_list = PriceList(
        compiled((promotion(per_code=10, per_customer=1),)), {"standard": Shipping(490)}
    )
    shop.worker.rules.taxes = Line()
    yield shop
    leave(shop)


def phone(number: int, sku: str = "MUG", quantity: int = 1, *, total: int = 0, **more: Any) -> Draft:
    """An order without prices."""
    lines = (DraftLine(sku, quantity, 0),)
    usual: dict[str, Any] = {"tenders": (DraftTender("gateway", 0),), "total_minor": total, "priced": False}
    made = bought(number, lines=lines, **more)
    return Draft(**{name: getattr(made, name) for name in made.__struct_fields__} | usual)


def used(app: App) -> dict[str, tuple[int, int]]:
    """Each counter of coupons: how often it was used, and how often it may be."""
    return {key: (used, most) for key, used, most in app.reader().execute("SELECT key, used, most FROM coupons")}


def with_code(numbers: Sequence[int], **more: Any) -> list[Request]:
    return [placing(phone(number, codes=("tenth",), **more)) for number in numbers]


def discounts(app: App) -> list[int]:
    return sorted(line.discount_minor for order in every_order(app.reader()) for line in order.lines)


def test_an_order_without_prices_is_priced_paid_and_delivered(app: App) -> None:
    arrive(app, message_of(phone(1, quantity=2)))
    rounds(app, 30)
    order = order_of(app, 1)
    assert (order.lines[0].paid_minor, order.lines[0].tax_minor, order.total_minor) == (2400, 383, 2890)
    assert (order.tenders["P1"].tally, [*order.places]) == ({"captured": 2890}, ["delivered"])
    well(app)


def test_one_whose_goods_have_no_price_yet_waits_in_a_folder_and_goes_on_by_itself(app: App) -> None:
    arrive(app, message_of(phone(1, "NEW", total=990)))
    rounds(app, 3)
    waiting = order_of(app, 1)
    assert {"waiting_for_prices", "unknown_goods"} <= waiting.places.keys()
    assert waiting.tenders["P1"].tally == {}
    well(app)
    app.shelf.put_items([Item("NEW", "New")], app.clock.now_s())
    rounds(app, 2)
    assert order_of(app, 1).failures[0].detail == "the catalog has no price of NEW"
    app.shelf.receive_stock([StockMove("NEW", "BER", 1, 0, "received")], app.clock.now_s())
    app.shelf.put_items([Item("NEW", "New", 500)], app.clock.now_s())
    rounds(app, 30)
    order = order_of(app, 1)
    assert (order.unpriced, order.total_minor, order.holds) == (None, 990, {})
    assert (order.tenders["P1"].tally, [*order.places]) == ({"captured": 990}, ["delivered"])
    well(app)


def test_one_that_was_quoted_another_total_waits_with_both_figures_until_the_price_is_that(app: App) -> None:
    arrive(app, message_of(phone(1, total=5200)))
    rounds(app, 3)
    waiting = order_of(app, 1)
    assert [failure.detail for failure in waiting.failures] == ["quoted 5200, priced 1690 now"]
    well(app)
    assert "wrong_amounts" in waiting.places
    app.shelf.put_items([Item("MUG", "Mug", 4710)], app.clock.now_s())
    app.worker.run()
    assert (order_of(app, 1).total_minor, order_of(app, 1).lines[0].paid_minor) == (5200, 4710)
    well(app)


def test_it_is_looked_at_again_when_the_shop_is_opened_with_other_prices(app: App) -> None:
    arrive(app, message_of(phone(1, total=1200)))
    rounds(app, 3)
    assert order_of(app, 1).unpriced is not None
    app.worker.rules.price_list = PriceList(shipping={"standard": Shipping(0)})
    assert app.shelf.wake({"prices"}, app.clock.now_s()) == 1  # as opening does
    rounds(app, 3)
    assert (order_of(app, 1).unpriced, order_of(app, 1).total_minor) == (None, 1200)
    well(app)


def test_a_discount_on_an_order_that_waited_adds_up_in_the_audit(app: App) -> None:
    arrive(app, message_of(phone(1, "NEW", codes=("TENTH",))))
    rounds(app, 3)
    assert used(app) == {}
    app.shelf.put_items([Item("NEW", "New", 1000)], app.clock.now_s())
    rounds(app, 5)
    assert (discounts(app), used(app)) == ([100], {"TENTH": (1, 10), "TENTH|p1": (1, 1)})
    well(app)


def test_what_the_tax_service_does_not_answer_is_asked_again_later_and_nothing_is_lost(app: App) -> None:
    line = app.worker.rules.taxes
    assert isinstance(line, Line)
    line.down = 1
    arrive(app, *[message_of(phone(number)) for number in range(1, 6)])
    app.worker.round()
    assert [state for state, _ in states_of(app).values()] == ["new"] * 5
    assert states_of(app)["1"][1] == "to be tried again: the tax service does not answer"
    assert len(line) == 1  # one is enough to know that it does not answer
    app.worker.round()
    assert len(line) == 1  # and it is left alone for a while
    assert app.worker.next_at_s() == app.clock.now_s() + TRY_LATER_S
    rounds(app, 6)
    assert [states_of(app)[str(number)] for number in range(1, 6)] == [("done", "")] * 5
    assert [order.total_minor for order in every_order(app.reader())] == [1690] * 5
    well(app)


def test_an_order_that_is_woken_while_the_tax_service_is_down_is_woken_again(app: App) -> None:
    line = app.worker.rules.taxes
    assert isinstance(line, Line)
    arrive(app, message_of(phone(1, "NEW")))
    rounds(app, 3)
    app.shelf.put_items([Item("NEW", "New", 500)], app.clock.now_s())
    line.down = 2
    rounds(app, 1)
    assert order_of(app, 1).unpriced is not None
    rounds(app, 6)
    assert order_of(app, 1).total_minor == 990
    well(app)


def test_a_code_is_good_for_as_many_orders_as_it_may_be_and_the_others_pay_in_full(app: App) -> None:
    run_wave(app.store, app.worker.rules, with_code(range(1, 31)), Batch(NOW))
    assert discounts(app) == [0] * 20 + [120] * 10
    assert used(app)["TENTH"] == (10, 10)
    well(app)


def test_a_customer_uses_a_code_as_often_as_they_may(app: App) -> None:
    run_wave(app.store, app.worker.rules, with_code(range(1, 4), person="ada"), Batch(NOW))
    assert discounts(app) == [0, 0, 120]
    assert used(app) == {"TENTH": (1, 10), "TENTH|ada": (1, 1)}


def test_a_use_is_given_back_when_all_of_the_order_is_canceled(app: App) -> None:
    run_wave(app.store, app.worker.rules, with_code([1], person="ada", quantity=2), Batch(NOW))
    app.submit("canonical-1", Cancel(line=1, quantity=1), "person:ann")
    assert used(app) == {"TENTH": (1, 10), "TENTH|ada": (1, 1)}
    app.submit("canonical-1", Cancel(), "person:ann")
    assert used(app) == {"TENTH": (0, 10), "TENTH|ada": (0, 1)}
    well(app)
    run_wave(app.store, app.worker.rules, with_code([2], person="ada"), Batch(NOW))
    assert order_of(app, 2).lines[0].discount_minor == 120
    well(app)


def test_a_limit_that_was_lowered_keeps_nobody_from_giving_a_use_back(app: App) -> None:
    run_wave(app.store, app.worker.rules, with_code([1, 2, 3]), Batch(NOW))
    app.worker.rules.price_list = PriceList(compiled((promotion(per_code=1),)))
    app.submit("canonical-1", Cancel(), "person:ann")
    run_wave(app.store, app.worker.rules, with_code([4]), Batch(NOW))
    assert (used(app)["TENTH"], order_of(app, 4).lines[0].discount_minor) == ((2, 10), 0)
    well(app)


def test_a_wave_uses_coupons_as_its_orders_one_by_one_would(tmp_path: Path) -> None:
    shops = [open_shop(tmp_path / name) for name in ("one", "each")]
    requests = with_code(range(1, 21))
    for shop in shops:
        shop.worker.rules.price_list = PriceList(compiled((promotion(per_code=7),)))
    run_wave(shops[0].store, shops[0].worker.rules, requests, Batch(NOW))
    for request in requests:
        run_wave(shops[1].store, shops[1].worker.rules, [request], Batch(NOW))
    orders: list[list[Order]] = [list(every_order(shop.reader())) for shop in shops]
    assert orders[0] == orders[1]
    assert used(shops[0]) == used(shops[1]) == {"TENTH": (7, 7)}
    for shop in shops:
        leave(shop)
