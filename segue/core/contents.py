"""Contents: what one bundle is made of, with what the customer chose, and what it costs where Segue prices it.

What a customer chose stands in the line's properties, by the name of the group: `{"glasses": "G-1, 2 x G-2"}`. It is
the choice for one bundle; a line of two bundles has it twice.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from segue.core.amounts import spread
from segue.core.base import Value
from segue.core.bundles import Group, Recipe, Recipes
from segue.core.facts import Item

PIECE = re.compile(r"(?:([1-9][0-9]{0,3})\s*[x*]\s*)?(\S+)")

Items = Mapping[str, Item | None]


class Chosen(Value):
    """What a customer chose of a group, in the order in which it was named."""

    group: Group
    pieces: tuple[tuple[str, int], ...]  # SKU and how many in one bundle


class Content(Value):
    """An article in a bundle; with contents of its own if it is one."""

    sku: str
    count: int  # in one of what it is in
    inside: tuple["Content", ...] = ()
    weights: tuple[int, ...] = ()  # of what is inside


def groups_in(recipe: Recipe, recipes: Recipes) -> Iterator[Group]:
    """The groups of which a customer chooses, those of bundles inside it included."""
    yield from recipe.groups
    for part in recipe.parts:
        if part.sku in recipes:
            yield from groups_in(recipes[part.sku], recipes)


def pieces_of(text: str) -> tuple[tuple[str, int], ...]:
    """What a property names: `G-1, 2 x G-2`. Raises ValueError with what cannot be read."""
    found = []
    for piece in filter(None, (each.strip() for each in text.split(","))):
        match = PIECE.fullmatch(piece)
        if match is None:
            raise ValueError(piece)
        found.append((match[2], int(match[1] or 1)))
    return tuple(found)


def wrong_choice(recipe: Recipe, properties: Mapping[str, str], recipes: Recipes) -> Iterator[str]:
    """What is wrong about what a customer chose; nothing if it fits."""
    for group in groups_in(recipe, recipes):
        try:
            pieces = pieces_of(properties.get(group.name, ""))
        except ValueError as error:
            yield f"{group.name}: `{error}` cannot be read"
            continue
        count = sum([each for _, each in pieces])
        if not group.least <= count <= group.most:
            wanted = str(group.least) if group.least == group.most else f"{group.least} to {group.most}"
            yield f"{group.name}: {count} chosen of {wanted}"
        if strange := [sku for sku, _ in pieces if sku not in group.options]:
            yield f"{group.name}: {', '.join(strange)} cannot be chosen; there: {', '.join(group.options)}"


def skus_in(sku: str, recipes: Recipes) -> set[str]:
    """An article with all that it is made of, whatever the customer could have chosen included."""
    found = {sku}
    recipe = recipes.get(sku)
    if recipe is not None:
        offered = [option for group in recipe.groups for option in group.options]
        for name in (*(part.sku for part in recipe.parts), *offered):
            found |= skus_in(name, recipes)
    return found


class Maker:
    """Makes bundles into what they are made of, with the prices of a catalog."""

    __slots__ = ("items", "recipes")

    def __init__(self, recipes: Recipes, items: Items) -> None:
        self.recipes, self.items = recipes, items

    def content(self, sku: str, properties: Mapping[str, str], count: int = 1) -> Content:
        """An article with what is inside it. The choice fits, or there is none."""
        recipe = self.recipes.get(sku)
        if recipe is None:
            return Content(sku, count)
        inside = tuple(self.content(name, properties, many) for name, many in _named(recipe, properties))
        declared = tuple((part.weight or 0) * part.count for part in recipe.parts)
        weights = declared if any(declared) else self._standalone(inside, properties)
        return Content(sku, count, inside, weights)

    def _standalone(self, inside: tuple[Content, ...], properties: Mapping[str, str]) -> tuple[int, ...]:
        """What each costs alone; as many as there are of each, if that is not known of all, or all cost nothing."""
        prices = [self.price(each.sku, properties) for each in inside]
        known = [price for price in prices if price is not None]
        if len(known) < len(prices) or not any(known):
            return tuple(each.count for each in inside)
        return tuple(price * each.count for price, each in zip(known, inside, strict=True))

    def price(self, sku: str, properties: Mapping[str, str]) -> int | None:
        """The list price of an article; of a bundle with what was chosen. None if it is not known."""
        item, recipe = self.items.get(sku), self.recipes.get(sku)
        listed = item.price_minor if item is not None else None
        if recipe is None:
            return listed
        base = recipe.price_minor if listed is None else listed
        if base is None:
            extra = sum([_extras(each) for each in _chosen(recipe, properties)])
            return self._sum([(name, count) for name, count in _named(recipe, properties)], properties, extra)
        beyond = [piece for each in _chosen(recipe, properties) for piece in _beyond(each)]
        return self._sum(beyond, properties, base + sum([_extras(each) for each in _chosen(recipe, properties)]))

    def unpriced(self, sku: str) -> list[str]:
        """The articles without a price that one is made of, or could be."""
        prices = {name: self.price(name, {}) for name in sorted(skus_in(sku, self.recipes)) if name not in self.recipes}
        return [name for name, price in prices.items() if price is None]

    def _sum(self, pieces: Iterable[tuple[str, int]], properties: Mapping[str, str], base: int) -> int | None:
        for name, count in pieces:
            price = self.price(name, properties)
            if price is None:
                return None
            base += price * count
        return base


def dealt(amount_minor: int, content: Content) -> list[int]:
    """An amount spread over the articles that something is made of in the end, level by level (M9, M3)."""
    if not content.inside:
        return [amount_minor]
    shares = spread(amount_minor, content.weights)
    return [share for part, here in zip(content.inside, shares, strict=True) for share in dealt(here, part)]


def _named(recipe: Recipe, properties: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """The articles of a recipe, with what was chosen, each with how many of it."""
    for part in recipe.parts:
        yield part.sku, part.count
    for chosen in _chosen(recipe, properties):
        yield from chosen.pieces


def _chosen(recipe: Recipe, properties: Mapping[str, str]) -> Iterator[Chosen]:
    for group in recipe.groups:
        yield Chosen(group, pieces_of(properties.get(group.name, "")))


def _extras(chosen: Chosen) -> int:
    """What the pieces chosen cost on top."""
    return sum([chosen.group.extra_minor.get(sku, 0) * count for sku, count in chosen.pieces])


def _beyond(chosen: Chosen) -> Iterator[tuple[str, int]]:
    """The pieces that are not in the bundle's price: those named after so many."""
    left = chosen.group.most if chosen.group.free is None else chosen.group.free
    for sku, count in chosen.pieces:
        if count > left:
            yield sku, count - left
        left = max(0, left - count)
