"""Layout: how a channel's files are written: format, encoding, groups of rows, joined files."""

import codecs
import re

from segue.core.mapping.plan import Join, Layout
from segue.loader.problems import Problems
from segue.loader.tree import Node

FORMATS = ("json", "ndjson", "csv")
BY_LINE = ("utf-8", "utf-8-sig", "latin-1", "iso-8859-1", "iso-8859-15", "cp1252", "ascii")
"""Encodings in which a line end is one byte and never part of a character: files are decoded line by line."""

LAYOUT_KEYS = ("format", "records", "encoding", "delimiter", "group_by", "joins")
JOIN_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def read_layout(fields: dict[str, Node], problems: Problems) -> Layout:
    """The layout of a channel file's own keys."""
    form = fields["format"].choice(problems, "format", FORMATS) if "format" in fields else "json"
    for key in ("encoding", "delimiter", "group_by", "joins"):
        if key in fields and form in ("json", "ndjson"):
            problems.add(fields[key].place, f"`{key}` is for files in CSV, and these are in {form}")
    if "records" in fields and form == "csv":
        problems.add(fields["records"].place, f"`records` is for files in JSON, and these are in {form}")
    if form == "csv" and ("group_by" in fields) == ("joins" in fields):
        problems.add(fields["format"].place, "a CSV file needs `group_by`, or `joins`, and not both")
    return Layout(
        format=form or "json",
        records=_texts(fields.get("records"), problems),
        encodings=_encodings(fields.get("encoding"), problems),
        delimiter=_delimiter(fields.get("delimiter"), problems),
        group_by=fields["group_by"].text(problems, "a column") if "group_by" in fields else "",
        joins=_joins(fields.get("joins"), problems),
    )


def _texts(node: Node | None, problems: Problems) -> tuple[str, ...]:
    if node is None:
        return ()
    return node.texts(problems) if node.kind == "list" else (node.text(problems),)


def _encodings(node: Node | None, problems: Problems) -> tuple[str, ...]:
    nodes = [] if node is None else node.items(problems) if node.kind == "list" else [node]
    return tuple(name for each in nodes if (name := _encoding(each, problems))) or ("utf-8",)


def _encoding(node: Node, problems: Problems) -> str:
    text = node.text(problems, "an encoding")
    try:
        codecs.lookup(text)
    except LookupError:
        problems.add_unknown(node, "encoding", text, BY_LINE)
        return ""
    if text.lower() not in BY_LINE:
        problems.add(node, f"files in {text} cannot be read line by line", f"there is {', '.join(BY_LINE)}")
        return ""
    return text.lower()


def _delimiter(node: Node | None, problems: Problems) -> str:
    if node is None:
        return ","
    text = {"tab": "\t", "\\t": "\t"}.get(node.content, node.text(problems, "a delimiter"))
    if len(text) != 1 or text in '"\n\r':
        problems.add(node, f"`{text}` cannot be a delimiter", "it is one character such as , ; | or the word tab")
        return ","
    return text


def _joins(node: Node | None, problems: Problems) -> tuple[Join, ...]:
    """`items: {file: order_items.csv, key: order_id}`; `main` is the file that has one row for each order."""
    joins = []
    entries = node.entries(problems) if node else {}
    for name, entry in entries.items():
        fields = entry.fields(problems, ("file", "key"), required=("file", "key"))
        if not JOIN_NAME.fullmatch(name):
            problems.add(entry.place, f"`{name}` cannot be the name of a join", "write it like `items`")
        elif len(fields) == 2:
            joins.append(Join(name, fields["file"].text(problems), fields["key"].text(problems)))
    if node is not None and "main" not in entries:
        problems.add(node.place, "the join `main` is missing", "it names the file with one row for each order")
    return tuple(joins)
