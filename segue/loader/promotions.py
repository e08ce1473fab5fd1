"""Promotions: a shop's promotions.yaml becomes promotions, with their mechanisms bound."""

from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from segue.core.promotion import DISCOUNTS, ON_RETURN, Needs, OnReturn, Promotion, Promotions, compiled
from segue.loader.arguments import arguments, slots_of_policy
from segue.loader.declared import NAME, named_entries
from segue.loader.problems import Problems, shortened
from segue.loader.promotion_needs import Around, check_needs, needs, period
from segue.loader.promotion_values import check_values
from segue.loader.reading import read_tree
from segue.loader.tree import Node

PROMOTIONS_FILE = "promotions.yaml"
KEYS = ("tiers", "promotions")
PROMOTION_KEYS = (
    "gives", "needs", "from", "until", "limits", "stacks", "excludes", "group", "on_return",
)  # fmt: skip
LIMITS = ("per_code", "per_customer")
STACKS = ("with_all", "alone")
USES_MAX = 1_000_000_000
PROMOTIONS_MAX = 1_000


def promotions(folder: Path, around: Around, problems: Problems) -> Promotions:
    """The promotions of a shop's folder; none without the file."""
    path = folder / PROMOTIONS_FILE
    tree = read_tree(path, PROMOTIONS_FILE, problems) if path.exists() else None
    return Promotions() if tree is None else promotions_of(tree, around, problems)


def promotions_of(tree: Node, around: Around, problems: Problems) -> Promotions:
    """The promotions of a file, in its order; those with a mistake are left out."""
    fields = tree.fields(problems, KEYS, required=("promotions",))
    tiers = fields["tiers"].items(problems, "a list of tiers") if "tiers" in fields else []
    around = around._replace(tiers=tuple(_tier(tier, problems) for tier in tiers))
    entries = named_entries(fields.get("promotions"), "promotion", problems)
    if len(entries) > PROMOTIONS_MAX:
        problems.add(fields["promotions"].place, f"a shop has at most {PROMOTIONS_MAX} promotions")
    _check_groups(entries, problems)
    read = [_promotion(name, entry, entries, around, problems) for name, entry in entries.items()]
    return compiled(tuple([promotion for promotion in read if promotion is not None]), around.currency)


def _tier(node: Node, problems: Problems) -> str:
    name = node.text(problems, "the name of a tier")
    if name and not NAME.fullmatch(name):
        problems.add(node, f"`{shortened(name)}` cannot be the name of a tier", "write it like `gold`")
    return name


def _promotion(name: str, node: Node, others: dict[str, Node], around: Around, problems: Problems) -> Promotion | None:
    before = len(problems)
    fields = node.fields(problems, PROMOTION_KEYS, required=("gives",))
    promotion = _mechanism(name, fields["gives"], around, problems) if "gives" in fields else None
    needed = needs(fields["needs"], around, problems) if "needs" in fields else Needs()
    from_s, until_s = period(fields, around.zone, problems)
    limits = _limits(fields.get("limits"), problems)
    alone, only_with = _stacking(name, fields.get("stacks"), others, problems)
    excludes = _named(name, fields["excludes"], others, problems) if "excludes" in fields else ()
    on_return = _on_return(fields.get("on_return"), problems)
    if promotion is None or len(problems) > before:
        return None
    promotion = replace(
        promotion,
        needs=needed,
        from_s=from_s,
        until_s=until_s,
        alone=alone,
        only_with=only_with,
        excludes=excludes,
        group=str(fields["group"].content) if "group" in fields else "",
        on_return=on_return,
        **limits,
    )
    check_needs(promotion, fields, problems)
    return promotion


def _mechanism(name: str, node: Node, around: Around, problems: Problems) -> Promotion | None:
    """What a promotion gives: the name of a policy, or its name with parameters."""
    offered = {
        policy: (level, around.registry[kind][policy].function)
        for kind, level in DISCOUNTS.items()
        for policy in around.registry.get(kind, {})
    }
    entries = list(node.content.items()) if node.kind == "mapping" else []
    if node.kind == "mapping" and len(entries) != 1:
        problems.add(node, "a promotion gives one thing", "write another promotion for the other one")
        return None
    mechanism, parameters = entries[0] if entries else (node.text(problems, "the name of a discount"), None)
    if not mechanism:
        return None
    if mechanism not in offered:
        problems.add_unknown(parameters.place if parameters else node, "discount", mechanism, offered)
        return None
    level, function = offered[mechanism]
    given = parameters.entries(problems) if parameters else {}
    slots = slots_of_policy(function)
    before = len(problems)
    bound: dict[str, Any] = arguments(parameters.place if parameters else node, given, slots, mechanism, problems)
    if len(problems) == before:
        check_values(given, slots, bound, around, problems)
    return Promotion(name, level, mechanism, partial(function, **bound) if bound else function)


def _limits(node: Node | None, problems: Problems) -> dict[str, int]:
    fields = node.fields(problems, LIMITS) if node else {}
    return {name: value.integer(problems, 1, USES_MAX) for name, value in fields.items()}


def _stacking(
    name: str, node: Node | None, others: dict[str, Node], problems: Problems
) -> tuple[bool, tuple[str, ...] | None]:
    """Whether it goes with no other one, and with which only."""
    if node is None:
        return False, None
    if node.kind == "mapping":
        fields = node.fields(problems, ("only_with",), required=("only_with",))
        return False, _named(name, fields["only_with"], others, problems) if "only_with" in fields else None
    return node.choice(problems, "way of stacking", STACKS) == "alone", None


def _named(name: str, node: Node, others: dict[str, Node], problems: Problems) -> tuple[str, ...]:
    """Other promotions by name."""
    found = []
    items = node.items(problems, "a list of promotions")
    if not items and node.kind == "list":
        problems.add(node.place, "an empty list names no promotion", "leave it out, or write `stacks: alone`")
    for item in items:
        other = item.choice(problems, "promotion", others)
        if other and other == name:
            problems.add(item, f"`{name}` names itself")
        found.append(other)
    return tuple(found)


def _on_return(node: Node | None, problems: Problems) -> OnReturn:
    said = node.choice(problems, "return policy", ON_RETURN) if node else "prorate"
    return next((known for known in ON_RETURN if known == said), "prorate")


def _check_groups(entries: dict[str, Node], problems: Problems) -> None:
    """A group of one decides nothing; it is mostly a slip of the pen."""
    members: dict[str, list[Node]] = {}
    for entry in entries.values():
        group = entry.content.get("group") if entry.kind == "mapping" else None
        if group is not None and (name := group.text(problems, "the name of a group")):
            members.setdefault(name, []).append(group)
    for name, nodes in members.items():
        if len(nodes) == 1:
            problems.add(
                nodes[0], f"the group `{shortened(name)}` has no other promotion", "is its name written right?"
            )
