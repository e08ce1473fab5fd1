"""Reading YAML: from bytes to a tree of nodes, with a limit on everything that could be big.

The limits are tested before the parser sees the text, or at the event that exceeds them, so that a hostile file costs
milliseconds. Refused, since they make a small file big or reach beyond it: anchors, aliases,
merge keys, tags, directives, keys that are given twice.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from segue.loader.problems import Problems, Spot, shortened
from segue.loader.tree import Node

SIZE_MAX = 1_000_000  # bytes of one YAML file
DEPTH_MAX = 30  # lists and mappings within each other
NODES_MAX = 100_000  # keys, values and items of one file
LINE_MAX = 20_000  # characters of one line
TWICE_MAX = 20  # keys given twice, until the rest of the file is not read

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Hostile(Exception):
    """What is refused at once, without reading on."""

    def __init__(self, spot: Spot, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.spot, self.message, self.hint = spot, message, hint


def read_tree(path: Path, file: str, problems: Problems) -> Node | None:
    """The tree of a file, called `file` in messages; None and a problem if it cannot be read."""
    raw = read_bytes(path, file, problems, SIZE_MAX)
    return None if raw is None else parse_tree(raw, file, problems)


def read_bytes(path: Path, file: str, problems: Problems, size_max: int) -> bytes | None:
    """The content of a file that is not too big; None and a problem if there is none."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(size_max + 1)
    except OSError as error:
        problems.add(Spot(file), f"the file cannot be read: {(error.strerror or 'no reason is known').lower()}")
        return None
    if len(raw) > size_max:
        problems.add(Spot(file), f"the file is too big: it may have {size_max} bytes")
        return None
    return raw


