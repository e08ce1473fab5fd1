"""The channels that Segue brings along, on small documents of our own: each trap that real files have set."""

from pathlib import Path
from typing import Any

import pytest

from segue.core.draft import Charge, Destination, Draft, DraftLine, DraftTender, Grant, Mistake, Tax
from segue.core.mapping import Document, map_document
from segue.loader.channel import prebuilt_channels
from tests.loader.channels import compiled, mapped, prebuilt, told

NAMES = ("canonical", "dataco", "olist", "shopify", "shopify_csv", "uci")


def test_all_prebuilt_channels_are_without_mistakes() -> None:
    assert tuple(prebuilt_channels()) == NAMES
    assert [prebuilt(name).name for name in NAMES] == list(NAMES)


CANONICAL: dict[str, Any] = {
    "channel_order_id": "1001",
    "placed_at_s": 1_700_000_000,
    "currency": "KWD",
    "total_minor": 21_250,
    "shipping_minor": 1_000,
    "shipping_tax_minor": 50,
    "discount_minor": 100,
    "tax_minor": 0,
    "taxes_included": False,
    "ship_method": "standard",
    "promised_at": "2023-11-20T00:00:00Z",
    "locale": "en",
    "lines": [
        {
            "sku": "A-1", "quantity": 2, "price_minor": 10_000, "discount_minor": 200, "tax_minor": 300,
            "title": "Shirt", "properties": {"engraving": "For Ada"}, "location": "BER",
        }
    ],
    "charges": [{"code": "gift_wrap", "amount_minor": 200}],
    "tenders": [{"kind": "gateway", "method": "card", "amount_minor": 21_250, "reference": "tok_1"}],
    "tags": ["vip", "a, b"],
    "customer": {"email": "Ada@Example.com", "ship_to": {"street": "1 St", "city": "Kuwait", "country": "KW"}},
}  # fmt: skip


def test_a_canonical_order_comes_out_as_it_went_in() -> None:
    draft = mapped(prebuilt("canonical"), CANONICAL).draft
    assert draft == Draft(
        channel="canonical",
        channel_order_id="1001",
        placed_at_s=1_700_000_000,
        currency="KWD",
        lines=(DraftLine("A-1", 2, 10_000, 200, 300, "Shirt", {"engraving": "For Ada"}, "BER"),),
        total_minor=21_250,
        tenders=(DraftTender("gateway", 21_250, "card", "tok_1"),),
        shipping_minor=1_000,
        shipping_tax_minor=50,
        discount_minor=100,
        charges=(Charge("gift_wrap", 200),),
        ship_to=Destination("KW"),
        ship_method="standard",
        promised_at_s=1_700_438_400,
        tags=("vip", "a, b"),
        locale="en",
    )


def test_a_canonical_order_says_what_its_money_is_made_up_of() -> None:
    line = {
        **CANONICAL["lines"][0],
        "taxes": [{"name": "VAT", "amount_minor": 250, "rate": 0.025}, {"name": "CITY", "amount_minor": 50}],
    }
    del line["tax_minor"]
    document = {
        **CANONICAL,
        "lines": [line],
        "shipping_discount_minor": 100,
        "shipping_taxes": [{"name": "VAT", "amount_minor": 50, "rate": "0.05"}],
        "tax_minor": 7,
        "taxes": [{"name": "STATE", "amount_minor": 7}],
        "charges": [{"code": "gift_wrap", "amount_minor": 200, "tax_minor": 19}],
        "codes": ["SUMMER"],
        "tier": "gold",
        "grants": [{"promotion": "summer", "code": "SUMMER", "given": {"1": 200}, "shipping_minor": 100}],
    }
    draft = mapped(prebuilt("canonical"), document).draft
    assert draft is not None
    assert draft.lines[0].taxes == (Tax("VAT", 250, "0.025"), Tax("CITY", 50))
    assert (draft.lines[0].tax_minor, draft.shipping_discount_minor) == (300, 100)
    assert (draft.shipping_taxes, draft.taxes) == ((Tax("VAT", 50, "0.05"),), (Tax("STATE", 7),))
    assert draft.charges == (Charge("gift_wrap", 200, 19),)
    assert (draft.codes, draft.tier) == (("SUMMER",), "gold")
    assert draft.grants == (Grant("summer", "SUMMER", {1: 200}, 100),)


