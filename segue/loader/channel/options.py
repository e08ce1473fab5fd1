"""Options: what a source says beside where the value stands: how it is cleaned, looked up and parsed."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from segue.core.draft import TENDER_KINDS
from segue.core.mapping import parsing, sources
from segue.core.mapping.granting import grants
from segue.core.mapping.parsing import Parser, Unreadable
from segue.loader.channel.tables import Table
from segue.loader.problems import Problems
from segue.loader.tree import Node

ORIGINS = ("from", "constant", "join", "sum", "count", "has")
CLEANING = ("whole_number", "strip", "lower", "upper", "pad", "slug")
OPTIONS = (
    *ORIGINS, *CLEANING, "prefix", "with", "if_has", "values", "lookup", "round", "minor", "format", "default", "absent",
    "less", "percent",
)  # fmt: skip
PAD_MAX = 40

ONLY_FOR = {
    "round": "money",
    "minor": "money",
    "less": "money",
    "percent": "rate",
    "format": "instant",
    "prefix": "text",
}
"""Options that make sense for one kind of field."""

ONLY_WITH = {"with": ("join",), **dict.fromkeys((*CLEANING, "prefix", "values", "lookup"), ("from", "join"))}
"""Options that make sense with some origins."""

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
    "rate": parsing.rate,
    "texts": parsing.texts,
    "grants": grants,
    "tender kind": parsing.one_of(TENDER_KINDS),
}
SWITCHES: dict[str, sources.Step] = {
    "whole_number": sources.as_whole_number,
    "lower": str.lower,
    "upper": str.upper,
    "slug": sources.slug,
}


class Options:
    """Compiles options, and notes their mistakes."""

    def __init__(self, problems: Problems, zone: tzinfo | None, tables: Mapping[str, Table | None]) -> None:
        self.problems = problems
        self.zone = zone
        self.tables = tables

    def check(self, fields: dict[str, Node], kind: str, origin: str) -> None:
        """Note options that would do nothing here."""
        for key, only in ONLY_FOR.items():
            if key in fields and kind != only:
                self.problems.add(fields[key].place, f"`{key}` is for fields of the type {only}, and this is {kind}")
        for key, origins in ONLY_WITH.items():
            if key in fields and origin not in origins:
                self.problems.add(fields[key].place, f"`{key}` does nothing with `{origin}`")

    def default(self, node: Node | None, fields: dict[str, Node], kind: str) -> Any:
        """The value of `default` or `absent`."""
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

    def parser(self, fields: dict[str, Node], kind: str) -> Parser:
        """The parser of a field of this kind, with all that its options do before and after."""
        parse = self._plain_parser(fields, kind)
        table = self._table(fields)
        if table is not None:
            parse = sources.looked_up(
                table, parse, self.default(fields.get("default"), fields, kind), "default" in fields
            )
        if "prefix" in fields:
            parse = sources.prefixed(fields["prefix"].text(self.problems), parse)
        steps = [step for key in CLEANING if key in fields and (step := self._step(key, fields[key]))]
        return sources.cleaned(steps, parse) if steps else parse

    def _plain_parser(self, fields: dict[str, Node], kind: str) -> Parser:
        if kind == "instant":
            return parsing.instant(self._formats(fields), self.zone)
        if "round" in fields and fields["round"].choice(self.problems, "rounding", ("half_up",)) and kind == "money":
            return parsing.rounded_money
        if "percent" in fields and fields["percent"].boolean(self.problems) and kind == "rate":
            return parsing.percentage
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
        if key == "strip":
            return sources.strip_characters(node.text(self.problems))
        if key == "pad":
            return sources.pad(node.integer(self.problems, 1, PAD_MAX))
        return SWITCHES[key] if node.boolean(self.problems) else None
