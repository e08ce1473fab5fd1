"""Quoting: a cart costs what the same cart costs as an order, to the cent, and asking leaves nothing behind."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segue.app import App
from segue.core.draft import Charge, Destination, Draft, DraftLine, DraftTender
from segue.core.facts import Item
from segue.core.order import Order
from segue.core.price_list import PriceList, Shipping
from segue.core.pricing.pricing import Priced
from segue.core.proration import lines_of
from segue.core.returns import RecordReturn
from segue.store.dump import database_digest
from tests.engine.shops import NOW, bought, open_shop, order_of, placing, rounds, well

PROMOTIONS = """
tiers: [gold, vip]
promotions:
  three_for_two: {gives: {buy_and_get: {skus: [MUG], buy: 2, get: 1}}, on_return: reclaim}
  pair: {gives: {bundle_price: {skus: [MUG, TEA], price: 1777}}, on_return: prorate}
  spring:
    gives: {percent_off_order: {percent: 12.5}}
    needs: {codes: [SPRING]}
    limits: {per_code: 40, per_customer: 3}
    group: percentages
  tiers: {gives: {percent_by_tier: {percents: {gold: 5, vip: 7.5}}}, group: percentages}
  ten_off: {gives: {amount_off_order: {off: 1000}}, needs: {subtotal_from: 7001}, on_return: keep}
  free_shipping: {gives: free_shipping, needs: {paid_from: 5000}}
"""
TAXES = """
prices_include_tax: true
zones:
  DE: {shipping: as_goods, taxes: [{name: VAT, rate: 0.19, classes: {reduced: 0.07}}]}
  US-NY:
    prices_include_tax: false
    taxes: [{name: STATE, rate: 0.04}, {name: CITY, rate: 0.04875, classes: {reduced: 0}}]
"""
SHIPPING = {"standard": Shipping(490), "express": Shipping(995, 20_000, "standard")}
PLACES = (Destination("DE"), Destination("US", "NY"), Destination("JP"))
PEOPLE = ("ada", "bob", "")
CARTS = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from(("MUG", "TEA", "PEN")), st.integers(1, 7)), min_size=1, max_size=4),
        st.sampled_from(((), ("SPRING",), ("spring", "NOPE"))),
        st.sampled_from(("", "gold", "vip")),
        st.sampled_from(("standard", "express")),
        st.sampled_from(PLACES),
        st.sampled_from(PEOPLE),
        st.sampled_from(((), (Charge("gift_wrap", 333),))),
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that prices carts in every way."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "promotions.yaml").write_text(PROMOTIONS, encoding="utf-8")
    (folder / "taxes.yaml").write_text(TAXES, encoding="utf-8")
    return folder


def pricing_shop(folder: Path) -> App:
    """The shop in memory, just set up."""
    shop = open_shop(folder, methods="standard, express")
    rules = shop.worker.rules
    rules.price_list = PriceList(rules.price_list.promotions, SHIPPING)
    shop.shelf.put_items([Item("PEN", "Pen", 101, tax_class="reduced")], NOW)
    return shop


def cart(number: int, lines: tuple[DraftLine, ...], **more: object) -> Draft:
    """A cart, as an order that comes without prices."""
    made = bought(number, lines=lines, placed_at_s=NOW)
    usual = {"total_minor": 0, "priced": False, "tenders": (DraftTender("account", 0),)}
    return Draft(**{name: getattr(made, name) for name in made.__struct_fields__} | usual | more)


def amounts(order: Order) -> tuple[object, ...]:
    """What an order comes to, line by line."""
    lines = [(line.sku, line.quantity, line.discount_minor, line.taxes, line.paid_minor) for line in order.lines]
    return lines, order.shipping_minor, order.shipping_taxes, order.charges, order.total_minor, order.grants


def quoted_amounts(found: Priced) -> tuple[object, ...]:
    """The same of a quote."""
    draft = found.draft
    lines = [(line.sku, line.quantity, line.discount_minor, line.taxes, line.paid_minor) for line in lines_of(draft)]
    shipping = draft.shipping_minor + (0 if draft.taxes_included else draft.shipping_tax_minor)
    return lines, shipping, draft.shipping_taxes, draft.charges, draft.total_minor, draft.grants


@given(CARTS)
@settings(max_examples=40, deadline=None)
def test_a_cart_costs_what_the_same_cart_costs_as_an_order(folder: Path, carts: list[tuple[object, ...]]) -> None:
    shop = pricing_shop(folder)
    for number, (lines, codes, tier, method, to, person, charges) in enumerate(carts, 1):
        sold = tuple(DraftLine(sku, quantity, 0) for sku, quantity in lines)  # type: ignore[attr-defined]
        draft = cart(
            number, sold, codes=codes, tier=tier, ship_method=method, ship_to=to, person=person, charges=charges
        )
        before = database_digest(shop.reader(), shop.seal)
        found = shop.quote(draft)
        assert database_digest(shop.reader(), shop.seal) == before, "asking leaves nothing behind"
        request = placing(draft)
        (result,) = shop.worker.submit([request])
        assert result.order is not None, result.refused
        assert amounts(result.order) == quoted_amounts(found)
    assert [violation for violation in shop.audit() if violation.id in MONEY] == []
    shop.database.close()
    shop.world.close()


MONEY = ("I06", "I07", "I08", "I11", "I48")


def test_what_was_quoted_is_what_is_paid_and_given_back(folder: Path) -> None:
    shop = pricing_shop(folder)
    draft = cart(1, (DraftLine("MUG", 4, 0), DraftLine("TEA", 2, 0)), codes=("SPRING",))
    found = shop.quote(draft)
    shop.worker.submit([placing(draft)])
    rounds(shop, 40)
    order = order_of(shop, 1)
    assert order.tenders["P1"].tally == {"captured": found.draft.total_minor}
    for line in order.lines:
        shop.submit("canonical-1", RecordReturn(line.number, line.quantity, "BER"), "person:eve")
    rounds(shop, 40)
    order = order_of(shop, 1)
    assert order.tenders["P1"].tally == {"refunded": found.draft.total_minor - order.shipping_minor} | (
        {"captured": order.shipping_minor} if order.shipping_minor else {}
    )
    well(shop)
    shop.database.close()
    shop.world.close()


def test_what_lacks_is_said(folder: Path) -> None:
    shop = pricing_shop(folder)
    found = shop.quote(cart(1, (DraftLine("VASE", 1, 0),)))
    assert [lack.detail for lack in found.lacks] == ["the catalog has no price of VASE"]
    shop.database.close()
    shop.world.close()