def test_an_order_without_prices_says_so_and_has_no_mistakes() -> None:
    document = {
        "channel_order_id": "1001", "placed_at_s": 1_780_000_000, "currency": "EUR", "priced": False,
        "lines": [{"sku": "A", "quantity": 2}], "codes": ["SUMMER"],
    }  # fmt: skip
    draft = mapped(prebuilt("canonical"), document).draft
    assert draft is not None
    assert (draft.priced, draft.total_minor, draft.mistakes, draft.codes) == (False, 0, (), ("SUMMER",))
    (priced,) = [mapped(prebuilt("canonical"), {**document, "priced": True}).draft]
    assert priced is not None
    assert [mistake.path for mistake in priced.mistakes] == ["lines[0].price_minor", "total_minor"]


def test_grants_that_are_none_are_refused() -> None:
    result = mapped(prebuilt("canonical"), {**CANONICAL, "grants": [{"given": {}}]})
    assert told(result)[0].startswith("grants: is no list of grants: Object missing required field `promotion`")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"totel_minor": 1}, "totel_minor: is not a field that an order may have"),
        ({"tenders": [{"kind": "cash", "amount_minor": 1}]}, "tenders[0].kind: is none of gateway, adopted, prepaid"),
        ({"tags": [{"a": 1}]}, "tags[*]: is not a text"),
    ],
)
def test_a_canonical_order_is_read_strictly(changes: dict[str, Any], reason: str) -> None:
    (found,) = told(mapped(prebuilt("canonical"), {**CANONICAL, **changes}))
    assert found.startswith(reason)


def test_canonical_orders_come_in_ndjson_by_a_file_that_extends(tmp_path: Path) -> None:
    mapping = compiled("name: web\nextends: canonical\nformat: ndjson\n", tmp_path)
    assert mapping.layout.format == "ndjson"
    assert mapped(mapping, CANONICAL).draft is not None


SHOPIFY: dict[str, Any] = {
    "id": 1, "created_at": "2025-01-23T22:16:37-05:00", "processed_at": None, "cancelled_at": None, "currency": "USD",
    "presentment_currency": "USD", "financial_status": "paid", "total_price": "24.00", "total_tax": "4.00",
    "taxes_included": True, "total_outstanding": "0.00", "payment_gateway_names": ["visa"], "tags": "vip, gift",
    "shipping_address": None, "billing_address": None, "customer": None, "email": "", "total_tip_received": "1.00",
    "line_items": [
        {"sku": "", "variant_id": None, "title": "Soda Can", "quantity": 2, "price": "12.00", "properties": {},
         "requires_shipping": True, "total_discount": "0.00", "discount_allocations": [{"amount": "3.00"}],
         "tax_lines": [{"price": "2.00"}, {"price": "1.00"}]},
        {"sku": "WRAP", "title": "Gift Wrap", "quantity": 1, "price": "2.00", "requires_shipping": False,
         "tax_lines": [{"price": "1.00"}]},
    ],
    "shipping_lines": [{"title": "Express", "code": None, "price": "5.00", "discount_allocations": [{"amount": "5.00"}]}],
}  # fmt: skip


def shopify(**changes: Any) -> Draft:
    draft = mapped(prebuilt("shopify"), {**SHOPIFY, **changes}).draft
    assert draft is not None
    return draft


def test_a_shopify_order_with_every_trap_in_it() -> None:
    draft = shopify()
    assert draft.lines == (
        DraftLine("soda-can", 2, 12_00, 3_00, 3_00, "Soda Can", taxes=(Tax("", 2_00), Tax("", 1_00))),
    )
    assert draft.charges == (Charge("gift-wrap", 2_00, 1_00), Charge("tip", 1_00))
    assert (draft.shipping_minor, draft.shipping_discount_minor) == (5_00, 5_00)
    assert (draft.tax_minor, draft.taxes_included) == (0, True)
    assert draft.ship_method == "Express"
    assert draft.ship_to.missing == ("street", "city", "country")
    assert draft.tags == ("vip", "gift")
    assert draft.tenders == (DraftTender("prepaid", 24_00, "visa", "1"),)


@pytest.mark.parametrize(
    ("status", "outstanding", "tenders"),
    [
        ("authorized", "24.00", [("adopted", 24_00)]),
        ("partially_paid", "9.00", [("prepaid", 15_00), ("gateway", 9_00)]),
        ("partially_refunded", "0.00", [("prepaid", 24_00)]),
        ("pending", "24.00", [("gateway", 24_00)]),
        ("voided", "24.00", [("gateway", 24_00)]),
        (None, None, [("gateway", 24_00)]),
    ],
)
def test_what_covers_a_shopify_order(
    status: str | None, outstanding: str | None, tenders: list[tuple[str, int]]
) -> None:
    draft = shopify(financial_status=status, total_outstanding=outstanding)
    assert [(tender.kind, tender.amount_minor) for tender in draft.tenders] == tenders


