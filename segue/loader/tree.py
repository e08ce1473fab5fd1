"""The tree of a YAML file: every value with its place, taken apart by what the reader expects to find.

A scalar is a text until somebody asks for a number, so that `NO` is a country and `on` a key.

    node = read_tree(path, "shop.yaml", problems)
    fields = node.fields(problems, ("name", "channels"), required=("name",))
    name = fields["name"].text(problems)

Whatever is not as expected becomes a problem, and a neutral value ("", 0, an empty list) is answered: go on, and look
at the problems in the end.
"""

import re
from collections.abc import Collection
from fractions import Fraction
from typing import Any

from segue.core.conditions.mistakes import closest
from segue.loader.problems import Problems, Spot, shortened

INT_MAX = 2**53 - 1
DURATION_S_MAX = 10 * 366 * 86_400

NOTHING = ("", "~", "null", "Null", "NULL")
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
MEANT = {"yes": "true", "on": "true", "no": "false", "off": "false"}
WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,30}(_[0-9]{1,30}){0,10})")
DECIMAL = re.compile(r"[-+]?[0-9]{1,30}(\.[0-9]{0,30})?([eE][-+]?[0-9]{1,3})?")
PLAIN_DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
DURATION = re.compile(r"([0-9]{1,9})([smhdw])")
SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


