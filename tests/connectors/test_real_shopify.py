"""Real files of Shopify: exports, webhooks and fixtures come out to the cent, broken ones with a reason."""

import json
from pathlib import Path
from typing import Any

import pytest

from segue.connectors.importing import Intake
from segue.core.draft import Draft
from segue.core.mapping import Document, Mapped, map_document
from tests.connectors.real import EXPORT, EXPORT_WITHOUT_PRICES, SHOPIFY, needs_data, paid, parts_of, taken
from tests.loader.channels import prebuilt

pytestmark = needs_data


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
