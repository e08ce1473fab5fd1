"""Channel files: each option of a source, each kind of line, and that nothing is taken in by halves."""

from pathlib import Path
from typing import Any

import pytest

from segue.core.mapping import Document, map_document
from segue.core.order import Charge, Destination, DraftTender
from segue.loader.channel import load_channel
from segue.loader.problems import Problems
from tests.loader.channels import FLAT, ROWS, compiled, mapped, order, rows, told

TITLE = FLAT.replace("price: price}", "price: price, title: %s}")


@pytest.mark.parametrize(
    ("source", "line", "title"),
    [
        ("name", {"name": " Shirt "}, "Shirt"),
        ("[title, name]", {"title": " ", "name": "Shirt"}, "Shirt"),
        ("{from: [title, name], upper: true}", {"title": None, "name": "Shirt"}, "SHIRT"),
        ("{constant: NO}", {}, "NO"),
        ("{from: name, default: none}", {"name": ""}, "none"),
        ("{from: name, absent: none}", {"name": ""}, ""),
        ("{from: name, absent: none}", {}, "none"),
        ('{from: zip, strip: "\'"}', {"zip": "'01234"}, "01234"),
        ("{from: zip, whole_number: true, pad: 5}", {"zip": "725.0"}, "00725"),
        ("{from: name, slug: true}", {"name": "Rieker - Z1442/14 _ 測試"}, "rieker-z1442-14-測試"),
        ("{from: name, lower: true, prefix: 'status:'}", {"name": "SHIPPED"}, "status:shipped"),
        ("{from: name, values: {S: small, L: ''}}", {"name": "S"}, "small"),
        ("{from: name, values: {S: small, L: ''}}", {"name": "L"}, ""),
        ("{from: name, values: {S: small}, default: other}", {"name": "M"}, "other"),
        ("{join: [first, last]}", {"first": "Ada", "last": None}, "Ada"),
        ("{join: [first, last], with: '-', lower: true}", {"first": "Ada", "last": "L"}, "ada-l"),
        ("{join: 'names[*]', with: ', '}", {"names": ["a", None, "b"]}, "a, b"),
        ("{from: name, if_has: flag}", {"name": "x"}, ""),
        ("{from: name, if_has: flag}", {"name": "x", "flag": ""}, "x"),
        ("'parts.name[0]'", {"parts": {"name": ["x"]}}, "x"),
    ],
)
def test_a_source_finds_and_cleans_a_text(source: str, line: dict[str, Any], title: str, tmp_path: Path) -> None:
    mapping = compiled(TITLE % source, tmp_path)
    result = mapped(mapping, order(lines=[{"sku": "A", "quantity": 2, "price": 10, **line}]))
    assert result.draft is not None, told(result)
    assert result.draft.lines[0].title == title


def test_what_is_not_in_the_table_is_a_mistake_unless_a_default_is_declared(tmp_path: Path) -> None:
    mapping = compiled(TITLE % "{from: name, values: {S: small}}", tmp_path)
    result = mapped(mapping, order(lines=[{"sku": "A", "quantity": 2, "price": 10, "name": "M"}]))
    assert told(result) == ["lines[0].name: is not in the table, and the mapping has no default for it"]
    assert result.rejects[0].value == "M"


