"""Real channel files: exactly these figures come out of them, to the row and to the cent.

The files are not part of the project. They are looked for in $SEGUE_DATA, or in shared/data beside the repository; where
they are missing the tests say so and are skipped.
"""

import json
import os
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from segue.connectors.importing import Intake, Received
from segue.connectors.shop_data import sellers_of, weights_of, write_shop_data
from segue.core.mapping import Document, Mapped, map_document
from segue.core.order import Destination, Draft
from tests.loader.channels import prebuilt

DATA = Path(os.environ.get("SEGUE_DATA", Path(__file__).parents[2].parent / "shared" / "data"))
SHOPIFY = DATA / "channels" / "shopify"
EXPORT_WITHOUT_PRICES = SHOPIFY / "real_csv_export_3087_orders_34col.csv"
EXPORT = SHOPIFY / "real_csv_export_228_orders_79col_masked.csv"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real files are not in {DATA}")


class Taken(NamedTuple):
    """All that came out of some files."""

    intake: Intake
    received: list[Received]

    @property
    def drafts(self) -> dict[str, Draft]:
        """The orders by the channel's id."""
        return {each.mapped.document: each.mapped.draft for each in self.received if each.mapped.draft}

    @property
    def rows(self) -> dict[str, int]:
        """How many rows became what; they always add up."""
        counts = self.intake.counts
        assert counts.read == sum(counts.rows.values())
        return dict(counts.rows)


@cache
def taken(channel: str, *paths: Path, tables: Path | None = None) -> Taken:
    intake = Intake(prebuilt(channel, *([tables] if tables else [])), str.upper)
    return Taken(intake, list(intake.read(paths)))


def uci() -> Taken:
    return taken("uci", *sorted((DATA / "uci").glob("*.csv.gz")))


def olist() -> Taken:
    return taken("olist", DATA / "olist", tables=DATA / "olist")


def parts_of(draft: Draft) -> int:
    """What the parts of an order come to: lines, discount, shipping, charges and taxes."""
    goods = sum(line.price_minor * line.quantity - line.discount_minor for line in draft.lines)
    taxes = sum(line.tax_minor for line in draft.lines) + draft.tax_minor + draft.shipping_tax_minor
    charges = sum(charge.amount_minor for charge in draft.charges)
    return goods - draft.discount_minor + draft.shipping_minor + charges + (0 if draft.taxes_included else taxes)


def paid(draft: Draft) -> int:
    return sum(tender.amount_minor for tender in draft.tenders)


def test_every_row_of_uci_is_accounted_for() -> None:
    assert uci().intake.counts.read == 245_903
    assert uci().rows == {
        "order": 239_085, "charge": 1_123, "note": 300, "cancellation": 4_195, "adjustment": 1_135, "reject": 65,
    }  # fmt: skip
    assert uci().intake.counts.documents == 12_795


def test_each_rule_of_uci_finds_what_was_counted_by_hand() -> None:
    rules = uci().intake.counts.rules
    assert rules["stock_taken_out"] == 758
    assert rules["cancellation"] + rules["credit_without_goods"] == 4_494
    assert rules["pads"] == 1
    lines_at_nothing = sum(not line.price_minor for draft in uci().drafts.values() for line in draft.lines)
    assert rules["stock_taken_out"] + rules["stock_found"] + lines_at_nothing == 1_478
    assert sum(each.mapped.document.startswith("C") for each in uci().received) == 2_006


def test_orders_of_uci_add_up_and_are_on_account() -> None:
    drafts = uci().drafts
    assert len(drafts) == 9_601
    assert all(parts_of(draft) == draft.total_minor == paid(draft) for draft in drafts.values())
    assert {tender.kind for draft in drafts.values() for tender in draft.tenders} == {"account"}


def test_the_only_rejects_of_uci_are_charges_without_goods() -> None:
    documents = {reject.document for each in uci().received for reject in each.mapped.rejects}
    assert len(documents) == 59
    reasons = {reason.split(" row ")[0] for reason in uci().intake.counts.reasons}
    assert reasons == {
        "has no goods: an order needs at least one line",
        "belongs to a document that was rejected for",
    }


def test_an_invoice_whose_goods_are_in_one_sum_is_an_order() -> None:
    draft = uci().drafts["537534"]
    assert {line.price_minor for line in draft.lines} == {0}
    assert [(charge.code, charge.amount_minor) for charge in draft.charges] == [("manual", 924_59)]


def test_an_invoice_whose_rows_stand_apart_is_one_order() -> None:
    (mapped,) = [each.mapped for each in uci().received if each.mapped.document == "542806"]
    assert sum(mapped.rows.values()) == 39


