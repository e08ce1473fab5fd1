"""Pricing: promotions, taxes and what shipping costs, laid over those of a scenario's shop."""

from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from segue.core.price_list import Shipping
from segue.loader.bundles import recipes_of
from segue.loader.library import EXACT
from segue.loader.problems import Problems, Spot
from segue.loader.promotion_needs import Around
from segue.loader.promotions import promotions_of
from segue.loader.rates import Known, rates_of
from segue.loader.shop import Shop
from segue.loader.taxes import check_classes, table_of
from segue.loader.tree import Node
from segue.scenario.forms import Field, Form, Kind, Words, either, filled
from segue.scenario.kinds import AMOUNT_MINOR, TEXT, TEXTS
from segue.scenario.setting import Setting, policies

SHIPPED: Form = {
    "price": Field(AMOUNT_MINOR, "what it costs", required=True),
    "free_from": Field(AMOUNT_MINOR, "the list prices of the goods from which it costs nothing"),
    "tax_class": Field(TEXT, "its tax class"),
}
PRICE = either(AMOUNT_MINOR, filled(SHIPPED))


def _methods(node: Node, words: Words) -> dict[str, Shipping] | list[str]:
    """The names of methods, or what each costs."""
    if node.kind != "mapping":
        return list(TEXTS.read(node, words))
    return {name: _shipping(PRICE.read(value, words)) for name, value in node.content.items()}


def _shipping(price: Any) -> Shipping:
    if isinstance(price, int):
        return Shipping(price)
    return Shipping(price.get("price", 0), price.get("free_from"), price.get("tax_class", ""))


METHODS = Kind(
    _methods,
    {"anyOf": [TEXTS.schema, {"type": "object", "additionalProperties": PRICE.schema}]},
    "names, or prices by name: `{standard: 4.90}`",
)
FILE = {"type": "object"}
PRICES: Form = {
    "shipping_methods": Field(METHODS, "the shipping methods, instead of those of the shop; with what each costs"),
    "promotions": Field(
        Kind(lambda node, words: node, FILE, "promotions by name"),
        "the promotions, as in promotions.yaml, instead of those of the shop",
    ),
    "bundles": Field(
        Kind(lambda node, words: node, FILE, "bundles by SKU"),
        "the kits, sets and bundles, as in bundles.yaml, instead of those of the shop",
    ),
    "tiers": Field(TEXTS, "the tiers that customers may have"),
    "taxes": Field(
        Kind(lambda node, words: node, FILE, "a table of rates"), "the taxes, as in taxes.yaml, instead of the shop's"
    ),
    "rates": Field(
        Kind(lambda node, words: node, FILE, "rate cards"),
        "what parcels cost, as in rates.yaml, instead of the shop's; locations are then chosen by cost",
    ),
}


def with_methods(shop: Shop, fields: dict[str, Node], words: Words) -> Shop:
    """The shop with these shipping methods, if any are given."""
    if "shipping_methods" not in fields:
        return shop
    methods = METHODS.read(fields["shipping_methods"], words)
    prices = methods if isinstance(methods, dict) else {}
    return replace(shop, shipping_methods=tuple(methods), shipping=prices)


def with_rates(setting: Setting, fields: dict[str, Node], problems: Problems) -> Setting:
    """The setting with these rate cards, if any are given: workflows that do not say otherwise go by them."""
    if "rates" not in fields:
        return setting
    shop = setting.shop
    cards = rates_of(fields["rates"], Known(shop.locations, shop.shipping_methods, shop.items), problems)
    return replace(
        setting, shop=replace(shop, rates=cards, workflows={}), library=setting.library._replace(algorithm=EXACT)
    )


def with_prices(setting: Setting, fields: dict[str, Node], problems: Problems) -> Setting:
    """The setting with these bundles, promotions and taxes, if any are given."""
    shop = setting.shop
    zone = ZoneInfo(shop.time_zone)
    if "bundles" in fields:
        entries = fields["bundles"].entries(problems, "bundles by SKU")
        shop = replace(shop, recipes=recipes_of(entries, shop.items, shop.locations, problems))
    if "promotions" in fields:
        around = Around(policies(), zone, shop.items, shop.shipping_methods, shop.channels, shop.currency)
        shop = replace(shop, promotions=promotions_of(_file(fields, "promotions", "tiers"), around, problems))
    elif "tiers" in fields:
        problems.add(fields["tiers"].place, "`tiers` are those of `promotions`, and there are none")
    if "taxes" in fields:
        shop = replace(shop, taxes=table_of(fields["taxes"], zone, problems))
        check_classes(shop.taxes, shop.items, fields["taxes"].place, problems)
    return replace(setting, shop=shop)


def _file(fields: dict[str, Node], *keys: str) -> Node:
    """A file that has these keys, as far as they are given."""
    first = fields[keys[0]]
    return Node(
        "mapping", {key: fields[key] for key in keys if key in fields}, Spot(first.file, first.line, first.column)
    )