@pytest.mark.parametrize(
    ("source", "document", "shipping"),
    [
        ("{sum: 'rates[*].price'}", {"rates": [{"price": "1.10"}, {"price": 2}, {"price": None}]}, 310),
        ("{sum: 'rates[*].price'}", {}, 0),
        ("[{sum: 'rates[*].price'}, freight]", {"freight": "4.00"}, 400),
        ("[{sum: 'rates[*].price'}, freight]", {"rates": [], "freight": "4.00"}, 0),
        ("{from: freight, less: off}", {"freight": "4.00", "off": "1.50"}, 250),
        ("{from: freight, less: [off, more]}", {"freight": "4.00", "off": "1.50", "more": "1"}, 150),
        ("{from: freight, less: off}", {"freight": "4.00"}, 400),
        ("{from: freight, minor: true}", {"freight": 450}, 450),
        ("{from: freight, round: half_up}", {"freight": "4.4950001"}, 450),
        ("{from: freight, default: 0}", {"freight": ""}, 0),
        ("{constant: 4.9}", {}, 490),
    ],
)
def test_an_amount_is_found_and_reckoned(source: str, document: dict[str, Any], shipping: int, tmp_path: Path) -> None:
    mapping = compiled(FLAT.replace("total: total", f"total: total, shipping: {source}"), tmp_path)
    result = mapped(mapping, order(**document))
    assert result.draft is not None, told(result)
    assert result.draft.shipping_minor == shipping


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"total": "20.001"}, ["total: has more than the 2 digits of the currency behind the point"]),
        ({"currency": "JPY"}, ["total: has more than the 0 digits of the currency behind the point"]),
        ({"currency": "ZZZ"}, ["currency: is not a currency"]),
        ({"currency": None}, ["currency: is missing"]),
        ({"id": ""}, ["id: is missing"]),
        ({"id": {"x": 1}}, ["id: is not a text"]),
        ({"at": "yesterday", "total": "x"}, ["at: is not a time as in iso", "total: is not an amount such as 12.50"]),
        ({"lines": []}, ["lines: has no goods: an order needs at least one line"]),
        ({"lines": None}, ["lines: has no goods: an order needs at least one line"]),
        ({"lines": "x"}, ["lines: is not a list"]),
        ({"lines": ["x"]}, ["lines[0]: is not an object"]),
        ({"lines": [{"sku": "A", "quantity": 0, "price": 1}]}, ["lines[0].quantity: is not positive, and no rule"]),
        ({"lines": [{"sku": "A", "quantity": 1, "price": -1}]}, ["lines[0].price: is negative, and no rule"]),
        ({"lines": [{"sku": "", "quantity": 1, "price": 1}]}, ["lines[0].sku: is missing"]),
        ({"lines": [{"sku": "A", "quantity": "1.5", "price": 1}]}, ["lines[0].quantity: is not a whole number"]),
        ({"lines": [{"sku": "A", "quantity": 1, "price": 1}] * 10_001}, ["lines: has more than 10000 lines"]),
    ],
)
def test_a_document_that_cannot_be_used_is_rejected_with_path_and_reason(
    changes: dict[str, Any], reasons: list[str], tmp_path: Path
) -> None:
    mapping = compiled(FLAT, tmp_path)
    document = order(total="20", **changes) if "total" not in changes else order(**changes)
    if changes.get("currency") == "JPY":
        document["total"] = "20.5"
        document["lines"][0]["price"] = "10"
    result = mapped(mapping, document)
    assert result.draft is None
    assert result.rows == {"reject": 1}
    assert [text.startswith(reason) for text, reason in zip(told(result), reasons, strict=True)] == [True] * len(
        reasons
    )


@pytest.mark.parametrize("body", [None, [], "x", 7, [[]]])
def test_a_body_that_is_no_object_is_a_reject(body: Any, tmp_path: Path) -> None:
    assert told(mapped(compiled(FLAT, tmp_path), body)) == [": is not an object"]


