"""The list `segue stock BUNDLE`: how many can be sold of a bundle, by location, ready packed and made of their parts."""

from typing import TYPE_CHECKING

from segue.core.bundle_supply import Available, available
from segue.core.bundle_units import ONE_PLACE
from segue.core.bundles import Recipe, Recipes, units_of
from segue.core.contents import groups_in, skus_in
from segue.main.formats import count
from segue.main.output import print_json, say, table
from segue.main.shops import present_s
from segue.store.feeding import promised
from segue.store.outline import outline_of

if TYPE_CHECKING:
    from segue.store.database import Connection


def show_bundle(connection: "Connection", sku: str, location: str, channel: str, json: bool) -> bool:
    """Show what can be sold of a bundle, by the figures that its orders are allocated by; whether it is one."""
    outline = outline_of(connection)
    recipes, known = outline.recipes, outline.locations.values()
    if sku not in recipes:
        return False
    places = [each.id for each in known if each.active and location in ("", each.id)]
    free = dict(promised(connection, channel, skus_in(sku, recipes), present_s(connection)))
    found = available(sku, recipes, free, places)
    if json:
        parts = units_of(sku, recipes)
        print_json(
            {"sku": sku, "total": found.total, "packed": found.packed, "assembled": found.assembled, "parts": parts}
        )
        return True
    shown = [place for place in places if found.packed.get(place) or found.assembled.get(place)]
    rows = [(sku, place, f"{found.packed.get(place, 0):,}", f"{found.assembled.get(place, 0):,}") for place in shown]
    table(("sku", "location", ">ready packed", ">of its parts there"), rows)
    say(_summary(sku, recipes, found))
    return True


def _summary(sku: str, recipes: Recipes, found: Available) -> str:
    recipe = recipes[sku]
    parts = [f"{each} {part}" for part, each in units_of(sku, recipes).items()]
    parts += [_choice(group.least, group.name) for group in groups_in(recipe, recipes)]
    return f"{found.total:,} of {sku} can be sold; one is {', '.join(parts)}, {_where(recipe)}."


def _choice(least: int, name: str) -> str:
    return f"{count(least, 'unit')} of {name}, as chosen"


def _where(recipe: Recipe) -> str:
    return "all from one location" if recipe.rules.ship in ONE_PLACE else "from any locations"
