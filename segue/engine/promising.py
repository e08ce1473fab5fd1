"""Promising: from where and when a cart could be had, by each shipping method. Nothing is kept."""

from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace

from segue.core.base import Value
from segue.core.context import Context
from segue.core.draft import Draft
from segue.core.facts import Facts
from segue.core.pricing.pricing import priced
from segue.core.promise import Promise, cart_order, pause_s, promise
from segue.core.sooner import Sooner, sooner
from segue.engine.needs import Shelves, supplied
from segue.engine.rules import Rules


class Option(Value):
    """What one shipping method promises, and what keeps it from promising more."""

    promise: Promise
    sooner: tuple[Sooner, ...]
    skus: tuple[str, ...]  # by line: pricing may make two lines of one


def options(shelves: Shelves, rules: Rules, cart: Draft, now_s: int, methods: Iterable[str]) -> list[Option]:
    """What each method promises for a cart that is paid at this instant. Raises Refused where nothing can be."""
    return [promised(shelves, rules, replace(cart, ship_method=method), now_s) for method in methods]


def promised(shelves: Shelves, rules: Rules, cart: Draft, now_s: int) -> Option:
    """What is promised for a cart that is paid at this instant, by the workflow of its channel."""
    workflow = rules.for_channel(cart.channel)
    context = Context(now_s + pause_s(workflow), workflow, rules.facts(), shop=rules.shop)
    return supplied(shelves, context.facts, partial(_option, cart, context, now_s), rules.taxes, rules.carriers)


def _option(cart: Draft, context: Context, now_s: int) -> Option:
    order = cart_order(_with_prices(cart, context.facts, now_s), context.workflow)
    made = promise(order, context)
    skus = tuple(line.sku for line in order.lines)
    apart = context.facts.kept_apart(frozenset(skus))
    withheld = {(sku, name): units for sku, places in apart.items() for name, (units, _) in places.items()}
    return Option(made, sooner(order, made, context, withheld, now_s), skus)


def _with_prices(cart: Draft, facts: Facts, now_s: int) -> Draft:
    """The cart with its prices, as an order would have them; as it is where something lacks for that."""
    found = priced(cart, facts, now_s)
    return cart if found.lacks else found.draft
