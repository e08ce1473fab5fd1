"""Bundles: kits, sets and what a customer puts together: one article for the customer, several lines for the shop.

What a bundle is made of stands in the shop's bundles.yaml (a `Recipe`). When an order is placed each line of a bundle
becomes one line for each of its parts; what is recorded is what it was made into, so that stock, parcels, money and returns
work on parts, and replay needs no recipe. The `Bundle` of the order says which lines belong together, and by which rules.
"""

from typing import Literal

from segue.core.base import Value

Kind = Literal["kit", "set", "virtual", "custom"]
Sold = Literal["together", "alone"]
Ship = Literal["together", "one_location", "whole", "independently"]
Returned = Literal["together", "separately", "any"]
OnShort = Literal["cancel", "keep", "dissolve"]


class Rules(Value):
    """What holds for a bundle, by word."""

    sold: Sold = "alone"  # together: its parts are sold in bundles only
    ship: Ship = "whole"  # one parcel; from one location; all or nothing, wherever from; each part when it can
    returns: Returned = "any"  # all at once; one by one, refunded once all are back; each part refunded by itself
    on_short: OnShort = (
        "cancel"  # a part that cannot be had: all is canceled; the rest is kept; it is priced by the piece
    )
    prepacked: bool = False  # it may lie ready packed, as stock of its own SKU, which is taken first
    housed: tuple[str, ...] = ()  # the only locations that may give its parts; none named: any


class Bundle(Value):
    """A bundle of an order: the lines that it was made into, and what holds for them.

    Of each of its lines the units belong to one bundle after the other: with 2 in one bundle, units 1 and 2 are the
    first bundle's, 3 and 4 the second's. `parts` has the lines of bundles inside it, too.
    """

    sku: str
    quantity: int  # how many of it
    parts: dict[int, int]  # line -> units of it in one bundle
    title: str = ""
    kind: Kind = "set"
    rules: Rules = Rules()
    inside: str = ""  # the key of the bundle that this one is a part of
    price_minor: int = 0  # list price of one; nothing of one that is inside another
    choice: dict[str, str] = {}  # by group, what the customer chose
    saved_minor: dict[int, int] = {}  # line -> what its units are cheaper by than by the piece, as prices are meant


Bundles = dict[str, Bundle]  # by key: B1, B2


class Part(Value):
    """An article in a bundle, which may be a bundle itself."""

    sku: str
    count: int = 1  # in one bundle
    weight: int | None = None  # its share of the bundle's price, beside the others'; none: its standalone price


class Group(Value):
    """Articles of which the customer chooses some."""

    name: str
    options: tuple[str, ...]  # SKUs
    least: int = 1  # units in one bundle
    most: int = 1
    free: int | None = None  # so many are in the bundle's price, and others cost what they cost alone; none: all are
    extra_minor: dict[str, int] = {}  # option -> what a unit of it costs on top of the bundle's price


class Recipe(Value):
    """What a bundle is made of, as the shop says it, and its rules."""

    sku: str
    kind: Kind = "set"
    parts: tuple[Part, ...] = ()
    groups: tuple[Group, ...] = ()
    rules: Rules = Rules()
    title: str = ""
    price_minor: int | None = None  # list price of one, where the catalog has none; neither: what its parts cost alone


Recipes = dict[str, Recipe]  # by the bundle's SKU


def units_of(sku: str, recipes: Recipes) -> dict[str, int]:
    """The articles that one of this is made of in the end, each with how many of it; what no recipe has is itself one.

    What a customer chooses is not among them.
    """
    recipe = recipes.get(sku)
    if recipe is None:
        return {sku: 1}
    found: dict[str, int] = {}
    for part in recipe.parts:
        for name, count in units_of(part.sku, recipes).items():
            found[name] = found.get(name, 0) + count * part.count
    return found


def only_in(recipes: Recipes) -> dict[str, tuple[str, ...]]:
    """The articles that are not sold alone, each with the bundles that it is sold in."""
    found: dict[str, list[str]] = {}
    for recipe in recipes.values():
        if recipe.rules.sold == "together":
            offered = [sku for group in recipe.groups for sku in group.options]
            for sku in dict.fromkeys([*(part.sku for part in recipe.parts), *offered]):
                found.setdefault(sku, []).append(recipe.sku)
    return {sku: tuple(sorted(bundles)) for sku, bundles in found.items()}
