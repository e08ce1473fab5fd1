"""Sources: one field of a channel file becomes a reader. Every mistake is noted at its place.

A source is a path (`customer.email`), or in CSV a column; a list of sources, of which the first that finds something counts;
or a mapping with one ORIGIN and options.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from segue.core.conditions import ABSENT
from segue.core.mapping import parsing, paths, sources
from segue.core.mapping.parsing import Parser, Unreadable
from segue.core.mapping.paths import Getter
from segue.core.mapping.sources import Reader
from segue.core.order import TENDER_KINDS
from segue.loader.channel.tables import Table
from segue.loader.problems import Problems, Spot
from segue.loader.tree import Node

ORIGINS = ("from", "constant", "join", "sum", "count", "has")
CLEANING = ("whole_number", "strip", "lower", "upper", "pad", "slug", "prefix")
OPTIONS = (
    *ORIGINS, *CLEANING, "with", "if_has", "values", "lookup", "round", "minor", "format", "default", "absent", "less",
)  # fmt: skip
PAD_MAX = 40

PARSERS: dict[str, Parser] = {
    "text": parsing.text,
    "money": parsing.money,
    "integer": parsing.count,
    "boolean": parsing.boolean,
    "country": parsing.country,
    "currency": parsing.currency,
    "latitude": parsing.latitude,
    "longitude": parsing.longitude,
    "properties": parsing.pairs,
    "tender kind": parsing.one_of(TENDER_KINDS),
    "charge to": parsing.one_of(("charges", "shipping")),
}
WORD_TYPES = {"text": "text", "money": "int", "integer": "int", "boolean": "bool", "instant": "instant"}
WORD_DEFAULTS = {"text": "", "boolean": False, "instant": ABSENT}
NOTHING = sources.read_constant(None)


class Sources:
    """Compiles the sources of one scope: the document, or one element of its lines."""

    def __init__(
        self, problems: Problems, is_csv: bool, zone: tzinfo | None, tables: Mapping[str, Table | None]
    ) -> None:
        self.problems = problems
        self.is_csv = is_csv
        self.zone = zone
        self.tables = tables
        self.used: set[str] = set()  # the fields of the document that the mapping looks at

    def inner(self) -> "Sources":
        """The same for the elements of a list."""
        return Sources(self.problems, self.is_csv, self.zone, self.tables)

    def reader(self, node: Node, kind: str, is_required: bool = False) -> Reader:
        """The reader of a source for a field of this kind."""
        reader = self._reader(node, kind)
        return sources.required(self._label(node), reader) if is_required else reader

    def word(self, node: Node) -> tuple[str, Reader]:
        """The type and the reader of a word for conditions: a source, with `type` unless it is a text."""
        kind = "text"
        if node.kind == "mapping" and "type" in node.content:
            kind = node.content["type"].choice(self.problems, "type", WORD_TYPES)
            node = without(node, "type")
        elif node.kind == "mapping" and node.content.keys() & {"has", "count"}:
            kind = "boolean" if "has" in node.content else "integer"
        reader = self._reader(node, kind or "text")
        if kind in WORD_DEFAULTS:
            return WORD_TYPES[kind], sources.or_default(reader, WORD_DEFAULTS[kind])
        return WORD_TYPES.get(kind, "text"), sources.required(self._label(node), reader)

    def getter(self, text: str, node: Node) -> Getter:
        """The getter of a path or column."""
        try:
            plain = paths.column if self.is_csv else paths.path
            getter = paths.gather(text) if "[*]" in text else plain(text)
        except ValueError as error:
            self.problems.add(node, str(error))
            return lambda document: None
        self.used.add(text if self.is_csv and "[*]" not in text else paths.first_segment(text))
        return getter

    def each(self, node: Node) -> tuple[str, Getter]:
        """The label and the getter of a list."""
        text = node.text(self.problems, "the path of a list")
        try:
            getter = paths.each(text)
        except ValueError as error:
            self.problems.add(node, str(error))
            return text, lambda document: None
        self.used.add(paths.first_segment(text))
        return text, getter

    def _reader(self, node: Node, kind: str) -> Reader:
        if node.kind == "list":
            return sources.first_of([self._reader(each, kind) for each in node.items(self.problems)])
        if node.kind == "scalar":
            text = node.text(self.problems, "a column" if self.is_csv else "a path")
            return self._field(text, node, {}, kind) if text else NOTHING
        fields = node.fields(self.problems, OPTIONS, what="option")
        origins = [key for key in fields if key in ORIGINS]
        if len(origins) != 1:
            self.problems.add(node.place, f"a source has one of {', '.join(ORIGINS)}, this one has {len(origins)}")
            return NOTHING
        reader = self._with_less(COMPILE[origins[0]](self, fields[origins[0]], fields, kind), fields, kind)
        if "if_has" not in fields:
            return reader
        return sources.only_with(self.getter(fields["if_has"].text(self.problems), fields["if_has"]), reader)

    def _with_less(self, reader: Reader, fields: dict[str, Node], kind: str) -> Reader:
        if "less" not in fields:
            return reader
        others = fields["less"].items(self.problems) if fields["less"].kind == "list" else [fields["less"]]
        return sources.less(reader, [self._reader(other, kind) for other in others])

    def _from(self, node: Node, fields: dict[str, Node], kind: str) -> Reader:
        if node.kind != "list":
            text = node.text(self.problems, "a path")
            return self._field(text, node, fields, kind) if text else NOTHING
        bare = {key: value for key, value in fields.items() if key not in ("default", "absent", "less")}
        readers = [
            self._from(each, bare, kind) if each.kind == "scalar" else self._reader(each, kind)
            for each in node.items(self.problems)
        ]
        default = self._default(fields.get("default"), fields, kind)
        return sources.or_default(sources.first_of(readers), default)

    def _field(self, text: str, node: Node, fields: dict[str, Node], kind: str) -> Reader:
        default = self._default(fields.get("default"), fields, kind)
        absent = self._default(fields.get("absent"), fields, kind)
        return sources.read_field(text, self.getter(text, node), self._parser(fields, kind), default, absent)

    def _constant(self, node: Node, fields: dict[str, Node], kind: str) -> Reader:
        value = node.plain_value()
        parse = self._parser(fields, kind)
        try:
            parse(value, 3)
        except Unreadable as reason:
            self.problems.add(node, f"`{value}` {reason}")
            return NOTHING
        if kind == "money":
            return sources.read_field("constant", lambda document: value, parse)
        return sources.read_constant(parse(value, 3))

    def _join(self, node: Node, fields: dict[str, Node], kind: str) -> Reader:
        if kind != "text":
            self.problems.add(node.place, f"only texts can be joined, and this is the field of a {kind}")
        separator = fields["with"].text(self.problems) if "with" in fields else " "
        if node.kind == "scalar":
            text = node.text(self.problems, "a path with [*]")
            return sources.joined_list(text, self.getter(text, node), separator)
        bare = {key: value for key, value in fields.items() if key in CLEANING}
        readers = [
            self._from(each, bare, "text") if each.kind == "scalar" else self._reader(each, "text")
            for each in node.items(self.problems)
        ]
        return sources.joined(readers, separator)

    def _sum(self, node: Node, fields: dict[str, Node], kind: str) -> Reader:
        text = node.text(self.problems, "a path with [*]")
        if "[*]" not in text:
            self.problems.add(node, "a sum needs a path with [*]", "write it as in tax_lines[*].price")
            return NOTHING
        reader = sources.summed(text, self.getter(text, node), self._parser(fields, kind))
        default = self._default(fields.get("default"), fields, kind)
        return reader if default is None else sources.or_default(reader, default)

    def _count(self, node: Node, fields: dict[str, Node], kind: str) -> Reader:
        return sources.counted(self.each(node)[1])

    def _has(self, node: Node, fields: dict[str, Node], kind: str) -> Reader:
        return sources.present(self.getter(node.text(self.problems), node))

    def _default(self, node: Node | None, fields: dict[str, Node], kind: str) -> Any:
        if node is None or node.is_nothing:
            return None
        raw = node.plain_value()
        if kind == "money" and raw != 0:
            self.problems.add(node, "the default of an amount can only be 0")
            return 0
        try:
            return self._plain_parser(fields, kind)(raw, 0)
        except Unreadable as reason:
            self.problems.add(node, f"`{raw}` {reason}")
            return None

    def _parser(self, fields: dict[str, Node], kind: str) -> Parser:
        parse = self._plain_parser(fields, kind)
        table = self._table(fields)
        if table is not None:
            parse = sources.looked_up(
                table, parse, self._default(fields.get("default"), fields, kind), "default" in fields
            )
        steps = [step for key in CLEANING if key in fields and (step := self._step(key, fields[key]))]
        return sources.cleaned(steps, parse) if steps else parse

    def _plain_parser(self, fields: dict[str, Node], kind: str) -> Parser:
        if kind == "instant":
            return parsing.instant(self._formats(fields), self.zone)
        if "round" in fields and fields["round"].choice(self.problems, "rounding", ("half_up",)) and kind == "money":
            return parsing.rounded_money
        if "minor" in fields and fields["minor"].boolean(self.problems) and kind == "money":
            return parsing.minor
        return PARSERS[kind]

    def _formats(self, fields: dict[str, Node]) -> tuple[str, ...]:
        node = fields.get("format")
        if node is None:
            return ("iso",)
        nodes = node.items(self.problems) if node.kind == "list" else [node]
        return tuple(text for each in nodes if (text := self._format(each)))

    def _format(self, node: Node) -> str:
        text = node.text(self.problems, "a format")
        if text in ("iso", "epoch_s", ""):
            return text
        try:
            sample = datetime(2000, 1, 1, tzinfo=ZoneInfo("UTC")).strftime(text)
            if "%Y" not in text and "%y" not in text:
                raise ValueError
            datetime.strptime(sample, text)
        except ValueError:
            self.problems.add(node, f"`{text}` is no format of a time", "iso, epoch_s, or as in %Y-%m-%d %H:%M:%S %z")
            return ""
        return text

    def _table(self, fields: dict[str, Node]) -> Mapping[str, str] | None:
        found: dict[str, str] = {}
        if "lookup" in fields:
            found.update(self._lookup(fields["lookup"]))
        if "values" in fields:
            for key, value in fields["values"].entries(self.problems, "values by what the channel calls them").items():
                found[key] = value.text(self.problems) if value.content != "" else ""
        return found if "lookup" in fields or "values" in fields else None

    def _lookup(self, node: Node) -> dict[str, str]:
        fields = node.fields(self.problems, ("table", "column"), required=("table", "column"))
        if len(fields) < 2:
            return {}
        name = fields["table"].choice(self.problems, "table", self.tables)
        table = self.tables.get(name)
        if table is None:
            return {}
        column = fields["column"].text(self.problems)
        if column not in table.columns and table.rows:
            self.problems.add_unknown(fields["column"], "column", column, table.columns)
        return table.column(column)

    def _step(self, key: str, node: Node) -> sources.Step | None:
        if key in ("strip", "prefix"):
            make = sources.strip_characters if key == "strip" else sources.prefix
            return make(node.text(self.problems))
        if key == "pad":
            return sources.pad(node.integer(self.problems, 1, PAD_MAX))
        return SWITCHES[key] if node.boolean(self.problems) else None

    def _label(self, node: Node) -> str:
        """What messages call the field when nothing is there: its first path."""
        while node.kind != "scalar":
            below = (
                [node.content[key] for key in ORIGINS if key in node.content]
                if node.kind == "mapping"
                else node.content
            )
            if not below:
                return ""
            node = below[0]
        return str(node.content)


def without(node: Node, *keys: str) -> Node:
    """A mapping without some of its keys, at the same place."""
    content = {key: value for key, value in node.content.items() if key not in keys}
    rest = Node("mapping", content, Spot(node.file, node.line, node.column))
    rest.key = node.key
    return rest


SWITCHES: dict[str, sources.Step] = {
    "whole_number": sources.as_whole_number,
    "lower": str.lower,
    "upper": str.upper,
    "slug": sources.slug,
}

COMPILE: dict[str, Callable[[Sources, Node, dict[str, Node], str], Reader]] = {
    "from": Sources._from,
    "constant": Sources._constant,
    "join": Sources._join,
    "sum": Sources._sum,
    "count": Sources._count,
    "has": Sources._has,
}