def test_cancellations_of_uci_have_an_id_that_is_theirs_alone() -> None:
    messages = [message for each in uci().received for message in each.messages]
    assert len({message.id for message in messages}) == len(messages) == 9_601 + 4_195
    unnamed = [message for message in messages if message.kind == "cancellation" and not message.body["person"]]
    assert len(unnamed) == 119


def test_countries_of_uci_are_codes_but_for_two_that_are_none() -> None:
    countries = Counter(draft.ship_to.country for draft in uci().drafts.values())
    assert countries["GB"] > 8_000
    assert countries["IE"] > 100
    assert all(draft.ship_to.missing == ("country",) for draft in uci().drafts.values() if not draft.ship_to.country)


def test_every_row_of_olist_is_accounted_for() -> None:
    assert olist().intake.counts.read == 10_404 + 10_072 + 11_261
    assert olist().intake.counts.documents == 10_404
    assert len(olist().drafts) == 8_886
    assert olist().intake.counts.reasons == {"has no items": 1_518}


def test_payments_of_olist_that_do_not_add_up_are_left_to_the_money_check() -> None:
    drafts = olist().drafts.values()
    assert all(parts_of(draft) == draft.total_minor for draft in drafts)
    assert sum(paid(draft) != draft.total_minor for draft in drafts) == 53
    assert {tender.method for draft in drafts for tender in draft.tenders} == {"card", "debit", "boleto", "voucher"}


def test_each_line_of_olist_is_bound_to_its_seller() -> None:
    sellers = {seller.id: seller for seller in sellers_of(DATA / "olist")}
    used = {line.location for draft in olist().drafts.values() for line in draft.lines}
    assert used <= sellers.keys()
    assert len(sellers) == 3_095
    assert sum(seller.latitude is None for seller in sellers.values()) == 8


def test_customers_of_olist_are_where_their_postcode_is() -> None:
    drafts = olist().drafts
    (document,) = [each for each in drafts if each == "2e7a8482f6fb09756ca50c10d7bfc047"]
    assert drafts[document].ship_to.country == "BR"
    assert drafts[document].promised_at_s == 1_476_928_800  # midnight in São Paulo, in summer time
    placed = sum(draft.ship_to.latitude is not None for draft in drafts.values())
    assert placed > 8_800
    assert drafts[document].tags == ("status:shipped",)


def test_all_of_dataco_is_taken_in_without_float_noise() -> None:
    found = taken("dataco", DATA / "dataco" / "rows_3000.csv.gz")
    assert found.rows == {"order": 3_000}
    assert len(found.drafts) == 2_932
    assert all(parts_of(draft) == draft.total_minor == paid(draft) for draft in found.drafts.values())
    draft = found.drafts["31299"]
    assert [(line.price_minor, line.discount_minor) for line in draft.lines] == [(199_99, 24_00)]
    assert draft.ship_to == Destination("US", "California")
    assert draft.bill_country == "PR"
    assert draft.tags == ("status:processing", "segment:consumer")


def test_zip_codes_of_dataco_have_their_zeros_again() -> None:
    found = taken("dataco", DATA / "dataco" / "rows_3000.csv.gz")
    zips = [each.person.bill_to["postcode"] for each in found.received if each.person]
    assert {len(each) for each in zips} == {5}
    assert "00725" in zips


def test_an_export_with_all_columns_adds_up_to_the_cent() -> None:
    found = taken("shopify_csv", EXPORT)
    assert found.rows == {"order": 298, "charge": 23, "reject": 1}
    assert len(found.drafts) == 227  # and one with nothing to ship
    assert all(parts_of(draft) == draft.total_minor == paid(draft) for draft in found.drafts.values())
    assert sum(charge.code == "tip" for draft in found.drafts.values() for charge in draft.charges) == 19
    assert {draft.ship_to.country for draft in found.drafts.values()} == {"US", "CA", "KR", "GB", "DE", ""}
    assert sum("canceled" in draft.tags for draft in found.drafts.values()) == 2


def test_apostrophes_are_gone_from_zip_codes_and_telephones() -> None:
    found = taken("shopify_csv", EXPORT)
    people = [each.person for each in found.received if each.person]
    told = [text for person in people for text in (person.phone, person.ship_to.get("postcode", ""))]
    assert not [text for text in told if text.startswith("'")]
    assert people[0].ship_to["postcode"] == "97201"


def test_an_export_without_prices_ships_and_charges_nothing() -> None:
    found = taken("shopify_csv", EXPORT_WITHOUT_PRICES)
    assert found.rows == {"order": 3_911, "charge": 1}
    assert len(found.drafts) == 3_087
    assert all("unpriced" in draft.tags for draft in found.drafts.values())
    assert {(draft.total_minor, paid(draft), parts_of(draft)) for draft in found.drafts.values()} == {(0, 0, 0)}
    assert sum("canceled" in draft.tags for draft in found.drafts.values()) == 10


