"""Lines: what each row is, and that no order is taken in by halves."""

from pathlib import Path
from typing import Any

import pytest

from segue.core.draft import Charge, Draft, Mistake
from segue.core.mapping import map_document
from tests.loader.channels import FLAT, ROWS, compiled, mapped, order, rows, told


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"id": ""}, ["id: is missing"]),
        ({"id": {"x": 1}}, ["id: is not a text"]),
        ({"at": "yesterday", "total": "x"}, ["at: is not a time as in iso"]),
        ({"lines": []}, ["lines: has no goods: an order needs at least one line"]),
        ({"lines": None}, ["lines: has no goods: an order needs at least one line"]),
        ({"lines": "x"}, ["lines: is not a list"]),
        ({"lines": ["x"]}, ["lines[0]: is not an object"]),
        ({"lines": [{"sku": "", "quantity": 1, "price": 1}]}, ["lines[0].sku: is missing"]),
        ({"lines": [{"sku": "", "quantity": "1.5", "price": "x"}]}, ["lines[0].sku: is missing"]),
        ({"lines": [{"sku": "A", "quantity": 1, "price": 1}] * 10_001}, ["lines: has more than 10000 lines"]),
    ],
)
def test_a_document_that_cannot_be_used_is_rejected_with_path_and_reason(
    changes: dict[str, Any], reasons: list[str], tmp_path: Path
) -> None:
    mapping = compiled(FLAT, tmp_path)
    document = order(total="20", **changes) if "total" not in changes else order(**changes)
    result = mapped(mapping, document)
    assert result.draft is None
    assert result.rows == {"reject": 1}
    assert [text.startswith(reason) for text, reason in zip(told(result), reasons, strict=True)] == [True] * len(
        reasons
    )


A = {"sku": "A", "quantity": 1, "price": "10"}
MISTAKES: tuple[tuple[dict[str, Any], list[Mistake]], ...] = (
    ({"total": "10.001"}, [Mistake("total", "too_many_digits", "10.001", "2 digits behind the point at most")]),
    (
        {"currency": "JPY", "total": "10.5"},
        [Mistake("total", "too_many_digits", "10.5", "0 digits behind the point at most")],
    ),
    ({"total": "x"}, [Mistake("total", "amount_unreadable", "x", "an amount such as 12.50")]),
    ({"total": None}, [Mistake("total", "amount_unreadable")]),
    ({"total": 10**20}, [Mistake("total", "amount_unreadable", str(10**20), "at most 999999999999999 minor units")]),
    (
        {"lines": [A, {**A, "price": "10.001"}]},
        [Mistake("lines[1].price", "too_many_digits", "10.001", "2 digits behind the point at most")],
    ),
    (
        {"lines": [{**A, "quantity": "1.5", "price": [1]}]},
        [
            Mistake("lines[0].quantity", "quantity_unreadable", "1.5", "a whole number"),
            Mistake("lines[0].price", "amount_unreadable", "a list of 1", "an amount such as 12.50"),
        ],
    ),
    (
        {"lines": [{**A, "quantity": 10**7}]},
        [Mistake("lines[0].quantity", "quantity_unreadable", "10000000", "1 to 1000000")],
    ),
    ({"lines": [{"sku": "A", "price": 1}]}, [Mistake("lines[0].quantity", "quantity_unreadable")]),
)


@pytest.mark.parametrize(("changes", "mistakes"), MISTAKES)
def test_an_amount_that_cannot_be_read_is_a_mistake_of_an_order_that_is_taken_in(
    changes: dict[str, Any], mistakes: list[Mistake], tmp_path: Path
) -> None:
    """What cannot be read counts as nothing, and everything else is there: people see the order, and correct it."""
    result = mapped(compiled(FLAT, tmp_path), {**order(total="10", lines=[A]), **changes})
    assert result.draft is not None
    assert result.draft.mistakes == tuple(mistakes)
    assert result.rejects == ()
    for mistake in mistakes:
        assert _at(result.draft, mistake.path) == 0


def _at(draft: Draft, path: str) -> Any:
    """What stands in the draft where a mistake was found."""
    if path == "total":
        return draft.total_minor
    line, field = path.removeprefix("lines[").split("].")
    return getattr(draft.lines[int(line)], {"quantity": "quantity", "price": "price_minor"}[field])


def test_without_a_currency_no_amount_is_known(tmp_path: Path) -> None:
    result = mapped(compiled(FLAT, tmp_path), order(total="10.001", currency="EURO", lines=[{**A, "quantity": "x"}]))
    assert result.draft is not None
    assert (result.draft.currency, result.draft.total_minor, result.draft.lines[0].price_minor) == ("XXX", 0, 0)
    assert [(mistake.path, mistake.code, mistake.found) for mistake in result.draft.mistakes] == [
        ("currency", "currency_unknown", "EURO"),
        ("lines[0].quantity", "quantity_unreadable", "x"),
    ]


