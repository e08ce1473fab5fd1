"""Documents: files of every shape give raw documents with their places, and what cannot be read is a reject."""

import gzip
from pathlib import Path

import pytest

from segue.connectors import rows as rows_module
from segue.connectors import tables
from segue.connectors.documents import document_of, read_documents
from segue.core.mapping import Document, Join, Layout, Reject

JSON = Layout("json", records=("orders", "order"))
NDJSON = Layout("ndjson")
CSV = Layout("csv", group_by="Order", encodings=("utf-8", "latin-1"))
JOINED = Layout("csv", joins=(Join("main", "orders.csv", "id"), Join("items", "items.csv", "order")))


def read(layout: Layout, folder: Path, content: bytes, name: str = "file.csv") -> list[str]:
    """What a file gives: documents as `name rows`, rejects as `row: reason`."""
    path = folder / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return [told(each) for each in read_documents(layout, [path])]


def told(found: Document | Reject) -> str:
    """A document or reject in one line."""
    if isinstance(found, Reject):
        return f"{found.row}: {found.reason}"
    name = found.fields.get("Order", found.fields.get("id"))
    return f"{name} {found.size} {list(found.numbers)}"


@pytest.mark.parametrize(
    ("body", "documents"),
    [
        (b'{"id": 1}', ["1 1 [1]"]),
        (b'[{"id": 1}, {"id": 2}]', ["1 1 [1]", "2 1 [2]"]),
        (b'{"orders": [{"id": 1}, {"id": 2}]}', ["1 1 [1]", "2 1 [2]"]),
        (b'{"order": {"id": 1}}', ["1 1 [1]"]),
        (b'[{"order": {"id": 1}}, {"id": 2}]', ["1 1 [1]", "2 1 [2]"]),
        (b'{"id": 1, "order": "north"}', ["1 1 [1]"]),
        (b"[]", []),
    ],
)
def test_orders_in_json_may_be_wrapped(body: bytes, documents: list[str], tmp_path: Path) -> None:
    assert read(JSON, tmp_path, body, "o.json") == documents
    assert [told(each) for each in document_of(JSON, body)] == documents


@pytest.mark.parametrize("body", [b"", b"{", b'{"a": 1e999}', b"\xff", b"[" * 100_000, b'{"properties": {'])
def test_what_is_no_json_is_one_reject(body: bytes, tmp_path: Path) -> None:
    (found,) = read(JSON, tmp_path, body, "o.json")
    assert found.startswith("1: is not JSON")


def test_lines_of_ndjson_may_be_wrapped_too(tmp_path: Path) -> None:
    content = b'{"order": {"id": 1}}\n{"orders": [{"id": 2}, {"id": 3}]}\n'
    found = read(Layout("ndjson", records=("orders", "order")), tmp_path, content, "o.ndjson")
    assert found == ["1 1 [1]", "2 1 [2]", "3 1 [2]"]


def test_lines_of_ndjson_are_numbered_and_a_bad_one_stops_nothing(tmp_path: Path) -> None:
    content = b'{"id": 1}\n\nnonsense\n{"id": 2}'
    found = read(NDJSON, tmp_path, content, "o.ndjson.gz")
    assert [found[0], found[2]] == ["1 1 [1]", "2 1 [4]"]
    assert found[1].startswith("3: is not JSON")


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segue.connectors.documents.LINE_BYTES_MAX", 20)
    monkeypatch.setattr(rows_module, "LINE_BYTES_MAX", 20)
    monkeypatch.setattr("segue.connectors.documents.JSON_BYTES_MAX", 20)
    long = b'{"id": "' + b"x" * 30 + b'"}'
    assert read(NDJSON, tmp_path, long)[0] == "1: the line has more than 20 bytes"
    assert read(JSON, tmp_path, long)[0].startswith("1: the file has more than 20 bytes")
    assert read(CSV, tmp_path, b"Order\n1\n" + b"x" * 30)[0].endswith("a line has more than 20 bytes")