class Node:
    """One value of a YAML file: a mapping, a list or a scalar, and where it stands."""

    __slots__ = ("column", "content", "end", "file", "key", "kind", "line", "plain", "source", "start")

    def __init__(self, kind: str, content: Any, spot: Spot, plain: bool = True) -> None:
        self.kind = kind  # mapping, list or scalar
        self.content = content  # dict of key -> Node, list of Nodes, or text
        self.file, self.line, self.column = spot
        self.plain = plain  # a scalar without quotes
        self.key: Node | None = None  # the key that it is the value of
        self.source, self.start, self.end = "", 0, 0  # the whole file's text, and which part of it this is

    @property
    def place(self) -> "Node":
        """Where a mistake about the whole value is shown: at its key, if it has one."""
        return self.key or self

    def fields(
        self, problems: Problems, known: Collection[str], required: Collection[str] = (), what: str = "key"
    ) -> dict[str, "Node"]:
        """The values by key; unknown keys, and required ones that are missing, are problems."""
        content = self.entries(problems, f"a mapping with {', '.join(known)}" if len(known) < 6 else "a mapping")
        unknown = {key: value for key, value in content.items() if key not in known}
        for key, value in unknown.items():
            problems.add_unknown(value.place, what, key, known)
        meant = {closest(key, known) for key in unknown}
        for key in required:
            if key not in content and key not in meant and self.kind == "mapping":
                problems.add(self.place, f"{what} `{key}` is missing")
        return {key: value for key, value in content.items() if key in known}

    def entries(self, problems: Problems, wanted: str = "a mapping") -> dict[str, "Node"]:
        """The values by key, whatever the keys are. An empty value counts as an empty mapping."""
        if self.kind == "mapping":
            return dict(self.content)
        if not self.is_nothing:
            self._mismatch(problems, wanted)
        return {}

    def items(self, problems: Problems, wanted: str = "a list") -> list["Node"]:
        """The values of a list. An empty value counts as an empty list."""
        if self.kind == "list":
            return list(self.content)
        if not self.is_nothing:
            self._mismatch(problems, wanted)
        return []

    def texts(self, problems: Problems) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(item.text(problems) for item in self.items(problems, "a list of texts"))

    def text(self, problems: Problems, wanted: str = "a text") -> str:
        """A scalar as it is written; numbers and truth values are texts too."""
        if self.kind != "scalar":
            self._mismatch(problems, wanted)
            return ""
        if self.is_nothing:
            problems.add(self.place, f"expected {wanted}, found nothing")
            return ""
        return str(self.content)

    def choice(self, problems: Problems, what: str, known: Collection[str]) -> str:
        """A text that has to be one of the known ones; "" if it is not."""
        before = len(problems)
        word = self.text(problems, f"the name of a {what}")
        if word in known or len(problems) > before:
            return word
        problems.add_unknown(self, what, word, known)
        return ""

    def integer(self, problems: Problems, least: int = -INT_MAX, most: int = INT_MAX) -> int:
        """A whole number between two bounds; `50_000` is allowed."""
        if self.kind != "scalar" or not self.plain or not WHOLE.fullmatch(self.content):
            self._mismatch(problems, "a whole number")
            return 0
        number = int(self.content)
        if not least <= number <= most:
            bound = f"at least {least}" if number < least else f"at most {most}"
            problems.add(self, f"{shortened(self.content)} is out of range", f"it has to be {bound}")
        return number

    def number(self, problems: Problems, least: float = -INT_MAX, most: float = INT_MAX) -> float:
        """A number between two bounds, with or without a point."""
        if self.kind != "scalar" or not self.plain or not DECIMAL.fullmatch(self.content):
            self._mismatch(problems, "a number")
            return 0.0
        number = float(self.content)
        if not least <= number <= most:
            problems.add(self, f"{shortened(self.content)} is out of range", f"it has to be {least:g} to {most:g}")
        return number

    def fraction(self, problems: Problems) -> Fraction:
        """A number as it is written, to the last digit."""
        if self.kind != "scalar" or not self.plain or not PLAIN_DECIMAL.fullmatch(self.content):
            self._mismatch(problems, "a number")
            return Fraction(0)
        return Fraction(self.content)

    def boolean(self, problems: Problems) -> bool:
        """`true` or `false`."""
        if self.kind == "scalar" and self.plain and self.content in BOOLEANS:
            return BOOLEANS[self.content]
        meant = MEANT.get(str(self.content).lower()) if self.kind == "scalar" else None
        self._mismatch(problems, "true or false", f"write `{meant}`" if meant else "")
        return False

    def duration_s(self, problems: Problems) -> int:
        """A duration such as `90s`, `30m`, `4h`, `2d` or `1w`, in seconds."""
        found = DURATION.fullmatch(self.content) if self.kind == "scalar" else None
        if found is None:
            self._mismatch(problems, "a duration", "write it as in 90s, 30m, 4h, 2d or 1w")
            return 0
        seconds = int(found[1]) * SECONDS[found[2]]
        if seconds > DURATION_S_MAX:
            problems.add(self, f"{self.content} is too long", "a duration is ten years at most")
            return 0
        return seconds

    @property
    def is_nothing(self) -> bool:
        """Whether there is a key and no value."""
        return self.kind == "scalar" and self.plain and self.content in NOTHING

    def plain_value(self) -> Any:
        """The value as dict, list, text, int, float, bool or None. Scalars without quotes are typed as in JSON."""
        if self.kind == "mapping":
            return {key: value.plain_value() for key, value in self.content.items()}
        if self.kind == "list":
            return [value.plain_value() for value in self.content]
        return _typed(self.content) if self.plain else self.content

    def spot_of(self, line: int, column: int) -> Spot:
        """Where the `column`-th character (from 0) of a scalar's `line`-th line (from 1) stands in the file.

        Folding and indentation change blanks only, so the place is found by counting what is not blank.
        """
        before = "\n".join([*self.content.split("\n")[: line - 1], self.content.split("\n")[line - 1][:column]])
        ink = len("".join(before.split()))
        offset = self._ink_start()
        for index in range(offset, self.end):
            if not self.source[index].isspace():
                if ink == 0:
                    return self._spot_at(index)
                ink -= 1
        return self._spot_at(max(offset, len(self.source[: self.end].rstrip())))

    def _ink_start(self) -> int:
        """Where the text itself begins: behind a quote, or behind the line with `|` or `>`."""
        if self.plain or self.start >= len(self.source):
            return self.start
        is_block = self.source[self.start] in "|>"
        return self.source.find("\n", self.start) + 1 if is_block else self.start + 1

    def _spot_at(self, index: int) -> Spot:
        before = self.source[:index]
        return Spot(self.file, before.count("\n") + 1, index - before.rfind("\n"))

    def _mismatch(self, problems: Problems, wanted: str, hint: str = "") -> None:
        place = self.place if self.is_nothing else self
        problems.add(place, f"expected {wanted}, found {self._described()}", hint)

    def _described(self) -> str:
        if self.kind != "scalar":
            return f"a {self.kind}"
        return "nothing" if self.is_nothing else f"`{shortened(self.content)}`"


def _typed(text: str) -> Any:
    if text in NOTHING:
        return None
    if text in BOOLEANS:
        return BOOLEANS[text]
    if WHOLE.fullmatch(text):
        return int(text)
    return float(text) if DECIMAL.fullmatch(text) else text
