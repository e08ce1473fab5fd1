"""The vocabulary: which names a condition may use, of what type they are and what they mean."""

import keyword
from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct

ABSENT = 2**53
"""The instant of what has not happened: the far future.

A view gives it for an instant that is absent, so that `now - shipped_at > days(2)` is False while nothing has shipped,
without a test for None anywhere. Mind the other direction: `shipped_at > now` is True then.
"""

TYPES = {
    "int": "a number",
    "bool": "true or false",
    "text": "a text",
    "instant": "an instant",
    "duration": "a duration",
    "texts": "a collection of texts",
}


class Name(NamedTuple):
    """One word of a vocabulary."""

    type: str
    """One of TYPES."""
    meaning: str
    """One sentence, for the reference and for messages."""
    fact: str | None = None
    """The kind of outside fact that could change it ("item", "stock"); None if the order alone decides it."""
    default: int | None = None
    """What it is for a view that has no such attribute; None if every view has it."""


class Vocabulary(Struct, frozen=True):
    """The names of an order or a document, and those of a line of it.

    A name `now` that is an instant is the clock: comparisons with it are solved for the instant at which they flip.
    `choices` lists the values that a text name can have, by its name, or by `line.NAME` for a line's.
    Raises ValueError for a name that could not be written, or that reaches into Python.
    """

    names: dict[str, Name]
    line_names: dict[str, Name] = {}
    choices: dict[str, tuple[str, ...]] = {}

    def __post_init__(self) -> None:
        _check_names(self.names.items())
        _check_names(self.line_names.items())
        if self.line_names and not {"line", "lines"}.isdisjoint(self.names):
            raise ValueError("`line` and `lines` cannot be names of a vocabulary that has line names")
        for word in self.choices:
            if self.type_of(word) not in ("text", "texts"):
                raise ValueError(f"choices are given for `{word}`, which is not a text of this vocabulary")

    def type_of(self, word: str) -> str | None:
        """The type of `holds` or `line.sku`, None if there is no such name."""
        name = self.line_names.get(word[5:]) if word.startswith("line.") else self.names.get(word)
        return name.type if name else None


def _check_names(names: Iterable[tuple[str, Name]]) -> None:
    for word, name in names:
        if not word.isidentifier() or keyword.iskeyword(word) or word.startswith("_"):
            raise ValueError(f"`{word}` cannot be a name of a vocabulary: letters, digits and _, a letter first")
        if name.type not in TYPES:
            raise ValueError(f"`{word}` has the unknown type {name.type!r}; there are {', '.join(TYPES)}")
