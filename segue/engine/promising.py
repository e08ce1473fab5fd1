"""Promising: from where and when a cart could be had, by each shipping method. Nothing is kept."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Protocol

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

Withheld = Mapping[tuple[str, str], int]


class Shelved(Shelves, Protocol):
    """Where facts are, and what is on the shelves without being promised."""

    def withheld(self, skus: frozenset[str]) -> dict[tuple[str, str], int]:
        """Units of these SKUs that are on hand and never promised, by SKU and location."""
        ...


class Option(Value):
    """What one shipping method promises, and what keeps it from promising more."""

    promise: Promise
    sooner: tuple[Sooner, ...]
    skus: tuple[str, ...]  # by line: pricing may make two lines of one


def options(shelves: Shelved, rules: Rules, cart: Draft, now_s: int, methods: Iterable[str]) -> list[Option]:
    """What each method promises for a cart that is paid at this instant. Raises Refused where nothing can be."""
    withheld = shelves.withheld(frozenset(line.sku for line in cart.lines))
    return [promised(shelves, rules, replace(cart, ship_method=method), now_s, withheld) for method in methods]


def promised(shelves: Shelves, rules: Rules, cart: Draft, now_s: int, withheld: Withheld) -> Option:
    """What is promised for a cart that is paid at this instant, by the workflow of its channel."""
    workflow = rules.for_channel(cart.channel)
    context = Context(now_s + pause_s(workflow), workflow, rules.facts(), shop=rules.shop)
    return supplied(shelves, context.facts, partial(_option, cart, context, now_s, withheld), rules.taxes)


def _option(cart: Draft, context: Context, now_s: int, withheld: Withheld) -> Option:
    order = cart_order(_with_prices(cart, context.facts, now_s), context.workflow)
    made = promise(order, context)
    return Option(made, sooner(order, made, context, withheld, now_s), tuple(line.sku for line in order.lines))


def _with_prices(cart: Draft, facts: Facts, now_s: int) -> Draft:
    """The cart with its prices, as an order would have them; as it is where something lacks for that."""
    found = priced(cart, facts, now_s)
    return cart if found.lacks else found.draft
