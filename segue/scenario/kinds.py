"""Kinds: how amounts, instants, units and names are written in a scenario."""

import re
from datetime import UTC, datetime
from typing import Any

from segue.core.amounts import exponent
from segue.loader.problems import Spot, shortened
from segue.loader.tree import Node
from segue.scenario.forms import Kind, Words

AMOUNT = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,3}))?(?: ([A-Z]{3}))?")
UNITS = re.compile(r"\s*(?:([0-9]{1,6})\s+)?([^\s,]{1,80})\s*")
COUNT_MAX = 1_000_000
COPIES_MAX = 10_000
NAMED_MAX = 9  # choices that the reference names
PARTS_MAX = 200  # SKUs in one text
DURATION_PATTERN = "^[0-9]{1,9}[smhdw]$"


def _amount_minor(node: Node, words: Words) -> int:
    """An amount of the shop's currency in minor units: `12`, `12.50`, `12.50 EUR`."""
    text = node.text(words.problems, "an amount")
    found = AMOUNT.fullmatch(text)
    digits = exponent(words.currency)
    if found is None or len(found[3] or "") > digits:
        if text:
            like = f"12.{'5':0<{digits}}" if digits else "12"
            words.problems.add(node, f"`{shortened(text)}` is no amount of {words.currency}", f"write it like {like}")
        return 0
    if found[4] not in (None, words.currency):
        words.problems.add(node, f"the shop's currency is {words.currency}, and not {found[4]}")
    minor: int = int(found[2]) * 10**digits + int((found[3] or "0").ljust(digits, "0") if digits else 0)
    return -minor if found[1] else minor


def _instant_s(node: Node, words: Words) -> int:
    """An instant in ISO 8601 with its offset, or `+2h` after the start."""
    text = node.text(words.problems, "an instant")
    if text.startswith("+"):
        after = Node("scalar", text[1:], Spot(node.file, node.line, node.column))
        return words.start_s + after.duration_s(words.problems)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        words.problems.add(node, f"`{shortened(text)}` is no instant", "write it like 2026-03-02T09:00:00Z, or +2h")
        return 0
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def _units(node: Node, words: Words) -> list[tuple[str, int]]:
    """Units of SKUs: `2 MUG, 1 TEA`; a SKU alone is one unit."""
    parts = node.text(words.problems, "units such as `2 MUG, 1 TEA`").split(",")
    if len(parts) > PARTS_MAX:
        words.problems.add(node, f"these are too many SKUs: there may be {PARTS_MAX}")
        return []
    found: list[tuple[str, int]] = []
    start = 0
    for part in parts if parts != [""] else []:
        match = UNITS.fullmatch(part)
        if match is None or match[2] not in words.names["SKU"]:
            spot = node.spot_of(1, start + len(part) - len(part.lstrip()))
            _note_units(spot, part, match, words)
        else:
            found.append((match[2], int(match[1] or 1)))
        start += len(part) + 1
    return found


def _note_units(spot: Spot, part: str, match: re.Match[str] | None, words: Words) -> None:
    if match is None:
        words.problems.add(spot, f"`{shortened(part)}` is not units of a SKU", "write it like 2 MUG, 1 TEA")
    else:
        words.problems.add_unknown(spot, "SKU", match[2], words.names["SKU"])


def _texts(node: Node, words: Words) -> list[str]:
    """A list of texts, or one text."""
    return list(node.texts(words.problems)) if node.kind == "list" else [node.text(words.problems)]


def named(what: str) -> Kind:
    """A name that has to be known."""

    def read(node: Node, words: Words) -> str:
        return node.choice(words.problems, what, words.names[what])

    return Kind(read, {"type": "string"}, f"a {what}")


def one_of(what: str, *choices: str) -> Kind:
    """One of a few words."""

    def read(node: Node, words: Words) -> str:
        return node.choice(words.problems, what, choices)

    listed = " or ".join(f"`{each}`" for each in choices)
    return Kind(read, {"enum": list(choices)}, listed if len(choices) <= NAMED_MAX else f"any {what}, by name")


def _order(node: Node, words: Words) -> str:
    """The id of an order that the scenario names."""
    name = node.choice(words.problems, "order", words.orders)
    return words.orders.get(name, "")


def _copies(node: Node, words: Words) -> int:
    return min(node.integer(words.problems, 1, COPIES_MAX), COPIES_MAX)


def _plain(node: Node, words: Words) -> Any:
    return node.plain_value()


def _nothing(node: Node, words: Words) -> None:
    if not node.is_nothing:
        words.problems.add(node, "nothing is expected here", "leave it empty")


TEXT = Kind(lambda node, words: node.text(words.problems), {"type": ["string", "number", "boolean"]}, "a text")
TEXTS = Kind(_texts, {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}, "texts")
COUNT = Kind(lambda node, words: node.integer(words.problems, 0, COUNT_MAX), {"type": "integer"}, "a whole number")
COPIES = Kind(_copies, {"type": "integer"}, "a whole number")
NUMBER = Kind(lambda node, words: node.integer(words.problems), {"type": "integer"}, "a whole number")
FLAG = Kind(lambda node, words: node.boolean(words.problems), {"type": "boolean"}, "true or false")
DEGREES = Kind(lambda node, words: node.number(words.problems, -180, 180), {"type": "number"}, "degrees")
DURATION = Kind(
    lambda node, words: node.duration_s(words.problems),
    {"type": "string", "pattern": DURATION_PATTERN},
    "a duration: `30m`",
)
AMOUNT_MINOR = Kind(_amount_minor, {"type": ["number", "string"]}, "an amount: `12.50`")
INSTANT_S = Kind(_instant_s, {"type": "string"}, "an instant: `2026-03-02T09:00:00Z`, or `+2h` after the start")
UNITS_OF = Kind(_units, {"type": "string"}, "units: `2 MUG, 1 TEA`")
ORDER = Kind(_order, {"type": ["string", "integer"]}, "an order")
PLAIN = Kind(_plain, {}, "anything")
NOTHING = Kind(_nothing, {"type": "null"}, "nothing")