def test_a_shopify_order_shown_in_another_currency_is_tagged() -> None:
    assert "shown_in:EUR" in shopify(presentment_currency="EUR").tags


def test_the_discounts_of_shopify_say_which_gave_what_to_which_line() -> None:
    first, wrap = SHOPIFY["line_items"]
    allocated = [
        {"amount": "2.00", "discount_application_index": 0},
        {"amount": "1.00", "discount_application_index": 1},
        {"amount": "9.00", "discount_application_index": 7},
    ]
    draft = shopify(
        discount_applications=[
            {"type": "manual", "title": "For the wait"},
            {"type": "discount_code", "code": "SUMMER"},
            {"type": "automatic", "title": "Nothing"},
        ],
        line_items=[{**first, "discount_allocations": allocated}, wrap],
        shipping_lines=[
            {"title": "Express", "price": "5.00", "discount_allocations": [{**allocated[1], "amount": "5.00"}]}
        ],
    )
    assert draft.grants == (
        Grant("For the wait", given={1: 2_00}),
        Grant("SUMMER", "SUMMER", {1: 1_00}, 5_00),
    )
    assert draft.lines[0].discount_minor == 12_00


def test_taxes_of_shopify_have_names_and_rates() -> None:
    first, wrap = SHOPIFY["line_items"]
    taxes = [{"title": "GST", "price": "0.45", "rate": 0.05}, {"title": "QST", "price": "0.00", "rate": 0.09975}]
    shipping = {"title": "Express", "price": "5.00", "tax_lines": [{"title": "GST", "price": "0.25", "rate": 0.05}]}
    draft = shopify(line_items=[{**first, "tax_lines": taxes}, wrap], shipping_lines=[shipping], total_tax="1.70")
    assert draft.lines[0].taxes == (Tax("GST", 45, "0.05"),)
    assert (draft.shipping_tax_minor, draft.shipping_taxes) == (25, (Tax("GST", 25, "0.05"),))
    assert (draft.tax_minor, draft.taxes) == (0, ())


def test_taxes_of_a_whole_shopify_order_are_named_where_no_line_names_them() -> None:
    first, wrap = SHOPIFY["line_items"]
    lines = [{**first, "tax_lines": []}, {**wrap, "tax_lines": None}]
    named = [{"title": "GST", "price": "4.00", "rate": 0.05}]
    draft = shopify(line_items=lines, tax_lines=named, total_tax="4.00")
    assert (draft.tax_minor, draft.taxes) == (4_00, (Tax("GST", 4_00, "0.05"),))
    other = shopify(line_items=lines, tax_lines=named, total_tax="5.00")
    assert (other.tax_minor, other.taxes) == (5_00, ())


def test_what_shopify_has_canceled_is_rejected() -> None:
    result = mapped(prebuilt("shopify"), {**SHOPIFY, "cancelled_at": "2025-01-23T22:16:37-05:00"})
    assert told(result) == [": was canceled at the channel before it came here"]


EXPORT = {
    "Name": "#1", "Created at": "31/12/2023 22:36", "Currency": "CAD", "Lineitem name": "Boot - 40 / RED",
    "Lineitem sku": "", "Lineitem quantity": "2", "Discount Amount": "10", "Financial Status": "paid",
    "Lineitem requires shipping": "true", "Shipping Zip": "'H2X 1Y4", "Cancelled at": "",
}  # fmt: skip


def test_an_export_without_prices_makes_up_nothing() -> None:
    draft = map_document(prebuilt("shopify_csv"), Document({**EXPORT, "rows": [EXPORT]}, numbers=(2,))).draft
    assert draft is not None
    assert draft.lines == (DraftLine("boot-40-red", 2, 0, title="Boot - 40 / RED"),)
    assert (draft.total_minor, draft.discount_minor, draft.tenders) == (0, 0, ())
    assert draft.tags == ("unpriced",)


def test_an_export_whose_total_was_cut_out_is_added_up() -> None:
    row = {**EXPORT, "Lineitem price": "30.00"}
    draft = map_document(prebuilt("shopify_csv"), Document({**row, "rows": [row]}, numbers=(2,))).draft
    assert draft is not None
    assert draft.total_minor == 50_00
    assert draft.tenders == (DraftTender("prepaid", 50_00),)


def test_a_blank_price_in_an_export_that_has_prices_is_a_mistake() -> None:
    row = {**EXPORT, "Lineitem price": ""}
    result = map_document(prebuilt("shopify_csv"), Document({**row, "rows": [row]}, numbers=(2,)))
    assert told(result) == []
    assert result.draft is not None
    assert result.draft.mistakes == (Mistake("rows[0].Lineitem price", "amount_unreadable"),)