def decode(raw: bytes, file: str, problems: Problems) -> str | None:
    """The text of a file in UTF-8, with or without a byte order mark; None and a problem if it is not."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig", "replace")
        problems.add(spot_at(file, before, len(before)), "this byte is not UTF-8", "save the file as UTF-8")
        return None


def parse_tree(raw: bytes | str, file: str, problems: Problems) -> Node | None:
    """The tree of a text; None and a problem if it is not YAML, is too big, or has what is refused."""
    text = raw if isinstance(raw, str) else _checked_text(raw, file, problems)
    if text is None:
        return None
    before = len(problems)
    try:
        _check_size(text, file)
        tree = _Builder(text, file, problems).tree()
    except _Hostile as hostile:
        problems.add(hostile.spot, hostile.message, hostile.hint)
        return None
    except yaml.YAMLError as error:
        _note_syntax(error, file, text, problems)
        return None
    if tree is None and len(problems) == before:
        problems.add(Spot(file), "the file is empty")
    return tree


def _checked_text(raw: bytes, file: str, problems: Problems) -> str | None:
    if len(raw) > SIZE_MAX:
        problems.add(Spot(file), f"the file is too big: it may have {SIZE_MAX} bytes")
        return None
    return decode(raw, file, problems)


def _check_size(text: str, file: str) -> None:
    """What can be told without parsing: the size, characters and directives, and how many nodes there could be."""
    if len(text) > SIZE_MAX:
        raise _Hostile(Spot(file), f"the file is too big: it may have {SIZE_MAX} bytes")
    signs = 2 * text.count(":") + text.count("- ") + text.count("-\n") + text.count("-\t")
    signs += text.count(",") + text.count("[") + text.count("{") + 2 * text.count("?")
    if signs > NODES_MAX:
        raise _Hostile(Spot(file), f"the file has too many values: it may have {NODES_MAX}")
    directive = 0 if text.startswith("%") else text.find("\n%") + 1
    if directive or text.startswith("%"):
        raise _Hostile(spot_at(file, text, directive), "directives (`%...`) are not allowed")
    lines = text.split("\n")
    if max(map(len, lines)) > LINE_MAX:
        number = next(number for number, line in enumerate(lines, 1) if len(line) > LINE_MAX)
        raise _Hostile(Spot(file, number), f"the line is too long: it may have {LINE_MAX} characters")
    if unprintable := UNPRINTABLE.search(text):
        code = f"U+{ord(unprintable[0]):04X}"
        raise _Hostile(spot_at(file, text, unprintable.start()), f"the character {code} is not allowed in YAML")


def spot_at(file: str, text: str, index: int) -> Spot:
    """The place of a character of a text."""
    before = text[:index]
    return Spot(file, before.count("\n") + 1, index - before.rfind("\n"))


def _note_syntax(error: yaml.YAMLError, file: str, text: str, problems: Problems) -> None:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    spot = Spot(file, mark.line + 1, mark.column + 1) if mark else Spot(file)
    reason = shortened(getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read")
    hint = "put a text with `: ` into quotes" if reason.startswith("mapping values are not allowed") else ""
    if "found character that cannot start any token" in reason:
        hint = "indent with blanks, not with tabs" if "\t" in text else "put the text into quotes"
    problems.add(spot, f"this is not YAML: {reason}", hint)


class _Builder:
    """Builds the tree from the parser's events, one level of the stack for each open list or mapping."""

    def __init__(self, text: str, file: str, problems: Problems) -> None:
        self.text, self.file, self.problems = text, file, problems
        self.root: Node | None = None
        self.open: list[Node] = []
        self.keys: list[Node | None] = []  # for each open mapping the key that waits for its value
        self.count = 0
        self.twice = 0

    def tree(self) -> Node | None:
        """The root of the tree, None if there is none."""
        for event in self._events():
            if isinstance(event, yaml.ScalarEvent):
                self._put(self._scalar(event))
            elif isinstance(event, yaml.CollectionStartEvent):
                self._start(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._finish()
            elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
                raise _Hostile(self._spot(event), "a file has one document, and here begins another")
        if self.root is not None:
            self.root.source = self.text
        return self.root

    def _events(self) -> Iterator[Any]:
        for event in yaml.parse(self.text, Loader=LOADER):
            if isinstance(event, yaml.NodeEvent):
                self._check(event)
            yield event

    def _check(self, event: Any) -> None:
        self.count += 1
        if self.count > NODES_MAX:
            raise _Hostile(self._spot(event), f"the file has too many values: it may have {NODES_MAX}")
        if isinstance(event, yaml.AliasEvent):
            raise _Hostile(
                self._spot(event), f"aliases (`*{shortened(str(event.anchor))}`) are not allowed", "write it out"
            )
        if event.anchor is not None:
            raise _Hostile(self._spot(event), f"anchors (`&{shortened(event.anchor)}`) are not allowed", "write it out")
        if event.tag is not None:
            raise _Hostile(self._spot(event), "tags (`!...`) are not allowed", "put a text with `!` into quotes")

    def _start(self, event: Any) -> None:
        if len(self.open) >= DEPTH_MAX:
            raise _Hostile(self._spot(event), f"lists and mappings are nested at most {DEPTH_MAX} deep")
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        node = Node("mapping", {}, self._spot(event)) if is_mapping else Node("list", [], self._spot(event))
        self._put(node)
        self.open.append(node)
        self.keys.append(None)

    def _finish(self) -> None:
        self.open.pop()
        self.keys.pop()

    def _scalar(self, event: Any) -> Node:
        node = Node("scalar", event.value, self._spot(event), plain=event.style in (None, ""))
        node.source, node.start, node.end = self.text, event.start_mark.index, event.end_mark.index
        return node

    def _put(self, node: Node) -> None:
        if not self.open:
            self.root = node
        elif self.open[-1].kind == "list":
            self.open[-1].content.append(node)
        elif (key := self.keys[-1]) is None:
            self.keys[-1] = self._key(node)
        else:
            self._put_value(key, node)

    def _put_value(self, key: Node, node: Node) -> None:
        mapping: dict[str, Node] = self.open[-1].content
        node.key, self.keys[-1] = key, None
        if key.content in mapping:
            self._note_twice(key, mapping[key.content].place.line)
        else:
            mapping[key.content] = node

    def _note_twice(self, key: Node, first: int) -> None:
        self.twice += 1
        self.problems.add(key, f"key `{shortened(key.content)}` is given twice", f"it stands in line {first} too")
        if self.twice >= TWICE_MAX:
            raise _Hostile(Spot(key.file, key.line + 1), "too many keys are given twice: the rest was not read")

    def _key(self, node: Node) -> Node:
        if node.kind != "scalar":
            raise _Hostile(Spot(node.file, node.line, node.column), f"a key is a text, not a {node.kind}")
        if node.plain and node.content == "<<":
            raise _Hostile(Spot(node.file, node.line, node.column), "merge keys (`<<`) are not allowed", "write it out")
        return node

    def _spot(self, event: Any) -> Spot:
        return Spot(self.file, event.start_mark.line + 1, event.start_mark.column + 1)
