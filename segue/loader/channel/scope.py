"""Scope: the document or one element of its lines: its sources, and the words that conditions on it may use."""

from collections.abc import Mapping

from segue.core.conditions import ConditionError, Name, Vocabulary, compile_condition
from segue.core.mapping.paths import Getter
from segue.core.mapping.plan import Fields, Test
from segue.core.mapping.sources import Reader
from segue.loader.channel.sources import Sources
from segue.loader.problems import Problems
from segue.loader.tree import BOOLEANS, Node


class Scope:
    """The sources of a document or of its lines, and the words that conditions on it may use."""

    def __init__(self, sources: Sources, node: Node | None, outer: "Scope | None" = None) -> None:
        self.sources = sources
        self.problems: Problems = sources.problems
        self.readers: dict[str, Reader] = {}
        self.names: dict[str, Name] = dict(outer.names) if outer else {}
        for name, source in (node.entries(self.problems) if node else {}).items():
            kind, self.readers[name] = sources.word(source)
            self.names[name] = Name(kind, "")
            self._check_name(name, source)

    def _check_name(self, name: str, node: Node) -> None:
        try:
            Vocabulary({name: self.names[name]})
        except ValueError as error:
            self.problems.add(node.place, str(error))
            del self.names[name]

    def condition(self, node: Node) -> Test:
        """A condition, compiled; one that never holds if it has a mistake."""
        text = node.text(self.problems, "a condition")
        if node.plain and text in BOOLEANS:
            text = str(BOOLEANS[text])
        try:
            return compile_condition(text, Vocabulary(self.names)).test
        except ConditionError as error:
            if text:
                self.problems.add(node.spot_of(error.line, error.column), error.message, error.hint or "")
            return lambda view: False

    def fields(
        self, nodes: Mapping[str, Node], known: Mapping[str, tuple[str, str]], needed: tuple[str, ...] = ()
    ) -> Fields:
        """The readers of the fields that are there, by the name that the canonical order has for them."""
        return tuple(
            (name, self.sources.reader(nodes[key], kind, key in needed))
            for key, (name, kind) in known.items()
            if key in nodes
        )


def within(nodes: Mapping[str, Node], scope: Scope) -> tuple[Sources, str, Getter | None]:
    """The sources for the elements of `each`, or for the document itself."""
    if "each" not in nodes:
        return scope.sources, "", None
    label, getter, inner = scope.sources.elements(nodes["each"])
    return inner, label, getter
