"""Sources: one field of a channel file becomes a reader. Every mistake is noted at its place.

A source is a path (`customer.email`), or in CSV a column; a list of sources, of which the first that finds something counts;
or a mapping with one ORIGIN and options.
"""

from collections.abc import Callable, Mapping
from datetime import tzinfo

from segue.core.conditions import ABSENT
from segue.core.mapping import paths, sources
from segue.core.mapping.parsing import Unreadable
from segue.core.mapping.paths import Getter, Known
from segue.core.mapping.plan import Layout
from segue.core.mapping.sources import Reader
from segue.loader.channel.options import CLEANING, OPTIONS, ORIGINS, Options
from segue.loader.channel.tables import Table
from segue.loader.problems import Problems, Spot
from segue.loader.tree import Node

WORD_TYPES = {"text": "text", "money": "int", "integer": "int", "boolean": "bool", "instant": "instant"}
WORD_DEFAULTS = {"text": "", "boolean": False, "instant": ABSENT}
NOTHING = sources.read_constant(None)
MISSING = {
    "money": "amount_unreadable",
    "integer": "quantity_unreadable",
    "currency": "currency_unknown",
}  # what their lack is called


class Sources:
    """Compiles the sources of one scope: the document, or one element of its lines."""

    def __init__(
        self,
        problems: Problems,
        layout: Layout,
        zone: tzinfo | None,
        tables: Mapping[str, Table | None],
        used: Known | None = None,
    ) -> None:
        self.problems = problems
        self.layout = layout
        self.is_csv = layout.format == "csv"
        self.zone = zone
        self.tables = tables
        self.options = Options(problems, zone, tables)
        self.used: Known = {} if used is None else used  # the fields of the document that the mapping looks at

    def inner(self, used: Known | None = None) -> "Sources":
        """The same for the elements of a list, of which these fields are `used` already."""
        return Sources(self.problems, self.layout, self.zone, self.tables, used)

    def elements(self, node: Node) -> tuple[str, Getter, "Sources"]:
        """The label and the getter of a list, and the sources of its elements."""
        text, getter = self._list(node)
        return text, getter, self.inner(paths.mark(self.used, text))

    def reader(self, node: Node, kind: str, is_required: bool = False) -> Reader:
        """The reader of a source for a field of this kind."""
        reader = self._reader(node, kind)
        return sources.required(self._label(node), reader, MISSING.get(kind, "")) if is_required else reader

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
        within = self.used.setdefault(text, {}) if self.is_csv and "[*]" not in text else paths.mark(self.used, text)
        within[paths.ANYTHING] = {}
        if "[*]" in text:
            self._check_list(text, node)
        return getter

    def each(self, node: Node) -> tuple[str, Getter]:
        """The label and the getter of a list, in the elements of which anything may stand."""
        text, getter = self._list(node)
        paths.mark(self.used, text)[paths.ANYTHING] = {}
        return text, getter

    def _list(self, node: Node) -> tuple[str, Getter]:
        text = node.text(self.problems, "the path of a list")
        try:
            getter = paths.gather(text) if "[*]" in text else paths.each(text)
        except ValueError as error:
            self.problems.add(node, str(error))
            return text, lambda document: None
        self._check_list(text, node)
        return text, getter

    def _check_list(self, text: str, node: Node) -> None:
        """In CSV the only lists are the rows of a group, and those of joined files."""
        known = [join.name for join in self.layout.joins if join.name != "main"] or ["rows"]
        if self.is_csv and paths.first_segment(text) not in known:
            self.problems.add_unknown(node, "list of rows", paths.first_segment(text), known)

    def _reader(self, node: Node, kind: str) -> Reader:
        if node.kind == "list":
            return sources.first_of([self._reader(each, kind) for each in node.items(self.problems)])
        if node.kind == "scalar":
            return self._from(node, {}, kind)
        fields = node.fields(self.problems, OPTIONS, what="option")
        origins = [key for key in fields if key in ORIGINS]
        if len(origins) != 1:
            self.problems.add(node.place, f"a source has one of {', '.join(ORIGINS)}, this one has {len(origins)}")
            return NOTHING
        self.options.check(fields, kind, origins[0])
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
            return self._field(self._path(node), node, fields, kind)
        bare = {key: value for key, value in fields.items() if key not in ("default", "absent", "less")}
        readers = [
            self._from(each, bare, kind) if each.kind == "scalar" else self._reader(each, kind)
            for each in node.items(self.problems)
        ]
        default = self.options.default(fields.get("default"), fields, kind)
        return sources.or_default(sources.first_of(readers), default)

    def _path(self, node: Node) -> str:
        text = node.text(self.problems, "a column" if self.is_csv else "a path")
        if not text and not node.is_nothing:
            self.problems.add(
                node, "expected a column, found nothing" if self.is_csv else "expected a path, found nothing"
            )
        return text or "nothing"

    def _field(self, text: str, node: Node, fields: dict[str, Node], kind: str) -> Reader:
        default = self.options.default(fields.get("default"), fields, kind)
        absent = self.options.default(fields.get("absent"), fields, kind)
        return sources.read_field(text, self.getter(text, node), self.options.parser(fields, kind), default, absent)

    def _constant(self, node: Node, fields: dict[str, Node], kind: str) -> Reader:
        value = node.plain_value()
        parse = self.options.parser(fields, kind)
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
        reader = sources.summed(text, self.getter(text, node), self.options.parser(fields, kind))
        default = self.options.default(fields.get("default"), fields, kind)
        return reader if default is None else sources.or_default(reader, default)

    def _count(self, node: Node, fields: dict[str, Node], kind: str) -> Reader:
        return sources.counted(self.each(node)[1])

    def _has(self, node: Node, fields: dict[str, Node], kind: str) -> Reader:
        return sources.present(self.getter(node.text(self.problems), node))

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


COMPILE: dict[str, Callable[[Sources, Node, dict[str, Node], str], Reader]] = {
    "from": Sources._from,
    "constant": Sources._constant,
    "join": Sources._join,
    "sum": Sources._sum,
    "count": Sources._count,
    "has": Sources._has,
}