@pytest.mark.parametrize(
    "line", [{"quantity": 0}, {"quantity": -1}, {"price": -1}, {"quantity": 1, "price": 1, "discount": 2}]
)
def test_amounts_that_are_odd_are_left_to_the_checks_of_the_order(line: dict[str, Any], tmp_path: Path) -> None:
    mapping = compiled(FLAT.replace("price: price}", "price: price, discount: discount}"), tmp_path)
    result = mapped(mapping, order(total="10", lines=[{**A, **line}]))
    assert result.draft is not None
    assert result.draft.mistakes == ()
    (found,) = result.draft.lines
    assert (found.quantity, found.price_minor) == (line.get("quantity", 1), line.get("price", 10) * 100)


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
    mapping = compiled(ROWS.replace("lines: {", "lines: {title: {from: SKU, values: {A: An A}}, "), tmp_path)
    result = map_document(mapping, rows("1 2011-06-01 A 2 1.00", "1 2011-06-01 B 1 1.00"))
    assert result.draft is None
    assert result.rows == {"reject": 2}
    assert [(reject.row, reject.path, reject.value) for reject in result.rejects] == [(3, "SKU", "B"), (2, "", "row 3")]
    assert result.rejects[1].reason == "belongs to a document that was rejected for another row"


def test_one_bad_amount_rejects_nothing(tmp_path: Path) -> None:
    result = map_document(compiled(ROWS, tmp_path), rows("1 2011-06-01 A 2 1.00", "1 2011-06-01 B 1 1.005"))
    assert result.draft is not None
    assert result.rows == {"order": 2}
    assert [(mistake.path, mistake.found) for mistake in result.draft.mistakes] == [("rows[1].Price", "1.005")]


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
    ("net", "discount"),
    [("net: net", 250), ("discount: off", 100), ("discount: too_much", 2100), ("net: above", -1), ("net: nothing", 0)],
)
def test_a_line_says_its_discount_or_what_is_left(net: str, discount: int, tmp_path: Path) -> None:
    mapping = compiled(FLAT.replace("price: price}", f"price: price, {net}}}"), tmp_path)
    line = {"sku": "A", "quantity": 2, "price": 10, "net": "17.50", "off": 1, "too_much": 21, "above": "20.01"}
    result = mapped(mapping, order(lines=[line]))
    assert result.draft is not None
    assert result.draft.lines[0].discount_minor == discount


def test_what_is_left_of_a_line_may_be_unreadable_too(tmp_path: Path) -> None:
    mapping = compiled(FLAT.replace("price: price}", "price: price, net: net}"), tmp_path)
    result = mapped(mapping, order(lines=[{**A, "net": "x"}]))
    assert result.draft is not None
    assert result.draft.mistakes[0].path == "lines[0].net"
    assert result.draft.lines[0].discount_minor == 0


def test_a_cancellation_of_nothing_is_rejected(tmp_path: Path) -> None:
    kinds = "kinds: [{name: back, kind: cancellation, when: 'True'}],"
    mapping = compiled(ROWS.replace("lines: {", f"lines: {{{kinds} "), tmp_path)
    result = map_document(mapping, rows("C1 2011-06-01 A 0 1.00"))
    assert told(result) == ["quantity: is 0: nothing is canceled"]


def test_what_is_wrong_with_the_order_is_said_at_a_row_of_the_order(tmp_path: Path) -> None:
    kinds = (
        "fields: {quantity: {from: Quantity, type: integer}, code: SKU}, "
        "kinds: [{name: gone, kind: adjustment, when: quantity < 0}, "
        "{name: bad, kind: reject, when: code == 'BAD', reason: is not sold}, "
        "{name: fee, kind: charge, when: code == 'FEE'}],"
    )
    mapping = compiled(ROWS.replace("lines: {", f"lines: {{{kinds} "), tmp_path)
    undated = map_document(mapping, rows("1 never A -1 1.00", "1 never A 1 1.00"))
    assert (undated.rows, told(undated)) == ({"adjustment": 1, "reject": 1}, ["At: is not a time as in iso"])
    assert undated.rejects[0].row == 3
    bare = map_document(mapping, rows("1 2011-06-01 BAD 1 1.00", "1 2011-06-01 FEE 1 1.00"))
    assert told(bare) == [": is not sold", "rows: has no goods: an order needs at least one line"]
    assert (bare.draft, bare.rows) == (None, {"reject": 2})
