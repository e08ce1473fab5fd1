"""Sources: where the fields of an order come from, and what is done to them on the way."""

from pathlib import Path
from typing import Any

import pytest

from segue.core.mapping import Document, map_document
from segue.loader.channel import load_channel
from segue.loader.problems import Problems
from tests.loader.channels import FLAT, compiled, mapped, order, told

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
    mapping = compiled("name: web\nextends: shopify_csv\ntime_zone: America/Toronto\n", tmp_path)
    assert (mapping.name, mapping.layout.group_by) == ("web", "Name")


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
    result = map_document(compiled(FLAT, tmp_path), Document(order(at="x"), "a.json", (41,)))
    assert [(reject.file, reject.row, reject.document) for reject in result.rejects] == [("a.json", 41, "7")]