@pytest.mark.parametrize("layout", [JSON, NDJSON, CSV])
@pytest.mark.parametrize("content", [b"\x1f\x8b\x08broken", b""])
def test_a_file_that_is_not_packed_as_its_name_says_is_a_reject(layout: Layout, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "o.gz"
    path.write_bytes(content)
    found = [told(each) for each in read_documents(layout, [path, tmp_path / "missing"])]
    assert all("cannot be read" in each or "JSON" in each or "no column" in each for each in found)
    assert "cannot be read" in found[-1]


def test_rows_of_a_group_need_not_stand_together(tmp_path: Path) -> None:
    content = b"Order,SKU\n1,A\n2,B\n1,C\n2,D\n3,E\n"
    assert read(CSV, tmp_path, content) == ["1 2 [2, 4]", "2 2 [3, 5]", "3 1 [6]"]


def test_a_group_may_go_over_two_files(tmp_path: Path) -> None:
    for name, content in (("a.csv", "Order,SKU\n1,A\n"), ("b.csv", "SKU,Order\nB,1\n")):
        (tmp_path / name).write_text(content, encoding="utf-8")
    (found,) = read_documents(CSV, [tmp_path / "a.csv", tmp_path / "b.csv"])
    assert isinstance(found, Document)
    assert [row["SKU"] for row in found.fields["rows"]] == ["A", "B"]


def test_a_row_that_comes_too_late_is_rejected_since_its_order_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "GAP_ROWS_MAX", 2)
    content = b"Order,SKU\n1,A\n2,B\n3,C\n4,D\n1,E\n,F\n"
    found = read(CSV, tmp_path, content)
    assert found[0] == "1 1 [2]"
    assert "6: comes more than 2 rows after the others of its document" in found
    assert "7: is missing" in found
    assert len(found) == 6


def test_a_field_may_go_over_several_lines(tmp_path: Path) -> None:
    content = b'Order,Notes\r\n1,"two\r\nlines, and a ""quote"""\r\n2,x\r\n'
    assert read(CSV, tmp_path, content) == ["1 1 [2]", "2 1 [4]"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", ["1: the file has no column Order; it has none: it is empty"]),
        (b"Name,SKU\n1,A\n", ["1: the file has no column Order; it has Name, SKU"]),
        (b"Order,SKU,SKU\n1,A,B\n", ["1: the file has the column SKU twice"]),
        (
            b"Order,SKU\n1\n2,B\n3,C,D\n\n4,E\n",
            ["2: has 1 cells, and the header has 2", "4: has 3 cells, and the header has 2", "2 1 [3]", "4 1 [6]"],
        ),
        (b'Order,SKU\n1,"A"x\n2,B\n', ["2: is not CSV: ',' expected after '\"'", "2 1 [3]"]),
        (b'Order,SKU\n1,"A\n2,B\n', ["2: is not CSV: unexpected end of data"]),
        (b"\xef\xbb\xbfOrder,SKU\n1,A\n", ["1 1 [2]"]),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_read_are_rejects(content: bytes, found: list[str], tmp_path: Path) -> None:
    assert read(CSV, tmp_path, content) == found


def test_each_line_is_read_in_the_first_encoding_that_fits(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_bytes("Order,Country\n1,México\n".encode() + "2,México\n".encode("latin-1"))
    found = [each.fields["Country"] for each in read_documents(CSV, [tmp_path / "f.csv"]) if isinstance(each, Document)]
    assert found == ["México", "México"]


def test_a_line_that_fits_no_encoding_ends_the_file(tmp_path: Path) -> None:
    strict = Layout("csv", group_by="Order")
    found = read(strict, tmp_path, b"Order\n1\n\xe9\n3\n")
    assert found[0].startswith("3: the file cannot be read further")


def test_joined_files_give_one_document_for_each_row_of_the_main_file(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("id,status\n1,new\n2,old\n", encoding="utf-8")
    with gzip.open(tmp_path / "items.csv.gz", "wt") as stream:
        stream.write("order,sku\n1,A\n1,B\n3,C\n")
    documents = list(read_documents(JOINED, [tmp_path]))
    assert [told(each) for each in documents] == ["1 3 [2]", "2 1 [3]", "4: is in no row of orders.csv"]
    assert documents[0].fields["items"] == [{"order": "1", "sku": "A"}, {"order": "1", "sku": "B"}]  # type: ignore[union-attr]


def test_a_joined_file_that_is_missing_or_too_long_is_a_reject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "orders.csv").write_text("id\n1\n", encoding="utf-8")
    found = [told(each) for each in read_documents(JOINED, [tmp_path / "orders.csv"])]
    assert "cannot be read" in found[0]
    monkeypatch.setattr(tables, "JOINED_ROWS_MAX", 1)
    (tmp_path / "items.csv").write_text("order\n1\n1\n", encoding="utf-8")
    assert next(told(each) for each in read_documents(JOINED, [tmp_path])) == "2: the file has more than 1 rows to join"
