"""Broken channel files: every mistake is found before any order, with its place and what was probably meant."""

from pathlib import Path

import pytest

from tests.loader.channels import FLAT, ROWS, mistakes_in

BROKEN = {
    "no order": ("name: web\nformat: json\nlines: {each: a}\n", ["1:1: key `order` is missing"]),
    "misspelt key": (FLAT + "tender: []\n", ["6:1: unknown key `tender`; did you mean `tenders`?"]),
    "format": (FLAT.replace("json", "xml"), ["2:9: unknown format `xml`; there is json, ndjson, csv"]),
    "name": (FLAT.replace("name: web", "name: My Shop"), ["1:7: `My Shop` cannot be the name of a channel; write it like `web_shop`"]),
    "missing field": (FLAT.replace(", total: total", ""), ["3:1: key `total` is missing"]),
    "misspelt field": (FLAT.replace("total: total", "total: total, shiping: x"), ["3:76: unknown key `shiping`; did you mean `shipping`?"]),
    "no path": (FLAT.replace("sku: sku", "sku: a..b"), ["4:27: `a..b` is no path: write it as in customer.email or lines[0].title"]),
    "no list path": (FLAT.replace("each: lines", "each: a."), ["4:15: `a.` is no path: write it as in customer.email or lines[0].title"]),
    "empty field": (FLAT.replace("sku: sku", "sku: ''"), []),
    "unknown option": (FLAT.replace("sku: sku", "sku: {from: a, uper: true}"), ["4:37: unknown option `uper`; did you mean `upper`?"]),
    "no origin": (FLAT.replace("sku: sku", "sku: {upper: true}"), ["4:22: a source has one of from, constant, join, sum, count, has, this one has 0"]),
    "two origins": (FLAT.replace("sku: sku", "sku: {from: a, constant: b}"), ["4:22: a source has one of from, constant, join, sum, count, has, this one has 2"]),
    "option of another type": (FLAT.replace("sku: sku", "sku: {from: a, round: half_up}"), ["4:37: `round` is for fields of the type money, and this is text"]),
    "option without effect": (FLAT.replace("sku: sku", "sku: {constant: a, upper: true}"), ["4:41: `upper` does nothing with `constant`"]),
    "rounding": (FLAT.replace("price: price", "price: {from: p, round: up}"), ["4:70: unknown rounding `up`; there is half_up"]),
    "constant": (FLAT.replace("currency: currency", "currency: {constant: EURO}"), ["3:50: `EURO` is not a currency"]),
    "default": (FLAT.replace("price: price", "price: {from: p, default: 5}"), ["4:72: the default of an amount can only be 0"]),
    "default of a kind": (FLAT.replace("total: total", "total: total, taxes_included: {from: t, default: perhaps}"), ["3:111: `perhaps` is neither true nor false"]),
    "sum": (FLAT.replace("total: total", "total: {sum: lines}"), ["3:69: a sum needs a path with [*]; write it as in tax_lines[*].price"]),
    "join": (FLAT.replace("total: total", "total: {join: [a, b]}"), ["3:63: only texts can be joined, and this is the field of a money"]),
    "format of a time": (FLAT.replace("placed_at: at", "placed_at: {from: at, format: yyyy-mm-dd}"), ["3:50: `yyyy-mm-dd` is no format of a time; iso, epoch_s, or as in %Y-%m-%d %H:%M:%S %z"]),
    "unknown table": (FLAT.replace("sku: sku", "sku: {from: a, lookup: {table: t, column: c}}"), ["4:53: unknown table `t`; there is none"]),
    "table not there": (FLAT + "tables: {t: {file: t.csv, key: a}}\n", ["6:20: the table `t.csv` is not there"]),
    "table outside": (FLAT + "tables: {t: {file: ../t.csv, key: a}}\n", ["6:20: the table `../t.csv` is not there"]),
    "condition": (FLAT + "reject: [{when: statis == 'x', reason: r}]\nfields: {status: status}\n", ["6:17: unknown name `statis`; did you mean `status`?"]),
    "condition of a line": (
        FLAT.replace("sku: sku", "sku: sku, fields: {n: {from: q, type: integer}}, kinds: [{name: a, kind: note, when: n == 'x'}]"),
        ["4:108: `n` is a number and `'x'` is a text: they cannot be compared"],
    ),
    "word": (FLAT + "fields: {two words: a}\n", ["6:10: `two words` cannot be a name of a vocabulary: letters, digits and _, a letter first"]),
    "type of a word": (FLAT + "fields: {a: {from: a, type: number}}\n", ["6:29: unknown type `number`; there is text, money, integer, boolean, instant"]),
    "kind of line": (FLAT.replace("sku: sku", "sku: sku, kinds: [{name: a, kind: nota, when: 'True'}]"), ["4:56: unknown kind of line `nota`; did you mean `note`?"]),
    "kind within an order": (FLAT.replace("sku: sku", "sku: sku, kinds: [{name: a, kind: cancellation, when: 'True'}]"), ["4:56: only a row of its own can be a cancellation, and these are parts of an order"]),
    "reject without a reason": (ROWS.replace("sku: SKU".upper(), "SKU").replace("lines: {", "lines: {kinds: [{name: a, kind: reject, when: 'True'}], "), ["6:17: a reject needs a `reason`"]),
    "code of a note": (ROWS.replace("lines: {", "lines: {kinds: [{name: a, kind: note, when: 'True', code: x}], "), ["6:54: `code` is for a charge, and this is a note"]),
    "unfinished rule": (ROWS.replace("lines: {", "lines: {kinds: [{name: a, kind: note}], "), ["6:17: key `when` is missing"]),
    "discount twice": (FLAT.replace("sku: sku", "sku: sku, discount: d, net: n"), ["4:45: a line has `discount` or `net`, not both"]),
    "lines of rows": (ROWS.replace("lines: {", "lines: {each: items, "), ["6:15: the lines of grouped rows are `rows`"]),
    "tender kind": (FLAT + "tenders: [{kind: {constant: cash}}]\n", ["6:29: `cash` is none of gateway, adopted, prepaid, account, on_delivery"]),
    "charge": (FLAT + "charges: [{amount: a}]\n", ["6:11: a charge has a `name` or a `code`, one of them"]),
    "identity": (FLAT + "customer: {identity: [{mail: email}]}\n", ["6:24: unknown identity `mail`; did you mean `email`?"]),
    "part of an address": (FLAT + "ship_to: {zip: z, require: [sity]}\n", ["6:11: unknown key `zip`; there is name, company, street, street2, city, postcode, region, country, latitude, longitude, require", "6:29: unknown part of an address `sity`; did you mean `city`?"]),
    "time zone": (FLAT + "time_zone: Europe/Lundon\n", ["6:12: unknown time zone `Europe/Lundon`; did you mean `Europe/London`?"]),
    "workflow": (FLAT + "workflow: standart\n", ["6:11: unknown workflow `standart`; did you mean `standard`?"]),
    "unknown": (FLAT + "unknown: refuse\n", ["6:10: unknown word `refuse`; there is ignore, reject"]),
    "extends": ("name: web\nextends: shopfy\n", ["2:10: unknown prebuilt channel `shopfy`; did you mean `shopify`?"]),
    "csv keys": (FLAT + "group_by: a\n", ["6:1: `group_by` is for files in CSV, and these are in json"]),
    "json keys": (ROWS + "records: a\n", ["7:1: `records` is for files in JSON, and these are in csv"]),
    "no group": (ROWS.replace("group_by: Order\n", ""), ["2:1: a CSV file needs `group_by`, or `joins`, and not both"]),
    "encoding": (ROWS + "encoding: [utf-8, latin-l]\n", ["7:19: unknown encoding `latin-l`; did you mean `latin-1`?"]),
    "wide encoding": (ROWS + "encoding: utf-16\n", ["7:11: files in utf-16 cannot be read line by line; there is utf-8, utf-8-sig, latin-1, iso-8859-1, iso-8859-15, cp1252, ascii"]),
    "delimiter": (ROWS + "delimiter: ';;'\n", ["7:12: `;;` cannot be a delimiter; it is one character such as , ; | or the word tab"]),
    "joins without main": (ROWS.replace("group_by: Order", "joins: {items: {file: a.csv, key: k}}"), ["3:1: the join `main` is missing; it names the file with one row for each order", "6:1: key `each` is missing"]),
    "name of a join": (ROWS.replace("group_by: Order", "joins: {main: {file: a, key: k}, Two Words: {file: b, key: k}}"), ["3:34: `Two Words` cannot be the name of a join; write it like `items`", "6:1: key `each` is missing"]),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_every_mistake_is_found_with_its_place(name: str, tmp_path: Path) -> None:
    text, mistakes = BROKEN[name]
    found = [mistake.partition("; looked in")[0] for mistake in mistakes_in(text, tmp_path)]
    assert found == [f"web.yaml:{mistake}" for mistake in mistakes]


@pytest.mark.parametrize(
    ("table", "mistake"),
    [
        ("b,c\n1,2\n", "web.yaml:6:32: unknown column `a`; there is b, c"),
        ("a,c\n1,2\n1,3\n", "t.csv:3:1: `1` is in the table twice"),
        ("a,c\n1,2\n", "web.yaml:4:64: unknown column `b`; there is a, c"),
    ],
)
def test_mistakes_in_a_table_are_found(table: str, mistake: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(table, encoding="utf-8")
    text = FLAT.replace("sku: sku", "sku: {from: a, lookup: {table: t, column: b}}")
    assert mistake in mistakes_in(text + "tables: {t: {file: t.csv, key: a}}\n", tmp_path)


def test_a_table_that_is_no_text_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "t.csv.gz").write_bytes(b"\x1f\x8bnot packed")
    found = mistakes_in(FLAT + "tables: {t: {file: t.csv, key: a}}\n", tmp_path)
    assert [mistake.startswith("web.yaml:6:20: the table `t.csv.gz` cannot be read") for mistake in found] == [True]


def test_an_optional_table_may_be_missing(tmp_path: Path) -> None:
    assert mistakes_in(FLAT + "tables: {t: {file: t.csv, key: a, optional: true}}\n", tmp_path) == []
