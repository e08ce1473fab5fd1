"""Orders: money that is said twice, people apart from their orders, tags and refusals."""

from pathlib import Path
from typing import Any

import pytest

from segue.core.draft import Charge, Destination, DraftTender, Grant, Tax
from tests.loader.channels import FLAT, compiled, mapped, order, told

MONEY = """\
name: web
format: json
order:
  id: id
  placed_at: at
  currency: currency
  total: {computed: true}
  shipping: [shipping, {sum: "points[*].price"}]
  shipping_tax: shipping_tax
  discount: {from: discounts, includes: [lines]}
  tax: {from: taxes, includes: [lines, shipping]}
  taxes_included: included
lines:
  each: lines
  fields: {ships: {from: ships, type: boolean, default: true}}
  kinds: [{name: extra, kind: charge, when: not ships}]
  sku: sku
  quantity: quantity
  price: price
  discount: off
  tax: tax
charges:
  - {each: fees, code: code, amount: amount}
  - {name: tip, amount: tip}
tenders:
  - {each: paid, kind: {constant: prepaid}, method: by, amount: amount, reference: id}
  - {kind: {constant: gateway}}
"""


@pytest.mark.parametrize(
    ("included", "total", "charges"),
    [
        (
            False,
            2000 - 150 - 50 + 500 + 300 + 30 + 200 + 70 + 100 + 10,
            (Charge("extra", 110, 10), Charge("gift", 70), Charge("tip", 200)),
        ),
        (
            True,
            2000 - 150 - 50 + 500 + 200 + 70 + 100,
            (Charge("extra", 100, 10), Charge("gift", 70), Charge("tip", 200)),
        ),
    ],
)
def test_parts_that_are_said_twice_are_counted_once(
    included: bool, total: int, charges: tuple[Charge, ...], tmp_path: Path
) -> None:
    lines = [
        {"sku": "A", "quantity": 2, "price": "10.00", "off": "1.50", "tax": "2.00"},
        {"sku": "W", "quantity": 1, "price": "1.00", "ships": False, "tax": "0.10"},
        {"sku": "V", "quantity": 1, "price": "0.00", "ships": False},
    ]
    document = order(
        lines=lines, shipping="5.00", shipping_tax="0.30", discounts="2.00", taxes="3.40", tip="2.00",
        fees=[{"code": "gift", "amount": "0.70"}, {"code": "none", "amount": 0}], included=included,
        paid=[{"by": "voucher", "amount": "5.00", "id": "V1"}, {"by": "card", "amount": "0"}],
    )  # fmt: skip
    result = mapped(compiled(MONEY, tmp_path), document)
    assert result.draft is not None, told(result)
    assert (result.draft.discount_minor, result.draft.tax_minor) == (50, 100)
    assert result.draft.charges == charges
    assert result.draft.total_minor == total
    assert result.draft.tenders == (
        DraftTender("prepaid", 500, "voucher", "V1"),
        DraftTender("gateway", total - 500),
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"fees": {"a": 1}}, "fees: is not a list"),
        ({"fees": ["x"]}, "fees: has an element that is not an object"),
        ({"included": "perhaps"}, "included: is neither true nor false"),
    ],
)
def test_what_is_not_where_it_should_be_rejects_the_order(changes: dict[str, Any], reason: str, tmp_path: Path) -> None:
    result = mapped(compiled(MONEY, tmp_path), order(**changes))
    assert result.draft is None
    assert told(result) == [reason]


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"fees": [{"code": "b"}, {"code": "a", "amount": "x"}]}, "fees[1].amount", "amount_unreadable"),
        ({"paid": [{"amount": "0.001"}]}, "paid[0].amount", "too_many_digits"),
        ({"taxes": []}, "taxes", "amount_unreadable"),
        ({"points": [{"price": "x"}]}, "points[*].price", "amount_unreadable"),
        ({"tip": "x"}, "tip", "amount_unreadable"),
    ],
)
def test_money_that_cannot_be_read_is_a_mistake_of_the_order(
    changes: dict[str, Any], path: str, code: str, tmp_path: Path
) -> None:
    result = mapped(compiled(MONEY, tmp_path), order(**changes))
    assert result.draft is not None
    assert [(mistake.path, mistake.code) for mistake in result.draft.mistakes] == [(path, code)]