def shopify_body(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((SHOPIFY / name).read_text(encoding="utf-8"))
    found: dict[str, Any] = body.get("order", body)
    return found


def shopify_mapped(body: Any) -> Mapped:
    return map_document(prebuilt("shopify"), Document(body))


def shopify_draft(body: dict[str, Any]) -> Draft:
    draft = shopify_mapped(body).draft
    assert draft is not None
    return draft


@pytest.mark.parametrize(
    ("name", "discounts", "total"),
    [
        ("real_webhook_order_create_data_i_need_js_0bf9fb.json", [820, 340, 340], 304_00),
        ("real_webhook_order_create_dis2_js_6d2292.json", [500, 0, 0], 304_00),
        ("real_webhook_order_create_dis3_js_8f22aa.json", None, None),
        ("real_webhook_order_create_dis_json_fb74a0.json", None, 394_00),
    ],
)
def test_real_webhooks_come_out_to_the_cent(name: str, discounts: list[int] | None, total: int | None) -> None:
    body = shopify_body(name)
    draft = shopify_draft(body)
    assert parts_of(draft) == draft.total_minor == paid(draft)
    assert draft.total_minor == round(float(body["total_price"]) * 100)
    assert sum(line.discount_minor for line in draft.lines) == round(float(body["total_discounts"]) * 100)
    assert discounts in (None, [line.discount_minor for line in draft.lines])
    assert total in (None, draft.total_minor)
    assert all(line.sku for line in draft.lines)


def test_a_body_without_allocations_has_its_discount_in_the_line() -> None:
    body = shopify_body("go_order.json")
    assert shopify_mapped(body).rejects[0].reason == "was canceled at the channel before it came here"
    draft = shopify_draft({**body, "cancelled_at": None})
    assert [(line.sku, line.discount_minor) for line in draft.lines] == [
        ("soda", 0),
        ("another-beer-for-good-times", 500),
    ]
    assert parts_of(draft) == draft.total_minor == 10_00
    assert draft.tenders[0].kind == "gateway"  # voided: nothing covers it
    assert "test" in draft.tags


@pytest.mark.parametrize("name", ["py_order.json", "ruby_order.json"])
def test_tax_of_the_whole_order_is_kept_where_no_line_says_it(name: str) -> None:
    draft = shopify_draft(shopify_body(name))
    assert (draft.tax_minor, draft.tenders[0].kind, draft.total_minor) == (11_94, "adopted", 409_94)
    assert draft.lines[0].properties == {"Custom Engraving": "Happy Birthday"}
    assert parts_of(draft) - draft.total_minor == 199_00  # the fixture names a third line that its total has not


def test_a_line_with_everything_in_it() -> None:
    body = shopify_body("real_webhook_order_create_data_i_need_js_0bf9fb.json")
    line = shopify_body("go_orderlineitems_valid.json")
    draft = shopify_draft({**body, "line_items": [line], "total_tax": "26.00"})
    (found,) = draft.lines
    assert (found.sku, found.price_minor, found.discount_minor, found.tax_minor) == ("sku-123", 12_34, 5_50, 26_00)
    assert found.properties == {"note 1": "one", "note 2": "2"}
    assert draft.tax_minor == 0


@pytest.mark.parametrize(
    ("name", "properties"),
    [
        ("go_orderlineitems_properties_empty_object.json", {}),
        ("go_orderlineitems_properties_object.json", {"property 1": "3"}),
        ("go_orderlineitems_properties_ommited.json", {}),
        ("go_orderlineitems_properties_invalid1.json", None),
        ("go_orderlineitems_properties_invalid2.json", None),
    ],
)
def test_properties_in_every_shape_are_read_or_named(name: str, properties: dict[str, str] | None) -> None:
    body = shopify_body("real_webhook_order_create_data_i_need_js_0bf9fb.json")
    line = {**body["line_items"][0], "properties": None, **shopify_body(name)}
    mapped = shopify_mapped({**body, "line_items": [line]})
    if properties is None:
        assert [reject.path for reject in mapped.rejects] == ["line_items[0].properties"]
    else:
        assert mapped.draft is not None
        assert mapped.draft.lines[0].properties == properties


@pytest.mark.parametrize("path", sorted(SHOPIFY.glob("*.json")), ids=lambda path: path.name)
def test_no_file_of_shopify_raises(path: Path) -> None:
    found = Intake(prebuilt("shopify"), str.upper)
    list(found.read([path]))
    assert sum(found.counts.rows.values()) == found.counts.read >= 1


def test_a_shop_is_made_from_real_orders(tmp_path: Path) -> None:
    folder = DATA / "olist"
    goods = write_shop_data(prebuilt("olist", folder), [folder], tmp_path, sellers_of(folder), weights_of(folder))
    assert len(goods.titles) == 5_917
    assert (tmp_path / "catalog.csv").read_text(encoding="utf-8").count("\n") == 5_918
