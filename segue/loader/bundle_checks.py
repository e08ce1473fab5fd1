"""Checks of bundles as a whole: what is in them is there, none contains itself, and what a customer chooses is clear."""

from collections.abc import Collection, Iterator, Mapping

from segue.core.bundles import Recipe, Recipes
from segue.core.contents import groups_in
from segue.loader.problems import Problems, shortened
from segue.loader.tree import Node

LINES_MAX = 100  # that one bundle can be made into
UNITS_MAX = 10_000  # in one bundle


def check_contents(recipes: Recipes, entries: Mapping[str, Node], skus: Collection[str], problems: Problems) -> None:
    """Add what is wrong about the contents of bundles. Of no SKUs at all nothing is known."""
    for sku, recipe in recipes.items():
        node = entries[sku]
        if not recipe.parts and not recipe.groups:
            problems.add(node.place, f"the bundle `{shortened(sku)}` has no parts and leaves nothing to choose")
        _check_weights(recipe, node, problems)
        if skus:
            _check_known(recipe, node, recipes, skus, problems)
    circles = {sku: circle for sku in recipes if (circle := _circle(sku, recipes))}
    for sku, circle in circles.items():
        problems.add(entries[sku].place, f"the bundle `{shortened(sku)}` contains itself: {' > '.join(circle)}")
    if not circles:
        for sku, recipe in recipes.items():
            _check_size(recipe, entries[sku], recipes, problems)
            _check_groups(recipe, entries[sku], recipes, problems)


def _check_known(recipe: Recipe, node: Node, recipes: Recipes, skus: Collection[str], problems: Problems) -> None:
    for name, place in _named(recipe, node):
        if name not in skus and name not in recipes:
            problems.add_unknown(place, "SKU", name, dict.fromkeys((*skus, *recipes)))
    if recipe.rules.prepacked and recipe.sku not in skus:
        problems.add(
            node.content["prepacked"].place, f"`{shortened(recipe.sku)}` is not in catalog.csv",
            "what lies ready packed has stock, and needs an entry there",
        )  # fmt: skip


def check_tangible(recipes: Recipes, entries: Mapping[str, Node], digital: Collection[str], problems: Problems) -> None:
    """Add the parts that are delivered by a message: what of a bundle would be whole then?"""
    for sku, recipe in recipes.items() if digital else ():
        for name, place in _named(recipe, entries[sku]):
            if name in digital:
                problems.add(place, f"`{shortened(name)}` is delivered by a message, and is no part of a bundle")


def _named(recipe: Recipe, node: Node) -> Iterator[tuple[str, Node]]:
    """The articles that a recipe names, each with its place."""
    for name, part in (node.content["parts"].content if recipe.parts else {}).items():
        yield name, part.place
    for group in (node.content["choose"].content if recipe.groups else {}).values():
        options = group.content.get("from") if group.kind == "mapping" else None
        for item in options.content if options is not None and options.kind == "list" else ():
            yield str(item.content), item


def _check_weights(recipe: Recipe, node: Node, problems: Problems) -> None:
    weights = [part.weight for part in recipe.parts]
    known = [weight for weight in weights if weight is not None]
    if not known:
        return
    if len(known) < len(weights) or recipe.groups:
        hint = "the price of a bundle of which something is chosen is spread by what its parts cost alone"
        message = "weights are declared for all parts or for none"
        problems.add(node.content["parts"].place, message, hint if recipe.groups else "")
    elif not any(known):
        problems.add(node.content["parts"].place, "weights of 0 only leave nothing to spread a price by")


def _circle(sku: str, recipes: Recipes) -> list[str]:
    """How a bundle contains itself: A > B > A; nothing if it does not."""
    ways: dict[str, list[str]] = {sku: [sku]}
    waiting = [sku]
    while waiting:
        here = waiting.pop()
        for name in _inside(recipes[here]):
            if name == sku:
                return [*ways[here], sku]
            if name in recipes and name not in ways:
                ways[name] = [*ways[here], name]
                waiting.append(name)
    return []


def _inside(recipe: Recipe) -> list[str]:
    return [part.sku for part in recipe.parts] + [sku for group in recipe.groups for sku in group.options]


def _check_size(recipe: Recipe, node: Node, recipes: Recipes, problems: Problems) -> None:
    lines, units = _size(recipe, recipes)
    if lines > LINES_MAX or units > UNITS_MAX:
        problems.add(
            node.place, f"the bundle `{shortened(recipe.sku)}` is too big: {lines} lines, {units} units",
            f"a bundle may have {LINES_MAX} lines and {UNITS_MAX} units",
        )  # fmt: skip


def _size(recipe: Recipe, recipes: Recipes) -> tuple[int, int]:
    """How many lines and units it can be made into at most."""
    lines = units = 0
    for part in recipe.parts:
        more = _size(recipes[part.sku], recipes) if part.sku in recipes else (1, 1)
        lines, units = lines + more[0], units + more[1] * part.count
    for group in recipe.groups:
        biggest = [_size(recipes[sku], recipes) if sku in recipes else (1, 1) for sku in group.options]
        lines += max((each for each, _ in biggest), default=0) * group.most
        units += max((each for _, each in biggest), default=0) * group.most
    return lines, units


def _check_groups(recipe: Recipe, node: Node, recipes: Recipes, problems: Problems) -> None:
    """A choice is found by the name of its group; and what is chosen leaves nothing to choose itself."""
    names = [group.name for group in groups_in(recipe, recipes)]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        problems.add(
            node.place, f"two groups in `{shortened(recipe.sku)}` are called `{name}`", "give each its own name"
        )
    if names and recipe.rules.prepacked:
        message = f"`{shortened(recipe.sku)}` cannot lie ready packed: what is in it is chosen by the customer"
        problems.add(node.content["prepacked"].place, message)
    for group in recipe.groups:
        for sku in group.options:
            if sku in recipes and any(groups_in(recipes[sku], recipes)):
                place = node.content["choose"].content[group.name].content["from"]
                problems.add(
                    place.place, f"`{shortened(sku)}` cannot be chosen: what is in it would have to be chosen itself"
                )