def test_each_row_is_sorted_by_the_first_rule_that_holds(tmp_path: Path) -> None:
    kinds = (
        "fields: {code: SKU, quantity: {from: Quantity, type: integer}}, kinds: ["
        "{name: gone, kind: adjustment, when: \"quantity < 0 and not starts(code, 'C')\"},"
        "{name: back, kind: cancellation, when: quantity < 0},"
        "{name: bad, kind: reject, when: code == 'BAD', reason: is not sold},"
        "{name: remark, kind: note, when: code == 'NOTE'},"
        "{name: post, kind: charge, to: shipping, when: code == 'POST'},"
        "{name: fee, kind: charge, when: code == 'FEE'},"
        "{name: wrap, kind: charge, when: \"code == 'WRAP'\", code: {from: SKU, lower: true}}],"
    )
    mapping = compiled(ROWS.replace("lines: {", f"lines: {{{kinds} "), tmp_path)
    at = "2011-06-01"
    document = rows(
        f"1 {at} A 2 1.00", f"1 {at} A 1 1.00", f"1 {at} POST 1 3.00", f"1 {at} FEE 1 0.50", f"1 {at} WRAP 2 1.00",
        f"1 {at} NOTE 1 1.00", f"1 {at} BAD 1 1.00", f"1 {at} B -3 0", f"1 {at} CA -1 2.00",
    )  # fmt: skip
    result = map_document(mapping, document)
    assert result.draft is not None
    assert [(line.sku, line.quantity) for line in result.draft.lines] == [("A", 2), ("A", 1)]
    assert result.draft.shipping_minor == 300
    assert result.draft.charges == (Charge("fee", 50), Charge("wrap", 200))
    assert result.draft.total_minor == 300 + 300 + 50 + 200
    assert [(each.id, each.sku, each.quantity, each.price_minor) for each in result.cancellations] == [
        ("1/9", "CA", 1, 200)
    ]
    assert [(each.sku, each.quantity, each.row) for each in result.adjustments] == [("B", -3, 9)]
    assert [note.name for note in result.notes] == ["remark"]
    assert [(reject.row, reject.reason) for reject in result.rejects] == [(8, "is not sold")]
    assert result.rows == {"order": 2, "charge": 3, "note": 1, "reject": 1, "adjustment": 1, "cancellation": 1}
    assert result.rules == {"post": 1, "fee": 1, "wrap": 1, "remark": 1, "bad": 1, "gone": 1, "back": 1}


def test_one_bad_row_rejects_the_whole_order_and_every_row_says_why(tmp_path: Path) -> None:
    result = map_document(compiled(ROWS, tmp_path), rows("1 2011-06-01 A 2 1.00", "1 2011-06-01 B 1 1.005"))
    assert result.draft is None
    assert result.rows == {"reject": 2}
    assert [(reject.row, reject.path, reject.value) for reject in result.rejects] == [
        (3, "Price", "1.005"),
        (2, "", ""),
    ]
    assert result.rejects[1].reason == "belongs to a document that was rejected for row 3"


def test_a_cancellation_stands_though_its_neighbor_is_rejected(tmp_path: Path) -> None:
    kinds = (
        "fields: {quantity: {from: Quantity, type: integer}}, "
        "kinds: [{name: back, kind: cancellation, when: quantity < 0}],"
    )
    mapping = compiled(ROWS.replace("lines: {", f"lines: {{{kinds} "), tmp_path)
    result = map_document(mapping, rows("C1 2011-06-01 A -2 1.00", "C1 2011-06-01 B -1 x", "C1 2011-06-01 B x 1"))
    assert [each.id for each in result.cancellations] == ["C1/1"]
    assert result.rows == {"cancellation": 1, "reject": 2}
    assert [(reject.row, reject.path) for reject in result.rejects] == [(3, "Price"), (4, "Quantity")]
    undated = map_document(mapping, rows("C1 never A -2 1.00"))
    assert (undated.cancellations, undated.rows) == ((), {"reject": 1})


def test_charges_without_goods_are_no_order(tmp_path: Path) -> None:
    kinds = "kinds: [{name: post, kind: charge, when: 'True'}],"
    result = map_document(
        compiled(ROWS.replace("lines: {", f"lines: {{{kinds} "), tmp_path), rows("1 2011-06-01 P 1 1")
    )
    assert told(result) == ["rows: has no goods: an order needs at least one line"]
    assert result.rows == {"reject": 1}


@pytest.mark.parametrize(
    ("net", "discount", "reason"),
    [
        ("net: net", 250, ""),
        ("discount: off", 100, ""),
        ("discount: too_much", 0, "discount: is negative, or more than the line costs"),
        ("net: above", 0, "discount: is negative, or more than the line costs"),
        ("net: nothing", 0, ""),
    ],
)
def test_a_line_says_its_discount_or_what_is_left(net: str, discount: int, reason: str, tmp_path: Path) -> None:
    mapping = compiled(FLAT.replace("price: price}", f"price: price, {net}}}"), tmp_path)
    line = {"sku": "A", "quantity": 2, "price": 10, "net": "17.50", "off": 1, "too_much": 21, "above": "20.01"}
    result = mapped(mapping, order(lines=[line]))
    if reason:
        assert told(result) == [f"lines[0].{reason}"]
    else:
        assert result.draft is not None
        assert result.draft.lines[0].discount_minor == discount


