"""The values that the mechanisms of promotions take, checked by what their names say: percentages, amounts, goods, tiers."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from segue.loader.arguments import Slot, Slots
from segue.loader.problems import Problems
from segue.loader.promotion_needs import AMOUNT_MAX, UNITS_MAX, Around, named_goods
from segue.loader.tree import Node


def check_values(
    given: Mapping[str, Node], slots: Slots, bound: Mapping[str, Any], around: Around, problems: Problems
) -> None:
    """Check each value that a mechanism was given, a plug-in's too."""
    for key, node in given.items():
        slot = slots.get(key) or next(slot for slot in slots.values() if slot.short == key)
        _check(slot, node, bound[slot.name], around, problems)


def _check(slot: Slot, node: Node, value: Any, around: Around, problems: Problems) -> None:
    if slot.type is Fraction:
        _check_percentage(node, value, problems)
    elif slot.type == dict[str, Fraction]:
        for tier, entry in node.entries(problems).items():
            if tier not in around.tiers:
                problems.add_unknown(entry.place, "tier", tier, around.tiers)
            _check_percentage(entry, value[tier], problems)
        if not value:
            problems.add(node.place, "an empty mapping gives nothing to anybody")
    elif slot.type is int:
        node.integer(problems, 1, AMOUNT_MAX if slot.name.endswith("_minor") else UNITS_MAX)
    elif slot.name.endswith(("skus", "tags")):
        named_goods(node, slot.name, around, problems)


def _check_percentage(node: Node, value: Fraction, problems: Problems) -> None:
    if not 0 < value <= 100:
        problems.add(node, f"{node.content} is no percentage to give", "it has to be above 0, and at most 100")
