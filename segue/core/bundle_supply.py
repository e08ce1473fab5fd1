"""Bundle supply: how many of a bundle can be had, by what is free of its parts: ready packed ones and those to be assembled.

Of what a customer chooses, so much is reckoned as a bundle needs at least, from whatever there is to choose from.
"""

from collections.abc import Collection, Iterable, Mapping

from segue.core.base import Value
from segue.core.bundle_units import ONE_PLACE
from segue.core.bundles import Group, Recipe, Recipes, units_of
from segue.core.contents import groups_in, skus_in
from segue.core.facts import Stock


class Available(Value):
    """How many of a bundle can be had now."""

    packed: Stock  # by location, those that lie there ready packed
    assembled: Stock  # by location, those that can be made of parts that are all there
    total: int  # where parts may come from several locations more than these together


def available(sku: str, recipes: Recipes, free: Mapping[str, Stock], places: Collection[str]) -> Available:
    """How many bundles can be had from these locations. `free` has the bundle's own SKU and all that may be in it."""
    recipe = recipes[sku]
    needs, groups = units_of(sku, recipes), list(groups_in(recipe, recipes))
    housed = [place for place in places if place in recipe.rules.housed or not recipe.rules.housed]
    packed = (
        {place: there for place in places if (there := _at(free, sku, (place,))) > 0} if recipe.rules.prepacked else {}
    )
    assembled = {place: made for place in housed if (made := _made(needs, groups, free, (place,)))}
    is_in_one = recipe.rules.ship in ONE_PLACE
    made = sum(assembled.values()) if is_in_one else _made(needs, groups, free, housed)
    return Available(packed, assembled, sum(packed.values()) + made)


def sold_of(recipes: Recipes, changed: Iterable[str]) -> dict[str, Recipe]:
    """The bundles of which more or fewer can be had where these SKUs have changed."""
    moved = frozenset(changed)
    return {sku: recipe for sku, recipe in recipes.items() if not moved.isdisjoint(skus_in(sku, recipes))}


def _at(free: Mapping[str, Stock], sku: str, places: Collection[str]) -> int:
    """What is free of an article at these locations."""
    there = free.get(sku, {})
    return sum([max(0, there.get(place, 0)) for place in places])


def _made(needs: Mapping[str, int], groups: list[Group], free: Mapping[str, Stock], places: Collection[str]) -> int:
    """How many can be made of what is at these locations."""
    there = {sku: _at(free, sku, places) for sku in {*needs, *(option for group in groups for option in group.options)}}
    most = [there[sku] // count for sku, count in needs.items()]
    most += [sum([there[option] for option in group.options]) // group.least for group in groups if group.least]
    low, high = 0, min(most, default=0)
    while low < high:
        middle = (low + high + 1) // 2
        if _is_enough(middle, needs, groups, there):
            low = middle
        else:
            high = middle - 1
    return low


def _is_enough(bundles: int, needs: Mapping[str, int], groups: list[Group], there: Mapping[str, int]) -> bool:
    """Whether there is enough for so many bundles: what parts need is taken first, then what each group needs."""
    left = {sku: count - bundles * needs.get(sku, 0) for sku, count in there.items()}
    for group in groups:
        wanted = bundles * group.least
        for option in group.options:
            some = min(wanted, left[option])
            left[option] -= some
            wanted -= some
        if wanted:
            return False
    return min(left.values(), default=0) >= 0
