"""Laws of mapping: whatever a document holds, nothing is raised, and each of its rows becomes exactly one thing."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.core.mapping import KINDS, Document, Mapped, map_document
from tests.loader.channels import prebuilt
from tests.loader.test_prebuilt_channels import CANONICAL, SHOPIFY

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["1.00", "2", "-3"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
CELLS = st.sampled_from(
    ["", "1", "-1", "0", "x", "1.005", "2.50", "2011-06-01 07:37:00", "M", "POST", "17850.0", "EIRE"]
)
COLUMNS = ("StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")


def places_of(value: Any) -> list[tuple[Any, Any]]:
    """Every place of a document where something stands: its container and key."""
    inner = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [place for key, each in inner for place in [(value, key), *places_of(each)]]


@pytest.mark.parametrize(("channel", "whole"), [("shopify", SHOPIFY), ("canonical", CANONICAL)])
@given(data=st.data())
def test_a_document_with_anything_in_it_is_an_order_or_a_reject(channel: str, whole: Any, data: st.DataObject) -> None:
    document = copy.deepcopy(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        container, key = data.draw(st.sampled_from(places_of(document)))
        container[key] = data.draw(ANYTHING)
    check(map_document(prebuilt(channel), Document(document)), 1)


@given(ANYTHING)
def test_a_body_of_anything_is_a_reject(body: Any) -> None:
    assert map_document(prebuilt("shopify"), Document(body)).rows == {"reject": 1}


@given(st.booleans(), st.lists(st.lists(CELLS, min_size=len(COLUMNS), max_size=len(COLUMNS)), min_size=1, max_size=6))
def test_each_row_of_a_group_becomes_one_thing(canceled: bool, cells: list[list[str]]) -> None:
    invoice = "C536379" if canceled else "536365"
    rows = [{"InvoiceNo": invoice, **dict(zip(COLUMNS, row, strict=True))} for row in cells]
    document = Document({**rows[0], "rows": rows}, "uci.csv", tuple(range(2, len(rows) + 2)), len(rows))
    mapped = map_document(prebuilt("uci"), document)
    check(mapped, len(rows))
    assert len({reject.row for reject in mapped.rejects}) == mapped.rows.get("reject", 0)


def check(mapped: Mapped, rows: int) -> None:
    """What holds for every document."""
    assert sum(mapped.rows.values()) == rows
    assert mapped.rows.keys() <= set(KINDS)
    assert (mapped.draft is not None) == ("order" in mapped.rows)
    assert mapped.draft is None or mapped.draft.lines
    assert bool(mapped.rejects) == ("reject" in mapped.rows)
    assert all(reject.reason for reject in mapped.rejects)