EXTRAS = """\
name: web
format: json
order:
  id: id
  placed_at: at
  currency: currency
  total: {computed: true}
  shipping_taxes: [{each: "posts[*].taxes[*]", name: name, amount: amount, rate: {from: rate, percent: true}}]
  tax: {from: tax, more: true}
  taxes: [{name: {constant: VAT}, amount: vat}, {name: {constant: GST}, amount: gst}]
lines: {each: lines, sku: sku, quantity: quantity, price: price}
charges: [{each: fees, code: code, net: net, tax: tax}]
discounts:
  each: offers
  promotion: name
  on_shipping: {each: "posts[*].off[*]", of: of, amount: amount}
"""


@pytest.mark.parametrize(
    ("tax", "vat", "taxes"),
    [
        ("1.00", "0.40", (Tax("VAT", 40), Tax("", 60))),
        ("1.00", "1.00", (Tax("VAT", 100),)),
        ("1.00", None, ()),
        ("1.00", "1.01", (Tax("VAT", 101),)),  # a check of the order says so
    ],
)
def test_what_the_named_taxes_do_not_come_to_has_no_name(
    tax: str, vat: str | None, taxes: tuple[Tax, ...], tmp_path: Path
) -> None:
    draft = mapped(compiled(EXTRAS, tmp_path), order(tax=tax, vat=vat)).draft
    assert draft is not None
    assert (draft.tax_minor, draft.taxes) == (100, taxes)


def test_fees_come_with_their_tax_and_shipping_with_its_taxes_and_discounts(tmp_path: Path) -> None:
    document = order(
        fees=[{"code": "wrap", "net": "5.00", "tax": "0.95"}, {"code": "duty", "tax": "1.00"}, {"code": "none"}],
        posts=[
            {"taxes": [{"name": "VAT", "amount": "0.50", "rate": 19}], "off": [{"of": 1, "amount": "2.00"}]},
            {"off": [{"of": 5, "amount": "1.00"}, {"of": 0, "amount": 0}]},
        ],
        offers=[{"name": "A"}, {"name": None}],
    )
    draft = mapped(compiled(EXTRAS, tmp_path), document).draft
    assert draft is not None
    assert draft.charges == (Charge("wrap", 5_95, 95), Charge("duty", 1_00, 1_00))
    assert (draft.shipping_tax_minor, draft.shipping_taxes) == (50, (Tax("VAT", 50, "0.19"),))
    assert draft.grants == (Grant("discount", shipping_minor=2_00),)
    assert draft.total_minor == 20_00 + 6_95 + 50


@pytest.mark.parametrize(
    ("changes", "path"),
    [({"posts": [{"off": "x"}]}, "off"), ({"offers": "x"}, "offers"), ({"posts": [{"taxes": ["x"]}]}, "")],
)
def test_lists_that_are_none_reject_the_order(changes: dict[str, Any], path: str, tmp_path: Path) -> None:
    result = mapped(compiled(EXTRAS, tmp_path), order(**changes))
    assert result.draft is None
    assert path in result.rejects[0].path


def test_a_tax_that_cannot_be_read_is_named_with_its_place(tmp_path: Path) -> None:
    posts = [{"taxes": [{"amount": "1.00"}, {"amount": "x"}]}]
    draft = mapped(compiled(EXTRAS, tmp_path), order(posts=posts)).draft
    assert draft is not None
    assert [mistake.path for mistake in draft.mistakes] == ["posts[*].taxes[*][1].amount"]


