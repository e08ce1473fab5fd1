"""Bundles: what the kits, sets and bundles of a shop are made of, and by which rules they are sold.

bundles.yaml, and every file of the folder `bundles`, which is for shops with thousands of them:

BREAKFAST:                            # the SKU; its price stands in catalog.csv, or here as price_minor
  kind: kit                           # kit, set, virtual or custom: each has its usual rules
  parts: {MUG: 2, TEA: 1}             # SKUs, which may be bundles themselves, and how many of each
  ship: together
  returns: together
HAMPER:
  kind: custom
  parts: {BASKET: {count: 1, weight: 1}}
  choose:
    drinks: {least: 1, most: 3, from: [GIN, TONIC], included: 2, extra: {GIN: 500}}
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, get_args

from msgspec.structs import replace

from segue.core.bundles import Group, Kind, OnShort, Part, Recipe, Recipes, Returned, Rules, Ship, Sold
from segue.loader.bundle_checks import check_contents, check_tangible
from segue.loader.declared import NAME
from segue.loader.library import yaml_files
from segue.loader.problems import Problems, shortened
from segue.loader.reading import read_tree
from segue.loader.tree import Node

BUNDLES_FILE, BUNDLES_FOLDER = "bundles.yaml", "bundles"
WORDS: dict[str, tuple[str, ...]] = {
    "sold": get_args(Sold),
    "ship": get_args(Ship),
    "returns": get_args(Returned),
    "on_short": get_args(OnShort),
}
KEYS = ("kind", "title", "price_minor", "parts", "choose", *WORDS, "prepacked", "housed")
PART_KEYS, GROUP_KEYS = ("count", "weight"), ("least", "most", "from", "included", "extra")
KINDS: dict[Kind, Rules] = {
    "kit": Rules("together", "together", "together", "cancel"),
    "set": Rules("alone", "whole", "any", "dissolve"),
    "virtual": Rules("alone", "independently", "any", "keep"),
    "custom": Rules("alone", "whole", "separately", "cancel"),
}
"""The rules that a kind of bundle has where its entry says no other."""
COUNT_MAX, PRICE_MAX, WEIGHT_MAX = 1_000, 10**12, 10**6


def bundles(
    folder: Path, skus: Collection[str], locations: Collection[str], problems: Problems, digital: Collection[str] = ()
) -> Recipes:
    """The recipes of a shop's bundles by SKU; none without the files, or if there is any mistake.

    Of articles and locations any name will do, if none are known.
    """
    before = len(problems)
    entries: dict[str, Node] = {}
    for path, shown in _files(folder, problems):
        tree = read_tree(path, shown, problems)
        for sku, node in (tree.entries(problems, "a mapping of bundles by SKU") if tree else {}).items():
            if sku in entries:
                problems.add(node.place, f"the bundle `{shortened(sku)}` is given twice")
            entries[sku] = node
    found = recipes_of(entries, skus, locations, problems)
    check_tangible(found, entries, digital, problems)
    return found if len(problems) == before else {}


def recipes_of(
    entries: Mapping[str, Node], skus: Collection[str], locations: Collection[str], problems: Problems
) -> Recipes:
    """The recipes of these entries by SKU; none if there is any mistake."""
    before = len(problems)
    found = {sku: _recipe(sku, node, locations, problems) for sku, node in entries.items()}
    check_contents(found, entries, skus, problems)
    return found if len(problems) == before else {}


def _files(folder: Path, problems: Problems) -> list[tuple[Path, str]]:
    """The files that say what bundles are made of, each with what it is called in messages."""
    path = folder / BUNDLES_FILE
    files = [(path, BUNDLES_FILE)] if path.exists() else []
    more = yaml_files(folder / BUNDLES_FOLDER, BUNDLES_FOLDER, problems)
    return files + [(each, f"{BUNDLES_FOLDER}/{each.name}") for each in more]


def _recipe(sku: str, node: Node, locations: Collection[str], problems: Problems) -> Recipe:
    fields = node.fields(problems, KEYS)
    kind = _word(fields.get("kind"), "kind of bundle", get_args(Kind), "set", problems)
    parts = fields["parts"].entries(problems, "a mapping of SKUs") if "parts" in fields else {}
    groups = fields["choose"].entries(problems, "a mapping of groups by name") if "choose" in fields else {}
    price = fields["price_minor"].integer(problems, 0, PRICE_MAX) if "price_minor" in fields else None
    return Recipe(
        sku,
        kind,
        tuple(_part(name, part, problems) for name, part in parts.items()),
        tuple(_group(name, group, problems) for name, group in groups.items()),
        _rules(KINDS[kind], fields, locations, problems),
        fields["title"].text(problems) if "title" in fields else "",
        price,
    )


def _word(node: Node | None, what: str, known: tuple[Any, ...], usual: Any, problems: Problems) -> Any:
    said = usual if node is None else node.choice(problems, what, known)
    return next((word for word in known if word == said), usual)  # the very word: what is stored leaves out usual ones


def _rules(usual: Rules, fields: Mapping[str, Node], locations: Collection[str], problems: Problems) -> Rules:
    said: dict[str, Any] = {
        name: _word(fields.get(name), f"way for `{name}`", words, getattr(usual, name), problems)
        for name, words in WORDS.items()
    }
    if "prepacked" in fields:
        said["prepacked"] = fields["prepacked"].boolean(problems)
    if "housed" in fields:
        said["housed"] = fields["housed"].texts(problems)
        for item in fields["housed"].content if fields["housed"].kind == "list" else ():
            if locations and item.kind == "scalar" and item.content not in locations:
                problems.add_unknown(item, "location", item.content, locations)
    return replace(usual, **said)


def _part(sku: str, node: Node, problems: Problems) -> Part:
    if node.kind != "mapping":
        return Part(sku, node.integer(problems, 1, COUNT_MAX))
    fields = node.fields(problems, PART_KEYS)
    count = fields["count"].integer(problems, 1, COUNT_MAX) if "count" in fields else 1
    return Part(sku, count, fields["weight"].integer(problems, 0, WEIGHT_MAX) if "weight" in fields else None)


def _group(name: str, node: Node, problems: Problems) -> Group:
    fields = node.fields(problems, GROUP_KEYS, required=("from",))
    if not NAME.fullmatch(name):
        problems.add(node.place, f"`{shortened(name)}` cannot be the name of a group", "write it like `drinks`")
    options = fields["from"].texts(problems) if "from" in fields else ()
    least = fields["least"].integer(problems, 0, COUNT_MAX) if "least" in fields else 1
    most = fields["most"].integer(problems, 1, COUNT_MAX) if "most" in fields else max(1, least)
    if least > most:
        problems.add(
            fields.get("least", node.place),
            f"the minimum of {least} is above the maximum of {most}",
            "change one of them",
        )
    if "from" in fields and not options:
        problems.add(fields["from"].place, "a group without articles leaves nothing to choose")
    extra = fields["extra"].entries(problems, "a mapping of SKUs") if "extra" in fields else {}
    for sku, each in extra.items():
        if sku not in options:
            problems.add_unknown(each.place, "article of the group", sku, options)
    return Group(
        name,
        options,
        least,
        most,
        fields["included"].integer(problems, 0, COUNT_MAX) if "included" in fields else None,
        {sku: each.integer(problems, 0, PRICE_MAX) for sku, each in extra.items()},
    )