MONEY = """\
name: web
format: json
order:
  id: id
  placed_at: at
  currency: currency
  total: {computed: true}
  shipping: shipping
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
            (Charge("extra", 110), Charge("gift", 70), Charge("tip", 200)),
        ),
        (True, 2000 - 150 - 50 + 500 + 200 + 70 + 100, (Charge("extra", 100), Charge("gift", 70), Charge("tip", 200))),
    ],
)
def test_parts_that_are_said_twice_are_counted_once(
    included: bool, total: int, charges: tuple[Charge, ...], tmp_path: Path
) -> None:
    lines = [
        {"sku": "A", "quantity": 2, "price": "10.00", "off": "1.50", "tax": "2.00"},
        {"sku": "W", "quantity": 1, "price": "1.00", "ships": False, "tax": "0.10"},
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
        ({"fees": [{"code": "a", "amount": "x"}]}, "amount: is not an amount such as 12.50"),
        ({"paid": [{"amount": "0.001"}]}, "amount: has more than the 2 digits of the currency behind the point"),
        ({"included": "perhaps"}, "included: is neither true nor false"),
        ({"taxes": []}, "taxes: is not an amount"),
    ],
)
def test_money_that_cannot_be_read_rejects_the_order(changes: dict[str, Any], reason: str, tmp_path: Path) -> None:
    result = mapped(compiled(MONEY, tmp_path), order(**changes))
    assert result.draft is None
    assert told(result) == [reason]


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


def test_a_strict_mapping_refuses_fields_it_does_not_know(tmp_path: Path) -> None:
    mapping = compiled(FLAT + "unknown: reject\n", tmp_path)
    assert mapped(mapping, order()).draft is not None
    assert told(mapped(mapping, order(totl=1))) == ["totl: is not a field that an order may have"]
    line = {"sku": "A", "quantity": 1, "price": 1, "qty": 2}
    assert told(mapped(mapping, order(lines=[line]))) == ["lines[0].qty: is not a field that a line may have"]


def test_a_table_is_looked_up_beside_the_channel_file(tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("prefix,lat,lng\n01234,-23.55,-46.63\n", encoding="utf-8")
    text = FLAT + (
        "tables: {places: {file: places.csv, key: prefix}}\n"
        "ship_to: {latitude: {from: zip, pad: 5, lookup: {table: places, column: lat}, default: null}}\n"
    )
    mapping = compiled(text, tmp_path)
    found = [mapped(mapping, order(zip=each)).draft for each in ("1234", "99999", "")]
    assert [draft.ship_to.latitude for draft in found if draft] == [-23.6, None, None]


def test_a_shop_extends_a_prebuilt_channel(tmp_path: Path) -> None:
    mapping = compiled(
        "name: my_shop\nextends: shopify_csv\ntime_zone: America/Toronto\nworkflow: standard\n", tmp_path
    )
    assert (mapping.name, mapping.workflow, mapping.layout.group_by) == ("my_shop", "standard", "Name")


def test_the_version_changes_with_the_content_of_the_file_and_of_its_tables(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    text = FLAT + "tables: {t: {file: t.csv, key: a}}\n"
    table.write_text("a,b\n1,2\n", encoding="utf-8")
    first, again = compiled(text, tmp_path).version, compiled(text, tmp_path).version
    other = compiled(text + "# a remark\n", tmp_path).version
    table.write_text("a,b\n1,3\n", encoding="utf-8")
    assert first == again
    assert len({first, other, compiled(text, tmp_path).version}) == 3


def test_a_channel_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    problems = Problems()
    assert load_channel(tmp_path / "none.yaml", "none.yaml", problems) is None
    assert [str(each) for each in problems.sorted()] == [
        "none.yaml:1:1: the file cannot be read: no such file or directory"
    ]


def test_the_order_of_the_rows_and_the_file_are_named_in_rejects(tmp_path: Path) -> None:
    result = map_document(compiled(FLAT, tmp_path), Document(order(total="x"), "a.json", (41,)))
    assert [(reject.file, reject.row, reject.document) for reject in result.rejects] == [("a.json", 41, "7")]