PEOPLE = (
    FLAT
    + """\
customer:
  identity: [{customer: customer.id}, {email: email}, {order: id}]
  name: {join: [customer.first, customer.last]}
  email: email
  phone: phone
ship_to:
  street: to.street
  city: to.city
  country: to.country
  region: to.region
  latitude: to.lat
  longitude: to.lng
  require: [street, city]
bill_to: {country: bill.country}
"""
)


@pytest.mark.parametrize(
    ("document", "identity"),
    [
        ({"customer": {"id": 5}, "email": "Ada@Example.com"}, "customer:web:5"),
        ({"customer": None, "email": "Ada@Example.com"}, "email:ada@example.com"),
        ({"email": ""}, "order:web:7"),
    ],
)
def test_the_first_identity_that_is_there_counts(document: dict[str, Any], identity: str, tmp_path: Path) -> None:
    assert mapped(compiled(PEOPLE, tmp_path), order(**document)).person.identity == identity


def test_personal_data_stands_apart_from_the_draft(tmp_path: Path) -> None:
    to = {
        "street": "1  Main St",
        "city": "Portland",
        "country": "us",
        "region": "OR",
        "lat": "45.4163",
        "lng": "-75.68",
    }
    document = order(
        customer={"first": "Ada", "last": "L"}, email="ada@example.com", phone=123, to=to, bill={"country": "DE"}
    )
    result = mapped(compiled(PEOPLE, tmp_path), document)
    assert result.draft is not None
    assert result.draft.ship_to == Destination("US", "OR", 45.4, -75.7)
    assert result.draft.bill_country == "DE"
    assert (result.person.name, result.person.email, result.person.phone) == ("Ada L", "ada@example.com", "123")
    assert result.person.ship_to == {"street": "1  Main St", "city": "Portland", "region": "OR", "country": "US"}
    assert result.person.address_key == "1 main st|||portland|us"
    assert not any(word in repr(result.draft) for word in ("Ada", "ada@", "Main", "Portland", "123"))


def test_a_null_address_leaves_its_required_parts_missing(tmp_path: Path) -> None:
    result = mapped(compiled(PEOPLE, tmp_path), order(to=None))
    assert result.draft is not None
    assert result.draft.ship_to == Destination(missing=("street", "city"))
    assert result.person.address_key == ""


TAGS = (
    FLAT
    + """\
fields:
  status: status
  size: {from: size, type: integer, default: 0}
  flags: {count: flags}
  has_size: {has: size}
  sent: {from: sent, type: instant}
  placed: {from: at, type: instant}
reject:
  - {when: status == "canceled", reason: was canceled}
tags:
  - {tag: big, when: size > 9 and has_size}
  - {tag: flagged, when: flags > 1}
  - {tag: early, when: sent < placed}
  - {from: words, split: ","}
  - status
"""
)


@pytest.mark.parametrize(
    ("document", "tags"),
    [
        ({}, ()),
        ({"size": 10, "flags": [1, 2], "words": "a, b,,a", "status": "new"}, ("big", "flagged", "a", "b", "new")),
        ({"sent": "2025-01-20T03:16:37Z"}, ("early",)),
    ],
)
def test_tags_are_constant_conditional_or_read(document: dict[str, Any], tags: tuple[str, ...], tmp_path: Path) -> None:
    result = mapped(compiled(TAGS, tmp_path), order(**document))
    assert result.draft is not None
    assert result.draft.tags == tags


def test_a_document_is_rejected_for_a_condition(tmp_path: Path) -> None:
    assert told(mapped(compiled(TAGS, tmp_path), order(status="canceled"))) == [": was canceled"]


def test_a_condition_about_what_cannot_be_read_rejects_the_document(tmp_path: Path) -> None:
    assert told(mapped(compiled(TAGS, tmp_path), order(size="huge"))) == ["size: is not a whole number"]
